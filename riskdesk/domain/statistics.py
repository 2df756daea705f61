"""Blocks computed from facts: how many, when, from which sources, where, how dangerous, tested, by whom, against the year before.

Pure functions: everything follows from the facts and the span of periods they are said to be of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series, Table
from riskdesk.domain.facts import Fact
from riskdesk.domain.periods import Period

_LONGEST_TABLE = 20  # rows; the others are told in the text
_REPEATED = 2  # records that name an enterprise


@dataclass(frozen=True, slots=True)
class Span:
    """The periods that are counted, in order of time; `counted` is what one fact is called: 条 for records, 起 for events."""

    periods: tuple[Period, ...]
    counted: str = "条"

    @property
    def start(self) -> date:
        """The first day."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """The last day."""
        return self.periods[-1].end

    @property
    def text(self) -> str:
        """The days, for people."""
        return f"{_day(self.start)}至{_day(self.end)}"

    def of(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return the facts of these periods."""
        wanted = {period.id for period in self.periods}
        return [fact for fact in facts if fact.period in wanted]


def overview(facts: Sequence[Fact], span: Span, name_of: Callable[[str], str]) -> Block:
    """Return how many there are, and of how many products, units and enterprises they tell."""
    important, key = [each for each in facts if each.important], [each for each in facts if each.key]
    enterprises = {_enterprise(each) for fact in facts for each in fact.enterprises}
    rows = [
        ("风险信息", facts),
        ("其中：重要风险信息", important),
        ("其中：重点风险信息", key),
    ]
    by_unit: dict[str, list[Fact]] = {}
    for fact in facts:
        by_unit.setdefault(fact.unit or name_of(fact.org), []).append(fact)
    rows += [(f"报送单位：{unit}", found) for unit, found in sorted(by_unit.items(), key=_by_size)]
    text = (
        f"{span.text}，共采集风险信息{len(facts)}{span.counted}，其中重要风险信息{len(important)}{span.counted}、"
        f"重点风险信息{len(key)}{span.counted}，涉及产品{len({each.product for each in facts})}种"
    )
    text += f"、列明的企业{len(enterprises)}家。" if enterprises else "。"
    nameless = [each for each in facts if not each.enterprises]
    unknown = f"{len(nameless)}{span.counted}没有列明企业名称，未计入企业数。" if nameless else ""
    table = _table(("项目", f"数量（{span.counted}）"), [(name, (str(len(found)),), found) for name, found in rows])
    return Block(BlockKind.OVERVIEW, "总体情况", text, _basis(facts, span), unknown, table)


def monthly(facts: Sequence[Fact], span: Span) -> Block:
    """Return how many there are in each period."""
    by_period: dict[str, list[Fact]] = {period.id: [] for period in span.periods}
    for fact in span.of(facts):
        by_period[fact.period].append(fact)
    most = max(by_period, key=lambda each: len(by_period[each]))
    text = f"按报送期次统计，平均每期{_average(len(facts), len(by_period))}{span.counted}"
    text += f"，{_month(most)}最多，为{len(by_period[most])}{span.counted}。" if facts else "。"
    table = _table(
        ("期次", f"数量（{span.counted}）", "其中：重要", "其中：重点"),
        [
            (_month(period), (str(len(found)), _count(found, "important"), _count(found, "key")), found)
            for period, found in by_period.items()
        ],
    )
    numbers = tuple(len(found) for found in by_period.values())
    important = tuple(sum(each.important for each in found) for found in by_period.values())
    chart = Chart(
        ChartKind.TREND,
        "各期风险信息数量",
        tuple(_short_month(each) for each in by_period),
        (Series("风险信息", numbers), Series("其中：重要", important)),
        span.counted,
    )
    return Block(BlockKind.MONTHLY, "月度趋势", text, _basis(facts, span), "", table, chart)


