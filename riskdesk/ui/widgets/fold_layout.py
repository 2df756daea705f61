"""A layout of two parts: side by side where there is room for both, else the second below the first."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from riskdesk.ui.widgets.item_layout import ItemLayout


class FoldLayout(ItemLayout):
    """The first part gets all the room that the second does not need."""

    def __init__(self, first: QWidget, second: QWidget, gap: int = 8) -> None:
        super().__init__(gap)
        self.addWidget(first)
        self.addWidget(second)

    def expandingDirections(self) -> Qt.Orientation:
        """Qt override."""
        return Qt.Orientation.Horizontal

    def sizeHint(self) -> QSize:
        """Qt override: side by side."""
        first, second = (item.sizeHint() for item in self._items)
        return QSize(first.width() + self._gap + second.width(), max(first.height(), second.height()))

    def place(self, rect: QRect, *, moving: bool) -> int:
        first, second = self._items
        upper, lower = first.sizeHint().height(), second.sizeHint()
        wide = min(lower.width(), rect.width())
        left = rect.x() + rect.width() - wide
        if rect.width() >= first.minimumSize().width() + self._gap + lower.width():
            height = max(upper, lower.height())
            places = QRect(rect.x(), rect.y(), left - self._gap - rect.x(), height), QRect(left, rect.y(), wide, height)
        else:
            height = upper + self._gap + lower.height()
            below = QPoint(left, rect.y() + upper + self._gap)
            places = QRect(rect.x(), rect.y(), rect.width(), upper), QRect(below, QSize(wide, lower.height()))
        if moving:
            for item, one in zip(self._items, places, strict=True):
                item.setGeometry(one)
        return height
