"""What an office's records, own and received, are counted for: periods, what these are compared with, and the blocks of any facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from riskdesk import clock
from riskdesk.domain import statistics
from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.domain.facts import Fact
from riskdesk.domain.handoff import ReportState
from riskdesk.domain.periods import Period
from riskdesk.domain.spans import Comparison, Span, month_count
from riskdesk.domain.year_on_year import year_on_year
from riskdesk.errors import InputError
from riskdesk.services.completeness import completeness
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of


def year_periods(desk: Desk, year: int) -> tuple[Period, ...]:
    """Return the periods of a year that have begun; raise `InputError` if there are none."""
    plan, today = desk.reference.periods, clock.today()
    periods = [_period(desk, year, month) for month in range(1, 13)]
    found = tuple(each for each in periods if each is not None and each.start <= today)
    if not found:
        raise InputError(f"{year} 年还没有开始，或早于最早的报送期次“{plan.earliest.id}”，没有可以统计的期次。")
    return found


def comparison(desk: Desk, periods: Sequence[Period]) -> Comparison:
    """Return which of the periods can be compared with those of the year before.

    A period can if it has ended and a year before there was one of the same length. If of one of these nothing is known, none is compared:
    the sum would be that of fewer months.
    """
    running, unequal, first, pairs = [], [], [], []
    for period in periods:
        before = _period(desk, int(period.id[:4]) - 1, int(period.id[5:]))
        if period.end >= clock.today():
            running.append(period)
        elif before is None:
            first.append(period)
        elif month_count(before) != month_count(period):
            unequal.append(period)
        else:
            pairs.append((period, before))
    missing = tuple(then for _, then in pairs if not _is_known(desk, then))
    pairs = [] if missing else pairs
    return Comparison(
        tuple(now for now, _ in pairs),
        tuple(then for _, then in pairs),
        tuple(running),
        tuple(unequal),
        tuple(first),
        missing,
        tuple(now for now, _ in pairs if not _is_known(desk, now)),
    )


def block_makers(
    desk: Desk, span: Span, facts: Sequence[Fact], facts_of: Callable[[Sequence[Period]], Sequence[Fact]]
) -> Mapping[BlockKind, Callable[[], Block]]:
    """Return what makes each block of the facts of a span; `facts_of` gives those of other periods, to compare with."""
    roster, reference = roster_of(desk), desk.reference

    @cache
    def name_of(code: str) -> str:
        return roster.office(code).name if code in roster else code

    @cache
    def county(code: str) -> str:
        return _county_of(desk, code)

    def compared() -> Block:
        found = comparison(desk, span.periods)
        now = facts if found.now in ((), span.periods) else facts_of(found.now)
        return year_on_year(now, span, facts_of(found.then) if found.then else (), found)

    return {
        BlockKind.OVERVIEW: lambda: statistics.overview(facts, span, name_of),
        BlockKind.MONTHLY: lambda: statistics.monthly(facts, span),
        BlockKind.YEAR_ON_YEAR: compared,
        BlockKind.SOURCES: lambda: statistics.sources(facts, span, reference.vocabulary.sources),
        BlockKind.REGIONS: lambda: statistics.regions(facts, span, county, reference.regions.full_name),
        BlockKind.HAZARDS: lambda: statistics.hazards(facts, span),
        BlockKind.BATCHES: lambda: statistics.batches(facts, span),
        BlockKind.ENTERPRISES: lambda: statistics.enterprises(facts, span),
    }


def _period(desk: Desk, year: int, month: int) -> Period | None:
    """Return the period named by a month, None before the first period of all."""
    try:
        return desk.reference.periods.period(f"{year}-{month:02}")
    except InputError:
        return None


def _is_known(desk: Desk, period: Period) -> bool:
    """Tell whether a period has a record here, or a report that there was none: an own one, or one that came from below."""
    if desk.records.tally(period.id).records:
        return True
    own = desk.submissions.of_period(period.id)
    if any(each.nil and each.status == "sealed" for each in own):
        return True
    if any(each.nil for each in desk.packages.of_period(period.id, "in", "report")):
        return True
    return any(each.state is ReportState.NIL for each in completeness(desk, period.id).offices)


def _county_of(desk: Desk, code: str) -> str:
    """Return the county that a region's code lies in, "" if it lies in none or is not known."""
    regions = desk.reference.regions
    if code not in regions:
        return ""
    for each in (regions.region(code), *regions.ancestors(code)):
        if each.level == "county":
            return each.code
    return ""
