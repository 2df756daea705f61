"""Three months of six offices, by the command line and a stick alone: at the province stands what was typed below, once."""

import hashlib

import openpyxl
import pytest
from scenarios.offices import CITY, COUNTY, PROVINCE, SECOND, STATION, SUO

pytestmark = pytest.mark.timeout(600)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_three_months_from_the_market_office_to_the_province(offices):
    april(offices)
    may(offices)
    june(offices)
    at_the_top = offices.records(PROVINCE)
    assert {(each["period"], each["product"]): each["content"] for each in at_the_top} == offices.typed
    assert len(at_the_top) == len(offices.typed)
    assert len({each["id"] for each in at_the_top}) == len(at_the_top)
    offices.check_all()


def april(offices):
    """A first month without trouble: a nil report, and a station that sends one package to two addressees."""
    offices.type_in(SUO, "2023-04", 电热毯="绝缘不合格，存在触电风险", 儿童滑板车="刹车距离过长，容易摔伤")
    offices.type_in(COUNTY, "2023-04", 食品包装袋="检出塑化剂超标")
    offices.type_in(STATION, "2023-04", 电动自行车充电器="过充保护失效，曾引起火灾", 烟花爆竹="引燃时间过短")
    from_suo = offices.seal(SUO, "2023-04")
    assert from_suo.name == "140105-S01_2023-04_r1.rdpkg.age"
    [taken] = offices.take(COUNTY, from_suo)
    assert (taken["read"], taken["new"]) == (2, 2)
    assert [each["state"] for each in offices.records(SUO)] == ["sent", "sent"]
    from_county, nil = offices.seal(COUNTY, "2023-04"), offices.seal(SECOND, "2023-04", "--nil")
    station = offices.seal(STATION, "2023-04")
    before = digest(station)
    offices.take(CITY, from_county, nil, station)
    found = offices.ok(CITY, "missing", "--period", "2023-04")
    told = {each["code"]: each["state"] for each in found["offices"]}
    assert (told[COUNTY], told[SECOND], told["140107-JU"]) == ("received", "nil", "missing")
    assert found["missing"]
    assert COUNTY not in found["missing"]
    [direct] = offices.take(PROVINCE, station)
    assert direct["new"] == 2
    [up] = offices.take(PROVINCE, offices.seal(CITY, "2023-04"))
    assert (up["read"], up["new"], up["same"]) == (5, 3, 2)
    assert digest(station) == before


def may(offices):
    """Returned, corrected, forked on two computers and decided; an answer lost, packages repeated and out of order."""
    offices.on("2023-05-24T10:00:00")
    offices.type_in(SUO, "2023-05", 燃气灶="熄火保护装置失效", 儿童玩具="小零件脱落")
    first = offices.seal(SUO, "2023-05")
    [taken] = offices.take(COUNTY, first)
    toy = offices.record(SUO, "儿童玩具")
    offices.ok(COUNTY, "answer", taken["package"], "--out", offices.folder / "lost")  # this receipt never arrives
    returned = offices.ok(
        COUNTY, "answer", taken["package"], "--return", f"{toy['id']}=请写明批次", "--out", offices.usb
    )
    assert (returned["received"], returned["returned"]) == (1, 1)
    offices.take(SUO, returned["receipt"])
    assert offices.record(SUO, "儿童玩具")["state"] == "returned"
    assert offices.record(SUO, "燃气灶")["state"] == "received"
    assert offices.ok(COUNTY, "missing", "--period", "2023-05")["returned"] == 1
    offices.copied(SUO, "第二台电脑")
    offices.correct("第二台电脑", "儿童玩具", "小零件脱落，批次不明")
    offices.correct(SUO, "儿童玩具", "小零件脱落，批次20230401")
    second, forked = offices.seal(SUO, "2023-05"), offices.seal("第二台电脑", "2023-05")
    [update] = offices.take(COUNTY, second)
    assert (update["updated"], update["same"]) == (1, 1)
    assert [each["field"] for row in update["rows"] for each in row["changes"]] == ["content"]
    late_first = offices.call(COUNTY, "receive", first)
    assert (late_first.code, late_first.data["files"][0]["outcome"]) == (4, "refused")
    fork = offices.call(COUNTY, "receive", forked)
    assert (fork.code, fork.data["files"][0]["conflict"]) == (5, 1)
    assert offices.record(COUNTY, "儿童玩具")["state"] == "forked"
    assert offices.call(COUNTY, "seal", "--period", "2023-05", "--out", offices.usb).code == 5
    asked = offices.ok(
        COUNTY,
        "answer",
        fork.data["files"][0]["package"],
        "--return",
        f"{toy['id']}=两台电脑内容不同，请选定",
        "--out",
        offices.usb,
    )
    assert offices.call(SUO, "receive", asked["receipt"]).code == 5
    assert offices.record(SUO, "儿童玩具")["state"] == "forked"
    refused = offices.call(SUO, "correct", toy["id"], "--reason", "选定")
    assert refused.code == 3
    assert "--keep" in refused.said
    kept = offices.record(SUO, "儿童玩具")["revision"]
    offices.correct(SUO, "儿童玩具", "小零件脱落，批次20230401和20230402", "--keep", kept)
    [decided] = offices.take(COUNTY, offices.seal(SUO, "2023-05", "--reason", "选定版本"))
    assert (decided["updated"], decided["conflict"]) == (1, 0)
    assert offices.record(COUNTY, "儿童玩具")["state"] != "forked"
    a_county_without_riskdesk(offices)
    from_county = offices.seal(COUNTY, "2023-05")
    offices.take(CITY, from_county)
    again = offices.call(CITY, "receive", from_county)
    assert (again.code, again.data["files"][0]["verdict"]["reason"]) == (4, "repeated")
    offices.on("2023-05-29T10:00:00")  # the 25th has passed
    offices.type_in(SECOND, "2023-05", 安全帽="冲击吸收不合格")
    offices.take(CITY, offices.seal(SECOND, "2023-05", "--late", "系统故障"))
    found = offices.ok(CITY, "missing", "--period", "2023-05")
    told = {each["code"]: (each["state"], each["late"], each["signed"]) for each in found["offices"]}
    assert told[SECOND] == ("received", True, True)
    assert told[COUNTY] == ("received", False, True)
    assert told["140107-JU"] == ("received", False, False)
    offices.seal(CITY, "2023-05")
    offices.take(PROVINCE, *offices.usb.glob("140100-JU_2023-05*.age"))


