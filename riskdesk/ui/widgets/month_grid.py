"""A month as a grid of days, those off and those worked told by word and colour; arrows move, Space changes a day."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from riskdesk.domain.workdays import Holidays, is_weekend
from riskdesk.ui import theme

_WEEKDAYS = "一二三四五六日"
_WEEK = 7
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_WEEK,
    Qt.Key.Key_Down: _WEEK,
}


class MonthGrid(QWidget):
    """Emits `day_chosen(date)` when a day becomes current and `day_activated(date)` on Space, Enter or double click."""

    day_chosen = Signal(object)
    day_activated = Signal(object)

    def __init__(self, day: date, holidays: Holidays, due: set[date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day, self._holidays, self._due = day, holidays, due
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.go_to(day)

    @property
    def day(self) -> date:
        """The current day."""
        return self._day

    def go_to(self, day: date) -> None:
        """Make a day current, and show its month."""
        self._day = day
        word = _word(day, self._holidays) or ("休息" if is_weekend(day) else "工作日")
        self.setAccessibleName(f"{day.year}年{day.month}月{day.day}日，{word}")
        self.update()
        self.day_chosen.emit(day)

    def show_calendar(self, holidays: Holidays, due: set[date]) -> None:
        """Show other days off, and other due dates."""
        self._holidays, self._due = holidays, due
        self.go_to(self._day)

    def turn(self, months: int) -> None:
        """Show another month."""
        first = self._day.replace(day=1)
        for _ in range(abs(months)):
            first = (
                (first + timedelta(days=31)).replace(day=1)
                if months > 0
                else (first - timedelta(days=1)).replace(day=1)
            )
        self.go_to(first)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        return QSize(theme.letter(self) * 8 * _WEEK, self.fontMetrics().height() * 17)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.go_to(self._day + timedelta(days=_STEPS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.day_activated.emit(self._day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for day, box in self._boxes():
            if box.contains(event.position()):
                self.go_to(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        for day, box in self._boxes():
            if box.contains(event.position()):
                self.day_activated.emit(day)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        painter.setPen(QColor(tokens.muted))
        width, head = self.width() / _WEEK, self._head()
        for column, name in enumerate(_WEEKDAYS):
            painter.drawText(QRectF(column * width, 0, width, head), Qt.AlignmentFlag.AlignCenter, f"周{name}")
        for day, box in self._boxes():
            self._paint_day(painter, day, box)
        painter.end()

    def _paint_day(self, painter: QPainter, day: date, box: QRectF) -> None:
        tokens = theme.current()
        word = _word(day, self._holidays)
        off = not self._holidays.is_workday(day)
        ground = (
            tokens.red_bg if off and word else tokens.green_bg if word else tokens.surface2 if off else tokens.surface
        )
        current = day == self._day
        painter.setPen(
            QPen(
                QColor(tokens.accent if current and self.hasFocus() else tokens.line2 if current else tokens.line),
                2 if current else 1,
            )
        )
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(tokens.text if day.month == self._day.month else tokens.faint))
        font = painter.font()
        font.setBold(day in self._due)
        painter.setFont(font)
        upper = box.adjusted(0, 2, 0, -box.height() / 2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, str(day.day))
        font.setBold(False)
        painter.setFont(font)
        told = "截止" if day in self._due else word
        painter.setPen(QColor(tokens.accent if day in self._due else tokens.red if off else tokens.green))
        lower = box.adjusted(1, box.height() / 2, -1, -2)
        short = QFontMetricsF(painter.font()).elidedText(told, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, short)

    def _head(self) -> float:
        return self.fontMetrics().height() * 1.6

    def _boxes(self) -> list[tuple[date, QRectF]]:
        weeks = Calendar().monthdatescalendar(self._day.year, self._day.month)
        width, head = self.width() / _WEEK, self._head()
        height = (self.height() - head) / 6
        return [
            (day, QRectF(column * width + 2, head + row * height + 2, width - 4, height - 4))
            for row, week in enumerate(weeks)
            for column, day in enumerate(week)
        ]


def _word(day: date, holidays: Holidays) -> str:
    """Return what the calendar says of a day beyond its weekday."""
    if day in holidays.days_off:
        return holidays.days_off[day]
    return "上班" if day in holidays.workdays else ""
