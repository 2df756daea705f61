"""A station fills its sheet beside what its data say, and changes of the template do not reach back."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from services.station_year import STATION, STATION_NAME

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Judged, Sheet, sheet_to_body
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.handoff import HandedState, Told
from riskdesk.domain.records import Credibility, Record
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import template_of
from riskdesk.errors import InputError, UsageError
from riskdesk.paths import resource
from riskdesk.services import annual, assessing, entry, reviewing, station_overview, upkeep
from riskdesk.services.measuring import measure
from riskdesk.services.setup import set_up
from riskdesk.store.ids import new_id
from riskdesk.store.packages import AnsweredRevision, Package

NOW = "2025-06-10T09:00:00"
SEVEN = {
    "regions_text": "太原市小店区",
    "analysis": "结构设计不合理",
    "suggestion": "建议监督抽查",
    "sources_text": "检验检测机构检测的",
}


@pytest.fixture
def station(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        yield desk


def typed(desk, product, period="2025-05", **more):
    given = Record(period, product=product, content="刹车距离过长，容易摔伤", **{**SEVEN, **more})
    return entry.save(desk, given)


def handed_on(desk, period, created, *steps, number=1):
    """Note a report of the period as sealing does, without the package's bytes."""
    facts = {"items": [step.hash for step in steps]}
    package = Package(
        f"{number:02}{period}".ljust(64, "0"), "", "", "out", "report", f"u{period}{number}", STATION, ("140100-JU",),
        period, number, not steps, created, created, "0" * 64, "a.rdpkg", facts,
    )  # fmt: skip
    with desk.store.write("示例", "test") as writing:
        desk.packages.add(writing, package)
        desk.packages.note_sent(writing, facts["items"])
    return package


def told(desk, code, year=2025):
    return measure(desk, year, template_of(assessing.template_data(desk)).indicators)[code]


def points(desk, code):
    kept = assessing.new(desk, 2025)
    return kept.sheet.points()[code]


def test_sources_are_counted_once_each_with_the_records_behind(station):
    one, two = typed(station, "滑板车", source_codes=("S1", "S5")), typed(station, "推车", source_codes=("S5",))
    typed(station, "书包")
    found = told(station, "B2")
    assert found.answer == Answer(number=2)
    assert set(found.behind) == {one.object_id, two.object_id}
    assert points(station, "B2") == 2


def test_months_reported_in_time_count_nil_ones_too(station):
    step = typed(station, "滑板车", "2025-01")
    handed_on(station, "2025-01", "2025-01-24T16:00:00+08:00", step)
    handed_on(station, "2025-02", "2025-02-25T16:00:00+08:00")
    handed_on(station, "2025-03", "2025-03-27T16:00:00+08:00")
    found = told(station, "C1")
    assert found.answer.number == Fraction(2, 5)
    assert found.text.startswith("应报5期，按时2期；迟报或未报：2025-03、2025-04、2025-05；")
    assert points(station, "C1") == 4


def test_whole_rows_are_counted_and_the_others_are_shown(station):
    typed(station, "滑板车", "2025-05")
    lacking = typed(station, "推车", suggestion=" ")
    typed(station, "书包", enterprise_count=parse_enterprise_count("3"))
    found = told(station, "C2")
    assert found.text == "3条中七栏齐全1条"
    assert lacking.object_id in found.behind
    assert points(station, "C2") == Decimal("2.3")


def test_key_information_counts_as_late_after_a_day(station):
    soon = typed(station, "滑板车", key_codes=("K1",), discovered_on=date(2025, 5, 23))
    late = typed(station, "推车", key_codes=("K1",), discovered_on=date(2025, 5, 20))
    handed_on(station, "2025-05", "2025-05-24T08:00:00+08:00", soon, late)
    found = told(station, "C3")
    assert (found.answer, found.behind) == (Answer(option=1), (late.object_id,))
    assert points(station, "C3") == 2


def test_a_year_without_key_information_has_all_points(station):
    typed(station, "滑板车")
    assert told(station, "C3").text == "全年无重点风险信息"
    assert points(station, "C3") == 5


def answered(desk, state, *steps, number=1):
    package = handed_on(desk, "2025-05", "2025-05-24T08:00:00+08:00", *steps, number=number)
    said = [
        AnsweredRevision(package.id, each.hash, each.object_id, Told(number, "140100-JU", 1, state), "请补正")
        for each in steps
    ]
    with desk.store.write("示例", "test") as writing:
        desk.packages.note_answers(writing, "a" * 63 + str(number), "run", said)


