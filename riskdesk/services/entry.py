"""Entering and changing records one at a time: save, correct, go back, put in the bin and take out again."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from riskdesk import clock
from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Attachment, Record, record_from_body, record_to_body
from riskdesk.domain.revisions import Revision, RevisionState, heads, revision
from riskdesk.domain.validation import problems
from riskdesk.errors import InputError
from riskdesk.services.attaching import place
from riskdesk.services.desk import Desk
from riskdesk.store.ids import new_id
from riskdesk.store.journal import Journal


def save(desk: Desk, record: Record, object_id: str = "", *, base: str = "", reason: str = "") -> Revision:
    """Save a new record, or the next revision of `object_id` that was edited from the revision `base`.

    Raises `InputError` if a problem blocks it, if its period is none, if the record went on since `base` or lies in the bin,
    or if what is sealed is changed without a reason (更正) or moved to another period. Saving what is already there writes
    nothing.
    """
    desk.reference.periods.period(record.period)
    refuse_blocked(problems(record, clock.today()))
    parents = heads(desk.revisions.of(object_id)) if object_id else []
    if parents:
        _refuse_foreign(desk, parents)
        _refuse_overtaken(parents, [base] if base else [parent.hash for parent in parents])
        if parents[0].state is RevisionState.WITHDRAWN:
            raise InputError("这条记录在回收站中。请先恢复，再修改。")
        before = record_from_body(parents[0].body)
        if before == record and len(parents) == 1:
            return parents[0]
        _refuse_unreasoned(desk, object_id, reason)
        _refuse_moved(desk, object_id, before, record)
    added = _added(parents, record)
    for attachment in added:
        place(desk, attachment)  # refuses a file that is not there
    step = next_revision(desk, record, object_id or new_id(), parents=parents, reason=reason)
    _write(desk, "save", step, added)
    return step


def next_revision(
    desk: Desk,
    record: Record,
    object_id: str,
    *,
    parents: Sequence[Revision] = (),
    reason: str = "",
    state: RevisionState = RevisionState.ACTIVE,
) -> Revision:
    """Make, but do not write, the revision that says `record`."""
    return revision(
        object_id=object_id,
        kind="record",
        org=desk.office.code,
        body=record_to_body(record),
        author=desk.office.person,
        at=clock.now(),
        parents=parents,
        reason=reason,
        state=state,
    )


def withdraw(desk: Desk, object_id: str, reason: str) -> Revision:
    """Put a record into the bin; it stays in its history and in what was sealed."""
    return _change_state(desk, object_id, RevisionState.WITHDRAWN, reason)


def take_back(desk: Desk, object_id: str) -> Revision:
    """Take a record out of the bin."""
    return _change_state(desk, object_id, RevisionState.ACTIVE, "")


def go_back(desk: Desk, object_id: str, to: Revision, reason: str = "") -> Revision:
    """Give a record the content and the state that an older revision of it had, as a new revision after all heads.

    Raises `InputError` as `save` does for what is sealed. Going back to what is there writes nothing.
    """
    parents = heads(desk.revisions.of(object_id))
    if to.object_id != object_id or not parents:
        raise InputError("这个版本不属于这条记录，不能恢复。")
    _refuse_foreign(desk, parents)
    now = parents[0]
    if len(parents) == 1 and (now.body, now.state) == (to.body, to.state):
        return now
    _refuse_unreasoned(desk, object_id, reason)
    record = record_of(to)
    _refuse_moved(desk, object_id, record_of(now), record)
    step = next_revision(desk, record, object_id, parents=parents, reason=reason, state=to.state)
    _write(desk, "go back", step)
    return step


def current(desk: Desk, object_id: str) -> Revision | None:
    """Return the revision that stands for a record now, None if there is no such record."""
    return next(iter(heads(desk.revisions.of(object_id))), None)


def record_of(step: Revision) -> Record:
    """Return the record that a revision says."""
    return record_from_body(step.body)


def history(desk: Desk, object_id: str) -> list[Revision]:
    """Return all revisions of a record, oldest first."""
    return desk.revisions.of(object_id)


def journal(desk: Desk, form_id: str, object_id: str = "", base: str = "") -> Journal:
    """Open the autosave journal of a form."""
    return Journal(desk.journals, form_id, object_id=object_id, base_hash=base, monotonic=time.monotonic)


def refuse_blocked(found: Sequence[Problem]) -> None:
    """Raise `InputError` with all blocking problems at once."""
    if blocking := [each.message for each in found if each.blocking]:
        raise InputError("；".join(blocking))


def _refuse_foreign(desk: Desk, steps: Sequence[Revision]) -> None:
    """Only the office of origin revises its record; the levels above return it with a reason."""
    if steps[0].org != desk.office.code:
        raise InputError("这条记录由下级单位报来，只能由原单位更正。请把它退回原单位，并写明原因。")


def _refuse_overtaken(current: Sequence[Revision], known: Collection[str]) -> None:
    new = [step for step in current if step.hash not in known]
    if new and len(new) < len(current):
        raise InputError("这条记录有两个版本，可能来自两台电脑或恢复的备份。请核对差异，选定内容后再保存。")
    if new:
        raise InputError("这条记录在您编辑期间已被修改。请核对两个版本的差异后再保存。")


def _refuse_unreasoned(desk: Desk, object_id: str, reason: str) -> None:
    if not reason and desk.submissions.sealed_of(object_id):
        raise InputError("这条记录已封存报送，修改属于更正，请填写更正原因。")


def _refuse_moved(desk: Desk, object_id: str, before: Record, after: Record) -> None:
    if before.period != after.period and desk.submissions.sealed_of(object_id):
        raise InputError(f"这条记录已在 {before.period} 封存报送，不能移到 {after.period}，以免重复报送。")


def _added(parents: Sequence[Revision], record: Record) -> list[Attachment]:
    """Return the attachments that no revision before had; one that a backup has lost must not stop an edit."""
    before = {each.sha256 for parent in parents for each in record_of(parent).attachments}
    return [each for each in record.attachments if each.sha256 not in before]


def _change_state(desk: Desk, object_id: str, state: RevisionState, reason: str) -> Revision:
    parents = heads(desk.revisions.of(object_id))
    if not parents:
        raise InputError(f"没有编号为 {object_id} 的记录。")
    _refuse_foreign(desk, parents)
    _refuse_unreasoned(desk, object_id, reason)
    step = next_revision(
        desk, record_from_body(parents[0].body), object_id, parents=parents, reason=reason, state=state
    )
    _write(desk, str(state), step)
    return step


def _write(desk: Desk, action: str, step: Revision, attachments: Sequence[Attachment] = ()) -> None:
    with desk.store.write(desk.office.person, action) as writing:
        writing.detail.update(record=step.object_id, revision=step.hash)
        # looked at again now that nobody else can write
        _refuse_overtaken(heads(desk.revisions.of(step.object_id)), step.ancestors)
        for each in attachments:
            desk.attachments.note(writing, each.sha256, each.size, each.name)
        desk.revisions.add(writing, [step])
