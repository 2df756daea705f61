"""One window per data folder: a second start hands its files over to the first and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 1000  # ms
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
        """Give the files to the window that is open already; False if there is none."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE):
            return False
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode("utf-8"))
        done = socket.waitForBytesWritten(_PATIENCE)
        socket.disconnectFromServer()
        return done

    def listen(self) -> None:
        """Be the first; what a killed program left of its name is cleared away."""
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)

    def _on_connected(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._callers.append(socket)
            socket.disconnected.connect(self._hear)  # a lambda would keep this object alive until the socket is deleted
        self._hear()

    def _hear(self) -> None:
        """Listen to the callers that have said all."""
        said_all = [each for each in self._callers if each.state() == QLocalSocket.LocalSocketState.UnconnectedState]
        for socket in said_all:
            self._callers.remove(socket)
            said = bytes(socket.read(_LONGEST).data())
            socket.deleteLater()
            self._take(said)

    def _take(self, said: bytes) -> None:
        try:
            names = json.loads(said.decode("utf-8"))
        except ValueError:
            return
        if isinstance(names, list):
            self.called.emit([Path(name) for name in names if isinstance(name, str)])


def _name(home: Path) -> str:
    return "riskdesk-" + hashlib.sha256(str(home.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:20]
