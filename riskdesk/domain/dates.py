"""Dates as people write them in forms and as other systems write them in tables."""

from __future__ import annotations

import re
from datetime import date, timedelta

from riskdesk.domain.enterprise_count import chinese_number
from riskdesk.domain.text import ascii_digits, clean_line

_TIME = r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_CHINESE = "〇零一二三四五六七八九十"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<m>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december)\.?"
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?" + _WEEKDAY,
        r"(?P<y>\d{4})(?P<by>[-./])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})\.?" + _WEEKDAY,
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<y>[234]\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?" + _WEEKDAY,
        r"(?P<y>[234]\d)(?P<by>[./])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})\.?" + _WEEKDAY,
        rf"(?P<y>[{_CHINESE}]{{4}})年(?P<m>[{_CHINESE}]{{1,3}})月(?P<d>[{_CHINESE}]{{1,3}})[日号]?" + _WEEKDAY,
        _MONTH + r" ?(?P<d>\d{1,2})(?:st|nd|rd|th)?,? ?(?P<y>\d{4})",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)? " + _MONTH + r",? (?P<y>\d{4})",
    )
)
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?|5[0-4]\d{3}(?:\.\d+)?")  # 1982 to 2050 in Excel's count of days


def parse_date(text: str) -> date | None:
    """Return the day that the whole text stands for, or None: no range, no month alone, no guess at day and month.

    A year of two digits is one from 2020 to 2049, written first as everywhere in China.
    """
    text = clean_line(ascii_digits(text)).replace("○", "〇").replace("Ｏ", "〇")
    compact = text if re.search("[A-Za-z]", text) or ":" in text else text.replace(" ", "")
    for form in _FORMS:
        if found := form.fullmatch(compact) or form.fullmatch(text):
            return _day(found["y"], found["m"], found["d"])
    if _SERIAL.fullmatch(compact):
        return date(1899, 12, 30) + timedelta(int(float(compact)))
    return None


def _day(year: str, month: str, day: str) -> date | None:
    # nobody writes of the year 23
    numbers = [chinese_number(f"20{year}" if len(year) == 2 else year), _month(month), chinese_number(day)]
    if None in numbers:
        return None
    try:
        return date(*(number for number in numbers if number is not None))
    except ValueError:
        return None


def _month(text: str) -> int | None:
    return _MONTHS.index(text[:3].lower()) + 1 if text[:3].lower() in _MONTHS else chinese_number(text)
