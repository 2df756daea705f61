"""What a heading means: synonyms, traditional characters, brackets and units, one wrong letter in an official title."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from riskdesk.domain.annex1 import COLUMNS

RECORD_ID, REVISION, PART = "record_id", "revision", "part"
HIDDEN = (RECORD_ID, REVISION, PART)  # the columns that riskdesk writes for itself
_SYNONYMS = {
    "product": "涉及产品 产品名称 产品 涉及产品名称 品名 产品类别 产品种类 产品名称及型号 商品名称",
    "enterprise_count_text": "涉及企业数量 企业数量 涉及企业数 企业数 涉及企业 企业个数 涉及企业家数 数量 涉及企业数量家",
    "regions_text": "涉及区域 区域 涉及地区 地区 所在区域 涉及地域 地域 属地 涉及范围 区域范围",
    "content": "风险信息内容 风险信息 信息内容 风险内容 主要内容 风险信息描述 风险描述 内容 存在的风险 质量安全风险信息 风险情况",
    "analysis": "信息分析 分析 风险分析 原因分析 信息分析研判 研判 分析研判 研判分析",
    "suggestion": "初步建议 建议 处置建议 意见建议 初步处置建议 处理建议 建议措施 工作建议 初步意见 处理意见 处置意见",
    "sources_text": "信息来源 来源 风险信息来源 信息渠道 来源渠道 信息来源渠道",
    "discovered_on": "发现日期 发现时间",
    "unit": "填报单位 报送单位 上报单位",
    RECORD_ID: "riskdesk-id",
    REVISION: "riskdesk-revision",
    PART: "riskdesk-part",
}
_TRADITIONAL = "來內產區險業數議報訊資稱類種號屬範圍風質況處見發現時間單個員證準狀損傷實際動態無與為門務項級屆續備註編"
_SIMPLIFIED = "来内产区险业数议报讯资称类种号属范围风质况处见发现时间单个员证准状损伤实际动态无与为门务项级届续备注编"
_FOLDED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_SIGNS = re.compile(r"[\s:*,。.、\-_/()\[\]]+")
_NUMBERS = {"序", "序号", "编号", "号", "顺序号", "行号", "no", "num", "id"}
LONGEST = 40


def normal(text: str) -> str:
    """Return a heading for comparing: simplified characters, no signs and nothing in brackets."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)
    return _SIGNS.sub("", _BRACKETS.sub("", text)) or _SIGNS.sub("", text)


_EXACT = {normal(word): name for name, words in _SYNONYMS.items() for word in words.split()}
_PARTS = sorted((word for word in _EXACT if len(word) >= 4 and not word.startswith("riskdesk")), key=len, reverse=True)


_TITLES = {column.title: column.field for column in COLUMNS}
_FIRST, _LAST = {title[0] for title in _TITLES}, {title[-1] for title in _TITLES}
_SIZES = range(min(map(len, _TITLES)) - 1, max(map(len, _TITLES)) + 2)


def exact(text: str) -> str | None:
    """Return the field that the heading is a known word for."""
    return _EXACT.get(_heading(text))


def near(text: str) -> str | None:
    """Return the one field whose official title differs in one letter at most."""
    return _near(_heading(text))


def similar(text: str) -> str | None:
    """Return the field of the longest known word that the heading holds."""
    return _similar(_heading(text))


@lru_cache(1 << 12)
def likely(text: str) -> str:
    """Return the field that the heading is for by any of these rules, "" for none."""
    heading = _heading(text)
    return _EXACT.get(heading) or _near(heading) or _similar(heading) or ""


def is_number(text: str) -> bool:
    """Say whether a heading is that of the row numbers, which nobody misses."""
    return normal(text) in _NUMBERS


@lru_cache(1 << 12)
def _heading(text: str) -> str:
    return normal(text) if 0 < len(text) <= LONGEST else ""


def _near(heading: str) -> str | None:
    # one wrong letter leaves the first or the last one right
    if len(heading) not in _SIZES or not (heading[0] in _FIRST or heading[-1] in _LAST):
        return None
    found = [field for title, field in _TITLES.items() if _one_apart(heading, title)]
    return found[0] if len(found) == 1 else None


def _similar(heading: str) -> str | None:
    if not 4 <= len(heading) <= 16:
        return None
    return next((_EXACT[part] for part in _PARTS if part in heading), None)


def _one_apart(text: str, title: str) -> bool:
    """Say whether one letter put in, left out or replaced makes one text of the other."""
    if abs(len(text) - len(title)) > 1:
        return False
    start = next((at for at, (one, other) in enumerate(zip(text, title, strict=False)) if one != other), None)
    if start is None:
        return True
    ends = {(1, 1), (1, 0), (0, 1)}
    return any(text[start + skip :] == title[start + leave :] for skip, leave in ends)
