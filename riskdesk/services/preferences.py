"""How this data folder's people want the program: looks, names, places for copies, cut-offs, reminders."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from riskdesk.domain.deadlines import DEFAULT_CUTOFFS, Cutoff
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.text import clean_line
from riskdesk.errors import InputError
from riskdesk.services.desk import Desk

_KEY = "preferences"
_THEMES = ("system", "light", "dark")
_SMALLEST, _LARGEST = 8.0, 24.0  # points
_MONTH_DAY = re.compile(r"\d\d-\d\d")
_HOURS_OF_A_MONTH = 744
_LONGEST_WAIT = 90  # days


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who fills in forms."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """All preferences; `extra` is canonical JSON of what this version does not know."""

    theme: str = "system"
    points: float = 10.5
    people: tuple[Person, ...] = ()
    backup_places: tuple[str, ...] = ()
    cutoffs: tuple[Cutoff, ...] = DEFAULT_CUTOFFS
    urgent_hours: int = 24
    answer_days: int = 7
    annual_due: str = "12-31"
    acceptance_due: str = ""  # of a station's sheet; no date is known until the province names one
    notify: bool = True
    training: bool = False
    extra: str = ""


def preferences(desk: Desk) -> Preferences:
    """Return the preferences; what is missing or makes no sense is as if it was never set."""
    stored = desk.settings.get(_KEY)
    return _read(stored) if isinstance(stored, Mapping) else Preferences()


def keep(desk: Desk, preferences: Preferences) -> None:
    """Set the preferences; writes nothing if they are so already. Raises `InputError` for what makes no sense."""
    content = _written(preferences)
    if _read(content) != preferences:
        wrong = [name for name in _READERS if getattr(_read(content), name) != getattr(preferences, name)]
        raise InputError(f"设置中的“{'、'.join(_TITLES[name] for name in wrong)}”不对，没有保存。请改正后再试。")
    if desk.settings.get(_KEY) != content:
        with desk.store.write(desk.office.person, "preferences") as writing:
            desk.settings.put(writing, _KEY, content)


def _read(stored: Mapping[str, Any]) -> Preferences:
    known: dict[str, Any] = {}
    for name, reader in _READERS.items():
        if name in stored:
            try:
                known[name] = reader(stored[name])
            except (ValueError, TypeError, KeyError, AttributeError, InputError):
                continue  # as if it was never set
    unknown = {key: item for key, item in stored.items() if key not in _READERS}
    extra = json.dumps(unknown, ensure_ascii=False, sort_keys=True) if unknown else ""
    return Preferences(**known, extra=extra)


def _written(given: Preferences) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(given.extra) if given.extra else {}
    content |= {field.name: getattr(given, field.name) for field in fields(given) if field.name in _READERS}
    content["points"] = str(given.points)  # what is audited holds no floating point numbers
    content["people"] = [{"name": each.name, "phone": each.phone} for each in given.people]
    content["backup_places"] = list(given.backup_places)
    content["cutoffs"] = [
        {"level": str(each.level), "day": each.day, "hour": each.hour, "minute": each.minute} for each in given.cutoffs
    ]
    return content


def _theme(value: Any) -> str:
    return _THEMES[_THEMES.index(value)]


def _points(value: Any) -> float:
    points = float(value)
    if not (math.isfinite(points) and _SMALLEST <= points <= _LARGEST):
        raise ValueError(value)
    return points


def _people(value: Any) -> tuple[Person, ...]:
    people = [Person(clean_line(each["name"]), clean_line(each.get("phone", ""))) for each in _list(value)]
    return tuple(each for each in people if each.name)


def _places(value: Any) -> tuple[str, ...]:
    return tuple(each for each in _list(value) if isinstance(each, str) and each)


def _cutoffs(value: Any) -> tuple[Cutoff, ...]:
    return tuple(
        Cutoff(OfficeLevel(each["level"]), *(_number(each[part], int) for part in ("day", "hour", "minute")))
        for each in _list(value)
    )


def _hours(value: Any) -> int:
    hours: int = _number(value, int)
    if not 1 <= hours <= _HOURS_OF_A_MONTH:
        raise ValueError(value)
    return hours


def _days(value: Any) -> int:
    days: int = _number(value, int)
    if not 1 <= days <= _LONGEST_WAIT:
        raise ValueError(value)
    return days


def _month_day(value: Any) -> str:
    if not _MONTH_DAY.fullmatch(value):
        raise ValueError(value)
    date.fromisoformat(f"2023-{value}")  # a day that every year has
    return str(value)


def _day_if_any(value: Any) -> str:
    return "" if value == "" else _month_day(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _number(value: Any, kind: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(value)
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "theme": _theme,
    "points": _points,
    "people": _people,
    "backup_places": _places,
    "cutoffs": _cutoffs,
    "urgent_hours": _hours,
    "answer_days": _days,
    "annual_due": _month_day,
    "acceptance_due": _day_if_any,
    "notify": _flag,
    "training": _flag,
}
_TITLES = {
    "theme": "界面颜色",
    "points": "字号",
    "people": "填报人",
    "backup_places": "备份位置",
    "cutoffs": "内部截止时间",
    "urgent_hours": "及时报时限（小时）",
    "answer_days": "催回执的天数",
    "annual_due": "年度报告日期",
    "acceptance_due": "监测站自评日期",
    "notify": "提醒",
    "training": "练习模式",
}
