"""What nobody caught is logged, shown once for each kind, and the program goes on."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel

from riskdesk.errors import FileFaultError
from riskdesk.ui.crash import CrashHook

pytestmark = [pytest.mark.may_log, pytest.mark.qt_no_exception_capture]


class Shown(QObject):
    """What would be shown in dialogs, and on which thread."""

    def __init__(self):
        super().__init__()
        self.details = []
        self.threads = set()

        self.sentences = []

    def tell(self, sentence):
        self.sentences.append(sentence)

    def show(self, details):
        self.details.append(details)
        self.threads.add(threading.get_ident())


@pytest.fixture
def shown(app):
    shown = Shown()
    hook = CrashHook(shown.show, shown.tell)
    yield shown
    hook.release()


def fail(number=0):
    raise RuntimeError(f"bug {number}")


def rounds(qtbot, shown, count=1):
    qtbot.waitUntil(lambda: len(shown.details) >= count)
    with qtbot.waitSignal(after_everything(shown), timeout=5000):
        pass


def after_everything(parent):
    """What times out once all events that are queued now have been dealt with."""
    timer = QTimer(parent, singleShot=True, interval=0)
    timer.start()
    return timer.timeout


def test_an_error_in_a_slot_is_shown_with_its_details_and_logged(shown, qtbot, caplog):
    QTimer.singleShot(0, fail)
    rounds(qtbot, shown)
    [details] = shown.details
    assert "RuntimeError: bug 0" in details
    assert "in fail" in details
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]


def test_the_same_kind_from_the_same_line_is_shown_once(shown, qtbot):
    for number in range(5):
        QTimer.singleShot(0, lambda number=number: fail(number))
    rounds(qtbot, shown)
    assert len(shown.details) == 1
    QTimer.singleShot(0, lambda: {}["no such key"])
    rounds(qtbot, shown, 2)
    assert len(shown.details) == 2


def test_an_error_on_another_thread_is_shown_on_the_ui_thread(shown, qtbot):
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join(10)
    assert shown.details == []  # not from that thread
    rounds(qtbot, shown)
    assert shown.threads == {threading.get_ident()}


def refuse():
    raise FileFaultError("磁盘空间不足。")


def test_what_the_user_can_mend_is_told_every_time_by_its_sentence_and_is_no_bug(shown, qtbot, caplog):
    for _ in range(2):
        QTimer.singleShot(0, refuse)
    qtbot.waitUntil(lambda: len(shown.sentences) == 2)
    assert shown.sentences == ["磁盘空间不足。"] * 2
    assert shown.details == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


class BadPaint(QLabel):
    """Fails at every painting, and notes what was shown by then."""

    def __init__(self, shown):
        super().__init__("x")
        self.shown, self.seen = shown, []

    def paintEvent(self, event):
        try:
            fail()
        except RuntimeError:
            sys.excepthook(*sys.exc_info())  # as PySide does on the way out
            self.seen.append(len(self.shown.details))
            raise


def test_an_error_while_painting_is_shown_once_and_after_the_painting(shown, qtbot):
    bad = BadPaint(shown)
    qtbot.addWidget(bad)
    bad.show()
    qtbot.waitUntil(lambda: len(bad.seen) == 1)
    assert bad.seen[0] == 0
    bad.update()
    qtbot.waitUntil(lambda: len(bad.seen) == 2)
    bad.hide()
    rounds(qtbot, shown)
    assert {details.count("in fail") for details in shown.details} == {1}
    assert len(shown.details) == 1


def test_stopping_the_program_by_key_is_no_bug(shown, capfd):
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert shown.details == []
    assert "KeyboardInterrupt" in capfd.readouterr().err


def test_the_hooks_are_given_back(app):
    before = sys.excepthook, threading.excepthook
    hook = CrashHook(lambda _details: None, lambda _sentence: None)
    assert sys.excepthook != before[0]
    hook.release()
    assert (sys.excepthook, threading.excepthook) == before
