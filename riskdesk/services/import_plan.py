"""Deciding what becomes of the rows of an import, against the records here and against the rows before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from riskdesk import clock
from riskdesk.domain.filled_form import FilledForm, FormHead, FormRow
from riskdesk.domain.offices import Roster, spelling
from riskdesk.domain.problems import Problem
from riskdesk.domain.reconcile import Brought, FieldDifference, Outcome, judge
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision
from riskdesk.domain.table_mapping import MAPPABLE, TableMapping
from riskdesk.domain.text import clean_line
from riskdesk.domain.understanding import Understanding
from riskdesk.domain.validation import problems
from riskdesk.errors import InputError
from riskdesk.services import calendar
from riskdesk.services.desk import Desk
from riskdesk.services.entry import next_revision
from riskdesk.services.import_changes import told_changes
from riskdesk.services.import_known import KnownRecords
from riskdesk.services.roster import is_meant, roster_of
from riskdesk.services.units import Units
from riskdesk.store.ids import new_id

_GARBAGE = ("too_short", "no_letters")  # codes of problems
_DOUBTFUL = "doubtful"  # a base that is no revision's hash


@dataclass(frozen=True, slots=True)
class Planned:
    """A row with its outcome, the record it became or belongs to ("" and period "" if none), and its problems.

    `record` is what the row would make of that record, whose newest revision is `base`, and `changes` what it would change;
    `taken` says whether that was done.
    """

    row: FormRow
    outcome: Outcome
    object_id: str
    period: str
    problems: tuple[Problem, ...]
    record: Record
    base: str = ""
    changes: tuple[FieldDifference, ...] = ()
    taken: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether it says hardly anything: a person should want it before it is taken."""
        return any(each.code in _GARBAGE for each in self.problems)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A row with what it brings, the record it would be if it is new, and what is wrong with it."""

    row: FormRow
    brought: Brought
    record: Record
    problems: tuple[Problem, ...]


def _all(_row: int) -> bool:
    return True


class Planner:
    """Plans the rows of one import in their order; `steps` are the revisions to be added."""

    def __init__(self, desk: Desk, period: str) -> None:
        self._desk = desk
        self._known = KnownRecords(desk)
        self._period = desk.reference.periods.period(period).id if period else ""
        self._holidays = calendar.holidays_of(desk)
        self._understanding = Understanding(desk.reference.vocabulary, desk.reference.regions)
        self._units = Units(desk)
        self._today = clock.today()
        self._sealed = desk.submissions.sealed_revisions()
        self._claimed: set[str] = set()  # records whose hidden id or key a row of this file already took
        self._told_apart: set[str] = set()  # records whose id stood beside the text of another
        self._products: dict[str, set[tuple[str, str]]] = {}  # by period: unit and product of the records there

    @property
    def steps(self) -> Sequence[Revision]:
        """The revisions to be added."""
        return self._known.added

    @cached_property
    def _roster(self) -> Roster:
        return roster_of(self._desk)

    @cached_property
    def default_period(self) -> str:
        """The period of rows that tell no date."""
        return self._period or calendar.reported_now(self._desk.reference, self._holidays, self._today).id

    def plan(
        self, form: FilledForm, mapping: TableMapping | None = None, is_taken: Callable[[int], bool] = _all
    ) -> Iterator[Planned]:
        """Give every row of a form its outcome; `is_taken` says of a row, counted from 0, whether it may be taken."""
        self._claimed, self._told_apart = set(), set()
        rows = [self._typed(form.head, row, mapping) for row in form.rows]
        self._known.look_up([typed.record for typed in rows])
        originals = self._unchanged_ids(rows)
        for number, typed in enumerate(rows):
            yield self._planned(typed, originals, taken=is_taken(number))

    def _planned(self, typed: _Typed, originals: set[str], *, taken: bool) -> Planned:
        if any(each.blocking for each in typed.problems):
            return Planned(typed.row, Outcome.REJECTED, "", "", typed.problems, typed.record)
        object_id, base = self._identify(typed, originals)
        if not object_id:
            return self._new(typed, taken=taken)
        now = self._known.current(object_id)
        before = now.record
        steps = self._known.steps(object_id)
        outcome = judge(steps, typed.brought, base, self._sealed.get(object_id, set()))
        if outcome is Outcome.UPDATED and steps[0].org != self._desk.office.code:
            outcome = Outcome.CONFLICT  # it came in a package: only the office of origin revises it
        news = typed.brought.news(before) if outcome in (Outcome.UPDATED, Outcome.CONFLICT) else {}
        changes = tuple(FieldDifference(name, getattr(before, name), value) for name, value in news.items())
        record = before.edited(**news, original={**before.original, **typed.row.original}) if news else before
        taken = taken and outcome is Outcome.UPDATED
        if taken:
            self._add(record, object_id, now.tips)
        found = (*typed.problems, *told_changes(outcome, before, changes), *self._elsewhere(typed, before, outcome))
        return Planned(
            typed.row, outcome, object_id, before.period, found, record, now.tips[0].hash, changes, taken=taken
        )

    def _new(self, typed: _Typed, *, taken: bool) -> Planned:
        record = typed.record
        if self._known.with_key(record.import_key):  # a copied row bears the id of its original
            record = record.edited(import_key="")
        found = (*typed.problems, *self._similar(record))
        object_id = ""
        if taken:
            object_id = self._add(record, new_id(), ())
            self._claimed.add(object_id)
        return Planned(typed.row, Outcome.NEW, object_id, record.period, found, record, taken=taken)

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

    def _typed(self, head: FormHead, row: FormRow, mapping: TableMapping | None) -> _Typed:
        understood = self._understanding.of(row.values, mapping)
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
        told_already = (*row.problems, *unread, *doubts, *_signs_only(record))
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
            current = self._known.current(own).record
            if typed.record.product != current.product and typed.record.content != current.content:
                if typed.record.period != current.period:
                    return "", None  # last month's form was used as a pattern
                base = _DOUBTFUL
        self._claimed.add(own)
        return own, base

    def _by_own_key(self, typed: _Typed) -> tuple[str, str | None]:
        """Return the record with the key of a foreign table; the same key twice in one table is for a person."""
        object_id = self._known.with_key(typed.record.import_key)
        base = _DOUBTFUL if object_id in self._claimed else None
        if object_id:
            self._claimed.add(object_id)
        return object_id, base

    def _bearer(self, typed: _Typed) -> str:
        """Return the record that the row's hidden id names, of our own or as another office's, "" for none."""
        if not typed.row.record_id:
            return ""
        steps = self._known.steps(typed.row.record_id)
        if steps and steps[0].kind == "record":
            return typed.row.record_id
        return self._known.with_key(typed.record.import_key)

    def _says_another(self, typed: _Typed, own: str) -> str:
        """Return another record that says now just what the row says, "" for none."""
        other = self._typed_before(typed.record)
        return other if other and other != own and self._is_unchanged(typed, other) else ""

    def _typed_before(self, record: Record) -> str:
        """Return the record with the same seven columns of the same unit, "" if none.

        A form of our own office also holds what we keep for others (代录), so there any unit will do.
        """
        ids = self._known.with_text(record)
        same = next((each for each in ids if self._is_of(each, record.unit)), "")
        return same or (ids[0] if ids and not record.unit else "")

    def _is_of(self, object_id: str, unit: str) -> bool:
        """Tell whether a record is kept on behalf of a unit, or came in that unit's own package."""
        kept, org = self._known.current(object_id).record.unit, self._known.steps(object_id)[0].org
        if kept or not unit or org == self._desk.office.code:
            return spelling(kept) == spelling(unit)
        return is_meant(self._roster, unit, org)

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
        return not typed.brought.news(self._known.current(object_id).record)

    def _add(self, record: Record, object_id: str, parents: Sequence[Revision]) -> str:
        self._known.add(next_revision(self._desk, record, object_id, parents=parents), record)
        return object_id


def _signs_only(record: Record) -> Iterator[Problem]:
    for field, text in (("product", record.product), ("content", record.content)):
        if text and not any(map(str.isalpha, text)):
            yield Problem(field, "no_letters", f"“{MAPPABLE[field]}”没有文字，只有数字或符号，请核对是否要导入")


def _without(found: Sequence[Problem], told: Sequence[Problem]) -> list[Problem]:
    """Leave out what the reader already told about the same field."""
    known = {(each.field, each.code) for each in told}
    return [each for each in found if (each.field, each.code) not in known]
