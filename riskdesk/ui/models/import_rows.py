"""The rows of an import before it is done: what would become of each, and which are to be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from riskdesk.domain.reconcile import Outcome
from riskdesk.services.import_plan import Planned
from riskdesk.services.importing import FileResult, ImportResult

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TONE_ROLE = int(Qt.ItemDataRole.UserRole)  # the tone of a cell that is painted as a chip
TAKE, OUTCOME = 0, 1  # columns
_START = 80  # characters of a long text that a cell shows

OUTCOMES = {
    Outcome.NEW: ("新增", "green"),
    Outcome.UPDATED: ("更新", "blue"),
    Outcome.SAME: ("相同", "grey"),
    Outcome.STALE: ("旧内容", "grey"),
    Outcome.CONFLICT: ("需核对", "amber"),
    Outcome.REJECTED: ("不能导入", "red"),
}
_TAKEABLE = (Outcome.NEW, Outcome.UPDATED)
_WAITING = (Outcome.CONFLICT, Outcome.REJECTED)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row with its place in the result (source and row, from 0).

    `file` and `sheet` are "" where there is but one; `is_asked` says that it is taken only if a person ticks it.
    """

    key: tuple[int, int]
    file: str
    sheet: str
    planned: Planned
    is_asked: bool

    @property
    def may_be_taken(self) -> bool:
        """Whether taking it does anything."""
        return self.planned.outcome in _TAKEABLE

    @property
    def has_problems(self) -> bool:
        """Whether a person should look at it."""
        return self.planned.outcome in _WAITING or any(each.code != "changed" for each in self.planned.problems)

    def place(self) -> str:
        """Return where the row stands."""
        return " ".join(part for part in (self.file, self.sheet, f"第 {self.planned.row.row} 行") if part)


def has_sheets(file: FileResult) -> bool:
    """Tell whether a file has several sheets, so that a place needs the sheet's name."""
    return len({each.row.sheet for each in file.rows} | {each.sheet for each in file.form.skipped}) > 1


def _rows(number: int, file: FileResult, *, several: bool) -> list[ImportRow]:
    name, sheets = file.path.name if several else "", has_sheets(file)
    return [
        ImportRow(
            (number, at),
            name,
            planned.row.sheet if sheets else "",
            planned,
            bool(file.stranger) or planned.is_doubtful,
        )
        for at, planned in enumerate(file.rows)
    ]


def _one_line(text: str) -> str:
    return text[:_START].replace("\n", " ")


def _problems(row: ImportRow) -> str:
    return "；".join(each.message.rstrip("。") for each in row.planned.problems)


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    text: Callable[[ImportRow], str]


COLUMNS = (
    _Column("导入", lambda _row: ""),
    _Column("结果", lambda row: OUTCOMES[row.planned.outcome][0]),
    _Column("位置", ImportRow.place),
    _Column("涉及产品", lambda row: _one_line(row.planned.row.values.get("product", ""))),
    _Column("风险信息内容", lambda row: _one_line(row.planned.row.values.get("content", ""))),
    _Column("提示", lambda row: _problems(row)[: 2 * _START]),
)


class ImportRowsModel(QAbstractTableModel):
    """All rows, or those that a person should look at; a row is ticked unless it is asked about, or as a person said."""

    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[ImportRow] = []
        self._shown: list[ImportRow] = []
        self._said: dict[tuple[int, int], bool] = {}  # what a person ticked and unticked
        self._only_problems = False

    def show_result(self, result: ImportResult) -> None:
        """Show other rows; what was ticked and unticked stays so."""
        several = len(result.files) > 1
        rows = [row for number, file in enumerate(result.files) for row in _rows(number, file, several=several)]
        self.beginResetModel()
        self._all = rows
        self._filter()
        self.endResetModel()
        self.chosen_changed.emit()

    def show_only_problems(self, wanted: bool) -> None:
        """Show all rows, or those with problems."""
        self.beginResetModel()
        self._only_problems = wanted
        self._filter()
        self.endResetModel()

    def row(self, number: int) -> ImportRow | None:
        """Return a row as shown, None if there is none."""
        return self._shown[number] if 0 <= number < len(self._shown) else None

    def chosen(self) -> set[tuple[int, int]]:
        """Return the rows to be taken, shown or not."""
        return {row.key for row in self._all if self._is_ticked(row)}

    def takeable(self) -> set[tuple[int, int]]:
        """Return all rows that can be taken."""
        return {row.key for row in self._all if row.may_be_taken}

    def forget_choice(self) -> None:
        """Tick as at first: the rows are others now."""
        self._said.clear()

    def toggle(self, numbers: Iterable[int]) -> None:
        """Tick rows as shown if one of them is not ticked, else untick them."""
        rows = [row for number in numbers if (row := self.row(number)) is not None and row.may_be_taken]
        wanted = not all(map(self._is_ticked, rows))
        self._said.update((row.key, wanted) for row in rows)
        self._tell_choice()

    def tick_all(self) -> None:
        """Tick every row."""
        self._said.update((key, True) for key in self.takeable())
        self._tell_choice()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[column].text(row)
        if role == Qt.ItemDataRole.CheckStateRole and column == TAKE and row.may_be_taken:
            return Qt.CheckState.Checked if self._is_ticked(row) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == TAKE else COLUMNS[column].text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(each.message for each in row.planned.problems) or None
        return OUTCOMES[row.planned.outcome][1] if role == TONE_ROLE and column == OUTCOME else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != TAKE or row is None or not row.may_be_taken:
            return False
        self._said[row.key] = Qt.CheckState(value) == Qt.CheckState.Checked
        self._tell_choice()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        flags = super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == TAKE and row.may_be_taken:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title if orientation == Qt.Orientation.Horizontal else str(section + 1)
        return None

    def _spoken(self, row: ImportRow) -> str:
        if not row.may_be_taken:
            return "不导入"
        return "已勾选" if self._is_ticked(row) else "未勾选"

    def _is_ticked(self, row: ImportRow) -> bool:
        return row.may_be_taken and self._said.get(row.key, not row.is_asked)

    def _filter(self) -> None:
        self._shown = [row for row in self._all if row.has_problems] if self._only_problems else self._all

    def _tell_choice(self) -> None:
        if self._shown:
            last = self.index(len(self._shown) - 1, TAKE)
            self.dataChanged.emit(self.index(0, TAKE), last, [Qt.ItemDataRole.CheckStateRole])
        self.chosen_changed.emit()
