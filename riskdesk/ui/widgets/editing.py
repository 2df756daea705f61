"""What a form edits: which record or draft, what of it is safe already, and what the form was opened with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision
from riskdesk.errors import InputError
from riskdesk.services import drafting, entry
from riskdesk.services.desk import Desk

_OWN = ("import_key", "links", "accepted", "original", "attachments", "extra")  # what a duplicate does not take along


@dataclass(frozen=True, slots=True)
class Editing:
    """`saved` is on the disk as revision `base` or draft `draft_id`; `start` is what the form was shown with.

    `start` carries what the form has no edit for, such as links and the fields of newer versions.
    """

    form_id: str
    saved: Record
    start: Record
    object_id: str = ""
    base: str = ""
    draft_id: str = ""

    def after(self, step: Revision) -> Editing:
        """Return what is edited after a save."""
        record = entry.record_of(step)
        return Editing(self.form_id, record, record, step.object_id, step.hash)

    def as_draft(self, draft_id: str, record: Record) -> Editing:
        """Return what is edited after the draft was kept."""
        return replace(self, draft_id=draft_id, saved=record, start=record)


def new(period: str, like: Record | None = None) -> Editing:
    """Begin a new record, as a duplicate if `like` is given."""
    empty = Record(period)
    if like is None:
        return Editing(str(uuid.uuid4()), empty, empty)
    start = like.edited(period=period, **{name: getattr(empty, name) for name in _OWN})
    return Editing(str(uuid.uuid4()), start, start)  # who changes nothing in a duplicate wants none


def opened(desk: Desk, object_id: str) -> Editing:
    """Open a record; raises `InputError` if there is none."""
    step = entry.current(desk, object_id)
    if step is None:
        raise InputError("找不到这条记录，它可能已被移走。请刷新列表后再试。")
    record = entry.record_of(step)
    return Editing(str(uuid.uuid4()), record, record, object_id, step.hash)


def resumed(desk: Desk, unfinished: drafting.Unfinished) -> Editing:
    """Go on with a draft, or with what a killed program left."""
    draft = next((each for each in drafting.drafts(desk) if each.id == unfinished.id), None)
    saved = draft.record if draft else _saved_as(desk, unfinished)
    draft_id = draft.id if draft else ""
    return Editing(unfinished.id, saved, unfinished.record, unfinished.object_id, unfinished.base, draft_id)


def _saved_as(desk: Desk, unfinished: drafting.Unfinished) -> Record:
    steps = entry.history(desk, unfinished.object_id) if unfinished.object_id else []
    base = next((step for step in steps if step.hash == unfinished.base), None)
    return entry.record_of(base) if base else Record(unfinished.record.period)
