"""The head of the form: which record, what became of it, and when its typing was last kept."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from riskdesk.ui.widgets.parts import chip, retone, told


class FormHeader(QWidget):
    """Title, state and time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = told("", "h2")
        self.title.setWordWrap(False)
        self.state = chip("", "grey")
        self.kept = told()
        self.kept.setWordWrap(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addWidget(self.state)
        layout.addStretch()
        layout.addWidget(self.kept)

    def show_state(self, title: str, state: str, tone: str) -> None:
        """Show which record it is and what became of it."""
        self.title.setText(title)
        retone(self.state, state, tone)

    def show_kept(self, at: datetime) -> None:
        """Show when the journal was written."""
        self.kept.setText(f"{at:%H:%M} 已自动保存")

    def show_saved(self, at: datetime) -> None:
        """Show when the record was saved."""
        self.kept.setText(f"{at:%H:%M} 已保存")

    def clear_time(self) -> None:
        """Say nothing of a time: another record is shown."""
        self.kept.setText("")
