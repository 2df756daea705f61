"""Cards of the workbench: a number with what it counts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import styled, told


class CountCard(QFrame):
    """A number with what it counts; activated by click, Space or Enter."""

    activated = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = title
        self._number = styled(QLabel(), "num")
        self._note = told(name="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(2)
        layout.addWidget(told(title, "muted"))
        layout.addWidget(self._number)
        layout.addWidget(self._note)

    def show_count(self, count: int, note: str, tone: str = "") -> None:
        """Show the number with a line below, in a tone ("", "red", "amber", "green")."""
        self._number.setText(str(count))
        self._number.setProperty("tone", tone)
        theme.repolish(self._number)
        self._note.setText(note)
        self.setAccessibleName(f"{self._title} {count}，{note}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit()
            return
        super().keyPressEvent(event)
