"""The hand-off through the window: reporting, taking, answering, from the 所 to the county and back."""

import pytest
from PySide6.QtWidgets import QDialog
from ui.hierarchy import PASSPHRASE, answered, handed_over, reported, taken, took_answer
from ui.widgets.forms import RECORD, click

from riskdesk.services import entry, exporting, handed
from riskdesk.services.exporting import Format
from riskdesk.ui.dialogs import hand_over, receive
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.dialogs.receive import ReceiveDialog
from riskdesk.ui.dialogs.submit import SubmitDialog
from riskdesk.ui.dialogs.unlock import UnlockDialog
from riskdesk.ui.input_methods import Route
from riskdesk.ui.main_window import MainWindow


@pytest.fixture
def window_of(app, jobs, qtbot):
    def show(desk):
        window = MainWindow(desk, jobs, Route.SYSTEM, ["riskdesk"])
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        return window

    return show


@pytest.fixture
def shown(qtbot):
    """Wait for a dialog of a window."""

    def wait(window, kind: type[QDialog]):
        def visible():
            return [each for each in window.findChildren(kind) if each.isVisible()]

        qtbot.waitUntil(lambda: bool(visible()), timeout=30_000)
        return visible()[0]

    return wait


def package_of(files):
    return [each for each in files if each.suffix != ".pdf"]


def test_a_report_goes_from_the_window_below_to_the_window_above_and_its_receipt_comes_back(
    window_of, ended, shown, pair, monkeypatch
):
    entry.save(pair.suo, RECORD)
    below = window_of(pair.suo)
    click(below._pages["workbench"]._submit)
    report = shown(below, SubmitDialog)
    report.target.line.setText(str(pair.way))
    click(report._submit)
    asking = shown(below, UnlockDialog)
    asking.passphrase.setText(PASSPHRASE)
    asking.accept()
    ended()
    ended()
    files = report._written
    report.reject()
    assert [step.done for step in below._counted.steps] == [True, True, True, True, False]

    above = window_of(pair.county)
    assert "坞城所" in above._pages["workbench"]._missing._missing.text()
    above.import_paths(package_of(files))
    asking = shown(above, UnlockDialog)  # it is encrypted
    asking.passphrase.setText(PASSPHRASE)
    asking.accept()
    taking = shown(above, ReceiveDialog)
    click(taking._take)
    ended()
    assert [row.product for row in pair.county.records.every()] == [RECORD.product]
    assert not above._pages["workbench"]._missing._missing.isVisible()
    monkeypatch.setattr(receive, "ask_for_folder", lambda *_given: pair.way / "回执")
    click(taking._answer)
    ended()
    taking.reject()

    below.import_paths(list((pair.way / "回执").iterdir()))
    taking = shown(below, ReceiveDialog)
    click(taking._take)
    ended()
    assert handed.sent(pair.suo)[0].waiting == ()
    assert [step.done for step in below._counted.steps] == [True] * 5


def test_a_returned_record_is_reminded_of_and_opened_from_the_list(window_of, pair, qtbot):
    package, files = reported(pair)
    taken(pair, files)
    [back] = handed.records_of(pair.county, handed.came(pair.county)[0].package)
    receipt = answered(pair, package, {back.object_id: "请补充检验报告"})
    took_answer(pair, receipt)
    window = window_of(pair.suo)
    assert any(each.page == "hand_off" for each in window._reminders)
    window.show_page("hand_off")
    assert window._title.text() == "收发"
    window._pages["hand_off"].returned.activated.emit(window._pages["hand_off"].returned.model().index(0, 0))
    form = window.records.form
    assert form.object_id == back.object_id
    assert form.header.state.text() == "已退回"
    assert form.header.returned.text() == "太原市小店区市场监督管理局退回：请补充检验报告"
    assert form.header.returned.isVisible()
    form.body.binding.fill("content", RECORD.edited(content="补正过的内容，仍然不合格。"))
    form.save()
    form.footer.reason.given.emit("补正")
    assert not form.header.returned.isVisible()


