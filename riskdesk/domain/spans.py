"""Periods that are counted together, how their days and months are told, and what they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from riskdesk.domain.facts import Fact, record_count
from riskdesk.domain.periods import Period

RECORDS, EVENTS = "条", "起"  # what one is called: a record, or several that tell of one event
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The periods that are counted, in order of time; `counted` is what one fact is called: 条 for records, 起 for events.

    `scope` says what of these days is counted, "" if everything is. `today` is the day of counting, None if all periods have ended by then.
    """

    periods: tuple[Period, ...]
    counted: str = RECORDS
    scope: str = ""
    today: date | None = None

    @property
    def text(self) -> str:
        """The days, whether they are over, and the scope, for people."""
        running = [each for each in self.periods if self.today is not None and self.today <= each.end]
        told = self.days
        if self.today is not None and running:
            names = "、".join(short_month(each.id) for each in running)
            told += f"（截至{self.today.month}月{self.today.day}日；{names}期未结束）"
        return f"{told}，{self.scope}" if self.scope else told

    @property
    def days(self) -> str:
        """The days alone; periods that follow one another are told as one stretch."""
        stretches: list[list[Period]] = []
        for period in self.periods:
            if stretches and stretches[-1][-1].end + _ONE_DAY >= period.start:
                stretches[-1].append(period)
            else:
                stretches.append([period])
        return "、".join(f"{_day(each[0].start)}至{_day(each[-1].end)}" for each in stretches)

    def told(self, facts: Sequence[Fact]) -> str:
        """Say how many facts there are, for events also how many records tell of them."""
        if self.counted != EVENTS:
            return f"{len(facts)}{self.counted}"
        return f"{len(facts)}{self.counted}（{record_count(facts)}条信息）"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which periods are compared with those of the year before (`now` and `then`, of the same lengths), and which are not.

    `running` have not ended, `unequal` are longer or shorter than a year before, `first` have nothing before them. Of `missing`, periods of
    the year before, nothing is known, so that nothing is compared; of `silent`, own ones, neither a record nor a nil report is here.
    """

    now: tuple[Period, ...] = ()
    then: tuple[Period, ...] = ()
    running: tuple[Period, ...] = ()
    unequal: tuple[Period, ...] = ()
    first: tuple[Period, ...] = ()
    missing: tuple[Period, ...] = ()
    silent: tuple[Period, ...] = ()

    @property
    def why(self) -> str:
        """What is not compared and why, for people; "" if all is."""
        told, year = [], int(self.now[-1].id[:4]) if self.now else 0
        for periods, reason in (
            (self.missing, "没有信息，也没有零报告"),
            (self.running, "未结束，未比较"),
            (self.unequal, "与上年同期长短不同，未比较"),
            (self.first, "的上年同期早于最早的期次，未比较"),
        ):
            if periods:
                told.append(months_text(periods, year) + reason)
        return "；".join(told)


def month_count(period: Period) -> int:
    """Return how many months a period covers, begun ones too: 1 for a monthly one, 4 for one from January 1st to April 24th."""
    after = period.end + _ONE_DAY
    months = (after.year - period.start.year) * 12 + after.month - period.start.month
    return months + (after.day > period.start.day)


def months_text(periods: Sequence[Period], year: int = 0) -> str:
    """Return the months that name the periods: 2025年1月至11月; the year is left out where it is the one told before."""
    runs: list[list[str]] = []
    for each in periods:
        if runs and _number(runs[-1][-1]) + 1 == _number(each.id):
            runs[-1].append(each.id)
        else:
            runs.append([each.id])
    told = []
    for run in runs:
        ends = []
        for month in dict.fromkeys((run[0], run[-1])):
            ends.append(short_month(month) if int(month[:4]) == year else month_text(month))
            year = int(month[:4])
        told.append("至".join(ends))
    return "、".join(told)


def month_labels(periods: Sequence[Period]) -> tuple[str, ...]:
    """Return what the periods are called along a chart: with the year only if there are several."""
    several = len({each.id[:4] for each in periods}) > 1
    return tuple(month_text(each.id) if several else short_month(each.id) for each in periods)


def month_text(period: str) -> str:
    """Return the month that names a period: 2025年1月."""
    return f"{int(period[:4])}年{int(period[5:])}月"


def short_month(period: str) -> str:
    """Return the same without the year."""
    return f"{int(period[5:])}月"


def _number(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:])


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
