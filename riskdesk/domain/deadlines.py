"""Due dates: the nominal one moved to a working day, and what can be said when the calendar is not known yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.periods import DUE_DAY, Period
from riskdesk.domain.workdays import Holidays, day_text, days_from, is_weekend, weekday_text
from riskdesk.errors import InputError

_LONGEST_WALK = 10  # the longest break ever was 9 days, so the tenth day is worked at the latest
_LAST_DAY, _LAST_HOUR, _LAST_MINUTE = 31, 23, 59

# Where a statutory holiday, with the days joined to it, may fall in a year whose notice is not known: (month, day)
_WINDOWS = (
    ((1, 1), (1, 3)),  # 元旦
    ((12, 30), (12, 31)),
    ((1, 20), (2, 28)),  # 春节
    ((4, 2), (4, 7)),  # 清明节
    ((4, 28), (5, 6)),  # 劳动节
    ((5, 27), (6, 26)),  # 端午节
    ((9, 6), (10, 9)),  # 中秋节
    ((9, 28), (10, 9)),  # 国庆节
)
# Off by law in every year (全国年节及纪念日放假办法), so never a due date
_ALWAYS_OFF = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a period is due. A provisional (暂定) one names every day that can turn out to be the due date.

    `candidates` is in order of time and holds `due`; it is empty when the date is firm. `reason` is a Chinese sentence:
    why the date moved, or what is missing; empty for a firm date that did not move.
    """

    period: Period
    due: date
    provisional: bool
    candidates: tuple[date, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Cutoff:
    """An internal cut-off (建议) of one level: day of the month in which the period is due, local hour and minute."""

    level: OfficeLevel
    day: int
    hour: int
    minute: int

    def __post_init__(self) -> None:
        day_fits = 1 <= self.day <= _LAST_DAY
        if not (day_fits and 0 <= self.hour <= _LAST_HOUR and 0 <= self.minute <= _LAST_MINUTE):
            raise InputError(f"内部截止时间“{self.day}日{self.hour}:{self.minute:02}”不对，应如“24日17:00”。")


DEFAULT_CUTOFFS = (
    Cutoff(OfficeLevel.SUO, 24, 17, 0),
    Cutoff(OfficeLevel.COUNTY, 25, 10, 0),
    Cutoff(OfficeLevel.CITY, 25, 17, 0),
)


def deadline(period: Period, holidays: Holidays) -> Deadline:
    """Return the period's due date: the nominal one, or the next working day where that one is off.

    Where the calendar lacks a day that decides it, the date is provisional: `due` is then what the weekdays alone give.
    """
    nominal = period.nominal_due
    due = holidays.next_workday(nominal)
    walk = (due - nominal).days + 1
    unknown = next((day for day in days_from(nominal, walk) if not holidays.knows(day)), None)
    if unknown is None:
        return Deadline(period, due, False, (), _why_moved(nominal, due, holidays))
    candidates = _candidates(nominal, max(walk, _LONGEST_WALK), holidays)
    likely = next((day for day in candidates if holidays.knows(day) or not is_weekend(day)), due)
    reason = f"尚无{unknown.year}年放假安排，截止日期为暂定。请导入日历文件，或粘贴国务院办公厅放假通知全文。"
    return Deadline(period, likely, True, candidates, reason)


def days_left(deadline: Deadline, today: date) -> int:
    """Return the days from today to the due date: 0 on the day itself, negative after it."""
    return (deadline.due - today).days


def is_late(deadline: Deadline, day: date) -> bool:
    """Tell whether the day is past due; the due day is not, and no candidate of a provisional date is."""
    return day > max((deadline.due, *deadline.candidates))


def suggested_cutoffs(
    deadline: Deadline, cutoffs: Iterable[Cutoff] = DEFAULT_CUTOFFS
) -> tuple[tuple[Cutoff, datetime], ...]:
    """Return each cut-off with its local time for the period, in the order given.

    It keeps its distance to the nominal due date, which in a monthly period is the 25th: "24th 17:00" is the day before
    at 17:00, also in the first period. It lies neither before the period's last day nor after the due date; it does not
    move when the due date does, since it is only a suggestion beside it.
    """
    period = deadline.period
    placed = []
    for cutoff in cutoffs:
        day = period.nominal_due + timedelta(days=cutoff.day - DUE_DAY)
        day = max(period.end, min(day, deadline.due))
        placed.append((cutoff, datetime.combine(day, time(cutoff.hour, cutoff.minute))))
    return tuple(placed)


def _why_moved(nominal: date, due: date, holidays: Holidays) -> str:
    if due == nominal:
        return ""
    off = holidays.reason_off(nominal) or ""
    off = off if nominal in holidays.days_off else f"是{off}"
    made_up = "，调休上班" if due in holidays.workdays else ""
    return f"{day_text(nominal)}{off}，顺延至{day_text(due)}（{weekday_text(due)}{made_up}）"


def _candidates(nominal: date, walk: int, holidays: Holidays) -> tuple[date, ...]:
    """Walk from the nominal day to the first one that is worked for certain; keep those that may be worked."""
    found = []
    for day in days_from(nominal, walk):
        if holidays.knows(day):
            certain = possible = holidays.is_workday(day)
        else:
            possible = (day.month, day.day) not in _ALWAYS_OFF
            certain = not (is_weekend(day) or _in_a_window(day))
        if possible:
            found.append(day)
        if certain:
            break
    return tuple(found)


def _in_a_window(day: date) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in _WINDOWS)
