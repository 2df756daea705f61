"""Reader of the State Council's yearly holiday notice (国务院办公厅关于…年部分节假日安排的通知), pasted as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from riskdesk.domain.text import ascii_digits, clean
from riskdesk.domain.workdays import (
    FIRST_YEAR,
    LAST_YEAR,
    ONE_DAY,
    Holidays,
    day_text,
    days_from,
    is_weekend,
    weekday_text,
)
from riskdesk.errors import InputError

FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")

_LONGEST_BREAK = 20  # days; a longer range is a misreading
_FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
_NUMERALS = "一二三四五六七八九十"

_PAGE_NUMBER = re.compile(r"(?m)^\s*[-—–]\s*\d+\s*[-—–]\s*$")
_TITLE_YEAR = re.compile(r"关于(20\d\d)年(?:部分|全部)?(?:节假日|放假)")
_OTHER_YEAR = re.compile(r"现将(20\d\d)年|(20\d\d)年(?:部分|全部)?(?:元旦|春节|节假日|放假)")
_NUMBER = re.compile(r"(国办发(?:明电)?)[\[(〔【]?(20\d\d)[\])〕】]?第?(\d{1,3})号")

_FESTIVAL = r"(?:元旦|春节|清明节?|(?:五一)?(?:国际)?劳动节|端午节?|中秋节?|国庆节?)"
_FESTIVALS_JOINED = rf"{_FESTIVAL}(?:[、,和及与]?{_FESTIVAL})*"
# "一、元旦:" or "1.元旦:" or "(一)元旦1月1日" or the name without a number
_ITEM = re.compile(
    rf"(?:\(?(?:[{_NUMERALS}]{{1,3}}|\d)[.、)])?({_FESTIVALS_JOINED})(?:假期)?(?::|(?=(?:20\d\d年)?\d{{1,2}}月))"
)
_ADVICE = re.compile("鼓励[^。]*")  # "鼓励各单位……安排职工在除夕(2月9日)休息" is not a day off
_END = re.compile("节假日期间|国务院办公厅|此件")

_DAY = r"(?<!\d)(?:(?P<{0}year>20\d\d)年)?(?:(?P<{0}month>\d{{1,2}})月)?(?P<{0}day>\d{{1,2}})"
_NOTE = r"(?:\((?P<{0}note>[^()]*)\))?"
_TOKEN = re.compile(
    "(?:"
    + (_DAY + "[日号]?" + _NOTE).format("a")
    + "[至到~—–―-]"
    + (_DAY + "[日号]" + _NOTE).format("b")
    + "|"
    + (_DAY + "[日号]" + _NOTE).format("c")
    + r")|(?P<joined>周末连休|周末相连)|(?P<dropped>法定|公休日|调整?至(?:\d{1,2}月)?\d{1,2}日)|(?P<off>放假|补休|休息(?!日)|公休|调休(?!上班|补班))"
    r"|(?P<work>上班|补班|工作日)|共计?(?P<count>\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])天|(?P<stop>[。;!])"
)
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """What was read: the notice's year, its number ("" if not given), its days, and what looks wrong (Chinese)."""

    year: int
    document_number: str
    holidays: Holidays
    warnings: tuple[str, ...]


class _Item:
    """One numbered item of the notice while it is being read."""

    def __init__(self, name: str, year: int, text: str) -> None:
        self.name = name
        self.days_off: set[date] = set()
        self.workdays: set[date] = set()
        self.warnings: list[str] = []
        self._year = year
        self._last: date | None = None
        self._stated = 0
        self._read(text)

    def _read(self, text: str) -> None:
        pending: set[date] = set()
        for token in _TOKEN.finditer(text):
            if token["aday"] or token["cday"]:
                pending |= self._days(token)
                continue
            if token["off"]:
                self.days_off |= pending
            elif token["work"]:
                self.workdays |= pending
            elif token["joined"]:
                self.days_off |= pending
                self._join_weekends()
            elif token["count"]:
                self._stated += _number(token["count"])
                continue
            pending = set()
        if self._stated and self._stated != len(self.days_off):
            self.warnings.append(f"{self.name}：通知写明共{self._stated}天，读出{len(self.days_off)}天，请核对。")

    def _days(self, token: re.Match[str]) -> set[date]:
        if token["cday"]:
            day = self._day(token, "c")
            self._check_weekday(day, _weekdays(token["cnote"])[:1])
            return {day}
        first = self._day(token, "a")
        last = self._day(token, "b")
        if not 0 <= (last - first).days < _LONGEST_BREAK:
            raise InputError(f"{self.name}：“{token[0]}”的起止日期不对，请核对通知原文。")
        notes = _weekdays(token["bnote"])
        self._check_weekday(first, (_weekdays(token["anote"]) or notes[:-1])[:1])
        self._check_weekday(last, notes[-1:])
        return set(days_from(first, (last - first).days + 1))

    def _day(self, token: re.Match[str], part: str) -> date:
        """Return the day; a missing month or year is that of the day before it in the text."""
        year_text, month_text = token[f"{part}year"], token[f"{part}month"]
        if month_text is None and self._last is None:
            raise InputError(f"{self.name}：“{token[0]}”没有月份，请核对通知原文。")
        month = int(month_text) if month_text else self._last.month if self._last else 0
        if year_text:
            year = int(year_text)
        elif month_text is None and self._last:
            year = self._last.year
        else:
            # New Year's days off, and the weekends worked for them, may lie in the year before
            year = self._year - 1 if "元旦" in self.name and month > 10 else self._year
        self._last = _date(year, month, int(token[f"{part}day"]))
        return self._last

    def _check_weekday(self, day: date, noted: str) -> None:
        if noted and weekday_text(day) != f"周{noted}":
            self.warnings.append(f"{self.name}：通知写{day_text(day)}是周{noted}，实为{weekday_text(day)}，请核对。")

    def _join_weekends(self) -> None:
        """Add the weekend that touches the days off on either side."""
        for start, step in ((min, -ONE_DAY), (max, ONE_DAY)):
            day = start(self.days_off, default=None)
            while day and is_weekend(day := day + step):
                self.days_off.add(day)


