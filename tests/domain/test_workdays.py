import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.workdays import Holidays
from riskdesk.errors import InputError
from riskdesk.paths import resource


@pytest.fixture(scope="module")
def shipped():
    return Holidays.from_json(json.loads(resource("calendar/holidays.json").read_text(encoding="utf-8")))


days = st.dates(date(2021, 1, 1), date(2029, 12, 31))


@st.composite
def calendars(draw):
    off = draw(st.dictionaries(days, st.sampled_from(["元旦", "春节", "国庆节"]), max_size=12))
    work = draw(st.dictionaries(days, st.sampled_from(["元旦", "春节"]), max_size=6))
    years = draw(st.frozensets(st.integers(2021, 2029), max_size=4))
    return Holidays(off, {day: name for day, name in work.items() if day not in off}, years)


def test_the_shipped_calendar_knows_2022_to_2026(shipped):
    assert shipped.years == {2022, 2023, 2024, 2025, 2026}
    assert shipped.knows(date(2026, 12, 31))
    assert not shipped.knows(date(2027, 1, 1))


def test_a_holiday_is_off_a_make_up_weekend_is_worked_and_a_weekend_is_off(shipped):
    assert not shipped.is_workday(date(2023, 6, 22))
    assert shipped.is_workday(date(2023, 6, 25))
    assert not shipped.is_workday(date(2023, 7, 1))
    assert shipped.is_workday(date(2023, 7, 3))


def test_the_reason_names_the_festival_or_the_weekday(shipped):
    assert shipped.reason_off(date(2023, 6, 22)) == "端午节放假"
    assert shipped.reason_off(date(2023, 7, 1)) == "周六"
    assert shipped.reason_off(date(2023, 6, 25)) is None


def test_the_next_workday_is_the_day_itself_or_the_first_one_after_the_break(shipped):
    assert shipped.next_workday(date(2026, 9, 24)) == date(2026, 9, 24)
    assert shipped.next_workday(date(2026, 9, 25)) == date(2026, 9, 28)
    assert shipped.next_workday(date(2025, 1, 28)) == date(2025, 2, 5)


def test_a_calendar_without_any_working_day_is_refused_and_not_searched_for_ever():
    start = date(2026, 1, 1).toordinal()
    all_off = Holidays({date.fromordinal(start + n): "春节" for n in range(365)}, {}, frozenset({2026}))
    with pytest.raises(InputError, match="没有工作日"):
        all_off.next_workday(date(2026, 1, 1))


def test_a_notice_adds_days_of_the_year_before_without_making_that_year_known():
    notice = Holidays({date(2022, 12, 31): "元旦", date(2023, 1, 1): "元旦"}, {}, frozenset({2023}))
    merged = Holidays().merged(notice)
    assert merged.years == {2023}
    assert merged.knows(date(2022, 12, 31))
    assert not merged.knows(date(2022, 12, 30))


def test_a_year_is_replaced_as_a_whole():
    ours = Holidays({date(2026, 2, 1): "春节"}, {date(2026, 2, 7): "春节"}, frozenset({2026}))
    theirs = Holidays({date(2026, 2, 16): "春节"}, {}, frozenset({2026}))
    assert ours.merged(theirs) == theirs


def test_replacing_a_year_keeps_the_december_days_of_the_next_year_s_notice(shipped):
    notice_2022 = Holidays({date(2022, 10, 1): "国庆节"}, {}, frozenset({2022}))
    merged = shipped.merged(notice_2022)
    assert merged.days_off[date(2022, 12, 31)] == "元旦"
    assert date(2022, 6, 3) not in merged.days_off


def test_a_day_that_was_off_can_become_worked_by_a_later_calendar():
    day = date(2026, 9, 26)
    later = Holidays({}, {day: "国庆节"}, frozenset())
    assert Holidays({day: "中秋节"}, {}, frozenset({2026})).merged(later).is_workday(day)


def test_a_calendar_cannot_be_changed(shipped):
    with pytest.raises(TypeError):
        shipped.days_off[date(2026, 1, 1)] = "x"
    source = {date(2026, 1, 1): "元旦"}
    calendar = Holidays(source, {}, frozenset({2026}))
    source.clear()
    assert calendar.days_off


@given(calendars())
def test_what_is_written_is_read_back_the_same(calendar):
    assert Holidays.from_json(json.loads(json.dumps(calendar.to_json()))) == calendar


@given(calendars(), calendars())
def test_merging_is_idempotent_and_the_other_wins_in_its_years(ours, other):
    merged = ours.merged(other)
    assert merged.merged(other) == merged
    assert merged.years == ours.years | other.years
    assert other.days_off.items() <= merged.days_off.items()
    assert other.workdays.items() <= merged.workdays.items()


@given(calendars(), days)
def test_a_day_is_worked_exactly_if_there_is_no_reason_for_it_to_be_off(calendar, day):
    assert calendar.is_workday(day) == (calendar.reason_off(day) is None)


GOOD = {
    "format": "riskdesk-calendar/1",
    "years": {"2026": {"days_off": {"2026-01-01": "元旦"}, "workdays": {"2026-01-04": "元旦"}}},
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(format="riskdesk-calendar/2"), "不是日历文件"),
        (lambda c: c.pop("years"), "缺少“years”"),
        (lambda c: c.update(years=[]), "缺少“years”"),
        (lambda c: c["years"].update({"26": {}}), "“26”不是"),
        (lambda c: c["years"].update({"9999": {}}), "“9999”不是"),
        (lambda c: c["years"].update({"2027": None}), "2027年的内容"),
        (lambda c: c["years"]["2026"].update(known="yes"), "known"),
        (lambda c: c["years"]["2026"].update(days_off=["2026-01-01"]), "days_off"),
        (lambda c: c["years"]["2026"]["days_off"].update({"2026-02-30": "春节"}), "“2026-02-30”不是日期"),
        (lambda c: c["years"]["2026"]["days_off"].update({"20260216": "春节"}), "“20260216”不是日期"),
        (lambda c: c["years"]["2026"]["days_off"].update({"2028-02-16": "春节"}), "不属于2026年"),
        (lambda c: c["years"]["2026"]["days_off"].update({"2026-02-16": 1}), "节日名称"),
        (lambda c: c["years"]["2026"]["days_off"].update({"2026-01-04": "元旦"}), "既是放假日又是上班日"),
    ],
)
def test_a_malformed_calendar_file_is_refused_with_a_sentence_that_names_the_fault(change, message):
    content = copy.deepcopy(GOOD)
    Holidays.from_json(content)
    change(content)
    with pytest.raises(InputError, match=message):
        Holidays.from_json(content)


@pytest.mark.parametrize("content", [[], None, "x", {}])
def test_what_is_no_calendar_file_at_all_is_refused(content):
    with pytest.raises(InputError, match="不是日历文件"):
        Holidays.from_json(content)
