"""The page 监测站: a station fills in its sheet, the city and the province judge it, and nothing that is typed is lost."""

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from services.quick_offices import quick_keys
from services.station_year import STATION, STATION_NAME
from services.test_assessing import sheet_at, typed
from ui import test_accessibility as accessibility
from ui.hand_over_screens import bench_of
from ui.widgets.forms import click

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Judged, Review, review_to_body
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.services import assessing, key_making, reviewing
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up
from riskdesk.store.ids import new_id
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.dialogs.station_files import ExportDialog, HandOnDialog
from riskdesk.ui.dialogs.station_template import TemplateDialog
from riskdesk.ui.dialogs.station_vetoes import VetoesDialog
from riskdesk.ui.pages.stations import StationsPage, concerns

PASSPHRASE = "四个 不相干 的 词语"
CITY, PROVINCE = "140100-JU", "140000-JU"


@pytest.fixture(autouse=True)
def a_day_in_june(monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")


@pytest.fixture
def station(tmp_path):
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        typed(desk, "滑板车", source_codes=("S1",))
        yield desk


@pytest.fixture
def page_of(app, jobs, qtbot, ended):
    def show(desk):
        page = StationsPage(bench_of(desk, jobs))
        qtbot.addWidget(page)
        page.resize(1160, 660)
        page.show()
        ended()
        return page

    return show


@pytest.fixture
def filling(station, page_of):
    """The page of a station that has begun this year's sheet."""
    assessing.new(station, 2025)
    return page_of(station)


@dataclass
class Judging:
    desk: Desk
    page: StationsPage

    def seen(self):
        return reviewing.find(self.desk, 2025, STATION)

    def column(self):
        return self.seen().points(reviewing.own_column(self.desk))


@pytest.fixture
def judging(request, tmp_path, page_of):
    """The page of an office above with the sheet of a station open."""
    with set_up(tmp_path / "above", getattr(request, "param", CITY), person="示例") as desk:
        filled = {"A1": Filled(Answer(option=0), note="见批复"), "A2": Filled(Answer(option=1))}
        sheet_at(desk, STATION, filled)
        page = page_of(desk)
        page.part.list.setFocus()
        QTest.keyClick(page.part.list, Qt.Key.Key_Return)
        yield Judging(desk, page)


def go(page, code):
    """Choose an indicator; return its panel."""
    page.part.sheet.table.choose_code(code)
    panel = page.part.sheet.panel
    assert panel.indicator.code == code
    return panel


def cells(page, code):
    table = page.part.sheet.table
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text().startswith(f"{code} "))
    return [table.item(row, column).text() for column in range(1, table.columnCount())]


def kept(desk):
    return assessing.find(desk, 2025)


def opened(page, kind):
    return next(each for each in page.window().findChildren(kind) if each.isVisible())


def texts(panel):
    return "\n".join(each.text() for each in panel.findChildren(object) if hasattr(each, "text") and each.isVisible())


@pytest.fixture(params=["filling", "judging"])
def either(request):
    """The page as a station and as a city sees it."""
    given = request.getfixturevalue(request.param)
    page = given.page if request.param == "judging" else given
    page.activateWindow()
    return page


LAWS = (
    accessibility.test_a_screen_reader_has_a_name_for_whatever_can_have_the_focus,
    accessibility.test_tab_reaches_everything_and_comes_back,
    accessibility.test_a_button_that_cannot_be_pressed_says_why,
    accessibility.test_no_two_accelerators_collide,
)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("button", "kind"),
    [("vetoes", VetoesDialog), ("export", ExportDialog), ("template", TemplateDialog), ("send", HandOnDialog)],
)
@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_dialogs_are_reached_by_keyboard_and_told(judging, button, kind, law, qtbot):
    getattr(judging.page.part, button).click()
    dialog = opened(judging.page, kind)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    law(dialog)