def test_what_came_back_is_a_share_of_what_was_handed_on(station):
    steps = [typed(station, f"产品{number}") for number in range(10)]
    answered(station, HandedState.RETURNED, steps[0], number=1)
    answered(station, HandedState.RECEIVED, *steps[1:], number=2)
    found = told(station, "C4")
    assert (found.text, found.behind) == ("报送10条，被退回过1条", (steps[0].object_id,))
    assert points(station, "C4") == 2
    assert told(station, "B4").answer == Answer(number=9)


def test_adopted_records_with_a_suggestion_count_as_applied(station):
    steps = [typed(station, "滑板车"), typed(station, "推车"), typed(station, "书包", suggestion="")]
    answered(station, HandedState.ADOPTED, *steps)
    assert told(station, "E1").answer == Answer(number=2)
    assert points(station, "E1") == 4


def test_important_information_that_proved_true_is_a_share_of_all_important(station):
    typed(station, "滑板车", important_codes=("I1",), credibility=Credibility.VERIFIED)
    typed(station, "推车", important_codes=("I2",), credibility=Credibility.UNVERIFIED)
    typed(station, "书包", credibility=Credibility.VERIFIED)
    assert told(station, "D3").text == "重要风险信息2条，其中已核实或被上级采用1条"
    assert points(station, "D3") == 4


def test_the_yearly_report_counts_by_being_whole_and_in_time(station, monkeypatch):
    assert told(station, "D1").answer is None
    kept = annual.new(station, "儿童用品", 2025)
    assert told(station, "D1").answer == Answer(option=1)
    whole = kept.report.refreshed(dict.fromkeys(("2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2"), ()))
    for each in whole.sections:
        whole = whole.with_text(each.code, "无")
    annual.save(station, kept, whole)
    assert told(station, "D1").answer == Answer(option=0)
    monkeypatch.setenv("RISKDESK_NOW", "2026-01-05T09:00:00")
    annual.save(station, annual.find(station, "儿童用品", 2025), whole.with_text("1.1", "改过"))
    assert told(station, "D1").answer == Answer(option=2)
    assert told(station, "D1", 2024).answer == Answer(option=3)


def test_one_person_is_not_two(station):
    assert told(station, "A2").text.endswith("共1人：示例")
    assert points(station, "A2") == 3


def test_records_received_from_others_do_not_count_for_this_office(station):
    found = told(station, "B2")
    assert found.answer == Answer(number=0)
    assert found.behind == ()


def test_a_person_may_say_otherwise_with_a_reason_and_keeps_it_when_the_data_change(station):
    typed(station, "滑板车", source_codes=("S1",))
    kept = assessing.new(station, 2025)
    with pytest.raises(InputError, match="理由"):
        assessing.fill(station, kept, "B2", Answer(number=6))
    kept = assessing.fill(station, kept, "B2", Answer(number=6), reason="另有纸质记录")
    typed(station, "推车", source_codes=("S2",))
    fresh = assessing.refresh(station, kept)
    assert fresh.sheet.of("B2").computed == Answer(number=2)
    assert (fresh.sheet.of("B2").answer, fresh.sheet.of("B2").reason) == (Answer(number=6), "另有纸质记录")
    assert fresh.sheet.points()["B2"] == 6
    assert len(assessing.versions(station, fresh)) == 3
    assert upkeep.check(station) == []


def test_an_untouched_number_follows_the_data(station):
    typed(station, "滑板车", source_codes=("S1",))
    kept = assessing.new(station, 2025)
    assert assessing.refresh(station, kept) == kept
    typed(station, "推车", source_codes=("S2",))
    assert assessing.refresh(station, kept).sheet.points()["B2"] == 2


def test_evidence_is_kept_with_the_sheet(station, tmp_path):
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    kept = assessing.new(station, 2025)
    with_paper = assessing.attach(station, kept, "A1", paper, "建站批复或协议")
    [evidence] = with_paper.sheet.of("A1").evidence
    assert evidence.attachment.name == "批复.pdf"
    assert (
        station.attachments.copy_out(evidence.attachment.sha256, tmp_path / "copy.pdf").read_bytes()
        == paper.read_bytes()
    )
    assert assessing.attach(station, with_paper, "A1", paper, "建站批复或协议") == with_paper
    with pytest.raises(InputError, match="没有要求“别的”"):
        assessing.attach(station, with_paper, "A1", paper, "别的")


