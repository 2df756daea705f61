"""The first start: from nothing to a data folder, or a sentence that says what is missing."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from ui.widgets.forms import click

from riskdesk import paths
from riskdesk.services import overview
from riskdesk.services.desk import DATA_FILE, Desk
from riskdesk.services.preferences import preferences
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs import first_start
from riskdesk.ui.dialogs.first_start import FirstStartDialog


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No test writes a note into the real user's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))


@pytest.fixture
def started():
    """The folders that the program went on with."""
    return []


@pytest.fixture
def opened(app, qtbot, tmp_path, started):
    """Open the dialog for a folder."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def open_dialog(home=tmp_path / "数据"):
        dialog = FirstStartDialog(home, started.append, window)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.offices.search.hasFocus)
        return dialog

    yield open_dialog
    window.close()


def choose(qtbot, dialog, typed):
    """Type into the search and settle it by Enter."""
    qtbot.keyClicks(dialog.offices.search, typed)
    qtbot.keyClick(dialog.offices.search, Qt.Key.Key_Return)


def fill(qtbot, dialog, office="xdq"):
    choose(qtbot, dialog, office)
    dialog.person.setText("张三")
    dialog.phone.setText("0351-0000000")
    dialog.secrets.setChecked(True)


def test_the_office_is_found_by_pinyin_and_enter_goes_on_to_the_person(opened, qtbot):
    dialog = opened()
    choose(qtbot, dialog, "xdq")
    assert dialog.offices.code() == "140105-JU"
    assert "小店区" in dialog._chosen.text()
    qtbot.waitUntil(dialog.person.hasFocus)


def test_the_office_is_found_by_name_and_by_code(opened, qtbot):
    dialog = opened()
    dialog.offices.search.setText("迎泽")
    qtbot.keyClick(dialog.offices.search, Qt.Key.Key_Return)
    assert dialog.offices.code() == "140106-JU"
    dialog.offices.search.clear()
    choose(qtbot, dialog, "140105")
    assert dialog.offices.code().startswith("140105")


def test_what_is_nowhere_chooses_nothing(opened, qtbot):
    dialog = opened()
    choose(qtbot, dialog, "qqqqqq")
    assert dialog.offices.code() == ""
    assert dialog._chosen.text() == "还没有选择单位"
    assert "没有找到“qqqqqq”" in dialog.offices.trouble
    assert dialog.offices.search.hasFocus()


def test_what_is_found_after_all_takes_the_word_back(opened, qtbot):
    dialog = opened()
    choose(qtbot, dialog, "qqqqqq")
    dialog.offices.search.clear()
    choose(qtbot, dialog, "xdq")
    assert dialog.offices.trouble == ""


def test_enter_goes_on_from_the_person_to_the_telephone(opened, qtbot, started):
    dialog = opened()
    dialog.person.setFocus()
    qtbot.keyClick(dialog.person, Qt.Key.Key_Return)
    assert dialog.phone.hasFocus()
    assert started == []


def test_what_is_missing_is_not_said_any_more_once_it_is_there(opened, qtbot):
    dialog = opened()
    choose(qtbot, dialog, "xdq")
    dialog.accept()
    assert "填报人" in dialog._trouble.text()
    dialog.phone.setText("0351")
    assert dialog._trouble.text()
    dialog.person.setText("张")
    assert dialog._trouble.text() == ""
    dialog.accept()
    assert "保密" in dialog._trouble.text()
    dialog.secrets.setChecked(True)
    assert dialog._trouble.text() == ""


def test_a_filled_in_dialog_makes_the_data_folder_and_goes_on(opened, qtbot, started, tmp_path):
    dialog = opened()
    fill(qtbot, dialog)
    with qtbot.waitSignal(dialog.accepted):
        click(dialog._start)
    assert started == [tmp_path / "数据"]
    with Desk(started[0]) as desk:
        assert (desk.office.code, desk.office.person, desk.office.phone) == ("140105-JU", "张三", "0351-0000000")
    assert paths.data_home() == tmp_path / "数据"  # and the next start finds it


