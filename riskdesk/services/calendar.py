"""Periods and due dates as this office knows them: the shipped calendar and every year's notice brought in since."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.deadlines import Deadline, deadline
from riskdesk.domain.encoding import decode
from riskdesk.domain.holiday_notice import parse_notice
from riskdesk.domain.periods import Period
from riskdesk.domain.revisions import Revision, heads, revision
from riskdesk.domain.workdays import Holidays
from riskdesk.errors import InputError
from riskdesk.files import fault
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference

_KIND = "calendar"
_NAMESPACE = uuid.UUID("7f1d1c4e-5a52-4a0e-9d55-5c4f6f0d3c11")  # a year's calendar has the same object id everywhere


class DoubtfulCalendarError(InputError):
    """A notice or file was read, and something in it looks wrong: a person has to confirm it."""


class DayKind(StrEnum):
    """What a day is marked as by hand: 放假、上班（调休）, or as its weekday says."""

    OFF = "off"
    WORKED = "worked"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """One change of a year's calendar: when (ISO 8601), by whom, and where it came from."""

    year: int
    at: str
    author: str
    origin: str


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a notice or calendar file added: the years, the days by date, and what a person should look at."""

    years: tuple[int, ...]
    days_off: dict[date, str]
    workdays: dict[date, str]
    warnings: tuple[str, ...]


def holidays_of(desk: Desk) -> Holidays:
    """Return the calendar in force: the shipped years, replaced or followed by those brought in."""
    bodies = [step.body for step in desk.revisions.newest_of_kind(_KIND)]
    known = desk.reference.holidays
    for body in sorted(bodies, key=lambda each: int(each["notice_year"])):
        known = known.merged(Holidays.from_json(body["calendar"]))
    return known


def deadlines(reference: Reference, holidays: Holidays, first: str, last: str) -> list[Deadline]:
    """Return the periods from `first` to `last` (`YYYY-MM`, both included) with their due dates."""
    return [deadline(period, holidays) for period in reference.periods.between(first, last)]


def reported_now(reference: Reference, holidays: Holidays, day: date) -> Period:
    """Return the period that an office reports about on a day: the one whose due date has not passed yet."""
    return reference.periods.reporting_on(day, lambda period: deadline(period, holidays).due)


def ahead(reference: Reference, holidays: Holidays, period: Period, count: int) -> list[Deadline]:
    """Return the next periods after one, with their due dates; fewer at the end of the plan."""
    found = []
    for _ in range(count):
        period = reference.periods.period_of(period.end + timedelta(days=1))
        found.append(deadline(period, holidays))
    return found


def paste_notice(desk: Desk, text: str, *, confirmed: bool = False) -> BroughtIn:
    """Bring in a year's holiday notice as pasted text.

    Raises `DoubtfulCalendarError` with every doubt about it unless a person confirmed the reading: a wrong calendar makes wrong due
    dates.
    """
    reading = parse_notice(text)
    if reading.warnings and not confirmed:
        raise DoubtfulCalendarError(
            "通知的内容有疑问，没有导入：\n" + "\n".join(reading.warnings) + "\n请核对全文；确认无误后再确认导入。"
        )
    _save(desk, reading.holidays, f"notice {reading.document_number}".strip())
    return _brought_in(reading.holidays, reading.warnings)


def import_calendar(desk: Desk, path: Path, *, confirmed: bool = False) -> BroughtIn:
    """Bring in a calendar file (`riskdesk-calendar/1`), or a text file that holds the notice."""
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise fault(path, error) from error
    if not text.lstrip().startswith("{"):
        return paste_notice(desk, text, confirmed=confirmed)
    try:
        holidays = Holidays.from_json(json.loads(text))
    except ValueError as error:
        raise InputError(f"{path.name} 不是完整的日历文件（JSON）。请重新获取该文件。") from error
    doubts = [f"{year} 年的放假安排不完整" for year in holidays.incomplete_years()]
    doubts += [f"缺少现有日历中的 {day.isoformat()}" for day in _dropped(holidays_of(desk), holidays)]
    if doubts and not confirmed:
        raise DoubtfulCalendarError(
            f"{path.name} 没有导入：{'；'.join(doubts[:10])}。请核对文件是否为最新；确认无误后再确认导入。"
        )
    _save(desk, holidays, f"file {path.name}")
    return _brought_in(holidays, tuple(doubts))


def mark_day(desk: Desk, day: date, kind: DayKind, name: str = "") -> None:
    """Set a single day by hand; `name` is the festival's."""
    parts = holidays_of(desk).by_notice()
    parts.setdefault(day.year, Holidays())
    steps = []
    for year, part in parts.items():
        days_off = {each: told for each, told in part.days_off.items() if each != day}
        workdays = {each: told for each, told in part.workdays.items() if each != day}
        if year == day.year and kind is DayKind.OFF:
            days_off[day] = name or "放假"
        elif year == day.year and kind is DayKind.WORKED:
            workdays[day] = name or "调休"
        changed = Holidays(days_off, workdays, part.years)
        if changed != part:
            steps.append(_step(desk, year, changed, f"hand {day.isoformat()}"))
    _write(desk, steps, f"hand {day.isoformat()}")


def changes(desk: Desk) -> list[CalendarChange]:
    """Return who changed which year's calendar from what, newest first."""
    found = [
        CalendarChange(int(step.body["notice_year"]), step.at, step.author, str(step.body.get("origin", "")))
        for step in desk.revisions.of_kind(_KIND)
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _dropped(known: Holidays, coming: Holidays) -> list[date]:
    """Return the days of the coming years that are known now and would be forgotten: an older file, perhaps."""
    days = {*known.days_off, *known.workdays} - {*coming.days_off, *coming.workdays}
    return sorted(day for day in days if day.year in coming.years)


def _save(desk: Desk, holidays: Holidays, origin: str) -> None:
    """Save each notice year as the next revision of its own object; single days join those known before."""
    steps = []
    for year, part in holidays.by_notice().items():
        object_id = str(uuid.uuid5(_NAMESPACE, str(year)))
        parents = heads(desk.revisions.of(object_id))
        if not part.years and parents:
            part = Holidays.from_json(parents[0].body["calendar"]).merged(part)  # noqa: PLW2901
        if parents and parents[0].body["calendar"] == part.to_json():
            continue
        steps.append(_step(desk, year, part, origin))
    _write(desk, steps, origin)


def _step(desk: Desk, year: int, part: Holidays, origin: str) -> Revision:
    object_id = str(uuid.uuid5(_NAMESPACE, str(year)))
    return revision(
        object_id=object_id,
        kind=_KIND,
        org=desk.office.code,
        body={"schema": 1, "notice_year": year, "calendar": part.to_json(), "origin": origin},
        author=desk.office.person,
        at=clock.now(),
        parents=heads(desk.revisions.of(object_id)),
    )


def _write(desk: Desk, steps: Sequence[Revision], origin: str) -> None:
    if steps:
        with desk.store.write(desk.office.person, "calendar") as writing:
            writing.detail.update(origin=origin, revisions=[step.hash for step in steps])
            desk.revisions.add(writing, steps)


def _brought_in(holidays: Holidays, warnings: tuple[str, ...]) -> BroughtIn:
    return BroughtIn(tuple(sorted(holidays.years)), dict(holidays.days_off), dict(holidays.workdays), warnings)
