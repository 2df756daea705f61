"""Starting: one program per data folder, what the last run left, and how trouble at the start is told."""

import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMessageBox
from shiboken6 import isValid

from riskdesk import paths
from riskdesk.domain.records import Record, record_to_body
from riskdesk.errors import UserError
from riskdesk.services import entry
from riskdesk.services.desk import DATA_FILE, Desk, occupied
from riskdesk.services.preferences import keep, preferences
from riskdesk.store.backup import newest_backup
from riskdesk.store.journal import unsaved
from riskdesk.ui.app import Program
from riskdesk.ui.dialogs import lost_folder
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.lost_folder import LostFolderDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.input_methods import Route

TYPED = Record("2023-05", content="打了一半的内容，")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No test writes a note into the real user's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))


@pytest.fixture
def program(app):
    """The program; its window is gone before its data folder is closed, as when somebody quits."""
    with ExitStack() as stack:
        program = Program(app, Route.SYSTEM, stack)
        yield program
        for shown in (program._window, program._dialog):
            if shown is not None and isValid(shown):
                shown.hide()
                shown.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    program.deleteLater()


def begun(program, home, qtbot):
    program.begin(home, [])
    return backed_up(program, home, qtbot)


def backed_up(program, home, qtbot):
    """The window, after everything that the start queued."""
    qtbot.waitUntil(lambda: not program._jobs.is_busy() and newest_backup(home / "backups") is not None, timeout=10_000)
    return program._window


def test_a_data_folder_is_opened_and_backed_up_once_a_day(program, home, qtbot):
    window = begun(program, home, qtbot)
    assert window.isVisible()
    assert "上次备份　05-25 09:00" in window._state.text()


def test_a_folder_without_data_asks_whose_it_is(program, tmp_path):
    program.begin(tmp_path / "新", [])
    assert isinstance(program._dialog, FirstStartDialog)
    assert program._dialog.isVisible()


def test_a_data_folder_in_use_is_refused_with_a_sentence(program, home, qtbot):
    with occupied(home):
        program.begin(home, [])
    assert isinstance(program._dialog, QMessageBox)
    assert "正在使用" in program._dialog.text() or "另一个" in program._dialog.text()


@pytest.mark.may_log
def test_a_damaged_data_file_is_told_and_not_touched(program, home):
    (home / DATA_FILE).write_bytes(b"no database at all" * 400)
    program.begin(home, [])
    assert isinstance(program._dialog, QMessageBox)
    assert (home / DATA_FILE).read_bytes().startswith(b"no database")


def test_what_a_killed_run_left_is_offered_and_comes_back_into_the_form(program, home, qtbot):
    with Desk(home) as desk:
        journal = entry.journal(desk, "f1")
        journal.type(record_to_body(TYPED), entry.clock.now())
        journal.flush()
    window = begun(program, home, qtbot)
    dialog = window.findChild(UnfinishedDialog)
    dialog.resume.click()
    assert window.records.form.record().content == TYPED.content
    window.records.form.discard()


def test_nobody_is_asked_when_everything_was_saved(program, home, qtbot):
    assert begun(program, home, qtbot).findChild(UnfinishedDialog) is None


def test_a_bug_keeps_the_typing_is_told_once_and_again_at_the_next_start(program, home, qtbot):
    window = begun(program, home, qtbot)
    window._new_record()
    window.records.form.body.binding.fill("content", TYPED)
    program._on_crashed("Traceback: …")
    assert window.findChild(CrashReportDialog).isVisible()
    assert (home / "logs" / "last-bug.txt").read_text("utf-8") == "Traceback: …"
    with Desk(home) as desk:
        assert [each.body["content"] for each in unsaved(desk.journals)] == [TYPED.content]
    program._tell_of_last_bug(window)
    assert "上次运行时程序内部出错" in window._banner.text
    window.records.form.discard()


def test_copies_also_go_to_the_places_that_are_plugged_in(program, home, qtbot, tmp_path):
    stick = tmp_path / "U盘"
    stick.mkdir()
    with Desk(home) as desk:
        keep(desk, replace(preferences(desk), backup_places=(str(stick), str(tmp_path / "没插"))))
    begun(program, home, qtbot)
    assert newest_backup(stick) is not None
    assert not (tmp_path / "没插").exists()