def sources(facts: Sequence[Fact], span: Span, names: Mapping[str, str]) -> Block:
    """Return where the information came from; `names` are the sources of the notice by code."""
    by_source = _grouped(facts, lambda fact: fact.sources)
    known = [(names.get(code, code), found) for code, found in sorted(by_source.items(), key=_by_size)]
    missing = [each for each in facts if not each.sources]
    text = f"信息来源涉及通知所列{len(names)}类来源中的{len(by_source)}类"
    text += f"，最多的是“{known[0][0]}”，{len(known[0][1])}{span.counted}。" if known else "。"
    text += _several(facts, lambda fact: fact.sources, "来源", span)
    unknown = f"{len(missing)}{span.counted}没有对应到来源类别，未计入。" if missing else ""
    return Block(
        BlockKind.SOURCES,
        "信息来源",
        text,
        _basis(facts, span),
        unknown,
        _shares("信息来源", known, facts, span),
        _bars(ChartKind.BAR, "信息来源分布", known, span),
    )


def regions(facts: Sequence[Fact], span: Span, county_of: Callable[[str], str], name_of: Callable[[str], str]) -> Block:
    """Return which counties are named; `county_of` gives the county that a code lies in, "" if it lies in none."""
    by_region = _grouped(facts, lambda fact: tuple(dict.fromkeys(filter(None, map(county_of, fact.regions)))))
    known = sorted(by_region.items(), key=_by_size)
    named = [(name_of(code), found) for code, found in known]
    elsewhere = [each for each in facts if each.regions and not any(map(county_of, each.regions))]
    missing = [each for each in facts if not each.regions]
    text = f"涉及{len(known)}个县（市、区）"
    text += f"，最多的是{named[0][0]}，{len(named[0][1])}{span.counted}。" if named else "。"
    text += _several(facts, lambda fact: fact.regions, "区域", span)
    parts = [f"{len(elsewhere)}{span.counted}只写明市级或更大的区域"] if elsewhere else []
    parts += [f"{len(missing)}{span.counted}没有对应到行政区划"] if missing else []
    unknown = "，".join(parts) + "，未计入。" if parts else ""
    chart = Chart(
        ChartKind.TILES,
        "涉及区域分布",
        tuple(code for code, _ in known),
        (Series("数量", tuple(len(found) for _, found in known)),),
        span.counted,
    )
    table = _shares("涉及区域", named, facts, span)
    return Block(BlockKind.REGIONS, "区域分布", text, _basis(facts, span), unknown, table, chart if known else None)


def hazards(facts: Sequence[Fact], span: Span) -> Block:
    """Return what the dangers are, the most frequent first, with their running share."""
    by_hazard = _grouped(facts, lambda fact: fact.hazards)
    known = sorted(by_hazard.items(), key=_by_size)
    missing = [each for each in facts if not each.hazards]
    text = f"已归类的危害有{len(known)}类"
    text += f"，最多的是“{known[0][0]}”，{len(known[0][1])}{span.counted}。" if known else "。"
    text += _several(facts, lambda fact: fact.hazards, "危害类别", span)
    unknown = f"{len(missing)}{span.counted}没有填写危害类别，未计入。" if missing else ""
    table = _shares("危害类别", known, facts, span)
    chart = _bars(ChartKind.PARETO, "危害类别分布", known, span)
    return Block(BlockKind.HAZARDS, "危害类别", text, _basis(facts, span), unknown, table, chart)


def batches(facts: Sequence[Fact], span: Span) -> Block:
    """Return tested and failed batches of those records that state both, by product."""
    both = [each for each in facts if each.tested and each.failed is not None]
    half = [each for each in facts if (each.tested is None) != (each.failed is None)]
    by_product = _grouped(both, lambda fact: (fact.product,))
    rows = []
    for product, found in sorted(by_product.items(), key=lambda item: (-_tested(item[1]), item[0])):
        rows.append(
            (product, (str(_tested(found)), str(_failed(found)), _percent(_failed(found), _tested(found))), found)
        )
    tested, failed = _tested(both), _failed(both)
    if both:
        text = f"抽检和不合格批次都列明的有{len(both)}{span.counted}，合计抽检{tested}批次，不合格{failed}批次，不合格率{_percent(failed, tested)}。"
    else:
        text = "没有同时列明抽检批次和不合格批次的信息，不计算不合格率。"
    unknown = f"{len(half)}{span.counted}只列明抽检或不合格批次之一，未计入。" if half else ""
    chart = None
    if rows:
        shown = rows[:10]
        passed = tuple(int(cells[0]) - int(cells[1]) for _, cells, _ in shown)
        series = (Series("不合格", tuple(int(cells[1]) for _, cells, _ in shown)), Series("合格", passed))
        chart = Chart(ChartKind.STACKED, "抽检批次", tuple(name for name, _, _ in shown), series, "批次")
    table = _table(("产品", "抽检批次", "不合格批次", "不合格率"), rows) if rows else None
    return Block(BlockKind.BATCHES, "抽检情况", text, _basis(facts, span), unknown, table, chart)


