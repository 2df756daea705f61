"""Computed tables as a workbook, a sheet a block, with the sentence above and the basis below."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from riskdesk import clock
from riskdesk.documents.cells import CellWriter, Look
from riskdesk.documents.ooxml import normalised
from riskdesk.domain.blocks import Block

_NAME, _OTHERS = 36, 14  # widths in digits


def render_blocks(blocks: Sequence[Block]) -> bytes:
    """Return the workbook; counts are numbers, so that they can be gone on with."""
    book = Workbook()
    first = book.active
    for number, block in enumerate(blocks):
        sheet = first if number == 0 else book.create_sheet()
        if not isinstance(sheet, Worksheet):
            raise TypeError("a new workbook has a worksheet")
        sheet.title = block.title
        _write(sheet, block)
    book.properties.creator = book.properties.lastModifiedBy = "riskdesk"
    out = BytesIO()
    book.save(out)
    return normalised(out.getvalue(), clock.today())


def _write(sheet: Worksheet, block: Block) -> None:
    side = Side(style="thin")
    box = Border(left=side, right=side, top=side, bottom=side)
    wrapped = Alignment(vertical="center", wrap_text=True)
    line = Look(Font(name="仿宋_GB2312", size=12), Alignment(vertical="center"))
    head = Look(Font(name="黑体", size=11), wrapped, box)
    body = Look(Font(name="仿宋_GB2312", size=11), wrapped, box)
    cells = CellWriter(sheet)
    cells.text(1, 1, block.text, line)
    row = 2
    if block.table is not None:
        row = 3
        for column, text in enumerate(block.table.head, 1):
            cells.text(row, column, text, head)
            sheet.column_dimensions[get_column_letter(column)].width = _NAME if column == 1 else _OTHERS
        for texts in block.table.rows:
            row += 1
            for column, text in enumerate(texts, 1):
                cells.count(row, column, text, body)
        row += 2
    for text in filter(None, (block.basis, block.unknown)):
        cells.text(row, 1, text, line)
        row += 1