def a_county_without_riskdesk(offices):
    """Its form comes as typed in Excel, is kept on its behalf, and marked as not signed."""
    form = offices.fill_in_form()
    offices.on("2023-05-25T09:00:00")
    [file] = offices.take(CITY, form)
    assert (file["outcome"], file["signed"], file["new"]) == ("unsigned", False, 1)


def june(offices):
    """Not encrypted, in volumes that come one by one and out of order; a whole import taken back and taken again."""
    offices.on("2023-06-23T10:00:00")
    offices.type_in(
        SUO, "2023-06", **{f"产品{chr(0x4E00 + number)}": f"第{number}种不合格情况" * 40 for number in range(60)}
    )
    whole = offices.seal(SUO, "2023-06", "--no-encrypt")
    [taken] = offices.take(COUNTY, whole)
    assert taken["new"] == 60
    assert offices.ok(COUNTY, "undo", taken["import"])["undone"] == taken["import"]
    assert offices.records(COUNTY, "2023-06") == []
    offices.check_all()
    assert offices.call(COUNTY, "undo", taken["import"]).code == 3
    [again] = offices.take(COUNTY, whole)
    assert (again["read"], again["new"]) == (60, 60)
    picture = offices.folder / "盖章扫描件.jpg"
    picture.write_bytes(bytes(range(256)) * 8800)
    volumes = offices.ok(
        COUNTY, "seal", "--period", "2023-06", "--out", offices.usb, "--split", "1", "--scan", picture
    )["files"][:-1]
    assert len(volumes) >= 3
    for volume in volumes[:0:-1]:
        [waiting] = offices.take(CITY, volume)
        assert waiting["outcome"] == "waiting"
    [joined] = offices.take(CITY, volumes[0])
    assert joined["new"] == 60
    offices.take(PROVINCE, offices.seal(CITY, "2023-06"))
    adopted = offices.ok(COUNTY, "answer", again["package"], "--out", offices.usb)
    assert adopted["adopted"] == 60
    offices.take(SUO, adopted["receipt"])
    assert {each["state"] for each in offices.records(SUO, "2023-06")} == {"adopted"}
    old = offices.call(SUO, "receive", adopted["receipt"])
    assert old.code == 4


def test_a_typed_copy_of_what_came_in_a_package_does_not_revise_it(offices):
    """Only the office of origin revises its record, whatever stands in a form with its hidden id."""
    offices.type_in(SUO, "2023-04", 电热毯="绝缘不合格，存在触电风险")
    offices.take(COUNTY, offices.seal(SUO, "2023-04"))
    [form] = offices.ok(COUNTY, "export", "--period", "2023-04", "--out", offices.folder, "--format", "xlsx")["files"]
    book = openpyxl.load_workbook(form)
    [cell] = [cell for row in book.active.iter_rows() for cell in row if cell.value == "绝缘不合格，存在触电风险"]
    cell.value = "绝缘不合格，已整改"
    book.save(form)
    typed = offices.call(COUNTY, "receive", form)
    assert (typed.code, typed.data["files"][0]["conflict"]) == (5, 1)
    assert offices.record(COUNTY, "电热毯")["content"] == "绝缘不合格，存在触电风险"
    refused = offices.call(COUNTY, "correct", offices.record(COUNTY, "电热毯")["id"], "--set", "content=别的")
    assert (refused.code, "原单位" in refused.said) == (3, True)
