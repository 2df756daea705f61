"""A monitoring station's year by packages alone: twelve reports, its sheet judged by city and province, its yearly report."""

import json
from collections import Counter
from fractions import Fraction

import docx
import pytest
from scenarios.offices import CITY, PROVINCE, STATION

pytestmark = pytest.mark.timeout(600)
YEAR, PRODUCT = 2024, "儿童用品"
LATE, NIL, RETURNED, HANDED_ON = "2024-03", "2024-06", "2024-09", "2024-05"


def test_a_year_of_a_station(offices):
    for month in range(1, 13):
        a_month(offices, f"{YEAR}-{month:02}")
    offices.on("2024-12-27T09:00:00")
    own = [each for each in offices.records(STATION) if each["period"].startswith(str(YEAR))]
    assert len(own) == len(offices.typed) == 22
    the_yearly_report(offices, own)
    the_sheet(offices, own)
    offices.check_all()


def a_month(offices, period):
    """Two records a month, none in June; April's report comes late, one of September is returned."""
    offices.on(f"{period}-23T10:00:00" if period != LATE else f"{period}-29T10:00:00")
    if period != NIL:
        offices.type_in(STATION, period, **{f"儿童滑板车{period}": "刹车距离过长", f"婴儿推车{period}": "锁紧装置失效"})
    options = {LATE: ("--late", "系统故障"), NIL: ("--nil",)}.get(period, ())
    [taken] = offices.take(CITY, offices.seal(STATION, period, *options))
    returns = []
    if period == RETURNED:
        wrong = offices.record(STATION, f"儿童滑板车{period}")
        returns = ["--return", f"{wrong['id']}=请写明批次"]
    if period == HANDED_ON:
        offices.seal(CITY, period)
    offices.take(STATION, offices.ok(CITY, "answer", taken["package"], *returns, "--out", offices.usb)["receipt"])
    if period == RETURNED:
        assert offices.record(STATION, f"儿童滑板车{period}")["state"] == "returned"
        offices.correct(STATION, f"儿童滑板车{period}", "刹车距离过长，批次20240901")
        [again] = offices.take(CITY, offices.seal(STATION, period, "--reason", "按退回意见补正"))
        offices.take(STATION, offices.ok(CITY, "answer", again["package"], "--out", offices.usb)["receipt"])


def the_yearly_report(offices, own):
    ids = ("--product", PRODUCT, "--year", YEAR)
    report = offices.ok(STATION, "annual", "new", *ids)
    blocks = {block["kind"]: block for each in report["sections"] for block in each["blocks"]}
    counted = Counter(each["period"] for each in own)
    assert [int(row[1]) for row in blocks["monthly"]["rows"]] == [counted[f"{YEAR}-{n:02}"] for n in range(1, 13)]
    assert {each for row in blocks["monthly"]["behind"] for each in row} == {each["id"] for each in own}
    text = offices.folder / "无.txt"
    text.write_text("无。", "utf-8")
    for each in report["sections"]:
        offices.ok(STATION, "annual", "write", *ids, "--section", each["code"], "--file", text)
    exported = offices.ok(STATION, "annual", "export", *ids, "--out", offices.folder / "report", "--format", "docx")
    [file] = exported["files"]
    assert sum(each.style.name == "Heading 2" for each in docx.Document(file).paragraphs) == 16


def the_sheet(offices, own):
    sheet = offices.ok(STATION, "assess", "new", "--year", YEAR)
    rows = {each["code"]: each for each in sheet["indicators"]}
    told = {code: each["computed"] for code, each in rows.items() if each["computed"]}
    assert told["C1"] == f"应报12期，按时11期；迟报或未报：{LATE}；按写出报送包的日期计"
    assert rows["C1"]["points"] == str(round(float(10 * Fraction(11, 12)), 1))
    assert (rows["B4"]["behind"], told["B4"]) == ([each["id"] for each in own], "上级已收到或已采用22条")
    assert (told["C4"], rows["C4"]["points"]) == ("报送22条，被退回过1条", "2.5")
    assert told["C2"] == "22条中七栏齐全22条"
    assert (told["B2"][:6], rows["B2"]["points"]) == ("覆盖1类来源", "1")
    assert (told["E1"], rows["E1"]["points"]) == ("上级已采用、写有建议的2条", "4")
    filled = [f"{code}=1" for code in ("A1", "B1", "D2", "D4", "E3")] + ["A3=1,2,3,4,5", "B3=1,2", "D3=0", "E2=4"]
    options = [part for each in filled for part in ("--set", each)]
    offices.ok(STATION, "assess", "score", "--year", YEAR, *options)
    paper = offices.folder / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    first = ("--year", YEAR, "--indicator", "A1", "--of", "建站批复或协议", "--file", paper)
    offices.ok(STATION, "assess", "attach", *first)
    sent = offices.ok(STATION, "assess", "send", "--year", YEAR, "--out", offices.usb)
    assert set(sent["receivers"]) == {CITY, PROVINCE}
    assert receipts(offices) == ["sent", "sent"]
    [at_city] = offices.take(CITY, sent["file"])
    assert (at_city["rejected"], at_city["conflict"]) == (0, 0)
    assert {each["product"] for each in at_city["rows"]} == {
        f"{YEAR}年自评表（{offices.ok(STATION, 'assess', 'list', '--year', YEAR)[0]['unit']}）"
    }
    offices.take(PROVINCE, sent["file"])
    back = ("--return", f"{sheet['id']}=A1 缺资质附表")
    offices.take(STATION, offices.ok(CITY, "answer", at_city["package"], *back, "--out", offices.usb)["receipt"])
    assert receipts(offices) == ["returned", "sent"]
    offices.take(STATION, offices.ok(CITY, "answer", at_city["package"], "--out", offices.usb)["receipt"])
    assert receipts(offices) == ["received", "sent"]
    city_judges(offices)
    province_judges(offices)


