"""A station's sheet of self-assessment and acceptance as a workbook."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from riskdesk.documents.assessment_texts import HEADS, SIGNATURES, AssessmentForm
from riskdesk.documents.cells import CellWriter, Look
from riskdesk.documents.ooxml import normalised

_WIDTHS = (30, 8, 10, 10, 10, 62)
_LINE = 16.0  # points a line of text is high
_CHARACTERS = 30  # of a line of the last column
_WHOLE = 60  # of a line over all columns
_MOST_LINES = 24  # of the tallest row that Excel knows, 409 points
_FIRST_NAME = 14  # characters of a line of the first


def render_xlsx(form: AssessmentForm) -> bytes:
    """Return the sheet as xlsx; numbers stay texts as printed."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = "自评与验收"
    _set_page(sheet)
    _write(sheet, form)
    book.properties.title = form.title
    book.properties.creator = book.properties.lastModifiedBy = "riskdesk"
    out = BytesIO()
    book.save(out)
    return normalised(out.getvalue(), form.today)


def _write(sheet: Worksheet, form: AssessmentForm) -> None:
    side = Side(style="thin")
    box = Border(left=side, right=side, top=side, bottom=side)
    left = Alignment(vertical="center", wrap_text=True)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    title = Look(Font(name="方正小标宋简体", size=20), centre)
    line = Look(Font(name="仿宋_GB2312", size=12), left)
    head = Look(Font(name="黑体", size=11), centre, box)
    body, number = (
        Look(Font(name="仿宋_GB2312", size=11), left, box),
        Look(Font(name="仿宋_GB2312", size=11), centre, box),
    )
    part = Look(Font(name="黑体", size=11), left, box)
    cells, last = CellWriter(sheet), len(HEADS)
    row = 1
    for text, look, height in ((form.title, title, 36.0), *((each, line, 20.0) for each in form.heading)):
        _whole(sheet, cells, row, text, look)
        sheet.row_dimensions[row].height = height
        row += 1
    for column, text in enumerate(HEADS, 1):
        cells.text(row, column, text, head)
    sheet.row_dimensions[row].height = 26
    sheet.print_title_rows = f"{row}:{row}"
    sheet.freeze_panes = f"A{row + 1}"
    for texts in form.rows():
        row += 1
        if len(texts) == 1:
            _whole(sheet, cells, row, texts[0], part)
            sheet.row_dimensions[row].height = 22
            continue
        for piece in _parts(texts):
            for column, text in enumerate(piece, 1):
                look = body if column in (1, last) else number
                cells.text(row, column, text, look)
            sheet.row_dimensions[row].height = _height(piece)
            row += 1
        row -= 1
    for note in form.notes():
        for each in _pieces(note, _WHOLE):
            row += 1
            _whole(sheet, cells, row, each, line)
            sheet.row_dimensions[row].height = _LINE * _lines(each, _WHOLE) + 4
    row += 1
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=last - 1)
    for column, text in zip((1, 2, last), SIGNATURES, strict=True):
        cells.text(row, column, text, Look(line.font, Alignment(vertical="top", wrap_text=True), box))
    sheet.row_dimensions[row].height = 66


def _whole(sheet: Worksheet, cells: CellWriter, row: int, text: str, look: Look) -> None:
    cells.text(row, 1, text, look)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(HEADS))


def _height(texts: tuple[str, ...]) -> float:
    return max(_lines(texts[-1], _CHARACTERS), _lines(texts[0], _FIRST_NAME)) * _LINE + 6


def _parts(texts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a row as several, where its last cell is higher than a row of Excel can be."""
    first, *more = _pieces(texts[-1], _CHARACTERS)
    name = texts[0].split(" ")[0]
    return [(*texts[:-1], first), *((f"{name}（续）", *("" for _ in texts[1:-1]), piece) for piece in more)]


def _pieces(text: str, width: int) -> list[str]:
    """Cut a text into pieces that each fit into the tallest row; nothing of it is lost."""
    lines = [line[start : start + width] for line in text.split("\n") for start in range(0, len(line) or 1, width)]
    starts = list(range(0, len(lines), _MOST_LINES))
    if len(starts) == 1:
        return [text]
    return ["\n".join(lines[start : start + _MOST_LINES]) for start in starts]


def _lines(text: str, width: int) -> int:
    return sum(-(-len(line) // width) or 1 for line in text.split("\n"))


def _set_page(sheet: Worksheet) -> None:
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEF"[number]].width = width
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"  # type: ignore[union-attr]  # a worksheet has one
