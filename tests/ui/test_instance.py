"""One window per data folder: the second start hands over and ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from riskdesk.ui.instance import Instance, _name

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from riskdesk.ui.instance import Instance
app = QCoreApplication([])
sys.exit(0 if Instance(Path(sys.argv[1])).hand_over([Path(each) for each in sys.argv[2:]]) else 9)
"""
KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from riskdesk.ui.instance import Instance
app = QCoreApplication([])
Instance(Path(sys.argv[1])).listen()
os._exit(1)
"""


@pytest.fixture
def first(app, tmp_path):
    """The window that is open."""
    instance = Instance(tmp_path)
    instance.listen()
    yield instance
    instance._server.close()


def start(script, *arguments):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], cwd=str(Path(__file__).parents[2]))


def test_a_second_start_hands_its_files_over_and_ends(first, tmp_path, qtbot):
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        second = start(SECOND, tmp_path, tmp_path / "坞城所 5月.xlsx", "beside.docx")
    assert second.wait(20) == 0
    assert called.args == [[tmp_path / "坞城所 5月.xlsx", Path.cwd() / "beside.docx"]]


def test_a_second_start_without_files_calls_the_window_all_the_same(first, tmp_path, qtbot):
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        second = start(SECOND, tmp_path)
    assert second.wait(20) == 0
    assert called.args == [[]]


def test_the_first_start_finds_nobody(app, tmp_path):
    assert not Instance(tmp_path).hand_over([])


def test_another_data_folder_has_a_window_of_its_own(first, tmp_path):
    other = tmp_path / "训练"
    other.mkdir()
    assert not Instance(other).hand_over([])


def test_the_same_folder_by_another_path_is_the_same_window(first, tmp_path, qtbot):
    (tmp_path / "sub").mkdir()
    with qtbot.waitSignal(first.called, timeout=20_000):
        second = start(SECOND, tmp_path / "sub" / "..")
    assert second.wait(20) == 0


def test_the_name_that_a_killed_program_left_is_cleared_away(app, tmp_path, qtbot):
    assert start(KILLED, tmp_path).wait(20) == 1
    again = Instance(tmp_path)
    assert not again.hand_over([])
    again.listen()
    with qtbot.waitSignal(again.called, timeout=20_000):
        second = start(SECOND, tmp_path)
    assert second.wait(20) == 0
    again._server.close()


@pytest.mark.parametrize("said", [b"", b"\xff\xfe", b"{}", b'{"a":1}', b"17", b"{}\n", b"\xff\n", b'["/cut off'])
def test_what_is_no_list_of_files_is_not_listened_to(first, tmp_path, qtbot, said):
    stranger = QLocalSocket()
    stranger.connectToServer(_name(tmp_path))
    assert stranger.waitForConnected(1000)
    stranger.write(said)
    stranger.flush()
    stranger.disconnectFromServer()
    heard = []
    first.called.connect(heard.append)
    with qtbot.waitSignal(first.called, timeout=20_000):
        second = start(SECOND, tmp_path, tmp_path / "a.xlsx")
    assert second.wait(20) == 0
    assert heard == [[tmp_path / "a.xlsx"]]


@pytest.mark.skipif(os.name == "nt", reason="pipes of Windows have no file mode")
def test_only_the_same_user_can_hand_over(first, tmp_path):
    server = first._server
    assert server.socketOptions() == QLocalServer.SocketOption.UserAccessOption
    assert Path(server.fullServerName()).stat().st_mode & 0o077 == 0


def test_who_takes_the_name_and_never_answers_does_not_swallow_the_files(app, tmp_path, qtbot):
    squatter = QLocalServer()
    assert squatter.listen(_name(tmp_path))
    second = start(SECOND, tmp_path, tmp_path / "a.xlsx")
    with qtbot.waitSignal(squatter.newConnection, timeout=20_000):
        pass
    assert second.wait(20) == 9  # and goes on to the lock
    squatter.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has such a folder")
def test_the_socket_lies_in_the_users_own_folder_if_there_is_one(app, tmp_path, monkeypatch, qtbot):
    own = tmp_path / "run"
    own.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own))
    first = Instance(tmp_path)
    first.listen()
    assert first._server.isListening()
    assert Path(first._server.fullServerName()).parent == own
    with qtbot.waitSignal(first.called, timeout=20_000):
        second = start(SECOND, tmp_path)
    assert second.wait(20) == 0
    first._server.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has such a folder")
@pytest.mark.parametrize("folder", ["", "relative", "/no such folder", "/tmp/" + "x" * 100])
def test_a_folder_for_sockets_that_is_of_no_use_is_passed_over(tmp_path, monkeypatch, folder):
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    assert "/" not in _name(tmp_path)
