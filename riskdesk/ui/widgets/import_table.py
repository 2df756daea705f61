"""The table of an import preview: rows are ticked as in any such table, Return takes them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from riskdesk.ui.models.import_rows import ImportRowsModel
from riskdesk.ui.widgets.tick_table import TickTable

_LETTERS = (8, 14, 14, 20)  # least widths


class ImportTable(TickTable):
    """Rows to be ticked; `confirmed` says that they are to be taken."""

    confirmed = Signal()

    def __init__(self, model: ImportRowsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "要导入的行", _LETTERS, parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)

    def select_first(self) -> None:
        """Put the cursor into the first row."""
        if self.model().rowCount():
            self.selectRow(0)