def test_what_is_missing_is_told_one_by_one_with_the_focus_on_it(opened, qtbot, started):
    dialog = opened()
    for told, field, remedy in (
        ("选择本单位", dialog.offices.search, lambda: choose(qtbot, dialog, "xdq")),
        ("填报人", dialog.person, lambda: dialog.person.setText("张三")),
        ("保密", dialog.secrets, lambda: dialog.secrets.setChecked(True)),
    ):
        dialog.accept()
        assert told in dialog._trouble.text()
        assert field.hasFocus()
        assert dialog.isVisible()
        remedy()
    dialog.accept()
    assert len(started) == 1


def test_a_suo_needs_a_number_and_reports_to_its_county(opened, qtbot, started):
    dialog = opened()
    fill(qtbot, dialog)
    dialog.suo.setText("坞城所")
    dialog.accept()
    assert "编号" in dialog._trouble.text()
    assert dialog.number.hasFocus()
    dialog.number.setText("1")
    assert "坞城所（报送至" in dialog._chosen.text()
    dialog.accept()
    with Desk(started[0]) as desk:
        assert (desk.office.code, desk.office.name, desk.office.parent) == ("140105-S01", "坞城所", "140105-JU")
        assert desk.office.level == "suo"


def test_a_suo_is_not_put_under_a_city(opened, qtbot, started):
    dialog = opened()
    fill(qtbot, dialog)
    dialog.offices.search.clear()
    dialog.offices._filter()
    dialog.offices.choose("140100-JU")
    dialog.suo.setText("坞城所")
    dialog.number.setText("01")
    dialog.accept()
    assert "县（区）局" in dialog._trouble.text()
    assert started == []


def test_the_training_folder_needs_nothing_filled_in(opened, qtbot, started, tmp_path):
    dialog = opened()
    click(dialog._training)
    assert started == [tmp_path / "数据-训练"]
    with Desk(started[0]) as desk:
        assert preferences(desk).training
        assert overview.listed(desk)
    assert not (tmp_path / "数据" / DATA_FILE).exists()


def test_a_folder_that_has_data_is_opened_as_it_is_and_asks_for_nothing(opened, qtbot, started, tmp_path, monkeypatch):
    old = tmp_path / "旧数据"
    set_up(old, "140106-JU", person="王五").close()
    monkeypatch.setattr(first_start, "ask_for_folder", lambda _parent, _title: old)
    dialog = opened()
    dialog._on_folder_wanted()
    assert "已有数据" in dialog._folder.text()
    dialog.accept()
    assert started == [old]
    with Desk(old) as desk:
        assert (desk.office.code, desk.office.person) == ("140106-JU", "王五")


def test_a_folder_with_other_files_gets_a_folder_inside(opened, tmp_path, monkeypatch):
    full = tmp_path / "文档"
    full.mkdir()
    (full / "别的.txt").write_text("x")
    monkeypatch.setattr(first_start, "ask_for_folder", lambda _parent, _title: full)
    dialog = opened()
    dialog._on_folder_wanted()
    assert dialog._folder.text() == str(full / "riskdesk-data")


def test_a_folder_that_cannot_be_written_to_keeps_the_dialog_open(opened, qtbot, started, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    dialog = opened(blocked / "数据")
    fill(qtbot, dialog)
    dialog.accept()
    assert dialog._trouble.text().startswith("没有建立：")
    assert dialog.isVisible()
    assert dialog.person.text() == "张三"
    assert started == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the rights of folders bind neither Windows nor root")
def test_a_read_only_folder_keeps_the_dialog_open(opened, qtbot, started, tmp_path):
    blocked = tmp_path / "readonly"
    blocked.mkdir(mode=0o500)
    dialog = opened(blocked / "数据")
    fill(qtbot, dialog)
    dialog.accept()
    assert dialog._trouble.text().startswith("没有建立：")
    assert started == []


def test_leaving_makes_nothing(opened, qtbot, started, tmp_path):
    dialog = opened()
    with qtbot.waitSignal(dialog.rejected):
        dialog.reject()
    assert started == []
    assert not (tmp_path / "数据").exists()


def test_starting_at_login_is_offered_and_done_only_when_wanted(qtbot, opened, started, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = tmp_path / "config" / "autostart" / "riskdesk.desktop"
    dialog = opened()
    fill(qtbot, dialog)
    assert not dialog.login.isChecked()
    dialog.login.setChecked(True)
    dialog.accept()
    assert started
    assert str(started[0]) in entry.read_text("utf-8")
