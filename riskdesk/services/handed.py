"""What was handed on and what came, for the page 收发: with what became of it, and who still owes an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from riskdesk import clock
from riskdesk.domain.handoff import HandedState, handed_state
from riskdesk.domain.records import Record, record_from_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.services.desk import Desk
from riskdesk.services.handing_over import handed_over_at
from riskdesk.services.roster import roster_of
from riskdesk.store.packages import AnsweredRevision, Package

__all__ = [
    "Came",
    "Package",
    "PackageRecord",
    "Returned",
    "Sent",
    "came",
    "is_adopted",
    "newest_sent",
    "records_of",
    "returns_of",
    "sent",
]
_REPORT, _ANSWER = "report", "answer"


@dataclass(frozen=True, slots=True)
class Returned:
    """A record that came back, with the reason and who gave it."""

    object_id: str
    product: str
    reason: str
    office: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A report of ours: `handed_at` is when it was last written for the way and verified there ("" if only sealed), `counts` says what
    became of its records; `waiting` are the names of those that owe an answer, for `days` days.

    A report that another followed waits for nothing.
    """

    package: Package
    receivers: tuple[str, ...]
    handed_at: str
    counts: Mapping[HandedState, int]
    waiting: tuple[str, ...]
    days: int
    returned: tuple[Returned, ...]
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class Came:
    """A report that came: `records` of them, `late` says why it was late, `answers` how often we answered, `returned` how many records
    our last answer gave back, `inside` are the reports that lay in it.
    """

    package: Package
    office: str
    records: int
    late: str
    answers: int
    returned: int
    inside: tuple[Package, ...]


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A record of a report that came; `versions` are its newest ones if there are several, `is_adopted` as in `is_adopted`."""

    object_id: str
    record: Record
    versions: tuple[Record, ...]
    is_adopted: bool


def sent(desk: Desk) -> list[Sent]:
    """Return our reports, the newest first."""
    reports = [each for each in desk.packages.every("out") if each.kind == _REPORT]
    answers = [each for each in desk.packages.every("in") if each.kind == _ANSWER]
    newest = _newest_of_periods(reports)
    return [_sent(desk, each, answers, is_newest=each.id in newest) for each in reports]


def newest_sent(desk: Desk, period: str) -> Sent | None:
    """Return our newest report of a period, None if there is none."""
    reports = desk.packages.of_period(period, "out", _REPORT)
    if not reports:
        return None
    answers = [each for each in desk.packages.of_period(period, "in", _ANSWER) if not each.outer_id]
    return _sent(desk, max(reports, key=lambda each: each.number), answers, is_newest=True)


def came(desk: Desk) -> list[Came]:
    """Return the reports that came by themselves, the newest first."""
    answers: dict[str, list[Package]] = {}
    for each in desk.packages.every("out"):
        if each.kind == _ANSWER:
            answers.setdefault(each.facts["about"], []).append(each)
    reports = [each for each in desk.packages.every("in") if each.kind == _REPORT]
    return [_came(desk, each, answers.get(each.id, [])) for each in reports]


def records_of(desk: Desk, package: Package) -> list[PackageRecord]:
    """Return the records of a report that came, in its order."""
    steps = [step for each in package.facts["items"] if (step := desk.revisions.by_hash(each)) is not None]
    known = desk.revisions.of_objects([step.object_id for step in steps])
    return [_package_record(desk, step, known[step.object_id]) for step in steps]


def is_adopted(desk: Desk, step: Revision) -> bool:
    """Tell whether a revision of another office stands in a sealed report of ours."""
    return step.hash in desk.submissions.sealed_of(step.object_id)


def returns_of(desk: Desk, object_id: str) -> list[Returned]:
    """Return who gave a record of ours back as it is now, and why; nothing once it was corrected."""
    row = desk.records.get(object_id)
    last: dict[str, AnsweredRevision] = {}
    told = desk.packages.answers_about(row.revision) if row else []
    for each in sorted(told, key=lambda each: (each.told.report, each.told.number, each.told.state)):
        last[each.told.sender] = each
    return [_returned(desk, [each]) for each in last.values() if each.told.state is HandedState.RETURNED]


def _package_record(desk: Desk, step: Revision, known: list[Revision]) -> PackageRecord:
    tips = heads(known)
    versions = tuple(record_from_body(each.body) for each in tips) if len(tips) > 1 else ()
    return PackageRecord(step.object_id, record_from_body(step.body), versions, is_adopted(desk, step))


def _newest_of_periods(reports: Iterable[Package]) -> set[str]:
    newest: dict[str, Package] = {}
    for each in reports:
        if each.period not in newest or newest[each.period].number < each.number:
            newest[each.period] = each
    return {each.id for each in newest.values()}


def _sent(desk: Desk, package: Package, answers: Iterable[Package], *, is_newest: bool) -> Sent:
    said: dict[str, list[AnsweredRevision]] = {}
    for each in desk.packages.answers_to(package.id):
        said.setdefault(each.rev_hash, []).append(each)
    handed_at = handed_over_at(desk, package)
    states = {
        item: handed_state(is_sent=bool(handed_at), told=[each.told for each in said.get(item, ())])
        for item in package.facts["items"]
    }
    answered = {each.told.sender for those in said.values() for each in those}
    answered |= {each.sender for each in answers if each.facts.get("about") == package.id}
    waiting = [code for code in package.receivers if code not in answered] if is_newest and handed_at else []
    return Sent(
        package,
        tuple(_name(desk, code) for code in package.receivers),
        handed_at,
        Counter(states.values()),
        tuple(_name(desk, code) for code in waiting),
        (clock.today() - datetime.fromisoformat(handed_at).date()).days if waiting else 0,
        tuple(_returned(desk, said[item]) for item, state in states.items() if state is HandedState.RETURNED),
        not is_newest,
    )


def _returned(desk: Desk, said: list[AnsweredRevision]) -> Returned:
    last = max((each for each in said if each.told.state is HandedState.RETURNED), key=lambda each: each.told.number)
    row = desk.records.get(last.object_id)
    return Returned(last.object_id, row.product if row else "", last.reason, _name(desk, last.told.sender))


def _came(desk: Desk, package: Package, answers: list[Package]) -> Came:
    last = max(answers, key=lambda each: each.number, default=None)
    return Came(
        package,
        _name(desk, package.sender),
        len(package.facts["items"]),
        str(package.facts.get("late", "")),
        len(answers),
        len(last.facts["returned"]) if last else 0,
        tuple(each for each in desk.packages.of_run(package.run_id) if each.outer_id),
    )


def _name(desk: Desk, code: str) -> str:
    roster = roster_of(desk)
    return roster.office(code).name if code in roster else code
