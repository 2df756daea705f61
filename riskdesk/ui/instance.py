"""One window per data folder: a second start hands its files over to the first and ends.

The second ends only when the first has answered, and listens to nobody but this user: else another user of the machine could
take the name and swallow what is handed over. Without an answer the lock of the data folder decides.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 1000  # ms
_ANSWER_WITHIN = 2000  # ms
_ANSWER = b"ok\n"
_LONGEST_NAME = 100  # bytes of a socket's path, of the 108 that Linux takes
_LONGEST = 1 << 20  # bytes of one message


class Instance(QObject):
    """The first start listens; `called(paths)` says that a second start handed files over (maybe none)."""

    called = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = _name(home)
        self._callers: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Give the files to the window that is open already; False if there is none, or none that answers."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE) or not _is_own(socket.fullServerName()):
            return False
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode("utf-8") + b"\n")
        socket.waitForBytesWritten(_PATIENCE)
        socket.waitForReadyRead(_ANSWER_WITHIN)
        answered = bytes(socket.readAll().data()) == _ANSWER
        socket.disconnectFromServer()
        return answered

    def listen(self) -> None:
        """Be the first; what a killed program left of its name is cleared away."""
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)

    def _on_connected(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._callers.append(socket)
            socket.readyRead.connect(self._hear)  # a lambda would keep this object alive until the socket is deleted
            socket.disconnected.connect(self._hear)
        self._hear()

    def _hear(self) -> None:
        """Listen to the callers that have said a whole line, and answer; forget those that left or never come to an end."""
        for socket in list(self._callers):
            gone = socket.state() == QLocalSocket.LocalSocketState.UnconnectedState
            if not (socket.canReadLine() or gone or socket.bytesAvailable() > _LONGEST):
                continue
            self._callers.remove(socket)
            said = bytes(socket.readLine(_LONGEST).data())
            if said.endswith(b"\n"):
                socket.write(_ANSWER)
                socket.flush()
                self._take(said)
            socket.disconnectFromServer()
            socket.deleteLater()

    def _take(self, said: bytes) -> None:
        try:
            names = json.loads(said.decode("utf-8"))
        except ValueError:
            return
        if isinstance(names, list):
            self.called.emit([Path(name) for name in names if isinstance(name, str)])


def _name(home: Path) -> str:
    """Return the socket's name: in the folder that only this user can write to, if the system has one."""
    name = "riskdesk-" + hashlib.sha256(str(home.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:20]
    own = os.environ.get("XDG_RUNTIME_DIR", "") if sys.platform.startswith("linux") else ""
    path = str(Path(own) / name)
    usable = Path(own).is_absolute() and Path(own).is_dir() and len(os.fsencode(path)) <= _LONGEST_NAME
    return path if usable else name


def _is_own(socket: str) -> bool:
    """Tell whether the socket is this user's; pipes of Windows are asked for their user by Qt."""
    if sys.platform == "win32":
        return True
    try:
        return Path(socket).stat().st_uid == os.getuid()
    except OSError:
        return False
