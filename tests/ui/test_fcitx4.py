"""Chinese input from fcitx 4, against a fake one on a D-Bus daemon of the test's own (Debian package `dbus`)."""

import os
import shutil
import subprocess
import threading

import pytest
from jeepney import DBusAddress, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from riskdesk.ui.fcitx4 import Fcitx4

NAME = "org.fcitx.Fcitx-0"
CONTEXT = "org.fcitx.Fcitx.InputContext"
PATH, MEMBER = 1, 3  # header fields of a D-Bus message


class FakeFcitx:
    """Answers as fcitx does; what it does with a key is set by the test."""

    def __init__(self, address):
        self.calls, self.contexts = [], 0
        self.commit, self.preedit = "", ""  # sent for the next key that is pressed
        self.mute = False
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName(NAME))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self):
        """Go away, as when it crashes."""
        self._over.set()
        self._thread.join(10)
        self._connection.close()

    def called(self, name):
        return [body for each, body in list(self.calls) if each == name]

    def _serve(self):
        while not self._over.is_set():
            try:
                message = self._connection.receive(timeout=0.02)
            except TimeoutError:
                continue
            except ConnectionError:  # the bus is gone
                return
            if message.header.message_type == MessageType.method_call:
                self._answer(message)

    def _answer(self, message):
        name = message.header.fields[MEMBER]
        self.calls.append((name, message.body))
        if name == "CreateICv3":
            self.contexts += 1
            reply = new_method_return(message, "ibuuuu", (self.contexts, True, 0, 0, 0, 0))
        elif message.header.fields[PATH] != f"/inputcontext_{self.contexts}":
            reply = new_error(message, "org.freedesktop.DBus.Error.UnknownObject")
        elif name == "ProcessKeyEvent":
            if self.mute:
                return
            reply = new_method_return(message, "i", (int(self._uses(message.body)),))
        else:
            reply = new_method_return(message)
        self._connection.send(reply)

    def _uses(self, key):
        if key[3] != 0 or not (self.commit or self.preedit):
            return False
        emitter = DBusAddress(f"/inputcontext_{self.contexts}", interface=CONTEXT)
        if self.preedit:
            self._connection.send(
                new_signal(emitter, "UpdatePreedit", "si", (self.preedit, len(self.preedit.encode())))
            )
        if self.commit:
            self._connection.send(new_signal(emitter, "CommitString", "s", (self.commit,)))
        return True


@pytest.fixture
def bus(monkeypatch):
    """The address of a session bus on which nothing runs."""
    program = shutil.which("dbus-daemon")
    assert program, "dbus-daemon is missing: install the package dbus"
    daemon = subprocess.Popen(
        [program, "--session", "--print-address", "--nofork", "--nopidfile"], stdout=subprocess.PIPE, text=True
    )
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("DISPLAY", ":0")
    yield daemon
    daemon.terminate()
    daemon.communicate(timeout=10)


@pytest.fixture
def fcitx(bus, monkeypatch):
    fake = FakeFcitx(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    yield fake
    fake.close()


@pytest.fixture
def edits(app, qtbot):
    """Two lines of a window that has the focus."""
    window = QWidget()
    first, second = QLineEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(first)
    layout.addWidget(second)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    yield first, second
    window.close()


@pytest.fixture
def talking(app, fcitx, edits, qtbot):
    """The program's side, connected."""
    talking = Fcitx4(app)
    qtbot.waitUntil(lambda: bool(fcitx.called("FocusIn")))
    yield talking
    talking.close()
    talking.deleteLater()


def typed(qtbot, edit, text):
    """Wait until a line says something."""
    qtbot.waitUntil(lambda: edit.text() == text, timeout=10_000)


def test_a_key_that_fcitx_uses_is_swallowed_and_its_text_arrives(talking, fcitx, edits, qtbot):
    fcitx.commit = "汉字"
    qtbot.keyClick(edits[0], Qt.Key.Key_H)
    typed(qtbot, edits[0], "汉字")
    qtbot.waitUntil(lambda: not talking._held)
    assert edits[0].text() == "汉字"  # and no h


def test_a_key_that_fcitx_does_not_use_arrives_as_typed(talking, fcitx, edits, qtbot):
    qtbot.keyClicks(edits[0], "ab")
    qtbot.keyClick(edits[0], Qt.Key.Key_Backspace)
    qtbot.keyClick(edits[0], Qt.Key.Key_C)
    typed(qtbot, edits[0], "ac")
    assert len(fcitx.called("ProcessKeyEvent")) >= 4


def test_what_is_being_composed_is_shown_in_the_line_and_is_no_text_yet(talking, fcitx, edits, qtbot):
    fcitx.preedit = "han zi"
    qtbot.keyClick(edits[0], Qt.Key.Key_H)
    qtbot.waitUntil(lambda: not talking._held)
    assert edits[0].text() == ""
    fcitx.preedit, fcitx.commit = "", "汉"
    qtbot.keyClick(edits[0], Qt.Key.Key_Space)
    typed(qtbot, edits[0], "汉")


def test_tab_goes_on_and_fcitx_follows_the_focus(talking, fcitx, edits, qtbot):
    qtbot.keyClick(edits[0], Qt.Key.Key_Tab)
    qtbot.waitUntil(edits[1].hasFocus)
    fcitx.commit = "第二栏"
    qtbot.keyClick(edits[1], Qt.Key.Key_D)
    typed(qtbot, edits[1], "第二栏")
    assert edits[0].text() == ""


def test_fcitx_hears_that_the_program_shows_what_is_composed(talking, fcitx):
    assert fcitx.called("SetCapacity") == [(2,)]


def test_when_fcitx_goes_away_keys_still_arrive(talking, fcitx, edits, qtbot):
    fcitx.close()
    qtbot.keyClicks(edits[0], "abc")
    typed(qtbot, edits[0], "abc")


def test_when_fcitx_hangs_keys_arrive_a_little_later(talking, fcitx, edits, qtbot):
    fcitx.mute = True
    qtbot.keyClicks(edits[0], "abc")
    assert edits[0].text() == ""
    typed(qtbot, edits[0], "abc")


def test_when_fcitx_is_started_again_chinese_can_be_typed_again(talking, fcitx, edits, qtbot, bus):
    fcitx.close()
    qtbot.keyClicks(edits[0], "a")
    typed(qtbot, edits[0], "a")
    again = FakeFcitx(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    try:
        qtbot.waitUntil(lambda: bool(again.called("FocusIn")), timeout=10_000)
        again.commit = "汉字"
        qtbot.keyClick(edits[0], Qt.Key.Key_H)
        typed(qtbot, edits[0], "a汉字")
    finally:
        again.close()


def test_when_the_whole_bus_goes_away_keys_still_arrive(talking, bus, edits, qtbot):
    bus.terminate()
    bus.wait(10)
    qtbot.keyClicks(edits[0], "abc")
    typed(qtbot, edits[0], "abc")


def test_a_line_that_is_gone_when_the_answer_comes_is_no_harm(talking, fcitx, edits, qtbot):
    fcitx.mute = True
    qtbot.keyClick(edits[0], Qt.Key.Key_A)
    edits[0].deleteLater()
    qtbot.waitUntil(lambda: not talking._held, timeout=10_000)
    fcitx.mute = False
    edits[1].setFocus()
    qtbot.keyClick(edits[1], Qt.Key.Key_B)
    typed(qtbot, edits[1], "b")
