"""Deciding what becomes of the rows of an import, against the records here and against the rows before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from riskdesk import clock
from riskdesk.domain.filled_form import FilledForm, FormHead, FormRow
from riskdesk.domain.problems import Problem
from riskdesk.domain.reconcile import Outcome, judge
from riskdesk.domain.records import Record, fingerprint, record_from_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.domain.text import clean_line
from riskdesk.domain.understanding import Understanding
from riskdesk.domain.validation import problems
from riskdesk.errors import InputError
from riskdesk.services import calendar
from riskdesk.services.desk import Desk
from riskdesk.services.entry import next_revision
from riskdesk.store.ids import new_id


@dataclass(frozen=True, slots=True)
class Planned:
    """A row with its outcome, the record it became or belongs to ("" if none), its problems, and the changes it brings."""

    row: FormRow
    outcome: Outcome
    object_id: str
    problems: tuple[Problem, ...]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A row with what is understood of it: the fields it brings, and the record it would be if it is new."""

    row: FormRow
    changes: dict[str, Any]
    record: Record


class Planner:
    """Plans the rows of one import in their order; `steps` are the revisions to be added."""

    def __init__(self, desk: Desk, mapping: TableMapping | None, period: str) -> None:
        self.steps: list[Revision] = []
        self._desk = desk
        self._mapping = mapping
        self._period = desk.reference.periods.period(period).id if period else ""
        self._holidays = calendar.holidays_of(desk)
        self._understanding = Understanding(desk.reference.vocabulary, desk.reference.regions)
        self._today = clock.today()
        self._sealed = desk.submissions.sealed_revisions()
        self._known: dict[str, list[Revision]] = {}  # by record id, with what this import adds
        self._by_fingerprint: dict[str, list[str]] = {}
        self._by_key: dict[str, str] = {}
        self._claimed: set[str] = set()  # ids from hidden columns that a row of this file already took

    @cached_property
    def default_period(self) -> str:
        """The period of rows that tell no date."""
        return self._period or calendar.reported_now(self._desk.reference, self._holidays, self._today).id

    def plan(self, form: FilledForm) -> Iterator[Planned]:
        """Give every row of a form its outcome."""
        self._claimed = set()
        rows = [self._typed(form.head, row) for row in form.rows]
        self._look_up(rows)
        originals = self._unchanged_ids(rows)
        for typed in rows:
            yield self._planned(typed, originals)

    def _planned(self, typed: _Typed, originals: set[str]) -> Planned:
        row, changes = typed.row, typed.changes
        found = (*row.problems, *_without(problems(typed.record, self._today), row.problems))
        if any(each.blocking for each in found):
            return Planned(row, Outcome.REJECTED, "", found, changes)
        object_id, base = self._identify(typed, originals)
        if not object_id:
            return Planned(row, Outcome.NEW, self._add(typed.record, new_id(), ()), found, changes)
        steps = self._steps(object_id)
        outcome = judge(steps, changes, base, frozenset(self._sealed.get(object_id, set())))
        if outcome is Outcome.UPDATED:
            tips = heads(steps)
            self._add(record_from_body(tips[0].body).edited(**changes), object_id, tips)
        return Planned(row, outcome, object_id, found, changes)

    def _typed(self, head: FormHead, row: FormRow) -> _Typed:
        changes = self._changes(row)
        return _Typed(row, changes, self._new_record(head, row, changes))

    def _changes(self, row: FormRow) -> dict[str, Any]:
        changes = self._understanding.changes(row.values, self._mapping)
        changes.pop("unit", None)  # says whose row it is, not what the record says
        return changes

    def _new_record(self, head: FormHead, row: FormRow, changes: dict[str, Any]) -> Record:
        unit = clean_line(row.values.get("unit", "")) or head.unit
        record = Record(period="", unit="" if unit == self._desk.office.name else unit, original=dict(row.original))
        record = record.edited(**changes)
        return record.edited(period=self._period_of(head, record))

    def _period_of(self, head: FormHead, record: Record) -> str:
        if self._period:
            return self._period
        reference = self._desk.reference
        try:
            if record.discovered_on is not None:
                return reference.periods.period_of(record.discovered_on).id
            if head.date is not None:
                return calendar.reported_now(reference, self._holidays, head.date).id
        except InputError:  # a date from before the first period: the row is still of today's report
            return self.default_period
        return self.default_period

    def _identify(self, typed: _Typed, originals: set[str]) -> tuple[str, str]:
        """Return the id of the record that a row belongs to ("" for none) and the revision it was copied from."""
        row, record = typed.row, typed.record
        if row.record_id and self._steps(row.record_id) and self._may_claim(typed, originals):
            self._claimed.add(row.record_id)
            return row.record_id, row.revision
        if record.import_key:
            return self._by_key.get(record.import_key, ""), ""
        return self._typed_before(record), ""

    def _typed_before(self, record: Record) -> str:
        """Return the record with the same seven columns of the same unit, "" if none.

        A form of our own office also holds what we keep for others (代录), so there any unit will do.
        """
        ids = self._by_fingerprint.get(fingerprint(record), [])
        units = [record_from_body(heads(self._steps(each))[0].body).unit for each in ids]
        if record.unit in units:
            return ids[units.index(record.unit)]
        return ids[0] if ids and not record.unit else ""

    def _may_claim(self, typed: _Typed, originals: set[str]) -> bool:
        """A row that was copied in Excel bears the id of its original: the unchanged row keeps it, else the first one."""
        if typed.row.record_id in originals:
            return self._is_unchanged(typed)
        return typed.row.record_id not in self._claimed

    def _unchanged_ids(self, rows: Sequence[_Typed]) -> set[str]:
        """Return the ids that several rows bear, one of which says what the record says."""
        counted: dict[str, list[_Typed]] = {}
        for typed in rows:
            if typed.row.record_id:
                counted.setdefault(typed.row.record_id, []).append(typed)
        return {
            record_id
            for record_id, bearers in counted.items()
            if len(bearers) > 1 and any(map(self._is_unchanged, bearers))
        }

    def _is_unchanged(self, typed: _Typed) -> bool:
        steps = self._steps(typed.row.record_id)
        return bool(steps) and judge(steps, typed.changes, typed.row.revision, frozenset()) is Outcome.SAME

    def _look_up(self, rows: Sequence[_Typed]) -> None:
        """Find the records that the rows may belong to, in a few questions to the store."""
        wanted = [fingerprint(typed.record) for typed in rows if not typed.record.import_key]
        for each, ids in self._desk.records.ids_by_fingerprints(wanted).items():
            self._by_fingerprint.setdefault(each, sorted(ids))
        keys = [typed.record.import_key for typed in rows if typed.record.import_key]
        for each, ids in self._desk.records.ids_by_import_keys(keys).items():
            self._by_key.setdefault(each, min(ids))

    def _steps(self, object_id: str) -> list[Revision]:
        if object_id not in self._known:
            self._known[object_id] = self._desk.revisions.of(object_id)
        return self._known[object_id]

    def _add(self, record: Record, object_id: str, parents: Sequence[Revision]) -> str:
        step = next_revision(self._desk, record, object_id, parents=parents)
        self.steps.append(step)
        self._known.setdefault(object_id, []).append(step)
        self._by_fingerprint.setdefault(fingerprint(record), []).append(object_id)
        if record.import_key:
            self._by_key.setdefault(record.import_key, object_id)
        return object_id


def _without(found: Sequence[Problem], told: Sequence[Problem]) -> list[Problem]:
    """Leave out what the reader already told about the same field."""
    known = {(each.field, each.code) for each in told}
    return [each for each in found if (each.field, each.code) not in known]
