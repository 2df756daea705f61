"""Records that are not ready to be saved, and what forms held when the program was killed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from riskdesk import clock
from riskdesk.domain.canonical import canonical
from riskdesk.domain.records import Record, fingerprint, record_from_body, record_to_body
from riskdesk.domain.revisions import Revision
from riskdesk.domain.titles import changed_titles
from riskdesk.errors import FileFaultError, InputError, UserError
from riskdesk.services.desk import Desk
from riskdesk.store.drafts import Draft
from riskdesk.store.ids import new_id
from riskdesk.store.journal import Illegible, forget, illegible, unsaved

_PREFILLED = {"schema", "period", "discovered_on"}  # what a form holds before anything is typed


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A record that is not saved; `object_id` and `base` are "" for a new one, `changed` names the fields that differ.

    `unreadable` is a sentence if this program cannot make a record of it; `record` then holds what could be read as its
    content, for a person to copy.
    """

    id: str
    object_id: str
    base: str
    record: Record
    at: str
    changed: tuple[str, ...]
    unreadable: str = ""


def keep(desk: Desk, record: Record, *, draft_id: str = "", object_id: str = "", base: str = "") -> str:
    """Save a record as a draft, whatever is wrong with it; return the draft's id."""
    draft_id = draft_id or new_id()
    draft = Draft(draft_id, object_id, base, _storable(record_to_body(record)), "")
    with desk.store.write(desk.office.person, "draft") as writing:
        writing.detail["draft"] = draft_id
        desk.drafts.put(writing, draft, clock.now())
    return draft_id


def drop(desk: Desk, draft_id: str) -> None:
    """Remove a draft; its text stays in the audit log."""
    with desk.store.write(desk.office.person, "drop draft") as writing:
        desk.drafts.drop(writing, draft_id)


def count(desk: Desk) -> int:
    """Return how many drafts there are."""
    return desk.drafts.count()


def drafts(desk: Desk) -> list[Unfinished]:
    """Return all drafts, oldest first."""
    return [_unfinished(desk, each) for each in desk.drafts.every()]


def left_unsaved(desk: Desk, open_forms: Collection[str] = ()) -> list[Unfinished]:
    """Return what forms of earlier runs held and what is saved nowhere, oldest first; forget the rest.

    `open_forms` are the forms that are open now. What cannot be read is returned, too.
    """
    journals = unsaved(desk.journals)
    kept = drafts(desk) if journals else []
    asked = []
    for left in journals:
        if left.id in open_forms:
            continue
        found = _unfinished(desk, Draft(left.id, left.object_id, left.base_hash, _storable(left.body), left.at))
        if found.unreadable or not _is_settled(desk, found, kept):
            asked.append(found)
        else:
            _forget_if_possible(desk, left.id)
    for lost in illegible(desk.journals):
        if lost.id in open_forms:
            continue
        if lost.text or lost.fault:
            asked.append(_lost(lost))
        else:
            _forget_if_possible(desk, lost.id)
    return asked


def _forget_if_possible(desk: Desk, form_id: str) -> None:
    with suppress(UserError):  # it says what is saved: the next start tries again
        forget(desk.journals, form_id)


def discard(desk: Desk, unfinished: Unfinished) -> None:
    """Throw away what a form held; its text goes into the audit log first, as that of a draft does.

    Raises `UserError` if its journal cannot be read or removed now; it is asked about again then.
    """
    texts: dict[str, Any] = {each.id: _auditable(each.body) for each in unsaved(desk.journals)}
    for lost in illegible(desk.journals):
        if lost.id == unfinished.id and lost.fault:
            raise FileFaultError(lost.fault)
        texts[lost.id] = lost.text
    if unfinished.id in texts:
        with desk.store.write(desk.office.person, "discard") as writing:
            writing.detail["dropped_drafts"] = {unfinished.id: texts[unfinished.id]}
    forget(desk.journals, unfinished.id)


def _lost(left: Illegible) -> Unfinished:
    if left.fault:
        told = f"这份未保存的内容现在无法读取，没有丢失。{left.fault}"
        return Unfinished(left.id, "", "", Record(""), left.at, (), told)
    told = "这份未保存的内容已损坏，只能读出下面的文字。请核对后重新录入。"
    return Unfinished(left.id, "", "", Record("", content=left.text), left.at, (), told)


def _unfinished(desk: Desk, draft: Draft) -> Unfinished:
    try:
        record = record_from_body(draft.body)
    except (InputError, TypeError) as error:
        told = f"这份未保存的内容由更新版本的程序写入，本程序不能完全读懂（{error}）。请升级程序后再打开。"
        shown = Record("", content=json.dumps(draft.body, ensure_ascii=False, indent=1))
        return Unfinished(draft.id, draft.object_id, draft.base_hash, shown, draft.saved_at, (), told)
    step = desk.revisions.by_hash(draft.base_hash) if draft.base_hash else None
    before = record_from_body(step.body) if step else Record(record.period)
    changed = changed_titles(before, record)
    return Unfinished(draft.id, draft.object_id, draft.base_hash, record, draft.saved_at, changed)


def _is_settled(desk: Desk, left: Unfinished, kept: Iterable[Unfinished]) -> bool:
    """Tell whether what a form held is saved already, or is nothing."""
    record = left.record
    if not left.object_id and set(record_to_body(record)) <= _PREFILLED:
        return True
    if any(each.record == record and each.object_id == left.object_id for each in kept):
        return True
    return any(record_from_body(step.body) == record for step in _candidates(desk, left))


def _candidates(desk: Desk, left: Unfinished) -> list[Revision]:
    if left.object_id:
        return desk.revisions.of(left.object_id)
    content = fingerprint(left.record)
    known = desk.records.ids_by_fingerprints([content]).get(content, [])
    return [step for object_id in known for step in desk.revisions.of(object_id)]


def _storable(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body without the halves of characters that an input method may leave."""
    stored: dict[str, Any] = json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "ignore"))
    return stored


def _auditable(body: dict[str, Any]) -> Any:
    """Return the body as the audit log can hold it: as text, if a newer program put in what has no canonical form."""
    stored = _storable(body)
    try:
        canonical(stored)
    except TypeError:
        return json.dumps(stored, ensure_ascii=False)
    return stored
