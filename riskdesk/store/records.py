"""Annex 1 records as they stand now: read from the projection, searched, and looked up again by what was typed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riskdesk.domain.facts import Fact
from riskdesk.errors import InputError
from riskdesk.store import queries
from riskdesk.store.connection import Store

_NEAR = 2000  # records
_MOST_WORDS = 100  # SQLite takes a thousand conditions
_SHOWN = (
    "r.object_id, r.rev_hash, r.rev_no, r.heads, r.org, r.state, r.period, r.unit, r.product, r.enterprise_count_text,"
    " r.regions_text, r.content, r.analysis, r.suggestion, r.sources_text, coalesce(r.discovered_on, ''),"
    " r.source_codes, r.changed_at, r.problems, r.sealed, r.handed, r.important, r.urgent"
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as a list shows it: where it stands and its seven columns.

    `heads` above 1 is a fork to be decided; `source_codes` are as in " S1 S3 "; `discovered_on` is ISO 8601 or ""; `changed_at`
    is when the revision shown was made; `problems` counts the open ones as of then; `sealed` is 1 if the revision shown stands
    in a sealed report, 2 if only an earlier one does; `handed` is a `HandedState` of the revision shown.
    """

    id: str
    revision: str
    rev_no: int
    heads: int
    org: str
    state: str
    period: str
    unit: str
    product: str
    enterprise_count_text: str
    regions_text: str
    content: str
    analysis: str
    suggestion: str
    sources_text: str
    discovered_on: str
    source_codes: str
    changed_at: str
    problems: int
    sealed: int
    handed: int
    important: bool
    urgent: bool

    def columns(self) -> tuple[str, str, str, str, str, str, str]:
        """Return the seven columns as printed, in the order of the form."""
        return (
            self.product,
            self.enterprise_count_text,
            self.regions_text,
            self.content,
            self.analysis,
            self.suggestion,
            self.sources_text,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records a period has, and how many are still to be checked, forked, important, key, or new since the last report."""

    records: int
    unchecked: int
    forked: int
    important: int
    key: int
    unsealed: int


class Records:
    """Reads records; writing is done by adding revisions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, object_id: str) -> RecordRow | None:
        """Return one record, also from the bin; None if there is none."""
        return next(iter(self._rows("FROM record r WHERE r.object_id = ?", [object_id])), None)

    def of_period(self, period: str) -> list[RecordRow]:
        """Return the active records of a period in the order in which they came."""
        return self._rows("FROM record r WHERE r.period = ? AND r.state = 'active' ORDER BY r.rid", [period])

    def facts(self, periods: Sequence[str]) -> list[Fact]:
        """Return what statistics count of all active records of some periods; their texts are not read."""
        marks = ", ".join("?" * len(periods))
        rows = self._store.read(
            "SELECT object_id, period, org, unit, product, source_codes, important, urgent, counted FROM record"
            f" INDEXED BY record_counted WHERE period IN ({marks}) AND state = 'active' AND counted <> ''",
            list(periods),
        )
        told = {text: _counted(text) for text in {row[-1] for row in rows}}  # many say the same
        codes = {text: tuple(text.split()) for text in {row[5] for row in rows}}
        return [
            Fact(id_, period, org, unit, product, codes[said], bool(important), bool(key), *told[text])
            for id_, period, org, unit, product, said, important, key, text in rows
        ]

    def every(self) -> list[RecordRow]:
        """Return all active records in the order in which they came."""
        return self._rows("FROM record r WHERE r.state = 'active' ORDER BY r.rid", [])

    def of_rows(self, row_ids: Sequence[int]) -> list[RecordRow]:
        """Return the records of some row numbers, also from the bin, in the order of the numbers."""
        found: dict[int, RecordRow] = {}
        for start in range(0, len(row_ids), 500):
            part = list(row_ids[start : start + 500])
            for rid, *values in self._store.read(
                f"SELECT r.rid, {_SHOWN} FROM record r WHERE r.rid IN ({', '.join('?' * len(part))})", part
            ):
                found[rid] = _row(tuple(values))
        return [found[rid] for rid in row_ids if rid in found]

    def find(self, query: str, period: str = "", limit: int = 50) -> list[RecordRow]:
        """Return the newest active records whose text contains every word of the query, newest first.

        The index narrows, the text itself decides: what is found is exactly what a scan would find.
        """
        words = queries.query_words(query)
        if len(words) > _MOST_WORDS:
            raise InputError(f"搜索词太多（最多 {_MOST_WORDS} 个，用空格分开）。请只留下关键的几个词。")
        conditions = ["r.state = 'active'", *["instr(r.search_text, ?) > 0"] * len(words)]
        values: list[Any] = list(words)
        if period:
            conditions.append("r.period = ?")
            values.append(period)
        where = " AND ".join(conditions)
        if words and all(len(word) == 1 for word in words):
            # one character means putting the lists of many pairs together: if it is a frequent one, look first
            near = f"FROM record r WHERE {where} AND r.rid > (SELECT max(rid) - {_NEAR} FROM record)"
            found = self._rows(f"{near} ORDER BY r.rid DESC LIMIT ?", [*values, limit])
            if len(found) == limit:
                return found
        if expression := queries.match_expression(words):
            # CROSS JOIN and the order by the index' own rowid let SQLite stop after `limit` hits
            source = (
                f"FROM record_search s CROSS JOIN record r ON r.rid = s.rowid WHERE record_search MATCH ? AND {where}"
            )
            return self._rows(f"{source} ORDER BY s.rowid DESC LIMIT ?", [expression, *values, limit])
        return self._rows(f"FROM record r WHERE {where} ORDER BY r.rid DESC LIMIT ?", [*values, limit])

    def tally(self, period: str) -> Tally:
        """Count the active records of a period."""
        [counts] = self._store.read(
            "SELECT count(*), total(heads = 1 AND sealed = 0 AND problems > 0), total(heads > 1),"
            " total(important AND NOT urgent), total(urgent), total(sealed <> 1)"
            " FROM record WHERE state = 'active' AND period = ?",
            (period,),
        )
        return Tally(*map(int, counts))

    def urgent_unsealed(self) -> list[tuple[RecordRow, str]]:
        """Return the active records of 重点 that stand in no sealed report, with the time of their first revision."""
        found = self._store.read(
            f"SELECT (SELECT at FROM revision WHERE object_id = r.object_id ORDER BY rev_no LIMIT 1), {_SHOWN}"
            " FROM record r WHERE r.rid IN (SELECT rid FROM record WHERE state = 'active' AND urgent = 1 AND sealed = 0)"
        )
        return [(_row(tuple(values)), at) for at, *values in found]

    def products(self, after: int = 0) -> list[tuple[str, int, int]]:
        """Return the products of the active records above a row number: how often each occurs, and the last row number."""
        later = " AND rid > ?" if after else ""  # without it the index of lists alone answers
        return self._store.read(
            "SELECT product, count(*), max(rid) FROM record WHERE state = 'active' AND product <> ''"
            f"{later} GROUP BY product",
            (after,) if after else (),
        )

    def ids_by_fingerprints(self, fingerprints: Sequence[str]) -> dict[str, list[str]]:
        """Return, for each fingerprint that any revision ever had, the ids of those records."""
        pairs = self._matching(
            "SELECT fingerprint, object_id FROM record_fingerprint WHERE fingerprint IN", fingerprints
        )
        return _grouped(pairs)

    def ids_by_import_keys(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Return, for each key of a foreign table that a record bears, the ids of those records."""
        pairs = self._matching(
            "SELECT import_key, object_id FROM record WHERE import_key <> '' AND import_key IN", keys
        )
        return _grouped(pairs)

    def units_and_products(self, period: str) -> set[tuple[str, str]]:
        """Return unit and product of every active record of a period."""
        return set(
            self._store.read("SELECT unit, product FROM record WHERE period = ? AND state = 'active'", (period,))
        )

    def forks(self) -> list[RecordRow]:
        """Return the records that have more than one head."""
        # the plus keeps the planner from going through all records in their order
        return self._rows("FROM record r WHERE r.heads > 1 ORDER BY +r.rid", [])

    def _matching(self, select: str, wanted: Sequence[str]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            found += self._store.read(f"{select} ({', '.join('?' * len(part))})", part)
        return found

    def _rows(self, tail: str, values: list[Any]) -> list[RecordRow]:
        return [_row(values) for values in self._store.read(f"SELECT {_SHOWN} {tail}", values)]


def _counted(text: str) -> tuple[Any, ...]:
    """Return what a record's column `counted` says, in the order of the last fields of a `Fact`."""
    regions, hazards, tested, failed, enterprises, linked, category = json.loads(text)
    named = tuple((name, code) for name, code in enterprises)
    return tuple(regions), tuple(hazards), tested, failed, named, tuple(linked), category


def _row(values: tuple[Any, ...]) -> RecordRow:
    return RecordRow(*values[:-2], *map(bool, values[-2:]))


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, object_id in pairs:
        grouped.setdefault(key, []).append(object_id)
    return grouped
