"""What is due once a year: from when on it is reminded of, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_DECEMBER = 12
_LONG_BEFORE = timedelta(days=62)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One year's turn: it is about `year`, reminded of from `begins` on, and due on `due`."""

    year: int
    begins: date
    due: date


def report_cycle(due: date) -> Cycle:
    """Return the turn of the yearly report: reminded of from 1 December, or 30 days before a due date at another time of the year."""
    december = date(due.year if due.month == _DECEMBER else due.year - 1, _DECEMBER, 1)
    if due - december <= _LONG_BEFORE:
        return Cycle(december.year, december, due)
    return Cycle(due.year, due - _MONTH, due)


def sheet_cycle(due: date) -> Cycle:
    """Return the turn of the stations' sheets: reminded of from 30 days before they are due."""
    return Cycle(due.year, due - _MONTH, due)


def begun(today: date, month_day: str, cycle_of: Callable[[date], Cycle]) -> list[Cycle]:
    """Return the last two turns that have begun by a day, the newest first; `month_day` is 12-31, a day that every year has."""
    turns = (
        cycle_of(date.fromisoformat(f"{year}-{month_day}"))
        for year in (today.year + 1, today.year, today.year - 1, today.year - 2)
    )
    return [each for each in turns if each.begins <= today][:2]
