"""Taking an import back: what it brought is hidden, not deleted, and comes back when it is taken again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskdesk.store.connection import Store, Writing
from riskdesk.store.projection import forget_fingerprints, project

# revisions that this import added and no other import that stands was about
_ONLY = """
    SELECT own.rev_hash FROM run_revision own WHERE own.run_id = ? AND EXISTS (
        SELECT 1 FROM run_revision a WHERE a.rev_hash = own.rev_hash AND a.added = 1
    ) AND NOT EXISTS (
        SELECT 1 FROM run_revision other WHERE other.rev_hash = own.rev_hash AND other.run_id <> ?
        AND NOT EXISTS (SELECT 1 FROM undone_run u WHERE u.run_id = other.run_id)
    )
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One import: when, by whom, what for, and whether it was taken back."""

    id: str
    at: str
    actor: str
    period: str
    is_undone: bool
    revisions: int


class Undoing:
    """Knows what each import brought."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, run_id: str) -> Run | None:
        """Return one import, None if there is none."""
        return next(iter(self._runs("WHERE r.id = ?", (run_id,))), None)

    def runs(self) -> list[Run]:
        """Return all imports, the newest first."""
        return self._runs("ORDER BY r.at DESC, r.id DESC", ())

    def brought(self, run_id: str) -> list[str]:
        """Return the hashes that would be hidden if the import were taken back."""
        return [rev_hash for (rev_hash,) in self._store.read(_ONLY, (run_id, run_id))]

    def followed(self, hashes: Sequence[str]) -> list[str]:
        """Return the objects of which something follows one of the revisions that is not itself among them."""
        chosen = set(hashes)
        found = []
        for rev_hash in hashes:
            for object_id, follower in self._store.read(
                "SELECT r.object_id, f.hash FROM revision r JOIN standing_revision f ON f.object_id = r.object_id,"
                " json_each(f.ancestors) a WHERE r.hash = ? AND a.value = r.hash",
                (rev_hash,),
            ):
                if follower not in chosen:
                    found.append(object_id)
        return list(dict.fromkeys(found))

    def undo(self, writing: Writing, run_id: str, hashes: Sequence[str], at: str) -> None:
        """Hide the revisions in the running transaction; the lists follow."""
        connection = writing.connection
        connection.execute("INSERT INTO undone_run (run_id, at) VALUES (?, ?)", (run_id, at))
        connection.executemany("INSERT INTO hidden_revision (hash) VALUES (?)", [(each,) for each in hashes])
        touched = []
        for rev_hash in hashes:
            [(object_id, kind, ancestors)] = self._store.read(
                "SELECT object_id, kind, ancestors FROM revision WHERE hash = ?", (rev_hash,)
            )
            touched.append(object_id)
            connection.execute(
                "DELETE FROM superseded WHERE object_id = ? AND kind = ? AND hash IN (SELECT value FROM json_each(?))"
                " AND NOT EXISTS (SELECT 1 FROM standing_revision s, json_each(s.ancestors) a"
                " WHERE s.object_id = superseded.object_id AND s.kind = superseded.kind AND a.value = superseded.hash)",
                (object_id, kind, ancestors),
            )
        forget_fingerprints(connection, set(touched))
        writing.reindexing += project(connection, touched)

    def _runs(self, where: str, values: Sequence[str]) -> list[Run]:
        rows = self._store.read(
            "SELECT r.id, r.at, r.actor, r.period, EXISTS (SELECT 1 FROM undone_run u WHERE u.run_id = r.id),"
            f" (SELECT count(*) FROM run_revision v WHERE v.run_id = r.id AND v.added = 1) FROM import_run r {where}",
            values,
        )
        return [
            Run(run_id, at, actor, period, bool(undone), added) for run_id, at, actor, period, undone, added in rows
        ]
