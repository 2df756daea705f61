"""A read-only list in which one column is painted as chips; Space ticks a row that can be ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.widgets.tables import dress_as_list

TONE_ROLE = int(Qt.ItemDataRole.UserRole)
_LONGEST = 40  # half characters that a fitted column is wide at most


class ChipTable(QTableWidget):
    """`widths` are half characters for each column, 0 for those that share the rest; `chips` is the column of chips, -1 for none."""

    def __init__(
        self, name: str, headings: Sequence[str], widths: Sequence[int], chips: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(headings), parent)
        self.setHorizontalHeaderLabels(list(headings))
        self.setAccessibleName(name)
        dress_as_list(self)
        self.setWordWrap(False)
        self._chips, self._column = ChipDelegate(TONE_ROLE), chips
        if chips >= 0:
            self.setItemDelegateForColumn(chips, self._chips)
        letter = theme.letter(self)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.9))
        for column, letters in enumerate(widths):
            if letters:
                self.setColumnWidth(column, letter * letters)
            else:
                self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)

    def fit(self) -> None:
        """Make the columns that have a width of their own as wide as what stands in them, within reason."""
        letter, header = theme.letter(self), self.horizontalHeader()
        for column in range(self.columnCount()):
            if header.sectionResizeMode(column) is not QHeaderView.ResizeMode.Stretch:
                wanted = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
                self.setColumnWidth(column, min(wanted + letter, letter * _LONGEST))

    def clear_rows(self) -> None:
        """Take all rows out."""
        self.setRowCount(0)

    def add_row(self, texts: Sequence[str], tone: str) -> None:
        """Add a row; `tone` is that of its chip."""
        row = self.rowCount()
        self.insertRow(row)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text.replace("\n", " "))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setToolTip(text)
            if column == self._column:
                item.setData(TONE_ROLE, tone)
            self.setItem(row, column, item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.item(self.currentRow(), 0)
        if event.key() == Qt.Key.Key_Space and item is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            ticked = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
            return
        super().keyPressEvent(event)

    def choose(self, row: int) -> None:
        """Put the cursor into a row, or the last one there is."""
        if self.rowCount():
            self.selectRow(min(max(row, 0), self.rowCount() - 1))
