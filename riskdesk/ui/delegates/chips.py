"""A cell painted as a chip: a short word on a tinted ground, so that the word and not the colour alone tells."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from riskdesk.ui import theme

_RADIUS = 4.0  # px


class ChipDelegate(QStyledItemDelegate):
    """Paints the text of a cell as a chip in the tone that the model gives by `tone_role`."""

    def __init__(self, tone_role: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tone_role = tone_role

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tone, text = index.data(self._tone_role), index.data()
        cell: Any = QStyleOptionViewItem(option)  # the type stubs leave its fields out
        self.initStyleOption(cell, index)
        cell.text = ""
        style = cell.widget.style() if cell.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        if not text:
            return
        colour, ground = theme.current().tone(tone or "grey")
        metrics = cell.fontMetrics
        height = metrics.height() + 4.0
        width = min(metrics.horizontalAdvance(text) + 16.0, cell.rect.width() - 8.0)
        box = QRectF(cell.rect.x() + 6.0, cell.rect.center().y() - height / 2 + 1, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        cell: Any = option
        return QSize(cell.fontMetrics.horizontalAdvance(index.data() or "") + 34, hint.height())
