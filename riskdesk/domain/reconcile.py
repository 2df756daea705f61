"""What becomes of a row that was read: new, same, updated, stale, conflict or rejected; every row gets exactly one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from riskdesk.domain.enterprise_count import EnterpriseCount
from riskdesk.domain.records import Record, SourceDetail, record_from_body
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


_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms of ASCII
_SPACES = re.compile(r"[ \t\u3000\xa0]+")


def folded(text: str) -> str:
    """Return the text for comparing: spaces and the width of letters, digits and signs are nothing that anybody meant."""
    return _SPACES.sub("", text.translate(_WIDTHS))


_READ_FROM = {"region_codes": "regions_text", "source_codes": "sources_text"}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a row says, as fields of a record; `derived` names those that were only read out of one of its texts."""

    fields: Mapping[str, Any]
    derived: frozenset[str] = frozenset()

    def news(self, record: Record) -> dict[str, Any]:
        """Return the fields in which the row says something else than the record.

        What was only read out of a text is no news while the text is the same: a person may have put it right.
        """
        found: dict[str, Any] = {}
        for name, value in self.fields.items():
            old = getattr(record, name)
            if name in self.derived and _same(self.fields.get(_READ_FROM[name]), getattr(record, _READ_FROM[name])):
                continue
            told = _joined(old, value) if name == "source_detail" else value
            if not _same(told, old):
                found[name] = told
        return found


def judge(steps: Sequence[Revision], brought: Brought, base: str | None, sealed: Collection[str]) -> Outcome:
    """Return what a row means for the record whose revisions are `steps`.

    `base` is the hash of the revision that the copy was made from, "" if a copy does not tell it, None if the row is no copy
    but named by its key or text; `sealed` are the hashes that stand in sealed reports. Older content never overwrites newer:
    what the record once said is stale, unless it was typed over the newest. A change of what is sealed, forked or in the
    bin, or of what went on since the copy was made, is for a person.
    """
    tips = heads(steps)
    newest, withdrawn = tips[0], tips[0].state is RevisionState.WITHDRAWN
    if not brought.news(record_from_body(newest.body)):
        return Outcome.STALE if withdrawn else Outcome.SAME
    if base != newest.hash and any(not brought.news(record_from_body(step.body)) for step in steps):
        return Outcome.STALE
    moved_on = len(steps) > 1 if base == "" else base not in (None, newest.hash)
    if moved_on or withdrawn or len(tips) > 1 or any(step.hash in sealed for step in steps):
        return Outcome.CONFLICT
    return Outcome.UPDATED


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, EnterpriseCount) and isinstance(other, EnterpriseCount):
        return folded(one.text) == folded(other.text)
    if isinstance(one, str) and isinstance(other, str):
        return folded(one) == folded(other)
    return bool(one == other)


def _joined(old: SourceDetail, new: SourceDetail) -> SourceDetail:
    """Return the detail with what the row tells, and the rest as it was."""
    told = {each.name: getattr(new, each.name) for each in fields(new) if getattr(new, each.name)}
    return replace(old, **told)


def differences(before: Record, after: Record) -> list[FieldDifference]:
    """Return the fields in which two records differ, in the order of the record."""
    pairs = ((each.name, getattr(before, each.name), getattr(after, each.name)) for each in fields(Record))
    return [FieldDifference(name, old, new) for name, old, new in pairs if old != new]
