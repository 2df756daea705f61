"""Settings of this data folder: named JSON values; a change is audited with the old value, that of a long one with what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from riskdesk.store.connection import Store, Writing


class Settings:
    """Reads and writes named values."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> Any:
        """Return the value, None if it was never set."""
        return json.loads(self.text(key))

    def text(self, key: str) -> str:
        """Return the value as JSON."""
        rows = self._store.read("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else "null"

    def put(self, writing: Writing, key: str, value: Any) -> None:
        """Set the value; the old one goes into the audit entry."""
        writing.detail.setdefault("settings", {})[key] = {"old": self.get(key), "new": value}
        self._write(writing, key, value)

    def put_changed(self, writing: Writing, key: str, value: Any, change: Mapping[str, Any]) -> None:
        """Set a long value; the audit entry tells what changed instead of the old and the new one."""
        writing.detail.setdefault("settings", {}).setdefault(key, []).append(dict(change))
        self._write(writing, key, value)

    def _write(self, writing: Writing, key: str, value: Any) -> None:
        writing.connection.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value, ensure_ascii=False)),
        )

    def begun_at(self) -> str:
        """Return when the data folder was first written to, ISO 8601."""
        [(at,)] = self._store.read("SELECT at FROM audit WHERE seq = 1")
        return str(at)

    def audit_head(self) -> str:
        """Return the hash of the newest audit entry: put into what leaves the office, it proves the log up to here."""
        [(head,)] = self._store.read("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1")
        return str(head)

    def install_id(self) -> str:
        """Return the id of this copy of the data: a restored or copied data folder gets another."""
        [(install_id,)] = self._store.read("SELECT value FROM meta WHERE key = 'install_id'")
        return str(install_id)

    def renew_install_id(self, writing: Writing, install_id: str) -> None:
        """Note that this data folder is a copy of another from now on."""
        writing.detail["install_id"] = {"old": self.install_id(), "new": install_id}
        writing.connection.execute("UPDATE meta SET value = ? WHERE key = 'install_id'", (install_id,))
