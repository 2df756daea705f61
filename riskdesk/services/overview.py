"""Lists of records with what became of each: draft, sealed, or changed since it was sealed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from riskdesk.services.desk import Desk
from riskdesk.store.records import RecordRow

_ALL = -1  # SQLite's word for no limit


class RecordState(StrEnum):
    """草稿、已封存、封存后有更正、版本冲突."""

    DRAFT = "draft"
    SEALED = "sealed"
    CHANGED = "changed"
    FORKED = "forked"


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
    sealed = desk.submissions.sealed_revisions()
    return [Listed(row, _state(row, sealed.get(row.id, set()))) for row in rows]


def _state(row: RecordRow, sealed: set[str]) -> RecordState:
    if row.heads > 1:
        return RecordState.FORKED
    if not sealed:
        return RecordState.DRAFT
    return RecordState.SEALED if row.revision in sealed else RecordState.CHANGED
