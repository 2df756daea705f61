"""The head and foot of the form: unit, date, person and phone, from the text outside the records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from riskdesk.domain.dates import parse_date
from riskdesk.domain.filled_form import FormHead
from riskdesk.domain.text import clean_line

_LONGEST = 300  # a longer text is an explanation
_WORDS = {  # the best first
    "unit": "填报单位 报送单位 上报单位 单位名称 填表单位",
    "date": "填报时间 填报日期 报送时间 报送日期 上报时间 上报日期 填表时间 填表日期 日期",
    "person": "填报人 填表人 报送人 联系人 经办人",
    "phone": "联系电话 联系方式 电话 手机",
}
_OTHERS = "审核人 负责人 单位负责人 签发人 审批人 分管领导 邮箱 传真"


def _spaced(word: str) -> str:
    return r"\s*".join(word)


_NOTE = r"(?:\s*[(（][^()（）]{0,12}[)）])?"
_ANY = "|".join(_spaced(word) for words in (*_WORDS.values(), _OTHERS) for word in words.split())
_LABEL = re.compile(rf"(?:{_ANY})(?:及\s*(?:联系)?电话)?{_NOTE}\s*[:：]")
_WHOLE = re.compile(rf"(?:{_ANY})(?:及\s*(?:联系)?电话)?{_NOTE}")
_ASK = {
    name: [
        re.compile(rf"(?<!及)(?<!及联系){_spaced(word)}(?:及\s*(?:联系)?电话)?{_NOTE}(?:\s*[:：]|\s+|$)")
        for word in words.split()
    ]
    for name, words in _WORDS.items()
}
_GAP = re.compile(r"\t|[ \u3000\u00a0]{3,}|\u3000\u3000|\n")
_PHONE = re.compile(r"(?:\+?86[- ]?)?(?:1\d{10}|\(?\d{3,4}\)?[-— ]?\d{7,8}(?:[-转]\d{1,6})?)")


@dataclass(frozen=True, slots=True)
class Line:
    """A row outside the records (or a paragraph, row 0), with its cells as typed."""

    sheet: str
    row: int
    cells: list[str]


def read_head(lines: Iterable[Line]) -> tuple[FormHead, Line | None]:
    """Return the head as typed, and the line of a date that cannot be read."""
    lines = [line for line in lines if any(line.cells)]
    found: dict[str, str] = {}
    date_line: Line | None = None
    for name, asks in _ASK.items():
        for value, line in _answers(asks, lines):
            found[name] = value
            if name == "date":
                date_line = line
            break
    if "date" not in found:
        found["date"], date_line = _bare_date(lines), None
    _split_phone(found)
    day = parse_date(found["date"])
    head = FormHead(found.get("unit", ""), found["date"], day, found.get("person", ""), found.get("phone", ""))
    return head, None if day else date_line


def _answers(asks: list[re.Pattern[str]], lines: list[Line]) -> Iterator[tuple[str, Line]]:
    for ask in asks:
        for line in lines:
            for column, cell in enumerate(line.cells):
                if not cell or len(cell) > _LONGEST or not (label := ask.search(cell)):
                    continue
                value = _after(cell, label.end()) or ("" if cell[label.end() :].strip() else _right(line.cells, column))
                if value:
                    yield value, line


def _after(cell: str, at: int) -> str:
    """Return what follows a label in its cell, up to the next label or a wide gap."""
    rest = cell[at:].lstrip(" \t\u3000\u00a0_＿")
    following = _LABEL.search(rest)
    rest = rest[: following.start()] if following else rest
    return _tidy(_GAP.split(rest.rstrip())[0]) if rest.strip() else ""


def _right(cells: list[str], column: int) -> str:
    value = next((cell for cell in cells[column + 1 :] if cell.strip()), "")
    return "" if _WHOLE.match(value.strip()) or len(value) > _LONGEST else _tidy(value)


def _tidy(value: str) -> str:
    return clean_line(value).strip("_＿ ")


def _bare_date(lines: list[Line]) -> str:
    """Return a date that stands alone, as under a signature."""
    for line in lines:
        for cell in line.cells:
            for piece in _GAP.split(cell) if len(cell) <= _LONGEST else ():
                text = _tidy(piece)
                if re.search("年|[-./]", text) and parse_date(text):
                    return text
    return ""


def _split_phone(found: dict[str, str]) -> None:
    """Part "张三 0351-1234567", written behind 联系人及电话, into name and number."""
    phone = _PHONE.search(found.get("person", ""))
    if phone and not found.get("phone"):
        found["phone"] = phone[0]
    if phone:
        found["person"] = (found["person"][: phone.start()] + found["person"][phone.end() :]).strip(" ,，、;；/（）()")
