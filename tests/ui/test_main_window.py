"""The main window: pages, what leads from one to the other, and what is kept when somebody leaves."""

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from ui.widgets.forms import seal

from riskdesk import clock
from riskdesk.domain.records import Record
from riskdesk.services import entry, upkeep
from riskdesk.services.listing import Filter
from riskdesk.services.overview import RecordState
from riskdesk.ui import main_window, theme
from riskdesk.ui.dialogs.export import ExportDialog
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.dialogs.leaving import LeavingQuestion
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Job
from riskdesk.ui.main_window import MainWindow

HELMET = Record("2023-05", product="电动自行车头盔", content="抽检3批次，1批次冲击吸收性能不合格。", key_codes=("K1",))
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.fixture
def window(app, desk, jobs, qtbot):
    window = MainWindow(desk, jobs, Route.SYSTEM, ["riskdesk"])
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    return window


def settled(qtbot):
    """Let everything happen that was put off until the window is idle."""
    done = []
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, lambda: done.append(True)))
    qtbot.waitUntil(lambda: bool(done))


def dialog_of(window, kind):
    return next(each for each in window.findChildren(kind) if each.isVisible())


def test_it_opens_on_the_workbench_and_says_whose_data_it_shows(window, desk):
    assert window.windowTitle().endswith("太原市小店区市场监督管理局")
    assert window._title.text() == "工作台"
    assert str(desk.home) in window._state.text()


def test_every_page_can_be_reached_by_its_button(window):
    for name, title in (("records", "风险信息"), ("settings", "设置"), ("about", "关于"), ("workbench", "工作台")):
        window._navigation._buttons[name].click()
        assert window._title.text() == title


def test_an_urgent_record_on_the_workbench_leads_to_its_form(window, desk):
    saved = entry.save(desk, HELMET)
    window.refresh()
    page = window._pages["workbench"]
    page.record_wanted.emit(saved.object_id)
    assert window._title.text() == "风险信息"
    assert window.records.form.object_id == saved.object_id


def test_the_count_of_unchecked_records_leads_to_exactly_those(window, desk):
    entry.save(desk, HELMET)
    window.refresh()
    page = window._pages["workbench"]
    page._unchecked.activated.emit()
    assert window.records.filters.filter() == Filter(period="2023-05", state=RecordState.UNCHECKED)
    assert window.records.model.rowCount() == 1


def test_status_bar_workbench_and_reminders_tell_of_one_and_the_same_count(window, desk, monkeypatch):
    counts = []
    real = main_window.workbench
    monkeypatch.setattr(main_window, "workbench", lambda desk: counts.append(desk) or real(desk))
    entry.save(desk, HELMET)
    upkeep.back_up(desk)
    window.refresh()
    assert len(counts) == 1
    assert "上次备份　05-25 09:00" in window._state.text()
    page = window._pages["workbench"]
    assert page._entered.accessibleName().startswith("本期已录入 1")
    assert page._shown.last_backup == clock.now()
    for name in ("records", "workbench"):
        window.show_page(name)
    assert len(counts) == 1


def test_an_overdue_yearly_report_is_told_across_the_window_until_it_is_dismissed(window, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2024-01-05T09:00:00")
    window.refresh()
    assert any(each.id == "annual:2023" and each.urgent for each in window._reminders)
    window._pages["workbench"].dismiss_wanted.emit("annual:2023")
    assert not any(each.id == "annual:2023" for each in window._reminders)
    assert "年度报告" not in window._banner.text


def test_ctrl_n_opens_an_empty_form_on_every_page(window, desk, qtbot):
    entry.save(desk, HELMET)
    for page in ("workbench", "settings", "records"):
        window.show_page(page)
        if page == "records":
            window.records.open_record(window.records.table.id_at(0))
            assert window.records.form.object_id
        window.activateWindow()
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert window._title.text() == "风险信息"
        assert window.records.form.object_id == ""


def test_a_new_record_wanted_on_another_page_stays_new_after_the_list_got_the_focus(window, desk, qtbot):
    entry.save(desk, HELMET)
    window.refresh()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert window.records.form.object_id == ""
    window.records.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    assert window.records.form.body.blocks["product"].has(window.focusWidget())
    assert entry.current(desk, window.records.table.id_at(0)).body["product"] == HELMET.product


def test_a_record_wanted_on_another_page_is_not_replaced_by_the_first_of_the_list(window, desk, qtbot):
    wanted = entry.save(desk, HELMET)
    entry.save(desk, HELMET.edited(product="爬行垫"))
    window.refresh()
    window.activateWindow()
    window._open_record(wanted.object_id)
    settled(qtbot)
    assert window.records.form.object_id == wanted.object_id


def test_the_keys_of_the_records_page_work_from_the_menu_at_the_left(window, desk, qtbot):
    entry.save(desk, HELMET)
    window.show_page("records")
    window._navigation._buttons["records"].setFocus()
    QTest.keyClick(window._navigation._buttons["records"], Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.records.filters.search.hasFocus()


def test_over_the_due_date_the_next_period_is_reported(window, desk, monkeypatch):
    window.show_page("records")
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T09:00:00")
    window._minutes.timeout.emit()
    assert window.records.form.record().period == "2023-06"
    assert window.records.filters.filter().period == "2023-06"


def test_what_is_typed_and_cannot_be_saved_keeps_the_page_open(window):
    window._new_record()
    window.records.form.body.binding.fill("content", Record("2023-05", content="没有产品名称的内容"))
    window.show_page("settings")
    assert window._title.text() == "风险信息"
    assert "涉及产品" in window.records.form.footer.message


def test_a_block_on_the_clipboard_is_shown_before_it_becomes_records(window, desk, qtbot):
    QGuiApplication.clipboard().setText("头盔\t3\t太原市\t外壳开裂，缓冲层缺失。\t无\t抽查\t消费者投诉、举报的\r\n")
    window.show_page("records")
    window.paste()
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ImportPreview)))
    assert desk.records.every() == []
    dialog_of(window, ImportPreview).reject()


