"""催报函: a letter for each office that has not reported."""

from __future__ import annotations

from pathlib import Path

from riskdesk import clock
from riskdesk.domain.deadlines import deadline
from riskdesk.files import safe_name, write_new
from riskdesk.services import calendar
from riskdesk.services.completeness import completeness
from riskdesk.services.desk import Desk


def write_letters(desk: Desk, period_id: str, folder: Path) -> tuple[Path, ...]:
    """Write a letter (PDF) for each office that is missing for the period; return the files."""
    from riskdesk.documents.reminder_letter import ReminderLetter, render_reminder

    period = desk.reference.periods.period(period_id)
    due = deadline(period, calendar.holidays_of(desk)).due
    written = []
    for office in completeness(desk, period.id).missing:
        letter = ReminderLetter(
            office=desk.office.name,
            receiver=office.name,
            period=period.id,
            start=period.start,
            end=period.end,
            due=due,
            today=clock.today(),
            phone=desk.office.phone,
            person=desk.office.person,
        )
        written.append(
            write_new(folder / f"{safe_name(f'催报函_{period.id}_{office.name}')}.pdf", render_reminder(letter))
        )
    return tuple(written)
