"""Annex 2 as a sequence of headings, paragraphs, tables and figures: wording and numbering, the same in Word and in PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from typing import Final

from riskdesk import clock
from riskdesk.documents import charts
from riskdesk.domain.annex1 import chinese_date
from riskdesk.domain.annual import PARTS, AnnualReport, Section
from riskdesk.domain.blocks import Block, BlockKind, Chart, Table

CONTENTS: Final = "目录"
MISSING: Final = "（待填写）"
_INDENTS = " \t\u3000"
_DIGITS = "一二三四五六七八九"
_EDGES = re.compile(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])")
_GAP = 0.25  # em
_CENTRED_EM = 10.0  # a column whose texts are all that short stands in the middle
_LEAST_EM = 3.0  # of a column
_SLACK = 0.3  # fonts differ a little


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2, with its number; `name` is that of its bookmark."""

    level: int
    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the text, by people or computed."""

    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Stands where nothing has been written."""

    text: str = MISSING


@dataclass(frozen=True, slots=True)
class NumberedTable:
    """A table under its caption."""

    caption: str
    table: Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart above its caption; `told` says it in words, for those who cannot see it."""

    caption: str
    chart: Chart
    told: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a computed part rests on, and what is unknown; belongs to what stands before it."""

    text: str


Item = Heading | Paragraph | Missing | NumberedTable | Figure | Note


def items(report: AnnualReport) -> list[Item]:
    """Return everything between the table of contents and the signature, in order."""
    found: list[Item] = []
    counter = _Counter()
    for part in PARTS:
        found.append(Heading(1, f"{numeral(part.number)}、{part.title}", f"_Toc{part.number:02}00"))
        for place, section in enumerate(report.of_part(part.number), 1):
            title = f"（{numeral(place)}）{_one_line(section.title)}"
            found.append(Heading(2, title, f"_Toc{part.number:02}{place:02}"))
            found += _of_section(section, counter) or [Missing()]
    return found


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as headings write it: 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens - 1]) + "十" if tens else ""
    return ten + (_DIGITS[ones - 1] if ones else "")


def year_text(report: AnnualReport) -> str:
    """Return the line under the title."""
    return f"（{report.year}年度）"


def day_text(report: AnnualReport) -> str:
    """Return the day under the unit; the month in which it is printed if no day is settled."""
    if report.day:
        return chinese_date(date.fromisoformat(report.day))
    today = clock.today()
    return f"{today.year}年{today.month}月"


def file_day(report: AnnualReport) -> date:
    """Return the day that the file is dated by: that of the report, else the last of its year."""
    return date.fromisoformat(report.day) if report.day else date(report.year, 12, 31)


def column_shares(table: Table, room: float) -> list[float]:
    """Return the widths of a table's columns, which together fill `room`, all in em.

    Narrow columns, up to half of the room, get what their longest text needs; the others share what is left, the
    longer texts more, but not in proportion: else those beside them would become towers.
    """
    natural = [max(_LEAST_EM, *map(_em, column)) + _SLACK for column in _columns(table)]
    spare = room - sum(natural)
    if spare >= 0:
        return [each + spare / len(natural) for each in natural]
    widths, left = natural[:], room
    crowded: list[int] = []
    for done, place in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        fair = min(left / (len(natural) - done), left - room / 2)
        if not crowded and natural[place] <= fair:
            left -= natural[place]
        else:
            crowded.append(place)
    weight = sum(sqrt(natural[place]) for place in crowded)
    for place in crowded:
        own = sqrt(natural[place])
        widths[place] = min(natural[place], left * own / weight)
        left, weight = left - widths[place], weight - own
    return widths


def is_centred(table: Table) -> list[bool]:
    """Say for each column whether its cells stand in the middle, as numbers and short names do."""
    return [all(_em(cell) <= _CENTRED_EM for cell in column[1:]) for column in _columns(table)]


def _columns(table: Table) -> list[Sequence[str]]:
    return list(zip(table.head, *table.rows, strict=True))


def _em(text: str) -> float:
    """Return about how wide the longest line of a text is, with the gaps that Word leaves beside numbers."""
    return max(sum(map(_char_em, line)) + _GAP * len(_EDGES.findall(line)) for line in lines(text))


def _char_em(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.56


def lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Return what people wrote: every line that is not blank, without an indent of its own."""
    for line in lines(text):
        if bare := line.strip(_INDENTS):
            yield Paragraph(bare)


class _Counter:
    """Numbers tables and figures through the report."""

    def __init__(self) -> None:
        self.tables = self.figures = 0

    def table(self) -> str:
        self.tables += 1
        return f"表{self.tables}"

    def figure(self) -> str:
        self.figures += 1
        return f"图{self.figures}"


def _of_section(section: Section, counter: _Counter) -> list[Item]:
    found: list[Item] = list(paragraphs(section.text))
    for block in section.blocks:
        if block.kind not in section.left_out:
            found += _of_block(block, _table_title(section, block), counter)
    return found


def _table_title(section: Section, block: Block) -> str:
    """Return what a table is called; several sections have lists of records."""
    if block.kind is not BlockKind.RECORDS:
        return block.title
    return _one_line(section.title).removeprefix("一年来") + block.title


def _of_block(block: Block, table_title: str, counter: _Counter) -> list[Item]:
    names, shown = [], list[Item]()
    if block.table is not None:
        names.append(counter.table())
        shown.append(NumberedTable(f"{names[-1]}　{table_title}", block.table))
    if block.chart is not None:
        names.append(counter.figure())
        untitled = replace(block.chart, title="")
        shown.append(Figure(f"{names[-1]}　{block.chart.title}", untitled, _told(block.chart)))
    text = block.text
    if names and not text.endswith("如下。"):
        text += f"详见{'、'.join(names)}。"
    return [*paragraphs(text), *shown, Note(_note(block))]


def _note(block: Block) -> str:
    basis = block.basis.removeprefix("依据：").rstrip("。")
    return f"注：依据{basis}" + (f"；{block.unknown}" if block.unknown else "。")


def _told(chart: Chart) -> str:
    """Return a chart's numbers in words."""
    told = []
    for series in chart.series:
        numbers = (
            f"{label} {'未填' if value is None else value}"
            for label, value in zip(charts.label_names(chart), series.values, strict=True)
        )
        told.append(f"{series.name}：{'，'.join(numbers)}")
    return f"{chart.title}（单位：{chart.unit}）。{'；'.join(told)}。"


def _one_line(text: str) -> str:
    return " ".join(line.strip(_INDENTS) for line in lines(text)).strip()
