"""The block that sets periods beside those of a year before: like with like, told by its days, and what is not compared."""

from __future__ import annotations

from collections.abc import Sequence

from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series
from riskdesk.domain.facts import Fact
from riskdesk.domain.spans import Comparison, Span, month_labels, months_text
from riskdesk.domain.statistics_tables import Row, basis, percent, table

_TITLE = "同比"


def year_on_year(facts: Sequence[Fact], span: Span, before: Sequence[Fact], compared: Comparison) -> Block:
    """Return the numbers beside those of the same months a year before.

    `facts` are those of the periods that are compared, `before` those of the year before; if nothing is compared, they are those of the span.
    """
    if not compared.now:
        text = f"没有上一年同期的完整数据，不作同比：{compared.why}。本期为{span.text}，共{span.told(facts)}。"
        return Block(
            BlockKind.YEAR_ON_YEAR, _TITLE, text, basis(facts, span), f"没有与上一年同期比较：{compared.why}。"
        )
    ours, theirs = Span(compared.now, span.counted, span.scope), Span(compared.then, span.counted)
    chart = Chart(
        ChartKind.TREND,
        "与上年同期比较",
        month_labels(compared.now),
        (Series("本期", _per_period(facts, ours)), Series("上年同期", _per_period(before, theirs))),
        span.counted,
    )
    unknown = f"{months_text(compared.silent)}没有信息，也没有零报告，按没有信息比较。" if compared.silent else ""
    return Block(
        BlockKind.YEAR_ON_YEAR,
        _TITLE,
        _text(facts, before, ours, theirs, compared),
        f"{basis(facts, ours)}；{theirs.text}{theirs.told(before)}",
        unknown,
        table(("项目", "上年同期", "本期", "增减", "增减幅度"), _rows(facts, before)),
        chart,
    )


def _text(facts: Sequence[Fact], before: Sequence[Fact], ours: Span, theirs: Span, compared: Comparison) -> str:
    change = len(facts) - len(before)
    text = f"{months_text(ours.periods)}与{months_text(theirs.periods)}比较"
    text += f"；{compared.why}。" if compared.why else "。"
    text += f"本期（{ours.days}）{ours.told(facts)}，上年同期（{theirs.text}）{theirs.told(before)}，同比"
    return text + (f"{'增加' if change > 0 else '减少'}{abs(change)}{ours.counted}。" if change else "持平。")


def _rows(facts: Sequence[Fact], before: Sequence[Fact]) -> list[Row]:
    rows: list[Row] = []
    for name, ours, theirs in (
        ("风险信息", facts, before),
        ("其中：重要", [each for each in facts if each.important], [each for each in before if each.important]),
        ("其中：重点", [each for each in facts if each.key], [each for each in before if each.key]),
    ):
        change = len(ours) - len(theirs)
        rate = _signed_percent(change, len(theirs)) if theirs else "—"
        cells = (str(len(theirs)), str(len(ours)), f"{change:+d}" if change else "0", rate)
        rows.append((name, cells, [*ours, *theirs]))
    return rows


def _per_period(facts: Sequence[Fact], span: Span) -> tuple[int, ...]:
    counted = dict.fromkeys((period.id for period in span.periods), 0)
    for fact in facts:
        if fact.period in counted:
            counted[fact.period] += 1
    return tuple(counted.values())


def _signed_percent(part: int, whole: int) -> str:
    sign = "-" if part < 0 else "+" if part else ""
    return sign + percent(abs(part), whole)
