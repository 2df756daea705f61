"""`assess` and `annual` as a station calls them, over real files."""

import json

import docx
import openpyxl
import pytest
from services.station_year import PRODUCT, STATION, STATION_NAME, typed_in
from services.test_assessing import sheet_at

from riskdesk.domain.assessment import Filled
from riskdesk.domain.scoring import Answer
from riskdesk.paths import resource
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up


@pytest.fixture
def station(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-12-26T09:00:00")
    home = tmp_path / "station"
    with set_up(home, STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        typed_in(desk, 2025)
    return home


def test_a_station_fills_its_sheet_and_exports_it(riskdesk, station, tmp_path):
    new = riskdesk("assess", "new", "--year", 2025, home=station)
    assert new.code == 0
    rows = {each["code"]: each for each in new.data["indicators"]}
    assert (rows["B2"]["points"], rows["A1"]["points"]) == ("6", None)
    assert rows["B2"]["behind"]
    assert not new.data["complete"]
    filled = riskdesk(
        "assess", "score", "--year", 2025,
        *(part for each in ("A1=1", "A3=1,2,3,4,5", "B1=1", "B3=1,3", "D2=1", "D4=2", "E2=4", "E3=1") for part in ("--set", each)),
        home=station,
    )  # fmt: skip
    assert filled.code == 0, filled.said
    points = {each["code"]: each["points"] for each in filled.data["indicators"]}
    assert (points["A1"], points["A3"], points["B3"], points["D4"], points["E2"]) == ("5", "5", "4", "2", "5")
    refused = riskdesk("assess", "score", "--year", 2025, "--set", "B4=24", home=station)
    assert (refused.code, "理由" in refused.said) == (3, True)
    argued = riskdesk("assess", "score", "--year", 2025, "--set", "B4=24", "--reason", "纸质回执另附", home=station)
    assert {each["code"]: each["points"] for each in argued.data["indicators"]}["B4"] == "8.0"
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4")
    attached = riskdesk(
        "assess", "attach", "--file", paper, "--year", 2025, "--indicator", "A1", "--of", "建站批复或协议", home=station
    )
    assert attached.data["indicators"][0]["evidence"] == ["批复.pdf"]
    exported = riskdesk("assess", "export", "--year", 2025, "--out", tmp_path / "out", home=station)
    [book] = [each for each in exported.data["files"] if each.endswith(".xlsx")]
    texts = [cell.value for row in openpyxl.load_workbook(book).active for cell in row if cell.value]
    assert "2025年度产品质量安全风险监测站自评与验收表" in texts
    assert any("与统计不同的理由：纸质回执另附" in each for each in texts)
    assert sum(each.endswith(".pdf") for each in exported.data["files"]) == 1
    assert riskdesk("check", home=station).data["ok"]


@pytest.mark.parametrize("share", ["80%", "８０％", "4/5", "0.8"])
def test_shares_are_typed_as_in_the_window(riskdesk, station, share):
    riskdesk("assess", "new", "--year", 2025, home=station)
    given = ("--set", f"C1={share}", "--reason", "另有纸质回执")
    filled = riskdesk("assess", "score", "--year", 2025, *given, home=station)
    assert {each["code"]: each["points"] for each in filled.data["indicators"]}["C1"] == "8.0"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--set", "A1"], "应写成 指标=内容"),
        (["--set", "A1=9"], "选项"),
        (["--set", "A1=x"], "看不懂"),
        (["--set", "Z1=1"], "没有指标"),
        (["--set", "E2=-1"], "负数"),
        (["--veto", "V9"], "没有否决项"),
    ],
)
def test_what_cannot_be_filled_in_is_told_in_words(riskdesk, station, given, words):
    riskdesk("assess", "new", "--year", 2025, home=station)
    reply = riskdesk("assess", "score", "--year", 2025, *given, home=station)
    assert reply.code in (2, 3)
    assert words in reply.said


def test_a_veto_is_stated_and_taken_back(riskdesk, station):
    riskdesk("assess", "new", "--year", 2025, home=station)
    assert riskdesk("assess", "score", "--year", 2025, "--veto", "V3", home=station).data["grade"] == "不合格"
    assert riskdesk("assess", "score", "--year", 2025, "--veto", "", home=station).data["grade"] == ""


