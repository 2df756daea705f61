"""The three months of six offices once more, in real windows, by keyboard only; the stick is a folder, and what counts lies on the disk."""

import random
import shutil

import pytest
from scenarios.conftest import enrolled
from scenarios.offices import CITY, COUNTY, PASSPHRASE, PROVINCE, SECOND, STATION, SUO, Offices
from window.office_window import NIL, NOT_ENCRYPTED, VOLUMES_OF_10_MB, Window
from window.screen import Screen

from riskdesk.domain.handoff import HandedState

__all__ = ["enrolled"]  # the fixture of six offices

SENT, RECEIVED, RETURNED, ADOPTED = HandedState.SENT, HandedState.RECEIVED, HandedState.RETURNED, HandedState.ADOPTED
OTHER = "第二台电脑"


@pytest.fixture
def offices(enrolled, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RISKDESK_NOW", "2023-04-24T10:00:00")
    shutil.copytree(enrolled.folder, tmp_path / "offices")
    return Offices(tmp_path / "offices")


@pytest.fixture
def at(offices, tmp_path):
    """Sit down at an office's computer: `with at(COUNTY, file) as county`."""
    screen = Screen()
    yield lambda code, *files: Window(screen, offices, code, *files)
    screen.picture(tmp_path / "last.png")
    screen.close()


@pytest.mark.timeout(600)
def test_three_months_from_the_market_office_to_the_province(offices, at):
    from_station, up_in_april = april(offices, at)
    up_in_may = may(offices, at)
    up_in_june = june(offices, at)
    with at(PROVINCE) as province:
        province.paste_files(from_station)
        province.take()
        assert len(province.records()) == 2
        province.choose_files(up_in_april)
        province.take()
        assert len(province.records()) == 5
        province.paste_files(*up_in_june, up_in_may)
        province.take(2)
    at_the_top = offices.records(PROVINCE)
    assert {(each["period"], each["product"]): each["content"] for each in at_the_top} == offices.typed
    assert len(at_the_top) == len(offices.typed)
    assert len({each["id"] for each in at_the_top}) == len(at_the_top)
    offices.check_all()


def april(offices, at):
    """A nil report, a station that sends one package to two addressees, and several packages taken in one go."""
    offices.type_in(SUO, "2023-04", 电热毯="绝缘不合格，存在触电风险", 儿童滑板车="刹车距离过长，容易摔伤")
    offices.type_in(COUNTY, "2023-04", 食品包装袋="检出塑化剂超标")
    offices.type_in(STATION, "2023-04", 电动自行车充电器="过充保护失效，曾引起火灾", 烟花爆竹="引燃时间过短")
    with at(SUO) as suo:
        [from_suo] = suo.report()
        assert from_suo.name == "140105-S01_2023-04_r1.rdpkg.age"
        assert set(suo.states().values()) == {SENT}
    with at(COUNTY, from_suo) as county:
        county.take()
        [from_county] = county.report()
    with at(SECOND) as second:
        [nil] = second.report(NIL)
    with at(STATION) as station:
        [from_station] = station.report()
    with at(CITY, from_county, nil, from_station) as city:
        city.take(3)
        [up] = city.report()
    found = offices.ok(CITY, "missing", "--period", "2023-04")
    told = {each["code"]: each["state"] for each in found["offices"]}
    assert (told[COUNTY], told[SECOND], told["140107-JU"]) == ("received", "nil", "missing")
    return from_station, up


def may(offices, at):
    """Returned, corrected, forked on two computers and decided; an answer lost, packages repeated and out of order."""
    offices.on("2023-05-24T10:00:00")
    early, whole = may_in_the_county(offices, at)
    form = offices.fill_in_form()
    offices.on("2023-05-25T09:00:00")
    with at(CITY, whole, form) as city:
        city.take()
        city.take_typed("取暖器")
        city.paste_files(early)
        assert city.is_refused("较早的一份")
    offices.on("2023-05-29T10:00:00")  # the 25th has passed
    offices.type_in(SECOND, "2023-05", 安全帽="冲击吸收不合格")
    with at(SECOND) as second:
        [late] = second.report(late="系统故障")
    with at(CITY, late) as city:
        city.take()
        [up] = city.report(late="等待县局")
    found = offices.ok(CITY, "missing", "--period", "2023-05")
    told = {each["code"]: (each["state"], each["late"], each["signed"]) for each in found["offices"]}
    assert told[SECOND] == ("received", True, True)
    assert told[COUNTY] == ("received", False, True)
    assert told["140107-JU"] == ("received", False, False)
    return up


def may_in_the_county(offices, at):
    """Return what the county hands on in the end, and what it adds to that later."""
    offices.type_in(SUO, "2023-05", 燃气灶="熄火保护装置失效", 儿童玩具="小零件脱落")
    with at(SUO) as suo:
        [first] = suo.report()
    offices.copied(SUO, OTHER)
    offices.correct(OTHER, "儿童玩具", "小零件脱落，批次不明")
    with at(COUNTY, first) as county:
        county.take()
        county.answer(SUO, to=offices.folder / "lost")  # this receipt never arrives
        answer = county.answer(SUO, "儿童玩具", "请写明批次")
    with at(SUO, answer) as suo:
        suo.take()
        assert (suo.states()["儿童玩具"], suo.states()["燃气灶"]) == (RETURNED, RECEIVED)
        suo.correct("儿童玩具", "小零件脱落，批次20230401", "核实后更正")
        [second] = suo.report(reason="按退回意见补正")
    with at(OTHER) as other:
        [forked] = other.report(reason="补正")
    with at(COUNTY, second) as county:
        county.take()
        assert county.content("儿童玩具") == "小零件脱落，批次20230401"
        county.paste_files(first)
        assert county.is_refused("已接收过")
        county.open_files(forked)
        county.take()
        assert len(county.versions("儿童玩具")) == 2
        assert county.may_not_report()
        asked = county.answer(SUO, "儿童玩具", "两台电脑内容不同，请选定")
    with at(SUO, asked) as suo:
        suo.take()
        suo.decide("儿童玩具", "小零件脱落，批次20230401和20230402", "核实后选定")
        [decided] = suo.report(reason="选定版本")
    offices.typed["2023-05", "儿童玩具"] = "小零件脱落，批次20230401和20230402"
    with at(COUNTY, decided) as county:
        county.take()
        assert county.content("儿童玩具") == "小零件脱落，批次20230401和20230402"
        [early] = county.report()
        county.enter("打火机", "残留火焰")
        offices.typed["2023-05", "打火机"] = "残留火焰"
        [whole] = county.report(reason="补报1条")
        return early, whole


def june(offices, at):
    """Not encrypted, in volumes that come one by one and out of order; a whole import taken back and taken again."""
    offices.on("2023-06-23T10:00:00")
    offices.type_in(
        SUO, "2023-06", **{f"产品{chr(0x4E00 + number)}": f"第{number}种不合格情况" * 40 for number in range(60)}
    )
    picture = offices.folder / "盖章扫描件.jpg"
    picture.write_bytes(random.Random(6).randbytes(21_000_000))
    with at(SUO) as suo:
        [whole] = suo.report(NOT_ENCRYPTED)
    with at(COUNTY, whole) as county:
        county.take()
        assert len(county.records("2023-06")) == 60
        county.undo_taking()
        assert county.records("2023-06") == []
        county.paste_files(whole)
        county.take()
        assert len(county.records("2023-06")) == 60
        volumes = county.report(VOLUMES_OF_10_MB, scan=picture)
        assert len(volumes) == 3
        adopted = county.answer(SUO)
    with at(CITY, volumes[2]) as city:
        assert city.takes_nothing()
        city.paste_files(volumes[1])
        assert city.takes_nothing()
        city.paste_files(volumes[0])
        city.take()
        up = city.report()  # with the scan inside it is too large for one mail
        assert len(up) == 2
    with at(SUO, adopted) as suo:
        suo.take()
        assert set(suo.states("2023-06").values()) == {ADOPTED}
        suo.paste_files(adopted)
        assert suo.is_refused("已接收过")
    return up
