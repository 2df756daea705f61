"""The yearly report on a product's safety (Annex 2 of the notice): its sixteen headings, and what an office makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.errors import InputError

MOST_SECTIONS = 20  # of one part; more cannot be numbered （一）…（二十）


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the template: `code` is part and place, `hint` what the notice says under it, `blocks` what is computed for it."""

    code: str
    title: str
    hint: str = ""
    blocks: tuple[BlockKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the template; sections may be added to an open one (可包括但不限于)."""

    number: int
    title: str
    headings: tuple[Heading, ...]
    hint: str = ""
    is_open: bool = False


PARTS = (
    Part(
        1,
        "产品概况",
        (
            Heading(
                "1.1",
                "产品简介",
                "结合实际，重点介绍产品特点、用途等基本情况，简明扼要，篇幅不宜过长，以说清楚为原则。",
            ),
            Heading(
                "1.2",
                "行业概况",
                "介绍国内或本省产业分布和产业集聚区情况，本省市场品牌分布、占有率等大体情况，尽可能采用图文辅助说明，"
                "避免采用单一表格和文字篇幅的形式。",
            ),
            Heading("1.3", "主要成分及加工工艺", "介绍产品的主要成分以及生产工艺、技术等。"),
        ),
    ),
    Part(
        2,
        "产品质量安全形势分析",
        (
            Heading(
                "2.1",
                "一年来国家、本省产品质量监督抽查情况",
                blocks=(BlockKind.OVERVIEW, BlockKind.MONTHLY, BlockKind.BATCHES),
            ),
            Heading("2.2", "一年来国家、本省产品风险监测情况", blocks=(BlockKind.SOURCES, BlockKind.REGIONS)),
            Heading("2.3", "一年来国内外、本省召回情况", blocks=(BlockKind.RECORDS,)),
            Heading("2.4", "一年来消费者投诉反映的质量安全问题", blocks=(BlockKind.RECORDS,)),
            Heading("2.5", "一年来国内外舆情与风险预警情况", blocks=(BlockKind.RECORDS,)),
            Heading("2.6", "行业内产品质量潜规则或普遍认同的质量安全风险隐患"),
            Heading("2.7", "行业新业态，新技术，新产品，市场最新动态等带来的苗头性风险"),
            Heading("2.8", "相关产品标准更新、实施中存在的问题"),
        ),
        "内容简明扼要，篇幅不宜过长，以说清楚为原则。针对产品不合格率较高/质量问题严重的情况，需要单独分析产生的原因。"
        "产品安全形势分析的内容可包括但不限于以下几点。",
        is_open=True,
    ),
    Part(
        3,
        "产品质量安全因素分析",
        (
            Heading(
                "3.1",
                "质量问题原因分析",
                "根据产品具体情况，从影响不合格/质量问题的外部因素（包括产业政策、原材料价格波动情况、市场供求因素、外贸、"
                "产品技术标准变动等）、企业内部因素影响（装备投入、技术能力、标准、生产工艺、原材料验收、质量保障体系、"
                "出厂检验等）等多层次进行分析。",
                (BlockKind.ENTERPRISES, BlockKind.YEAR_ON_YEAR),
            ),
            Heading(
                "3.2",
                "风险因素的来源及危害",
                "内容简明扼要，分析列出该产品的风险指标、产生的原因及危害等。对具体指标的表述应简单或使用表格即可。",
                (BlockKind.HAZARDS,),
            ),
        ),
    ),
    Part(
        4,
        "下步工作建议",
        (Heading("4.1", "实施监督抽查"), Heading("4.2", "组织执法检查"), Heading("4.3", "开展专项整治")),
        "建议的方向可包括但不限于以下几个方面。",
        is_open=True,
    ),
)
HEADINGS: Mapping[str, Heading] = {heading.code: heading for part in PARTS for heading in part.headings}
# the sources of the notice whose records are listed under a heading
LISTED_SOURCES: Mapping[str, tuple[str, ...]] = {"2.3": ("S7",), "2.4": ("S2",), "2.5": ("S6", "S8")}


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading: `text` is written by people (paragraphs end with a line break), `blocks` are computed.

    `code` is that of the heading; an added section's is part and a place beyond those of the template, with its own `title`. `left_out` are blocks
    that people do not want printed.
    """

    code: str
    title: str
    text: str = ""
    blocks: tuple[Block, ...] = ()
    left_out: tuple[BlockKind, ...] = ()
    extra: str = ""

    @property
    def part(self) -> int:
        """The number of the part that it belongs to."""
        return int(self.code.split(".")[0])


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A yearly report on one product.

    `unit` is the office or station that reports, `day` what is printed at its end (ISO, "" if not settled). `includes` are words of which one
    has to stand in a record's product or category for it to count; without any all records of the year count.
    """

    product: str
    year: int
    unit: str
    sections: tuple[Section, ...]
    includes: tuple[str, ...] = ()
    day: str = ""
    extra: str = ""

    @property
    def title(self) -> str:
        """The title as printed, in two lines."""
        return f"山西省{self.product}质量安全形势\n专题分析报告"

    @property
    def scope(self) -> str:
        """Which records of the year count, for people."""
        if not self.includes:
            return "未设关键词，统计本单位全部产品的记录"
        return f"产品或类别含{'或'.join(f'“{each}”' for each in self.includes)}的"

    def section(self, code: str) -> Section:
        """Return the section with the code; raise `InputError` if there is none."""
        found = next((each for each in self.sections if each.code == code), None)
        if found is None:
            raise InputError(f"报告中没有“{code}”这一节。可用的节：{'、'.join(each.code for each in self.sections)}。")
        return found

    def of_part(self, number: int) -> tuple[Section, ...]:
        """Return the sections of a part in their order."""
        return tuple(each for each in self.sections if each.part == number)

    def with_section(self, changed: Section) -> AnnualReport:
        """Return the report with one section changed."""
        self.section(changed.code)
        return replace(self, sections=tuple(changed if each.code == changed.code else each for each in self.sections))

    def with_text(self, code: str, text: str) -> AnnualReport:
        """Return the report with what people write under a heading."""
        return self.with_section(replace(self.section(code), text=text))

    def with_added(self, part: int, title: str) -> AnnualReport:
        """Return the report with a section more at the end of an open part; raise `InputError` if the part is not open."""
        known = next((each for each in PARTS if each.number == part), None)
        if known is None or not known.is_open:
            raise InputError("只能在“产品质量安全形势分析”和“下步工作建议”两部分增加小节。")
        if not title.strip():
            raise InputError("请填写新增小节的标题。")
        here = self.of_part(part)
        if len(here) >= MOST_SECTIONS:
            raise InputError(f"这一部分已有 {len(here)} 节，不能再增加。")
        number = max(int(each.code.split(".")[1]) for each in here) + 1
        place = self.sections.index(here[-1]) + 1
        added = Section(f"{part}.{number}", title.strip())
        return replace(self, sections=(*self.sections[:place], added, *self.sections[place:]))

    def without(self, code: str) -> AnnualReport:
        """Return the report without a section that was added; those of the template stay."""
        if code in HEADINGS:
            raise InputError("模板规定的小节不能删除，没有内容时请写明“无”。")
        gone = self.section(code)
        return replace(self, sections=tuple(each for each in self.sections if each is not gone))

    def refreshed(self, blocks: Mapping[str, tuple[Block, ...]]) -> AnnualReport:
        """Return the report with new blocks, by section; what people wrote stays as it is, to the character."""
        return replace(
            self,
            sections=tuple(
                replace(each, blocks=blocks[each.code]) if each.code in blocks else each for each in self.sections
            ),
        )

    @property
    def is_whole(self) -> bool:
        """Whether every section has text and the year has records."""
        blocks = [block for each in self.sections for block in each.blocks if block.kind is BlockKind.OVERVIEW]
        return all(each.text.strip() for each in self.sections) and all(_has_records(each) for each in blocks)

    def to_do(self) -> tuple[str, ...]:
        """Return what is still to be written or known, for people."""
        found = []
        for each in self.sections:
            printed = [block for block in each.blocks if block.kind not in each.left_out]
            if not each.text.strip():
                found.append(f"“{each.title}”还没有文字。")
            if not self.includes and any(block.kind is BlockKind.OVERVIEW for block in each.blocks):
                found.append(f"“{each.title}”的总体情况：{self.scope}，请核对是否都属于“{self.product}”。")
            found += [f"“{each.title}”的{block.title}：{block.unknown}" for block in printed if block.unknown]
        return tuple(found)


def _has_records(overview: Block) -> bool:
    """Tell whether there is anything behind the first row, which counts all."""
    return overview.table is None or any(overview.table.behind)


def new_report(product: str, year: int, unit: str, includes: tuple[str, ...] = ()) -> AnnualReport:
    """Return a report with the sixteen headings and nothing under them; raise `InputError` without a product."""
    if not product.strip():
        raise InputError("请填写报告所分析的产品。")
    sections = tuple(Section(heading.code, heading.title) for part in PARTS for heading in part.headings)
    return AnnualReport(product.strip(), year, unit, sections, includes)
