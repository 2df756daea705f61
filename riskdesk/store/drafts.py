"""Drafts: records that are not ready to be saved as revisions; the only content that changes in place, never exported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from riskdesk.store.connection import Store, Writing


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-finished record; `object_id` and `base_hash` name the revision that it changes, "" for a new record."""

    id: str
    object_id: str
    base_hash: str
    body: dict[str, Any]
    saved_at: str


class Drafts:
    """Keeps half-finished records."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, writing: Writing, draft: Draft, at: datetime) -> None:
        """Save a draft, new or again."""
        writing.connection.execute(
            "INSERT INTO draft (id, object_id, base_hash, body, saved_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET object_id = excluded.object_id, base_hash = excluded.base_hash,"
            " body = excluded.body, saved_at = excluded.saved_at",
            (
                draft.id,
                draft.object_id,
                draft.base_hash,
                json.dumps(draft.body, ensure_ascii=False),
                at.isoformat(timespec="seconds"),
            ),
        )

    def drop(self, writing: Writing, draft_id: str) -> None:
        """Remove a draft that became a revision, or that a person threw away; its text stays in the audit log."""
        row = writing.connection.execute("SELECT body FROM draft WHERE id = ?", (draft_id,)).fetchone()
        if row is not None:
            writing.detail.setdefault("dropped_drafts", {})[draft_id] = json.loads(row[0])
            writing.connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))

    def count(self) -> int:
        """Return how many drafts there are."""
        [(count,)] = self._store.read("SELECT count(*) FROM draft")
        return int(count)

    def every(self) -> list[Draft]:
        """Return all drafts, oldest first."""
        rows = self._store.read("SELECT id, object_id, base_hash, body, saved_at FROM draft ORDER BY saved_at, id")
        return [Draft(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in rows]
