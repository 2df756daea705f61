"""Whether a yearly report is one that this program can show, print and compare: asked of what leaves and of what came from others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from riskdesk.domain.annual import HEADINGS, MOST_SECTIONS, PARTS, AnnualReport, Section
from riskdesk.domain.assessment import YEARS
from riskdesk.domain.blocks import Block, Chart, ChartKind, Table
from riskdesk.errors import InputError

_CODE = re.compile(r"[1-4]\.[1-9][0-9]?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.+Z-]{0,24}", re.ASCII)
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)  # control characters, and those that turn the direction
_NAME, _LINE, _LONG = 100, 300, 200_000  # characters of a name, of a line, of a text
_MOST_WORDS, _MOST_BLOCKS = 100, 20
_MOST_COLUMNS, _MOST_ROWS, _MOST_BEHIND = 12, 20_000, 1_000_000
_MOST_LABELS, _MOST_TILES, _MOST_SERIES = 24, 300, 3  # what a page and the patterns of the series have room for
_GREATEST = 1_000_000_000
_ID = 64  # characters
_MOST_TEXT = 10_000_000  # characters of everything


def check_report(report: AnnualReport) -> None:
    """Raise `InputError` saying what makes no sense in a report."""
    for name, value in (("产品", report.product), ("单位", report.unit)):
        _line(name, value, _NAME)
    if report.year not in YEARS:
        raise InputError(f"专题分析报告的年度不对：{str(report.year)[:20]}。")
    if report.day and not _is_day(report.day):
        raise InputError(f"专题分析报告的日期不对：{report.day[:20]}。")
    if len(report.includes) > _MOST_WORDS:
        raise InputError(f"专题分析报告的统计范围有 {len(report.includes)} 个词，太多了。")
    for word in report.includes:
        _line("统计范围", word, _NAME)
    _check_headings(report)
    for section in report.sections:
        _check_section(section)
    if sum(map(len, _texts(report))) > _MOST_TEXT:
        raise InputError("专题分析报告的内容太多，无法处理。")


def _check_headings(report: AnnualReport) -> None:
    codes = [each.code for each in report.sections]
    strange = next((each for each in codes if not _CODE.fullmatch(each)), "")
    if strange or len(set(codes)) < len(codes):
        raise InputError(f"专题分析报告的小节编号不对或有重复{'：' + strange[:20] if strange else ''}。")
    if [each for each in codes if each in HEADINGS] != list(HEADINGS):
        raise InputError("专题分析报告缺少通知规定的小节，或次序不对。")
    for part in PARTS:
        count = len(report.of_part(part.number))
        if count > (MOST_SECTIONS if part.is_open else len(part.headings)):
            raise InputError(f"专题分析报告“{part.title}”部分的小节太多，有 {count} 节。")


def _check_section(section: Section) -> None:
    _line("小节标题", section.title, _LINE)
    _long(f"小节{section.code}", section.text)
    kinds = [each.kind for each in section.blocks]
    if len(kinds) > _MOST_BLOCKS or len(set(kinds)) < len(kinds) or len(section.left_out) > _MOST_BLOCKS:
        raise InputError(f"专题分析报告小节 {section.code} 的统计内容太多或有重复。")
    for block in section.blocks:
        _check_block(section.code, block)


def _check_block(code: str, block: Block) -> None:
    what = f"小节{code}的统计"
    _line(what, block.title, _LINE)
    for text in (block.text, block.basis, block.unknown):
        _long(what, text)
    if block.at and not _MOMENT.fullmatch(block.at):
        raise InputError(f"专题分析报告{what}的时间不对：{block.at[:20]}。")
    if block.table is not None:
        _check_table(what, block.table)
    if block.chart is not None:
        _check_chart(what, block.chart)


def _check_table(what: str, table: Table) -> None:
    columns, rows = len(table.head), len(table.rows)
    is_even = all(len(row) == columns for row in table.rows) and len(table.behind) in (0, rows)
    if not 0 < columns <= _MOST_COLUMNS or not 0 < rows <= _MOST_ROWS or not is_even:
        raise InputError(f"专题分析报告{what}的表格行列不齐或太大。")
    if sum(map(len, table.behind)) > _MOST_BEHIND:
        raise InputError(f"专题分析报告{what}的表格所依据的记录太多。")
    if any(len(each) > _ID for ids in table.behind for each in ids):
        raise InputError(f"专题分析报告{what}的表格所依据的记录编号不对。")
    for row in (table.head, *table.rows):
        for cell in row:
            _long(what, cell)


def _check_chart(what: str, chart: Chart) -> None:
    labels, numbers = len(chart.labels), [each for series in chart.series for each in series.values]
    most = _MOST_TILES if chart.kind is ChartKind.TILES else _MOST_LABELS
    if labels > most or len(chart.series) > _MOST_SERIES:
        raise InputError(f"专题分析报告{what}的统计图太大。")
    if any(len(each.values) != labels for each in chart.series):
        raise InputError(f"专题分析报告{what}的统计图标签和数值的个数不一致。")
    if any(each is not None and not 0 <= each <= _GREATEST for each in (*numbers, chart.whole)):
        raise InputError(f"专题分析报告{what}的统计图含有不合理的数值。")
    for text in (chart.title, chart.unit, *chart.labels, *(each.name for each in chart.series)):
        if len(text) > _LINE:
            raise InputError(f"专题分析报告{what}的统计图文字太长。")


def _texts(report: AnnualReport) -> Iterator[str]:
    for section in report.sections:
        yield section.text
        for block in section.blocks:
            yield from (block.text, block.basis, block.unknown)
            if block.table is not None:
                yield from _cells(block.table.rows)


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield from row


def _line(what: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or _HIDDEN.search(text):
        raise InputError(f"专题分析报告的{what}为空、太长或含有不能显示的字符：{_HIDDEN.sub('�', text[:20])}。")


def _long(what: str, text: str) -> None:
    if len(text) > _LONG:
        raise InputError(f"专题分析报告{what}的文字太长，有 {len(text)} 个字符。")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and date.fromisoformat(text).year in YEARS
    except ValueError:
        return False
