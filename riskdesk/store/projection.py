"""What is derived from the record revisions – the record table, the fingerprints of rows, the search index – and its rebuild."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from riskdesk.domain import grams
from riskdesk.domain.extracts import Extract, extract_of
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.revisions import Revision

# kept in the data file: raise the number whenever other columns or other texts are projected from the same revisions
VERSION = f"6/{grams.VERSION}"

# what stands in a sealed report: 1 this revision, 2 only an earlier one, 0 none; a projection of reports, too
SEALED = """
    CASE WHEN EXISTS (
        SELECT 1 FROM submission_item i JOIN submission s ON s.id = i.submission_id
        WHERE i.rev_hash = {hash} AND s.status = 'sealed'
    ) THEN 1 WHEN EXISTS (
        SELECT 1 FROM revision o JOIN submission_item i ON i.rev_hash = o.hash JOIN submission s ON s.id = i.submission_id
        WHERE o.object_id = {object_id} AND s.status = 'sealed'
    ) THEN 2 ELSE 0 END
"""

# CROSS JOIN keeps the planner from scanning all revisions for a few touched objects
_WINNERS = f"""
    SELECT object_id, hash, rev_no, heads, org, state, {SEALED.format(hash="winner.hash", object_id="winner.object_id")},
        coalesce((SELECT state FROM handed_revision WHERE hash = winner.hash), 0) FROM (
        SELECT r.object_id, r.hash, r.rev_no, r.org, r.state, touched.arrival, row_number() OVER choice AS place, count(*) OVER (PARTITION BY r.object_id) AS heads
        FROM touched CROSS JOIN revision r ON r.object_id = touched.object_id
        WHERE r.kind = 'record' AND NOT EXISTS (
            SELECT 1 FROM superseded s WHERE s.hash = r.hash AND s.object_id = r.object_id AND s.kind = r.kind
        ) AND NOT EXISTS (SELECT 1 FROM hidden_revision h WHERE h.hash = r.hash)
        WINDOW choice AS (PARTITION BY r.object_id ORDER BY r.rev_no DESC, r.hash DESC)
    ) AS winner WHERE place = 1 ORDER BY arrival
"""
_STANDING = """
    SELECT r.object_id, r.hash, r.rid FROM touched CROSS JOIN revision r ON r.object_id = touched.object_id
    WHERE r.kind = 'record' AND NOT EXISTS (SELECT 1 FROM hidden_revision h WHERE h.hash = r.hash)
"""
_AT_ONCE = 1000  # objects, so that a rebuild does not hold all texts


class _Winner(NamedTuple):
    object_id: str
    rev_hash: str
    rev_no: int
    heads: int
    org: str
    state: str
    sealed: int
    handed: int


_STORED = Extract._fields.index("fingerprint")  # fields before it are columns
_NAMES = (*_Winner._fields, *Extract._fields[:_STORED])
COLUMNS = ", ".join(_NAMES)
_MARKS = ", ".join("?" * len(_NAMES))
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])


class Projected(NamedTuple):
    """What the projections of some objects should hold: rows of `record`, pairs of `record_fingerprint`."""

    rows: list[tuple[Any, ...]]
    fingerprints: set[tuple[str, str]]


class Reindexing(NamedTuple):
    """What is to change in the search index, in this order: pairs of row number and terms that go, and that come."""

    gone: list[tuple[int, str]]
    come: list[tuple[int, str]]


def project(
    connection: sqlite3.Connection, object_ids: Iterable[str], extracts: Mapping[str, Extract] | None = None
) -> list[Reindexing]:
    """Bring the projections of some objects up to date inside the running transaction; new ones come in this order.

    `extracts` are those of revisions, by hash, that are at hand; the others are made from the bodies. The search index is left to `reindex`,
    before the commit: it writes all it holds at every savepoint.
    """
    changes = []
    for part in _parts(list(dict.fromkeys(object_ids))):
        _touch(connection, part)
        changes.append(_write(connection, _expected(connection, extracts or {})))
    return changes


def project_first(
    connection: sqlite3.Connection, steps: Sequence[Revision], extracts: Mapping[str, Extract]
) -> Reindexing:
    """Do what `project` does for records of which nothing was here before, and now one revision of each, inside the running transaction."""
    [first] = connection.execute("SELECT coalesce(max(rid), 0) + 1 FROM record").fetchone()
    made = [extracts.get(step.hash) or extract_of(step.body, step.at) for step in steps]
    rows = [
        (step.object_id, step.hash, step.rev_no, 1, step.org, str(step.state), 0, 0, *extract[:_STORED], rid)
        for rid, (step, extract) in enumerate(zip(steps, made, strict=True), first)
    ]
    connection.executemany(f"INSERT INTO record ({COLUMNS}, rid) VALUES ({_MARKS}, ?)", rows)
    _note_fingerprints(connection, {(each.fingerprint, step.object_id) for step, each in zip(steps, made, strict=True)})
    return Reindexing([], [(rid, grams.index_terms(each.search_text)) for rid, each in enumerate(made, first)])


def reindex(connection: sqlite3.Connection, changes: Iterable[Reindexing]) -> None:
    """Bring the search index up to date inside the running transaction."""
    for gone, come in changes:
        # a contentless index forgets a row only when it is shown the very terms that it was given
        connection.executemany("INSERT INTO record_search (record_search, rowid, body) VALUES ('delete', ?, ?)", gone)
        # VALUES: over a SELECT, SQLite opens a statement of its own for every row, before which the index writes all it holds
        connection.executemany("INSERT INTO record_search (rowid, body) VALUES (?, ?)", come)


def note_sealed(connection: sqlite3.Connection, submission_id: str) -> None:
    """Note in the lists that a report was sealed, inside the running transaction."""
    connection.execute(
        f"UPDATE record SET sealed = {SEALED.format(hash='record.rev_hash', object_id='record.object_id')}"
        " WHERE object_id IN (SELECT r.object_id FROM submission_item i JOIN revision r ON r.hash = i.rev_hash"
        " WHERE i.submission_id = ?)",
        (submission_id,),
    )


def rebuild(connection: sqlite3.Connection, progress: Progress = silent) -> None:
    """Make all projections anew from the revisions, inside the running transaction; records keep their order."""
    connection.execute("DELETE FROM record")
    connection.execute("DELETE FROM record_fingerprint")
    connection.execute("INSERT INTO record_search (record_search) VALUES ('delete-all')")
    arrived = connection.execute(
        "SELECT object_id FROM standing_revision WHERE kind = 'record' GROUP BY object_id ORDER BY min(rid)"
    ).fetchall()
    for done, part in enumerate(_parts([object_id for (object_id,) in arrived])):
        progress(done * _AT_ONCE, len(arrived), "升级数据")
        reindex(connection, project(connection, part))
    note_version(connection)


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the projections were made in the way of this program."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'projection'").fetchone()
    return row is not None and row[0] == VERSION


def note_version(connection: sqlite3.Connection) -> None:
    """Note that the projections are made in the way of this program."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('projection', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (VERSION,),
    )


