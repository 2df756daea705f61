"""Blocks computed from facts: how many, when, from which sources, where, how dangerous, tested, by whom, against the year before.

Pure functions: everything follows from the facts and the span of periods they are said to be of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series
from riskdesk.domain.facts import Fact, enterprise_keys
from riskdesk.domain.spans import EVENTS, Span, month_labels, month_text, months_text
from riskdesk.domain.statistics_tables import (
    MOST_BARS,
    Row,
    average,
    bars,
    basis,
    by_size,
    chart_title,
    grouped,
    most,
    pareto,
    percent,
    several,
    shares,
    table,
)

_REPEATED = 2  # records that name an enterprise


def overview(facts: Sequence[Fact], span: Span, name_of: Callable[[str], str]) -> Block:
    """Return how many there are, and of how many products, units and enterprises they tell."""
    important, key = [each for each in facts if each.important], [each for each in facts if each.key]
    enterprises = set(enterprise_keys(facts).values())
    counted = [("风险信息", facts), ("其中：重要风险信息", important), ("其中：重点风险信息", key)]
    by_unit: dict[str, list[Fact]] = {}
    for fact in facts:
        for name in {unit or name_of(org) for unit, org in fact.reporters or ((fact.unit, fact.org),)}:
            by_unit.setdefault(name, []).append(fact)
    products = {each for fact in facts for each in fact.products or (fact.product,) if each}
    counted += [(f"报送单位：{unit}", found) for unit, found in sorted(by_unit.items(), key=by_size)]
    text = (
        f"{span.text}，共采集风险信息{span.told(facts)}，其中重要风险信息{len(important)}{span.counted}、"
        f"重点风险信息{len(key)}{span.counted}，涉及产品{len(products)}种"
    )
    text += f"、列明的企业{len(enterprises)}家。" if enterprises else "。"
    nameless = [each for each in facts if not each.enterprises]
    unknown = f"{len(nameless)}{span.counted}没有列明企业名称，未计入企业数。" if nameless else ""
    if not facts:
        unknown = "没有风险信息，各项统计都没有数据。"
    rows: list[Row] = [(name, (str(len(found)),), found) for name, found in counted]
    shown = table(("项目", f"数量（{span.counted}）"), rows)
    return Block(BlockKind.OVERVIEW, "总体情况", text, basis(facts, span), unknown, shown)


def monthly(facts: Sequence[Fact], span: Span) -> Block:
    """Return how many there are in each period."""
    by_period: dict[str, list[Fact]] = {period.id: [] for period in span.periods}
    for fact in facts:
        by_period[fact.period].append(fact)
    text = f"按报送期次统计，平均每期{average(len(facts), len(by_period))}{span.counted}"
    named = [(month_text(period), found) for period, found in by_period.items() if found]
    named.sort(key=lambda each: -len(each[1]))  # stable: of equal ones the earlier first
    text += most(named, span.counted) + "。"
    shown = table(
        ("期次", f"数量（{span.counted}）", "其中：重要", "其中：重点"),
        [
            (month_text(period), (str(len(found)), _count(found, "important"), _count(found, "key")), found)
            for period, found in by_period.items()
        ],
    )
    numbers = tuple(len(found) for found in by_period.values())
    important = tuple(sum([each.important for each in found]) for found in by_period.values())
    chart = Chart(
        ChartKind.TREND,
        "各期风险信息数量",
        month_labels(span.periods),
        (Series("风险信息", numbers), Series("其中：重要", important)),
        span.counted,
    )
    return Block(BlockKind.MONTHLY, "月度趋势", text, basis(facts, span), "", shown, chart)


def sources(facts: Sequence[Fact], span: Span, names: Mapping[str, str]) -> Block:
    """Return where the information came from; `names` are the sources of the notice by code."""
    keys = [fact.sources for fact in facts]
    by_source = grouped(facts, keys)
    known = [(names.get(code, code), found) for code, found in sorted(by_source.items(), key=by_size)]
    missing = [each for each in facts if not each.sources]
    text = f"信息来源涉及通知所列{len(names)}类来源中的{len(by_source)}类"
    text += most(known, span.counted, "“{}”") + "。"
    text += several(keys, "来源", span)
    unknown = f"{len(missing)}{span.counted}没有对应到来源类别，未计入。" if missing else ""
    return Block(
        BlockKind.SOURCES,
        "信息来源",
        text,
        basis(facts, span),
        unknown,
        shares("信息来源", known, facts, span),
        bars("信息来源分布", known, span),
    )


def regions(facts: Sequence[Fact], span: Span, county_of: Callable[[str], str], name_of: Callable[[str], str]) -> Block:
    """Return which counties are named; `county_of` gives the county that a code lies in, "" if it lies in none."""
    counties = {
        codes: tuple(dict.fromkeys(filter(None, map(county_of, codes)))) for codes in {fact.regions for fact in facts}
    }
    keys = [counties[fact.regions] for fact in facts]
    by_region = grouped(facts, keys)
    known = sorted(by_region.items(), key=by_size)
    named = [(name_of(code), found) for code, found in known]
    elsewhere = [each for each in facts if each.regions and not counties[each.regions]]
    missing = [each for each in facts if not each.regions]
    text = f"涉及{len(known)}个县（市、区）"
    text += most(named, span.counted) + "。"
    text += several(keys, "县（市、区）", span)
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
    shown = shares("涉及区域", named, facts, span)
    return Block(BlockKind.REGIONS, "区域分布", text, basis(facts, span), unknown, shown, chart if known else None)


def hazards(facts: Sequence[Fact], span: Span) -> Block:
    """Return what the dangers are, the most frequent first, with their running share."""
    keys = [fact.hazards for fact in facts]
    by_hazard = grouped(facts, keys)
    known = sorted(by_hazard.items(), key=by_size)
    missing = [each for each in facts if not each.hazards]
    text = f"已归类的危害有{len(known)}类"
    text += most(known, span.counted, "“{}”") + "。"
    if known:
        text += f"占比和累计占比都以全部{len(facts)}{span.counted}为总数，已归类的占{percent(len(facts) - len(missing), len(facts))}。"
    text += several(keys, "危害类别", span)
    unknown = f"{len(missing)}{span.counted}没有填写危害类别，未计入。" if missing else ""
    shown = shares("危害类别", known, facts, span)
    chart = pareto("危害类别分布", known, keys, span)
    return Block(BlockKind.HAZARDS, "危害类别", text, basis(facts, span), unknown, shown, chart)


def batches(facts: Sequence[Fact], span: Span) -> Block:
    """Return tested and failed batches of those records that state both, by product."""
    stating = [each for each in facts if each.tested is not None or each.failed is not None]
    both = [each for each in stating if each.tested and each.failed is not None and each.failed <= each.tested]
    keys = {product: (product,) for product in {fact.product for fact in both}}  # one for all of a product
    by_product = {
        product: (_total(found, "tested"), _total(found, "failed"), found)
        for product, found in grouped(both, [keys[fact.product] for fact in both]).items()
    }
    rows: list[Row] = [
        (product, (str(tested), str(failed), percent(failed, tested)), found)
        for product, (tested, failed, found) in sorted(by_product.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    if both:
        tested, failed = _total(both, "tested"), _total(both, "failed")
        text = f"抽检和不合格批次都列明的有{len(both)}{span.counted}，合计抽检{tested}批次，不合格{failed}批次，不合格率{percent(failed, tested)}。"
    else:
        text = "没有同时列明抽检批次和不合格批次的信息，不计算不合格率。"
    shown = table(("产品", "抽检批次", "不合格批次", "不合格率"), rows) if rows else None
    unknown = _unusable(stating, span)
    return Block(BlockKind.BATCHES, "抽检情况", text, basis(facts, span), unknown, shown, _batch_chart(rows))


def _unusable(facts: Sequence[Fact], span: Span) -> str:
    """Say which batches are not counted and why."""
    half = sum((each.tested is None) != (each.failed is None) for each in facts)
    wrong = sum(each.tested is not None and (each.failed or 0) > each.tested for each in facts)
    told = f"{half}{span.counted}只列明抽检或不合格批次之一，未计入。" if half else ""
    return told + (f"{wrong}{span.counted}不合格批次多于抽检批次，未计入，请核对。" if wrong else "")


def _batch_chart(rows: Sequence[Row]) -> Chart | None:
    if not rows:
        return None
    drawn = rows[:MOST_BARS]
    failed = tuple(int(cells[1]) for _, cells, _ in drawn)
    passed = tuple(int(cells[0]) - int(cells[1]) for _, cells, _ in drawn)
    series = (Series("不合格", failed), Series("合格", passed))
    title = chart_title("抽检批次", len(rows))
    return Chart(ChartKind.STACKED, title, tuple(name for name, _, _ in drawn), series, "批次")


def enterprises(facts: Sequence[Fact], span: Span) -> Block:
    """Return the enterprises that several records name."""
    keys, names = enterprise_keys(facts), dict[str, str]()
    distinct: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}
    for named in dict.fromkeys([fact.enterprises for fact in facts]):
        distinct[named] = tuple(dict.fromkeys(keys[each] for each in named))
        for each in named:
            names.setdefault(keys[each], each[0].strip())
    by_enterprise = grouped(facts, [distinct[fact.enterprises] for fact in facts])
    repeated = [(key, found) for key, found in sorted(by_enterprise.items(), key=by_size) if len(found) >= _REPEATED]
    what = "事件" if span.counted == EVENTS else "信息"
    text = f"列明企业{len(by_enterprise)}家，其中{len(repeated)}家被{_REPEATED}{span.counted}以上{what}涉及。"
    missing = [each for each in facts if not each.enterprises]
    unknown = f"{len(missing)}{span.counted}没有列明企业名称，未计入。" if missing else ""
    rows: list[Row] = [(names[key], (str(len(found)), _months(found, span)), found) for key, found in repeated]
    shown = table(("企业名称", f"数量（{span.counted}）", "期次"), rows) if rows else None
    return Block(BlockKind.ENTERPRISES, "多次涉及的企业", text, basis(facts, span), unknown, shown)


def listed(facts: Sequence[Fact], span: Span, what: str, texts: Mapping[str, str]) -> Block:
    """Return a numbered list of records with their texts by id; `what` says which ones these are."""
    ordered = sorted(facts, key=lambda fact: (fact.period, fact.product, fact.id))
    rows: list[Row] = [
        (str(number), (month_text(fact.period), fact.product, texts.get(fact.id, "")), [fact])
        for number, fact in enumerate(ordered, 1)
    ]
    text = f"{what}{len(facts)}{span.counted}，列表如下。" if facts else f"本期没有{what}。"
    shown = table(("序号", "期次", "产品", "风险信息内容"), rows) if rows else None
    return Block(BlockKind.RECORDS, "信息列表", text, basis(facts, span), "", shown)


def _months(facts: Sequence[Fact], span: Span) -> str:
    here = {each.period for each in facts}
    return months_text([period for period in span.periods if period.id in here])


def _count(facts: Sequence[Fact], field: str) -> str:
    return str(_total(facts, field))


def _total(facts: Sequence[Fact], field: str) -> int:
    value = attrgetter(field)
    return sum([value(fact) or 0 for fact in facts])
