"""An office's own records and reports of a year with all they went through: edits and the bin do not undo what was handed on or answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from riskdesk.domain.handoff import HandedState, Told, handed_state
from riskdesk.domain.periods import Period
from riskdesk.domain.records import Record, record_from_body
from riskdesk.domain.revisions import Revision, RevisionState, heads
from riskdesk.services.counting import year_periods
from riskdesk.services.desk import Desk
from riskdesk.services.handing_over import handed_over_at
from riskdesk.store.packages import Package

_ACCEPTED = (HandedState.RECEIVED, HandedState.ADOPTED)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of ours that was handed on: `day` is when, `is_noted` whether that was noted; else it is the day of its sealing."""

    package: Package
    day: date
    is_noted: bool


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record as it is now, and what became of any of its revisions.

    `handed_on` is when it first stood in a report that was handed on, `was_returned` whether any answer gave it back, `accepted` are its revisions
    that an office above received or adopted, `adopted` those of them that it adopted.
    """

    id: str
    record: Record
    is_active: bool
    handed_on: date | None
    is_handed: bool
    was_returned: bool
    accepted: tuple[Record, ...]
    adopted: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class OwnYear:
    """What is looked at: `records` in the order of their periods, those that were withdrawn after they were reported last."""

    desk: Desk
    year: int
    periods: tuple[Period, ...]
    records: tuple[OwnRecord, ...]
    reports: Mapping[str, Sequence[OwnReport]]  # by period

    @property
    def active(self) -> Iterator[OwnRecord]:
        """The records that are in use."""
        return (each for each in self.records if each.is_active)


def own_year(desk: Desk, year: int) -> OwnYear:
    """Return what this office has of a year; raise `InputError` for a year without periods."""
    periods = year_periods(desk, year)
    rows = [row for period in periods for row in desk.records.of_period(period.id) if row.org == desk.office.code]
    handed = {row.revision for row in rows if row.handed}
    reports = {period.id: _handed_on(desk, period.id, handed) for period in periods}
    days: dict[str, date] = {}
    for report in sorted((each for found in reports.values() for each in found), key=lambda each: each.day):
        for item in report.package.facts["items"]:
            days.setdefault(item, report.day)
    steps = desk.revisions.of_objects([row.id for row in rows])
    gone = _withdrawn(desk, days, steps)
    told = _told(desk, periods)
    records = [_record(steps[row.id], days, told, is_sent=bool(row.handed)) for row in rows]
    records += [_record(each, days, told, is_sent=True) for each in gone.values()]
    return OwnYear(desk, year, periods, tuple(records), reports)


def _handed_on(desk: Desk, period: str, handed: set[str]) -> tuple[OwnReport, ...]:
    """Return the reports of a period that left this office, each with the day that is known best; `handed` are revisions that did.

    Of one that was written for the way more than once the last time is noted; it was there before if an answer says so. One without a note
    left only if an answer or its records say so. Of a nil report that cannot be told: it counts unless another has a note.
    """
    packages = desk.packages.of_period(period, "out", "report")
    noted = {each.id: at for each in packages if (at := handed_over_at(desk, each))}
    without_note = handed.difference(*(each.facts["items"] for each in packages if each.id in noted))
    answers = desk.packages.of_period(period, "in", "answer")
    found = []
    for package in packages:
        sealed, items = _day(package.created), package.facts["items"]
        answered = [_day(each.created) for each in answers if each.facts.get("about") == package.id]
        if package.id in noted:
            day = min([_day(noted[package.id]), *answered])
            found.append(OwnReport(package, max(sealed, day), is_noted=True))
        elif answered or without_note.intersection(items) or not (items or noted):
            found.append(OwnReport(package, sealed, is_noted=False))
    return tuple(found)


def _told(desk: Desk, periods: Sequence[Period]) -> dict[str, list[Told]]:
    """Return what answers to the reports of the periods say, by the hash of the revision."""
    found: dict[str, list[Told]] = {}
    for period in periods:
        for package in desk.packages.of_period(period.id, "out", "report"):
            for each in desk.packages.answers_to(package.id):
                found.setdefault(each.rev_hash, []).append(each.told)
    return found


def _withdrawn(
    desk: Desk, items: Mapping[str, date], known: Mapping[str, Sequence[Revision]]
) -> dict[str, list[Revision]]:
    """Return the revisions of own records that stood in reports and lie in the bin now."""
    here = {step.hash for found in known.values() for step in found}
    others = [step for each in items if each not in here and (step := desk.revisions.by_hash(each)) is not None]
    ids = dict.fromkeys(step.object_id for step in others if step.org == desk.office.code)
    found = desk.revisions.of_objects(list(ids))
    return {each: found[each] for each in ids if heads(found[each])[0].state is RevisionState.WITHDRAWN}


def _record(
    steps: Sequence[Revision], days: Mapping[str, date], told: Mapping[str, Sequence[Told]], *, is_sent: bool
) -> OwnRecord:
    now = heads(steps)[0]
    said = {step.hash: told[step.hash] for step in steps if step.hash in told}
    states = {each: handed_state(is_sent=True, told=answers) for each, answers in said.items()}
    handed_on = min((days[step.hash] for step in steps if step.hash in days), default=None)
    return OwnRecord(
        now.object_id,
        record_from_body(now.body),
        now.state is RevisionState.ACTIVE,
        handed_on,
        is_sent or handed_on is not None or bool(said),
        any(each.state is HandedState.RETURNED for answers in said.values() for each in answers),
        tuple(record_from_body(step.body) for step in steps if states.get(step.hash) in _ACCEPTED),
        tuple(record_from_body(step.body) for step in steps if states.get(step.hash) is HandedState.ADOPTED),
    )


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