@pytest.mark.parametrize("code", ["A1", "A3", "B2"])
@pytest.mark.parametrize("law", LAWS)
def test_everything_is_reached_by_keyboard_and_told(either, law, code):
    go(either, code)
    law(either)


# --- the station ---


def test_a_year_without_a_sheet_offers_to_begin_one(station, page_of, ended):
    page = page_of(station)
    assert page.part.new.isVisible()
    assert not page.part.send.isVisible()
    click(page.part.new)
    ended()
    assert kept(station).sheet.points()["B2"] == 1
    assert cells(page, "B2") == ["6", "1", "", "", "", "系统统计"]
    assert cells(page, "A1") == ["5", "", "", "", "", "未填"]
    assert page.part.sheet.missing.count() == len(kept(station).sheet.missing())


def test_a_choice_is_saved_at_once_and_counts(filling, station):
    panel = go(filling, "A1")
    assert "依托检验检测机构" in texts(panel)
    panel.answer.group.button(1).click()
    assert kept(station).sheet.of("A1").answer == Answer(option=1)
    assert cells(filling, "A1")[1] == "3"
    assert cells(filling, "A1")[-1] == "已填"
    total = kept(station).result.total.normalize()
    assert f"自评 {total:f} 分" in filling.part.sheet.totals.chips[Column.SELF].text()


def test_arrows_go_through_options_of_which_none_is_chosen_yet(filling, station, qtbot):
    filling.activateWindow()
    qtbot.waitUntil(filling.isActiveWindow)
    panel = go(filling, "A1")
    panel.take_focus()
    QTest.keyClick(panel.answer.group.button(0), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is panel.answer.group.button(1)
    QTest.keyClick(panel.answer.group.button(1), Qt.Key.Key_Space)
    assert kept(station).sheet.of("A1").answer == Answer(option=1)


def test_items_are_ticked_and_none_of_them_is_an_answer_as_well(filling, station):
    panel = go(filling, "A3")
    panel.answer.ticks.tick(0)
    panel.answer.ticks.tick(2)
    assert kept(station).sheet.of("A3").answer == Answer(items=frozenset({0, 2}))
    panel.answer.none.click()
    assert kept(station).sheet.points()["A3"] == 0
    assert panel.answer.ticks.value() == ()


def test_another_number_than_computed_asks_for_a_reason_and_is_kept_meanwhile(filling, station):
    panel = go(filling, "B2")
    assert not panel.reason.isVisible()
    assert "覆盖1类来源" in texts(panel)
    panel.answer.line.setText("４")
    filling.part.is_unsaved()
    assert kept(station).sheet.of("B2").answer == Answer(number=4)
    assert panel.reason.isVisible()
    assert "请说明理由" in texts(panel)
    panel.reason.setText("另有纸质记录")
    go(filling, "C1")
    assert kept(station).sheet.of("B2").reason == "另有纸质记录"
    assert cells(filling, "B2")[-1] == "已改"
    assert not any(each.startswith("B2") and "理由" in each for each in kept(station).sheet.missing())


def test_shares_may_be_typed_as_percent(filling, station):
    panel = go(filling, "C1")
    panel.answer.line.setText("95%")
    assert not filling.part.is_unsaved()
    assert kept(station).sheet.of("C1").answer.number == Fraction(19, 20)


def test_what_cannot_be_read_is_said_in_red_and_stays_until_it_is_mended(filling):
    panel = go(filling, "B2")
    panel.answer.line.setText("很多")
    filling.part.sheet.table.choose_code("C1")
    assert filling.part.sheet.panel is panel
    assert filling.part.sheet.table.code() == "B2"
    assert "看不懂" in panel.trouble.text()
    assert not filling.may_leave()
    panel.answer.line.setText("2")
    assert filling.may_leave()


def test_what_is_typed_survives_that_the_sheet_went_on_elsewhere(filling, station):
    panel = go(filling, "A1")
    assessing.veto(station, kept(station), ["V3"])
    panel.note.setPlainText("见附件")
    assert not filling.part.is_unsaved()
    assert kept(station).sheet.of("A1").note == "见附件"
    assert kept(station).sheet.vetoes == ("V3",)


def test_records_behind_a_computed_number_are_one_click_away(filling, qtbot):
    panel = go(filling, "B2")
    click(panel.behind)
    dialog = opened(filling, BehindDialog)
    with qtbot.waitSignal(filling.record_wanted):
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)


