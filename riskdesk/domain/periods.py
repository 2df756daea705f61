"""Reporting periods: the month from the 25th to the 24th, and the special ones that a year's plan sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from riskdesk.errors import InputError

FORMAT = "riskdesk-periods/1"
FIRST_YEAR, LAST_YEAR = 2000, 2100
DUE_DAY = 25  # of the month that names the period; the next period starts on it

_ID = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DECEMBER = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period: both ends belong to it; `nominal_due` is the due date before it moves for days off."""

    id: str
    start: date
    end: date
    nominal_due: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class PeriodPlan:
    """All periods: `special` ones in order of time, and from `first_monthly` on the monthly ones beside them."""

    special: tuple[Period, ...]
    first_monthly: str

    @classmethod
    def from_json(cls, content: Any) -> PeriodPlan:
        """Read the parsed content of a plan file (`riskdesk-periods/1`); InputError names what is wrong in it."""
        if not isinstance(content, Mapping) or content.get("format") != FORMAT:
            raise InputError(f"这不是报送期次文件：“format”应为“{FORMAT}”。")
        rows = content.get("special", [])
        if not isinstance(rows, list):
            raise InputError("报送期次文件有误：“special”应为特殊期次的列表。")
        first_monthly = content.get("first_monthly")
        _month(first_monthly)
        special = sorted((_special(number, row) for number, row in enumerate(rows, 1)), key=lambda period: period.start)
        plan = cls(tuple(special), str(first_monthly))
        plan._refuse_gaps()
        return plan

    @property
    def earliest(self) -> Period:
        """The first period of all."""
        first = _monthly(self.first_monthly)
        return min((first, *self.special), key=lambda period: period.start)

    def period(self, period_id: str) -> Period:
        """Return the period of that id; InputError for a malformed, too early or too late one."""
        _month(period_id)
        for period in self.special:
            if period.id == period_id:
                return period
        if period_id < self.first_monthly:
            raise InputError(f"没有期次“{period_id}”：最早的期次是“{self.earliest.id}”。")
        return _monthly(period_id)

    def period_of(self, day: date) -> Period:
        """Return the one period that owns the day; a special period comes before a monthly one."""
        if day < self.earliest.start:
            first = self.earliest
            raise InputError(
                f"{day.isoformat()} 早于最早的期次“{first.id}”（自 {first.start.isoformat()} 起），请检查日期。"
            )
        for period in self.special:
            if day in period:
                return period
        return self.period(_monthly_id(day))

    def covering(self, day: date) -> tuple[Period, ...]:
        """Return every period that may take a record of that day, its owner first."""
        owner = self.period_of(day)
        others = [period for period in self.special if period != owner and day in period]
        month = _monthly_id(day)
        if month >= self.first_monthly and all(period.id != month for period in (owner, *others)):
            monthly = self.period(month)
            others += [monthly] if day in monthly else []
        return (owner, *others)

    def between(self, first_id: str, last_id: str) -> tuple[Period, ...]:
        """Return the periods from the first to the last, both included; InputError if they are the wrong way round."""
        first, last = self.period(first_id), self.period(last_id)
        if first.id > last.id:
            raise InputError(f"起始期次“{first_id}”晚于结束期次“{last_id}”，请对调。")
        found = [last]
        while found[-1].id != first.id:
            before = self.previous(found[-1])
            if before is None:
                break
            found.append(before)
        return tuple(reversed(found))

    def previous(self, period: Period) -> Period | None:
        """Return the period before, None before the earliest."""
        if period.id == self.earliest.id:
            return None
        if period.id > self.first_monthly:
            return self.period(_month_id(*_month_before(period.id)))
        return max((other for other in self.special if other.id < period.id), key=lambda other: other.id)

    def back_from(self, newest: Period, count: int) -> tuple[Period, ...]:
        """Return at most `count` periods, the newest first; fewer where the plan begins."""
        found: list[Period] = []
        period: Period | None = newest
        while period is not None and len(found) < count:
            found.append(period)
            period = self.previous(period)
        return tuple(found)

    def reporting_on(self, day: date, due_of: Callable[[Period], date]) -> Period:
        """Return the period that a form dated `day` reports about: the last one as long as it is not past due.

        `due_of` gives a period's real due date (moved for days off).
        """
        owner = self.period_of(day)
        before = self.previous(owner)
        if before is not None and before.end < day <= due_of(before):
            return before
        return owner

    def _refuse_gaps(self) -> None:
        """Refuse a plan in which a day has no owner, two special periods meet, or a period owns nothing."""
        for earlier, later in pairwise(self.special):
            if earlier.id >= later.id or earlier.end >= later.start:
                raise InputError(f"报送期次文件有误：“{earlier.id}”与“{later.id}”编号或日期重叠。")
        early = [period for period in self.special if period.id < self.first_monthly]
        for earlier, later in pairwise((*early, self.period(self.first_monthly))):
            if earlier.end + _ONE_DAY < later.start:
                raise InputError(f"报送期次文件有误：“{earlier.id}”与“{later.id}”之间有日期不属于任何期次。")
        for period in self.special:
            self._refuse_neighbours_swallowed(period)

    def _refuse_neighbours_swallowed(self, period: Period) -> None:
        if period.id >= self.first_monthly:
            month = _monthly(period.id)
            if month.start < period.start or month.end > period.end:
                raise InputError(f"报送期次文件有误：“{period.id}”必须包含 {month.start} 至 {month.end} 的全部日期。")
            before = self.previous(period)
            if before is not None and self.period_of(before.start).id != before.id:
                raise InputError(f"报送期次文件有误：“{period.id}”占去了“{before.id}”的全部日期。")
        after = self.period_of(period.end + _ONE_DAY)
        if after.id <= period.id or self.previous(after) != period:
            raise InputError(f"报送期次文件有误：“{period.id}”占去了下一期次的全部日期。")


