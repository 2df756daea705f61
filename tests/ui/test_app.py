"""Starting: one program per data folder, what the last run left, and how trouble at the start is told."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMessageBox

from riskdesk.domain.records import Record, record_to_body
from riskdesk.services import entry
from riskdesk.services.desk import DATA_FILE, Desk, occupied
from riskdesk.services.preferences import keep, preferences
from riskdesk.store.backup import newest_backup
from riskdesk.store.journal import unsaved
from riskdesk.ui.app import Program
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.input_methods import Route

TYPED = Record("2023-05", content="打了一半的内容，")


@pytest.fixture
def program(app, qtbot):
    with ExitStack() as stack:
        program = Program(app, Route.SYSTEM, stack)
        yield program
        for shown in (program._window, program._dialog):
            if shown is not None:
                qtbot.addWidget(shown)


def begun(program, home, qtbot):
    program.begin(home, [])
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
