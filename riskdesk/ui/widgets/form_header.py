"""The head of the form: which record, what became of it, what is attached, and when its typing was last kept."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
        self.attached = chip("", "grey")
        self.news = told(name="text")
        self.returned = told(name="err")
        line = QHBoxLayout()
        line.addWidget(self.title)
        line.addWidget(self.state)
        line.addWidget(self.attached)
        line.addStretch()
        line.addWidget(self.kept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.returned)
        layout.addWidget(self.news)
        self.show_attached(0, "")
        self.show_returned("")

    def show_state(self, title: str, state: str, tone: str) -> None:
        """Show which record it is and what became of it."""
        self.title.setText(title)
        retone(self.state, state, tone)

    def show_attached(self, count: int, last: str) -> None:
        """Show how many files belong to the record, and the name of the one that was just added: their list is far below."""
        self.attached.setText(f"附件 {count}")
        self.attached.setVisible(bool(count))
        self.news.setText(f"已添加附件：{last}（共 {count} 个，保存后生效）" if last else "")
        self.news.setVisible(bool(last))

    def show_returned(self, why: str) -> None:
        """Show who gave the record back, and why; "" if nobody did."""
        self.returned.setText(why)
        self.returned.setVisible(bool(why))

    def show_kept(self, at: datetime) -> None:
        """Show when the journal was written."""
        self.kept.setText(f"{at:%H:%M} 已自动保存")

    def show_saved(self, at: datetime) -> None:
        """Show when the record was saved."""
        self.kept.setText(f"{at:%H:%M} 已保存")

    def clear_time(self) -> None:
        """Say nothing of a time: another record is shown."""
        self.kept.setText("")
