"""What a file holds before anybody asks what it means: tables of text with marks on the cells that need a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from riskdesk.domain.filled_form import SkippedRow


class Mark(StrEnum):
    """Something the text of a cell does not show."""

    DATE = "date"  # the cell holds a date, its text is ISO
    PICTURE = "picture"  # a picture lies in the cell, its text is ""
    ERROR = "error"  # an error value such as #N/A, which is the text
    UNCOMPUTED = "uncomputed"  # a formula whose result was never saved
    LONG_NUMBER = "long_number"  # a number of more than 15 digits, the last of which are lost
    UNDECODABLE = "undecodable"  # some bytes are no characters, U+FFFD stands for them


@dataclass(slots=True)
class Table:
    """One sheet or table: `rows[0]` is row 1 as the spreadsheet program counts, rows are cut after their last text.

    `merged` are ranges (first row, first column, last row, last column), counted from 0. `flows` says that the table is
    part of a running text (Word, HTML), where one table may continue the one before. `hidden` are the rows, counted from 0, that
    nobody sees in the spreadsheet.
    """

    name: str
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    flows: bool = False
    width: int = 0
    hidden: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.width = self.width or max(map(len, self.rows), default=0)


@dataclass(slots=True)
class Document:
    """All visible tables of a file, the text lines outside of them, and what was passed over."""

    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)


NO_CELLS: list[str] = []


def cut(row: list[str]) -> list[str]:
    """Return the row up to its last cell with text; all blank rows share one empty list, which costs nothing."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end] if end else NO_CELLS


def cut_rows(rows: list[list[str]]) -> None:
    """Drop the blank rows at the end."""
    while rows and not rows[-1]:
        rows.pop()


def column_letter(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, … Z, AA, …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(table: str, row: int, column: int | None = None) -> str:
    """Return where something stands, as messages say it; `row` counts from 1, `column` from 0."""
    sheet = f"工作表“{table}”" if table else ""
    return f"{sheet}第{row}行" + ("" if column is None else f"{column_letter(column)}列")
