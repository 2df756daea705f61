"""What can be done with a station's sheet as a whole, for the station and for those who judge it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from riskdesk.ui.widgets.parts import button

VETOES, HISTORY, EXPORT, SEND = "vetoes", "history", "export", "send"


class SheetButtons(QWidget):
    """Emits `asked(what)` with one of the words above; `sending` is what the last button says."""

    asked = Signal(str)

    def __init__(self, sending: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.vetoes = button("否决项(&V)…", icon="flag")
        self.history = button("历次修改(&H)…", icon="history", name="这份自评表的历次修改")
        self.export = button("导出(&E)…", icon="export", name="导出自评与验收表")
        self.send = button(sending, icon="send", kind="primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for what, each in (
            (VETOES, self.vetoes), (HISTORY, self.history), (EXPORT, self.export), (SEND, self.send),
        ):  # fmt: skip
            layout.addWidget(each)
            each.clicked.connect(partial(self._on_clicked, what))

    def show_vetoes(self, count: int) -> None:
        """Say on its button how many vetoes hold."""
        self.vetoes.setText(f"否决项 {count}(&V)…" if count else "否决项(&V)…")

    def _on_clicked(self, what: str, _checked: bool = False) -> None:
        self.asked.emit(what)
