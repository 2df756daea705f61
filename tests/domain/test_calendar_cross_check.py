"""A second and a third opinion on every working day, from packages that are no part of the program."""

import json
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from riskdesk.domain.workdays import Holidays
from riskdesk.paths import resource

SHIPPED = Holidays.from_json(json.loads(resource("calendar/holidays.json").read_text(encoding="utf-8")))


def days_of(year):
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


@pytest.mark.parametrize("year", range(2023, 2027))
def test_every_day_agrees_with_chinese_calendar(year):
    different = [day for day in days_of(year) if SHIPPED.is_workday(day) != chinese_calendar.is_workday(day)]
    assert different == []


@pytest.mark.parametrize("year", range(2023, 2027))
def test_every_day_agrees_with_holidays(year):
    china = holidays.China(years=[year - 1, year, year + 1])
    different = [day for day in days_of(year) if SHIPPED.is_workday(day) != china.is_working_day(day)]
    assert different == []
