"""The page 监测站: a station fills in its sheet, the city and the province judge it, and nothing that is typed is lost."""

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

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
from riskdesk.domain.handoff import HandedState, Told
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.services import assessing, key_making, reviewing
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up
from riskdesk.store.ids import new_id
from riskdesk.store.packages import AnsweredRevision, Package
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.dialogs.station_files import ExportDialog, HandOnDialog
from riskdesk.ui.dialogs.station_history import StationHistoryDialog
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
        page.part.all.list.setFocus()
        QTest.keyClick(page.part.all.list, Qt.Key.Key_Return)
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
    [
        ("buttons.vetoes", VetoesDialog), ("buttons.export", ExportDialog), ("all.template", TemplateDialog),
        ("buttons.send", HandOnDialog),
    ],
)  # fmt: skip
@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_dialogs_are_reached_by_keyboard_and_told(judging, button, kind, law, qtbot):
    attrgetter(button)(judging.page.part).click()
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
    assert not page.part.buttons.send.isVisible()
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
    assert filling.part.notes.trouble.isVisible()
    assert kept(station).sheet.of("A1").evidence == ()


def test_what_is_missing_leads_to_where_it_is_filled_in(filling):
    missing = filling.part.sheet.missing
    row = next(row for row in range(missing.count()) if missing.item(row).text().startswith("D2"))
    missing.itemActivated.emit(missing.item(row))
    assert filling.part.sheet.panel.indicator.code == "D2"


