"""The rows of packages before they are taken: what would become of each record, and which are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from riskdesk.domain.reconcile import Outcome
from riskdesk.services.opening import packages_inside
from riskdesk.services.receiving import Looked, PlannedRevision
from riskdesk.services.verdicts import Freshness, Standing, Verdict

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TONE_ROLE = int(Qt.ItemDataRole.UserRole)
TAKE, OUTCOME, OFFICE = 0, 1, 2  # columns
_START = 80  # characters of a long text that a cell shows

OUTCOMES = {
    Outcome.NEW: ("新增", "green"),
    Outcome.UPDATED: ("更新", "blue"),
    Outcome.SAME: ("相同", "grey"),
    Outcome.STALE: ("旧内容", "grey"),
    Outcome.CONFLICT: ("有冲突", "amber"),
    Outcome.REJECTED: ("拒收", "red"),
}
_STANDINGS = {
    Standing.CHAIN: ("可信", "green"),
    Standing.PINNED: ("可信", "green"),
    Standing.UNKNOWN: ("单位未知", "amber"),
    Standing.EXPIRED: ("证书过期", "amber"),
    Standing.NOT_YET_VALID: ("证书未生效", "amber"),
    Standing.RETIRED: ("证书已停用", "amber"),
    Standing.REVOKED: ("已吊销", "red"),
    Standing.NONE: ("损坏或被改", "red"),
}
_FRESHNESS = {
    Freshness.REPEATED: ("已接收过", "grey"),
    Freshness.STALE: ("较早的一份", "grey"),
    Freshness.REUSED: ("冒用编号", "red"),
}


def verdict_chip(verdict: Verdict) -> tuple[str, str]:
    """Return the word and the tone for a verdict; what keeps a package of a trusted office out goes before the trust."""
    if verdict.reason == "error":
        return "无法打开", "amber"
    if verdict.is_trusted and verdict.freshness in _FRESHNESS:
        return _FRESHNESS[verdict.freshness]
    if verdict.is_trusted and verdict.reason:
        return "不能接收", "amber"
    return _STANDINGS[verdict.standing]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    text: Callable[[PlannedRevision], str]


def _names(looked: Looked | None) -> dict[str, str]:
    """Return the names of the offices that signed a package and those inside it."""
    if looked is None or looked.verified is None:
        return {}
    return {each.signer.office.code: each.signer.office.name for _, each in packages_inside(looked.verified)}


def _text(row: PlannedRevision, field: str) -> str:
    return str(getattr(row.record, field))[:_START].replace("\n", " ") if row.record else ""


COLUMNS = (
    _Column("接收", lambda _row: ""),
    _Column("结果", lambda row: OUTCOMES[row.outcome][0]),
    _Column("单位", lambda row: row.office),  # by its name, if the package tells it
    _Column("涉及产品", lambda row: _text(row, "product")),
    _Column("风险信息内容", lambda row: _text(row, "content")),
    _Column("说明", lambda row: row.why or (f"{len(row.changes)} 处不同" if row.changes else "")),
)


class PlanRowsModel(QAbstractTableModel):
    """The rows of one package at a time; ticks of all packages are kept. A row is ticked until a person says otherwise."""

    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = -1
        self._rows: tuple[PlannedRevision, ...] = ()
        self._offices: dict[str, str] = {}
        self._may_take = False
        self._unticked: dict[int, set[str]] = {}

    def show_package(self, number: int, looked: Looked | None, *, may_take: bool) -> None:
        """Show the rows of a package; `number` is its place."""
        self.beginResetModel()
        self._number, self._may_take = number, may_take
        self._rows = looked.plan.rows if looked else ()
        self._offices = _names(looked)
        self.endResetModel()

    def chosen(self, number: int, looked: Looked) -> frozenset[str] | None:
        """Return the ids of the records wanted of a package, None for all."""
        gone = self._unticked.get(number)
        return frozenset({row.object_id for row in looked.plan.rows if row.step} - gone) if gone else None

    def row(self, number: int) -> PlannedRevision | None:
        """Return a row, None if there is none."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def toggle(self, numbers: Iterable[int]) -> None:
        """Tick rows if one of them is not ticked, else untick them."""
        rows = [row for number in numbers if (row := self.row(number)) is not None and self._is_takeable(row)]
        self._tick({row.object_id for row in rows}, wanted=not all(map(self._is_ticked, rows)))

    def tick_all(self) -> None:
        """Tick every row."""
        self._tick({row.object_id for row in self._rows}, wanted=True)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(column, row)
        if role == Qt.ItemDataRole.CheckStateRole and column == TAKE and self._is_takeable(row):
            return Qt.CheckState.Checked if self._is_ticked(row) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == TAKE else self._shown(column, row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.why or None
        return OUTCOMES[row.outcome][1] if role == TONE_ROLE and column == OUTCOME else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index.row())
        if (
            role != Qt.ItemDataRole.CheckStateRole
            or index.column() != TAKE
            or row is None
            or not self._is_takeable(row)
        ):
            return False
        self._tick({row.object_id}, wanted=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        flags = super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == TAKE and self._is_takeable(row):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title if orientation == Qt.Orientation.Horizontal else str(section + 1)
        return None

    def _shown(self, column: int, row: PlannedRevision) -> str:
        text = COLUMNS[column].text(row)
        return self._offices.get(text, text) if column == OFFICE else text

    def _spoken(self, row: PlannedRevision) -> str:
        if not self._is_takeable(row):
            return "不接收"
        return "已勾选" if self._is_ticked(row) else "未勾选"

    def _is_takeable(self, row: PlannedRevision) -> bool:
        return self._may_take and row.step is not None and row.outcome is not Outcome.REJECTED

    def _is_ticked(self, row: PlannedRevision) -> bool:
        return self._is_takeable(row) and row.object_id not in self._unticked.get(self._number, ())

    def _tick(self, ids: set[str], *, wanted: bool) -> None:
        gone = self._unticked.setdefault(self._number, set())
        gone.difference_update(ids) if wanted else gone.update(ids)
        if self._rows:
            last = self.index(len(self._rows) - 1, TAKE)
            self.dataChanged.emit(self.index(0, TAKE), last, [Qt.ItemDataRole.CheckStateRole])
        self.chosen_changed.emit()
