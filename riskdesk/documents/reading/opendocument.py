"""OpenDocument spreadsheets (.ods), read from their content.xml: repeated blank cells and rows cost nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from riskdesk.documents.reading import xml
from riskdesk.documents.reading.cells import number_text, read_text
from riskdesk.documents.reading.grid import NO_CELLS, Document, Mark, Table, cut, cut_rows
from riskdesk.documents.reading.ole import DAMAGED
from riskdesk.documents.reading.precheck import MOST_CELLS, check_archive, sparse
from riskdesk.documents.reading.sniff import protected
from riskdesk.domain.filled_form import SkippedRow
from riskdesk.errors import UnreadableFileError

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 1 << 20  # rows or columns of a sheet


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read; `blank` rows are kept back until a row with text follows."""

    name: str
    hidden: bool
    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    blank: int = 0
    size: int = 0
    hidden_rows: set[int] = field(default_factory=set)


def read_ods(data: bytes) -> Document:
    """Return the visible sheets of an OpenDocument spreadsheet."""
    check_archive(data)
    document = Document()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" not in names:
            raise UnreadableFileError(DAMAGED)
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise protected()
        with archive.open("content.xml") as part:
            _read(part, document)
    return document


def _read(part: IO[bytes], document: Document) -> None:
    hidden: set[str] = set()
    sheet: _Sheet | None = None
    for event, element in xml.events(part, "style", "table", "table-row"):
        kind = xml.name(element)
        if event == "start":
            if kind == "table" and sheet is None:
                sheet = _Sheet(_get(element, "name"), _get(element, "style-name") in hidden)
            continue
        if kind == "style":
            if any(_get(child, "display") == "false" for child in element if xml.name(child) == "table-properties"):
                hidden.add(_get(element, "name"))
        elif kind == "table-row" and sheet is not None:
            _add_row(sheet, element)
            xml.forget(element)
        elif kind == "table" and sheet is not None:
            _finish(sheet, document)
            sheet = None
            xml.forget(element)


def _finish(sheet: _Sheet, document: Document) -> None:
    if sheet.hidden:
        document.skipped.append(SkippedRow(sheet.name, 0, "已被隐藏，没有读入。如需读入，请取消隐藏后再试。"))
        return
    cut_rows(sheet.rows)
    document.tables.append(
        Table(sheet.name, sheet.rows, sheet.merged, sheet.marks, hidden=frozenset(sheet.hidden_rows))
    )


def _add_row(sheet: _Sheet, element: _Element) -> None:
    repeated = _count(element, "number-rows-repeated")
    at = len(sheet.rows) + sheet.blank
    texts: list[str] = []
    marks: dict[int, Mark] = {}
    blank = 0
    for cell in element:
        if xml.name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = _count(cell, "number-columns-repeated")
        text, mark = _cell(cell)
        down, across = _count(cell, "number-rows-spanned") - 1, _count(cell, "number-columns-spanned") - 1
        if down or across:
            column = len(texts) + blank
            sheet.merged.append((at, column, at + down, column + across))
        if not text and mark is None:
            blank += times
            continue
        if len(texts) + blank + times > _MOST:
            raise sparse()
        texts += [""] * blank
        blank = 0
        marks.update(dict.fromkeys(range(len(texts), len(texts) + times), mark) if mark else {})
        texts += [text] * times
    if texts and _get(element, "visibility") in ("collapse", "filter"):
        sheet.hidden_rows.update(range(at, at + min(repeated, _MOST)))
    _keep(sheet, texts, marks, repeated)


def _keep(sheet: _Sheet, texts: list[str], marks: dict[int, Mark], repeated: int) -> None:
    if not texts:
        sheet.blank += repeated
        return
    sheet.size += len(texts) * repeated + sheet.blank
    if sheet.size > MOST_CELLS or len(sheet.rows) + sheet.blank + repeated > _MOST:
        raise sparse()
    sheet.rows += [NO_CELLS] * sheet.blank
    sheet.blank = 0
    for _ in range(repeated):
        sheet.marks.update({(len(sheet.rows), column): mark for column, mark in marks.items()})
        sheet.rows.append(cut(texts))


def _cell(cell: _Element) -> tuple[str, Mark | None]:
    kind = _get(cell, "value-type")
    shown = "\n".join(_paragraph(child) for child in cell if xml.name(child) == "p")
    if _get(cell, "value-type", "calcext") == "error" or (shown.startswith("#") and _get(cell, "formula")):
        return shown, Mark.ERROR
    if kind in ("float", "currency"):
        return _number(_get(cell, "value"), shown)
    if kind == "date":
        return _get(cell, "date-value").removesuffix("T00:00:00").replace("T", " ") or shown, Mark.DATE
    if not shown and not kind and _get(cell, "formula"):
        return "", Mark.UNCOMPUTED
    if not shown and any(xml.name(child) == "frame" for child in cell):
        return "", Mark.PICTURE
    return read_text(shown)


def _number(value: str, shown: str) -> tuple[str, Mark | None]:
    try:
        number = float(value)
    except ValueError:
        return shown, None
    return number_text(number), Mark.LONG_NUMBER if abs(number) >= 10**15 else None


def _paragraph(element: _Element) -> str:
    """Return the text of a paragraph: spaces, tabs and breaks are elements; comments stand outside."""
    parts = [element.text or ""]
    for child in element:
        kind = xml.name(child)
        if kind == "s":
            parts.append(" " * min(_count(child, "c"), 1000))
        elif kind == "tab":
            parts.append("\t")
        elif kind == "line-break":
            parts.append("\n")
        elif kind not in ("annotation", "note", "ruby-text"):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _get(element: _Element, attribute: str, prefix: str = "") -> str:
    for key, value in element.attrib.items():
        space, _, local = str(key).rpartition("}")
        if local == attribute and (prefix in space) == (bool(prefix) or "calcext" not in space):
            return str(value)
    return ""


def _count(element: _Element, attribute: str) -> int:
    text = _get(element, attribute)
    return max(1, int(text)) if text.isdigit() and len(text) < 10 else 1
