import copy
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.periods import Period, PeriodPlan
from riskdesk.errors import InputError
from riskdesk.paths import resource

CONTENT = json.loads(resource("calendar/periods.json").read_text(encoding="utf-8"))
PLAN = PeriodPlan.from_json(CONTENT)
FIRST = Period("2023-04", date(2023, 1, 1), date(2023, 4, 30), date(2023, 5, 10))
ALL = PLAN.between("2023-04", "2031-01")

days = st.dates(date(2023, 1, 1), date(2030, 12, 31))


def nominal(period):
    return period.nominal_due


def with_special(*rows):
    content = copy.deepcopy(CONTENT)
    content["special"] += [dict(zip(("id", "start", "end", "nominal_due"), row, strict=True)) for row in rows]
    return PeriodPlan.from_json(content)


def test_the_first_period_is_january_to_april_2023():
    assert PLAN.earliest == FIRST
    assert PLAN.period("2023-04") == FIRST


def test_a_monthly_period_runs_from_the_25th_to_the_24th():
    assert PLAN.period("2023-05") == Period("2023-05", date(2023, 4, 25), date(2023, 5, 24), date(2023, 5, 25))
    assert PLAN.period("2024-01") == Period("2024-01", date(2023, 12, 25), date(2024, 1, 24), date(2024, 1, 25))
    assert PLAN.period("2100-12").end == date(2100, 12, 24)


@given(days)
def test_every_day_lies_in_exactly_one_period_that_owns_it(day):
    owners = [period for period in ALL if PLAN.period_of(day) == period]
    assert len(owners) == 1
    assert day in owners[0]


@given(days)
def test_a_day_is_covered_by_its_owner_first_and_by_every_period_it_lies_in(day):
    covering = PLAN.covering(day)
    assert covering[0] == PLAN.period_of(day)
    assert set(covering) == {period for period in ALL if day in period}
    assert len(covering) == len(set(covering))


def test_every_day_of_the_years_has_one_owner_without_gap():
    day, last = date(2023, 1, 1), PLAN.earliest
    while day <= date(2030, 12, 31):
        owner = PLAN.period_of(day)
        assert owner == last or PLAN.previous(owner) == last
        day, last = day + timedelta(days=1), owner


def test_the_last_days_of_april_2023_belong_to_the_first_period_but_the_second_may_take_them():
    for number in range(25, 31):
        day = date(2023, 4, number)
        assert PLAN.period_of(day).id == "2023-04"
        assert [period.id for period in PLAN.covering(day)] == ["2023-04", "2023-05"]
    assert [period.id for period in PLAN.covering(date(2023, 4, 24))] == ["2023-04"]
    assert [period.id for period in PLAN.covering(date(2023, 5, 1))] == ["2023-05"]


def test_between_gives_both_ends_and_refuses_the_wrong_order():
    assert [period.id for period in PLAN.between("2023-04", "2023-07")] == ["2023-04", "2023-05", "2023-06", "2023-07"]
    assert len(PLAN.between("2023-12", "2023-12")) == 1
    with pytest.raises(InputError, match="晚于"):
        PLAN.between("2023-07", "2023-04")


@pytest.mark.parametrize(
    "period_id", ["", "2023", "2023-4", "2023-13", "2023-00", "2023-05 ", "２０２３-05", "202305", None]
)
def test_a_malformed_id_is_refused(period_id):
    with pytest.raises(InputError, match="写法不对"):
        PLAN.period(period_id)


@pytest.mark.parametrize(
    ("period_id", "message"), [("2023-03", "最早"), ("1999-12", "超出范围"), ("2101-01", "超出范围")]
)
def test_an_id_too_early_or_too_late_is_refused(period_id, message):
    with pytest.raises(InputError, match=message):
        PLAN.period(period_id)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2100, 12, 25), date.min, date.max])
def test_a_day_outside_all_periods_is_refused(day):
    with pytest.raises(InputError):
        PLAN.period_of(day)


