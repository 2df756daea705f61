"""The facts of an office's records, own and received, as statistics count them."""

from __future__ import annotations

from collections.abc import Sequence

from riskdesk import clock
from riskdesk.domain.facts import Fact, fact_of
from riskdesk.domain.periods import Period
from riskdesk.domain.records import record_from_body
from riskdesk.domain.revisions import heads
from riskdesk.domain.statistics import Span
from riskdesk.errors import InputError
from riskdesk.services.desk import Desk


def facts_of(desk: Desk, periods: Sequence[Period], includes: Sequence[str] = ()) -> list[Fact]:
    """Return the facts of all active records of the periods in whose product or category one of the words stands (none: all)."""
    found = []
    for period in periods:
        rows = desk.records.of_period(period.id)
        steps = desk.revisions.of_objects([row.id for row in rows])
        for row in rows:
            record = record_from_body(heads(steps[row.id])[0].body)
            if not includes or any(word in record.product or word in record.category for word in includes):
                found.append(fact_of(row.id, row.org, record))
    return found


def year_span(desk: Desk, year: int) -> Span:
    """Return the periods of a year that have begun; raise `InputError` if there are none."""
    plan, today = desk.reference.periods, clock.today()
    found = []
    for month in range(1, 13):
        try:
            period = plan.period(f"{year}-{month:02}")
        except InputError:  # before the first period of all
            continue
        if period.start <= today:
            found.append(period)
    if not found:
        raise InputError(f"{year} 年还没有开始，或早于最早的报送期次“{plan.earliest.id}”，没有可以统计的期次。")
    return Span(tuple(found))


def year_before(desk: Desk, span: Span) -> Span | None:
    """Return the same months of the year before, None if one is before the first period of all, or no record of any is here."""
    plan = desk.reference.periods
    found = []
    for period in span.periods:
        try:
            found.append(plan.period(f"{int(period.id[:4]) - 1}{period.id[4:]}"))
        except InputError:
            return None
    before = Span(tuple(found))
    return before if any(desk.records.tally(period.id).records for period in before.periods) else None


def county_of(desk: Desk, code: str) -> str:
    """Return the county that a region's code lies in, "" if it lies in none or is not known."""
    regions = desk.reference.regions
    if code not in regions:
        return ""
    for each in (regions.region(code), *regions.ancestors(code)):
        if each.level == "county":
            return each.code
    return ""
