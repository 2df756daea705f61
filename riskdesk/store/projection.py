"""What is derived from the record revisions – the record table, the fingerprints of rows, the search index – and its rebuild."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from riskdesk.domain.records import Record, fingerprint, record_from_body
from riskdesk.store import grams

COLUMNS = (
    "object_id, rev_hash, rev_no, heads, org, state, period, unit, product, enterprise_count_text, enterprise_count,"
    " regions_text, content, analysis, suggestion, sources_text, discovered_on, important, urgent, import_key, search_text"
)
_MARKS = ", ".join("?" * len(COLUMNS.split(",")))
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.replace(" ", "").split(",")[1:])

# CROSS JOIN keeps the planner from scanning all revisions for a few touched objects
_WINNERS = """
    SELECT object_id, hash, rev_no, heads, org, state, body FROM (
        SELECT r.*, row_number() OVER choice AS place, count(*) OVER (PARTITION BY r.object_id) AS heads
        FROM touched CROSS JOIN revision r ON r.object_id = touched.object_id
        WHERE r.kind = 'record' AND NOT EXISTS (SELECT 1 FROM superseded s WHERE s.hash = r.hash)
        WINDOW choice AS (PARTITION BY r.object_id ORDER BY r.rev_no DESC, r.hash DESC)
    ) WHERE place = 1 ORDER BY object_id
"""


class _Winner(NamedTuple):
    object_id: str
    rev_hash: str
    rev_no: int
    heads: int
    org: str
    state: str
    body: str


def project(connection: sqlite3.Connection, object_ids: Iterable[str]) -> None:
    """Bring the projections of some objects up to date inside the running transaction."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (object_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("DELETE FROM touched")
    connection.executemany("INSERT INTO touched (object_id) VALUES (?)", [(each,) for each in object_ids])
    _project_touched(connection)


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all projections anew from the revisions, inside the running transaction."""
    connection.execute("DELETE FROM record")
    connection.execute("DELETE FROM record_fingerprint")
    connection.execute("INSERT INTO record_search (record_search) VALUES ('delete-all')")
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (object_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("DELETE FROM touched")
    connection.execute("INSERT INTO touched SELECT DISTINCT object_id FROM revision WHERE kind = 'record'")
    _project_touched(connection)
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('grams', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (grams.VERSION,),
    )


def projected_rows(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Go through the rows, in the order of object ids, that the record table should hold now (for `check`)."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched (object_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute("DELETE FROM touched")
    connection.execute("INSERT INTO touched SELECT DISTINCT object_id FROM revision WHERE kind = 'record'")
    for row in connection.execute(_WINNERS):
        yield _row(_Winner(*row))


def _project_touched(connection: sqlite3.Connection) -> None:
    old = {
        object_id: (rid, rev_hash, heads, search_text)
        for object_id, rid, rev_hash, heads, search_text in connection.execute(
            "SELECT r.object_id, r.rid, r.rev_hash, r.heads, r.search_text FROM touched CROSS JOIN record r USING (object_id)"
        )
    }
    rows, gone, come = [], [], []
    for winner in map(_Winner._make, connection.execute(_WINNERS).fetchall()):
        before = old.get(winner.object_id)
        if before is not None and before[1:3] == (winner.rev_hash, winner.heads):
            continue
        row = _row(winner)
        rows.append(row)
        if before is None or before[3] != row[-1]:
            come.append((grams.index_terms(row[-1]), winner.object_id))
            if before is not None:
                gone.append((before[0], grams.index_terms(before[3])))
    # a contentless index forgets a row only when it is shown the very terms that it was given
    connection.executemany("INSERT INTO record_search (record_search, rowid, body) VALUES ('delete', ?, ?)", gone)
    connection.executemany(
        f"INSERT INTO record ({COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (object_id) DO UPDATE SET {_UPDATES}", rows
    )
    connection.executemany(
        "INSERT INTO record_search (rowid, body) SELECT rid, ? FROM record WHERE object_id = ?", come
    )
    _add_fingerprints(connection)


def _add_fingerprints(connection: sqlite3.Connection) -> None:
    """Note the fingerprint of every revision of the touched objects, so that a typed row is known again after edits."""
    bodies = connection.execute(
        "SELECT r.object_id, r.body FROM touched CROSS JOIN revision r USING (object_id) WHERE r.kind = 'record'"
    )
    connection.executemany(
        "INSERT INTO record_fingerprint (fingerprint, object_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(fingerprint(record_from_body(json.loads(body))), object_id) for object_id, body in bodies.fetchall()],
    )


def _row(winner: _Winner) -> tuple[Any, ...]:
    record = record_from_body(json.loads(winner.body))
    return (
        winner.object_id,
        winner.rev_hash,
        winner.rev_no,
        winner.heads,
        winner.org,
        winner.state,
        record.period,
        record.unit,
        record.product,
        record.enterprise_count.text,
        record.enterprise_count.number,
        record.regions_text,
        record.content,
        record.analysis,
        record.suggestion,
        record.sources_text,
        record.discovered_on.isoformat() if record.discovered_on else None,
        int(bool(record.important_codes)),
        int(bool(record.key_codes)),
        record.import_key,
        grams.folded(_searchable(record)),
    )


def _searchable(record: Record) -> str:
    parts = [*record.columns(), record.unit, record.brand, record.model, record.batch, record.standard]
    parts += [record.source_detail.reference, *(enterprise.name for enterprise in record.enterprises)]
    return "\n".join(part for part in parts if part)
