"""A table whose rows are ticked by keyboard: Space ticks the selected rows, Ctrl+A ticks all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.models.tick_rows import OUTCOME, TAKE, TONE_ROLE, TickRowsModel
from riskdesk.ui.widgets.tables import dress_as_list

_LOOKED_AT = 100  # rows that widths follow
_LONGEST = 34  # half characters that a column is wide at most


class TickTable(QTableView):
    """The first columns are as wide as what stands in them, the last two – content and remarks – share the rest."""

    def __init__(
        self, model: TickRowsModel[Any], name: str, least: Sequence[int], parent: QWidget | None = None
    ) -> None:
        """`name` is what screen readers say, `least` half characters for each of the columns before the last two."""
        super().__init__(parent)
        self._ticks, self._least = model, least
        self.setModel(model)
        self.setAccessibleName(name)
        dress_as_list(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setWordWrap(False)
        self._chips = ChipDelegate(TONE_ROLE)
        self.setItemDelegateForColumn(OUTCOME, self._chips)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.9))
        self.horizontalHeader().setSectionResizeMode(len(least), QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        model.modelReset.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._ticks.toggle({index.row() for index in self.selectionModel().selectedRows(TAKE)})
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._ticks.tick_all()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def _fit(self) -> None:
        letter, room = theme.letter(self), self.viewport().width()
        for column, least in enumerate(self._least):
            wide = min(self._wanted(column), letter * _LONGEST)
            self.setColumnWidth(column, max(wide, letter * least))
            room -= self.columnWidth(column)
        remarks = len(self._least) + 1
        self.setColumnWidth(remarks, min(self._wanted(remarks), max(room // 2, letter * 8)))

    def _wanted(self, column: int) -> int:
        """Return the width that the heading and the first rows of a column need."""
        rows = range(min(self._ticks.rowCount(), _LOOKED_AT))
        texts = [str(self._ticks.index(row, column).data() or "") for row in rows]
        inside = max(map(self.fontMetrics().horizontalAdvance, texts), default=0) + 2 * theme.letter(self)
        return max(inside, self.horizontalHeader().sectionSizeHint(column))
