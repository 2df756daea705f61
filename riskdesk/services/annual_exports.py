"""Of which years the yearly report was written out; then it is not reminded of any more."""

from __future__ import annotations

from riskdesk import clock
from riskdesk.services.desk import Desk

_KEY = "annual_exported"


def is_exported(desk: Desk, year: int) -> bool:
    """Tell whether a report of the year was written out."""
    return str(year) in (desk.settings.get(_KEY) or {})


def note(desk: Desk, year: int) -> None:
    """Note that a report of the year was written out now."""
    noted = desk.settings.get(_KEY) or {}
    with desk.store.write(desk.office.person, "export annual report") as writing:
        writing.detail.update(year=year)
        desk.settings.put(writing, _KEY, {**noted, str(year): clock.now().isoformat(timespec="seconds")})
