"""What an import does to drafts: rows that were left out become some, once; those of rows that were taken are dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from riskdesk import clock
from riskdesk.domain.canonical import canonical
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.records import record_to_body
from riskdesk.services.desk import Desk
from riskdesk.services.import_plan import Planned
from riskdesk.store.connection import Writing
from riskdesk.store.drafts import Draft
from riskdesk.store.ids import new_id

_SAYS_NEWS = (Outcome.NEW, Outcome.UPDATED, Outcome.CONFLICT, Outcome.REJECTED)
_Known = tuple[str, bytes]  # the record that a draft changes ("" for none), and what the draft says


def drop_taken(desk: Desk, writing: Writing, rows: Iterable[Planned]) -> None:
    """Drop the drafts that say just what a taken row says; their text stays in the audit log."""
    drafts = desk.drafts.every()
    if not drafts:
        return
    taken = {known for row in rows if row.taken for known in (_known(row.object_id, row), _known("", row))}
    for draft in drafts:
        if (draft.object_id, _said(draft.body)) in taken:
            desk.drafts.drop(writing, draft.id)


def put_left_out(desk: Desk, writing: Writing, rows: Iterable[Planned]) -> list[str]:
    """Keep what was not taken and is no draft yet as drafts; return their ids."""
    known = {(each.object_id, _said(each.body)) for each in desk.drafts.every()}
    kept = []
    for row in rows:
        if row.taken or row.outcome not in _SAYS_NEWS:
            continue
        object_id = row.object_id if row.base else ""
        says = _known(object_id, row)
        if says not in known:
            known.add(says)
            draft = Draft(new_id(), object_id, row.base, record_to_body(row.record), "")
            desk.drafts.put(writing, draft, clock.now())
            kept.append(draft.id)
    return kept


def _known(object_id: str, row: Planned) -> _Known:
    return object_id, _said(record_to_body(row.record))


def _said(body: Mapping[str, Any]) -> bytes:
    return canonical(dict(body))
