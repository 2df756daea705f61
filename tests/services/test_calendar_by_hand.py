"""The calendar changed day by day, who did it, and the due dates that follow."""

from datetime import date

import pytest

from riskdesk import clock
from riskdesk.domain.deadlines import deadline
from riskdesk.services import calendar
from riskdesk.services.calendar import DayKind
from riskdesk.services.desk import Desk

DUE, SATURDAY, FESTIVAL, MADE_UP = date(2023, 5, 25), date(2023, 5, 20), date(2023, 6, 22), date(2023, 6, 25)


def due(desk, period="2023-05"):
    return deadline(desk.reference.periods.period(period), calendar.holidays_of(desk)).due


def test_a_day_marked_off_moves_the_due_date_and_a_plain_day_brings_it_back(desk):
    assert due(desk) == DUE
    calendar.mark_day(desk, DUE, DayKind.OFF, "停电")
    assert due(desk) > DUE
    assert calendar.holidays_of(desk).reason_off(DUE) == "停电放假"
    calendar.mark_day(desk, DUE, DayKind.PLAIN)
    assert due(desk) == DUE


def test_a_weekend_is_made_a_working_day(desk):
    assert not calendar.holidays_of(desk).is_workday(SATURDAY)
    calendar.mark_day(desk, SATURDAY, DayKind.WORKED)
    assert calendar.holidays_of(desk).is_workday(SATURDAY)
    assert calendar.holidays_of(desk).workdays[SATURDAY] == "调休"


def test_a_festival_is_made_a_working_day_and_a_made_up_day_a_weekend_again(desk):
    calendar.mark_day(desk, FESTIVAL, DayKind.WORKED)
    calendar.mark_day(desk, MADE_UP, DayKind.PLAIN)
    holidays = calendar.holidays_of(desk)
    assert holidays.is_workday(FESTIVAL)
    assert not holidays.is_workday(MADE_UP)


def test_the_other_days_of_the_year_stay_as_they_were(desk):
    before = calendar.holidays_of(desk)
    calendar.mark_day(desk, DUE, DayKind.OFF)
    after = calendar.holidays_of(desk)
    assert {day: told for day, told in after.days_off.items() if day != DUE} == dict(before.days_off)
    assert after.workdays == before.workdays
    assert after.years == before.years


def test_a_day_of_the_year_before_that_a_notice_names_can_be_changed(desk):
    """31 December 2022 is off by the notice of 2023."""
    day = date(2022, 12, 31)
    assert not calendar.holidays_of(desk).is_workday(day)
    calendar.mark_day(desk, day, DayKind.WORKED)
    assert calendar.holidays_of(desk).is_workday(day)


def test_a_day_of_a_year_without_notice_leaves_the_rest_of_that_year_unknown(desk):
    day = date(2030, 5, 20)
    assert not calendar.holidays_of(desk).knows(day)
    calendar.mark_day(desk, day, DayKind.OFF, "节日")
    assert not calendar.holidays_of(desk).is_workday(day)
    assert calendar.holidays_of(desk).knows(day)
    assert not calendar.holidays_of(desk).knows(date(2030, 5, 21))


def test_marking_what_is_so_already_changes_nothing(desk):
    calendar.mark_day(desk, DUE, DayKind.PLAIN)
    assert calendar.changes(desk) == []
    calendar.mark_day(desk, DUE, DayKind.OFF, "停电")
    calendar.mark_day(desk, DUE, DayKind.OFF, "停电")
    assert len(calendar.changes(desk)) == 1


def test_changes_are_told_newest_first_with_who_and_when(desk, monkeypatch):
    calendar.mark_day(desk, DUE, DayKind.OFF, "停电")
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T10:00:00")
    calendar.mark_day(desk, SATURDAY, DayKind.WORKED)
    newest, oldest = calendar.changes(desk)
    assert (newest.year, newest.author, newest.origin) == (2023, "张三", "hand 2023-05-20")
    assert oldest.origin == "hand 2023-05-25"
    assert (newest.at[:10], oldest.at[:10]) == ("2023-05-26", "2023-05-25")


def test_a_change_is_there_after_the_program_was_closed(home):
    with Desk(home) as desk:
        calendar.mark_day(desk, DUE, DayKind.OFF)
    with Desk(home) as desk:
        assert due(desk) > DUE


def ahead(desk, count):
    holidays = calendar.holidays_of(desk)
    now = calendar.reported_now(desk.reference, holidays, clock.today())
    return calendar.ahead(desk.reference, holidays, now, count)


def test_the_periods_ahead_come_with_their_due_dates_in_order(desk):
    found = ahead(desk, 4)
    assert [each.period.id for each in found] == ["2023-06", "2023-07", "2023-08", "2023-09"]
    assert [each.due for each in found] == [due(desk, each.period.id) for each in found]
    assert found[0].due == MADE_UP  # a Sunday that is worked


def test_what_is_ahead_follows_the_calendar(desk):
    calendar.mark_day(desk, MADE_UP, DayKind.PLAIN)
    assert ahead(desk, 1)[0].due != MADE_UP


@pytest.mark.parametrize("count", [0, 1, 30])
def test_as_many_periods_as_asked_for_are_looked_ahead(desk, count):
    assert len(ahead(desk, count)) == count
