"""What a row of the table is: a record, an example, a sum, a statement that there is nothing, the foot of the form."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum, auto

from riskdesk.documents.reading.header import is_header, repeats
from riskdesk.domain.annex1 import FIELDS
from riskdesk.domain.dates import parse_date
from riskdesk.domain.text import ascii_digits

_FOOT_WORDS = "填报人|填表人|报送人|联系人|联系电话|联系方式|经办人|制表人?|审核人?|审批人?|签发人?|负责人|单位负责人|主要负责人|分管领导|填报单位|填报时间|填报日期"
_FOOT = re.compile(
    rf"(?:{_FOOT_WORDS})(?:\(.{{0,12}}?\))?(?:及(?:联系)?电话)?(?::|$)|(?:注|备注|说明|填表说明|填报说明)\d?:"
)
_FOOT_LOOSE = re.compile(rf"(?:{_FOOT_WORDS})|\(?(?:盖章|公章)")
_SUM = re.compile(r"(?:合计|总计|小计|共计)(?::|$|\d)")
_EXAMPLE = re.compile(r"[(\[【<]?(?:示例|样例|范例|填写示例|填报示例|举例|例如|例\d?[:)\]】.、]|例$)")
_NOTHING = {
    "无",
    "没有",
    "暂无",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "零",
    "0",
    "×",
    "x",
    "〇",
    "o",
    "none",
    "n/a",
    "nil",
    "零报告",
}
_SAYS_NOTHING = {"无", "没有", "暂无", "/", "\\", "—", "——", "零报告", "nil", "none"}
_ABOUT = "任何|其他|其它|相关|有关|重要|重大|重点|一般|明显|突出|新增|新的|需要?|应|可|的|本|辖区|区域性|系统性|行业性|产品|商品|工业品?|质量|安全|此类|该类|、|或|和|及"
_MATTER = "风险|信息|情况|隐患|问题|线索|舆情|上报|报送|填报|事项|内容|数据"
_NIL = re.compile(  # not an instruction: 如无风险信息，请填“零报告”
    r"[^。;!?如若请]{0,24}?(?:零报告|(?:无|没有|暂无|未(?:发现|收集|监测|采集|接到|收到|排查|出现|发生|产生|征集|掌握)(?:到|出|过)?)"
    rf"(?:{_ABOUT})*(?:{_MATTER})(?:{_ABOUT}|{_MATTER})*)(?:\(.{{0,12}}?\))?[。.;,]?(?:[^如若请]{{0,8}}零报告[。.]?)?"
)
_NIL_PRODUCT = re.compile(
    r"(?:\d{4}年)?(?:[本当]?(?:年|月|期|周|季度?)|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?)(?:无|没有|暂无)"
)
_LONGEST_NIL = 100
_LONGEST_REMARK = 80
_SPACE = re.compile(r"\s+")
_SIGNED = rf"签字|签名|盖章|审核|审批|复核|校对|{_FOOT_WORDS}"  # 领导签字：  日期：2023.5.20
_SIGNATURE = re.compile(rf".{{0,6}}(?:{_SIGNED})(?:\(.{{0,12}}\))?:.{{0,20}}")
_LABEL = re.compile(rf".{{0,6}}(?:{_SIGNED}|日期|时间|电话|手机|传真|邮箱)(?:\(.{{0,12}}\))?:.{{0,40}}")
_TITLE = re.compile(
    r".{0,40}(?:报送|汇总|统计|登记|信息|填报)表(?:\(.{0,20}\))?|附[件表]\d{0,2}[.:]?|\(?续表\d{0,2}\)?"
)
_REMARK = re.compile(
    r"\(?(?:以下(?:空白|无正文|无内容)|[此本][表页]|以上(?:信息|内容|数据|情况|记录|各条|均|共|为|是)|第\d+页|共\d+[页条]"
    r"|[接转续][上下]页|表?说明:|注意(?:事项)?:).*"
)
_DITTO = {"同上", "同上行", "同上一行", "同上栏", "同上格", "〃", "″", "〃〃"}
_QUOTES = set("\"”“″〃'’")  # ditto marks as people find them on the keyboard
_AROUND = " \t\r\n\u3000\xa0()（）\"“”'‘’[]【】。."
_IN_BRACKETS = re.compile(r"\(.{2,60}\)[。.]?")


class Kind(Enum):
    """What a row is."""

    BLANK = auto()
    RECORD = auto()
    HEADER = auto()
    EXAMPLE = auto()
    SUM = auto()
    NIL = auto()
    BANNER = auto()
    REMARK = auto()
    FOOT = auto()


def classify(row: list[str], columns: Mapping[str, int], merged: Collection[int]) -> Kind:
    """Return what a row below the headings is; `merged` are the columns where a cell begins that spans most of the row."""
    mapped = set(columns.values())
    texts = [(at, text) for at, text in enumerate(row) if text.strip() and (at in mapped or not text.strip().isdigit())]
    if not texts:
        return Kind.BLANK
    if is_header(row) or repeats(row, columns):
        return Kind.HEADER
    wide = len(texts) == 1 and texts[0][0] in merged
    kind = _by_words(row, columns, texts)
    if kind is not None:
        return kind
    if not any(columns.get(name) == column for name in FIELDS for column, _ in texts) and not wide:
        return Kind.BLANK
    return Kind.BANNER if wide else Kind.RECORD


def _by_words(row: list[str], columns: Mapping[str, int], texts: list[tuple[int, str]]) -> Kind | None:
    first = squeeze(texts[0][1])
    content = squeeze(cell(row, columns.get("content")))
    if _is_foot(first, content, [text for _, text in texts]):
        return Kind.FOOT
    if _SUM.match(first):
        return Kind.SUM
    if _EXAMPLE.match(first) or _EXAMPLE.match(squeeze(cell(row, columns.get("product")))):
        return Kind.EXAMPLE
    product = squeeze(cell(row, columns.get("product"))).rstrip("。.!;")
    if _says_nothing([text for _, text in texts]) or (
        _is_nil_product(product) and (not content or content in _NOTHING)
    ):
        return Kind.NIL
    return Kind.REMARK if len(texts) == 1 and _is_remark(texts[0][1], bare=bool(content)) else None


def _is_nil_product(product: str) -> bool:
    """Say whether the product's cell states that there is none: 本月无, 零报告."""
    return bool(_NIL_PRODUCT.fullmatch(product)) or is_nil(product)


