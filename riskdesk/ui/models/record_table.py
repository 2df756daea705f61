"""The table of records: ids in order, and pages of rows that are fetched when they are shown."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from riskdesk import clock
from riskdesk.domain.triage import Level
from riskdesk.errors import UserError
from riskdesk.services.desk import Desk
from riskdesk.services.listing import Filter, Order, has_units, ids, row_id, rows
from riskdesk.services.overview import Listed, RecordState

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TONE_ROLE = int(Qt.ItemDataRole.UserRole)  # the tone of a cell that is painted as a chip
ID_ROLE = TONE_ROLE + 1

_PAGE = 100  # rows
_KEPT = 30  # pages
_START = 60  # characters of a long text that a cell shows
OWN = "本单位"

LEVELS = {Level.ORDINARY: ("一般", "blue"), Level.IMPORTANT: ("重要", "amber"), Level.KEY: ("重点", "red")}
STATES = {
    RecordState.UNCHECKED: ("待核", "amber"),
    RecordState.CHECKED: ("已核", "green"),
    RecordState.SEALED: ("已封存", "blue"),
    RecordState.SENT: ("已导出", "blue"),
    RecordState.RECEIVED: ("已收到", "green"),
    RecordState.RETURNED: ("已退回", "red"),
    RecordState.ADOPTED: ("已采用", "green"),
    RecordState.CHANGED: ("有更正", "amber"),
    RecordState.FORKED: ("有冲突", "red"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is headed, sorted, filled and painted."""

    title: str
    order: Order | None  # None: the index of lists does not hold what it shows
    text: Callable[[Listed], str]
    chip: Callable[[Listed], str] | None = None


def level_of(listed: Listed) -> Level:
    """Return how a record is reported."""
    return Level.KEY if listed.row.urgent else Level.IMPORTANT if listed.row.important else Level.ORDINARY


def _day(listed: Listed) -> str:
    day = datetime.fromisoformat(listed.row.discovered_on or listed.row.changed_at).date()
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%y-%m-%d}"


UNIT = 1  # column
COLUMNS = (
    Column("涉及产品", Order.PRODUCT, lambda each: each.row.product),
    Column("填报单位", None, lambda each: each.unit or OWN),
    Column("风险信息内容", Order.ARRIVAL, lambda each: each.row.content[:_START].replace("\n", " ")),
    Column("级别", Order.LEVEL, lambda each: LEVELS[level_of(each)][0], lambda each: LEVELS[level_of(each)][1]),
    Column("状态", Order.STATE, lambda each: STATES[each.state][0], lambda each: STATES[each.state][1]),
    Column("日期", Order.DATE, _day),
)


class RecordTableModel(QAbstractTableModel):
    """Read-only rows of what a filter lets through; `failed(sentence)` – sorting was not possible."""

    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._filter = Filter()
        self._order, self._descending = Order.ARRIVAL, True
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, list[Listed | None]] = OrderedDict()

    def show(self, given: Filter) -> None:
        """Show the records that a filter lets through; raise `UserError` if it cannot be answered."""
        found = ids(self._desk, given, self._order, self._descending)
        self.beginResetModel()
        self._filter, self._ids = given, found
        self._pages.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Ask again: records were added, changed or went away."""
        self.show(self._filter)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        wanted = COLUMNS[column].order if column >= 0 else None
        if wanted is None:
            return
        self._order, self._descending = wanted, order == Qt.SortOrder.DescendingOrder
        try:
            self.refresh()
        except UserError as error:  # Qt calls this
            self.failed.emit(str(error))

    def has_units(self) -> bool:
        """Tell whether there are records of other units, so that each has to say whose it is."""
        return has_units(self._desk)

    def listed(self, row: int) -> Listed | None:
        """Return what a row shows; None if it is out of range or cannot be read."""
        if not 0 <= row < len(self._ids):
            return None
        number = row // _PAGE
        if number not in self._pages:
            self._fetch(number)
        self._pages.move_to_end(number)
        page = self._pages[number]
        return page[row % _PAGE] if row % _PAGE < len(page) else None

    def row_of(self, object_id: str) -> int:
        """Return the row of a record; -1 if it is not shown."""
        wanted = row_id(self._desk, object_id) if object_id else None
        try:
            return -1 if wanted is None else self._ids.index(wanted)
        except ValueError:
            return -1

    def _fetch(self, number: int) -> None:
        wanted = self._ids[number * _PAGE : (number + 1) * _PAGE]
        page: list[Listed | None]
        try:
            page = list(rows(self._desk, wanted))
        except UserError:  # data() must not raise: such rows are shown as unreadable
            page = [None] * len(wanted)
        self._pages[number] = page
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        listed, column = self.listed(index.row()), COLUMNS[index.column()]
        if listed is None:
            return "无法读取" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(listed)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _told(listed)
        if role == TONE_ROLE:
            return column.chip(listed) if column.chip else None
        return listed.row.id if role == ID_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.listed(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title if orientation == Qt.Orientation.Horizontal else str(section + 1)
        return None


def _told(listed: Listed) -> str:
    row = listed.row
    problems = f"\n还有 {row.problems} 处需要核对" if row.problems else ""
    return f"{row.product}\n{row.content[:200]}\n{listed.unit or OWN}，{row.period}{problems}"