def expected(connection: sqlite3.Connection) -> Iterator[Projected]:
    """Go through what the projections should hold now, in the order of object ids (for `check`)."""
    known = connection.execute(
        "SELECT DISTINCT object_id FROM standing_revision WHERE kind = 'record' ORDER BY object_id"
    )
    for part in _parts([object_id for (object_id,) in known.fetchall()]):
        _touch(connection, part)
        yield _expected(connection, {})


def _parts(object_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (object_ids[start : start + _AT_ONCE] for start in range(0, len(object_ids), _AT_ONCE))


def _touch(connection: sqlite3.Connection, object_ids: Sequence[str]) -> None:
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS touched (arrival INTEGER PRIMARY KEY, object_id TEXT NOT NULL UNIQUE)"
    )
    connection.execute("DELETE FROM touched")
    connection.executemany("INSERT INTO touched (object_id) VALUES (?)", [(each,) for each in object_ids])


def _expected(connection: sqlite3.Connection, at_hand: Mapping[str, Extract]) -> Projected:
    """Return the projections of the touched objects; every revision's fingerprint, so that a typed row is known after edits."""
    extracts: dict[str, Extract] = {}
    fingerprints = set()
    for object_id, rev_hash, rid in connection.execute(_STANDING).fetchall():
        extract = extracts[rev_hash] = at_hand.get(rev_hash) or _extract(connection, rid)
        fingerprints.add((extract.fingerprint, object_id))
    winners = map(_Winner._make, connection.execute(_WINNERS))
    return Projected([(*winner, *extracts[winner.rev_hash][:_STORED]) for winner in winners], fingerprints)


def _extract(connection: sqlite3.Connection, rid: int) -> Extract:
    body, at = connection.execute("SELECT body, at FROM revision WHERE rid = ?", (rid,)).fetchone()
    return extract_of(json.loads(body), at)


def _write(connection: sqlite3.Connection, projected: Projected) -> Reindexing:
    old = {
        object_id: rest
        for object_id, *rest in connection.execute(
            "SELECT r.object_id, r.rev_hash, r.heads, r.rid, r.search_text"
            " FROM touched CROSS JOIN record r ON r.object_id = touched.object_id"
        )
    }
    rows, gone, come = [], [], []
    for row in projected.rows:
        object_id, rev_hash, _, heads, *_, text = row
        was_hash, was_heads, rid, was_text = old.get(object_id, ("", 0, 0, None))
        if (was_hash, was_heads) == (rev_hash, heads):
            continue
        rows.append(row)
        if text != was_text:
            come.append((object_id, grams.index_terms(text)))
            if was_text is not None:
                gone.append((rid, grams.index_terms(was_text)))
    for object_id in old.keys() - {row[0] for row in projected.rows}:  # all its revisions were taken back
        _, _, rid, was_text = old[object_id]
        gone.append((rid, grams.index_terms(was_text)))
        connection.execute("DELETE FROM record WHERE object_id = ?", (object_id,))
    connection.executemany(
        f"INSERT INTO record ({COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (object_id) DO UPDATE SET {_UPDATES}", rows
    )
    rids = dict(
        connection.execute(
            "SELECT r.object_id, r.rid FROM touched CROSS JOIN record r ON r.object_id = touched.object_id"
        )
    )
    _note_fingerprints(connection, projected.fingerprints)
    return Reindexing(gone, [(rids[object_id], terms) for object_id, terms in come])


def _note_fingerprints(connection: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    connection.executemany(
        "INSERT INTO record_fingerprint (fingerprint, object_id) VALUES (?, ?) ON CONFLICT DO NOTHING", sorted(pairs)
    )


def forget_fingerprints(connection: sqlite3.Connection, object_ids: Iterable[str]) -> None:
    """Forget by what typed rows of some objects are known, before they are projected after revisions were taken back."""
    connection.executemany("DELETE FROM record_fingerprint WHERE object_id = ?", [(each,) for each in object_ids])
