"""The one way to put something into an Excel cell: text stays the text it is, whatever it looks like."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font
from openpyxl.worksheet.worksheet import Worksheet

from riskdesk.documents.ooxml import XmlText
from riskdesk.errors import FormLimitError

CELL_LIMIT: Final = 32_767  # UTF-16 units; openpyxl would cut off the rest without a word
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_COUNT = re.compile(r"(?:0|[1-9][0-9]{0,8})", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@")
_TEXT_FORMAT = "@"


class Look:
    """How a cell looks."""

    def __init__(self, font: Font, alignment: Alignment, border: Border | None = None) -> None:
        self.font, self.alignment, self.border = font, alignment, border or Border()


class CellWriter:
    """Writes texts and counts into a sheet; `xml` remembers what could not be written."""

    def __init__(self, sheet: Worksheet) -> None:
        self.xml = XmlText()
        self._sheet = sheet
        self._first: dict[tuple[int, bool], Cell] = {}  # styles are looked up once, then shared

    def text(self, row: int, column: int, text: str, look: Look) -> None:
        """Write a text as a text, escaped where Excel would change it; longer than a cell holds is an error."""
        text = escaped(self.xml(text))
        if units(text) > CELL_LIMIT:
            raise FormLimitError(f"一个单元格最多放 {CELL_LIMIT} 个字符，这里有 {units(text)} 个：“{text[:20]}……”")
        quoted = text.startswith(_FORMULA_STARTS)
        cell = self._styled(row, column, look, quoted=quoted)
        if text:
            cell.value = text
            cell.data_type = "s"  # after the value: openpyxl takes =1+1 for a formula and #N/A for an error

    def count(self, row: int, column: int, text: str, look: Look) -> None:
        """Write a count as a number if it comes back as the same text, else as a text."""
        if not _COUNT.fullmatch(text):
            self.text(row, column, text, look)
            return
        cell = self._styled(row, column, look, quoted=False)
        cell.value = int(text)
        cell.number_format = "0"

    def _styled(self, row: int, column: int, look: Look, *, quoted: bool) -> Cell:
        cell = self._sheet.cell(row, column)
        if not isinstance(cell, Cell):
            raise TypeError("a merged cell can only be written at its upper left corner")
        first = self._first.get((id(look), quoted))
        if first is None:
            cell.font, cell.alignment, cell.border = look.font, look.alignment, look.border
            cell.number_format = _TEXT_FORMAT
            cell.quotePrefix = quoted
            self._first[id(look), quoted] = cell
        else:
            cell._style = copy(first._style)  # type: ignore[attr-defined]  # the stubs leave it out
        return cell


def escaped(text: str) -> str:
    """Return the text so that Excel reads it as it is."""
    return _ESCAPE.sub("_x005F_", text)


def units(text: str) -> int:
    """Return the length of a text as Excel counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)
