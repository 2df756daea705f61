"""谁没报: the offices expected below for a period, minus what came; nil, late, returned and missing told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from riskdesk.domain.dates import parse_date
from riskdesk.domain.deadlines import deadline
from riskdesk.domain.handoff import Completeness, Expectation, ReportState
from riskdesk.domain.offices import Office
from riskdesk.domain.periods import Period
from riskdesk.errors import InputError
from riskdesk.services import calendar
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.store.imports import FormOfUnit
from riskdesk.store.packages import Package


@dataclass(frozen=True, slots=True)
class _Came:
    """What came for a period, by the code of its office: packages, and forms without a signature."""

    packages: Mapping[str, Sequence[Package]]
    forms: Mapping[str, FormOfUnit]


def completeness(desk: Desk, period_id: str) -> Completeness:
    """Return who reported for a period and who did not, of the offices directly below that existed at its end."""
    period = desk.reference.periods.period(period_id)
    due = deadline(period, calendar.holidays_of(desk)).due
    expected = roster_of(desk).expected_below(desk.office.code, period.end)
    if not expected:
        return Completeness(period.id, ())
    came = _Came(_packages(desk, period.id), _forms(desk, period))
    return Completeness(period.id, tuple(_expectation(desk, office, due, came) for office in expected))


def _packages(desk: Desk, period: str) -> dict[str, list[Package]]:
    """Return the reports addressed to this office by their sender, also those that came only inside another package."""
    found: dict[str, list[Package]] = {}
    inside: dict[str, list[Package]] = {}
    for each in desk.packages.of_period(period, "in", "report"):
        if not each.outer_id:
            found.setdefault(each.sender, []).append(each)
        elif desk.office.code in each.receivers:
            inside.setdefault(each.sender, []).append(each)
    return {**inside, **found}


def _forms(desk: Desk, period: Period) -> dict[str, FormOfUnit]:
    """Return the newest typed form of every office that is about a period."""
    roster, found = roster_of(desk), {}
    for form in desk.imports.forms_since(period.start, period.id):
        named = roster.named(form.unit)
        if named is not None and period.id in (form.periods or {_told_period(desk, form)}):
            found[named.code] = form
    return found


def _told_period(desk: Desk, form: FormOfUnit) -> str:
    """Return the period of a form without records: that of the import if a person chose it, else that of its own date."""
    holidays, taken, day = calendar.holidays_of(desk), _day(form.at), parse_date(form.date_text)
    try:
        is_chosen = form.default != calendar.reported_now(desk.reference, holidays, taken).id
        if is_chosen or day is None or day > taken:
            return form.default
        return calendar.reported_now(desk.reference, holidays, day).id
    except InputError:  # a day of no period
        return form.default


def _expectation(desk: Desk, office: Office, due: date, came: _Came) -> Expectation:
    taken, forms = came.packages.get(office.code), came.forms
    if taken:
        newest = max(taken, key=_order)
        first = min(taken, key=lambda each: each.number)
        answers = desk.packages.answers_given(desk.office.code, newest)
        returned = bool(answers) and bool(answers[-1].facts["returned"])
        state = ReportState.RETURNED if returned else ReportState.NIL if newest.nil else ReportState.RECEIVED
        late = _day(first.facts["sealed_at"] or first.created) > due
        return Expectation(office.code, office.name, state, late, newest.at, newest.id)
    if office.code in forms:
        form = forms[office.code]
        state = ReportState.NIL if form.nil else ReportState.RECEIVED
        return Expectation(office.code, office.name, state, _day(form.at) > due, form.at, signed=False)
    return Expectation(office.code, office.name, ReportState.MISSING)


def _order(package: Package) -> tuple[datetime, datetime, int]:
    """An older one is never taken after a newer one; numbers fall back when a backup was restored."""
    return datetime.fromisoformat(package.at), datetime.fromisoformat(package.created), package.number


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
