"""The list of records: one row each, the chosen one by its id, sizes that follow the font."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.models.record_table import COLUMNS, ID_ROLE, TONE_ROLE, UNIT, RecordTableModel
from riskdesk.ui.widgets.tables import dress_as_list

_WIDTHS = (20, 16, 30, 9, 10, 9)  # half characters
_NARROW = (15, 13, 30, 9, 10, 9)
_CONTENT, _DATE = 2, 5
_LEAST = 14  # half characters of the content that are to be seen
_ROW = 2.1  # times the height of the font


class RecordList(QTableView):
    """Emits `wanted(object id)` when a person went to another row; who listens decides and calls `show_chosen`."""

    wanted = Signal(str)

    def __init__(self, model: RecordTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records = model
        self._is_following = False
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asked_for = ""
        self.setAccessibleName("风险信息列表")
        self.setModel(model)
        dress_as_list(self)
        self.setWordWrap(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)  # before sorting is possible: nothing is sorted yet
        self.setSortingEnabled(True)
        header.setHighlightSections(False)
        header.setSectionResizeMode(_CONTENT, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        chips = ChipDelegate(TONE_ROLE, self)
        for number, column in enumerate(COLUMNS):
            if column.chip:
                self.setItemDelegateForColumn(number, chips)
        self._sorted = -1, Qt.SortOrder.DescendingOrder
        header.sortIndicatorChanged.connect(self._on_sorted)
        self.show_units(False)
        self._fit()
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self._asking.timeout.connect(lambda: self.wanted.emit(self._asked_for))

    def show_units(self, wanted: bool) -> None:
        """Show whose record each is, or not: an office that has but its own needs the room for what they say."""
        self.setColumnHidden(UNIT, not wanted)
        self._give_room()

    def id_at(self, row: int) -> str:
        """Return the id of the record in a row, "" if there is none."""
        listed = self._records.listed(row)
        return listed.row.id if listed else ""

    def row(self) -> int:
        """Return the chosen row, -1 if none is."""
        return self.currentIndex().row() if self.selectionModel().hasSelection() else -1

    def show_chosen(self, object_id: str) -> None:
        """Choose the row of a record, or none if it is not listed; nobody is asked, whatever row was gone to just before."""
        self._asking.stop()  # Qt goes to a row of its own when the list gets the focus
        row = self._records.row_of(object_id)
        self._is_following = True
        index = self._records.index(row, 0) if row >= 0 else QModelIndex()
        kind = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, kind.ClearAndSelect | kind.Rows)
        if row < 0:
            self.selectionModel().clearSelection()
        self._is_following = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * _ROW))
        self._give_room()

    def _give_room(self) -> None:
        """Where units are shown and little would be left to see of the content, leave the date out and make the others narrower."""
        letter, has_units = theme.letter(self), not self.isColumnHidden(UNIT)
        needed = letter * (sum(_WIDTHS) - _WIDTHS[_CONTENT] + _LEAST)
        is_narrow = has_units and self.viewport().width() < needed
        self.setColumnHidden(_DATE, is_narrow)
        for number, width in enumerate(_NARROW if is_narrow else _WIDTHS):
            if number != _CONTENT:
                self.setColumnWidth(number, width * letter)

    def _on_sorted(self, column: int, order: Qt.SortOrder) -> None:
        if column >= 0 and COLUMNS[column].order is None:  # it stays sorted as it was, and shows so
            self.horizontalHeader().setSortIndicator(*self._sorted)
        else:
            self._sorted = column, order

    def _on_row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        object_id = now.data(ID_ROLE)
        if object_id and not self._is_following:
            # later: what follows may list other records, and Qt is not done with the key or click yet
            self._asked_for = object_id
            self._asking.start()
