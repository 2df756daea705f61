"""Row numbers of long lists: filtered and ordered by one covering index, searched in another; no text is read."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, compress
from typing import Any

from riskdesk.domain.listing import Filter, Order, RecordState
from riskdesk.domain.triage import Level
from riskdesk.errors import InputError
from riskdesk.store import queries
from riskdesk.store.connection import Store

_MOST_WORDS = 100  # SQLite takes a thousand conditions
_LEVELS = {
    Level.KEY: "r.urgent = 1",
    Level.IMPORTANT: "r.important = 1 AND r.urgent = 0",
    Level.ORDINARY: "r.important = 0 AND r.urgent = 0",
}
_STATES = {
    RecordState.FORKED: "r.heads > 1",
    RecordState.SEALED: "r.heads = 1 AND r.sealed = 1 AND r.handed = 0",
    RecordState.SENT: "r.heads = 1 AND r.sealed = 1 AND r.handed = 1",
    RecordState.RECEIVED: "r.heads = 1 AND r.sealed = 1 AND r.handed = 2",
    RecordState.RETURNED: "r.heads = 1 AND r.sealed = 1 AND r.handed = 3",
    RecordState.ADOPTED: "r.heads = 1 AND r.sealed = 1 AND r.handed = 4",
    RecordState.CHANGED: "r.heads = 1 AND r.sealed = 2",
    RecordState.UNCHECKED: "r.heads = 1 AND r.sealed = 0 AND r.problems > 0",
    RecordState.CHECKED: "r.heads = 1 AND r.sealed = 0 AND r.problems = 0",
}
_KEYS = {
    Order.LEVEL: "2 - 2 * r.urgent - (r.important AND NOT r.urgent)",
    Order.STATE: "CASE WHEN r.heads > 1 THEN 8 WHEN r.sealed = 2 THEN 7 WHEN r.sealed THEN 2 + r.handed ELSE r.problems = 0 END",
    Order.PERIOD: "r.period",
    Order.DATE: "r.discovered_on",
    Order.PRODUCT: "r.product",
    Order.UNIT: "r.unit",
}


class Lists:
    """Answers which records a list shows, without holding their texts; the list asked for last is kept to be searched."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: tuple[object, array[int]] = (None, array("q"))

    def ids(self, given: Filter, order: Order, *, descending: bool) -> array[int]:
        """Return the row numbers of the records that the filter lets through, in order."""
        words = queries.query_words(given.find)
        if len(words) > _MOST_WORDS:
            raise InputError(f"搜索词太多（最多 {_MOST_WORDS} 个，用空格分开）。请只留下关键的几个词。")
        every = self._every(replace(given, find=""), order, descending=descending)
        if not words:
            return every[:]
        found = set(self._matching(words))
        return array("q", compress(every, map(found.__contains__, every)))

    def row_id(self, object_id: str) -> int | None:
        """Return the row number of a record, None if there is none."""
        found = self._store.read("SELECT rid FROM record WHERE object_id = ?", (object_id,))
        return int(found[0][0]) if found else None

    def has_units(self) -> bool:
        """Tell whether a report of another office was ever taken, or any record is kept on behalf of a unit."""
        [(found,)] = self._store.read(
            "SELECT EXISTS (SELECT 1 FROM package WHERE direction = 'in' AND kind = 'report')"
            " OR EXISTS (SELECT 1 FROM record WHERE state = 'active' AND unit <> '')"
        )
        return bool(found)

    def has_unchecked(self, period: str, org: str) -> bool:
        """Tell whether an office's own records of a period are to be checked."""
        unchecked = _STATES[RecordState.UNCHECKED]
        [(found,)] = self._store.read(
            "SELECT EXISTS (SELECT 1 FROM record r"
            f" WHERE r.state = 'active' AND r.period = ? AND {unchecked} AND r.org = ?)",
            (period, org),
        )
        return bool(found)

    def _every(self, given: Filter, order: Order, *, descending: bool) -> array[int]:
        """Return what a filter lets through whatever is searched, asked anew if anything was written since."""
        [(others,)] = self._store.read("PRAGMA data_version")
        asked = (given, order, descending, others, self._store.connection.total_changes)
        if self._kept[0] != asked:
            self._kept = asked, self._in_order(given, order, descending=descending)
        return self._kept[1]

    def _in_order(self, given: Filter, order: Order, *, descending: bool) -> array[int]:
        where, values = _where(given)
        if order is Order.ARRIVAL:
            [rids] = self._columns("r.rid", f"FROM record r WHERE {where}", values)
            return array("q", sorted(rids, reverse=descending))
        keys, rids = self._columns(f"{_KEYS[order]}, r.rid", f"FROM record r WHERE {where}", values)
        return _ordered(keys, rids, descending=descending)

    def _matching(self, words: list[str]) -> list[int]:
        """Return the row numbers of the records, also those in the bin, whose text contains every word."""
        asked = queries.match_expression(words)
        return self._columns("rowid", "FROM record_search WHERE record_search MATCH ?", [asked])[0]

    def _columns(self, names: str, tail: str, values: Sequence[Any]) -> list[list[Any]]:
        """Return whole columns: as JSON they come out of SQLite in half the time that rows take."""
        wanted = ", ".join(f"json_group_array({name})" for name in names.split(", "))
        [row] = self._store.read(f"SELECT {wanted} {tail}", values)
        return [json.loads(column) for column in row]


def _where(given: Filter) -> tuple[str, list[Any]]:
    conditions, values = ["r.state = ?"], ["withdrawn" if given.withdrawn else "active"]
    if given.period:
        conditions.append("r.period = ?")
        values.append(given.period)
    if given.level is not None:
        conditions.append(_LEVELS[given.level])
    if given.state is not None:
        conditions.append(_STATES[given.state])
    if given.source:
        conditions.append("instr(r.source_codes, ?) > 0")
        values.append(f" {given.source} ")
    return " AND ".join(conditions), values


def _ordered(keys: Iterable[Any], rids: Iterable[int], *, descending: bool) -> array[int]:
    """Return the row numbers in groups of equal keys; what has no key stands last either way."""
    groups: defaultdict[Any, list[int]] = defaultdict(list)
    for key, rid in zip(keys, rids, strict=True):
        groups[key].append(rid)
    for group in groups.values():
        group.sort(reverse=True)
    last = groups.pop(None, [])
    keys = sorted(groups, key=_place, reverse=descending)
    return array("q", chain.from_iterable([*(groups[key] for key in keys), last]))


def _place(key: Any) -> Any:
    """Return where a key stands among others: GB 18030 has the usual characters in the order of their reading."""
    return key.encode("gb18030", "replace") if isinstance(key, str) else key
