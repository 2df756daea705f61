"""Row numbers of long lists: filtered and ordered by one covering index, texts looked at only where a search asks for it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from riskdesk.domain.listing import Filter, Order, RecordState
from riskdesk.domain.triage import Level
from riskdesk.errors import InputError
from riskdesk.store import grams
from riskdesk.store.connection import Store

_MOST_WORDS = 100  # SQLite takes a thousand conditions
_MANY = 40_000  # records to look up one by one; more are found faster by going through all
_SAMPLE = 100  # records
_LEVELS = {
    Level.KEY: "r.urgent = 1",
    Level.IMPORTANT: "r.important = 1 AND r.urgent = 0",
    Level.ORDINARY: "r.important = 0 AND r.urgent = 0",
}
_STATES = {
    RecordState.FORKED: "r.heads > 1",
    RecordState.SEALED: "r.heads = 1 AND r.sealed = 1",
    RecordState.CHANGED: "r.heads = 1 AND r.sealed = 2",
    RecordState.UNCHECKED: "r.heads = 1 AND r.sealed = 0 AND r.problems > 0",
    RecordState.CHECKED: "r.heads = 1 AND r.sealed = 0 AND r.problems = 0",
}
_KEYS = {
    Order.LEVEL: "2 - 2 * r.urgent - (r.important AND NOT r.urgent)",
    Order.STATE: "CASE WHEN r.heads > 1 THEN 4 WHEN r.sealed THEN r.sealed + 1 ELSE r.problems = 0 END",
    Order.PERIOD: "r.period",
    Order.DATE: "r.discovered_on",
    Order.PRODUCT: "r.product",
    Order.UNIT: "r.unit",
}


class Lists:
    """Answers which records a list shows, without holding their texts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, given: Filter, order: Order, *, descending: bool) -> array[int]:
        """Return the row numbers of the records that the filter lets through, in order."""
        words = grams.query_words(given.find)
        if len(words) > _MOST_WORDS:
            raise InputError(f"搜索词太多（最多 {_MOST_WORDS} 个，用空格分开）。请只留下关键的几个词。")
        hits = self._matching(words, given.period) if words else None
        if order is Order.ARRIVAL:
            return array("q", sorted(self._shown(given, hits), reverse=descending))
        where, values = _where(given)
        keys, rids = self._columns(f"{_KEYS[order]}, r.rid", f"FROM record r WHERE {where}", values)
        pairs = zip(keys, rids, strict=True)
        if hits is None:
            return _ordered(pairs, descending=descending)
        chosen = set(hits)
        return _ordered((pair for pair in pairs if pair[1] in chosen), descending=descending)

    def row_id(self, object_id: str) -> int | None:
        """Return the row number of a record, None if there is none."""
        found = self._store.read("SELECT rid FROM record WHERE object_id = ?", (object_id,))
        return int(found[0][0]) if found else None

    def _shown(self, given: Filter, hits: list[int] | None) -> list[int]:
        if hits is not None and given == Filter(find=given.find):  # the bin is smaller than the list
            [binned] = self._columns("r.rid", "FROM record r WHERE r.state <> 'active'", [])
            out = set(binned)
            return [rid for rid in hits if rid not in out] if out else hits
        where, values = _where(given)
        [rids] = self._columns("r.rid", f"FROM record r WHERE {where}", values)
        if hits is None:
            return rids
        chosen = set(hits)
        return [rid for rid in rids if rid in chosen]

    def _matching(self, words: list[str], period: str) -> list[int]:
        """Return the row numbers of the records, also those in the bin, whose text contains every word.

        The index narrows. Where it does not decide and leaves many, all texts are looked at in their order: that is faster
        than looking them up. With a period, records of others may be left out already.
        """
        unsure = [word for word in words if not grams.is_exact(word)]
        expression = grams.match_expression(words)
        if not unsure:
            return self._columns("rowid", "FROM record_search WHERE record_search MATCH ?", [expression])[0]
        if expression and not self._is_frequent(words):
            near = f"FROM (SELECT rowid FROM record_search WHERE record_search MATCH ? LIMIT {_MANY})"
            [found] = self._columns("rowid", near, [expression])
            if len(found) < _MANY:
                chosen = f"FROM record WHERE rid IN (SELECT value FROM json_each(?)) AND {_contains(unsure)}"
                return self._columns("rid", chosen, [json.dumps(found), *unsure])[0]
        if period:
            return self._columns("rid", f"FROM record WHERE period = ? AND {_contains(words)}", [period, *words])[0]
        return self._columns("rid", f"FROM record WHERE {_contains(words)}", words)[0]

    def _is_frequent(self, words: list[str]) -> bool:
        """Tell whether most of the newest records contain the words."""
        newest = f"FROM (SELECT search_text FROM record ORDER BY rid DESC LIMIT {_SAMPLE}) WHERE {_contains(words)}"
        [(count,)] = self._store.read(f"SELECT count(*) {newest}", words)
        return bool(2 * count > _SAMPLE)

    def _columns(self, names: str, tail: str, values: Sequence[Any]) -> list[list[Any]]:
        """Return whole columns: as JSON they come out of SQLite in half the time that rows take."""
        wanted = ", ".join(f"json_group_array({name})" for name in names.split(", "))
        [row] = self._store.read(f"SELECT {wanted} {tail}", values)
        return [json.loads(column) for column in row]


def _contains(words: Sequence[str]) -> str:
    return " AND ".join(["instr(search_text, ?) > 0"] * len(words))


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


def _ordered(pairs: Iterable[tuple[Any, int]], *, descending: bool) -> array[int]:
    """Return the row numbers in groups of equal keys; what has no key stands last either way."""
    groups: dict[Any, list[int]] = {}
    for key, rid in pairs:
        groups.setdefault(key, []).append(rid)
    last = groups.pop(None, [])
    keys = sorted(groups, key=_place, reverse=descending)
    parts = [*(groups[key] for key in keys), last]
    return array("q", chain.from_iterable(sorted(part, reverse=True) for part in parts))


def _place(key: Any) -> Any:
    """Return where a key stands among others: GB 18030 has the usual characters in the order of their reading."""
    return key.encode("gb18030", "replace") if isinstance(key, str) else key
