"""What computed blocks are made of: tables with the records behind every row, shares, charts of the most frequent, the basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from riskdesk.domain.blocks import Chart, ChartKind, Series, Table
from riskdesk.domain.facts import Fact, records_behind
from riskdesk.domain.spans import Span

MOST_BARS = 10  # more cannot be told apart on paper; the table has all
SHARE = "占全部比例"  # heading of a column: of all facts, also those that stand in no row
_MOST_EQUAL = 3  # that are named

Row = tuple[str, tuple[str, ...], Sequence[Fact]]  # first cell, other cells, what is counted in it
Keys = tuple[str, ...]  # under which a fact stands


def table(head: tuple[str, ...], rows: Sequence[Row]) -> Table:
    """Return a table with the ids of all records behind each row."""
    return Table(
        head,
        tuple((name, *cells) for name, cells, _ in rows),
        tuple(records_behind(found) for _, _, found in rows),
    )


def shares(title: str, known: Sequence[tuple[str, list[Fact]]], facts: Sequence[Fact], span: Span) -> Table | None:
    """Return how many facts each name has and what share of all facts that is, with those that have no name; None if there is no name."""
    if not known:
        return None
    rows = [(name, (str(len(found)), percent(len(found), len(facts))), found) for name, found in known]
    return table((title, f"数量（{span.counted}）", SHARE), rows)


def bars(title: str, known: Sequence[tuple[str, list[Fact]]], span: Span) -> Chart | None:
    """Return the chart of the most frequent names; None if there is none."""
    shown = known[:MOST_BARS]
    if not shown:
        return None
    labels = tuple(name for name, _ in shown)
    numbers = Series("数量", tuple(len(found) for _, found in shown))
    return Chart(ChartKind.BAR, chart_title(title, len(known)), labels, (numbers,), span.counted)


def pareto(title: str, known: Sequence[tuple[str, list[Fact]]], keys: Sequence[Keys], span: Span) -> Chart | None:
    """Return the same with the running share of all facts, whose `keys` are given: of those that have one of the first names, each once."""
    chart = bars(title, known, span)
    if chart is None:
        return None
    ranks, new = {name: rank for rank, name in enumerate(chart.labels)}, [0] * len(chart.labels)
    for own, number in Counter(keys).items():
        found = [ranks[key] for key in own if key in ranks]
        if found:
            new[min(found)] += number
    series = (*chart.series, Series("累计", tuple(accumulate(new))))
    return replace(chart, kind=ChartKind.PARETO, series=series, whole=len(keys))


def chart_title(title: str, known: int) -> str:
    """Return the title of a chart; it says so if not all that is known is drawn."""
    return f"{title}（前{MOST_BARS}项）" if known > MOST_BARS else title


def grouped(facts: Sequence[Fact], keys: Sequence[Keys]) -> dict[str, list[Fact]]:
    """Return the facts by each of their keys, which are given for each fact; one with several keys stands under each."""
    found: dict[str, list[Fact]] = {}
    takers = {own: [found.setdefault(key, []).append for key in own] for own in dict.fromkeys(keys)}
    for fact, own in zip(facts, keys, strict=True):
        for take in takers[own]:  # looked up once, as there may be very many facts
            take(fact)
    return found


def by_size(item: tuple[str, list[Fact]]) -> tuple[int, str]:
    """Order groups by how many they are, then by name."""
    return -len(item[1]), item[0]


def several(keys: Sequence[Keys], what: str, span: Span) -> str:
    """Say how often facts with several keys are counted, and why the rows do not add up to the whole; the keys are given for each fact."""
    counts = Counter(map(len, keys))
    number, none = sum(facts for count, facts in counts.items() if count > 1), counts[0]
    entries = sum(count * facts for count, facts in counts.items())
    if not number:
        return ""
    told = f"其中{number}{span.counted}涉及多个{what}，分别计入"
    if entries > len(keys):
        return f"（{told}，合计{entries}，大于总数{len(keys)}。）"
    return f"（{told}；另有{none}{span.counted}没有{what}，不在表中。）"


def most(known: Sequence[tuple[str, Sequence[Fact]]], unit: str, quoted: str = "{}") -> str:
    """Name what is most frequent of groups by size, all that are equally so; with more than three only how many."""
    if not known:
        return ""
    number = len(known[0][1])
    names = [quoted.format(name) for name, found in known if len(found) == number]
    if len(names) > _MOST_EQUAL:
        return f"，最多的有{len(names)}个并列，各{number}{unit}"
    return f"，最多的是{'、'.join(names)}，{'各' if len(names) > 1 else ''}{number}{unit}"


def percent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, rounded half up, without floating point."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def average(whole: int, parts: int) -> str:
    """Return a mean with one decimal, rounded half up."""
    tenths = (whole * 20 + parts) // (2 * parts)
    return f"{tenths // 10}.{tenths % 10}"


def basis(facts: Sequence[Fact], span: Span) -> str:
    """Say what is counted, and of which days."""
    return f"依据：{span.text}{'，' if span.scope else ''}各期风险信息{span.told(facts)}"