def test_one_sheet_a_year_and_only_for_stations(station, desk):
    assessing.new(station, 2025)
    with pytest.raises(InputError, match="已经有了"):
        assessing.new(station, 2025)
    with pytest.raises(InputError, match="还没有 2024 年的自评表"):
        assessing.find(station, 2024)
    with pytest.raises(UsageError, match="由监测站填写"):
        assessing.new(desk, 2025)


def test_a_sheet_that_went_on_is_not_overwritten(station):
    kept = assessing.new(station, 2025)
    assessing.veto(station, kept, ["V1"])
    with pytest.raises(InputError, match="已被修改"):
        assessing.fill(station, kept, "A1", Answer(option=0))
    assert assessing.find(station, 2025).result.grade == "不合格"
    with pytest.raises(InputError, match="没有否决项“V9”"):
        assessing.veto(station, assessing.find(station, 2025), ["V9"])


def changed_template(folder, **changes):
    data = json.loads(resource("station/template.json").read_text("utf-8"))
    data.update(changes)
    data["indicators"][0]["rule"]["options"][1][1] = 2
    path = folder / "模板.json"
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def test_only_the_province_changes_the_template_and_old_sheets_stay(station, tmp_path):
    kept = assessing.fill(station, assessing.new(station, 2025), "A1", Answer(option=1))
    with pytest.raises(UsageError, match="省局修订"):
        assessing.change_template(station, changed_template(tmp_path, version=2))
    with set_up(tmp_path / "province", "140000-JU", person="示例") as province:
        with pytest.raises(InputError, match="应大于现行的 1"):
            assessing.change_template(province, changed_template(tmp_path, version=1))
        assert assessing.change_template(province, changed_template(tmp_path, version=2)).version == 2
        assert assessing.template_data(province)["version"] == 2
        assert upkeep.check(province) == []
    assert assessing.find(station, 2025) == kept
    assert kept.sheet.points()["A1"] == 3


def test_an_edited_template_becomes_the_next_version_unless_another_came_first(station, tmp_path):
    data = assessing.template_data(station)
    with pytest.raises(UsageError, match="省局修订"):
        assessing.revise_template(station, {**data, "title": "别的"})
    with set_up(tmp_path / "province", "140000-JU", person="示例") as province:
        assert assessing.revise_template(province, {**data, "title": "修订", "newer": [1]}).version == 2
        assert assessing.template_data(province) == {**data, "title": "修订", "newer": [1], "version": 2}
        with pytest.raises(InputError, match="已换成第 2 版"):
            assessing.revise_template(province, {**data, "title": "别的"})


def test_numbers_that_the_data_count_need_a_rule_for_numbers(tmp_path):
    data = json.loads(resource("station/template.json").read_text("utf-8"), parse_float=str)
    data["indicators"][4]["rule"] = {"type": "options", "options": [["有", 6], ["无", 0]]}
    path = tmp_path / "模板.json"
    path.write_text(json.dumps({**data, "version": 2}, ensure_ascii=False), "utf-8")
    with set_up(tmp_path / "province", "140000-JU", person="示例") as desk, pytest.raises(InputError, match="是数值"):
        assessing.change_template(desk, path)


def test_an_earlier_version_is_restored_as_a_new_one(station):
    first = assessing.keep(station, assessing.new(station, 2025), "A1", Filled(Answer(option=0)))
    second = assessing.veto(station, assessing.keep(station, first, "A1", Filled(note="改了")), ["V1"])
    back = assessing.restore(station, second, first)
    assert back.sheet == first.sheet
    known = [each.revision for each in assessing.versions(station, back)]
    assert (len(known), known[1], known[3], known[4]) == (5, first.revision, second.revision, back.revision)
    with pytest.raises(InputError, match="已被修改"):
        assessing.restore(station, second, first)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", "不是模板".encode()])
def test_a_file_that_is_no_template_is_refused_in_words(tmp_path, content):
    path = tmp_path / "模板.json"
    path.write_bytes(content)
    with set_up(tmp_path / "province", "140000-JU", person="示例") as province, pytest.raises(InputError, match="模板"):
        assessing.change_template(province, path)


