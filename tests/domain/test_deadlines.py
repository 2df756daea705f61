import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.deadlines import Cutoff, days_left, deadline, is_late, suggested_cutoffs
from riskdesk.domain.holiday_notice import parse_notice
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.periods import Period, PeriodPlan
from riskdesk.domain.workdays import Holidays
from riskdesk.errors import InputError
from riskdesk.paths import resource

SHIPPED = Holidays.from_json(json.loads(resource("calendar/holidays.json").read_text(encoding="utf-8")))
PLAN = PeriodPlan.from_json(json.loads(resource("calendar/periods.json").read_text(encoding="utf-8")))
ANSWERS = list(
    csv.DictReader(
        (Path(__file__).parents[1] / "corpus" / "deadlines.csv").read_text(encoding="utf-8-sig").splitlines()
    )
)

NOTICE_2027 = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至12日（农历正月初七、周五）放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2026年11月5日"""


def of(period_id, holidays=SHIPPED):
    return deadline(PLAN.period(period_id), holidays)


def test_there_are_44_right_answers_to_compare_with():
    assert len(ANSWERS) == 44


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: row["period"])
def test_the_due_date_is_the_right_one(row):
    found = of(row["period"])
    assert found.due == date.fromisoformat(row["due_chinesecalendar"])
    assert (found.period.start.isoformat(), found.period.end.isoformat()) == (row["start"], row["end"])
    assert found.period.nominal_due.isoformat() == row["nominal_due"]
    assert (found.reason != "") == (row["rolled"] == "Y")
    assert not found.provisional
    assert found.candidates == ()


def test_the_first_period_is_due_on_the_10th_of_may_2023():
    assert of("2023-04").due == date(2023, 5, 10)


@pytest.mark.parametrize(
    ("period_id", "reason"),
    [
        ("2026-09", "9月25日中秋节放假，顺延至9月28日（周一）"),
        ("2026-10", "10月25日是周日，顺延至10月26日（周一）"),
        ("2025-01", "1月25日是周六，顺延至1月26日（周日，调休上班）"),
        ("2023-06", ""),
    ],
)
def test_the_reason_says_why_the_date_moved(period_id, reason):
    assert of(period_id).reason == reason


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: row["period"])
def test_without_a_calendar_the_true_due_date_is_among_the_candidates(row):
    found = of(row["period"], Holidays())
    assert found.provisional
    assert date.fromisoformat(row["due_chinesecalendar"]) in found.candidates
    assert found.due in found.candidates
    assert found.due == date.fromisoformat(row["due_naive_weekend"])
    assert list(found.candidates) == sorted(set(found.candidates))


def test_2027_is_provisional_and_says_how_to_bring_the_notice_in():
    found = of("2027-04")
    assert found.provisional
    assert found.due == date(2027, 4, 26)
    assert found.candidates == (date(2027, 4, 25), date(2027, 4, 26))
    for words in ("2027年", "暂定", "导入日历文件", "粘贴国务院办公厅放假通知全文"):
        assert words in found.reason


def test_a_weekday_outside_all_holiday_windows_is_the_only_candidate():
    assert of("2027-03").candidates == (date(2027, 3, 25),)


def test_days_that_the_law_makes_off_are_no_candidates():
    assert of("2027-09").candidates == (*(date(2027, 9, n) for n in range(25, 31)), date(2027, 10, 4))


def test_a_pasted_notice_makes_2027_firm():
    holidays = SHIPPED.merged(parse_notice(NOTICE_2027).holidays)
    dues = {f"2027-{month:02}": of(f"2027-{month:02}", holidays) for month in range(1, 13)}
    assert not any(found.provisional or found.candidates for found in dues.values())
    assert {found.due for found in dues.values()} == {
        date(2027, 1, 25),
        date(2027, 2, 25),
        date(2027, 3, 25),
        date(2027, 4, 25),  # a Sunday that is worked
        date(2027, 5, 25),
        date(2027, 6, 25),
        date(2027, 7, 26),
        date(2027, 8, 25),
        date(2027, 9, 26),  # a Sunday that is worked
        date(2027, 10, 25),
        date(2027, 11, 25),
        date(2027, 12, 27),
    }
    assert all(found.due in of(period_id).candidates for period_id, found in dues.items())


def test_a_single_day_set_by_hand_is_used_in_a_year_that_is_not_known():
    by_hand = SHIPPED.merged(Holidays({}, {date(2027, 4, 25): "劳动节"}))
    assert of("2027-04", by_hand).due == date(2027, 4, 25)
    assert not of("2027-04", by_hand).provisional


def test_a_due_date_that_depends_on_the_next_year_is_provisional():
    period = Period("2026-12", date(2026, 11, 25), date(2026, 12, 30), date(2026, 12, 31))
    known_off = SHIPPED.merged(Holidays({date(2026, 12, 31): "元旦"}))
    found = deadline(period, known_off)
    assert found.provisional
    assert found.due == date(2027, 1, 4)
    assert "2027年" in found.reason
    assert date(2027, 1, 1) not in found.candidates


@given(st.integers(2023, 2099), st.integers(1, 12), st.sampled_from([SHIPPED, Holidays()]))
def test_a_deadline_is_never_before_the_nominal_day_and_its_candidates_hold_it(year, month, holidays):
    period_id = max(f"{year}-{month:02}", "2023-04")
    found = of(period_id, holidays)
    assert found.period.nominal_due <= found.due <= found.period.nominal_due + timedelta(days=9)
    assert found.provisional == bool(found.candidates)
    assert not found.candidates or found.due in found.candidates


def test_for_every_nominal_day_of_four_years_the_truth_is_among_the_candidates():
    for offset in range((date(2026, 12, 20) - date(2023, 1, 1)).days):
        day = date(2023, 1, 1) + timedelta(days=offset)
        period = Period("2023-04", day, day, day)
        assert deadline(period, SHIPPED).due in deadline(period, Holidays()).candidates


def test_days_left_count_down_to_zero_on_the_due_day():
    found = of("2026-09")
    assert days_left(found, date(2026, 9, 25)) == 3
    assert days_left(found, date(2026, 9, 28)) == 0
    assert days_left(found, date(2026, 9, 29)) == -1


def test_the_due_day_itself_is_not_late():
    found = of("2026-09")
    assert not is_late(found, date(2026, 9, 28))
    assert is_late(found, date(2026, 9, 29))


def test_nothing_is_called_late_before_the_last_candidate_has_passed():
    found = of("2027-06")
    assert found.candidates[-1] == date(2027, 6, 28)
    assert not is_late(found, date(2027, 6, 28))
    assert is_late(found, date(2027, 6, 29))


def test_the_internal_cut_offs_stand_before_the_nominal_due_date():
    assert [(cutoff.level, when) for cutoff, when in suggested_cutoffs(of("2026-03"))] == [
        (OfficeLevel.SUO, datetime(2026, 3, 24, 17)),
        (OfficeLevel.COUNTY, datetime(2026, 3, 25, 10)),
        (OfficeLevel.CITY, datetime(2026, 3, 25, 17)),
    ]


def test_in_the_first_period_they_keep_their_distance_to_the_10th_of_may():
    assert [when for _, when in suggested_cutoffs(of("2023-04"))] == [
        datetime(2023, 5, 9, 17),
        datetime(2023, 5, 10, 10),
        datetime(2023, 5, 10, 17),
    ]


@given(st.integers(1, 31), st.integers(4, 12))
def test_a_cut_off_is_never_before_the_end_of_the_period_nor_after_the_due_date(day, month):
    found = of(f"2023-{month:02}")
    ((_, when),) = suggested_cutoffs(found, [Cutoff(OfficeLevel.SUO, day, 12, 0)])
    assert found.period.end <= when.date() <= found.due


@pytest.mark.parametrize("numbers", [(0, 1, 1), (32, 1, 1), (1, 24, 0), (1, 0, 60)])
def test_a_cut_off_that_is_no_time_is_refused(numbers):
    with pytest.raises(InputError, match="内部截止时间"):
        Cutoff(OfficeLevel.SUO, *numbers)
