"""Starting: one program per data folder, what the last run left, and how trouble at the start is told."""

import logging
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLabel, QMessageBox
from shiboken6 import isValid

from riskdesk import paths
from riskdesk.domain.records import Record, record_to_body
from riskdesk.errors import UserError
from riskdesk.services import entry
from riskdesk.services.desk import DATA_FILE, Desk, occupied
from riskdesk.services.preferences import keep, preferences
from riskdesk.store import projection
from riskdesk.store.backup import newest_backup
from riskdesk.store.journal import unsaved
from riskdesk.ui.app import Program
from riskdesk.ui.dialogs import lost_folder
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.lost_folder import LostFolderDialog
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.input_methods import Route
from riskdesk.ui.widgets.working import Working

TYPED = Record("2023-05", content="打了一半的内容，")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No test writes a note into the real user's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))


@pytest.fixture
def own_log(monkeypatch):
    """What a test logs into its data folder ends with it."""
    monkeypatch.setattr(logging.getLogger("riskdesk"), "handlers", [])


@pytest.fixture
def program(app, request):
    """The program with the input method of the system."""
    request.getfixturevalue("own_log")
    with running(app, Route.SYSTEM) as program:
        yield program


@contextmanager
def running(app, route):
    """A program whose window is gone before its data folder is closed, as when somebody quits."""
    with ExitStack() as stack:
        program = Program(app, route, stack)
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


def test_the_usual_folder_without_data_asks_whose_it_is(program):
    program.begin(paths.data_home(), [])
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


def type_and_be_killed(home, *texts):
    with Desk(home) as desk:
        for number, text in enumerate(texts):
            journal = entry.journal(desk, f"f{number}")
            journal.type(record_to_body(Record("2023-05", content=text)), entry.clock.now())
            journal.flush()