def test_what_is_typed_is_kept_at_once_and_the_reason_is_asked_for_later(station):
    typed(station, "滑板车", source_codes=("S1",))
    kept = assessing.keep(station, assessing.new(station, 2025), "B2", Filled(Answer(number=6), note="另有纸质记录"))
    assert (kept.sheet.of("B2").computed, kept.sheet.points()["B2"]) == (Answer(number=1), 6)
    assert any(each.startswith("B2") and "理由" in each for each in kept.sheet.missing())
    emptied = assessing.keep(station, kept, "B2", Filled())
    assert (emptied.sheet.of("B2").answer, emptied.sheet.of("B2").note) == (None, "")
    assert assessing.find(station, 2025) == emptied


def test_evidence_that_was_added_by_mistake_is_taken_off(station, tmp_path):
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    kept = assessing.attach(station, assessing.new(station, 2025), "A1", paper, "建站批复或协议")
    [evidence] = kept.sheet.of("A1").evidence
    bare = assessing.detach(station, kept, "A1", evidence)
    assert bare.sheet.of("A1").evidence == ()
    assert assessing.detach(station, bare, "A1", evidence) == bare
    assert upkeep.check(station) == []


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """A station's sheet as it lies at its city, whose desk this is."""
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    with set_up(tmp_path / "city", "140100-JU", person="示例") as city:
        yield city, sheet_at(city, STATION, {"A1": Filled(Answer(option=0)), "A2": Filled(Answer(option=1))})


def sheet_at(desk, station, filled, object_id="", parents=()):
    sheet = Sheet(station, STATION_NAME, 2025, assessing.template_data(desk), filled)
    step = revision(
        object_id=object_id or new_id(), kind=assessing.SHEET, org=station, body=sheet_to_body(sheet), author="某人",
        at=clock.now(), parents=parents,
    )  # fmt: skip
    with desk.store.write("示例", "test") as writing:
        desk.revisions.add(writing, [step])
    return step


def test_what_was_given_back_counts_as_mended_once_the_indicator_was_changed(judged):
    city, first = judged
    seen = reviewing.find(city, 2025, STATION)
    for code in ("A1", "A2"):
        seen = reviewing.returned(city, seen, code, "请补材料")
    given = reviewing.given_back(city, seen)
    assert given["A1"] == (reviewing.GivenBack(Column.CITY, "请补材料", is_mended=False),)
    changed = {"A1": Filled(Answer(option=1)), "A2": Filled(Answer(option=1))}
    sheet_at(city, STATION, changed, first.object_id, [first])
    given = reviewing.given_back(city, reviewing.find(city, 2025, STATION))
    assert [given[code][0].is_mended for code in ("A1", "A2")] == [True, False]


def test_a_veto_that_an_office_above_finds_decides_its_column_only(judged):
    city, _ = judged
    seen = reviewing.veto(city, reviewing.find(city, 2025, STATION), ["V1"])
    assert seen.result(Column.CITY).grade == "不合格"
    assert seen.result(Column.SELF).decided_by == ""
    with pytest.raises(InputError, match="没有否决项“V9”"):
        reviewing.veto(city, seen, ["V9"])


def test_the_summary_sets_all_stations_side_by_side(judged):
    city, _ = judged
    reviewing.points(city, reviewing.find(city, 2025, STATION), "A1", Judged(Decimal(3), "资质证书已过期"))
    block = station_overview.summary(2025, station_overview.stations(city, 2025))
    assert block.table.rows == ((STATION_NAME, "8", "填写中", "3", "填写中", "", "未填"),)
    assert [(each.name, each.values) for each in block.chart.series] == [("得分", (8,))]
    assert station_overview.summary(2024, []).chart is None


def test_the_exported_sheet_shows_what_the_city_made_of_it_and_nothing_of_the_citys_own_data(judged, tmp_path):
    city, _ = judged
    typed(city, "滑板车", source_codes=("S1",))
    given = Judged(Decimal(3), "资质证书已过期")
    seen = reviewing.points(city, reviewing.find(city, 2025, STATION), "A1", given)
    [file] = reviewing.export(city, seen, tmp_path / "out", ["xlsx"])
    cells = [str(each.value) for row in openpyxl.load_workbook(file).active for each in row]
    assert any("市局初核：资质证书已过期" in each for each in cells)
    assert not any("覆盖1类来源" in each for each in cells)


def test_a_station_that_nobody_has_listed_finds_its_own_sheet(station):
    kept = assessing.new(station, 2025)
    assert reviewing.own(station, 2025).kept == kept