def enterprises(facts: Sequence[Fact], span: Span) -> Block:
    """Return the enterprises that several records name."""
    by_enterprise: dict[str, list[Fact]] = {}
    names: dict[str, str] = {}
    for fact in facts:
        for each in {_enterprise(each): each[0] for each in fact.enterprises}.items():
            by_enterprise.setdefault(each[0], []).append(fact)
            names.setdefault(*each)
    repeated = [(key, found) for key, found in sorted(by_enterprise.items(), key=_by_size) if len(found) >= _REPEATED]
    text = f"列明企业{len(by_enterprise)}家，其中{len(repeated)}家被{_REPEATED}{span.counted}以上信息涉及。"
    missing = [each for each in facts if not each.enterprises]
    unknown = f"{len(missing)}{span.counted}没有列明企业名称，未计入。" if missing else ""
    rows = [
        (
            names[key],
            (str(len(found)), "、".join(_month(period) for period in sorted({each.period for each in found}))),
            found,
        )
        for key, found in repeated
    ]
    table = _table(("企业名称", f"数量（{span.counted}）", "期次"), rows) if rows else None
    return Block(BlockKind.ENTERPRISES, "多次涉及的企业", text, _basis(facts, span), unknown, table)


def year_on_year(facts: Sequence[Fact], span: Span, before: Sequence[Fact], earlier: Span | None) -> Block:
    """Return the numbers beside those of the same months a year before; both spans are told by their days.

    `earlier` is None if the year before is not known as a whole: then there is nothing to compare with.
    """
    if earlier is None:
        text = f"没有上一年同期的完整数据，不作同比。本期为{span.text}，共{len(facts)}{span.counted}。"
        return Block(BlockKind.YEAR_ON_YEAR, "同比", text, _basis(facts, span), "上一年同期的数据不完整，没有比较。")
    rows = []
    for name, ours, theirs in (
        ("风险信息", facts, before),
        ("其中：重要", [each for each in facts if each.important], [each for each in before if each.important]),
        ("其中：重点", [each for each in facts if each.key], [each for each in before if each.key]),
    ):
        change = len(ours) - len(theirs)
        rate = _signed_percent(change, len(theirs)) if theirs else "—"
        cells = (str(len(theirs)), str(len(ours)), f"{change:+d}" if change else "0", rate)
        rows.append((name, cells, [*ours, *theirs]))
    more = "增加" if len(facts) > len(before) else "减少" if len(facts) < len(before) else "持平"
    text = f"本期（{span.text}）{len(facts)}{span.counted}，上年同期（{earlier.text}）{len(before)}{span.counted}，同比{more}"
    text += f"{abs(len(facts) - len(before))}{span.counted}。" if len(facts) != len(before) else "。"
    table = _table(("项目", "上年同期", "本期", "增减", "增减幅度"), rows)
    now, then = _per_period(facts, span), _per_period(before, earlier)
    chart = Chart(
        ChartKind.TREND,
        "与上年同期比较",
        tuple(_short_month(period.id) for period in span.periods),
        (Series("本期", now), Series("上年同期", then)),
        span.counted,
    )
    return Block(BlockKind.YEAR_ON_YEAR, "同比", text, _basis(facts, span), "", table, chart)


