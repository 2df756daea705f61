"""The table of records that a package would bring: Space ticks the selected rows, Ctrl+A ticks all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.models.plan_rows import OUTCOME, TAKE, TONE_ROLE, PlanRowsModel
from riskdesk.ui.widgets.tables import dress_as_list

_LETTERS = (8, 12, 16, 24)  # widths; content shares the rest with what is told


class PlanTable(QTableView):
    """Rows to be ticked."""

    def __init__(self, model: PlanRowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName("包里的记录")
        dress_as_list(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(False)
        self._chips = ChipDelegate(TONE_ROLE)
        self.setItemDelegateForColumn(OUTCOME, self._chips)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.9))
        letter = theme.letter(self)
        for column, letters in enumerate(_LETTERS):
            self.setColumnWidth(column, letter * letters)
        for column in range(len(_LETTERS), model.columnCount()):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._model.toggle({index.row() for index in self.selectionModel().selectedRows(TAKE)})
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._model.tick_all()
        else:
            super().keyPressEvent(event)