def test_a_veto_is_confirmed_and_decides_the_grade(filling, station):
    click(filling.part.buttons.vetoes)
    dialog = opened(filling, VetoesDialog)
    dialog.ticks.tick("V1")
    dialog.accept()
    assert kept(station).sheet.vetoes == ()
    assert "确认" in dialog._trouble.text()
    dialog.sure.setChecked(True)
    dialog.accept()
    assert kept(station).sheet.vetoes == ("V1",)
    assert "不合格" in filling.part.sheet.totals.chips[Column.SELF].text()
    assert "1" in filling.part.buttons.vetoes.text()


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
    click(filling.part.buttons.export)
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
    click(filling.part.buttons.send)
    dialog = opened(filling, HandOnDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(filling.told, timeout=30_000) as told:
        dialog.accept()
    ended()
    [file] = (tmp_path / "U盘").iterdir()
    assert "2025年自评表" in file.name
    assert file.name in told.args[0]
    assert file.suffix == ".rdpkg"
    assert "还没有山西省市场监督管理局、太原市市场监督管理局的加密公钥，这个包没有加密" in told.args[0]
    assert "上级还没有签发证书" in told.args[0]
    assert "这个包没有加密" in dialog.warned.text()
    assert dialog.warned.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_without_keys_nothing_is_handed_on_and_it_is_said_why(filling, tmp_path, ended):
    filling._bench.held.keep(PASSPHRASE)
    click(filling.part.buttons.send)
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


def test_what_was_given_back_is_among_what_is_missing_until_it_is_mended(filling, station, ended):
    reviewed_by_city(station, returned={"A1": "请写明资质"})
    filling.refresh()
    ended()
    missing = filling.part.sheet.missing

    def asked():
        return [missing.item(row).text() for row in range(missing.count()) if "退回，" in missing.item(row).text()]

    [line] = asked()
    assert line.startswith("A1 ")
    assert line.endswith("市局初核退回，请补正：请写明资质")
    missing.itemActivated.emit(missing.item(0))
    panel = filling.part.sheet.panel
    assert panel.indicator.code == "A1"
    panel.answer.group.button(0).click()
    assert asked() == []


def test_the_opinion_of_the_city_stands_above_the_sheet(filling, station, ended):
    assert not filling.part.notes.opinions.isVisible()
    reviewed_by_city(station, conclusion="同意推荐验收")
    filling.refresh()
    ended()
    assert filling.part.notes.opinions.text() == "市局初核意见：同意推荐验收"


def test_the_reason_goes_when_the_answer_goes_back_to_what_was_computed(filling, station):
    panel = go(filling, "B2")
    panel.answer.line.setText("4")
    filling.part.is_unsaved()
    panel.reason.setText("另有纸质记录")
    panel.note.setPlainText("说明留着")
    filling.part.is_unsaved()
    assert kept(station).sheet.of("B2").reason
    panel.answer.line.setText("1")
    panel.answer.line.editingFinished.emit()
    filled = kept(station).sheet.of("B2")
    assert (filled.reason, filled.note) == ("", "说明留着")
    assert panel.reason.text() == ""
    assert not panel.reason.isVisible()


def accepted_by_province(station):
    now = kept(station)
    points = {each.code: Judged(Decimal(0), "按现场情况") for each in now.sheet.template.indicators}
    review = Review(now.id, now.revision, Column.PROVINCE, points)
    step = revision(
        object_id=new_id(), kind=assessing.REVIEW, org=PROVINCE, body=review_to_body(review), author="某人", at=clock.now()
    )  # fmt: skip
    with station.store.write("示例", "test") as writing:
        station.revisions.add(writing, [step])


def test_an_accepted_sheet_bears_a_mark_and_another_once_it_is_changed(filling, station, ended):
    mark = filling.part.sheet.totals.accepted
    assert not mark.isVisible()
    accepted_by_province(station)
    filling.refresh()
    ended()
    assert (mark.text(), mark.isVisible()) == ("省局已验收", True)
    assert not filling.part.notes.after.isVisible()
    go(filling, "A1").answer.group.button(1).click()
    assert mark.text() == "验收后又修改"
    assert "（A1）" in filling.part.notes.after.text()


def test_counting_anew_tells_what_changed(filling, station, ended, qtbot):
    typed(station, "推车", source_codes=("S2",))
    for told in (r"B2", "没有变化"):
        with qtbot.waitSignal(filling.told, timeout=30_000) as said:
            click(filling.part.again)
        ended()
        assert told in said.args[0]


def test_an_empty_file_is_refused_in_words(filling, station, tmp_path, ended):
    paper = tmp_path / "批复.pdf"
    paper.touch()
    dropped(go(filling, "A1").evidence.slots["建站批复或协议"], paper)
    ended()
    assert "空文件" in filling.part.notes.trouble.text()
    assert kept(station).sheet.of("A1").evidence == ()


def test_a_file_that_is_gone_is_marked(filling, station, tmp_path, ended):
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    dropped(go(filling, "A1").evidence.slots["建站批复或协议"], paper)
    ended()
    assert "已附" in texts(filling.part.sheet.panel)
    [evidence] = kept(station).sheet.of("A1").evidence
    station.attachments.place(evidence.attachment.sha256).unlink()
    go(filling, "A2")
    told = texts(go(filling, "A1"))
    assert "已附" not in told
    assert "缺失" in told


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


@pytest.mark.parametrize("typed_in", ["很好", "80%", "11/12"])
def test_points_that_are_none_are_told_as_points(judging, typed_in):
    panel = go(judging.page, "A1")
    panel.points.setText(typed_in)
    assert judging.page.part.is_unsaved()
    assert panel.trouble.text() == f"得分“{typed_in}”看不懂。请填写得分，例如 4 或 4.5。"


def test_the_points_before_are_told_without_idle_zeros(judging):
    panel = go(judging.page, "A1")
    panel.points.setText("4.0")
    assert judging.page.part.is_unsaved()
    assert "上一栏（5）" in panel.trouble.text()


def test_the_list_stays_with_the_panel_whose_points_cannot_be_saved(judging, qtbot):
    panel = go(judging.page, "A1")
    panel.points.setText("9")
    table = judging.page.part.sheet.table
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text().startswith("A2 "))
    where = table.visualItemRect(table.item(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert judging.page.part.sheet.panel is panel

    def chosen():
        return [table.item(each.row(), 0).text()[:2] for each in table.selectionModel().selectedRows()]

    qtbot.waitUntil(lambda: chosen() == ["A1"])
    assert table.code() == "A1"


def test_every_indicator_tells_how_it_stands_with_the_office(judging):
    click(go(judging.page, "A1").agree)
    panel = go(judging.page, "A2")
    assert cells(judging.page, "A2")[-1] == "待核验"
    panel.points.setText("1")
    panel.reason.setText("没有备岗")
    go(judging.page, "A3")
    assert [cells(judging.page, code)[-1] for code in ("A1", "A2", "A3")] == ["同意", "已改分", "未填"]


def test_what_the_station_changed_since_is_marked_until_it_is_judged_anew(judging):
    click(judging.page.part.rest)
    first = judging.desk.revisions.by_hash(judging.seen().kept.revision)
    again = {"A1": Filled(Answer(option=1)), "A2": Filled(Answer(option=1))}
    sheet_at(judging.desk, STATION, again, first.object_id, [first])
    judging.page.refresh()
    part = judging.page.part
    assert part._state.text() == "自评已更新 1 项"
    panel = go(judging.page, "A2")
    click(panel.agree)
    assert [cells(judging.page, code)[-1] for code in ("A1", "A2")] == ["已更新", "同意"]
    panel = go(judging.page, "A1")
    assert "上次核验后监测站已更新：" in texts(panel)
    click(panel.agree)
    assert cells(judging.page, "A1")[-1] == "同意"
    assert part._state.text() == "核验中"


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_sees_what_the_city_has_given_back(judging):
    now = judging.seen().kept
    review = Review(now.id, now.revision, Column.CITY, {}, {"A2": "请补任命文件"})
    step = revision(
        object_id=new_id(), kind=assessing.REVIEW, org=CITY, body=review_to_body(review), author="某人", at=clock.now()
    )  # fmt: skip
    with judging.desk.store.write("示例", "test") as writing:
        judging.desk.revisions.add(writing, [step])
    judging.page.refresh()
    assert cells(judging.page, "A2")[-1] == "市局退回"


def test_an_indicator_is_given_back_with_a_reason_only(judging):
    panel = go(judging.page, "A2")
    click(panel.back)
    assert "请写明原因" in panel.trouble.text()
    panel.reason.setText("请补任命文件")
    click(panel.back)
    assert judging.seen().reviews[Column.CITY].review.returned == {"A2": "请补任命文件"}
    assert cells(judging.page, "A2")[-1] == "已退回"


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
    click(judging.page.part.buttons.vetoes)
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
    assert judging.page.part.all.list.item(0, 4).text() == "自评已更新"


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_sees_all_stations_in_the_order_it_wants(judging, jobs, ended, tmp_path, monkeypatch):
    sheet_at(judging.desk, "140200-ZD01", {"A1": Filled(Answer(option=0)), "A2": Filled(Answer(option=0))})
    judging.page.refresh()
    judging.page.part.tabs.setCurrentIndex(0)
    page = judging.page.part.all
    page.list.order_wanted.emit(1)
    assert page.order.currentIndex() == 1
    assert [page.list.item(row, 1).text()[:2] for row in range(3)] == ["10", "8 ", ""]
    ended()
    assert not page.chart._image.isNull()
    file = tmp_path / "汇总.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(file), ""))
    click(page.summary)
    ended()
    assert file.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_result_is_handed_on_with_the_passphrase(judging, tmp_path, ended, qtbot):
    with quick_keys():
        key_making.make_keys(judging.desk, PASSPHRASE)
    judging.page._bench.held.keep(PASSPHRASE)
    judging.page.part.rest.click()
    click(judging.page.part.buttons.send)
    dialog = opened(judging.page, HandOnDialog)
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(judging.page.changed, timeout=30_000):
        dialog.accept()
    ended()
    [file] = (tmp_path / "U盘").iterdir()
    assert "省局验收" in file.name


def sheet_again(desk):
    """Let a second sheet of the same station and year come."""
    return sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_what_is_doubted_is_told_in_the_list_above_the_sheet_and_in_the_summary(judging, qtbot, ended, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: ("", ""))
    sheet_again(judging.desk)
    judging.page.refresh()
    part = judging.page.part
    row = next(row for row in range(part.all.list.rowCount()) if part.all.list.item(row, 4).text() != "未报")
    item = part.all.list.item(row, 0)
    assert "2 份自评表" in item.toolTip()
    assert "2 份自评表" in item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert not item.icon().isNull()
    part.open_sheet(judging.seen())
    assert "2 份自评表" in part.notes.doubts.text()
    assert part.notes.doubts.isVisible()
    assert (part.notes.doubts.objectName(), part.notes.doubts.wordWrap()) == ("warn", True)
    with qtbot.waitSignal(part.summary_wanted) as wanted:
        part.all.summary.click()
    assert "2 份自评表" in wanted.args[0].unknown
    ended()


def test_a_sheet_without_doubts_bears_no_mark(judging):
    assert not judging.page.part.notes.doubts.isVisible()
    assert judging.page.part.all.list.item(0, 0).icon().isNull()


def test_an_opinion_that_cannot_be_saved_stays_and_keeps_the_page(judging):
    kept = judging.seen().kept
    theirs = [
        revision(
            object_id=new_id(), kind=assessing.REVIEW, org=CITY, author="另一人", at=clock.now(),
            body=review_to_body(Review(kept.id, kept.revision, Column.CITY, conclusion="另一台电脑上的意见")),
        )
    ]  # fmt: skip
    with judging.desk.store.write("示例", "test") as writing:
        judging.desk.revisions.add(writing, theirs)
    first = judging.desk.revisions.by_hash(kept.revision)
    sheet_at(judging.desk, STATION, {"A1": Filled(Answer(option=1))}, first.object_id, [first])
    part = judging.page.part
    part.conclusion.setText("同意推荐验收")
    assert part.is_unsaved()
    assert not judging.page.may_leave()
    assert part.conclusion.text() == "同意推荐验收"
    assert "已被修改" in part.notes.trouble.text()
    assert part.notes.trouble.isVisible()
    part.all.year.setCurrentIndex(part.all.year.findData(2024))
    part.all.year.activated.emit(0)
    assert part.all.year.year() == 2025
    part.conclusion.setText("")
    assert judging.page.may_leave()
    judging.page.refresh()
    assert part.conclusion.text() == "另一台电脑上的意见"


def test_what_two_people_say_of_a_sheet_at_once_is_both_saved(judging):
    reviewing.points(judging.desk, judging.seen(), "A2", Judged(Decimal(0), "缺"))
    judging.page.part.conclusion.setText("同意推荐验收")
    assert judging.page.may_leave()
    review = judging.seen().reviews[Column.CITY].review
    assert (review.conclusion, list(review.judged)) == ("同意推荐验收", ["A2"])


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_sees_who_has_not_handed_in(judging, qtbot):
    listed = judging.page.part.all.list
    judging.page.part.tabs.setCurrentIndex(0)
    states = [listed.item(row, 4).text() for row in range(listed.rowCount())]
    assert (len(states), states.count("未报")) == (12, 11)
    assert "应报12个监测站，已报1个，未报11个" in judging.page.part.all.count.text()
    listed.selectRow(states.index("未报"))
    with qtbot.waitSignal(judging.page.told) as told:
        QTest.keyClick(listed, Qt.Key.Key_Return)
    assert "还没有报 2025 年的自评表" in told.args[0]
    assert judging.page.part.tabs.currentIndex() == 0


def sent(desk, kind, receivers, replies):
    """Note that the newest version of a thing of ours was handed on, and what its receivers said."""
    [step] = [each for each in desk.revisions.newest_of_kind(kind) if each.org == desk.office.code]
    package = Package(
        step.hash[:8].ljust(64, "0"), "", "", "out", "assessment", f"u{step.hash[:8]}", desk.office.code, receivers,
        "2025", 1, False, "2025-06-10T09:00:00+08:00", "2025-06-10T09:00:00+08:00", "0" * 64, "a.rdpkg",
        {"items": [step.hash]},
    )  # fmt: skip
    with desk.store.write("示例", "test") as writing:
        desk.packages.add(writing, package)
        desk.packages.note_sent(writing, [step.hash])
        said = [
            AnsweredRevision(package.id, step.hash, step.object_id, Told(1, sender, 1, state), reason)
            for sender, (state, reason) in replies.items()
        ]
        desk.packages.note_answers(writing, "answer".ljust(64, "0"), "", said)


def test_a_station_sees_what_became_of_its_sheet(filling, station, ended):
    part = filling.part
    assert not part.notes.receipts.isVisible()
    sent(station, assessing.SHEET, (CITY, PROVINCE), {CITY: (HandedState.RECEIVED, "")})
    filling.refresh()
    ended()
    assert "太原市市场监督管理局已收到" in part.notes.receipts.text()
    assert "已导出" in part.notes.receipts.text()
    go(filling, "A1").answer.group.button(1).click()
    assert "修改后的还没有送出" in part.notes.work.text()
    assert not part.notes.receipts.isVisible()


def test_a_sheet_that_came_back_says_why_there_and_beside_its_version(filling, station, ended):
    sent(station, assessing.SHEET, (CITY,), {CITY: (HandedState.RETURNED, "印章不清")})
    filling.refresh()
    ended()
    assert "已退回（印章不清）" in filling.part.notes.work.text()
    filling.part.buttons.history.click()
    assert "印章不清" in opened(filling, StationHistoryDialog).table.item(0, 3).text()


def test_a_city_sees_what_became_of_its_review(judging):
    click(judging.page.part.rest)
    sent(judging.desk, assessing.REVIEW, (STATION, PROVINCE), {PROVINCE: (HandedState.RECEIVED, "")})
    judging.page.refresh()
    assert "山西省市场监督管理局已收到" in judging.page.part.notes.receipts.text()


def test_a_station_is_told_of_two_versions_of_its_own_sheet(filling, station, ended):
    kept_now = kept(station)
    sheet_at(station, STATION, {"A1": Filled(Answer(option=1))}, kept_now.id)
    filling.refresh()
    ended()
    assert "两个互不包含的版本" in filling.part.notes.doubts.text()
    assert filling.part.notes.doubts.isVisible()


def test_an_empty_list_says_so(tmp_path, page_of):
    with set_up(tmp_path / "province", PROVINCE, person="示例") as desk:
        page = page_of(desk)
        assert "还没有收到 2025 年的自评表" in page.part.all.count.text()
        assert not page.part.all.summary.isEnabled()


@pytest.mark.parametrize("judging", [PROVINCE], indirect=True)
def test_the_province_puts_another_template_in_force(judging, tmp_path, monkeypatch):
    click(judging.page.part.all.template)
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


def test_what_is_typed_while_the_sheet_is_read_stays_where_it_is_typed(filling, station, ended):
    panel = go(filling, "A1")
    panel.note.insertPlainText("打字打到一半")
    filling.part._load()
    panel.note.insertPlainText("，接着写")
    ended()
    now = filling.part.sheet.panel
    assert now.note.toPlainText() == "打字打到一半，接着写"
    now.note.insertPlainText("，写完")
    filling.part.is_unsaved()
    assert assessing.find(station, 2025).sheet.of("A1").note in (
        "打字打到一半，接着写，写完",
        "，写完打字打到一半，接着写",
    )
