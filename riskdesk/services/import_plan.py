"""Deciding what becomes of the rows of an import, against the records here and against the rows before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from riskdesk import clock
from riskdesk.domain.filled_form import FilledForm, FormHead, FormRow
from riskdesk.domain.offices import spelling
from riskdesk.domain.problems import Problem
from riskdesk.domain.reconcile import Brought, Outcome, judge
from riskdesk.domain.records import Record, fingerprint, record_from_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.domain.table_mapping import MAPPABLE, TableMapping
from riskdesk.domain.text import clean_line
from riskdesk.domain.understanding import Understanding
from riskdesk.domain.validation import problems
from riskdesk.errors import InputError
from riskdesk.services import calendar
from riskdesk.services.desk import Desk
from riskdesk.services.entry import next_revision
from riskdesk.services.units import Units
from riskdesk.store.ids import new_id

_DOUBTFUL = "doubtful"  # a base that is no revision's hash


@dataclass(frozen=True, slots=True)
class Planned:
    """A row with its outcome, the record it became or belongs to ("" and period "" if none), and its problems."""

    row: FormRow
    outcome: Outcome
    object_id: str
    period: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A row with what it brings, the record it would be if it is new, and what is wrong with it."""

    row: FormRow
    brought: Brought
    record: Record
    problems: tuple[Problem, ...]