def listed(window):
    """The open list of what was not saved."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    [dialog] = window.findChildren(UnfinishedDialog)
    return dialog


def test_after_one_text_came_back_the_others_are_a_click_away_until_all_are_decided(program, home, qtbot):
    type_and_be_killed(home, "第一份打了一半", "第二份打了一半", "第三份打了一半")
    window = begun(program, home, qtbot)
    listed(window).resume.click()
    assert window.records.form.record().content == "第一份打了一半"
    assert window._banner.text == "还有 2 份上次没有保存的内容没有处理。"
    assert window._banner._go.text() == "查看"
    window._banner._go.click()
    assert listed(window).table.rowCount() == 2
    listed(window).later.click()
    window._banner._close.click()  # 知道了: the way stays in the status bar
    window._unsaved.click()
    for _ in "23":
        listed(window).drop.click()
        listed(window).drop.click()
    assert not window._unsaved.isVisible()
    assert "没有保存" not in window._banner.text
    with Desk(home) as desk:
        assert [each.body["content"] for each in unsaved(desk.journals)] == ["第一份打了一半"]
    window.records.form.discard()


def test_what_is_put_off_at_the_start_is_a_click_away(program, home, qtbot):
    type_and_be_killed(home, "打了一半")
    window = begun(program, home, qtbot)
    assert not window._unsaved.isVisible()
    listed(window).later.click()
    assert window._unsaved.isVisible()
    window._unsaved.click()
    listed(window).resume.click()
    assert not window._unsaved.isVisible()
    assert window.records.form.record().content == "打了一半"
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


def test_a_folder_named_by_a_shortcut_that_is_gone_is_asked_for_and_the_usual_one_stays_the_usual_one(
    program, home, tmp_path, qtbot, monkeypatch
):
    usual = paths.data_home()
    monkeypatch.setattr(lost_folder, "ask_for_folder", lambda _parent, _title: home)
    program.begin(tmp_path / "没插的U盘" / "数据", [])
    assert isinstance(program._dialog, LostFolderDialog)
    assert "由快捷方式或启动命令指定" in told_by(program._dialog)
    program._dialog.choose.click()
    backed_up(program, home, qtbot)
    assert paths.data_home() == usual


def test_a_folder_named_by_the_environment_that_is_gone_is_asked_for(program, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_HOME", str(tmp_path / "没插的U盘"))
    program.begin(paths.data_home(), [])
    assert f"{tmp_path / '没插的U盘'}（由环境变量 RISKDESK_HOME 指定）" in told_by(program._dialog)
    program._dialog.begin.click()
    assert isinstance(program._dialog, FirstStartDialog)


def test_a_portable_folder_that_is_gone_is_asked_for_and_a_new_one_is_not(program, home, tmp_path, qtbot, monkeypatch):
    (tmp_path / "U盘").mkdir()
    (tmp_path / "U盘" / "riskdesk.portable").touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "U盘" / "riskdesk"))
    beside = tmp_path / "U盘" / "riskdesk-data"
    assert paths.origin(beside) is paths.Origin.USUAL
    home.rename(beside)
    begun(program, beside, qtbot)
    beside.rename(home)
    again = Program(program._app, Route.SYSTEM, program._stack)
    again.begin(paths.data_home(), [])
    assert f"{beside}（在便携版程序旁边）" in told_by(again._dialog)
    again._dialog.reject()


def told_by(dialog):
    return "\n".join(each.text() for each in dialog.findChildren(QLabel))


@pytest.fixture
def earlier(home, monkeypatch):
    """The data folder as an earlier version left it, with enough records for several steps."""
    with Desk(home) as desk:
        for number in range(5):
            entry.save(desk, Record("2023-05", product=f"头盔{number}", content=f"第{number}批头盔外壳开裂。"))
    monkeypatch.setattr(projection, "VERSION", "later")
    monkeypatch.setattr(projection, "_AT_ONCE", 2)
    return home


def test_data_of_an_earlier_version_is_upgraded_behind_a_window_that_says_how_far_it_is(
    program, earlier, qtbot, monkeypatch
):
    shown = []
    real = Working.progressed

    def watched(self, *given):
        real(self, *given)
        shown.append((self.isVisible(), self._told.text()))

    monkeypatch.setattr(Working, "progressed", watched)
    program.begin(earlier, [])
    assert program._dialog.windowTitle() == "正在升级数据"
    assert program._dialog.isVisible()
    assert program._window is None
    window = backed_up(program, earlier, qtbot)
    assert window.isVisible()
    assert (True, "正在升级数据：2 / 5 条记录") in shown
    with Desk(earlier) as desk:
        assert projection.is_current(desk.store.connection)


def test_an_upgrade_that_is_cancelled_ends_the_program_and_leaves_the_data_as_it_was(
    program, earlier, qtbot, monkeypatch
):
    quits, asked, project = [], threading.Event(), projection.project
    monkeypatch.setattr(projection, "project", lambda *given: asked.wait(20) and project(*given))
    monkeypatch.setattr(program, "_app", SimpleNamespace(quit=lambda: quits.append(1)))
    before = (earlier / DATA_FILE).read_bytes()
    program.begin(earlier, [])
    program._dialog.reject()
    asked.set()
    qtbot.waitUntil(lambda: quits == [1])
    assert program._window is None
    assert (earlier / DATA_FILE).read_bytes() == before


def test_about_tells_that_the_input_method_cannot_be_reached(app, home, qtbot, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nobody")
    with running(app, Route.FCITX4) as program:
        window = begun(program, home, qtbot)
        window.show_page("about")
        assert "输入法 none" in window._pages["about"].told_environment()


def test_a_data_file_that_another_program_holds_does_not_freeze_the_window(program, home, qtbot):
    window = begun(program, home, qtbot)
    with Desk(home) as other, other.store.write("", "hold"):
        began = time.monotonic()
        with pytest.raises(UserError, match="另一个程序"):
            keep(window._desk, preferences(window._desk))
        assert time.monotonic() - began < 3


def test_whoever_begins_can_go_on_to_the_keys_at_once(program, qtbot):
    program.begin(paths.data_home(), [])
    first = program._dialog
    first.offices.search.setText("小店区")
    qtbot.keyClick(first.offices.search, Qt.Key.Key_Return)
    first.person.setText("张三")
    first.secrets.setChecked(True)
    first.keys.setChecked(True)
    first.accept()
    window = backed_up(program, paths.data_home(), qtbot)
    [keys] = window.findChildren(MakeKeysDialog)
    assert keys.isVisible()
    keys.reject()