def test_the_province_edits_the_template_as_a_file(riskdesk, tmp_path):
    home = tmp_path / "province"
    set_up(home, "140000-JU", person="示例").close()
    written = riskdesk("assess", "template", "--out", tmp_path, home=home)
    assert (written.data["version"], written.data["total"], len(written.data["indicators"])) == (1, "100", 18)
    [file] = written.data["files"]
    data = json.loads((tmp_path / "监测站指标模板.json").read_text("utf-8"))
    assert data["indicators"][0] == json.loads(resource("station/template.json").read_text("utf-8"))["indicators"][0]
    data["version"] = 2
    (tmp_path / "新模板.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    assert riskdesk("assess", "template", "--file", tmp_path / "新模板.json", home=home).data["version"] == 2
    again = riskdesk("assess", "template", "--file", file, home=home)
    assert (again.code, "应大于现行的 2" in again.said) == (3, True)


def test_the_yearly_report_is_started_written_refreshed_and_exported(riskdesk, station, tmp_path):
    new = riskdesk("annual", "new", "--product", PRODUCT, "--year", 2025, home=station)
    assert new.code == 0
    assert len(new.data["sections"]) == 16
    monthly = new.data["sections"][3]["blocks"][1]
    # two of the records tell of one event
    assert sum(int(row[1]) for row in monthly["rows"]) == sum(len(row) for row in monthly["behind"]) - 1
    text = tmp_path / "简介.txt"
    text.write_text("儿童滑板车是……\n适用于三岁以上儿童。", "utf-8")
    for code in ("1.1", "1.2"):
        ids = ("--product", PRODUCT, "--year", 2025, "--section", code)
        assert riskdesk("annual", "write", *ids, "--file", text, home=station).code == 0
    fresh = riskdesk("annual", "refresh", "--product", PRODUCT, "--year", 2025, home=station)
    assert fresh.data["sections"][0]["text"] == "儿童滑板车是……\n适用于三岁以上儿童。"
    assert not any("“产品简介”还没有文字" in each for each in fresh.data["to_do"])
    listed = riskdesk("annual", "show", home=station)
    assert [(each["product"], each["year"]) for each in listed.data] == [(PRODUCT, 2025)]
    exported = riskdesk(
        "annual", "export", "--product", PRODUCT, "--year", 2025, "--out", tmp_path / "out", home=station
    )
    assert exported.code == 0, exported.said
    [word] = [each for each in exported.data["files"] if each.endswith(".docx")]
    headings = [each.text for each in docx.Document(word).paragraphs if each.style.name == "Heading 2"]
    assert len(headings) == 16
    assert headings[0].endswith("产品简介")
    assert "“行业内产品质量潜规则或普遍认同的质量安全风险隐患”还没有文字。" in exported.said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["annual", "new", "--year", "2025"], "产品"),
        (["annual", "new", "--product", "头盔"], "--year"),
        (["annual", "refresh", "--product", "头盔", "--year", "2025"], "请先新建"),
        (["annual", "export", "--product", "头盔", "--year", "2025"], "--out"),
        (["annual", "write", "--product", "头盔", "--year", "2025"], "--section"),
        (["assess", "show", "--year", "2025"], "还没有 2025 年的自评表"),
        (["assess", "export", "--year", "2025"], "--out"),
        (["assess", "attach", "--year", "2025"], "--indicator"),
    ],
)
def test_what_is_missing_is_told(riskdesk, tmp_path, arguments, words):
    home = tmp_path / "station"
    set_up(home, STATION, name=STATION_NAME, person="示例").close()
    reply = riskdesk(*arguments, home=home)
    assert reply.code in (2, 3)
    assert words in reply.said


def test_the_province_lists_all_stations_with_what_is_doubted(riskdesk, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-12-26T09:00:00")
    home = tmp_path / "province"
    with set_up(home, "140000-JU", person="示例") as desk:
        for _ in range(2):
            sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})
    listed = riskdesk("assess", "list", "--year", 2025, home=home)
    rows = {each["station"]: each for each in listed.data}
    assert len(rows) == 12
    assert rows["140200-ZD01"]["columns"] == {"self": None, "city": None, "province": None}
    assert rows[STATION]["columns"]["self"]["points"]["A1"] == "5"
    assert "2 份自评表" in "".join(rows[STATION]["doubts"])


def test_a_station_is_told_what_is_doubted_of_its_own_sheet(riskdesk, station):
    new = riskdesk("assess", "new", "--year", 2025, home=station)
    assert (new.data["doubts"], new.data["handed"]) == ([], [])
    with Desk(station) as desk:
        sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))}, new.data["id"])
    shown = riskdesk("assess", "show", "--year", 2025, home=station)
    assert "两个互不包含的版本" in "".join(shown.data["doubts"])
