import csv
from datetime import date

import pytest

from riskdesk.domain.offices import Office, OfficeLevel, Roster
from riskdesk.errors import InputError
from riskdesk.paths import resource

DAY = date(2026, 5, 24)
ROWS = list(csv.DictReader(resource("offices/offices.csv").read_text(encoding="utf-8-sig").splitlines()))
ROSTER = Roster.from_rows(ROWS)
PROVINCE, TAIYUAN, XIAODIAN, STATION = "140000-JU", "140100-JU", "140105-JU", "140100-ZD01"


def codes(offices):
    return [office.code for office in offices]


def office(code, *report_to, valid_from=None, valid_to=None, name=""):
    return Office(code, name or code, OfficeLevel.COUNTY, report_to, "140100", True, valid_from, valid_to)


def row(**changes):
    return {"org_code": "A", "name_guess": "甲局", "level": "city", "report_to": "", "region_code": "140100"} | changes


def test_the_shipped_roster_holds_145_offices():
    assert len(ROSTER.offices) == len(ROWS) == 145
    assert ROSTER.office(XIAODIAN) == Office(
        XIAODIAN, "太原市小店区市场监督管理局", OfficeLevel.COUNTY, (TAIYUAN,), "140105"
    )


def test_the_province_expects_eleven_cities_the_zone_and_twelve_stations():
    below = ROSTER.expected_below(PROVINCE, DAY)
    assert [office.level for office in below].count(OfficeLevel.CITY) == 12
    assert [office.level for office in below].count(OfficeLevel.STATION) == 12
    assert len(below) == 24


def test_a_city_expects_its_counties_and_its_station():
    below = codes(ROSTER.expected_below(TAIYUAN, DAY))
    assert below == [f"1401{n}-JU" for n in ("05", "06", "07", "08", "09", "10", "21", "22", "23", "81")] + [STATION]


def test_an_office_that_the_city_has_yet_to_confirm_is_below_it_but_not_expected():
    zone = "140271-JU"
    assert zone in codes(ROSTER.subordinates("140200-JU", DAY))
    assert zone not in codes(ROSTER.expected_below("140200-JU", DAY))


def test_a_station_sends_to_the_province_and_to_its_city_bureau():
    assert codes(ROSTER.superiors(STATION, DAY)) == [PROVINCE, TAIYUAN]
    assert codes(ROSTER.superiors("140171-ZD01", DAY)) == [PROVINCE, "140171-JU"]


def test_the_chain_leads_up_to_the_province():
    assert codes(ROSTER.chain(XIAODIAN, DAY)) == [XIAODIAN, TAIYUAN, PROVINCE]
    assert codes(ROSTER.chain(STATION, DAY)) == [STATION, PROVINCE]
    assert codes(ROSTER.chain(PROVINCE, DAY)) == [PROVINCE]
    assert ROSTER.superiors(PROVINCE, DAY) == ()


def test_a_suo_named_by_the_user_gets_the_next_code_below_its_county():
    grown = ROSTER.with_office("坞城市场监督管理所", XIAODIAN).with_office("小店市场监督管理所", XIAODIAN)
    assert codes(grown.offices[-2:]) == ["140105-S01", "140105-S02"]
    assert grown.offices[-1].level is OfficeLevel.SUO
    assert codes(grown.chain("140105-S02", DAY)) == ["140105-S02", XIAODIAN, TAIYUAN, PROVINCE]
    assert codes(grown.expected_below(XIAODIAN, DAY)) == ["140105-S01", "140105-S02"]
    assert ROSTER.subordinates(XIAODIAN, DAY) == ()


def test_a_suo_founded_later_is_not_expected_before():
    grown = ROSTER.with_office("新设所", XIAODIAN, date(2026, 6, 1))
    assert grown.subordinates(XIAODIAN, date(2026, 5, 31)) == ()
    assert codes(grown.subordinates(XIAODIAN, date(2026, 6, 1))) == ["140105-S01"]


def test_a_suo_without_a_name_with_a_name_used_already_or_without_a_parent_is_refused():
    grown = ROSTER.with_office("坞城所", XIAODIAN)
    with pytest.raises(InputError, match="已有"):
        grown.with_office(" 坞城所 ", XIAODIAN)
    with pytest.raises(InputError, match="填写"):
        grown.with_office(" ", XIAODIAN)
    with pytest.raises(InputError, match="没有代码"):
        grown.with_office("坞城所", "999999-JU")


