"""A record that went on while somebody was typing: what it says now, and saving one revision that follows all there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riskdesk.domain.merging import Clash, Side, clashes, merged
from riskdesk.domain.records import Record, record_to_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.errors import InputError
from riskdesk.services import entry
from riskdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What somebody types (`mine`), made from the revision `base_hash`, beside what stands there `now`.

    `other` is the revision to compare with; `now` are all that are joined by a save.
    """

    mine: Record
    base_hash: str
    base: Record | None
    other: Revision
    now: tuple[Revision, ...]

    @property
    def theirs(self) -> Record:
        """What the other revision says."""
        return entry.record_of(self.other)

    @property
    def is_forked(self) -> bool:
        """Whether what is typed was made from one of several versions, so that nobody changed it meanwhile."""
        return any(step.hash == self.base_hash for step in self.now)

    @property
    def clashes(self) -> list[Clash]:
        """Where both differ."""
        return clashes(self.base, self.mine, self.theirs)


def overtaken(desk: Desk, mine: Record, object_id: str, base_hash: str) -> Overtaken | None:
    """Return what a record says that was changed since `base_hash`; None if it was not."""
    steps = desk.revisions.of(object_id)
    now = tuple(heads(steps))
    other = next((step for step in now if step.hash != base_hash), None)
    if other is None:
        return None
    forked = any(step.hash == base_hash for step in now)  # then neither of the two was made from the other
    base = None if forked else next((entry.record_of(step) for step in steps if step.hash == base_hash), None)
    return Overtaken(mine, base_hash, base, other, now)


def looked_again(desk: Desk, given: Overtaken) -> Overtaken:
    """Return the same with what the record says by now."""
    return overtaken(desk, given.mine, given.other.object_id, given.base_hash) or given


def save(desk: Desk, given: Overtaken, chosen: Mapping[str, Side], reason: str = "") -> Revision:
    """Save what was chosen of every clash as one revision after all there are; what was typed and not chosen is audited.

    Raises `InputError` as `entry.save` does, and if the record went on once more since `given` was looked at.
    """
    object_id = given.other.object_id
    if {step.hash for step in heads(desk.revisions.of(object_id))} != {step.hash for step in given.now}:
        raise InputError("这条记录刚刚又被修改，差异已更新。请再核对一次后保存。")
    _keep_what_is_left_out(desk, given, chosen)
    record = merged(given.base, given.mine, given.theirs, chosen)
    base = given.other.hash if len(given.now) == 1 else ""  # "" follows all, of which the ones above are known
    return entry.save(desk, record, object_id, base=base, reason=reason)


def _keep_what_is_left_out(desk: Desk, given: Overtaken, chosen: Mapping[str, Side]) -> None:
    typed = [each.name for each in given.clashes if each.side is not Side.THEIRS]
    if any(chosen[name] is Side.THEIRS for name in typed):
        with desk.store.write(desk.office.person, "merge") as writing:
            writing.detail["dropped_drafts"] = {given.other.object_id: record_to_body(given.mine)}