def receipts(offices):
    """What city and province say of the version handed on last."""
    last, *_ = offices.ok(STATION, "assess", "show", "--year", YEAR)["handed"]
    return sorted(each["state"] for each in last["replies"])


def city_judges(offices):
    station = ("--year", YEAR, "--station", STATION)
    refused = offices.call(CITY, "assess", "review", *station, "--set", "A1=3")
    assert (refused.code, "请写明理由" in refused.said) == (3, True)
    offices.ok(CITY, "assess", "review", *station, "--set", "A1=3", "--reason", "资质证书已过期")
    offices.ok(CITY, "assess", "review", *station, "--return", "B3=请补备份记录", "--accept-rest")
    review = offices.ok(CITY, "assess", "send", *station, "--out", offices.usb)
    offices.take(STATION, review["file"])
    [seen] = offices.ok(STATION, "assess", "list", "--year", YEAR)
    assert seen["columns"]["city"]["returned"] == {"B3": "请补备份记录"}
    assert (seen["columns"]["self"]["points"]["A1"], seen["columns"]["city"]["points"]["A1"]) == ("5", "3")
    offices.ok(STATION, "assess", "score", "--year", YEAR, "--set", "B3=1,2,3", "--note", "备份记录见附件")
    again = offices.ok(STATION, "assess", "send", "--year", YEAR, "--out", offices.usb)
    for code in (CITY, PROVINCE):
        offices.take(code, again["file"])
    [behind] = offices.ok(CITY, "assess", "list", "--year", YEAR)
    assert not behind["columns"]["city"]["current"]
    [done] = offices.ok(CITY, "assess", "review", *station, "--accept-rest", "--conclude", "同意推荐验收")
    assert (done["columns"]["city"]["complete"], done["columns"]["city"]["current"]) == (True, True)
    final = offices.ok(CITY, "assess", "send", *station, "--out", offices.usb)
    for code in (STATION, PROVINCE):
        offices.take(code, final["file"])


def province_judges(offices):
    station = ("--year", YEAR, "--station", STATION)
    offices.ok(PROVINCE, "assess", "review", *station, "--set", "D2=3", "--reason", "只有现状", "--accept-rest")
    accepted = offices.ok(PROVINCE, "assess", "send", *station, "--out", offices.usb)
    assert set(accepted["receivers"]) == {STATION, CITY}
    for code in (STATION, CITY):
        offices.take(code, accepted["file"])
    everywhere = [handed_in(offices, code) for code in (STATION, CITY, PROVINCE)]
    assert everywhere[0] == everywhere[1] == everywhere[2]
    [[row]] = everywhere[:1]
    own, city, province = (row["columns"][each] for each in ("self", "city", "province"))
    assert float(city["total"]) == float(own["total"]) - 2
    assert float(province["total"]) == float(city["total"]) - 2
    assert own["grade"]
    shown = offices.call(CITY, "receive", accepted["file"])
    assert (shown.code, shown.data["files"][0]["verdict"]["reason"]) == (4, "repeated")


def handed_in(offices, code):
    return [each for each in offices.ok(code, "assess", "list", "--year", YEAR) if each["columns"]["self"]]


def test_indicators_that_the_province_revised_reach_the_station_and_leave_its_old_sheet_as_it_was(offices):
    old = offices.ok(STATION, "assess", "new", "--year", 2023)
    offices.ok(PROVINCE, "assess", "template", "--out", offices.folder)
    file = offices.folder / "监测站指标模板.json"
    data = json.loads(file.read_text("utf-8"))
    data["version"] = 2
    data["indicators"][0]["rule"]["options"][1][1] = 2
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    assert offices.ok(PROVINCE, "assess", "template", "--file", file)["version"] == 2
    sent = offices.ok(PROVINCE, "assess", "send", "--out", offices.usb)
    [taken] = offices.take(STATION, sent["file"])
    assert [each["product"] for each in taken["rows"]] == ["监测站指标模板第2版"]
    assert offices.ok(STATION, "assess", "template")["version"] == 2
    assert offices.ok(STATION, "assess", "show", "--year", 2023)["template"] == old["template"] == 1
    offices.on("2024-02-01T09:00:00")
    assert offices.ok(STATION, "assess", "new", "--year", 2024)["template"] == 2
    refused = offices.call(STATION, "assess", "template", "--file", file)
    assert (refused.code, "由省局修订" in refused.said) == (2, True)
