"""Dates in every form that people and systems write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.dates import parse_date

DAY = date(2023, 5, 10)


@pytest.mark.parametrize(
    "text",
    [
        "2023年5月10日",
        "2023 年 5 月 10 日",
        "２０２３年０５月１０日",
        "2023年5月10",
        "2023年5月10日（星期三）",
        "2023年5月10日 08:30",
        "2023-05-10",
        "2023.5.10",
        "2023. 5. 10",
        "2023/5/10",
        "2023．5．10",
        "20230510",
        "二〇二三年五月十日",
        "二零二三年五月十日",
        "二○二三年五月十日",
        "45056",
        "45056.5",
        "2023-05-10 08:30:00",
        "2023-05-10T08:30:00.123Z",
        "2023-05-10T00:00:00+08:00",
        "May 10, 2023",
        "May 10 2023",
        "10 May 2023",
        "10th May, 2023",
        " 2023年5月10日\u200b\n",
    ],
)
def test_it_is_the_tenth_of_may(text):
    assert parse_date(text) == DAY


def test_months_in_english_have_long_and_short_names():
    assert parse_date("October 30, 2025") == date(2025, 10, 30)
    assert parse_date("Sept. 3, 2025") == date(2025, 9, 3)
    assert parse_date("二〇二三年十二月三十一日") == date(2023, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023年5月",
        "2023-02-30",
        "2023年5月10日至12日",
        "5/10/2023",
        "5月10日",
        "五月十日",
        "19.5.10",
        "50.5.10",
        "23.5",
        "23.13.10",
        "23.5/10",
        "5/10/23",
        "约5月",
        "12345",
        "99999",
        "2023-5.10",
        "May 2023",
    ],
)
def test_what_is_no_day_or_might_be_two_is_none(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["23.5.10", "23/5/10", "23/05/10", "23年5月10日", "２３年５月１０日", "23 年 5 月 10 日", "23.5.10 08:30"]
)
def test_a_year_of_two_digits_is_of_this_century(text):
    assert parse_date(text) == DAY


def test_years_of_two_digits_are_those_from_2020_to_2049():
    assert parse_date("20.1.1") == date(2020, 1, 1)
    assert parse_date("49/12/31") == date(2049, 12, 31)


@given(st.dates(date(1983, 1, 1), date(2049, 12, 31)))
def test_every_day_comes_back(day):
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day:%Y%m%d}") == day
    assert parse_date(f"{day:%B} {day.day}, {day.year}") == day
    assert parse_date(str((day - date(1899, 12, 30)).days)) == day


@given(st.text())
def test_no_text_breaks_it(text):
    assert parse_date(text) is None or isinstance(parse_date(text), date)
