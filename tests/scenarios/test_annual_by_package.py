"""The yearly report by packages alone: a station writes it, city and province read what it says, and what it changes reaches them."""

import io
import json
import zipfile

import docx
import pypdfium2
import pytest
from scenarios.offices import CITY, COUNTY, PROVINCE, STATION

from riskdesk.services.desk import Desk

pytestmark = pytest.mark.timeout(600)
YEAR, PRODUCT = 2024, "儿童用品"
IDS = ("--product", PRODUCT, "--year", YEAR)


@pytest.fixture
def written(offices):
    """Offices of which the station has a report with text, from records that nobody else has."""
    for month in (2, 3):
        period = f"{YEAR}-{month:02}"
        offices.on(f"{period}-23T10:00:00")
        offices.type_in(STATION, period, **{f"儿童滑板车{period}": "刹车距离过长", f"婴儿推车{period}": "锁紧装置失效"})
    offices.on("2024-12-27T09:00:00")
    offices.ok(STATION, "annual", "new", *IDS)
    write(offices, "1.1", "本省生产企业较少。\n以外省产品为主。")
    return offices


def write(offices, section, text):
    file = offices.folder / "正文.txt"
    file.write_text(text, "utf-8")
    return offices.ok(STATION, "annual", "write", *IDS, "--section", section, "--file", file)


def send(offices):
    return offices.ok(STATION, "annual", "send", *IDS, "--out", offices.usb)


def numbers(report):
    return {
        block["kind"]: (block["text"], block["rows"], block["behind"])
        for each in report["sections"]
        for block in each["blocks"]
        if block["rows"]
    }


def texts(report):
    return {each["code"]: each["text"] for each in report["sections"]}


def test_city_and_province_read_what_the_station_wrote_and_counted(written):
    own = written.ok(STATION, "annual", "show", *IDS)
    sent = send(written)
    assert (set(sent["receivers"]), sent["to_do"]) == ({CITY, PROVINCE}, own["to_do"])
    unit = written.ok(STATION, "assess", "list", "--year", YEAR)[0]["unit"]
    for code in (CITY, PROVINCE):
        [taken] = written.take(code, sent["file"])
        [row] = taken["rows"]
        assert (row["outcome"], row["product"]) == ("new", f"{YEAR}年{PRODUCT}专题分析报告（{unit}）")
        assert row["told"] == f"16 个小节中 1 个有文字，待办 {len(own['to_do'])} 项"
        [listed] = written.ok(code, "annual", "received")
        assert (listed["office"], listed["product"], listed["year"]) == (STATION, PRODUCT, YEAR)
        assert (listed["unit"], listed["versions"], listed["doubts"]) == (unit, 1, [])
        assert listed["revision"] == sent["revision"]
        theirs = written.ok(code, "annual", "show", *IDS, "--office", STATION)
        assert (theirs, numbers(theirs)["monthly"]) == (own, numbers(own)["monthly"])
        assert [row[1] for row in numbers(theirs)["monthly"][1]][:4] == ["0", "2", "2", "0"]
    assert written.records(PROVINCE) == []
    written.check_all()


def test_what_came_is_nobodys_own(written):
    [_] = written.take(CITY, send(written)["file"])
    assert written.ok(CITY, "annual", "show") == []
    refused = written.call(CITY, "annual", "show", *IDS)
    assert (refused.code, "没有 2024 年" in refused.said) == (3, True)
    own = written.ok(CITY, "annual", "new", *IDS)
    assert texts(own)["1.1"] == ""
    [both] = written.ok(CITY, "annual", "received")
    assert (both["office"], both["versions"]) == (STATION, 1)
    written.ok(CITY, "annual", "refresh", *IDS)
    assert texts(written.ok(CITY, "annual", "show", *IDS, "--office", STATION))["1.1"].startswith("本省")


