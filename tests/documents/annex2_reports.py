"""Yearly reports to write: one by hand with every kind of chart, and that of the sample station."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from services.station_year import PRODUCT, STATION, STATION_NAME, typed_in

from riskdesk.domain.annual import HEADINGS, PARTS, new_report
from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series, Table
from riskdesk.services import annual
from riskdesk.services.setup import set_up

UNIT, DAY = "太原市示例产品质量安全风险监测站", "2025-12-26"
CHARTS = (
    Chart(ChartKind.BAR, "信息来源分布", ("消费者投诉、举报的", "检验检测机构检测的"), (Series("数量", (17, 9)),)),
    Chart(
        ChartKind.TREND,
        "各期风险信息数量",
        tuple(f"{month}月" for month in range(1, 13)),
        (
            Series("风险信息", (6, 3, 9, None, 8, 5, 3, 7, 3, 7, 7, 7)),
            Series("其中：重要", (1, 1, 5, 0, 0, 1, 0, 1, 1, 4, 3, 3)),
        ),
    ),
    Chart(ChartKind.PARETO, "危害类别分布", ("窒息", "机械伤害", "化学危害"), (Series("数量", (14, 11, 1)),), "起"),
    Chart(
        ChartKind.STACKED,
        "抽检批次",
        ("儿童滑板车", "婴儿推车"),
        (Series("不合格", (28, 6)), Series("合格", (282, 64))),
        "批次",
    ),
    Chart(ChartKind.TILES, "涉及区域分布", ("140106", "140802"), (Series("数量", (10, 7)),)),
)
_KINDS = (BlockKind.SOURCES, BlockKind.MONTHLY, BlockKind.HAZARDS, BlockKind.BATCHES, BlockKind.REGIONS)


def block(kind=BlockKind.OVERVIEW, **given):
    """A block, by default with a table of which every cell can be told from every other."""
    table = Table(("项目", "数量（条）"), tuple((f"{kind}第{row}项", f"{7000 + row}") for row in range(1, 5)))
    return replace(
        Block(
            kind, f"{kind}概要", f"{kind}共采集若干条。", "依据：2025年各期风险信息69条", "3条没有填写，未计入。", table
        ),
        **given,
    )


def with_blocks(report, code, *blocks):
    """The report with blocks under a heading."""
    return report.with_section(replace(report.section(code), blocks=blocks))


def full_report():
    """A report in which every section has text, and one has a block for each kind of chart."""
    report = replace(new_report("儿童用品", 2025, UNIT), day=DAY)
    for code, heading in HEADINGS.items():
        report = report.with_text(code, f"{heading.title}正文第一段。\n{heading.title}正文第二段。\n")
    blocks = [block(kind, chart=chart) for kind, chart in zip(_KINDS, CHARTS, strict=True)]
    return with_blocks(report, "2.1", *blocks)


def heading_texts(report):
    """The numbered headings as they have to be printed, counted another way than the program does."""
    numerals = [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六",
        "七",
        "八",
        "九",
        "十",
        "十一",
        "十二",
        "十三",
        "十四",
        "十五",
        "十六",
        "十七",
        "十八",
        "十九",
        "二十",
    ]
    found = []
    for part in PARTS:
        found.append(f"{numerals[part.number - 1]}、{part.title}")
        titles = [each.title for each in report.sections if each.code.split(".")[0] == str(part.number)]
        found += [f"（{numeral}）{title}" for numeral, title in zip(numerals, titles, strict=False)]
    return found


@cache
def station_report():
    """The report of the sample station, with text under every heading."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("RISKDESK_NOW", "2025-12-26T09:00:00")
        with set_up(Path(folder) / "home", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
            typed_in(desk, 2024, 2025)
            report = annual.new(desk, PRODUCT, 2025).report
    for code, heading in HEADINGS.items():
        report = report.with_text(code, f"{heading.title}，按GB 6675.1-2014检验，共涉及12345件产品。\n" * 3)
    return replace(report, day=DAY)
