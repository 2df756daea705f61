"""Excel workbooks, new (.xlsx, .xlsm) and old (.xls, .et), through python-calamine after a pre-check.

calamine unescapes `_x0041_` to A as Excel does (`_x005F_x0041_` is the text `_x0041_`), gives formulas as their saved
result, and error values and formulas without a result as blank: those two are looked up in the XML itself.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from riskdesk.documents.reading import biff, xml
from riskdesk.documents.reading.cells import CellValue, read_cell
from riskdesk.documents.reading.grid import NO_CELLS, Document, Mark, Table, cut, cut_rows
from riskdesk.documents.reading.ole import DAMAGED
from riskdesk.documents.reading.precheck import SheetFacts, check_archive, column_number
from riskdesk.documents.reading.sniff import protected
from riskdesk.domain.filled_form import SkippedRow
from riskdesk.errors import UnreadableFileError

_MOST_SHEETS = 200
_Special = dict[tuple[int, int], tuple[str, Mark]]


def read_xlsx(data: bytes) -> Document:
    """Return the visible sheets of an Office Open XML workbook."""
    facts = check_archive(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        closer = any(found.special or found.hidden_rows for found in facts.values())
        parts = _parts_of_sheets(archive) if closer else {}
        special = {
            sheet: _special_cells(archive, part)
            for sheet, part in parts.items()
            if part in facts and facts[part].special
        }
    hidden = {sheet: frozenset(facts[part].hidden_rows) for sheet, part in parts.items() if part in facts}
    document = _read(data, special)
    for table in document.tables:
        table.hidden = hidden.get(table.name, frozenset())
    return document


def read_xls(data: bytes) -> Document:
    """Return the visible sheets of a BIFF8 workbook."""
    facts = biff.check_workbook(data)
    return _read(data, dict(enumerate(_errors(found) for found in facts)))


def _errors(facts: SheetFacts) -> _Special:
    return {cell: (text, Mark.ERROR) for cell, text in facts.errors.items()}


def _read(data: bytes, special: dict[str, _Special] | dict[int, _Special]) -> Document:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    document = Document()
    with _translated():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = book.sheets_metadata
    if len(sheets) > _MOST_SHEETS:
        raise UnreadableFileError(
            f"工作簿有 {len(sheets)} 张工作表，多于 {_MOST_SHEETS} 张。请只保留报送表，保存后再试。"
        )
    for number, sheet in enumerate(sheets):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != SheetVisibleEnum.Visible:
            document.skipped.append(
                SkippedRow(sheet.name, 0, "已被隐藏，没有读入。如需读入，请在 Excel/WPS 中取消隐藏后再试。")
            )
            continue
        with _translated():
            found = book.get_sheet_by_index(number)
            table = _table(sheet.name, found.iter_rows(), found.start, found.merged_cell_ranges)
        _put(table, special.get(number) or special.get(sheet.name) or {})  # type: ignore[call-overload]
        document.tables.append(table)
    return document


def _table(
    name: str,
    values: Iterator[list[CellValue]],
    start: tuple[int, int] | None,
    merged: list[tuple[tuple[int, int], tuple[int, int]]] | None,
) -> Table:
    left = [""] * (start[1] if start else 0)  # iter_rows begins at row 1 but at the first column with content
    rows: list[list[str]] = []
    marks: dict[tuple[int, int], Mark] = {}
    for index, row in enumerate(values):
        if not any(row) and all(value == "" for value in row):
            rows.append(NO_CELLS)
            continue
        texts = list(left)
        for value in row:
            text, mark = read_cell(value)
            if mark:
                marks[index, len(texts)] = mark
            texts.append(text)
        rows.append(cut(texts))
    cut_rows(rows)
    return Table(name, rows, [(*first, *last) for first, last in merged or ()], marks)


def _put(table: Table, special: _Special) -> None:
    for (row, column), (text, mark) in special.items():
        while len(table.rows) <= row:
            table.rows.append([])
        cells = table.rows[row] = list(table.rows[row])
        cells.extend([""] * (column + 1 - len(cells)))
        if not cells[column] or mark is Mark.ERROR:
            cells[column] = text
            table.marks[row, column] = mark
            table.width = max(table.width, column + 1)


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the archive member of each sheet by its name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        for element in xml.elements(part, "Relationship"):
            targets[element.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", element.get("Target", ""))
            ).lstrip("/")
    with archive.open("xl/workbook.xml") as part:
        for element in xml.elements(part, "sheet"):
            relation = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
            names[element.get("name", "")] = targets.get(str(relation), "")
    return names


def _special_cells(archive: zipfile.ZipFile, part: str) -> _Special:
    found: _Special = {}
    row = column = -1
    with archive.open(part) as file:
        for element in xml.elements(file, "row", "c", begin=("row",)):
            place = element.get("r", "")
            if xml.name(element) == "row":
                row, column = (int(place) - 1 if place else row + 1), -1
                continue
            letters = place.rstrip("0123456789")
            column = column_number(letters.encode()) if letters else column + 1
            kinds = {xml.name(child): child.text or "" for child in element}
            if element.get("t") == "e":
                found[row, column] = (kinds.get("v", "#N/A"), Mark.ERROR)
            elif "f" in kinds and not kinds.get("v") and element.get("t") != "str":
                found[row, column] = ("", Mark.UNCOMPUTED)
    return found


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what calamine says of a bad file into a sentence; a panic inside it is a bad file, too."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise protected() from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFileError(DAMAGED) from error
