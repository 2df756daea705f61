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
from riskdesk.services import annual, assessment_words
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
    "can_answer",
    "is_adopted",
    "matters_of",
    "newest_sent",
    "page_of",
    "records_of",
    "returns_of",
    "sent",
]
_REPORT, _ANSWER, _ASSESSMENT = "report", "answer", "assessment"


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
    our last answer gave back, `inside` are the reports that lay in it. What is no report has a `title`: a sheet, a review, indicators.
    """

    package: Package
    office: str
    records: int
    late: str
    answers: int
    returned: int
    inside: tuple[Package, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A record of a report that came, or what an assessment is about (then `record` is None); `is_adopted` as in `is_adopted`.

    `versions` are the newest ones of a record if there are several; `is_forked` says so of anything.
    """

    object_id: str
    title: str
    content: str
    record: Record | None
    versions: tuple[Record, ...] = ()
    is_forked: bool = False
    is_adopted: bool = False


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
    """Return what came by itself and can be answered, the newest first: reports, and what belongs to assessments."""
    answers: dict[str, list[Package]] = {}
    for each in desk.packages.every("out"):
        if each.kind == _ANSWER:
            answers.setdefault(each.facts["about"], []).append(each)
    reports = [each for each in desk.packages.every("in") if can_answer(desk, each.kind, each.sender)]
    return [_came(desk, each, answers.get(each.id, [])) for each in reports]


def records_of(desk: Desk, package: Package) -> list[PackageRecord]:
    """Return the records of a report that came, in its order, or what an assessment is about."""
    steps = matters_of(desk, package)
    known = desk.revisions.of_objects([step.object_id for step in steps])
    return [_package_record(desk, step, known[step.object_id]) for step in steps]


def matters_of(desk: Desk, package: Package) -> list[Revision]:
    """Return what an answer to a package is about: its records, or of a sheet, which comes with its history, the newest version."""
    steps = [step for each in package.facts["items"] if (step := desk.revisions.by_hash(each)) is not None]
    if package.kind != _ASSESSMENT:
        return steps
    by_object: dict[str, list[Revision]] = {}
    for step in steps:
        by_object.setdefault(step.object_id, []).append(step)
    return [step for several in by_object.values() for step in heads(several)]


def can_answer(desk: Desk, kind: str, sender: str) -> bool:
    """Tell whether packages of a kind from an office are answered: reports, and of assessments what does not come from above."""
    if kind != _ASSESSMENT:
        return kind == _REPORT
    return sender not in {office.code for office in roster_of(desk).superiors(desk.office.code, clock.today())}


def page_of(desk: Desk, package_id: str) -> str:
    """Return the page on which something can be done about a package of ours that came back."""
    package = desk.packages.get(package_id)
    if package is None or package.kind != _ASSESSMENT:
        return "hand_off"
    return "annual" if any(step.kind == annual.KIND for step in matters_of(desk, package)) else "stations"


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
    is_forked = len(tips := heads(known)) > 1
    if step.kind != "record":
        told = assessment_words.told(step)
        return PackageRecord(step.object_id, assessment_words.title(step), told, None, is_forked=is_forked)
    record = record_from_body(step.body)
    versions = tuple(record_from_body(each.body) for each in tips) if is_forked else ()
    adopted = is_adopted(desk, step)
    return PackageRecord(step.object_id, record.product, record.content, record, versions, is_forked, adopted)


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
    items = package.facts["items"]
    last = max(answers, key=lambda each: each.number, default=None)
    return Came(
        package,
        _name(desk, package.sender),
        len(items),
        str(package.facts.get("late", "")),
        len(answers),
        len(last.facts["returned"]) if last else 0,
        tuple(each for each in desk.packages.of_run(package.run_id) if each.outer_id),
        assessment_words.title(desk.revisions.by_hash(items[-1])) if package.kind == _ASSESSMENT and items else "",
    )


def _name(desk: Desk, code: str) -> str:
    roster = roster_of(desk)
    return roster.office(code).name if code in roster else code
