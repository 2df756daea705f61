"""A spreadsheet cell's value as text: as people see it, without loss, never in scientific notation."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from riskdesk.documents.reading.grid import Mark

CellValue = int | float | str | bool | date | datetime | time | timedelta

_MOST = 10**15  # spreadsheets keep 15 digits
_PICTURE = re.compile(r"\s*=\s*(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_ERROR = re.compile(r"\s*#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!)\s*")
_SHORTENED = re.compile(r"\s*\d(?:\.\d+)?E\+\d{2,3}\s*", re.IGNORECASE)


def read_cell(value: CellValue) -> tuple[str, Mark | None]:
    """Return the text of the cell and what it does not show."""
    if isinstance(value, str):
        return read_text(value)
    if isinstance(value, bool):
        return "是" if value else "否", None
    if isinstance(value, int | float):
        return number_text(value), Mark.LONG_NUMBER if abs(value) >= _MOST else None
    if isinstance(value, date):  # a datetime is a date
        return date_text(value), Mark.DATE
    return value.isoformat("minutes") if isinstance(value, time) else str(value), None


def read_text(text: str) -> tuple[str, Mark | None]:
    """Return the text of a text cell: WPS keeps pictures as a formula text, Excel shortens long numbers in CSV files."""
    if text[:1] in "= " and _PICTURE.match(text):
        return "", Mark.PICTURE
    if text[:1] in "# " and _ERROR.fullmatch(text):
        return text.strip(), Mark.ERROR
    if "\ufffd" in text:
        return text, Mark.UNDECODABLE
    if len(text) < 30 and _SHORTENED.fullmatch(text):
        return text, Mark.LONG_NUMBER
    return text, None


def number_text(value: float) -> str:
    """Return the number in plain digits: 36.0 as 36, and what a calculation left after the 15th digit rounded away."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(float(f"{value:.15g}"))), "f")


def date_text(day: date) -> str:
    """Return a date as ISO, with the time of day if there is one."""
    if not isinstance(day, datetime):
        return day.isoformat()
    if day.time() == time(0):
        return day.date().isoformat()
    return day.isoformat(" ", "seconds" if day.second else "minutes")
