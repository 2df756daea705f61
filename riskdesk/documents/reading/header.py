"""Finding the heading row of the form, however the headings are written, ordered and spaced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from riskdesk.domain.annex1 import FIELDS

RECORD_ID, REVISION, PART = "record_id", "revision", "part"
_SYNONYMS = {
    "product": "涉及产品 产品名称 产品 涉及产品名称 品名 产品类别 产品种类 产品名称及型号 商品名称",
    "enterprise_count_text": "涉及企业数量 企业数量 涉及企业数 企业数 涉及企业 企业个数 涉及企业家数 数量 涉及企业数量家",
    "regions_text": "涉及区域 区域 涉及地区 地区 所在区域 涉及地域 地域 属地 涉及范围 区域范围",
    "content": "风险信息内容 风险信息 信息内容 风险内容 主要内容 风险信息描述 风险描述 内容 存在的风险 质量安全风险信息 风险情况",
    "analysis": "信息分析 分析 风险分析 原因分析 信息分析研判 研判 分析研判 研判分析",
    "suggestion": "初步建议 建议 处置建议 意见建议 初步处置建议 处理建议 建议措施 工作建议",
    "sources_text": "信息来源 来源 风险信息来源 信息渠道 来源渠道 信息来源渠道",
    "discovered_on": "发现日期 发现时间",
    "unit": "填报单位 报送单位 上报单位",
    RECORD_ID: "riskdesk-id",
    REVISION: "riskdesk-revision",
    PART: "riskdesk-part",
}
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_SIGNS = re.compile(r"[\s:*,。.、\-_/()\[\]]+")
_LEAST = 4  # fields that make a heading row
_LOOK = 40  # rows
_LONGEST = 40


def _norm(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return _SIGNS.sub("", _BRACKETS.sub("", text)) or _SIGNS.sub("", text)


_EXACT = {_norm(word): name for name, words in _SYNONYMS.items() for word in words.split()}
_PARTS = sorted((word for word in _EXACT if len(word) >= 4 and not word.startswith("riskdesk")), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are: first row (counted from 0), how many rows, and the column of each field found."""

    row: int
    span: int
    columns: Mapping[str, int]
    width: int = 0


def find_header(rows: Sequence[Sequence[str]], start: int = 0, stop: int = _LOOK) -> Header | None:
    """Return the best heading row, of one row or two, or None."""
    best: Header | None = None
    best_score = _LEAST - 0.5
    for row in range(start, min(stop, len(rows))):
        for span in (1, 2):
            columns = _columns(rows[row : row + span])
            score = _score(columns) - (0.1 if span == 2 else 0)
            if score > best_score:
                best, best_score = Header(row, span, columns), score
    return best


def is_header(row: Sequence[str]) -> bool:
    """Say whether a row within the table is a heading row (again)."""
    short = [text for text in row if 1 < len(text) <= _LONGEST]
    others = len(short) - _LEAST  # cells that may be no headings
    found: set[str] = set()
    for text in short:
        if others < 0:
            return False
        name = _either(text)
        if name in FIELDS:
            found.add(name)
        else:
            others -= 1
    return len(found) >= _LEAST


def fit(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns of the form the best heading row has."""
    found = find_header(rows)
    return _score(found.columns) if found else 0


def _score(columns: Mapping[str, int]) -> int:
    return sum(name in columns for name in FIELDS)


def _columns(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    width = max(map(len, rows), default=0)
    columns: dict[str, int] = {}
    wanted = [[_at(row, column) for row in rows] for column in range(width)]
    for look in (_exact, _similar):
        for column, texts in enumerate(wanted):
            if column in columns.values():
                continue
            name = next((found for text in _candidates(texts) if (found := look(text))), None)
            if name and name not in columns:
                columns[name] = column
    return columns


def _candidates(texts: list[str]) -> list[str]:
    """Return the lower heading, both read together, the upper one."""
    return [texts[0]] if len(texts) == 1 else [texts[1], texts[0] + texts[1], texts[0]]


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


@lru_cache(1 << 12)
def _exact(text: str) -> str | None:
    return _EXACT.get(_norm(text)) if 0 < len(text) <= _LONGEST else None


@lru_cache(1 << 12)
def _similar(text: str) -> str | None:
    if not 0 < len(text) <= _LONGEST:
        return None
    heading = _norm(text)
    if len(heading) > 16:
        return None
    return next((_EXACT[part] for part in _PARTS if part in heading), None)


@lru_cache(1 << 12)
def _either(text: str) -> str:
    return _exact(text) or _similar(text) or ""
