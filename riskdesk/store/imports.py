"""What every import did, row by row: nothing that was read is without an outcome, and what was typed is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from riskdesk.store.connection import Store, Writing

_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of a file: where it stood, what became of it ("" as object id if nothing), and its text as typed."""

    file: str
    sheet: str
    row: int
    outcome: str
    object_id: str
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file of an import: its head as typed, whether it says 零报告 (1), and what was passed over, with the reasons."""

    file: str
    unit: str
    date_text: str
    person: str
    phone: str
    nil: int
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormOfUnit:
    """A typed form that came from a unit, as its head names it, and when it was imported (ISO 8601).

    `periods` are those of its records, none if it has none; `default` is the period that the import gave to what tells no date.
    """

    unit: str
    nil: bool
    at: str
    date_text: str
    default: str
    periods: frozenset[str]


class Imports:
    """Keeps the log of imports."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def log(
        self,
        writing: Writing,
        *,
        run_id: str,
        at: datetime,
        actor: str,
        period: str,
        files: Iterable[ImportedFile],
        rows: Iterable[ImportedRow],
    ) -> None:
        """Note one import, in the transaction that writes its records."""
        writing.connection.execute(
            "INSERT INTO import_run (id, at, actor, period) VALUES (?, ?, ?, ?)",
            (run_id, at.isoformat(timespec="seconds"), actor, period),
        )
        writing.connection.executemany(
            "INSERT INTO import_file (run_id, position, file, unit, date_text, person, phone, nil, skipped)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run_id,
                    n,
                    f.file,
                    f.unit,
                    f.date_text,
                    f.person,
                    f.phone,
                    f.nil,
                    _JSON.encode(f.skipped),
                )
                for n, f in enumerate(files, 1)
            ],
        )
        writing.connection.executemany(
            "INSERT INTO import_row (run_id, position, file, sheet, row, outcome, object_id, typed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run_id,
                    n,
                    r.file,
                    r.sheet,
                    r.row,
                    r.outcome,
                    r.object_id,
                    _JSON.encode(dict(r.typed)),
                )
                for n, r in enumerate(rows, 1)
            ],
        )

    def files(self, run_id: str) -> list[ImportedFile]:
        """Return the files of one import in their order."""
        rows = self._store.read(
            "SELECT file, unit, date_text, person, phone, nil, skipped FROM import_file WHERE run_id = ? ORDER BY position",
            (run_id,),
        )
        return [ImportedFile(*(*values[:-1], tuple(json.loads(values[-1])))) for values in rows]

    def rows(self, run_id: str) -> list[ImportedRow]:
        """Return the rows of one import in their order."""
        rows = self._store.read(
            "SELECT file, sheet, row, outcome, object_id, typed FROM import_row WHERE run_id = ? ORDER BY position",
            (run_id,),
        )
        return [_row(values) for values in rows]

    def forms_since(self, day: date, period: str) -> list[FormOfUnit]:
        """Return the forms of units that were imported from a day on, or for a period, and not taken back, in their order."""
        chosen = (
            "import_run r WHERE (r.at >= ? OR r.period = ?)"
            " AND NOT EXISTS (SELECT 1 FROM undone_run u WHERE u.run_id = r.id)"
        )
        values = (day.isoformat(), period)
        periods: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for run_id, file, each in self._store.read(
            "SELECT DISTINCT w.run_id, w.file, c.period FROM import_row w JOIN record c ON c.object_id = w.object_id"
            f" WHERE w.run_id IN (SELECT r.id FROM {chosen})",
            values,
        ):
            periods[run_id, file].add(each)
        rows = self._store.read(
            "SELECT f.unit, f.nil, r.at, f.date_text, r.period, f.run_id, f.file FROM import_file f JOIN"
            f" (SELECT r.id, r.at, r.period FROM {chosen}) r ON r.id = f.run_id WHERE f.unit <> '' ORDER BY r.at, f.position",
            values,
        )
        return [
            FormOfUnit(unit, bool(nil), at, date_text, default, frozenset(periods[run_id, file]))
            for unit, nil, at, date_text, default, run_id, file in rows
        ]

    def run_of(self, rev_hash: str) -> str:
        """Return the import that stands and added a revision, "" if it came otherwise."""
        rows = self._store.read(
            "SELECT v.run_id FROM run_revision v WHERE v.rev_hash = ? AND v.added = 1"
            " AND NOT EXISTS (SELECT 1 FROM undone_run u WHERE u.run_id = v.run_id) ORDER BY v.run_id",
            (rev_hash,),
        )
        return next((run_id for (run_id,) in rows), "")

    def counts(self) -> dict[str, int]:
        """Return how many rows every import together gave each outcome."""
        return dict(self._store.read("SELECT outcome, count(*) FROM import_row GROUP BY outcome"))


def _row(values: tuple[Any, ...]) -> ImportedRow:
    return ImportedRow(*(*values[:-1], json.loads(values[-1])))
