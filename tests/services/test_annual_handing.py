"""Handing the yearly report on: only its newest version goes, and it stands for nothing else that is due."""

import pytest
from services.quick_offices import CITY, PASSPHRASE, PROVINCE, STATION, take

from riskdesk.errors import InputError
from riskdesk.services import annual, assessing, assessments, keyring, station_receipts
from riskdesk.services.preferences import Preferences, keep
from riskdesk.services.reminders import reminders
from riskdesk.services.workbench import workbench

OFFICES = (PROVINCE, CITY, STATION)
YEAR, PRODUCT = 2023, "儿童用品"


@pytest.fixture
def station(offices):
    with offices.desk(STATION) as desk:
        kept = annual.new(desk, PRODUCT, YEAR)
        annual.write(desk, kept.id, {"1.1": "有过别的说法"})
        annual.write(desk, kept.id, {"1.1": "本省企业较少"})
        yield desk


def hand_on(desk, folder, make):
    return assessments.hand_on(desk, keyring.unlock(desk, PASSPHRASE), *make, folder).file


def own(desk):
    return assessments.own_annual(desk, annual.find(desk, PRODUCT, YEAR).id)


def test_only_the_newest_version_goes_to_all_above(station):
    steps, receivers = own(station)
    assert [each.hash for each in steps] == [annual.find(station, PRODUCT, YEAR).revision]
    assert "别的说法" not in str(steps[0].body)
    assert set(receivers) == {CITY, PROVINCE}


def test_the_report_of_another_office_is_neither_handed_on_nor_written_as_ones_own(offices, station):
    file = hand_on(station, offices.usb, own(station))
    kept = annual.find(station, PRODUCT, YEAR)
    with offices.desk(CITY) as city:
        assert take(city, file)[0].run_id
        with pytest.raises(InputError, match="不在了"):
            assessments.own_annual(city, kept.id)
        with pytest.raises(InputError, match="不能修改"):
            annual.write(city, kept.id, {"1.1": "替他改"})


def test_it_is_known_which_version_went(offices, station):
    before = annual.find(station, PRODUCT, YEAR)
    hand_on(station, offices.usb, own(station))
    after = annual.write(station, before.id, {"1.1": "后来改的"})
    [handed] = station_receipts.handed_on(station, after.revision)
    assert handed.revision == before.revision


def test_it_does_not_stand_for_the_sheet_that_is_due(offices, station, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2024-01-05T09:00:00")
    keep(station, Preferences(acceptance_due="01-15"))
    assessing.new(station, YEAR)

    def told():
        return [each.id for each in reminders(station, workbench(station))]

    assert "acceptance:2024" in told()
    hand_on(station, offices.usb, own(station))
    assert "acceptance:2024" in told()
    hand_on(station, offices.usb, assessments.own_sheet(station, YEAR))
    assert "acceptance:2024" not in told()