def test_what_the_station_changes_reaches_them_in_whatever_order_and_once(written):
    first = send(written)["file"]
    write(written, "1.1", "本省没有生产企业。")
    second = send(written)["file"]
    [taken] = written.take(PROVINCE, second)
    assert (taken["new"], taken["updated"]) == (1, 0)
    [late] = written.take(PROVINCE, first)
    assert [row["outcome"] for row in late["rows"]] == ["stale"]
    for code, files in ((PROVINCE, ()), (CITY, (first, second))):
        for file in files:
            written.take(code, file)
        theirs = written.ok(code, "annual", "show", *IDS, "--office", STATION)
        assert texts(theirs)["1.1"] == "本省没有生产企业。"
        [listed] = written.ok(code, "annual", "received")
        assert listed["versions"] == 2
    again = written.call(CITY, "receive", second)
    assert (again.code, again.data["files"][0]["verdict"]["reason"]) == (4, "repeated")
    written.check_all()


def test_taking_it_back_leaves_nothing_and_it_can_be_taken_again(written):
    file = send(written)["file"]
    [taken] = written.take(CITY, file)
    written.ok(CITY, "undo", taken["import"])
    assert written.ok(CITY, "annual", "received") == []
    written.take(CITY, file)
    assert len(written.ok(CITY, "annual", "received")) == 1
    written.check_all()


def test_the_station_learns_what_became_of_it(written):
    sent = send(written)
    [before] = written.ok(STATION, "annual", "show")[0]["handed"]
    assert {each["state"] for each in before["replies"]} == {"sent"}
    [taken] = written.take(CITY, sent["file"])
    report = taken["rows"][0]["record"]
    answer = written.ok(CITY, "answer", taken["package"], "--return", f"{report}=请写明召回情况", "--out", written.usb)
    written.take(STATION, answer["receipt"])
    [after] = written.ok(STATION, "annual", "show")[0]["handed"]
    assert [(each["state"], each["reason"]) for each in after["replies"] if each["state"] != "sent"] == [
        ("returned", "请写明召回情况")
    ]


def test_the_peoples_copies_in_it_say_what_an_export_there_says(written):
    [taken] = written.take(PROVINCE, send(written)["file"])
    with Desk(written.home(PROVINCE)) as desk:
        package = desk.packages.get(taken["package"])
        file = desk.packages.bytes.place(package.file)
    with zipfile.ZipFile(file) as archive:
        names = json.loads(archive.read("manifest.json"))["titles"]
        assert names.keys() == {"report/annex2.docx", "report/annex2.pdf"}
        inside = [each.text for each in docx.Document(io.BytesIO(archive.read("report/annex2.docx"))).paragraphs]
        assert len(pypdfium2.PdfDocument(archive.read("report/annex2.pdf"))) > 3
    assert all("儿童用品质量安全形势专题分析报告" in each for each in names.values())
    files = written.ok(PROVINCE, "annual", "export", *IDS, "--office", STATION, "--out", written.folder / "out")[
        "files"
    ]
    assert inside == [each.text for each in docx.Document(files[0]).paragraphs]
    assert {"本省生产企业较少。", "以外省产品为主。"} < set(inside)


def test_a_province_has_nobody_to_hand_it_to(written):
    written.ok(PROVINCE, "annual", "new", *IDS)
    refused = written.call(PROVINCE, "annual", "send", *IDS, "--out", written.usb)
    assert (refused.code, "没有上级单位" in refused.said) == (3, True)


def test_a_report_is_for_those_above_alone(written):
    refused = written.call(COUNTY, "receive", send(written)["file"])
    assert refused.code != 0
    assert written.ok(COUNTY, "annual", "received") == []


def test_the_stations_sheet_knows_when_the_report_was_handed_up(written):
    def told():
        indicators = written.ok(STATION, "assess", "score", "--year", YEAR)["indicators"]
        return next((each["computed"], each["points"]) for each in indicators if each["code"] == "D1")

    written.ok(STATION, "assess", "new", "--year", YEAR)
    assert "是否已报送请核对" in told()[0]
    send(written)
    written.on("2025-01-05T09:00:00")
    write(written, "1.1", "报送以后又改。")
    send(written)
    assert told() == ("儿童用品专题分析报告，还有待补内容，2024-12-27上报", "5")