@pytest.mark.parametrize(
    ("day", "period_id"),
    [
        (date(2023, 2, 1), "2023-04"),
        (date(2023, 4, 28), "2023-04"),
        (date(2023, 5, 1), "2023-04"),
        (date(2023, 5, 10), "2023-04"),
        (date(2023, 5, 11), "2023-05"),
        (date(2023, 5, 24), "2023-05"),
        (date(2023, 5, 25), "2023-05"),
        (date(2023, 5, 26), "2023-06"),
    ],
)
def test_a_form_reports_about_the_last_period_until_that_is_past_due(day, period_id):
    assert PLAN.reporting_on(day, nominal).id == period_id


def test_a_moved_due_date_moves_what_a_form_reports_about():
    def moved(period):
        return date(2026, 9, 28) if period.id == "2026-09" else period.nominal_due

    assert PLAN.reporting_on(date(2026, 9, 28), moved).id == "2026-09"
    assert PLAN.reporting_on(date(2026, 9, 29), moved).id == "2026-10"


def test_a_special_period_takes_the_place_of_a_month():
    plan = with_special(("2026-03", "2026-02-25", "2026-03-31", "2026-04-03"))
    assert plan.period("2026-03").end == date(2026, 3, 31)
    assert plan.period_of(date(2026, 3, 28)).id == "2026-03"
    assert [period.id for period in plan.covering(date(2026, 3, 28))] == ["2026-03", "2026-04"]
    assert plan.period_of(date(2026, 4, 1)).id == "2026-04"
    assert [period.id for period in plan.between("2026-02", "2026-04")] == ["2026-02", "2026-03", "2026-04"]


@pytest.mark.parametrize(
    "row",
    [
        ("2026-03", "2026-03-01", "2026-03-31", "2026-04-03"),  # leaves 25 to 28 February without an owner
        ("2026-03", "2026-02-25", "2026-05-10", "2026-05-12"),  # takes all of 2026-04
        ("2026-03", "2026-01-25", "2026-03-24", "2026-03-25"),  # takes all of 2026-02
        ("2023-03", "2023-01-01", "2023-02-28", "2023-03-25"),  # overlaps the first period
        ("2022-12", "2022-01-01", "2022-11-30", "2022-12-25"),  # a gap before the first period
        ("2026-03", "2026-03-31", "2026-02-25", "2026-04-03"),  # ends before it starts
        ("2026-03", "2026-02-25", "2026-03-31", "2026-03-30"),  # due before its end
        ("2026-3", "2026-02-25", "2026-03-31", "2026-04-03"),
        ("2026-03", "2026-02-30", "2026-03-31", "2026-04-03"),
        ("2026-03", None, "2026-03-31", "2026-04-03"),
    ],
)
def test_a_plan_that_leaves_a_day_without_an_owner_or_makes_no_sense_is_refused(row):
    with pytest.raises(InputError, match="期次"):
        with_special(row)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"format": "riskdesk-periods/2"},
        {"format": "riskdesk-periods/1"},
        {"format": "riskdesk-periods/1", "first_monthly": "0000-05"},
        {"format": "riskdesk-periods/1", "first_monthly": "2023-05", "special": {}},
        {"format": "riskdesk-periods/1", "first_monthly": "2023-05", "special": [None]},
        {"format": "riskdesk-periods/1", "first_monthly": "2023-05", "special": [{"id": "2023-04"}]},
    ],
)
def test_a_malformed_plan_file_is_refused(content):
    with pytest.raises(InputError, match="期次"):
        PeriodPlan.from_json(content)


def test_a_plan_without_special_periods_begins_with_its_first_month():
    plan = PeriodPlan.from_json({"format": "riskdesk-periods/1", "first_monthly": "2024-01"})
    assert plan.earliest.id == "2024-01"
    assert plan.previous(plan.earliest) is None
