"""The audit log: who did what when, each entry chained to the one before by its hash."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from riskdesk.domain.canonical import canonical, digest

_START = "0" * 64


def append_entry(connection: sqlite3.Connection, at: datetime, actor: str, action: str, detail: dict[str, Any]) -> str:
    """Add one entry inside the running transaction; return its hash, the new head of the chain."""
    last = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, _START)
    entry = {
        "seq": last[0] + 1,
        "at": at.isoformat(timespec="seconds"),
        "actor": actor,
        "action": action,
        "detail": detail,
        "prev": last[1],
    }
    entry_hash = digest(entry)
    connection.execute(
        "INSERT INTO audit (seq, at, actor, action, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry["seq"], entry["at"], actor, action, canonical(detail).decode("utf-8"), last[1], entry_hash),
    )
    return entry_hash


def first_broken_entry(connection: sqlite3.Connection) -> int | None:
    """Return the number of the first entry that is missing or does not follow from the one before, None if all are whole.

    Entries cut off at the end cannot be noticed from inside; the chain's head therefore goes into what leaves the office.
    """
    expected, prev = 1, _START
    for seq, at, actor, action, detail, stored_prev, stored in connection.execute(
        "SELECT seq, at, actor, action, detail, prev, hash FROM audit ORDER BY seq"
    ):
        entry = {"seq": seq, "at": at, "actor": actor, "action": action, "prev": stored_prev}
        if seq != expected or stored_prev != prev or _digest(entry, detail) != stored:
            return expected
        expected, prev = expected + 1, stored
    return None


def _digest(entry: dict[str, Any], detail: str) -> str:
    """Return the hash of a stored entry, "" if its detail is nothing that was ever hashed."""
    try:
        return digest({**entry, "detail": json.loads(detail)})
    except (ValueError, TypeError, RecursionError):
        return ""
