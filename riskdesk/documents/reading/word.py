"""Word documents (.docx): the tables and the paragraphs beside them, as they read with all tracked changes accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from riskdesk.documents.reading import xml
from riskdesk.documents.reading.cells import read_text
from riskdesk.documents.reading.grid import Document, Mark, Table, cut
from riskdesk.documents.reading.precheck import MOST_CELLS, check_archive, sparse

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEFT_OUT = {"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "txbxContent", "rt", "tbl"}
_PICTURES = {"drawing", "pict", "object"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_MOST_COLUMNS = 1000


def read_docx(data: bytes) -> Document:
    """Return the tables of the text (not those inside cells) and its paragraphs as lines."""
    check_archive(data)
    document = Document()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as part:
        _read(part, document)
    if len(document.tables) == 1:
        document.tables[0].name = ""
    return document


def _read(part: IO[bytes], document: Document) -> None:
    inside = 0
    size = 0
    grid = _Grid()
    for event, element in xml.events(part, "tbl", "tr", "p"):
        kind = xml.name(element)
        if kind == "tbl":
            inside += 1 if event == "start" else -1
            if inside == 0:
                document.tables.append(grid.table(f"表格{len(document.tables) + 1}"))
                grid = _Grid()
                xml.forget(element)
        elif event == "end" and kind == "tr" and inside == 1:
            size += grid.add(element)
            if size > MOST_CELLS:
                raise sparse()
            xml.forget(element)
        elif event == "end" and kind == "p" and inside == 0 and not _in_text_box(element):
            document.lines += _text(element).split("\n")
            xml.forget(element)


def _in_text_box(element: _Element) -> bool:
    return any(xml.name(above) == "txbxContent" for above in element.iterancestors())


class _Grid:
    """A table while it is read: wide cells take several columns, tall ones are noted as merged ranges."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._marks: dict[tuple[int, int], Mark] = {}
        self._tall: dict[int, tuple[int, int]] = {}  # column -> first row, last column
        self._width = 0

    def add(self, element: _Element) -> int:
        """Add a row; return how many columns it has."""
        if _flagged(element, "trPr", "del"):
            return 0
        at = len(self._rows)
        row = [""] * _setting(element, "trPr", "gridBefore", 0)
        for cell in _cells(element):
            span = _setting(cell, "tcPr", "gridSpan", 1)
            column, last = len(row), len(row) + span - 1
            text, mark = _cell(cell)
            if self._continues(cell, column):
                text = ""
            elif _tall(cell):
                self._tall[column] = (at, last)
            else:
                self._tall.pop(column, None)
                if span > 1:
                    self._merged.append((at, column, at, last))
            if mark:
                self._marks[at, column] = mark
            row += [text] + [""] * (span - 1)
        self._width = max(self._width, len(row))
        self._rows.append(cut(row))
        return max(1, len(row))

    def _continues(self, cell: _Element, column: int) -> bool:
        """Say whether the cell belongs to a tall one above it, and lengthen that."""
        if not _flagged(cell, "tcPr", "vMerge") or _tall(cell) or column not in self._tall:
            return False
        first, last = self._tall[column]
        now = (first, column, len(self._rows), last)
        before = (first, column, len(self._rows) - 1, last)
        if self._merged and before in self._merged[-64:]:
            self._merged.remove(before)
        self._merged.append(now)
        return True

    def table(self, name: str) -> Table:
        """Return the finished table."""
        return Table(name, self._rows, self._merged, self._marks, flows=True, width=self._width)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        if xml.name(child) == "tc":
            if not _flagged(child, "tcPr", "cellDel"):
                yield child
        elif xml.name(child) in _WRAPPERS:
            yield from _cells(child)


def _cell(cell: _Element) -> tuple[str, Mark | None]:
    paragraphs = list(_paragraphs(cell))
    text = "\n".join(_text(paragraph) for paragraph in paragraphs)
    if not text.strip() and any(xml.name(part) in _PICTURES for each in paragraphs for part in each.iter()):
        return "", Mark.PICTURE
    return read_text(text)


def _paragraphs(cell: _Element) -> Iterator[_Element]:
    for child in cell:
        if xml.name(child) == "p":
            yield child
        elif xml.name(child) in _WRAPPERS:
            yield from _paragraphs(child)


def _text(element: _Element) -> str:
    parts: list[str] = []
    for child in element:
        kind = xml.name(child)
        if kind == "t":
            parts.append(child.text or "")
        elif kind in _SIGNS:
            parts.append(_SIGNS[kind])
        elif kind not in _LEFT_OUT:
            parts.append(_text(child))
    return "".join(parts)


def _tall(cell: _Element) -> bool:
    return any(_value(found) == "restart" for found in _settings(cell, "tcPr", "vMerge"))


def _flagged(element: _Element, group: str, setting: str) -> bool:
    return any(True for _ in _settings(element, group, setting))


def _setting(element: _Element, group: str, setting: str, otherwise: int) -> int:
    for found in _settings(element, group, setting):
        if (value := _value(found)).isdigit() and len(value) < 6:
            if int(value) > _MOST_COLUMNS:
                raise sparse()
            return int(value)
    return otherwise


def _settings(element: _Element, group: str, setting: str) -> Iterator[_Element]:
    for child in element:
        if xml.name(child) == group:
            yield from (found for found in child if xml.name(found) == setting)


def _value(element: _Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == "val"), "")