def parse_notice(text: str) -> NoticeReading:
    """Read a pasted notice: whole or in part, lines broken anywhere, full-width or not.

    What can be read but looks wrong is a warning; InputError where year or holidays are not found or a date is none.
    """
    text = re.sub(r"\s", "", ascii_digits(_PAGE_NUMBER.sub("", clean(text))))
    year = _year(text)
    items = [_Item(name, year, body) for name, body in _items(_NUMBER.sub("", text))]
    if not any(item.days_off for item in items):
        raise InputError(
            "没有读到任何放假安排。请粘贴国务院办公厅放假通知的全文，应有“一、元旦：1月1日至3日放假……”这样的段落。"
        )
    days_off = {day: item.name for item in items for day in item.days_off}
    workdays = {day: item.name for item in items for day in item.workdays}
    warnings = [warning for item in items for warning in item.warnings]
    warnings += _doubts(year, items, set(days_off), set(workdays))
    workdays = {day: name for day, name in workdays.items() if day not in days_off}
    number = _NUMBER.search(text)
    return NoticeReading(
        year,
        f"{number[1]}〔{number[2]}〕{number[3]}号" if number else "",
        Holidays(days_off, workdays, frozenset({year})),
        tuple(warnings),
    )


def _year(text: str) -> int:
    titles = set(_TITLE_YEAR.findall(text))
    if len(titles) > 1:
        raise InputError(f"粘贴的内容里有{'、'.join(sorted(titles))}年的通知，请一次只粘贴一年的通知。")
    others = [first or second for first, second in _OTHER_YEAR.findall(text)]
    year = int(next(iter([*titles, *others]), 0))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError("没有读到年份。请连同标题“国务院办公厅关于××××年部分节假日安排的通知”一起粘贴。")
    return year


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Yield each item's festivals, as 中秋节、国庆节, and its text."""
    headings = list(_ITEM.finditer(text))
    for number, heading in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        names = [_full_name(name) for name in re.findall(_FESTIVAL, heading[1])]
        yield "、".join(names), _END.split(_ADVICE.sub("", text[heading.end() : end]))[0]


def _full_name(name: str) -> str:
    return next(festival for festival in FESTIVALS if festival.removesuffix("节") in name)


def _doubts(year: int, items: list[_Item], days_off: set[date], workdays: set[date]) -> Iterator[str]:
    """Yield what does not fit together across the items."""
    read = Counter(festival for item in items if item.days_off for festival in item.name.split("、"))
    missing = [festival for festival in FESTIVALS if not read[festival]]
    if missing:
        yield f"没有读到{'、'.join(missing)}的放假安排，请核对粘贴的内容是否完整。"
    for festival in (festival for festival in FESTIVALS if read[festival] > 1):
        yield f"{festival}出现了{read[festival]}次，请核对。"
    for festival, month_and_day in _FIXED.items():
        if read[festival] and (fixed := date(year, *month_and_day)) not in days_off:
            yield f"{festival}：{day_text(fixed)}不在放假日期内，请核对。"
    for day in sorted(workdays):
        if day in days_off:
            yield f"{day_text(day)}既写放假又写上班，按放假处理，请核对。"
        elif not is_weekend(day):
            yield f"调休上班日{day_text(day)}是{weekday_text(day)}，本来就是工作日，请核对。"


def _weekdays(note: str | None) -> str:
    """Return the weekdays that a note in brackets gives, 天 as 日: "周四至周六" gives 四六."""
    return "".join(_WEEKDAY.findall(note or "")).replace("天", "日")


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (10 * (_NUMERALS.index(tens) + 1 if tens else 1) if ten else 0) + (_NUMERALS.index(ones) + 1 if ones else 0)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(f"没有“{year}年{month}月{day}日”这一天，请核对通知原文。") from None
