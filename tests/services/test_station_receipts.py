"""A sheet that was handed on: what the offices above say of it is seen at the station, version by version."""

import pytest
from services.quick_offices import CITY, PASSPHRASE, PROVINCE, STATION, take

from riskdesk.domain.handoff import HandedState
from riskdesk.domain.scoring import Answer
from riskdesk.errors import InputError
from riskdesk.services import answering, assessing, assessments, handed, keyring, reviewing, undoing
from riskdesk.services.station_receipts import handed_on

OFFICES = (PROVINCE, CITY, STATION)
YEAR = 2023


def hand_on(offices, code, make):
    with offices.desk(code) as desk:
        return assessments.hand_on(desk, keyring.unlock(desk, PASSPHRASE), *make(desk), offices.usb).file


def own_sheet(desk):
    return assessments.own_sheet(desk, YEAR)


def said(desk):
    return [
        [(each.state.name, each.reason) for each in version.replies]
        for version in handed_on(desk, assessing.find(desk, YEAR).revision)
    ]


def answered(offices, code, file, **returns):
    """Take a package in an office and answer it; return the answer's file."""
    with offices.desk(code) as desk:
        [one] = take(desk, file)
        back = {each.object_id: why for each in one.plan.rows for why in returns.values()}
        return answering.answer(desk, keyring.unlock(desk, PASSPHRASE), one.package, back, offices.usb).file


@pytest.fixture
def station(offices):
    """A station with a sheet of three versions, which is handed on."""
    with offices.desk(STATION) as desk:
        assessing.fill(desk, assessing.new(desk, YEAR), "A1", Answer(option=1))
        assessing.fill(desk, assessing.find(desk, YEAR), "A1", Answer(option=0))
        assert said(desk) == []
    return hand_on(offices, STATION, own_sheet)


def test_a_sheet_is_told_as_sent_received_and_returned_office_by_office(offices, station):
    with offices.desk(STATION) as desk:
        assert said(desk) == [[("SENT", ""), ("SENT", "")]]
        assert [handed.page_of(desk, each.id) for each in desk.packages.every("out")[:1]] == ["stations"]
        [version] = handed_on(desk, assessing.find(desk, YEAR).revision)
        assert version.revision == assessing.find(desk, YEAR).revision
        assert "太原" in "".join(each.office for each in version.replies)
    received, returned = answered(offices, CITY, station), answered(offices, PROVINCE, station, why="印章不清")
    with offices.desk(STATION) as desk:
        take(desk, received)
        assert sorted(said(desk)[0]) == [("RECEIVED", ""), ("SENT", "")]
        [one] = take(desk, returned)
        assert list(one.plan.products.values()) == [f"{YEAR}年自评表"]
        assert sorted(said(desk)[0]) == [("RECEIVED", ""), ("RETURNED", "印章不清")]


def test_an_addressee_to_whom_nothing_can_be_encrypted_is_told_by_name(offices):
    with offices.desk(STATION) as desk:
        assessing.new(desk, YEAR)
        keys = keyring.unlock(desk, PASSPHRASE)
        steps, receivers = own_sheet(desk)
        made = assessments.hand_on(desk, keys, steps, receivers, offices.usb)
        assert (made.warnings, made.file.suffix) == ((), ".age")
        made = assessments.hand_on(desk, keys, steps, (*receivers, "140200-JU"), offices.usb)
        assert made.warnings == ("还没有大同市市场监督管理局的加密公钥，这个包没有加密；请当面交接。",)
        assert made.file.suffix == ".rdpkg"


def test_a_version_that_follows_is_told_for_itself(offices, station):
    back = answered(offices, CITY, station, why="补材料")
    with offices.desk(STATION) as desk:
        take(desk, back)
        assessing.fill(desk, assessing.find(desk, YEAR), "A1", Answer(option=1))
        assert handed_on(desk, assessing.find(desk, YEAR).revision)[0].revision != assessing.find(desk, YEAR).revision
    again = hand_on(offices, STATION, own_sheet)
    with offices.desk(STATION) as desk:
        new, old = said(desk)
        assert (new, ("RETURNED", "补材料") in old) == ([("SENT", ""), ("SENT", "")], True)
        take(desk, answered(offices, CITY, again))
        new, old = said(desk)
        assert (("RECEIVED", "") in new, ("RETURNED", "补材料") in old) == (True, True)


def test_what_came_is_listed_with_its_name_and_can_be_answered_or_taken_back(offices, station):
    with offices.desk(CITY) as desk:
        [one] = take(desk, station)
        [came] = handed.came(desk)
        assert (came.title, came.answers, came.returned) == (f"{YEAR}年自评表", 0, 0)
        [matter] = handed.records_of(desk, came.package)
        assert (matter.title, matter.record, matter.is_forked) == (f"{YEAR}年自评表", None, False)
        assert "分" in matter.content
        keys = keyring.unlock(desk, PASSPHRASE)
        with pytest.raises(InputError, match="没有写原因"):
            answering.answer(desk, keys, one.package, {matter.object_id: " "}, offices.usb)
        done = answering.answer(desk, keys, one.package, {matter.object_id: "缺附表"}, offices.usb)
        assert (done.received, done.returned) == (0, 1)
        [came] = handed.came(desk)
        assert (came.answers, came.returned) == (1, 1)
        with pytest.raises(InputError, match="不能撤销接收"):
            undoing.undo(desk, one.run_id)


def test_a_review_is_answered_by_the_province_only(offices, station):
    with offices.desk(CITY) as desk:
        take(desk, station)
        reviewing.accept_rest(desk, reviewing.find(desk, YEAR, STATION))
    file = hand_on(offices, CITY, lambda desk: assessments.own_review(desk, reviewing.find(desk, YEAR, STATION)))
    with offices.desk(STATION) as desk:
        [one] = take(desk, file)
        assert handed.came(desk) == []
        with pytest.raises(InputError, match="没有收到过"):
            answering.find(desk, one.package)
    with offices.desk(PROVINCE) as desk:
        take(desk, station)
    back = answered(offices, PROVINCE, file)
    with offices.desk(CITY) as desk:
        take(desk, back)
        [review] = reviewing.find(desk, YEAR, STATION).reviews.values()
        [version] = handed_on(desk, review.revision)
        assert sorted(each.state for each in version.replies) == [HandedState.SENT, HandedState.RECEIVED]