def listed(facts: Sequence[Fact], span: Span, what: str) -> Block:
    """Return a numbered list of records; `what` says which ones these are."""
    ordered = sorted(facts, key=lambda fact: (fact.period, fact.product, fact.id))
    rows = [
        (str(number), (_month(fact.period), fact.product, fact.content), [fact])
        for number, fact in enumerate(ordered, 1)
    ]
    text = f"{what}{len(facts)}{span.counted}，列表如下。" if facts else f"本期没有{what}。"
    table = _table(("序号", "期次", "产品", "风险信息内容"), rows, longest=len(rows)) if rows else None
    return Block(BlockKind.RECORDS, "信息列表", text, _basis(facts, span), "", table)


def _table(
    head: tuple[str, ...], rows: Sequence[tuple[str, tuple[str, ...], Sequence[Fact]]], longest: int = _LONGEST_TABLE
) -> Table:
    shown = rows[:longest]
    return Table(
        head,
        tuple((name, *cells) for name, cells, _ in shown),
        tuple(tuple(fact.id for fact in found) for _, _, found in shown),
    )


def _shares(title: str, known: Sequence[tuple[str, list[Fact]]], facts: Sequence[Fact], span: Span) -> Table | None:
    if not known:
        return None
    rows = [(name, (str(len(found)), _percent(len(found), len(facts))), found) for name, found in known]
    return _table((title, f"数量（{span.counted}）", "占比"), rows)


def _bars(kind: ChartKind, title: str, known: Sequence[tuple[str, list[Fact]]], span: Span) -> Chart | None:
    shown = known[:10]
    if not shown:
        return None
    numbers = tuple(len(found) for _, found in shown)
    return Chart(kind, title, tuple(name for name, _ in shown), (Series("数量", numbers),), span.counted)


def _grouped(facts: Iterable[Fact], keys: Callable[[Fact], Iterable[str]]) -> dict[str, list[Fact]]:
    """Return the facts by each of their keys; one with several keys stands under each."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        for key in keys(fact):
            found.setdefault(key, []).append(fact)
    return found


def _by_size(item: tuple[str, list[Fact]]) -> tuple[int, str]:
    return -len(item[1]), item[0]


def _several(facts: Sequence[Fact], keys: Callable[[Fact], Sequence[str]], what: str, span: Span) -> str:
    """Say that the shares do not add up to the whole, if they do not."""
    several = sum(len(keys(fact)) > 1 for fact in facts)
    return f"（其中{several}{span.counted}涉及多个{what}，分别计入，合计大于总数。）" if several else ""


def _enterprise(each: tuple[str, str]) -> str:
    """Return by what an enterprise is known: its credit code, else its name."""
    name, code = each
    return code or name.strip()


def _count(facts: Sequence[Fact], field: str) -> str:
    return str(sum(getattr(fact, field) for fact in facts))


def _tested(facts: Iterable[Fact]) -> int:
    return sum(fact.tested or 0 for fact in facts)


def _failed(facts: Iterable[Fact]) -> int:
    return sum(fact.failed or 0 for fact in facts)


def _per_period(facts: Sequence[Fact], span: Span) -> tuple[int, ...]:
    counted = dict.fromkeys((period.id for period in span.periods), 0)
    for fact in facts:
        if fact.period in counted:
            counted[fact.period] += 1
    return tuple(counted.values())


def _percent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, rounded half up, without floating point."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def _signed_percent(part: int, whole: int) -> str:
    sign = "-" if part < 0 else "+" if part else ""
    return sign + _percent(abs(part), whole)


def _average(whole: int, parts: int) -> str:
    tenths = (whole * 20 + parts) // (2 * parts)
    return f"{tenths // 10}.{tenths % 10}"


def _basis(facts: Sequence[Fact], span: Span) -> str:
    return f"依据：{span.text}各期风险信息{len(facts)}{span.counted}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _month(period: str) -> str:
    return f"{int(period[:4])}年{int(period[5:])}月"


def _short_month(period: str) -> str:
    return f"{int(period[5:])}月"
