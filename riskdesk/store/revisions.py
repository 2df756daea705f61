"""The append-only revisions: adding is set union, and the projections of the touched objects follow in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from riskdesk.domain.revisions import Revision, revision_hash
from riskdesk.errors import StoreDamagedError
from riskdesk.store.connection import Store, Writing
from riskdesk.store.projection import project
from riskdesk.store.rows import REVISION_COLUMNS, revision_from_row, revision_to_row


class Revisions:
    """Gives and takes `Revision`s; nobody outside the store sees a row."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, writing: Writing, steps: Sequence[Revision]) -> int:
        """Add what is not there yet; return how many were new. Any order, any repetition gives the same state."""
        for step in steps:
            if revision_hash(step) != step.hash:
                raise StoreDamagedError(f"修订 {step.hash[:12]} 的内容与其校验值不符，没有写入。")
        connection = writing.connection
        before = connection.total_changes
        connection.executemany(
            f"INSERT INTO revision ({REVISION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            [revision_to_row(step) for step in steps],
        )
        added = connection.total_changes - before
        connection.executemany(
            "INSERT INTO superseded (hash) VALUES (?) ON CONFLICT DO NOTHING",
            [(ancestor,) for step in steps for ancestor in step.ancestors],
        )
        project(connection, {step.object_id for step in steps if step.kind == "record"})
        return added

    def of(self, object_id: str) -> list[Revision]:
        """Return all revisions of an object, oldest first."""
        return self._read("WHERE object_id = ? ORDER BY rev_no, hash", (object_id,))

    def by_hash(self, wanted: str) -> Revision | None:
        """Return the revision with the hash, None if it is not here."""
        return next(iter(self._read("WHERE hash = ?", (wanted,))), None)

    def of_kind(self, kind: str) -> list[Revision]:
        """Return all revisions of a kind other than `record` (those are too many to want at once)."""
        return self._read("WHERE kind = ? AND kind <> 'record' ORDER BY object_id, rev_no, hash", (kind,))

    def every(self) -> Iterator[Revision]:
        """Go through all revisions in the order of their arrival, without holding them."""
        for row in self._store.connection.execute(f"SELECT {REVISION_COLUMNS} FROM revision ORDER BY rid"):
            yield revision_from_row(row)

    def _read(self, where: str, values: Iterable[Any]) -> list[Revision]:
        rows = self._store.connection.execute(f"SELECT {REVISION_COLUMNS} FROM revision {where}", tuple(values))
        return [revision_from_row(row) for row in rows.fetchall()]
