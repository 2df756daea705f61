"""All stations side by side: those that have handed in nothing are there too, and what is doubted is told."""

from decimal import Decimal

import pytest
from services.station_year import STATION
from services.test_assessing import sheet_at

from riskdesk.domain.assessment import Column, Filled, Judged
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.scoring import Answer
from riskdesk.services import reviewing, station_overview
from riskdesk.services.roster import roster_of
from riskdesk.services.setup import set_up

YEAR = 2025


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Make an office; its desk is closed after the test."""
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")
    made = []

    def make(code):
        made.append(set_up(tmp_path / code, code, person="示例"))
        return made[-1]

    yield make
    for each in made:
        each.close()


def stations_of(desk):
    return [each.code for each in station_overview.stations(desk, YEAR)]


def test_the_province_sees_all_a_city_its_own_and_a_county_none(office):
    province = office("140000-JU")
    every = [each.code for each in roster_of(province).offices if each.level is OfficeLevel.STATION]
    assert stations_of(province) == every
    assert len(every) == 12
    assert stations_of(office("140100-JU")) == [STATION]
    assert stations_of(office("140105-JU")) == []


def test_the_summary_says_how_many_handed_in_and_names_the_others(office):
    desk = office("140000-JU")
    found = station_overview.stations(desk, YEAR)
    block = station_overview.summary(YEAR, found)
    assert (block.chart, "已报0个，未报12个" in block.text) == (None, True)
    sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})
    sheet_at(desk, "140200-ZD01", {})
    reviewing.points(desk, reviewing.find(desk, YEAR, STATION), "A1", Judged(Decimal(3), "过期"))
    found = station_overview.stations(desk, YEAR)
    block = station_overview.summary(YEAR, found)
    assert "应报12个监测站，已报2个，未报10个" in block.text
    missing = [row for row in block.table.rows if row[2] == "未报"]
    assert (len(block.table.rows), len(missing)) == (12, 10)
    assert set(missing[0][1:]) == {"", "未报"}
    assert block.table.rows[0][5] == "3"
    assert block.unknown.count("未报：") == 1
    assert missing[0][0] in block.unknown
    assert len(block.chart.labels) == 1  # one has answered nothing


def test_what_is_doubted_stands_in_the_summary(office):
    desk = office("140000-JU")
    for _ in range(2):
        sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})
    [seen] = [each for each in station_overview.stations(desk, YEAR) if each.seen]
    assert "2 份自评表" in "".join(seen.doubts)
    assert "2 份自评表" in station_overview.summary(YEAR, [seen]).unknown


def test_a_station_that_is_gone_is_missed_no_more_but_its_sheet_is_shown(office):
    desk = office("140000-JU")
    sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})
    years = {each.code: each for each in station_overview.stations(desk, YEAR)}
    assert years[STATION].result(Column.SELF).total == 5
    assert years["140200-ZD01"].result(Column.SELF) is None
