"""The page 专题报告: what is written stays, what is computed is apart from it, and every number leads to its records."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from services.station_year import PRODUCT, STATION, STATION_NAME, typed_in
from ui.hand_over_screens import bench_of
from ui.widgets.forms import RECORD, click, commit

from riskdesk import clock
from riskdesk.domain.blocks import BlockKind
from riskdesk.services import annual, annual_exports, annual_typing, entry
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs.annual_chart import AnnualChartDialog
from riskdesk.ui.dialogs.annual_export import AnnualExportDialog
from riskdesk.ui.dialogs.annual_history import AnnualHistoryDialog
from riskdesk.ui.dialogs.annual_left import AnnualLeftDialog
from riskdesk.ui.dialogs.annual_new import AnnualNewDialog
from riskdesk.ui.dialogs.annual_section import AnnualSectionDialog
from riskdesk.ui.dialogs.annual_words import AnnualWordsDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.pages.annual import AnnualPage

NOW = "2025-12-26T09:00:00"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A station's folder with a year of records and its report."""
    folder = tmp_path_factory.mktemp("station") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", NOW)
        with set_up(folder, STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
            typed_in(desk, 2025)
            annual.new(desk, PRODUCT, 2025)
    return folder


@pytest.fixture
def station(year, tmp_path, monkeypatch):
    """A copy of it that a test may change."""
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    shutil.copytree(year, tmp_path / "station")
    with Desk(tmp_path / "station") as desk:
        yield desk


@pytest.fixture
def page_of(app, jobs, qtbot):
    def show(desk):
        page = AnnualPage(bench_of(desk, jobs))
        qtbot.addWidget(page)
        page.resize(1150, 640)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        return page

    return show


@pytest.fixture
def page(page_of, station):
    return page_of(station)


def kept_in(desk):
    [found] = annual.reports(desk)
    return found


def write(page, code, text):
    """Type into a section as an input method does."""
    page.open_section(code)
    commit(page.text.editor, text)


def opened(page, kind):
    return next(each for each in page.findChildren(kind) if each.isVisible())


def test_an_empty_page_says_how_to_begin(page_of, desk):
    page = page_of(desk)
    assert "点“新建”" in page._empty.text()
    assert page._empty.isVisible()
    assert not page.actions_bar.export.isEnabled()
    assert page.actions_bar.export.toolTip() == "请先新建或选择一份报告"


def test_a_report_is_started_by_product_and_enter(page_of, desk, ended):
    page = page_of(desk)
    click(page.actions_bar.new)
    dialog = opened(page, AnnualNewDialog)
    assert dialog.year.value() == 2023
    dialog.product.setText("儿童滑板车")
    QTest.keyPress(dialog.product, Qt.Key.Key_Return)  # released where the progress is shown
    ended()
    assert kept_in(desk).report.product == "儿童滑板车"
    assert page.editing.version == kept_in(desk)
    assert len(page.tree.outline.codes()) == 16
    assert "2023 年　儿童滑板车" in page.tree.reports.item(0).text()


def test_what_is_counted_can_be_changed_later_and_no_text_is(page, station, ended):
    write(page, "1.1", "滑板车是玩具。")
    click(page.actions_bar.words)
    dialog = opened(page, AnnualWordsDialog)
    dialog.words.setText("滑板车、 玩具，滑板车")
    QTest.keyPress(dialog.words, Qt.Key.Key_Return)
    ended()
    report = kept_in(station).report
    assert report.includes == ("滑板车", "玩具")
    assert report.section("1.1").text == "滑板车是玩具。"
    assert not any("未设关键词" in text for _, text in annual.to_do(report))
    click(page.actions_bar.words)
    assert opened(page, AnnualWordsDialog).words.text() == "滑板车、玩具"


def test_the_newest_report_is_shown_with_its_hint_and_what_is_to_do(page):
    assert page.text.title.text() == "（一）产品简介"
    assert "简明扼要" in page.text.hint.text()
    assert set(page.tree.outline.marks().values()) == {"待填写"}
    assert page.to_do.item(0).text() == "“产品简介”还没有文字。"
    assert page.tabs.tabText(1) == f"待办（{page.to_do.count()}）"


def test_what_is_typed_is_marked_counted_and_saved_as_a_version(page, station, qtbot):
    write(page, "1.1", "滑板车是玩具。\n")
    assert page.tree.outline.marks()["1.1"] == "有文字"
    assert page.text.count.text() == "7 字"
    assert page.to_do.item(0).text() == "“行业概况”还没有文字。"
    with qtbot.waitSignal(page.changed):
        QTest.keyClick(page.text.editor, Qt.Key.Key_S, CONTROL)
    assert kept_in(station).report.section("1.1").text == "滑板车是玩具。\n"
    assert len(annual.versions(station, kept_in(station))) == 2
    assert page.text.state.text() == "已保存 09:00"


def test_leaving_the_page_saves_and_nothing_typed_makes_no_version(page, station):
    assert page.may_leave()
    assert len(annual.versions(station, kept_in(station))) == 1
    write(page, "2.3", "没有召回。")
    assert page.may_leave()
    assert kept_in(station).report.section("2.3").text == "没有召回。"


def test_each_section_keeps_its_own_undo(page):
    write(page, "1.1", "甲")
    write(page, "1.2", "乙")
    page.open_section("1.1")
    QTest.keyClick(page.text.editor, Qt.Key.Key_Z, CONTROL)
    assert page.text.text() == ""
    assert page.editing.report.section("1.2").text == "乙"
    assert not page.text.undo.isEnabled()
    assert page.text.undo.toolTip()
    click(page.text.redo)
    assert page.editing.report.section("1.1").text == "甲"


def test_spaces_that_do_not_break_are_kept_as_typed(page, station):
    write(page, "1.1", "第\u00a0一\u3000段")
    page.may_leave()
    assert kept_in(station).report.section("1.1").text == "第\u00a0一\u3000段"


def test_keys_lead_through_the_sections_and_to_what_is_to_do(page):
    write(page, "1.2", "行业概况。")
    QTest.keyClick(page.text.editor, Qt.Key.Key_PageDown, CONTROL)
    assert page.text.code == "1.3"
    assert page.text.editor.hasFocus()
    QTest.keyClick(page.text.editor, Qt.Key.Key_PageUp, CONTROL)
    assert page.text.code == "1.2"
    page.open_section("1.1")
    QTest.keyClick(page.text.editor, Qt.Key.Key_F8)
    assert page.text.code == "1.3"


def test_a_line_of_the_to_do_list_leads_to_its_section(page):
    page.tabs.setCurrentIndex(1)
    found = page.to_do.findItems("“实施监督抽查”还没有文字。", Qt.MatchFlag.MatchExactly)
    page.to_do.itemActivated.emit(found[0])
    assert page.text.code == "4.1"


def test_computed_parts_stand_apart_with_charts_drawn_by_a_job(page, ended, qtbot):
    page.open_section("2.1")
    kinds = [card.block.kind for card in page.blocks.cards]
    assert kinds == [BlockKind.OVERVIEW, BlockKind.MONTHLY, BlockKind.BATCHES]
    assert page.blocks.cards[0].picture is None
    ended()
    qtbot.waitUntil(lambda: not page.blocks.cards[1].picture.pixmap().isNull())
    picture = page.blocks.cards[1].picture
    assert picture.height() == picture.pixmap().deviceIndependentSize().height()
    drawn = picture.pixmap().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert len({drawn.pixel(x, drawn.height() // 2) for x in range(drawn.width())}) > 1


def test_enter_on_a_row_asks_for_the_records_behind_it(page, qtbot, station):
    page.open_section("2.1")
    card = page.blocks.cards[1]
    card.table.setFocus()
    card.table.choose(2)
    with qtbot.waitSignal(page.blocks.records_wanted) as wanted:
        QTest.keyPress(card.table, Qt.Key.Key_Return)  # released where the records are shown
    title, ids = wanted.args
    assert title == "月度趋势：2025年3月"
    assert {entry.record_of(entry.current(station, each)).period for each in ids} == {"2025-03"}
    assert len(ids) == int(card.table.item(2, 1).text())
    dialog = opened(page, BehindDialog)
    with qtbot.waitSignal(page.record_wanted) as wanted:
        dialog.table.cellActivated.emit(0, 0)
    assert wanted.args[0] in ids


def test_a_chart_is_looked_at_larger(page, ended):
    page.open_section("2.2")
    card = page.blocks.cards[1]
    ended()
    click(card.enlarge)
    ended()
    dialog = opened(page, AnnualChartDialog)
    assert not dialog.view.picture.pixmap().isNull()
    assert dialog.windowTitle() == card.block.chart.title


def test_a_part_that_is_not_to_be_printed_is_left_out_and_typing_survives_it(page, station):
    write(page, "2.1", "全年情况。")
    page.blocks.cards[0].printed.click()
    section = kept_in(station).report.section("2.1")
    assert section.left_out == (BlockKind.OVERVIEW,)
    assert section.text == "全年情况。"
    page.blocks.cards[0].printed.click()
    assert kept_in(station).report.section("2.1").left_out == ()


def test_refreshing_counts_anew_and_leaves_the_text_alone(page, station, ended):
    write(page, "2.1", "　　手写的文字，\n不能变。")
    entry.save(station, RECORD.edited(period="2025-06"))
    before = page.blocks.cards[0].block
    click(page.actions_bar.update_blocks)
    ended()
    report = kept_in(station).report
    assert report.section("2.1").text == "　　手写的文字，\n不能变。"
    assert page.blocks.cards[0].block == report.section("2.1").blocks[0] != before
    assert page.text.text() == "　　手写的文字，\n不能变。"


def test_versions_without_other_texts_say_what_else_changed(page):
    page.open_section("2.1")
    page.blocks.cards[0].printed.click()
    click(page.actions_bar.history)
    dialog = opened(page, AnnualHistoryDialog)
    assert dialog.table.item(0, 3).text() == "文字没有改动，更新了统计或打印的内容"
    assert "打印哪些统计有改动" in dialog.changes.toPlainText()


def test_sections_are_added_only_where_the_notice_allows_it(page, station):
    page.open_section("1.1")
    assert not page.tree.add.isEnabled()
    assert not page.tree.delete.isEnabled()
    page.open_section("4.2")
    click(page.tree.add)
    dialog = opened(page, AnnualSectionDialog)
    QTest.keyClick(dialog.title, Qt.Key.Key_Return)
    assert dialog.trouble.text() == "请填写新增小节的标题。"
    dialog.title.setText("加强消费提示")
    QTest.keyClick(dialog.title, Qt.Key.Key_Return)
    assert page.text.title.text() == "（四）加强消费提示"
    write(page, "4.4", "开展宣传。")
    click(page.tree.delete)
    box = opened(page, QMessageBox)
    click(box.button(QMessageBox.StandardButton.Yes))
    assert "4.4" not in page.tree.outline.codes()
    assert page.text.code == "1.1"
    assert any(
        "开展宣传。" in section.text
        for version in annual.versions(station, kept_in(station))
        for section in version.report.sections
    )


def test_a_kill_loses_nothing_that_was_typed(page_of, station, qtbot):
    first = page_of(station)
    with qtbot.waitSignal(first.editing.kept):  # nobody saves or leaves
        write(first, "1.1", "写到一半的")
        write(first, "1.1", "简介")
    first.hide()
    again = page_of(station)
    assert "有未保存的文字" in again.tree.reports.item(0).text()
    assert again.actions_bar.see_left.isVisible()
    click(again.actions_bar.see_left)
    dialog = opened(again, AnnualLeftDialog)
    assert "写到一半的简介" in dialog.changes.toPlainText()
    click(dialog.take)
    assert again.text.text() == "写到一半的简介"
    assert kept_in(station).report.section("1.1").text == "写到一半的简介"
    assert not again.actions_bar.see_left.isVisible()


def test_what_a_kill_left_waits_while_other_text_is_typed(page_of, station):
    kept = kept_in(station)
    annual_typing.journal(station, "earlier", kept.id, kept.revision).type({"1.1": "早先的"}, clock.now())
    page = page_of(station)
    write(page, "1.2", "现在的")
    page.may_leave()
    [left] = page.editing.left()
    assert dict(left.texts) == {"1.1": "早先的"}
    click(page.actions_bar.see_left)
    dialog = opened(page, AnnualLeftDialog)
    click(dialog.drop)
    assert page.editing.left()
    click(dialog.drop)
    assert not page.editing.left()
    assert kept_in(station).report.section("1.1").text == ""


def test_typing_goes_on_when_the_report_was_changed_elsewhere(page, station):
    write(page, "1.1", "这里写的")
    annual.write(station, kept_in(station).id, {"1.2": "别处写的"})
    page.refresh()
    assert page.may_leave()
    report = kept_in(station).report
    assert (report.section("1.1").text, report.section("1.2").text) == ("这里写的", "别处写的")


def test_another_report_is_opened_after_the_first_was_saved(page, station):
    other = annual.new(station, "电热毯", 2024)
    write(page, "1.1", "第一份")
    page.refresh()
    page.open_report(other.id)
    assert page.text.text() == ""
    assert "电热毯" in page.actions_bar.title.text()
    assert annual.find(station, PRODUCT, 2025).report.section("1.1").text == "第一份"


def test_an_old_version_is_compared_and_restored(page, station):
    write(page, "1.1", "旧的简介")
    page.may_leave()
    write(page, "1.1", "，后来加的")
    click(page.actions_bar.history)
    dialog = opened(page, AnnualHistoryDialog)
    assert "后来加的" in dialog.changes.toPlainText()
    dialog.table.choose(1)
    click(dialog.restore)
    assert page.text.text() == "旧的简介"
    assert kept_in(station).report.section("1.1").text == "旧的简介"
    assert len(annual.versions(station, kept_in(station))) == 4


def test_what_is_typed_is_exported_too(page, ended, tmp_path):
    write(page, "1.1", "要导出的简介")
    click(page.actions_bar.export)
    dialog = opened(page, AnnualExportDialog)
    dialog.formats["pdf"].setChecked(False)
    dialog.target.line.setText(str(tmp_path / "报送"))
    assert not annual_exports.is_exported(page._desk, kept_in(page._desk).report.year)
    click(dialog.export)
    ended()
    [made] = (tmp_path / "报送").iterdir()
    assert made.suffix == ".docx"
    assert made.name in dialog.done_text.text()
    assert annual_exports.is_exported(page._desk, kept_in(page._desk).report.year)


def test_a_save_that_is_refused_is_told_and_the_text_stays(page, station):
    write(page, "1.1", "没有地方可存")
    now = kept_in(station)
    page.editing._version = type(now)("0190", now.revision, now.author, now.at, now.report)
    assert not page.may_leave()
    assert "重新选择报告" in page.trouble.text()
    assert page.text.text() == "没有地方可存"


def test_no_button_that_cannot_be_pressed_is_silent(page):
    page.open_section("1.1")
    buttons = [each for each in page.findChildren(QPushButton) if each.isVisible() and not each.isEnabled()]
    assert buttons
    assert all(each.toolTip() for each in buttons)
