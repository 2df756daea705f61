"""Lists of records with what became of each: to be checked, checked, sealed, or changed since it was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from riskdesk.domain.handoff import HandedState
from riskdesk.domain.listing import RecordState
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
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
    """A record with its state; `unit` is the name of the office that it is reported for, "" for this one."""

    row: RecordRow
    state: RecordState
    unit: str = ""


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


def with_units(desk: Desk, given: Sequence[Listed]) -> list[Listed]:
    """Return the records with the names of their units, in the same order."""
    others = {each.row.org for each in given} - {desk.office.code}
    roster = roster_of(desk) if others else None
    names = {code: roster.name_of(code) for code in others} if roster else {}
    return [replace(each, unit=each.row.unit or names.get(each.row.org, "")) for each in given]


def state_of_record(desk: Desk, object_id: str) -> RecordState | None:
    """Return what became of one record, None if there is none."""
    row = desk.records.get(object_id)
    return None if row is None else state_of(row)


def state_of(row: RecordRow) -> RecordState:
    """Return what became of a record: a fork comes before all else, a report before open problems."""
    if row.heads > 1:
        return RecordState.FORKED
    if row.sealed:
        return RecordState.CHANGED if row.sealed == _CHANGED_SINCE else _HANDED[HandedState(row.handed)]
    return RecordState.UNCHECKED if row.problems else RecordState.CHECKED
