"""One-line edits for what is more than text: dates, whole numbers, the number of enterprises, lists of words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from riskdesk import clock
from riskdesk.domain.annex1 import chinese_date
from riskdesk.domain.dates import parse_date
from riskdesk.domain.enterprise_count import EnterpriseCount, chinese_number, parse_enterprise_count
from riskdesk.domain.text import ascii_digits, clean_line
from riskdesk.domain.titles import EMPTY
from riskdesk.ui.widgets.text_edits import LineEdit

_MONTH_AND_DAY = re.compile(r"(\d{1,2})(?:[./月-])(\d{1,2})[日号]?")
_COUNTED = re.compile(r"(-?)([\d,]+|[〇零一二两三四五六七八九十百千]+)(?:人|名|位|例|批次|批|件|个)?")
_SEPARATORS = re.compile(r"[、，,；;\n]+")


class CountEdit(LineEdit):
    """涉及企业数量: text that a number is understood of."""

    def put(self, value: Any) -> None:
        super().put(value.text)

    def refill(self, value: Any) -> None:
        super().refill(value.text)

    def value(self) -> EnterpriseCount:
        return parse_enterprise_count(self.text())


class DateEdit(LineEdit):
    """A day typed in any way that people write one; without a year it is the last such day. Ctrl+D is today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"{EMPTY}（如 5.20，Ctrl+D 今天）", parent)

    def put(self, value: Any) -> None:
        super().put(_written(value))

    def refill(self, value: Any) -> None:
        super().refill(_written(value))

    def value(self) -> date | None:
        return read_day(self.text(), clock.today())

    def unread(self) -> str:
        if not self.text().strip() or self.value() is not None:
            return ""
        return f"看不出“{self.text().strip()[:20]}”是哪一天。请写成 2023-05-20、5.20 或 5月20日"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Ctrl+D writes today."""
        if event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.refill(clock.today())
        else:
            super().keyPressEvent(event)


class IntegerEdit(LineEdit):
    """A whole number or nothing; nothing is 未填, not zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY, parent)

    def put(self, value: Any) -> None:
        super().put("" if value is None else str(value))

    def refill(self, value: Any) -> None:
        super().refill("" if value is None else str(value))

    def value(self) -> int | None:
        found = _COUNTED.fullmatch(ascii_digits(clean_line(self.text())))
        number = chinese_number(found[2]) if found else None
        return -number if found and found[1] and number is not None else number

    def unread(self) -> str:
        if not self.text().strip() or self.value() is not None:
            return ""
        return f"“{self.text().strip()[:20]}”不是整数。请填写数字，不清楚时留空"


class WordsEdit(LineEdit):
    """Several words, separated by 、."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder or f"{EMPTY}（多项用、隔开）", parent)

    def put(self, value: Any) -> None:
        super().put("、".join(value))

    def refill(self, value: Any) -> None:
        super().refill("、".join(value))

    def value(self) -> tuple[str, ...]:
        parts = (clean_line(part) for part in _SEPARATORS.split(self.text()))
        return tuple(part for part in parts if part)


def read_day(text: str, today: date) -> date | None:
    """Return the day of a text; "5.20" is the twentieth of May that was last, as what is reported has happened."""
    if day := parse_date(text):
        return day
    found = _MONTH_AND_DAY.fullmatch(ascii_digits(clean_line(text)).replace(" ", ""))
    if found is None:
        return None
    month, day_of_month = int(found[1]), int(found[2])
    for year in range(today.year, today.year - 8, -1):  # 29 February may be eight years ago
        try:
            day = date(year, month, day_of_month)
        except ValueError:
            continue
        if day <= today:
            return day
    return None


def _written(day: date | None) -> str:
    return chinese_date(day) if day else ""
