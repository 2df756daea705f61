"""The calendar of working days: which days the State Council's notices take off, and which weekends they make work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from riskdesk.errors import InputError

FORMAT = "riskdesk-calendar/1"
FIRST_YEAR, LAST_YEAR = 2000, 2100
ONE_DAY = timedelta(days=1)

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SEARCH = 60  # the longest break ever was 9 days; more means that the calendar is wrong
_SATURDAY = 5
_FEWEST_DAYS_OFF = 11  # 13 since 2025; a notice names the weekends between them as well
_ENTRY = {"known", "days_off", "workdays", "document_number", "document_number_from_memory", "note"}


def weekday_text(day: date) -> str:
    """Return the weekday in Chinese, 周一 to 周日."""
    return "周" + "一二三四五六日"[day.weekday()]


def day_text(day: date) -> str:
    """Return month and day in Chinese, e.g. 9月25日."""
    return f"{day.month}月{day.day}日"


def is_weekend(day: date) -> bool:
    """Tell whether the day is a Saturday or a Sunday, whatever the calendar makes of it."""
    return day.weekday() >= _SATURDAY


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off and make-up working days (调休), each with the festival's name, and the years known as a whole.

    Days of a year that is not in `years` may stand here too: a notice gives days of the year before (2022-12-31 in that
    of 2023), and a user may set single days by hand. Such a day is known, its year is not.
    """

    days_off: Mapping[date, str] = field(default_factory=dict, hash=False)
    workdays: Mapping[date, str] = field(default_factory=dict, hash=False)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "days_off", MappingProxyType(dict(sorted(self.days_off.items()))))
        object.__setattr__(self, "workdays", MappingProxyType(dict(sorted(self.workdays.items()))))
        both = sorted(self.days_off.keys() & self.workdays.keys())
        if both:
            raise InputError(f"日历有误：{both[0].isoformat()} 既是放假日又是上班日，请改正后再导入。")

    @classmethod
    def from_json(cls, content: Any) -> Holidays:
        """Read the parsed content of a calendar file (`riskdesk-calendar/1`); InputError names what is wrong in it."""
        if not isinstance(content, Mapping) or content.get("format") != FORMAT:
            raise InputError(f"这不是日历文件：“format”应为“{FORMAT}”。请选择由省局下发或由本软件导出的日历文件。")
        entries = content.get("years")
        if not isinstance(entries, Mapping):
            raise InputError("日历文件有误：缺少“years”（各年度的放假安排）。")
        days_off: dict[date, str] = {}
        workdays: dict[date, str] = {}
        years: set[int] = set()
        for year_text, entry in entries.items():
            year = _year(year_text)
            if not isinstance(entry, Mapping):
                raise InputError(f"日历文件有误：{year}年的内容不是一组放假安排。")
            known = entry.get("known", True)
            if not isinstance(known, bool):
                raise InputError(f"日历文件有误：{year}年的“known”应为 true 或 false。")
            if unknown := sorted(set(entry) - _ENTRY):
                raise InputError(f"日历文件有误：{year}年含有不认识的项目“{unknown[0]}”，请核对文件。")
            if known:
                years.add(year)
            days_off.update(_days(year, entry, "days_off"))
            workdays.update(_days(year, entry, "workdays"))
        return cls(days_off, workdays, frozenset(years))

    def to_json(self) -> dict[str, Any]:
        """Return the content for a calendar file; `from_json` gives the same calendar back."""
        years = sorted(self.years | {day.year for day in (*self.days_off, *self.workdays)})
        entries: dict[str, dict[str, Any]] = {}
        for year in years:
            entry: dict[str, Any] = {} if year in self.years else {"known": False}
            entry["days_off"] = {day.isoformat(): name for day, name in self.days_off.items() if day.year == year}
            entry["workdays"] = {day.isoformat(): name for day, name in self.workdays.items() if day.year == year}
            entries[str(year)] = entry
        return {"format": FORMAT, "years": entries}

    def merged(self, other: Holidays) -> Holidays:
        """Return ours with the other's years in place of ours as a whole, and the other's days of further years added.

        December days that a later year's notice gave us (its 元旦) stay, unless the other knows that later year as well.
        """

        def replaced(day: date, name: str) -> bool:
            return day in explicit or (day.year in other.years and _notice_year(day, name) in other.years)

        explicit = {*other.days_off, *other.workdays}
        days_off = {day: name for day, name in self.days_off.items() if not replaced(day, name)} | dict(other.days_off)
        workdays = {day: name for day, name in self.workdays.items() if not replaced(day, name)} | dict(other.workdays)
        return Holidays(days_off, workdays, self.years | other.years)

    def by_notice(self) -> dict[int, Holidays]:
        """Return the calendar in parts, one for each year's notice: its own year, and the December days of its 元旦."""
        years = self.years | {_notice_year(day, name) for day, name in (*self.days_off.items(), *self.workdays.items())}
        return {
            year: Holidays(
                {day: name for day, name in self.days_off.items() if _notice_year(day, name) == year},
                {day: name for day, name in self.workdays.items() if _notice_year(day, name) == year},
                self.years & {year},
            )
            for year in sorted(years)
        }

    def incomplete_years(self) -> list[int]:
        """Return the known years with fewer days off than the law gives: their calendar cannot be the whole notice."""
        counted = Counter(day.year for day in self.days_off)
        return sorted(year for year in self.years if counted[year] < _FEWEST_DAYS_OFF)

    def knows(self, day: date) -> bool:
        """Tell whether the calendar is sure about the day."""
        return day.year in self.years or day in self.days_off or day in self.workdays

    def is_workday(self, day: date) -> bool:
        """Tell whether the day is worked; a day that the calendar does not know is judged by its weekday alone."""
        return day in self.workdays or (day not in self.days_off and not is_weekend(day))

    def reason_off(self, day: date) -> str | None:
        """Return why the day is off, e.g. 端午节放假 or 周六; None for a working day."""
        if self.is_workday(day):
            return None
        name = self.days_off.get(day)
        return weekday_text(day) if name is None else f"{name}放假"

    def next_workday(self, day: date) -> date:
        """Return the day itself if it is worked, else the first working day after it."""
        for candidate in days_from(day, _LONGEST_SEARCH):
            if self.is_workday(candidate):
                return candidate
        raise InputError(f"日历有误：从 {day.isoformat()} 起连续{_LONGEST_SEARCH}天没有工作日，请检查日历。")