def _month(period_id: Any) -> tuple[int, int]:
    """Return year and month of an id; InputError if it is none or lies too far ahead."""
    found = _ID.fullmatch(period_id) if isinstance(period_id, str) else None
    if found is None:
        raise InputError(f"期次“{period_id}”写法不对：应为“年-月”，如 2023-05。")
    year, month = int(found[1]), int(found[2])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"期次“{period_id}”超出范围：只能在 {FIRST_YEAR}-01 至 {LAST_YEAR}-12 之间。")
    return year, month


def _month_id(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


def _month_before(period_id: str) -> tuple[int, int]:
    year, month = _month(period_id)
    return (year, month - 1) if month > 1 else (year - 1, _DECEMBER)


def _monthly_id(day: date) -> str:
    """Return the id of the monthly period that the day lies in."""
    if day.day < DUE_DAY:
        return _month_id(day.year, day.month)
    return _month_id(day.year, day.month + 1) if day.month < _DECEMBER else _month_id(day.year + 1, 1)


def _monthly(period_id: str) -> Period:
    due = date(*_month(period_id), DUE_DAY)
    return Period(period_id, date(*_month_before(period_id), DUE_DAY), due - _ONE_DAY, due)


def _special(number: int, row: Any) -> Period:
    where = f"报送期次文件有误：第{number}个特殊期次"
    if not isinstance(row, Mapping):
        raise InputError(f"{where}不是一组“id、start、end、nominal_due”。")
    _month(row.get("id"))
    days = []
    for name in ("start", "end", "nominal_due"):
        try:
            days.append(date.fromisoformat(row[name]))
        except (KeyError, TypeError, ValueError):
            raise InputError(f"{where}（{row['id']}）的“{name}”应为日期，如 2023-01-01。") from None
    start, end, due = days
    if not start <= end <= due or due.year > LAST_YEAR:
        raise InputError(f"{where}（{row['id']}）的日期先后不对：应为开始、结束、截止。")
    return Period(row["id"], start, end, due)
