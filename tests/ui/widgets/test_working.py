"""Work behind a dialog: whoever began it stays until it has ended, and hears how."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from riskdesk.ui.jobs import Job
from riskdesk.ui.widgets.working import Working, run_with_progress


class Asking(QDialog):
    """A dialog that begins work and closes when it is done."""

    def __init__(self, jobs, work, parent):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.edit = QLineEdit()
        QVBoxLayout(self).addWidget(self.edit)
        self.told = []
        self._jobs, self._work = jobs, work

    def begin(self):
        run_with_progress(self, self._jobs, "导入", work=self._work, done=self.heard, failed=self.heard)

    def heard(self, what):
        self.told.append((what, self.isVisible(), self.isEnabled()))
        self.edit.setText(str(what))


@pytest.fixture
def held():
    """Lets the work end."""
    return threading.Event()


@pytest.fixture
def asking(qtbot, jobs, held):
    """A dialog whose work has begun and does not end before `held` is set."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def work(_progress):
        held.wait(20)
        return 7

    dialog = Asking(jobs, work, window)
    dialog.open()
    dialog.begin()
    yield dialog
    held.set()


def deliver_deletions():
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("leave", ["close", "escape"])
def test_a_dialog_that_is_left_at_once_stays_until_its_work_has_ended(qtbot, jobs, asking, held, leave):
    told = asking.told
    if leave == "close":
        assert not asking.close()
    else:
        pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(asking, pressed)
    deliver_deletions()
    assert asking.isVisible()
    held.set()
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)
    assert told == [(7, True, True)]
    assert asking.close()


def test_a_dialog_that_closed_itself_all_the_same_hears_the_end_and_goes_then(qtbot, jobs, asking, held):
    told = asking.told
    asking.reject()
    deliver_deletions()
    held.set()
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)
    assert told == [(7, True, True)]  # it is shown again: there is something to be told
    with qtbot.waitSignal(asking.destroyed):
        asking.close()


def test_nothing_is_told_to_a_dialog_that_is_gone(qtbot, jobs, asking, held):
    told = asking.told
    asking.deleteLater()
    deliver_deletions()
    held.set()
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)
    assert told == []


def test_the_button_says_that_it_is_stopping(qtbot, app):
    window = QWidget()
    qtbot.addWidget(window)
    job = Job(lambda _progress: None, print)
    shown = Working("导入", job, window)
    shown.reject()
    assert job.stopped.is_set()
    assert not shown._stop.isEnabled()
    assert shown._stop.toolTip() == "正在停止"