def test_new_data_are_pointed_out_and_taken_only_when_wanted(filling, station, ended):
    typed(station, "推车", source_codes=("S2",))
    filling.refresh()
    ended()
    panel = go(filling, "B2")
    assert "重新统计" in texts(panel)
    assert kept(station).sheet.points()["B2"] == 1
    click(filling.part.again)
    ended()
    assert kept(station).sheet.points()["B2"] == 2
    assert filling.part.sheet.panel.answer.line.text() == "2"


def dropped(slot, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(each)) for each in paths])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    slot.dropEvent(event)


def test_files_dropped_on_a_paper_that_is_required_are_attached_to_it(filling, station, tmp_path, ended):
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    dropped(go(filling, "A1").evidence.slots["建站批复或协议"], paper)
    ended()
    [evidence] = kept(station).sheet.of("A1").evidence
    assert (evidence.attachment.name, evidence.of) == ("批复.pdf", "建站批复或协议")
    panel = filling.part.sheet.panel
    assert "批复.pdf" in texts(panel)
    panel.evidence.slots["建站批复或协议"].removed.emit(evidence)
    assert kept(station).sheet.of("A1").evidence == ()


def test_files_are_chosen_and_looked_at(filling, station, tmp_path, ended, monkeypatch):
    paper = tmp_path / "制度.txt"
    paper.write_text("制度", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(paper)], ""))
    click(go(filling, "A3").evidence.slots[""].add)
    ended()
    [evidence] = kept(station).sheet.of("A3").evidence
    assert evidence.of == ""
    filling.part.sheet.panel.evidence.slots[""].looked_at.emit(evidence)
    assert "制度.txt" in opened(filling, AttachmentPreviewDialog).windowTitle()


def test_a_folder_is_refused_in_words(filling, station, tmp_path, ended):
    dropped(go(filling, "A1").evidence.slots[""], tmp_path)
    ended()
    assert filling.part._trouble.isVisible()
    assert kept(station).sheet.of("A1").evidence == ()


def test_what_is_missing_leads_to_where_it_is_filled_in(filling):
    missing = filling.part.sheet.missing
    row = next(row for row in range(missing.count()) if missing.item(row).text().startswith("D2"))
    missing.itemActivated.emit(missing.item(row))
    assert filling.part.sheet.panel.indicator.code == "D2"


def test_a_veto_is_confirmed_and_decides_the_grade(filling, station):
    click(filling.part.vetoes)
    dialog = opened(filling, VetoesDialog)
    dialog.ticks.tick("V1")
    dialog.accept()
    assert kept(station).sheet.vetoes == ()
    assert "确认" in dialog._trouble.text()
    dialog.sure.setChecked(True)
    dialog.accept()
    assert kept(station).sheet.vetoes == ("V1",)
    assert "不合格" in filling.part.sheet.totals.chips[Column.SELF].text()
    assert "1" in filling.part.vetoes.text()


def test_last_year_stands_beside_this_year(station, page_of):
    assessing.keep(station, assessing.new(station, 2024), "A1", Filled(Answer(option=1)))
    assessing.new(station, 2025)
    page = page_of(station)
    assert page.part.year.currentData() == 2025
    assert not page.part.sheet.table.isColumnHidden(5)
    assert cells(page, "A1")[4] == "3"


def test_another_year_is_shown(station, page_of, ended):
    assessing.new(station, 2024)
    assessing.new(station, 2025)
    page = page_of(station)
    page.part.year.setCurrentIndex(page.part.year.findData(2023))
    page.part.year.activated.emit(0)
    ended()
    assert page.part.new.isVisible()
    page.part.year.setCurrentIndex(page.part.year.findData(2024))
    page.part.year.activated.emit(0)
    ended()
    assert page.part.seen.kept.sheet.year == 2024


