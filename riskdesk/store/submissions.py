"""Reports of a period: a list of revision hashes that can grow while it is a draft and is frozen when sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from riskdesk.store.connection import Store, Writing
from riskdesk.store.ids import new_id
from riskdesk.store.projection import note_sealed


@dataclass(frozen=True, slots=True)
class Submission:
    """One report; `number` counts the reports of an office, period and kind from 1; no items and `nil` 1 is 零报告."""

    id: str
    org: str
    period: str
    kind: str
    number: int
    status: str
    nil: int
    reason: str
    at: str
    items: tuple[str, ...]


class Submissions:
    """Keeps the reports of this office."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put_draft(
        self, writing: Writing, *, org: str, period: str, kind: str, items: Sequence[str], at: datetime
    ) -> Submission:
        """Make or replace the draft of the next report of the period; return it."""
        connection = writing.connection
        row = connection.execute(
            "SELECT id, number FROM submission WHERE org = ? AND period = ? AND kind = ? AND status = 'draft'",
            (org, period, kind),
        ).fetchone()
        if row is None:
            [last] = connection.execute(
                "SELECT coalesce(max(number), 0) FROM submission WHERE org = ? AND period = ? AND kind = ?",
                (org, period, kind),
            ).fetchone()
            row = (new_id(), last + 1)
            connection.execute(
                "INSERT INTO submission (id, org, period, kind, number, status, nil, reason, at)"
                " VALUES (?, ?, ?, ?, ?, 'draft', 0, '', ?)",
                (row[0], org, period, kind, row[1], at.isoformat(timespec="seconds")),
            )
        connection.execute("DELETE FROM submission_item WHERE submission_id = ?", (row[0],))
        connection.executemany(
            "INSERT INTO submission_item (submission_id, position, rev_hash) VALUES (?, ?, ?)",
            [(row[0], position, item) for position, item in enumerate(items, 1)],
        )
        return self._get(row[0])

    def seal(self, writing: Writing, submission_id: str, *, nil: bool, reason: str, at: datetime) -> Submission:
        """Freeze a draft for good; `reason` says why it is late or corrects an earlier one, else ""."""
        writing.connection.execute(
            "UPDATE submission SET status = 'sealed', nil = ?, reason = ?, at = ? WHERE id = ?",
            (int(nil), reason, at.isoformat(timespec="seconds"), submission_id),
        )
        note_sealed(writing.connection, submission_id)
        return self._get(submission_id)

    def of_period(self, period: str) -> list[Submission]:
        """Return the reports of a period, drafts too, in their order."""
        rows = self._store.read("SELECT id FROM submission WHERE period = ? ORDER BY kind, number", (period,))
        return [self._get(row[0]) for row in rows]

    def sealed_revisions(self) -> dict[str, set[str]]:
        """Return, by record id, the hashes of the revisions that stand in sealed reports."""
        rows = self._store.read(
            "SELECT DISTINCT r.object_id, r.hash FROM submission s JOIN submission_item i ON i.submission_id = s.id"
            " JOIN revision r ON r.hash = i.rev_hash WHERE s.status = 'sealed'"
        )
        sealed: dict[str, set[str]] = {}
        for object_id, own_hash in rows:
            sealed.setdefault(object_id, set()).add(own_hash)
        return sealed

    def sealed_of(self, object_id: str) -> set[str]:
        """Return the hashes of the revisions of one object that stand in sealed reports."""
        rows = self._store.read(
            "SELECT r.hash FROM revision r JOIN submission_item i ON i.rev_hash = r.hash"
            " JOIN submission s ON s.id = i.submission_id WHERE r.object_id = ? AND s.status = 'sealed'",
            (object_id,),
        )
        return {own_hash for (own_hash,) in rows}

    def _get(self, submission_id: str) -> Submission:
        [head] = self._store.read(
            "SELECT id, org, period, kind, number, status, nil, reason, at FROM submission WHERE id = ?",
            (submission_id,),
        )
        items = self._store.read(
            "SELECT rev_hash FROM submission_item WHERE submission_id = ? ORDER BY position", (submission_id,)
        )
        return Submission(*(*head, tuple(item[0] for item in items)))