def test_what_came_back_is_one_button_away_from_the_receipt(window_of, ended, shown, pair):
    package, files = reported(pair)
    taken(pair, files)
    [back] = handed.records_of(pair.county, handed.came(pair.county)[0].package)
    window = window_of(pair.suo)
    window._hand_over.bench.held.keep(PASSPHRASE)
    window.import_paths([answered(pair, package, {back.object_id: "请补充检验报告"})])
    dialog = shown(window, ReceiveDialog)
    click(dialog._take)
    ended()
    click(dialog._returned)
    page = window._pages["hand_off"]
    assert window._title.text() == "收发"
    assert page.tabs.currentIndex() == 0
    assert [page.returned.item(0, column).text() for column in (0, 2)] == [RECORD.product, "请补充检验报告"]
    assert page.returned.currentRow() == 0


def test_packages_go_before_forms_that_came_with_them(window_of, ended, shown, pair, tmp_path):
    _, files = reported(pair)
    exported = exporting.export_period(pair.suo, "2023-05", tmp_path / "表", [Format.XLSX]).files
    window = window_of(pair.county)
    window._hand_over.bench.held.keep(PASSPHRASE)
    window.import_paths([*exported, *package_of(files)])
    dialog = shown(window, ReceiveDialog)
    assert not window.findChildren(ImportPreview)
    dialog.reject()
    preview = shown(window, ImportPreview)
    assert preview.isVisible()
    preview.reject()
    ended()


def test_a_file_that_is_no_package_is_shown_as_none(window_of, shown, pair, tmp_path):
    other = tmp_path / "照片.jpg"
    other.write_bytes(b"\xff\xd8\xff nothing of ours")
    window = window_of(pair.county)
    window.import_paths([other])
    dialog = shown(window, ReceiveDialog)
    assert dialog.files.item(0, 1).text() == "不是报送包"


def test_letters_are_written_for_those_that_are_missing(window_of, ended, pair, tmp_path, monkeypatch):
    window = window_of(pair.county)
    panel = window._pages["workbench"]._missing
    assert panel.isVisible()
    assert "未报 1" in panel._counts.text()
    monkeypatch.setattr(hand_over, "ask_for_folder", lambda *_given: tmp_path / "催报")
    click(panel._letters)
    ended()
    [letter] = (tmp_path / "催报").iterdir()
    assert "坞城所" in letter.name


def test_an_office_with_nobody_below_has_no_such_list(window_of, pair):
    window = window_of(pair.suo)
    assert not window._pages["workbench"]._missing.isVisible()


def test_one_lot_of_files_is_decided_before_the_next(window_of, shown, pair):
    _, files = reported(pair)
    window = window_of(pair.county)
    window._hand_over.bench.held.keep(PASSPHRASE)
    window.import_paths(package_of(files))
    dialog = shown(window, ReceiveDialog)
    window.import_paths(package_of(files))
    assert "先处理完" in window._banner.text
    dialog.reject()


def test_all_that_was_reported_stands_in_the_list(window_of, pair):
    entry.save(pair.suo, RECORD)
    handed_over(pair)
    window = window_of(pair.suo)
    window._navigation._buttons["hand_off"].click()
    assert window._pages["hand_off"].sent.rowCount() == 1


def test_forms_that_came_with_a_package_are_shown_though_nobody_gives_the_passphrase(window_of, shown, pair, tmp_path):
    _, files = reported(pair)
    [form] = exporting.export_period(pair.suo, "2023-05", tmp_path, [Format.XLSX]).files
    window = window_of(pair.county)
    window.import_paths([*package_of(files), form])
    shown(window, UnlockDialog).reject()
    preview = shown(window, ImportPreview)
    preview.reject()
    window.import_paths(package_of(files))  # nothing is open any more
    shown(window, UnlockDialog).reject()
