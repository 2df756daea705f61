"""Notifications outside the window: once a day, the first in full, and a click that leads to its page."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from riskdesk.services.reminders import Reminder
from riskdesk.ui.icons import program_icon
from riskdesk.ui.tray import Tray

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
LATE = Reminder("late:2023-04", "4月期已经过期", "请尽快报送。", urgent=True, page="workbench")
BACKUP = Reminder("backup", "7天没有备份", "请备份。", urgent=False, page="settings")


@pytest.fixture
def bubbles(monkeypatch):
    """What the desktop was asked to show; there is none here."""
    shown = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, *given: shown.append(given[:3]))
    return shown


@pytest.fixture
def tray(app, bubbles):
    parent = QObject()
    tray = Tray(program_icon(), parent)
    yield tray
    tray.hide()
    parent.deleteLater()


def test_the_first_reminder_is_told_in_full_and_the_others_are_counted(tray, bubbles):
    tray.remind([LATE, BACKUP], "2023-05-25")
    [(title, text, kind)] = bubbles
    assert title == "4月期已经过期"
    assert text == "请尽快报送。\n另有 1 条提醒"
    assert kind == QSystemTrayIcon.MessageIcon.Warning


def test_a_reminder_is_told_once_a_day(tray, bubbles):
    for _ in range(3):
        tray.remind([LATE], "2023-05-25")
    assert len(bubbles) == 1
    tray.remind([LATE], "2023-05-26")
    assert len(bubbles) == 2


def test_a_new_reminder_is_told_beside_one_that_was_told_before(tray, bubbles):
    tray.remind([LATE], "2023-05-25")
    tray.remind([LATE, BACKUP], "2023-05-25")
    assert [title for title, _text, _kind in bubbles] == ["4月期已经过期", "7天没有备份"]
    assert bubbles[1][2] == QSystemTrayIcon.MessageIcon.Information


def test_a_click_on_the_bubble_leads_to_its_page(tray, bubbles, qtbot):
    tray.remind([BACKUP], "2023-05-25")
    with qtbot.waitSignal(tray.wanted) as wanted:
        tray._tray.messageClicked.emit()
    assert wanted.args == ["settings"]


def test_a_click_on_the_icon_asks_for_the_window(tray, qtbot):
    with qtbot.waitSignal(tray.wanted) as wanted:
        tray._tray.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert wanted.args == [""]
    with qtbot.assertNotEmitted(tray.wanted):
        tray._tray.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_the_menu_opens_the_window_and_ends_the_program(tray, qtbot):
    opening, leaving = tray._tray.contextMenu().actions()
    with qtbot.waitSignal(tray.wanted):
        opening.trigger()
    with qtbot.waitSignal(tray.quit_wanted):
        leaving.trigger()


def test_without_a_tray_nothing_is_shown_and_nothing_counts_as_told(app, bubbles, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    parent = QObject()
    tray = Tray(program_icon(), parent)
    tray.remind([LATE], "2023-05-25")
    assert bubbles == []
    tray._tray.show()  # the tray has come up since
    tray.remind([LATE], "2023-05-25")
    assert len(bubbles) == 1
    tray.hide()
    parent.deleteLater()
