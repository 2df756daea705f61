"""The rows of an import before it is done: what would become of each, and which are to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from riskdesk.domain.reconcile import Outcome
from riskdesk.services.import_plan import Planned
from riskdesk.services.importing import FileResult, ImportResult
from riskdesk.ui.models.tick_rows import START, Column, TickRowsModel, one_line

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


def _problems(row: ImportRow) -> str:
    return "；".join(each.message.rstrip("。") for each in row.planned.problems)


_COLUMNS: tuple[Column[ImportRow], ...] = (
    Column("导入", lambda _row: ""),
    Column("结果", lambda row: OUTCOMES[row.planned.outcome][0]),
    Column("位置", ImportRow.place),
    Column("涉及产品", lambda row: one_line(row.planned.row.values.get("product", ""))),
    Column("风险信息内容", lambda row: one_line(row.planned.row.values.get("content", ""))),
    Column("提示", lambda row: _problems(row)[: 2 * START]),
)


class ImportRowsModel(TickRowsModel[ImportRow]):
    """All rows, or those that a person should look at; a row is ticked unless it is asked about, or as a person said."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, "不导入", parent)
        self._all: list[ImportRow] = []
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

    def chosen(self) -> set[tuple[int, int]]:
        """Return the rows to be taken, shown or not."""
        return {row.key for row in self._all if self.is_ticked(row)}

    def takeable(self) -> set[tuple[int, int]]:
        """Return all rows that can be taken."""
        return {row.key for row in self._all if row.may_be_taken}

    def forget_choice(self) -> None:
        """Tick as at first: the rows are others now."""
        self._said.clear()

    def tick_all(self) -> None:
        self._tick([row for row in self._all if row.may_be_taken], wanted=True)

    def is_takeable(self, row: ImportRow) -> bool:
        return row.may_be_taken

    def is_ticked(self, row: ImportRow) -> bool:
        return row.may_be_taken and self._said.get(row.key, not row.is_asked)

    def tone(self, row: ImportRow) -> str:
        return OUTCOMES[row.planned.outcome][1]

    def remark(self, row: ImportRow) -> str:
        return "\n".join(each.message for each in row.planned.problems)

    def keep_ticks(self, rows: Sequence[ImportRow], *, wanted: bool) -> None:
        self._said.update((row.key, wanted) for row in rows)

    def _filter(self) -> None:
        self._rows = [row for row in self._all if row.has_problems] if self._only_problems else self._all
