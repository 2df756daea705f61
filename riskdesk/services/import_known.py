"""The records that rows of an import may belong to: those that are here, and those that rows before them made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskdesk.domain.reconcile import folded
from riskdesk.domain.records import Record, fingerprint, record_from_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.services.desk import Desk

_Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Current:
    """A record as it stands: the heads of its revisions, the winner first, and what that one says."""

    tips: Sequence[Revision]
    record: Record


class KnownRecords:
    """Looks records up by id, by key and by their text; each is read once."""

    def __init__(self, desk: Desk) -> None:
        self.added: list[Revision] = []
        self._desk = desk
        self._steps: dict[str, list[Revision]] = {}  # by record id
        self._current: dict[str, Current] = {}
        self._by_fingerprint: dict[str, list[str]] = {}
        self._by_folded: dict[str, dict[_Columns, list[str]]] = {}  # by period, without widths and spaces
        self._by_key: dict[str, str] = {}

    def look_up(self, records: Sequence[Record]) -> None:
        """Find the records that rows may belong to, in a few questions to the store."""
        found = self._desk.records.ids_by_fingerprints([fingerprint(record) for record in records])
        for each, ids in found.items():
            self._by_fingerprint.setdefault(each, sorted(ids))
        keys = [record.import_key for record in records if record.import_key]
        for each, ids in self._desk.records.ids_by_import_keys(keys).items():
            self._by_key.setdefault(each, min(ids))

    def steps(self, object_id: str) -> list[Revision]:
        """Return all revisions of a record, with what this import adds; none for an unknown id."""
        if object_id not in self._steps:
            self._steps[object_id] = self._desk.revisions.of(object_id)
        return self._steps[object_id]

    def current(self, object_id: str) -> Current:
        """Return a record as it stands."""
        if object_id not in self._current:
            tips = heads(self.steps(object_id))
            self._current[object_id] = Current(tips, record_from_body(tips[0].body))
        return self._current[object_id]

    def with_key(self, key: str) -> str:
        """Return the record that bears a key, "" for none."""
        return self._by_key.get(key, "")

    def with_text(self, record: Record) -> Sequence[str]:
        """Return the records with the same seven columns, else those of the same period that differ by widths and spaces."""
        return self._by_fingerprint.get(fingerprint(record)) or self._nearly(record)

    def add(self, step: Revision, record: Record) -> None:
        """Note a revision that this import adds."""
        self.added.append(step)
        self._steps.setdefault(step.object_id, []).append(step)
        self._current.pop(step.object_id, None)
        self._by_fingerprint.setdefault(fingerprint(record), []).append(step.object_id)
        if record.period in self._by_folded:
            self._by_folded[record.period].setdefault(_folded(record.columns()), []).append(step.object_id)
        if record.import_key:
            self._by_key.setdefault(record.import_key, step.object_id)

    def _nearly(self, record: Record) -> Sequence[str]:
        if record.period not in self._by_folded:
            found: dict[_Columns, list[str]] = {}
            for row in self._desk.records.of_period(record.period):
                found.setdefault(_folded(row.columns()), []).append(row.id)
            for step in self.added:
                added = record_from_body(step.body)
                if added.period == record.period:
                    found.setdefault(_folded(added.columns()), []).append(step.object_id)
            self._by_folded[record.period] = found
        return self._by_folded[record.period].get(_folded(record.columns()), ())


def _folded(columns: Sequence[str]) -> _Columns:
    return tuple(map(folded, columns))
