"""更正: a reasoned change of a record, also of one that is sealed; and deciding between its two versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskdesk.domain.reconcile import differences
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision, heads
from riskdesk.domain.titles import TITLES
from riskdesk.errors import InputError, VersionsError
from riskdesk.services import entry
from riskdesk.services.desk import Desk

FIELDS = ("product", "content", "analysis", "suggestion", "regions_text", "sources_text")
_SHORTEST = 6  # characters of an id


def correct(desk: Desk, record_id: str, changes: Mapping[str, str], reason: str, keep: str = "") -> Revision:
    """Save the record's next revision; with `keep` (a revision's hash or its beginning) that version is gone on from.

    Raises `InputError` for an unknown record, version or field, and as `entry.save` does.
    """
    if unknown := sorted(set(changes) - set(FIELDS)):
        raise InputError(f"不能这样修改“{'、'.join(unknown)}”。可以修改：{'、'.join(FIELDS)}。")
    object_id = _record(desk, record_id)
    steps = desk.revisions.of(object_id)
    tips = heads(steps)
    if len(tips) > 1 and not keep:
        raise VersionsError(f"这条记录有 {len(tips)} 个版本：{_told(tips)}。请指明以哪个版本为准。")
    base = _version(steps, keep) if keep else tips[0]
    record: Record = entry.record_of(base).edited(**changes)
    return entry.save(desk, record, object_id, reason=reason)


def _told(tips: Sequence[Revision]) -> str:
    """Return the numbers of versions with who made them and when, and in what the others differ from the first."""
    first, *others = tips
    told = [f"{first.hash[:12]}（{_made(first)}）"]
    for other in others:
        changes = differences(entry.record_of(first), entry.record_of(other))
        texts = [
            f"{TITLES.get(each.field, each.field)}“{each.after!s:.30}”而不是“{each.before!s:.30}”" for each in changes
        ]
        told.append(f"{other.hash[:12]}（{'，'.join((_made(other), *texts))}）")
    return "；".join(told)


def _made(step: Revision) -> str:
    return f"{step.author} {step.at[:16].replace('T', ' ')}"


def _record(desk: Desk, record_id: str) -> str:
    found = {row.id for row in desk.records.every() if len(record_id) >= _SHORTEST and row.id.startswith(record_id)}
    if len(found) != 1:
        raise InputError(f"没有编号为 {record_id} 的记录，或编号不完整。请在列表中核对编号。")
    return found.pop()


def _version(steps: list[Revision], keep: str) -> Revision:
    found = [step for step in steps if len(keep) >= _SHORTEST and step.hash.startswith(keep)]
    if len(found) != 1:
        raise InputError(f"这条记录没有编号为 {keep} 的版本。")
    return found[0]
