"""涉及企业数量: text as typed, the number it holds, and how firm that number is ("约30", "多家" are legal)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from riskdesk.domain.text import ascii_digits, clean_line


class CountQualifier(StrEnum):
    """How firm a count is: 准确, 约, 不少于, 待查."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EnterpriseCount:
    """The column as printed, and what is understood of it; statistics use `number` only and say how many are unknown."""

    text: str = ""
    number: int | None = None
    qualifier: CountQualifier | None = None
    extra: str = ""


_UNIT = r"(?:多)?(?:家|个|户|间|批次)?(?:企业|单位|公司|商户|经营者|生产者|销售者|厂家|店)?"
_NUMBER = re.compile(
    rf"(?P<before>约|大约|近|左右|至少|不少于|不低于|超过|超|逾)?(?:共|共计|涉及)?(?P<number>\d[\d,]*|[〇零一二两三四五六七八九十百千万]+)"
    rf"(?P<more>余|多|来|\+)?{_UNIT}(?P<after>左右|上下|以上|及以上|余家|多家|\+)?"
)
_UNKNOWN = re.compile(
    r"(?:多|若干|数|几|部分|大量|许多)(?:家|个|户)?(?:企业|单位|商户)?|待查|待核实|不详|不明|未知|/|-+|—+"
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def parse_enterprise_count(text: str) -> EnterpriseCount:
    """Read the column; a text that is not understood keeps number and qualifier None, which validation asks about."""
    text = clean_line(text)
    folded = re.sub(r"\s", "", ascii_digits(text)).rstrip("。.;；")
    if not folded:
        return EnterpriseCount()
    if _UNKNOWN.fullmatch(folded):
        return EnterpriseCount(text, None, CountQualifier.UNKNOWN)
    found = _NUMBER.fullmatch(folded)
    number = None if found is None else chinese_number(found["number"])
    if found is None or number is None:
        return EnterpriseCount(text)
    return EnterpriseCount(text, number, _qualifier(found))


def _qualifier(found: re.Match[str]) -> CountQualifier:
    if found["before"] in ("至少", "不少于", "不低于", "超过", "超", "逾") or found["more"] in ("余", "多", "+"):
        return CountQualifier.AT_LEAST
    if found["after"] and found["after"] not in ("左右", "上下"):
        return CountQualifier.AT_LEAST
    return CountQualifier.ABOUT if found["before"] or found["more"] or found["after"] else CountQualifier.EXACT


def chinese_number(text: str) -> int | None:
    """Return the integer of "36", "1,200", "三十六", "一百零五", "二〇二三"; None if it is none (below ten thousand).

    两三 and 七八 (a few) and 一百二 (120 to some, 102 to others) are none.
    """
    plain = text.replace(",", "")
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) <= 9 else None
    if plain and all(char in _DIGITS for char in plain):
        spelt_out = len(plain) == 1 or len(plain) == 4 or "〇" in plain or "零" in plain
        return int("".join(str(_DIGITS[char]) for char in plain)) if spelt_out else None
    return _counted(plain)


def _counted(plain: str) -> int | None:
    """Return the integer of a number with 十, 百 or 千 in it."""
    total = pending = 0
    power = 1
    zero = False
    for char in plain:
        if char in _DIGITS:
            if pending:
                return None
            pending, zero = _DIGITS[char], zero or _DIGITS[char] == 0
        elif char in _POWERS:
            power, zero = _POWERS[char], False
            total += (pending or 1) * power
            pending = 0
        else:
            return None
    if pending and power > 10 and not zero:
        return None
    return total + pending if plain else None
