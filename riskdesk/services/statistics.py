"""统计分析: the blocks of the yearly report for any span of periods, any product, region and level, counted by lines or by events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskdesk.domain import statistics
from riskdesk.domain.blocks import Block
from riskdesk.domain.facts import Fact, events
from riskdesk.domain.statistics import Span
from riskdesk.domain.triage import Level
from riskdesk.services.counting import county_of, year_before
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be counted: periods from `first` to `last` (YYYY-MM), and of these what says `product`, lies in `region`, has `level`.

    Empty means any. With `by_events` records that tell of one event count once.
    """

    first: str
    last: str
    product: str = ""
    region: str = ""
    level: Level | None = None
    by_events: bool = False


def blocks(desk: Desk, wish: Wish) -> tuple[Block, ...]:
    """Return all blocks, those of the year before compared; raise `InputError` for periods that are none."""
    counted = "起" if wish.by_events else "条"
    span = Span(desk.reference.periods.between(wish.first, wish.last), counted)
    earlier = year_before(desk, span)
    facts = _facts(desk, span, wish)
    before = _facts(desk, earlier, wish) if earlier else []
    roster, regions = roster_of(desk), desk.reference.regions
    counties: dict[str, str] = {}

    def county(code: str) -> str:
        if code not in counties:
            counties[code] = county_of(desk, code)
        return counties[code]

    def name_of(code: str) -> str:
        return roster.office(code).name if code in roster else code

    return (
        statistics.overview(facts, span, name_of),
        statistics.monthly(facts, span),
        statistics.year_on_year(facts, span, before, earlier),
        statistics.sources(facts, span, desk.reference.vocabulary.sources),
        statistics.regions(facts, span, county, regions.full_name),
        statistics.hazards(facts, span),
        statistics.batches(facts, span),
        statistics.enterprises(facts, span),
    )


def _facts(desk: Desk, span: Span, wish: Wish) -> list[Fact]:
    found = desk.records.facts([period.id for period in span.periods])
    for keep in _conditions(desk, wish):
        found = [fact for fact in found if keep(fact)]
    return events(found) if wish.by_events else found


def _conditions(desk: Desk, wish: Wish) -> list[Callable[[Fact], bool]]:
    conditions: list[Callable[[Fact], bool]] = []
    if wish.product:
        conditions.append(lambda fact: wish.product in fact.product)
    if wish.region:
        inside = _inside(desk, wish.region)
        conditions.append(lambda fact: not inside.isdisjoint(fact.regions))
    if wish.level is not None:
        conditions.append(_LEVELS[wish.level])
    return conditions


def _inside(desk: Desk, region: str) -> frozenset[str]:
    """Return the codes of a region and of all that lies in it."""
    regions = desk.reference.regions
    return frozenset(
        code
        for code in regions.regions
        if code == region or any(each.code == region for each in regions.ancestors(code))
    )


_LEVELS: dict[Level, Callable[[Fact], bool]] = {
    Level.KEY: lambda fact: fact.key,
    Level.IMPORTANT: lambda fact: fact.important and not fact.key,
    Level.ORDINARY: lambda fact: not fact.important and not fact.key,
}
