"""Lists of records with what became of each: to be checked, checked, sealed, or changed since it was sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskdesk.domain.handoff import HandedState
from riskdesk.domain.listing import RecordState
from riskdesk.services.desk import Desk
from riskdesk.store.records import RecordRow

__all__ = ["Listed", "RecordState", "listed", "with_states"]

_ALL = -1  # SQLite's word for no limit
_HANDED = {
    HandedState.KEPT: RecordState.SEALED,
    HandedState.SENT: RecordState.SENT,
    HandedState.RECEIVED: RecordState.RECEIVED,
    HandedState.RETURNED: RecordState.RETURNED,
    HandedState.ADOPTED: RecordState.ADOPTED,
}
_CHANGED_SINCE = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A record with its state."""

    row: RecordRow
    state: RecordState


def listed(desk: Desk, period: str = "", find: str = "") -> list[Listed]:
    """Return the active records of a period ("" for all), or those that contain every word of `find`, newest first."""
    if find.strip():
        rows = desk.records.find(find, period, limit=_ALL)
    elif period:
        rows = desk.records.of_period(period)
    else:
        rows = desk.records.every()
    return with_states(rows)


def with_states(rows: Iterable[RecordRow]) -> list[Listed]:
    """Return the rows with their states, in the same order."""
    return [Listed(row, state_of(row)) for row in rows]


def state_of(row: RecordRow) -> RecordState:
    """Return what became of a record: a fork comes before all else, a report before open problems."""
    if row.heads > 1:
        return RecordState.FORKED
    if row.sealed:
        return RecordState.CHANGED if row.sealed == _CHANGED_SINCE else _HANDED[HandedState(row.handed)]
    return RecordState.UNCHECKED if row.problems else RecordState.CHECKED
