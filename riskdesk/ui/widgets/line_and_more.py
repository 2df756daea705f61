"""What editors share that are a line of text with something below it that follows from the text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from riskdesk.ui.widgets.text_edits import LineEdit

_GAP = 3  # px


class LineAndMore(QWidget):
    """Does as an editor (see `editors.Editor`) what its line does."""

    changed = Signal()

    def __init__(self, line: LineEdit, more: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(line)
        layout.addWidget(more)
        self.setFocusProxy(line)

    @property
    def target(self) -> QWidget:
        return self._line

    @property
    def composing(self) -> bool:
        return self._line.composing

    def put(self, value: Any) -> None:
        self._line.put(value)

    def refill(self, value: Any) -> None:
        self._line.refill(value)

    def value(self) -> Any:
        return self._line.value()

    def unread(self) -> str:
        return ""
