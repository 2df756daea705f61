"""The passphrase of the office's keys, kept in memory only, and forgotten when it was not needed for a while."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

_IDLE = 15 * 60_000  # ms


class HeldPassphrase(QObject):
    """Asked once a session; each use lets it stay another quarter of an hour. It is written nowhere."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._idle = QTimer(self, singleShot=True, interval=_IDLE)
        self._idle.timeout.connect(self.forget)

    def text(self) -> str:
        """Return the passphrase, "" if it has to be asked for."""
        if self._text:
            self._idle.start()
        return self._text

    def keep(self, text: str) -> None:
        """Keep a passphrase that was tried."""
        self._text = text
        self._idle.start()

    def forget(self) -> None:
        """Ask for it again next time."""
        self._text = ""
        self._idle.stop()
