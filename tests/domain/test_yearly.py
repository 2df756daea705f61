"""What is due once a year: the turns that have begun, whatever the day and the due date."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.yearly import begun, report_cycle, sheet_cycle

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
MONTH_DAYS = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: f"{day:%m-%d}")


def test_the_report_of_a_year_begins_in_december_wherever_in_winter_it_is_due():
    for due in (date(2023, 12, 1), date(2023, 12, 31), date(2024, 1, 15), date(2024, 1, 31)):
        cycle = report_cycle(due)
        assert (cycle.year, cycle.begins, cycle.due) == (2023, date(2023, 12, 1), due)
    assert report_cycle(date(2024, 6, 30)).begins == date(2024, 5, 31)


@given(DAYS, MONTH_DAYS, st.sampled_from([report_cycle, sheet_cycle]))
def test_the_last_two_turns_are_known_on_any_day(today, month_day, cycle_of):
    newest, before = begun(today, month_day, cycle_of)
    assert newest.begins <= today
    assert (newest.year - before.year, f"{newest.due:%m-%d}") == (1, month_day)
    following = cycle_of(newest.due.replace(year=newest.due.year + 1))
    assert following.begins > today
    assert newest.due >= newest.begins > before.due - timedelta(days=1)
