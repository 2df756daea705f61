"""A part of a form that is folded away until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from riskdesk.ui import icons
from riskdesk.ui.widgets.parts import bare


class Disclosure(QWidget):
    """A heading that opens and closes what stands below it."""

    def __init__(self, title: str, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._inside = inside
        self.heading = QToolButton()
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(inside)
        self.tell("")
        inside.hide()
        self.heading.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def tell(self, summary: str) -> None:
        """Say beside the heading what is inside while it is closed."""
        self.heading.setText(f"{self._title}  {summary}" if summary else self._title)
        self.heading.setAccessibleName(bare(self.heading.text()))

    def open(self) -> None:
        """Unfold."""
        self.heading.setChecked(True)

    @property
    def is_open(self) -> bool:
        return self.heading.isChecked()

    def _on_toggled(self, opened: bool) -> None:
        icons.dress(self.heading, "up" if opened else "down")
        self._inside.setVisible(opened)
