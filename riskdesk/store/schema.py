"""The fingerprint of a data file's schema: tables, indexes and triggers, so that a lost guard is noticed."""

from __future__ import annotations

import hashlib
import re
import sqlite3

APPLICATION_ID = 0x5253444B  # "RSDK"


def fingerprint(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of all schema statements, white space folded; SQLite's and the migrations' own tables excepted."""
    statements = connection.execute(
        """
        SELECT type, name, sql FROM sqlite_master
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_sqlite\\_%' ESCAPE '\\'
            AND name NOT LIKE 'record\\_search\\_%' ESCAPE '\\'
        ORDER BY type, name
        """
    ).fetchall()
    folded = "\n".join(" ".join(re.sub(r"\s+", " ", part) for part in row) for row in statements)
    return hashlib.sha256(folded.encode("utf-8")).hexdigest()
