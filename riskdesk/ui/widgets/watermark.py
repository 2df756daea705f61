"""A watermark over the whole window, so that training data is never taken for real data."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from riskdesk.services.desk import Desk
from riskdesk.services.preferences import preferences
from riskdesk.ui import theme

_APART = 260  # px
_ANGLE = -24  # degrees
_FAINT = 34  # of 255


def mark_training(desk: Desk, over: QWidget) -> None:
    """Lay the watermark over a window or dialog whose data is for training."""
    if preferences(desk).training:
        Watermark("训练数据 不得报送", over)


class Watermark(QWidget):
    """Lies over another widget, follows its size, and lets every click through."""

    def __init__(self, text: str, over: QWidget) -> None:
        super().__init__(over)
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded) and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(theme.current().muted)
        colour.setAlpha(_FAINT)
        painter.setPen(colour)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        font.setBold(True)
        painter.setFont(font)
        for x in range(0, self.width() + _APART, _APART * 2):
            for y in range(0, self.height() + _APART, _APART):
                painter.save()
                painter.translate(x + _APART / 2, y + _APART / 2)
                painter.rotate(_ANGLE)
                painter.drawText(0, 0, self._text)
                painter.restore()
        painter.end()
