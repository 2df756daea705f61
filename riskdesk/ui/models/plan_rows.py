"""The rows of packages before they are taken: what would become of each record, what an answer says of ours, and which are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt

from riskdesk.domain.offices import Roster
from riskdesk.domain.reconcile import Outcome
from riskdesk.services import assessment_words
from riskdesk.services.receiving import Looked, PlannedRevision
from riskdesk.services.taking import TWICE
from riskdesk.services.verdicts import Freshness, Standing, Verdict
from riskdesk.ui.models.tick_rows import Column, TickRowsModel, one_line

OFFICE = 2  # column
_ASSESSMENT = "assessment"  # kind of package
_HEADINGS = {"涉及产品": "材料", "风险信息内容": "内容"}  # of what is no record

OUTCOMES = {
    Outcome.NEW: ("新增", "green"),
    Outcome.UPDATED: ("更新", "blue"),
    Outcome.SAME: ("相同", "grey"),
    Outcome.STALE: ("旧内容", "grey"),
    Outcome.CONFLICT: ("有冲突", "amber"),
    Outcome.REJECTED: ("拒收", "red"),
}
RETURNED = "returned"
DECISIONS = {RETURNED: ("退回", "red"), "received": ("已收到", "green"), "adopted": ("已采用", "blue")}
_REASONS = {
    "error": ("无法打开", "amber"),
    "not_a_package": ("不是报送包", "amber"),
    "died": ("没有核验完", "amber"),
    "limits": ("没有核验完", "amber"),
    TWICE: ("重复的一份", "grey"),
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


@dataclass(frozen=True, slots=True)
class Decided:
    """What an answer from an office says of one of our records."""

    decision: str
    office: str
    title: str
    why: str


Row = PlannedRevision | Decided


def decided(looked: Looked) -> list[Decided]:
    """Return what an answer says of our records, those that come back first; nothing for other packages."""
    if looked.plan.answer is None:
        return []
    rows = [
        Decided(str(each.decision), looked.verdict.office, _title(looked, each.record), each.reason)
        for each in looked.plan.answer.records
    ]
    return sorted(rows, key=lambda row: row.decision != RETURNED)


def result(row: Row) -> tuple[str, str]:
    """Return the word and the tone for what becomes of a record."""
    return DECISIONS.get(row.decision, ("", "grey")) if isinstance(row, Decided) else OUTCOMES[row.outcome]


def _title(looked: Looked, record: str) -> str:
    return looked.plan.products.get(record) or f"本机没有的记录（{record[:8]}）"


def verdict_chip(verdict: Verdict) -> tuple[str, str]:
    """Return the word and the tone for a verdict; what keeps a package of a trusted office out goes before the trust."""
    if verdict.reason in _REASONS:
        return _REASONS[verdict.reason]
    if verdict.is_trusted and verdict.freshness in _FRESHNESS:
        return _FRESHNESS[verdict.freshness]
    if verdict.is_trusted and verdict.reason:
        return "不能接收", "amber"
    return _STANDINGS[verdict.standing]


def _names(looked: Looked | None) -> dict[str, str]:
    """Return the names of the offices that signed a package and those inside it."""
    if looked is None or looked.verified is None:
        return {}
    return {each.signer.office.code: each.signer.office.name for _, each in looked.verified.with_inside()}


def _text(row: Row, field: str) -> str:
    return one_line(str(getattr(row.record, field))) if isinstance(row, PlannedRevision) and row.record else ""


def _product(row: Row) -> str:
    return _text(row, "product") or row.title


def _content(row: Row) -> str:
    if not isinstance(row, PlannedRevision):
        return ""
    return _text(row, "content") or row.told or (assessment_words.told(row.step) if row.step and row.title else "")


def _can_be_taken(row: PlannedRevision) -> bool:
    return row.step is not None and row.outcome is not Outcome.REJECTED


def _takeable(looked: Looked) -> set[str]:
    """Return the ids of what can be ticked in a package."""
    return {row.object_id for row in looked.plan.rows if _can_be_taken(row)}


def _remark(row: Row) -> str:
    if row.why or isinstance(row, Decided):
        return row.why
    return f"{len(row.changes)} 处不同" if row.changes else ""


_COLUMNS: tuple[Column[Row], ...] = (
    Column("接收", lambda _row: ""),
    Column("结果", lambda row: result(row)[0]),
    Column("单位", lambda row: row.office),  # by its name, if the package or the roster tells it
    Column("涉及产品", _product),
    Column("风险信息内容", _content),
    Column("说明", _remark),
)


class PlanRowsModel(TickRowsModel[Row]):
    """The rows of one package at a time; ticks of all packages are kept. A row is ticked until a person says otherwise."""

    def __init__(self, roster: Roster, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, "不接收", parent)
        self._roster = roster
        self._number = -1
        self._offices: dict[str, str] = {}
        self._may_take = self._holds_records = False
        self._unticked: dict[int, set[str]] = {}

    def show_package(self, number: int, looked: Looked | None, *, may_take: bool) -> None:
        """Show the rows of a package; `number` is its place."""
        self.beginResetModel()
        self._number, self._may_take = number, may_take
        self._rows = (*decided(looked), *looked.plan.rows) if looked else ()
        self._holds_records = looked is None or looked.verdict.kind != _ASSESSMENT
        self._offices = _names(looked)
        self.endResetModel()

    def chosen(self, number: int, looked: Looked) -> frozenset[str] | None:
        """Return the ids of the records wanted of a package, None for all."""
        gone = self._unticked.get(number)
        return frozenset({row.object_id for row in looked.plan.rows if row.step} - gone) if gone else None

    def is_wanted(self, number: int, looked: Looked) -> bool:
        """Tell whether anything of a package is wanted; what an answer says comes with it whatever is ticked."""
        ids = _takeable(looked)
        return not ids or looked.plan.answer is not None or not ids <= self._unticked.get(number, set())

    def tick_package(self, number: int, looked: Looked, *, wanted: bool) -> None:
        """Tick all rows of a package, or none."""
        self._unticked[number] = set() if wanted else set(_takeable(looked))
        self.tell_choice()

    def tick_all(self) -> None:
        self._tick(self._rows, wanted=True)

    def is_takeable(self, row: Row) -> bool:
        if isinstance(row, Decided):
            return False  # what an answer says comes with it
        return self._may_take and _can_be_taken(row)

    def is_ticked(self, row: Row) -> bool:
        if isinstance(row, Decided):
            return False
        return self.is_takeable(row) and row.object_id not in self._unticked.get(self._number, ())

    def tone(self, row: Row) -> str:
        return result(row)[1]

    def remark(self, row: Row) -> str:
        return "\n".join(filter(None, (row.title, row.why)))  # a cell may be too narrow for the title

    def keep_ticks(self, rows: Sequence[Row], *, wanted: bool) -> None:
        ids, gone = (
            {row.object_id for row in rows if isinstance(row, PlannedRevision)},
            self._unticked.setdefault(self._number, set()),
        )
        gone.difference_update(ids) if wanted else gone.update(ids)

    def text(self, column: int, row: Row) -> str:
        text = super().text(column, row)
        return self._name(text) if column == OFFICE else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        said = super().headerData(section, orientation, role)
        return said if self._holds_records else _HEADINGS.get(said, said)

    def _name(self, code: str) -> str:
        named = self._offices.get(code, "")
        return named or self._roster.name_of(code)