def days_from(day: date, count: int) -> Iterator[date]:
    """Yield `count` days, the given one first."""
    for offset in range(count):
        yield day + offset * ONE_DAY


def _notice_year(day: date, name: str) -> int:
    """Return the year whose notice the day comes from: New Year's days in December belong to the year after."""
    return day.year + 1 if day.month == 12 and "元旦" in name else day.year


def _year(text: Any) -> int:
    if isinstance(text, str) and re.fullmatch("[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise InputError(f"日历文件有误：“{text}”不是{FIRST_YEAR}年至{LAST_YEAR}年之间的年份。")


def _days(year: int, entry: Mapping[str, Any], part: str) -> dict[date, str]:
    """Read the days of one year's entry; the December before and the January after may stand in it."""
    given = entry.get(part, {})
    if not isinstance(given, Mapping):
        raise InputError(f"日历文件有误：{year}年的“{part}”应为“日期: 节日名称”的列表。")
    days: dict[date, str] = {}
    for day_iso, name in given.items():
        day = _day(year, day_iso)
        if not isinstance(name, str):
            raise InputError(f"日历文件有误：{year}年 {day_iso} 的节日名称应为文字。")
        if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
            raise InputError(f"日历文件有误：{day_iso} 不属于{year}年的放假安排。")
        days[day] = name
    return days


def _day(year: int, day_iso: Any) -> date:
    try:
        if isinstance(day_iso, str) and _ISO_DAY.fullmatch(day_iso):
            return date.fromisoformat(day_iso)
    except ValueError:
        pass
    raise InputError(f"日历文件有误：{year}年中的“{day_iso}”不是日期，应写成 {year}-01-01 的样子。")