def test_a_file_dropped_on_the_window_is_read_and_previewed(window, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(SAMPLES / "坞城所5月报送表.xlsx"))])
    window.dropEvent(
        QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ImportPreview)), timeout=20_000)
    dialog_of(window, ImportPreview).reject()


def test_a_file_that_is_no_form_is_refused_with_a_sentence_across_the_window(window, tmp_path, qtbot):
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    window.import_paths([bad])
    qtbot.waitUntil(lambda: "坏.xlsx" in window._banner.text, timeout=20_000)
    window._banner._close.click()
    assert "今天截止" in window._banner.text  # what was told before stands there again


def test_a_folder_and_a_missing_file_among_those_dropped_keep_no_other_out(window, tmp_path, qtbot):
    window.import_paths([tmp_path, SAMPLES / "坞城所5月报送表.xlsx", tmp_path / "没有.xlsx"])
    assert "是文件夹" in window._banner.text
    assert "找不到" in window._banner.text
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(ImportPreview)), timeout=20_000)
    dialog_of(window, ImportPreview).reject()


def test_exporting_shows_the_pages_before_anything_is_written(window, desk, qtbot):
    entry.save(desk, HELMET)
    window.export("2023-05")
    dialog = dialog_of(window, ExportDialog)
    qtbot.waitUntil(lambda: dialog.pages._pages == 1, timeout=20_000)
    dialog.reject()


def test_closing_keeps_what_cannot_be_saved_on_the_screen(window):
    window._new_record()
    window.records.form.body.binding.fill("content", Record("2023-05", content="没有产品名称的内容"))
    assert not window.close()
    window.records.form.discard()
    assert window.close()


def sealed_and_changed(window, desk):
    """Open a sealed record in the window and type into it by accident."""
    step = entry.save(desk, HELMET)
    seal(desk)
    window.show_page("records")
    window.records.open_record(step.object_id)
    window.records.form.body.printed.content.setPlainText("误改的内容。")
    return step.object_id


WAYS = {
    "page": lambda window, _: window.show_page("workbench"),
    "ctrl_n": lambda window, _: QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier),
    "record": lambda window, other: window.records.open_record(other),
    "close": lambda window, _: window.close(),
}
LEFT = {
    "page": lambda window, _: window._title.text() == "工作台",
    "ctrl_n": lambda window, _: window.records.form.object_id == "",
    "record": lambda window, other: window.records.form.object_id == other,
    "close": lambda window, _: not window.isVisible(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_sealed_record_changed_by_accident_is_left_by_giving_the_change_up(window, desk, qtbot, way):
    other = entry.save(desk, HELMET.edited(product="插座")).object_id
    object_id = sealed_and_changed(window, desk)
    WAYS[way](window, other)
    question = dialog_of(window, LeavingQuestion)
    assert not LEFT[way](window, other)
    assert "更正" in question.text()
    question.go_on.click()
    assert window.records.form.body.printed.content.toPlainText() == "误改的内容。"
    assert not LEFT[way](window, other)
    WAYS[way](window, other)
    dialog_of(window, LeavingQuestion).give_up.click()
    qtbot.waitUntil(lambda: LEFT[way](window, other))
    assert len(entry.history(desk, object_id)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_sealed_record_changed_on_purpose_is_left_once_the_reason_is_given(window, desk, qtbot, way):
    other = entry.save(desk, HELMET.edited(product="插座")).object_id
    object_id = sealed_and_changed(window, desk)
    WAYS[way](window, other)
    dialog_of(window, LeavingQuestion).explain.click()
    reason = window.records.form.footer.reason
    assert reason.isVisible()
    reason.edit.setText("笔误")
    reason.confirm.click()
    qtbot.waitUntil(lambda: LEFT[way](window, other))
    assert entry.current(desk, object_id).reason == "笔误"


def test_closing_while_something_works_asks_it_to_stop_and_closes_when_it_has(window, jobs, qtbot):
    began = threading.Event()

    def work(progress):
        while True:
            began.set()
            time.sleep(0.005)
            progress(0, 0)

    jobs.start(Job(work, lambda _result: None))
    assert began.wait(5)
    assert not window.close()
    assert window.isVisible()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not jobs.is_busy()


@pytest.mark.parametrize("name", ["workbench", "records", "hand_off", "settings", "about"])
def test_large_letters_fit_a_small_screen(app, window, name):
    theme.apply(app, "light", 14)
    window.show_page(name)
    assert window.minimumSizeHint().width() <= 1366
    assert window.width() == 1366
