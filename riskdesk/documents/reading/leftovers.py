"""Columns whose heading means no field: what stands in them is not read, so the user must hear of it."""

from __future__ import annotations

import re

from riskdesk.documents.reading.grid import Mark, Table, column_letter
from riskdesk.documents.reading.header import Header
from riskdesk.documents.reading.headings import is_number
from riskdesk.documents.reading.rows import says_nothing, squeeze
from riskdesk.domain.filled_form import SkippedRow

_NUMBERING = re.compile(r"[\d一二三四五六七八九十()、.]*")
_WORDS = re.compile("(?:[\u3400-\u9fff].*){4}", re.DOTALL)
_MOST = 10
_LONGEST = 20


class Leftovers:
    """Takes the rows of one table and tells which columns with content were not read."""

    def __init__(self, table: Table, header: Header) -> None:
        self._table = table
        self._at = header.row
        self._found: dict[str, None] = {}
        self.begin(header)

    def begin(self, header: Header) -> None:
        """Go on below other headings."""
        self._known = {*header.columns.values(), *(column for each in header.joined.values() for column in each)}
        self._titles = header.unknown

    def take(self, at: int, row: list[str], *, is_record: bool) -> bool:
        """Note the content of the row; return whether a row that is no record holds words under no heading at all."""
        stray = False
        for column in self._filled(at, row):
            title = self._titles.get(column, "")
            if title and not is_number(title):
                self._found.setdefault(title[:_LONGEST])
            elif not is_record:
                stray = stray or _WORDS.search(row[column]) is not None
            elif not title and not _NUMBERING.fullmatch(squeeze(row[column])):
                self._found.setdefault(f"{column_letter(column)}列（无标题）")
        return stray

    def told(self) -> list[SkippedRow]:
        """Return one entry that names the columns, if there are any."""
        if not self._found:
            return []
        names = "、".join(f"“{name}”" for name in list(self._found)[:_MOST])
        more = f"等 {len(self._found)} 列" if len(self._found) > _MOST else ""
        return [SkippedRow(self._table.name, self._at + 1, f"未认出的列：{names}{more}，其中的内容没有读入。")]

    def _filled(self, at: int, row: list[str]) -> list[int]:
        found = [
            column
            for column, text in enumerate(row)
            if column not in self._known and text.strip() and not says_nothing(text)
        ]
        marks = self._table.marks
        if marks:  # a picture is no text
            last = max(self._known | set(self._titles), default=0) + 1
            found += [column for column in range(last) if self._picture(at, column)]
        return found

    def _picture(self, at: int, column: int) -> bool:
        return column not in self._known and self._table.marks.get((at, column)) is Mark.PICTURE