def test_the_sheet_is_exported_in_both_formats(filling, tmp_path, ended, qtbot):
    click(filling.part.export)
    dialog = opened(filling, ExportDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(filling.told, timeout=30_000):
        dialog.accept()
    ended()
    assert sorted(each.suffix for each in (tmp_path / "U盘").iterdir()) == [".pdf", ".xlsx"]


def test_the_sheet_is_handed_on_with_the_passphrase(filling, station, tmp_path, ended, qtbot):
    with quick_keys():
        key_making.make_keys(station, PASSPHRASE)
    filling._bench.held.keep(PASSPHRASE)
    click(filling.part.send)
    dialog = opened(filling, HandOnDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(filling.told, timeout=30_000) as told:
        dialog.accept()
    ended()
    [file] = (tmp_path / "U盘").iterdir()
    assert "2025年自评表" in file.name
    assert file.name in told.args[0]


def test_without_keys_nothing_is_handed_on_and_it_is_said_why(filling, tmp_path, ended):
    filling._bench.held.keep(PASSPHRASE)
    click(filling.part.send)
    dialog = opened(filling, HandOnDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    dialog.accept()
    ended()
    assert "密钥" in dialog._trouble.text()
    assert not (tmp_path / "U盘").exists()


def reviewed_by_city(station, **more):
    """A review of the sheet as it stands, as it comes from the city."""
    review = Review(kept(station).id, kept(station).revision, Column.CITY, **more)
    step = revision(
        object_id=new_id(), kind=assessing.REVIEW, org=CITY, body=review_to_body(review), author="某人", at=clock.now()
    )
    with station.store.write("示例", "test") as writing:
        station.revisions.add(writing, [step])


def test_what_the_city_gave_back_is_said_until_it_is_mended(filling, station, ended):
    reviewed_by_city(
        station, returned={"A1": "请写明资质", "A3": "缺制度"}, judged={"A2": Judged(Decimal(2), "备岗未定")}
    )
    filling.refresh()
    ended()
    assert [cells(filling, code)[-1] for code in ("A1", "A3")] == ["被退回", "被退回"]
    assert cells(filling, "A2")[2] == "2"
    assert "备岗未定" in texts(go(filling, "A2"))
    panel = go(filling, "A1")
    assert "市局退回：请写明资质" in texts(panel)
    panel.answer.group.button(0).click()
    assert [cells(filling, code)[-1] for code in ("A1", "A3")] == ["已填", "被退回"]
    assert "2 分" in filling.part.sheet.totals.chips[Column.CITY].text()


# --- the city and the province ---


def test_points_that_differ_need_a_reason_which_is_asked_for(judging):
    panel = go(judging.page, "A1")
    assert "有检验检测资质" in texts(panel)
    assert "见批复" in texts(panel)
    panel.points.setText("3")
    assert judging.page.part.is_unsaved()
    assert "请写明理由" in panel.trouble.text()
    panel.reason.setText("资质证书已过期")
    assert not judging.page.part.is_unsaved()
    assert judging.column()["A1"] == Decimal(3)
    assert cells(judging.page, "A1")[:3] == ["5", "5", "3"]


def test_more_than_the_maximum_is_refused(judging):
    panel = go(judging.page, "A1")
    panel.points.setText("6")
    panel.reason.setText("很好")
    assert judging.page.part.is_unsaved()
    assert "0 到 5" in panel.trouble.text()
    assert not judging.page.may_leave()


def test_an_indicator_is_given_back_with_a_reason_only(judging):
    panel = go(judging.page, "A2")
    click(panel.back)
    assert "请写明原因" in panel.trouble.text()
    panel.reason.setText("请补任命文件")
    click(panel.back)
    assert judging.seen().reviews[Column.CITY].review.returned == {"A2": "请补任命文件"}
    assert cells(judging.page, "A2")[-1] == "被退回"


def test_one_click_agrees_and_another_agrees_to_the_rest(judging):
    click(go(judging.page, "A1").agree)
    assert judging.column()["A1"] == 5
    click(judging.page.part.rest)
    assert judging.column()["A2"] == 3
    assert judging.column()["A3"] is None


def test_the_opinion_is_saved_when_the_page_is_left(judging):
    judging.page.part.conclusion.setText("同意推荐验收")
    assert judging.page.may_leave()
    assert judging.seen().reviews[Column.CITY].review.conclusion == "同意推荐验收"


def test_a_veto_found_by_the_city_is_its_own(judging):
    click(judging.page.part.vetoes)
    dialog = opened(judging.page, VetoesDialog)
    dialog.ticks.tick("V2")
    dialog.sure.setChecked(True)
    dialog.accept()
    assert judging.seen().reviews[Column.CITY].review.vetoes == ("V2",)
    assert judging.seen().kept.sheet.vetoes == ()


def test_a_sheet_that_went_on_is_marked(judging):
    click(judging.page.part.rest)
    first = judging.desk.revisions.by_hash(judging.seen().kept.revision)
    sheet_at(judging.desk, STATION, {"A1": Filled(Answer(option=1))}, first.object_id, [first])
    judging.page.refresh()
    assert judging.page.part.list.item(0, 4).text() == "自评已更新"


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_sees_all_stations_in_the_order_it_wants(judging, jobs, ended, tmp_path, monkeypatch):
    sheet_at(judging.desk, "140200-ZD01", {"A1": Filled(Answer(option=0)), "A2": Filled(Answer(option=0))})
    judging.page.refresh()
    page = judging.page.part
    page.tabs.setCurrentIndex(0)
    page.list.order_wanted.emit(1)
    assert page.order.currentIndex() == 1
    assert [page.list.item(row, 1).text()[:2] for row in range(2)] == ["10", "8 "]
    ended()
    assert not page.chart._image.isNull()
    file = tmp_path / "汇总.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(file), ""))
    click(page.summary)
    assert file.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_result_is_handed_on_with_the_passphrase(judging, tmp_path, ended, qtbot):
    with quick_keys():
        key_making.make_keys(judging.desk, PASSPHRASE)
    judging.page._bench.held.keep(PASSPHRASE)
    judging.page.part.rest.click()
    click(judging.page.part.send)
    dialog = opened(judging.page, HandOnDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(judging.page.changed, timeout=30_000):
        dialog.accept()
    ended()
    [file] = (tmp_path / "U盘").iterdir()
    assert "省局验收" in file.name


def test_an_empty_list_says_so(tmp_path, page_of):
    with set_up(tmp_path / "province", PROVINCE, person="示例") as desk:
        page = page_of(desk)
        assert "还没有收到 2025 年的自评表" in page.part._none.text()
        assert not page.part.summary.isEnabled()


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_puts_another_template_in_force(judging, tmp_path, monkeypatch):
    click(judging.page.part.template)
    dialog = opened(judging.page, TemplateDialog)
    assert dialog.table.rowCount() == 18
    monkeypatch.setattr(dialog, "choose_folder", lambda: tmp_path)
    click(dialog.export)
    file = tmp_path / "监测站指标模板.json"
    data = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**data, "version": 2}, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(dialog, "choose_file", lambda: file)
    click(dialog.change)
    assert "第 2 版" in dialog._about.text()
    click(dialog.change)
    assert "应大于现行的 2" in dialog._trouble.text()


def test_a_station_looks_at_the_template_only(filling):
    click(filling.part.template)
    dialog = opened(filling, TemplateDialog)
    assert not dialog.change.isVisible()
    assert not dialog.send.isVisible()


def test_counties_are_not_offered_the_page(desk, station):
    assert not concerns(desk.office)
    assert concerns(station.office)
