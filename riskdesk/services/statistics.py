"""统计分析: the blocks of the yearly report for any span of periods, any product, region and level, counted by lines or by events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from riskdesk import clock
from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.domain.facts import Fact, events
from riskdesk.domain.periods import Period
from riskdesk.domain.spans import EVENTS, RECORDS, Span
from riskdesk.domain.triage import Level
from riskdesk.files import safe_name
from riskdesk.services.counting import block_makers
from riskdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be counted: periods from `first` to `last` (YYYY-MM), and of these what names `product` as product or category, lies in
    `region`, has `level`.

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
    periods, scope = desk.reference.periods.between(wish.first, wish.last), _scope(desk, wish)
    span = Span(periods, EVENTS if wish.by_events else RECORDS, scope, clock.today())
    conditions = _conditions(desk, wish)

    def facts_of(periods: Sequence[Period]) -> list[Fact]:
        found = desk.records.facts([period.id for period in periods])
        if wish.by_events:  # first, so that what is asked for is asked of the whole event
            found = events(found)
        for keep in conditions:
            found = [fact for fact in found if keep(fact)]
        return found

    made = [make() for make in block_makers(desk, span, facts_of(span.periods), facts_of).values()]
    return tuple(_named(each, scope) if scope else each for each in made)


def file_name(desk: Desk, wish: Wish, what: str, ending: str) -> str:
    """Return the name of a file of what was counted, which says which part of the records that is."""
    parts = [what, f"{wish.first}至{wish.last}"]
    if wish.level is not None:
        parts.append(_LEVEL_NAMES[wish.level])
    if wish.region:
        parts.append(desk.reference.regions.full_name(wish.region))
    return safe_name("_".join([*parts, wish.product] if wish.product else parts)) + ending


def _scope(desk: Desk, wish: Wish) -> str:
    """Say which part of the records is counted, "" if all are."""
    told = []
    if wish.product:
        told.append(f"产品或类别含“{wish.product}”")
    if wish.region:
        told.append(f"区域在{desk.reference.regions.full_name(wish.region)}")
    if wish.level is not None:
        told.append(f"级别为{_LEVEL_NAMES[wish.level]}")
    return "、".join(told) + "的" if told else ""


def _named(block: Block, scope: str) -> Block:
    """Return the block with the scope in its sentence and above its chart, so that nobody takes a part for the whole."""
    chart = block.chart and replace(block.chart, title=f"{block.chart.title}：{scope}")
    text = (
        block.text if block.kind is BlockKind.OVERVIEW else f"{scope}信息：{block.text}"
    )  # the overview says it itself
    return replace(block, text=text, chart=chart)


def _conditions(desk: Desk, wish: Wish) -> list[Callable[[Fact], bool]]:
    conditions: list[Callable[[Fact], bool]] = []
    if wish.product:
        conditions.append(lambda fact: fact.tells_of((wish.product,)))
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
_LEVEL_NAMES = {Level.KEY: "重点", Level.IMPORTANT: "重要", Level.ORDINARY: "一般"}
