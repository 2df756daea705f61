"""谁没报: the offices expected below for a period, minus what came; nil, late, returned and missing told apart."""

from __future__ import annotations

from datetime import date, datetime

from riskdesk.domain.deadlines import deadline
from riskdesk.domain.handoff import Completeness, Expectation, ReportState
from riskdesk.domain.offices import Office
from riskdesk.services import calendar
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.store.imports import FormOfUnit


def completeness(desk: Desk, period_id: str) -> Completeness:
    """Return who reported for a period and who did not, of the offices directly below that existed at its end."""
    period = desk.reference.periods.period(period_id)
    roster = roster_of(desk)
    due = deadline(period, calendar.holidays_of(desk)).due
    forms: dict[str, FormOfUnit] = {}
    for form in desk.imports.forms_of(period.id):
        named = roster.named(form.unit)
        if named is not None:
            forms[named.code] = form
    expected = roster.expected_below(desk.office.code, period.end)
    return Completeness(period.id, tuple(_expectation(desk, office, period.id, due, forms) for office in expected))


def _expectation(desk: Desk, office: Office, period: str, due: date, forms: dict[str, FormOfUnit]) -> Expectation:
    taken = desk.packages.from_sender(office.code, "report", period)
    if taken:
        newest = max(taken, key=lambda each: (each.number, each.at))
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


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