class Planner:
    """Plans the rows of one import in their order; `steps` are the revisions to be added."""

    def __init__(self, desk: Desk, mapping: TableMapping | None, period: str) -> None:
        self.steps: list[Revision] = []
        self._desk = desk
        self._mapping = mapping
        self._period = desk.reference.periods.period(period).id if period else ""
        self._holidays = calendar.holidays_of(desk)
        self._understanding = Understanding(desk.reference.vocabulary, desk.reference.regions)
        self._units = Units(desk)
        self._today = clock.today()
        self._sealed = desk.submissions.sealed_revisions()
        self._known: dict[str, list[Revision]] = {}  # by record id, with what this import adds
        self._by_fingerprint: dict[str, list[str]] = {}
        self._by_key: dict[str, str] = {}
        self._claimed: set[str] = set()  # records whose hidden id or key a row of this file already took
        self._told_apart: set[str] = set()  # records whose id stood beside the text of another
        self._products: dict[str, set[tuple[str, str]]] = {}  # by period: unit and product of the records there

    @cached_property
    def default_period(self) -> str:
        """The period of rows that tell no date."""
        return self._period or calendar.reported_now(self._desk.reference, self._holidays, self._today).id

    def plan(self, form: FilledForm) -> Iterator[Planned]:
        """Give every row of a form its outcome."""
        self._claimed, self._told_apart = set(), set()
        rows = [self._typed(form.head, row) for row in form.rows]
        self._look_up(rows)
        originals = self._unchanged_ids(rows)
        for typed in rows:
            yield self._planned(typed, originals)

    def _planned(self, typed: _Typed, originals: set[str]) -> Planned:
        if any(each.blocking for each in typed.problems):
            return Planned(typed.row, Outcome.REJECTED, "", "", typed.problems)
        object_id, base = self._identify(typed, originals)
        if not object_id:
            return self._new(typed)
        steps = self._steps(object_id)
        tips = heads(steps)
        record = record_from_body(tips[0].body)
        outcome = judge(steps, typed.brought, base, self._sealed.get(object_id, set()))
        if outcome is Outcome.UPDATED:
            originals_kept = {**record.original, **typed.row.original}
            self._add(record.edited(**typed.brought.news(record), original=originals_kept), object_id, tips)
        found = (*typed.problems, *self._elsewhere(typed, record, outcome))
        return Planned(typed.row, outcome, object_id, record.period, found)

    def _new(self, typed: _Typed) -> Planned:
        record = typed.record
        if record.import_key in self._by_key:  # a copied row bears the id of its original
            record = record.edited(import_key="")
        similar = list(self._similar(record))
        added = self._add(record, new_id(), ())
        self._claimed.add(added)
        return Planned(typed.row, Outcome.NEW, added, record.period, (*typed.problems, *similar))

    def _similar(self, record: Record) -> Iterator[Problem]:
        """Tell a person when the same unit already has that product in the period: it may be the same matter."""
        if record.period not in self._products:
            self._products[record.period] = self._desk.records.units_and_products(record.period)
        if (record.unit, record.product) in self._products[record.period]:
            yield Problem("product", "similar", f"同一单位在 {record.period} 已有产品相同的记录，请核对是否为同一件事")

    def _elsewhere(self, typed: _Typed, record: Record, outcome: Outcome) -> Iterator[Problem]:
        told = self._period or (typed.record.period if outcome is Outcome.UPDATED else "")
        if told and record.period != told:
            message = f"这条记录已计入 {record.period}，没有再计入 {told}。如需移动，请修改原记录的报送期"
            yield Problem("period", "other_period", message)

    def _typed(self, head: FormHead, row: FormRow) -> _Typed:
        understood = self._understanding.of(row.values, self._mapping)
        told = dict(understood.brought.fields)
        unit = clean_line(told.pop("unit", "")) or head.unit  # says whose row it is, not what the record says
        brought = Brought(told, understood.brought.derived)
        period, doubts = self._period_of(head, row, told.get("discovered_on"))
        record = Record(period=period, unit=self._units.kept(unit), original=dict(row.original)).edited(**told)
        if row.record_id and not record.import_key:
            record = record.edited(import_key=f"riskdesk:{row.record_id}")  # the id that its own office gave it
        unread = [
            Problem(name, "not_understood", f"{MAPPABLE[name]}“{row.values[name][:20]}”没有读懂，这一项没有记入")
            for name in understood.unread
            if not any(each.field == name for each in row.problems)
        ]
        told_already = (*row.problems, *unread, *doubts)
        found = (*told_already, *_without(problems(record, self._today), told_already))
        return _Typed(row, brought, record, found)

    def _period_of(self, head: FormHead, row: FormRow, discovered: date | None) -> tuple[str, list[Problem]]:
        """Return the period that a new record would be reported in, and what is odd about the date that tells it."""
        if self._period:
            return self._period, []
        reference = self._desk.reference
        told = date.fromisoformat(row.values["form_date"]) if row.values.get("form_date") else head.date
        title, day = ("发现日期", discovered) if discovered is not None else ("填报时间", told)
        if day is None:
            return self.default_period, []
        try:
            if day > self._today:
                raise InputError("在今天之后")
            if discovered is not None:
                return reference.periods.period_of(discovered).id, []
            return calendar.reported_now(reference, self._holidays, day).id, []
        except InputError:
            message = f"“{title}”{day.isoformat()} 不在可报送的日期内，按 {self.default_period} 计入，请核对"
            # a day of discovery in the future is told once, not also as what validation finds
            field, code = ("discovered_on", "in_future") if discovered is not None else ("period", "odd_date")
            return self.default_period, [Problem(field, code, message)]

    def _identify(self, typed: _Typed, originals: set[str]) -> tuple[str, str | None]:
        """Return the id of the record that a row belongs to ("" for none), and the base of the copy (see `judge`).

        Where the id cannot be trusted the base is one that no record has, so that any difference goes to a person. So does a
        difference in another office's form: which of two copies is the newer cannot be told.
        """
        own = self._bearer(typed)
        if own and self._may_claim(typed, own, originals):
            return self._claimed_by(typed, own)
        if own in self._told_apart:
            other = self._says_another(typed, own)
            return (other, None) if other else (own, _DOUBTFUL)
        if typed.record.import_key and not typed.row.record_id:
            return self._by_own_key(typed)
        return self._typed_before(typed.record), None

    def _claimed_by(self, typed: _Typed, own: str) -> tuple[str, str | None]:
        base = typed.row.revision
        if not self._is_unchanged(typed, own):
            if other := self._says_another(typed, own):  # the visible columns were sorted without the hidden ones
                self._claimed.add(other)
                self._told_apart.update((own, other))
                return other, None
            current = record_from_body(heads(self._steps(own))[0].body)
            if typed.record.product != current.product and typed.record.content != current.content:
                if typed.record.period != current.period:
                    return "", None  # last month's form was used as a pattern
                base = _DOUBTFUL
        self._claimed.add(own)
        return own, base

    def _by_own_key(self, typed: _Typed) -> tuple[str, str | None]:
        """Return the record with the key of a foreign table; the same key twice in one table is for a person."""
        object_id = self._by_key.get(typed.record.import_key, "")
        base = _DOUBTFUL if object_id in self._claimed else None
        if object_id:
            self._claimed.add(object_id)
        return object_id, base

    def _bearer(self, typed: _Typed) -> str:
        """Return the record that the row's hidden id names, of our own or as another office's, "" for none."""
        if not typed.row.record_id:
            return ""
        steps = self._steps(typed.row.record_id)
        if steps and steps[0].kind == "record":
            return typed.row.record_id
        return self._by_key.get(typed.record.import_key, "")

    def _says_another(self, typed: _Typed, own: str) -> str:
        """Return another record that says now just what the row says, "" for none."""
        other = self._typed_before(typed.record)
        return other if other and other != own and self._is_unchanged(typed, other) else ""

    def _typed_before(self, record: Record) -> str:
        """Return the record with the same seven columns of the same unit, "" if none.

        A form of our own office also holds what we keep for others (代录), so there any unit will do.
        """
        ids = self._by_fingerprint.get(fingerprint(record), [])
        units = [spelling(record_from_body(heads(self._steps(each))[0].body).unit) for each in ids]
        if spelling(record.unit) in units:
            return ids[units.index(spelling(record.unit))]
        return ids[0] if ids and not record.unit else ""

    def _may_claim(self, typed: _Typed, own: str, originals: set[str]) -> bool:
        """A row that was copied in Excel bears the id of its original: the unchanged row keeps it, else the first one."""
        return self._is_unchanged(typed, own) if own in originals else own not in self._claimed

    def _unchanged_ids(self, rows: Sequence[_Typed]) -> set[str]:
        """Return the records whose id several rows bear, one of which says what the record says."""
        bearers: dict[str, list[_Typed]] = {}
        for typed in rows:
            if own := self._bearer(typed):
                bearers.setdefault(own, []).append(typed)
        return {
            own
            for own, typed in bearers.items()
            if len(typed) > 1 and any(self._is_unchanged(each, own) for each in typed)
        }

    def _is_unchanged(self, typed: _Typed, object_id: str) -> bool:
        return not typed.brought.news(record_from_body(heads(self._steps(object_id))[0].body))

    def _look_up(self, rows: Sequence[_Typed]) -> None:
        """Find the records that the rows may belong to, in a few questions to the store."""
        found = self._desk.records.ids_by_fingerprints([fingerprint(typed.record) for typed in rows])
        for each, ids in found.items():
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
