"""Rows of something that came, which a person ticks before they are taken: what all such tables have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
TONE_ROLE = int(Qt.ItemDataRole.UserRole)  # the tone of a cell that is painted as a chip
TAKE, OUTCOME = 0, 1  # columns
START = 80  # characters of a long text that a cell shows


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """How one column is headed and filled."""

    title: str
    text: Callable[[R], str]


class TickRowsModel(QAbstractTableModel, Generic[R]):
    """Those below say which rows are shown, which of them can be ticked, and keep the ticks.

    Signal: `chosen_changed()` – other rows are ticked.
    """

    chosen_changed = Signal()

    def __init__(self, columns: Sequence[Column[R]], spoken: str, parent: QObject | None = None) -> None:
        """`spoken` is what a screen reader says of a row that cannot be ticked."""
        super().__init__(parent)
        self._columns, self._untickable = columns, spoken
        self._rows: Sequence[R] = ()

    # --- what differs ---

    def is_takeable(self, row: R) -> bool:
        """Tell whether a row can be ticked."""
        raise NotImplementedError

    def is_ticked(self, row: R) -> bool:
        """Tell whether a row is ticked."""
        raise NotImplementedError

    def tone(self, row: R) -> str:
        """Return the tone of the chip that says what becomes of a row."""
        raise NotImplementedError

    def remark(self, row: R) -> str:
        """Return all that is to be told of a row."""
        raise NotImplementedError

    def tick_all(self) -> None:
        """Tick every row."""
        raise NotImplementedError

    def keep_ticks(self, rows: Sequence[R], *, wanted: bool) -> None:
        """Keep that rows which can be ticked are ticked, or not."""
        raise NotImplementedError

    # --- what is the same ---

    def row(self, number: int) -> R | None:
        """Return a row as shown, None if there is none."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def toggle(self, numbers: Iterable[int]) -> None:
        """Tick rows as shown if one of them is not ticked, else untick them."""
        rows = [row for number in numbers if (row := self.row(number)) is not None and self.is_takeable(row)]
        self._tick(rows, wanted=not all(map(self.is_ticked, rows)))

    def text(self, column: int, row: R) -> str:
        """Return what a cell shows."""
        return self._columns[column].text(row)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(column, row)
        if role == Qt.ItemDataRole.CheckStateRole and column == TAKE and self.is_takeable(row):
            return Qt.CheckState.Checked if self.is_ticked(row) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == TAKE else self.text(column, row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.remark(row) or None
        return self.tone(row) if role == TONE_ROLE and column == OUTCOME else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index.row())
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != TAKE or row is None or not self.is_takeable(row):
            return False
        self._tick([row], wanted=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        flags = super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == TAKE and self.is_takeable(row):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title if orientation == Qt.Orientation.Horizontal else str(section + 1)
        return None

    def _spoken(self, row: R) -> str:
        if not self.is_takeable(row):
            return self._untickable
        return "已勾选" if self.is_ticked(row) else "未勾选"

    def _tick(self, rows: Sequence[R], *, wanted: bool) -> None:
        self.keep_ticks(rows, wanted=wanted)
        self.tell_choice()

    def tell_choice(self) -> None:
        """Tell that other rows are ticked."""
        if self._rows:
            last = self.index(len(self._rows) - 1, TAKE)
            self.dataChanged.emit(self.index(0, TAKE), last, [Qt.ItemDataRole.CheckStateRole])
        self.chosen_changed.emit()


def one_line(text: str) -> str:
    """Return the start of a text as a cell shows it."""
    return text[:START].replace("\n", " ")
