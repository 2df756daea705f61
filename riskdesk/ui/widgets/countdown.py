"""A ring that says how many days are left until a period is due."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from riskdesk.ui import theme

_MONTH = 30  # days; the ring fills while they pass
_SOON = 3  # days
_WHOLE_TURN = 360 * 16  # as Qt counts angles
_TOP = 90 * 16


class Countdown(QWidget):
    """Shows days and a word below; red when late, amber when it is soon."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_days(self, days: int) -> None:
        """Show the days left; negative ones are days late."""
        self._days = days
        self.setAccessibleName(f"{self._number()} {self._word()}")
        self.update()

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() * 7
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = self.width() / 15
        ring = QRectF(self.rect()).adjusted(thick, thick, -thick, -thick)
        colour = tokens.red if self._days < 0 else tokens.amber if self._days <= _SOON else tokens.accent
        painter.setPen(QPen(QColor(tokens.line), thick))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(colour), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        share = 1.0 if self._days < 0 else min(1.0, max(0.02, 1 - self._days / _MONTH))
        painter.drawArc(ring, _TOP, -round(_WHOLE_TURN * share))
        painter.setPen(QColor(tokens.text))
        font = painter.font()
        points = font.pointSizeF()
        font.setPointSizeF(points * 2.3)
        font.setBold(True)
        painter.setFont(font)
        upper = ring.adjusted(0, 0, 0, -ring.height() * 0.2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._number())
        font.setPointSizeF(points * 0.9)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted))
        lower = ring.adjusted(0, ring.height() * 0.66, 0, 0)
        painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._word())
        painter.end()

    def _number(self) -> str:
        return "今天" if self._days == 0 else str(abs(self._days))

    def _word(self) -> str:
        return "截止" if self._days == 0 else "天后截止" if self._days > 0 else "天前已截止"
