"""The official form of Annex 1 as an Excel file that offices fill in further: heights are written, nothing is cut off.

Three hidden columns carry each record's id, revision and part, so that they move with the row when it is sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Final
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from riskdesk.documents.annex1_texts import (
    CONTINUED,
    NIL,
    STEP,
    date_text,
    person_text,
    phone_text,
    row_name,
    unit_text,
)
from riskdesk.documents.cells import CELL_LIMIT, CellWriter, Look, escaped, units
from riskdesk.documents.ooxml import normalised
from riskdesk.documents.rendered import Rendered
from riskdesk.documents.typesetting.breaking import Glyph, line_starts
from riskdesk.domain.annex1 import ANNEX, COLUMNS, TITLE, Annex1Form
from riskdesk.domain.progress import Progress, silent

SCHEMA: Final = "annex1/1"
HIDDEN: Final = ("riskdesk-id", "riskdesk-revision", "riskdesk-part")
_WIDTHS = (15, 13, 13, 38, 28, 21, 16)  # in digits of the default font; on A4 they print at 85 %
_LAST, _SPLIT = len(COLUMNS), 4  # the lines above and below the table are two cells: columns 1–4 and 5–7
_HEAD_ROW = 4
_SIZE, _BIG, _TITLE_SIZE = 11, 12, 22
_DIGIT = 8  # pixels, of 宋体 11
_TALLEST = 409.0  # points a row can be high
_COUNT, _CENTRED = 1, (0, 1, 2, 6)


class _Grid:
    """Widths as in a Chinese office font: an ideograph is as wide as two Latin letters."""

    def glyphs(self, text: str) -> list[Glyph]:
        return [Glyph(char, char, "", 1.0 if east_asian_width(char) in "WFA" else 0.5) for char in text]


_GRID = _Grid()


def render_xlsx(form: Annex1Form, progress: Progress = silent) -> Rendered:
    """Return the form as xlsx; a row too long for Excel is continued in further rows, and the warnings name it."""
    writer = _Writer(form)
    writer.write(progress)
    return Rendered(writer.finish(), (*writer.warnings, *writer.cells.xml.warnings()))


class _InOrder(MultiCellRange):
    """Merged ranges in their order; openpyxl would write them in that of a set, another one each time."""

    def __iter__(self) -> Iterator[CellRange]:
        return iter(self.sorted())


class _Writer:
    """One form on its way into a workbook; `_row` is the row to be written next."""

    def __init__(self, form: Annex1Form) -> None:
        self._form = form
        self._book, self._sheet = _new_book()
        self.cells = CellWriter(self._sheet)
        self.warnings: list[str] = []
        self._row = 1
        side = Side(style="thin")
        box = Border(left=side, right=side, top=side, bottom=side)
        left = Alignment(vertical="center", wrap_text=True)
        centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        body = Font(name="仿宋_GB2312", size=_SIZE)
        self._line = Look(Font(name="仿宋_GB2312", size=_BIG), left)
        self._annex = Look(Font(name="黑体", size=14), Alignment(vertical="center"))
        self._title = Look(Font(name="方正小标宋简体", size=_TITLE_SIZE), centre)
        self._head = Look(Font(name="黑体", size=_BIG), centre, box)
        self._body, self._body_centred = Look(body, left, box), Look(body, centre, box)
        self._nil = Look(Font(name="仿宋_GB2312", size=_BIG), centre, box)
        self._hidden = Look(Font(name="宋体", size=9), Alignment(vertical="center"))

    def write(self, progress: Progress) -> None:
        self._top()
        for index in range(len(self._form.rows)):
            if index % STEP == 0:
                progress(index, len(self._form.rows), "正在写入 Excel")
            self._record(index)
        if self._form.nil:
            self._nil_row()
        elif not self._form.rows:
            self._part([""] * _LAST, [""] * len(HIDDEN))
        self._two(person_text(self._form), phone_text(self._form), least=28)
        progress(len(self._form.rows), len(self._form.rows), "Excel 写入完成")

    def finish(self) -> bytes:
        sheet, last = self._sheet, get_column_letter(_LAST)
        sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
        sheet.print_area = f"A1:{last}{self._row - 1}"
        sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
        for name, value in (("riskdesk.schema", SCHEMA), ("riskdesk.period", self.cells.xml(self._form.period))):
            properties = self._book.custom_doc_props  # type: ignore[attr-defined]  # newer than the stubs
            properties.append(StringProperty(name=name, value=value))
        core = self._book.properties
        core.title, core.subject = TITLE, ANNEX
        core.creator = core.lastModifiedBy = self.cells.xml(self._form.unit)
        out = BytesIO()
        self._book.save(out)
        return normalised(out.getvalue(), self._form.date)

    def _top(self) -> None:
        self.cells.text(1, 1, ANNEX, self._annex)
        self._sheet.row_dimensions[1].height = 22
        self._row = 2
        self._merged(1, _LAST, TITLE, self._title)
        self._sheet.row_dimensions[2].height = 40
        self._row = 3
        self._two(unit_text(self._form), date_text(self._form), least=24)
        for number, column in enumerate(COLUMNS, 1):
            self.cells.text(_HEAD_ROW, number, column.title, self._head)
        for number, heading in enumerate(HIDDEN, _LAST + 1):
            self.cells.text(_HEAD_ROW, number, heading, self._hidden)
        self._sheet.row_dimensions[_HEAD_ROW].height = 36
        self._row = _HEAD_ROW + 1

    def _two(self, left: str, right: str, least: float) -> None:
        """Write a line above or below the table."""
        self._merged(1, _SPLIT, left, self._line)
        self._merged(_SPLIT + 1, _LAST, right, self._line)
        lines = max(_lines(left, sum(_WIDTHS[:_SPLIT]), _BIG), _lines(right, sum(_WIDTHS[_SPLIT:]), _BIG))
        height = max(least, _height(lines, _BIG))
        if height > _TALLEST:
            self.warnings.append(f"“{left[:20]}……”一行过长，Excel 中可能显示不全，请调整。")
        self._sheet.row_dimensions[self._row].height = min(height, _TALLEST)
        self._row += 1

    def _merged(self, first: int, last: int, text: str, look: Look) -> None:
        self.cells.text(self._row, first, text, look)
        self._sheet.merge_cells(start_row=self._row, start_column=first, end_row=self._row, end_column=last)

    def _record(self, index: int) -> None:
        row = self._form.rows[index]
        product, *others = (self.cells.xml(cell) for cell in row.cells)
        chunks = [_chunks(text, width) for text, width in zip(others, _WIDTHS[1:], strict=True)]
        parts = list(zip_longest(*chunks, fillvalue=""))
        for number, part in enumerate(parts, 1):
            self._part((product if number == 1 else CONTINUED, *part), (row.record_id, row.revision, str(number)))
        name = row_name(index + 1, row)
        if len(parts) > 1:
            self.warnings.append(
                f"{name}内容过长，在 Excel 中分为 {len(parts)} 行（续行首格为“{CONTINUED}”），内容完整；请勿单独移动续行。"
            )
        if _lines(product, _WIDTHS[0], _SIZE) > _capacity():
            self.warnings.append(f"{name}的“{COLUMNS[0].title}”过长，打印时可能显示不全，请改短。")

    def _part(self, texts: Sequence[str], marks: Sequence[str]) -> None:
        tallest = 1
        for column, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True)):
            lines = _lines(text, width, _SIZE)
            tallest = max(tallest, lines)
            centred = column == _COUNT or (column in _CENTRED and lines == 1)
            write = self.cells.count if column == _COUNT else self.cells.text
            write(self._row, column + 1, text, self._body_centred if centred else self._body)
        for column, mark in enumerate(marks, _LAST + 1):
            self.cells.text(self._row, column, mark, self._hidden)
        self._sheet.row_dimensions[self._row].height = min(_TALLEST, max(30.0, _height(tallest, _SIZE)))
        self._row += 1

    def _nil_row(self) -> None:
        self._merged(1, _LAST, NIL, self._nil)
        self._sheet.row_dimensions[self._row].height = 45
        self._row += 1


def _new_book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    base = Font(name="宋体", size=_SIZE, family=3, charset=134)  # column widths are counted in its digits
    book._fonts = IndexedList([base])  # type: ignore[attr-defined]  # openpyxl offers no other way
    book._named_styles["Normal"].font = base  # type: ignore[attr-defined]
    sheet = book.worksheets[0]
    sheet.title = ANNEX
    sheet.merged_cells = _InOrder()
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number in range(_LAST + 1, _LAST + len(HIDDEN) + 1):
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top, margins.bottom = 0.8, 0.75
    sheet.oddFooter.center.text = "— &P —"  # type: ignore[union-attr]  # always made
    return book, sheet


def _usable(width: float) -> float:
    """Return how many points of text a line of a column holds; 9 pixels stay free for the borders and for rounding."""
    return (width * _DIGIT - 9) * 0.75


def _lines(text: str, width: float, size: float) -> int:
    return len(line_starts(_GRID, text, size, _usable(width)))


def _height(lines: int, size: float) -> float:
    return lines * size * 1.3 + 5


def _capacity() -> int:
    return int((_TALLEST - 5) / (_SIZE * 1.3))


def _chunks(text: str, width: float) -> list[str]:
    """Return the text in pieces that each fit into a cell and into the tallest row; together they are the text."""
    starts = line_starts(_GRID, text, _SIZE, _usable(width))
    if len(starts) <= _capacity() and units(escaped(text)) <= CELL_LIMIT:
        return [text]
    step = _capacity() - 1  # a line feed at the end of a piece makes one more line
    ends = [*starts[step::step], len(text)]
    pieces = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return [part for piece in pieces for part in _within_limit(piece)]


def _within_limit(piece: str) -> list[str]:
    """Cut what is short in height but long in characters, such as thousands of spaces."""
    if units(escaped(piece)) <= CELL_LIMIT:
        return [piece]
    most = CELL_LIMIT // 8  # escaped, a character may become seven
    return [piece[start : start + most] for start in range(0, len(piece), most)]
