"""A layout that sets small widgets side by side and begins a new line where the width ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from riskdesk.ui.widgets.item_layout import ItemLayout


class FlowLayout(ItemLayout):
    """Chips in lines."""

    def __init__(self, parent: QWidget, gap: int = 6) -> None:
        super().__init__(gap, parent)

    def expandingDirections(self) -> Qt.Orientation:
        """Qt override: as wide as it gets, no wider."""
        return Qt.Orientation(0)

    def sizeHint(self) -> QSize:
        """Qt override."""
        return self.minimumSize()

    def place(self, rect: QRect, *, moving: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # a hidden widget takes no room
                continue
            hint = item.sizeHint()
            if line and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            if moving:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self._gap
            line = max(line, hint.height())
        return y + line - rect.y()
