"""What becomes of a row that was read: new, same, updated, stale, conflict or rejected; every row gets exactly one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from riskdesk.domain.records import Record, record_from_body
from riskdesk.domain.revisions import Revision, RevisionState, heads


class Outcome(StrEnum):
    """The six outcomes; `read` is always their sum."""

    NEW = "new"
    SAME = "same"
    UPDATED = "updated"
    STALE = "stale"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs, before and after."""

    field: str
    before: Any
    after: Any


def judge(steps: Sequence[Revision], changes: Mapping[str, Any], base: str, sealed: frozenset[str]) -> Outcome:
    """Return what a row means for the record whose revisions are `steps`.

    `changes` holds the fields that the row has; `base` is the hash of the revision that the copy was made from, "" if it is
    not told; `sealed` the hashes that stand in sealed reports. Older content never overwrites newer: what the record once
    said is stale. A change of what is sealed, or of what went on since the copy was made, is for a person.
    """
    tips = heads(steps)
    current = record_from_body(tips[0].body)
    if says_the_same(current, changes):
        return Outcome.STALE if tips[0].state is RevisionState.WITHDRAWN else Outcome.SAME
    if any(says_the_same(record_from_body(step.body), changes) for step in steps):
        return Outcome.STALE
    moved_on = bool(base) and base != tips[0].hash
    if moved_on or len(tips) > 1 or tips[0].hash in sealed or tips[0].state is RevisionState.WITHDRAWN:
        return Outcome.CONFLICT
    return Outcome.UPDATED


def says_the_same(record: Record, changes: Mapping[str, Any]) -> bool:
    """Tell whether the record already holds all that the row says."""
    return all(getattr(record, name) == value for name, value in changes.items())


def differences(before: Record, after: Record) -> list[FieldDifference]:
    """Return the fields in which two records differ, in the order of the record."""
    pairs = ((each.name, getattr(before, each.name), getattr(after, each.name)) for each in fields(Record))
    return [FieldDifference(name, old, new) for name, old, new in pairs if old != new]
