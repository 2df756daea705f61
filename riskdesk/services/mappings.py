"""Which column of a sender's table is read as what, remembered from the last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riskdesk.domain.body import to_body
from riskdesk.domain.canonical import digest
from riskdesk.domain.offices import spelling
from riskdesk.domain.table_mapping import SourceColumn, TableMapping
from riskdesk.errors import InputError
from riskdesk.services.desk import Desk
from riskdesk.store.connection import Writing

_KEY = "mappings"
_MOST = 500  # senders; the one longest unused goes first


def sender_of(unit: str, columns: Sequence[SourceColumn]) -> str:
    """Return by what a sender is known again: the unit that the form names, and the headings of its table."""
    titles = digest(sorted(column.title for column in columns))[:16]
    return f"{spelling(unit)}/{titles}"


def remembered(desk: Desk, sender: str) -> TableMapping | None:
    """Return how the columns of this sender were read the last time, None if nothing was chosen."""
    known = _known(desk).get(sender)
    if known is None:
        return None
    try:
        return TableMapping.from_json(known)
    except InputError:  # written by a newer program: its fields are unknown here
        return None


def remember(desk: Desk, writing: Writing, sender: str, mapping: TableMapping) -> None:
    """Keep how the columns of this sender are read."""
    known = dict(_known(desk))
    body = to_body(mapping)
    if known.get(sender) == body:
        return
    known.pop(sender, None)
    known[sender] = body
    desk.settings.put(writing, _KEY, dict(list(known.items())[-_MOST:]))
    writing.detail.setdefault("mappings", []).append(sender)


def _known(desk: Desk) -> Mapping[str, Any]:
    return desk.settings.get(_KEY) or {}
