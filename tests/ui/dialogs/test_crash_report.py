"""What is told after a bug."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from ui.widgets.forms import click

from riskdesk import __version__
from riskdesk.ui.dialogs.crash_report import CrashReportDialog

DETAILS = 'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: <b>&</b>'


@pytest.fixture
def dialog(app, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    dialog = CrashReportDialog(DETAILS, Path("日志"), window)
    dialog.open()
    yield dialog
    window.close()


def button_of(dialog, start):
    return next(each for each in dialog.findChildren(QPushButton) if each.text().startswith(start))


def test_it_says_in_words_that_the_typing_is_safe_and_where_the_log_lies(dialog):
    told = "".join(each.text() for each in dialog.findChildren(QLabel))
    assert "不会丢失" in told
    assert "日志文件夹：日志" in told
    assert "ValueError" not in told


def test_details_are_folded_away_until_asked_for(dialog):
    assert not dialog.details.isVisible()
    click(button_of(dialog, "显示"))
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText().endswith("ValueError: <b>&</b>")
    click(button_of(dialog, "显示"))
    assert not dialog.details.isVisible()


def test_details_are_copied_with_the_version(dialog):
    click(button_of(dialog, "复制"))
    assert QGuiApplication.clipboard().text() == f"riskdesk {__version__}\n{DETAILS}"


def test_it_closes_and_the_program_goes_on(dialog, qtbot):
    with qtbot.waitSignal(dialog.finished):
        dialog.reject()
