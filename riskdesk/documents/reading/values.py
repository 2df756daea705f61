"""From the cells of one row to its values, with a word on every cell that may not say what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from riskdesk.documents.reading.grid import Mark, Table, place
from riskdesk.documents.reading.rows import cell, is_ditto, says_nothing
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.dates import parse_date
from riskdesk.domain.problems import Problem
from riskdesk.domain.text import clean

TITLES = {column.field: column.title for column in COLUMNS} | {
    "discovered_on": "发现日期",
    "occurred_on": "发生日期",
    "unit": "填报单位",
}
_COUNT = "enterprise_count_text"
_SHORT = 50
_clean_short = lru_cache(1 << 12)(clean)  # regions, counts and sources repeat from row to row
_DAYS = ("discovered_on", "occurred_on")
_SHORT_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_LONG_DAY = re.compile(r"\d{4}\s*[年/.-].*\d")
_WIDE_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_SAID = {
    Mark.PICTURE: ("picture", "单元格里是图片，图片不能读入，请把其中的文字打出来。"),
    Mark.ERROR: ("cell_error", "公式结果是错误值 {text}，没有读入，请在 Excel/WPS 中改正后保存。"),
    Mark.UNCOMPUTED: ("uncomputed", "公式没有保存计算结果，请用 Excel/WPS 打开，重新计算并保存后再试。"),
    Mark.LONG_NUMBER: (
        "long_number",
        "数字 {text} 超过15位，后面的数字可能已被 Excel 改成0，请对照原件核对，并把单元格设为文本格式。",
    ),
    Mark.UNDECODABLE: ("undecodable", "有无法识别的字符（显示为 \ufffd），请对照原件核对。"),
}


@dataclass(slots=True)
class RowValues:
    """The values of a row as they are gathered."""

    values: dict[str, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, name: str, raw: str) -> None:
        """Keep a cleaned value, and what was typed where that is different."""
        value = _clean_short(raw) if len(raw) < _SHORT else clean(raw)
        if name == _COUNT:
            value = value.translate(_WIDE_DIGITS)
        self.values[name] = value
        if value != raw:
            self.original[name] = raw


class RowReader:
    """Reads the rows of one table; `columns` maps each field to the columns that are joined for it."""

    def __init__(self, table: Table, columns: Mapping[str, tuple[int, ...]], required: Iterable[str]) -> None:
        self._table = table
        self._columns = columns
        self._required = tuple(required)

    def read(self, row: int, texts: Mapping[str, str], above: Mapping[str, str] | None = None) -> RowValues:
        """Return the values of a row (counted from 0) from its raw texts by field.

        `above` are the values of the row above, which 同上 stands for ({} if there is none); None leaves 同上 as it is.
        """
        found = RowValues()
        for name, raw in texts.items():
            if above is not None and is_ditto(raw):
                self._ditto(found, name, row, raw, above)
                continue
            marks = [(column, mark) for column in self._columns[name] if (mark := self._table.marks.get((row, column)))]
            if marks:
                raw = self._marked(found, name, row, marks, raw)  # noqa: PLW2901 - the same cell, understood
            elif name == _COUNT:
                raw = self._count(found, row, raw)  # noqa: PLW2901
            found.put(name, raw)
            if name in _DAYS and raw:
                self._date(found, name, row)
        for name in self._required:
            if name in self._columns and not found.values.get(name):
                self._say(found, name, (row, self._columns[name][0]), "missing", "没有填写，请补填。", blocking=True)
        return found

    def raw(self, row: list[str]) -> dict[str, str]:
        """Return the texts of a row by field; several columns are joined by line breaks, leaving out blank ones."""
        return {
            name: cell(row, columns[0])
            if len(columns) == 1
            else "\n".join(text for column in columns if (text := cell(row, column)).strip())
            for name, columns in self._columns.items()
        }

    def _marked(self, found: RowValues, name: str, row: int, marks: list[tuple[int, Mark]], raw: str) -> str:
        for column, mark in marks:
            text = cell(self._table.rows[row], column)
            if mark in _SAID:
                code, sentence = _SAID[mark]
                self._say(found, name, (row, column), code, sentence.format(text=text))
                if mark is Mark.ERROR:
                    raw = raw.replace(text, "", 1) if len(self._columns[name]) > 1 else ""
                    found.original[name] = text
            elif mark is Mark.DATE and name == _COUNT:
                raw = self._count(found, row, raw)
        return raw

    def _ditto(self, found: RowValues, name: str, row: int, raw: str, above: Mapping[str, str]) -> None:
        """Take the value from the row above; where there is none it stays as typed, which blocks a needed one."""
        found.put(name, raw)
        value = above.get(name, "")
        if value and not is_ditto(value):
            found.values[name], found.original[name] = value, raw
            return
        sentence = f"写的是“{raw.strip()}”，但上一行没有可用的内容，请写明。"
        self._say(found, name, (row, self._columns[name][0]), "ditto", sentence, blocking=name in self._required)
        if name in _DAYS:
            found.values[name], found.original[name] = "", raw

    def _count(self, found: RowValues, row: int, raw: str) -> str:
        """Undo what Excel made of "3-5", and say so; a text file holds the day as that cell showed it."""
        day = _SHORT_DAY.fullmatch(raw.strip())
        month, number = (day["month"], day["day"]) if day else ("", "")
        if not day and _LONG_DAY.search(raw) and (whole := parse_date(raw)):
            month, number = str(whole.month), str(whole.day)
        if not month:
            return raw
        typed = f"{int(month)}-{int(number)}"
        sentence = f"单元格里是日期 {raw}，可能是填写的“{typed}”被 Excel 自动改成了日期，请核对数量。"
        self._say(found, _COUNT, (row, self._columns[_COUNT][0]), "date_in_count", sentence)
        found.original[_COUNT] = raw
        return typed

    def _date(self, found: RowValues, name: str, row: int) -> None:
        typed = "" if says_nothing(found.values[name]) else found.values[name]
        day = parse_date(typed)
        found.values[name] = day.isoformat() if day else ""
        if found.values[name] != typed:
            found.original.setdefault(name, typed)
        if typed and not day:
            sentence = f"“{typed[:30]}”认不出是哪一天，请改成 2023年5月10日 这样的写法。"
            self._say(found, name, (row, self._columns[name][0]), "bad_date", sentence)

    def _say(
        self, found: RowValues, name: str, at: tuple[int, int], code: str, sentence: str, *, blocking: bool = False
    ) -> None:
        where = f"{place(self._table.name, at[0] + 1, at[1])}（{TITLES.get(name, name)}）"
        found.problems.append(Problem(name, code, f"{where}：{sentence}", blocking))