def _is_foot(first: str, content: str, texts: list[str]) -> bool:
    if _FOOT.match(first) or (not content and _FOOT_LOOSE.match(first)):
        return True
    if len(texts) > 1:
        return _SIGNATURE.fullmatch(first) is not None and all(_LABEL.fullmatch(squeeze(text)) for text in texts)
    return parse_date(first) is not None or first.endswith(("(盖章)", "(公章)"))


def _is_remark(text: str, *, bare: bool) -> bool:
    """Say whether the only text of a row is a title or a remark; `bare`: brackets alone do not make it one."""
    if len(text) > _LONGEST_REMARK:
        return False
    short = squeeze(text)
    return bool(_TITLE.fullmatch(short) or _REMARK.fullmatch(short) or (not bare and _IN_BRACKETS.fullmatch(short)))


def _says_nothing(texts: list[str]) -> bool:
    if max(map(len, texts)) > _LONGEST_NIL:
        return False
    bare = [text.rstrip("。.!;") or text for text in map(squeeze, texts)]
    if not all(text in _NOTHING or is_nil(text) for text in bare):
        return False
    return any(text in _SAYS_NOTHING or is_nil(text) for text in bare)


def is_title(text: str) -> bool:
    """Say whether a text is the title of a form or of an annex."""
    return 2 < len(text) <= _LONGEST_NIL and _TITLE.fullmatch(squeeze(text)) is not None


def says_nothing(text: str) -> bool:
    """Say whether a text only fills its cell: 无, /, —."""
    return len(text) < 5 and squeeze(text) in _NOTHING


def is_ditto(text: str) -> bool:
    """Say whether a whole cell only points at the one above: 同上, 〃."""
    if not 0 < len(text) <= 12:
        return False
    return text.strip(_AROUND) in _DITTO or (0 < len(text.strip()) < 3 and _QUOTES.issuperset(text.strip()))


def is_nil(text: str) -> bool:
    """Say whether a whole text states that there is nothing to report."""
    return len(text) <= _LONGEST_NIL and _NIL.fullmatch(squeeze(text)) is not None


def squeeze(text: str) -> str:
    """Return the text for comparing: full-width signs folded, no space, lower case."""
    return _SPACE.sub("", ascii_digits(text[:100])).lower()


def cell(row: list[str], column: int | None) -> str:
    """Return the cell's text, "" outside of the row."""
    return row[column] if column is not None and column < len(row) else ""