def test_a_code_may_be_used_again_at_another_time():
    top = office("T")
    old = office("A", "T", valid_to=date(2024, 12, 31), name="老")
    new = office("A", valid_from=date(2025, 1, 1), name="新")
    roster = Roster((top, new, old))
    assert roster.office("A", date(2024, 12, 31)) == old
    assert roster.office("A", date(2025, 1, 1)) == roster.office("A") == new
    assert roster.subordinates("T", date(2024, 12, 31)) == (old,)
    assert roster.subordinates("T", date(2025, 1, 1)) == ()


@pytest.mark.parametrize(
    "second",
    [
        office("A"),
        office("A", valid_from=date(2024, 12, 31)),
        office("A", valid_to=date(2023, 1, 1)),
        office("A", valid_from=date(2024, 3, 1), valid_to=date(2024, 4, 1)),
    ],
)
def test_a_code_valid_twice_at_the_same_time_is_refused(second):
    first = office("A", valid_from=date(2023, 1, 1), valid_to=date(2024, 12, 31))
    for offices in ((first, second), (second, first)):
        with pytest.raises(InputError, match="重复"):
            Roster(offices)


def test_an_unknown_parent_is_refused():
    with pytest.raises(InputError, match="上级“X”不在机构名录中"):
        Roster((office("A", "X"),))


@pytest.mark.parametrize(
    ("offices", "circle"),
    [
        ((office("A", "A"),), "A→A"),
        ((office("A", "B"), office("B", "A")), "A→B→A"),
        ((office("T"), office("A", "T", "C"), office("B", "A"), office("C", "B")), "A→C→B→A"),
        ((office("T"), office("A", "T", valid_to=date(2024, 12, 31)), office("B", "A"), office("A", "B", valid_from=date(2025, 1, 1))), "A→B→A"),
    ],
)  # fmt: skip
def test_a_circle_is_refused_and_named(offices, circle):
    with pytest.raises(InputError, match=circle):
        Roster(offices)


def test_two_offices_may_change_places_over_time():
    change = date(2025, 1, 1)
    before = (office("A", valid_to=date(2024, 12, 31)), office("B", "A", valid_to=date(2024, 12, 31)))
    after = (office("A", "B", valid_from=change), office("B", valid_from=change))
    roster = Roster((*before, *after))
    assert codes(roster.chain("A", change)) == ["A", "B"]
    assert codes(roster.chain("B", date(2024, 6, 1))) == ["B", "A"]


def test_an_office_unknown_or_not_valid_on_the_day_is_refused():
    with pytest.raises(InputError, match="没有代码“X”"):
        ROSTER.office("X")
    with pytest.raises(InputError, match="2020-01-01"):
        Roster((office("A", valid_from=date(2021, 1, 1)),)).office("A", date(2020, 1, 1))
    assert "X" not in ROSTER
    assert XIAODIAN in ROSTER


def test_offices_are_found_by_parts_of_the_name_or_the_code():
    assert codes(ROSTER.search("小店")) == [XIAODIAN]
    assert codes(ROSTER.search("监测站 太原")) == [STATION]
    assert codes(ROSTER.search("140105")) == [XIAODIAN]
    assert codes(ROSTER.search("zd01 140171")) == ["140171-ZD01"]
    assert codes(ROSTER.search("市城区市场")) == ["140302-JU", "140502-JU"]
    assert ROSTER.search("  ") == ()


def test_rows_may_name_several_superiors_and_a_time():
    roster = Roster.from_rows(
        [
            row(),
            row(org_code="B"),
            row(org_code="C", report_to="A；B", valid_from="2024-01-01", valid_to="2024-12-31", expected="N"),
        ]
    )
    found = roster.office("C")
    assert found.report_to == ("A", "B")
    assert (found.valid_from, found.valid_to, found.expected) == (date(2024, 1, 1), date(2024, 12, 31), False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"org_code": ""}, "第2行：机构代码“”写法不对"),
        ({"org_code": "甲"}, "写法不对"),
        ({"name_guess": " "}, "没有名称"),
        ({"level": "town"}, "级别“town”不对"),
        ({"level": ""}, "级别“”不对"),
        ({"valid_from": "2024/1/1"}, "不是日期"),
        ({"valid_from": "2024-02-01", "valid_to": "2024-01-01"}, "颠倒"),
    ],
)
def test_a_bad_row_is_refused_and_named(changes, message):
    with pytest.raises(InputError, match=message):
        Roster.from_rows([row(**changes)])