def test_notes_for_support_that_cannot_be_moved_keep_nobody_from_the_typing(program, home, qtbot):
    with Desk(home) as desk:
        journal = entry.journal(desk, "f1")
        journal.type(record_to_body(TYPED), entry.clock.now())
        journal.flush()
    (home / "logs" / "last-bug.old.txt").mkdir(parents=True)  # so that the note cannot be moved there
    (home / "logs" / "last-bug.txt").write_text("Traceback", "utf-8")
    (home / "logs" / "faults.txt").mkdir()
    window = begun(program, home, qtbot)
    assert window.findChild(UnfinishedDialog).isVisible()
    assert "上次运行时程序内部出错" in window._banner.text


def test_a_log_folder_that_cannot_be_made_keeps_nobody_from_working(program, home, qtbot):
    (home / "logs").write_text("in the way", "utf-8")
    assert begun(program, home, qtbot).isVisible()


def test_a_bug_is_told_even_when_no_note_of_it_can_be_written(program, home, qtbot):
    window = begun(program, home, qtbot)
    (home / "logs" / "last-bug.txt").mkdir()
    program._on_crashed("Traceback: …")
    assert window.findChild(CrashReportDialog).isVisible()


def test_what_the_user_can_mend_is_told_across_the_window(program, home, qtbot):
    window = begun(program, home, qtbot)
    program._on_told("磁盘空间不足。")
    assert window._banner.text == "磁盘空间不足。"
    assert window.findChild(CrashReportDialog) is None


def test_what_the_user_can_mend_is_told_before_there_is_a_window(program):
    program._on_told("磁盘空间不足。")
    assert program._dialog.text() == "磁盘空间不足。"


@pytest.fixture
def gone(home, tmp_path):
    """A data folder on a stick that was pulled out, and where it is really."""
    stick = tmp_path / "U盘" / "数据"
    paths.remember_data_home(stick)
    return stick


def test_a_data_folder_that_is_gone_is_asked_for_and_no_second_one_is_begun(program, home, gone, qtbot):
    program.begin(paths.data_home(), [])
    lost = program._dialog
    assert isinstance(lost, LostFolderDialog)
    lost.retry.click()
    assert "还是找不到" in lost.trouble
    gone.parent.mkdir()
    home.rename(gone)
    lost.retry.click()
    backed_up(program, gone, qtbot)
    assert not home.exists()


def test_a_data_folder_that_was_moved_is_chosen_and_remembered(program, home, gone, qtbot, monkeypatch):
    monkeypatch.setattr(lost_folder, "ask_for_folder", lambda _parent, _title: home)
    program.begin(paths.data_home(), [])
    program._dialog.choose.click()
    backed_up(program, home, qtbot)
    assert paths.data_home() == home


def test_an_empty_folder_in_its_place_asks_whose_it_is(program, gone, tmp_path, monkeypatch):
    (tmp_path / "新").mkdir()
    monkeypatch.setattr(lost_folder, "ask_for_folder", lambda _parent, _title: tmp_path / "新")
    program.begin(paths.data_home(), [])
    program._dialog.choose.click()
    assert isinstance(program._dialog, FirstStartDialog)


def test_about_tells_that_the_input_method_cannot_be_reached(app, home, qtbot, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nobody")
    with ExitStack() as stack:
        program = Program(app, Route.FCITX4, stack)
        window = begun(program, home, qtbot)
        qtbot.addWidget(window)
        window.show_page("about")
        assert "输入法 none" in window._pages["about"].told_environment()


def test_a_data_file_that_another_program_holds_does_not_freeze_the_window(program, home, qtbot):
    window = begun(program, home, qtbot)
    with Desk(home) as other, other.store.write("", "hold"):
        began = time.monotonic()
        with pytest.raises(UserError, match="另一个程序"):
            keep(window._desk, preferences(window._desk))
        assert time.monotonic() - began < 3
