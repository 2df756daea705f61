"""The append-only revisions: adding is set union, and the projections of the touched objects follow in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from riskdesk.domain.extracts import Extract
from riskdesk.domain.revisions import Revision, heads
from riskdesk.errors import StoreDamagedError
from riskdesk.store.connection import Store, Writing
from riskdesk.store.faults import DAMAGED_TEXT
from riskdesk.store.projection import project, project_first
from riskdesk.store.rows import REVISION_COLUMNS, revision_from_row, revision_to_row

_TIP = """NOT EXISTS (
    SELECT 1 FROM superseded s
    WHERE s.hash = standing_revision.hash AND s.object_id = standing_revision.object_id AND s.kind = standing_revision.kind
)"""


class Revisions:
    """Gives and takes `Revision`s; nobody outside the store sees a row."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, writing: Writing, steps: Sequence[Revision], extracts: Mapping[str, Extract] | None = None) -> int:
        """Add what is not there yet; return how many were new. Any order, any repetition gives the same state.

        `extracts` are those of the records' revisions, by hash, that are at hand already.
        """
        rows = {step.hash: _proved_row(step) for step in steps}
        connection = writing.connection
        back = self._brought_back(connection, steps)
        new = self._without_known(steps)
        records = [step for step in (*back, *new) if step.kind == "record"]
        are_first = self._are_first(records)
        connection.executemany(
            f"INSERT INTO revision ({REVISION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [rows[step.hash] for step in new],
        )
        connection.executemany(
            "INSERT INTO superseded (hash, object_id, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(ancestor, step.object_id, step.kind) for step in (*back, *new) for ancestor in step.ancestors],
        )
        if are_first:
            writing.reindexing.append(project_first(connection, records, extracts or {}))
        else:
            writing.reindexing += project(connection, [step.object_id for step in records], extracts)
        return len(back) + len(new)

    def _brought_back(self, connection: sqlite3.Connection, steps: Sequence[Revision]) -> list[Revision]:
        """Return the revisions that were here and had been taken back; they stand again."""
        hidden = self._among([step.hash for step in steps], "hidden_revision")
        back = [step for step in {step.hash: step for step in steps}.values() if step.hash in hidden]
        connection.executemany("DELETE FROM hidden_revision WHERE hash = ?", [(step.hash,) for step in back])
        return back

    def _without_known(self, steps: Sequence[Revision]) -> list[Revision]:
        """Return the revisions that are not here yet, each once, in their order."""
        known = self._among([step.hash for step in steps], "revision")
        return [step for step in {step.hash: step for step in steps}.values() if step.hash not in known]

    def _are_first(self, steps: Sequence[Revision]) -> bool:
        """Tell whether nothing is here of any of the objects, and each occurs once."""
        object_ids = [step.object_id for step in steps]
        return len(set(object_ids)) == len(object_ids) and not self._among(object_ids, "revision", "object_id")

    def _among(self, values: Sequence[str], table: str, column: str = "hash") -> set[str]:
        """Return those of the values that a column of a table holds."""
        found: set[str] = set()
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            marks = ", ".join("?" * len(part))
            rows = self._store.read(f"SELECT {column} FROM {table} WHERE {column} IN ({marks})", part)
            found.update(value for (value,) in rows)
        return found

    def of(self, object_id: str) -> list[Revision]:
        """Return all revisions of an object, oldest first."""
        return self._read("WHERE object_id = ? ORDER BY rev_no, hash", (object_id,))

    def of_objects(self, object_ids: Sequence[str]) -> dict[str, list[Revision]]:
        """Return all revisions of some objects, by object, oldest first; objects without any are left out."""
        found: dict[str, list[Revision]] = {}
        wanted = list(dict.fromkeys(object_ids))
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            for step in self._read(f"WHERE object_id IN ({', '.join('?' * len(part))}) ORDER BY rev_no, hash", part):
                found.setdefault(step.object_id, []).append(step)
        return found

    def by_hash(self, wanted: str) -> Revision | None:
        """Return the revision with the hash, None if it is not here."""
        return next(iter(self._read("WHERE hash = ?", (wanted,))), None)

    def of_kind(self, kind: str) -> list[Revision]:
        """Return all revisions of a kind other than `record` (those are too many to want at once)."""
        return self._read("WHERE kind = ? AND kind <> 'record' ORDER BY object_id, rev_no, hash", (kind,))

    def newest_of_kind(self, kind: str) -> list[Revision]:
        """Return, for each object of a kind other than `record`, the revision that stands for it; no version before it is read."""
        by_object: dict[str, list[Revision]] = {}
        for step in self._read(f"WHERE kind = ? AND kind <> 'record' AND {_TIP} ORDER BY object_id", (kind,)):
            by_object.setdefault(step.object_id, []).append(step)
        return [heads(steps)[0] for steps in by_object.values()]

    def tips(self, object_id: str) -> list[Revision]:
        """Return the revisions of an object that nothing follows, the one that stands for it first; no version before them is read."""
        return heads(self._read(f"WHERE object_id = ? AND {_TIP}", (object_id,)))

    def every(self) -> Iterator[Revision]:
        """Go through all revisions in the order of their arrival, without holding them."""
        for row in self._store.read_each(f"SELECT {REVISION_COLUMNS} FROM revision ORDER BY rid"):
            yield _revision(row)

    def _read(self, where: str, values: Sequence[Any]) -> list[Revision]:
        rows = self._store.read(f"SELECT {REVISION_COLUMNS} FROM standing_revision {where}", values)
        return [_revision(row) for row in rows]


def _proved_row(step: Revision) -> tuple[Any, ...]:
    try:
        return revision_to_row(step)
    except (ValueError, TypeError, RecursionError) as error:  # also what could never have been hashed
        raise StoreDamagedError(f"修订 {step.hash[:12]} 的内容与其校验值不符，没有写入。") from error


def _revision(row: Sequence[Any]) -> Revision:
    try:
        return revision_from_row(row)
    except ValueError as error:
        raise StoreDamagedError(DAMAGED_TEXT) from error
