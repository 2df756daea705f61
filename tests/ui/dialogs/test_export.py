"""Exporting: pages first, then files, then the stick; nothing is overwritten and a failure leaves the dialog open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from ui.dialogs.test_history import seal
from ui.widgets.forms import FULL, RECORD, click

from riskdesk.services import entry
from riskdesk.services.exporting import Format
from riskdesk.ui.dialogs import export
from riskdesk.ui.dialogs.export import ExportDialog


@pytest.fixture
def opened(app, desk, jobs, qtbot, tmp_path):
    """Open the dialog on a period and wait for its pages."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def open_dialog(period="2023-05"):
        dialog = ExportDialog(desk, jobs, period, window)
        dialog.open()
        dialog.folder.setText(str(tmp_path / "报送"))
        qtbot.waitUntil(lambda: dialog.pages._pages > 0, timeout=20_000)
        return dialog

    yield open_dialog
    window.close()


def written(folder):
    return sorted(path.suffix for path in folder.iterdir())


def test_the_pages_are_shown_before_anything_is_written(opened, desk, tmp_path):
    entry.save(desk, RECORD)
    dialog = opened()
    assert dialog.pages._place.text() == "第 1 页，共 1 页"
    assert not dialog._open.isEnabled()
    assert dialog._open.toolTip() == "请先导出"
    assert not (tmp_path / "报送").exists()


def test_the_chosen_formats_are_written_into_the_folder(opened, ended, desk, tmp_path):
    entry.save(desk, RECORD)
    dialog = opened()
    dialog.formats[Format.DOCX].setChecked(True)
    click(dialog._export)
    ended()
    assert written(tmp_path / "报送") == [".docx", ".pdf", ".xlsx"]
    assert "已导出" in dialog._done.text()
    assert dialog._open.isEnabled()
    assert dialog._usb.isEnabled()
    assert dialog.isVisible()


@pytest.mark.parametrize("place", ["folder", "period", "format", "pages"])
def test_enter_exports_wherever_the_focus_is(opened, ended, desk, tmp_path, place):
    entry.save(desk, RECORD)
    dialog = opened()
    places = {"folder": dialog.folder, "period": dialog.period, "pages": dialog.pages._area}
    target = places.get(place, dialog.formats[Format.XLSX])
    QTest.keyPress(target, Qt.Key.Key_Return)  # released where the progress is shown
    ended()
    assert written(tmp_path / "报送") == [".pdf", ".xlsx"]


def test_enter_on_another_button_presses_that_one(opened, desk, tmp_path, qtbot):
    entry.save(desk, RECORD)
    dialog = opened()
    dialog.activateWindow()
    close = next(each for each in dialog.findChildren(QPushButton) if "关闭" in each.text())
    qtbot.waitUntil(dialog.isActiveWindow)
    close.setFocus()
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(close, Qt.Key.Key_Return)
    assert not (tmp_path / "报送").exists()


def test_existing_files_are_not_overwritten(opened, ended, desk, tmp_path):
    entry.save(desk, RECORD)
    dialog = opened()
    dialog.formats[Format.PDF].setChecked(False)
    for _ in range(2):
        click(dialog._export)
        ended()
    names = sorted(path.name for path in (tmp_path / "报送").iterdir())
    assert len(names) == 2
    assert any(name.endswith(" (2).xlsx") for name in names)


def test_without_a_format_nothing_is_written(opened, tmp_path):
    dialog = opened()
    for box in dialog.formats.values():
        box.setChecked(False)
    click(dialog._export)
    assert "格式" in dialog._trouble.text()
    assert not (tmp_path / "报送").exists()


@pytest.mark.parametrize("folder", ["", "   ", "报送", "./报送"])
def test_a_folder_that_is_nowhere_in_particular_is_refused(opened, tmp_path, monkeypatch, folder, jobs):
    monkeypatch.chdir(tmp_path)
    dialog = opened()
    dialog.folder.setText(folder)
    click(dialog._export)
    assert "文件夹" in dialog._trouble.text()
    assert not jobs.is_busy()
    assert list(tmp_path.glob("**/*.xlsx")) == []


def test_a_folder_that_cannot_be_written_to_leaves_the_dialog_open(opened, ended, tmp_path):
    (tmp_path / "file").write_text("no folder")
    dialog = opened()
    dialog.folder.setText(str(tmp_path / "file" / "报送"))
    click(dialog._export)
    ended()
    assert "不是文件夹" in dialog._trouble.text() or "是文件而不是文件夹" in dialog._trouble.text()
    assert dialog.isVisible()
    assert dialog.isEnabled()
    assert not dialog._usb.isEnabled()


def test_records_with_open_problems_are_told_and_can_be_exported(opened, desk):
    entry.save(desk, RECORD.edited(analysis=""))
    assert "有 1 条记录还有提示没有处理。" in opened()._notes.text()


def test_an_empty_period_is_said_to_be_no_nil_report(opened):
    assert "不等于零报告" in opened()._notes.text()


def test_a_sealed_period_is_counted(opened, desk):
    entry.save(desk, FULL)
    seal(desk)
    assert "共 1 条记录" in opened()._notes.text()


def test_another_period_shows_other_pages_and_forgets_what_was_written(opened, ended, desk):
    entry.save(desk, RECORD)
    dialog = opened()
    click(dialog._export)
    ended()
    dialog.period.setCurrentIndex(1)
    assert dialog._done.text() == ""
    assert not dialog._usb.isEnabled()
    ended()
    assert dialog.pages._pages == 1
    assert "空白表" in dialog._notes.text()


def test_files_are_copied_to_the_stick_and_read_back(opened, ended, desk, tmp_path, monkeypatch):
    entry.save(desk, RECORD)
    stick = tmp_path / "U盘"
    stick.mkdir()
    monkeypatch.setattr(export, "removable_drives", lambda: [stick])
    dialog = opened()
    click(dialog._export)
    ended()
    click(dialog._usb)
    ended()
    assert "逐字节读回核对" in dialog._done.text()
    originals = {path.name: path.read_bytes() for path in (tmp_path / "报送").iterdir()}
    assert {path.name: path.read_bytes() for path in stick.iterdir()} == originals


def test_with_no_stick_or_several_the_folder_is_asked_for(opened, ended, desk, tmp_path, monkeypatch):
    entry.save(desk, RECORD)
    monkeypatch.setattr(export, "removable_drives", list)
    answers = [None, tmp_path / "pulled"]
    monkeypatch.setattr(export, "ask_for_folder", lambda _parent, _title: answers.pop(0))
    dialog = opened()
    click(dialog._export)
    ended()
    click(dialog._usb)  # cancelled
    assert dialog.isEnabled()  # nothing is being copied
    click(dialog._usb)  # a stick that was pulled meanwhile
    ended()
    assert "U 盘" in dialog._trouble.text()
    assert dialog.isVisible()


def test_closing_while_pages_are_drawn_is_no_harm(desk, ended, jobs, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    dialog = ExportDialog(desk, jobs, "2023-05", window)
    dialog.open()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    ended()


def test_the_folder_can_be_chosen(opened, tmp_path, monkeypatch):
    dialog = opened()
    monkeypatch.setattr(export, "ask_for_folder", lambda _parent, _title: tmp_path)
    dialog._on_folder_wanted()
    assert dialog.folder.text() == str(tmp_path)
