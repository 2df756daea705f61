"""What the window does with packages: 上报, 接收, 催报函, and the passphrase that they share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import PassphraseError
from riskdesk.services import keyring, taking
from riskdesk.services.desk import Desk
from riskdesk.services.letters import write_letters
from riskdesk.services.taking import Seen
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog
from riskdesk.ui.dialogs.receive import Arrived, ReceiveDialog
from riskdesk.ui.dialogs.submit import SubmitDialog
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.held_passphrase import HeldPassphrase
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.working import run_with_progress

_ENCRYPTED = "包是加密的，要用本单位的密钥打开。"


class HandOver(QObject):
    """Opens its dialogs on the window.

    Signals: `changed()` – something was written; `refused(error)`; `told(text)`; `done()` – the dialog of what came is closed;
    `returned_wanted(id)` – the records that came back of a report of ours are to be shown.
    """

    changed = Signal()
    refused = Signal(object)
    told = Signal(str)
    done = Signal()
    returned_wanted = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._jobs, self._window = desk, jobs, window
        self._is_open = False
        self.bench = Bench(desk, jobs, HeldPassphrase(self))

    def is_open(self) -> bool:
        """Tell whether something that came is verified or waits for a decision."""
        return self._is_open

    def submit(self, period: str) -> None:
        """Hand a period on."""
        SubmitDialog(self.bench, period, self.changed.emit, self._window).open()

    def make_keys(self) -> None:
        """Make the office's keys."""
        MakeKeysDialog(self.bench, self.changed.emit, self._window).open()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Look at packages and volumes, and show what taking them would do."""
        self._is_open = True
        self._look(tuple(paths), self.bench.held.text())

    def _finish(self) -> None:
        self._is_open = False
        self.done.emit()

    def write_letters(self, period: str) -> None:
        """Write letters to the offices that have not reported."""
        folder = ask_for_folder(self._window, "选择存放催报函的文件夹")
        if folder is None:
            return
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> tuple[Path, ...]:
            with Desk(home, reference) as desk:
                return write_letters(desk, period, folder)

        def done(files: tuple[Path, ...]) -> None:
            self.told.emit(f"已写出 {len(files)} 份催报函到 {folder}。")

        run_with_progress(self._window, self._jobs, "写催报函", work=work, done=done, failed=self.refused.emit)

    def _look(self, paths: tuple[Path, ...], passphrase: str) -> None:
        home, reference = self._desk.home, self._desk.reference

        def work(progress: Progress) -> Seen:
            with Desk(home, reference) as desk:
                keys = keyring.unlock(desk, passphrase) if passphrase else None
                return taking.look_at(desk, paths, keys, progress)

        def failed(error: Exception) -> None:
            if isinstance(error, PassphraseError) and not passphrase and keyring.has_keys(self._desk):
                again = partial(self._look, paths)
                with_passphrase(self._window, self.bench, _ENCRYPTED, again, self._finish)
            else:
                self.refused.emit(error)
                self._finish()

        run_with_progress(
            self._window,
            self._jobs,
            "核验收到的文件",
            work=work,
            done=lambda seen: self._show(Arrived(paths, seen, passphrase)),
            failed=failed,
        )

    def _show(self, arrived: Arrived) -> None:
        dialog = ReceiveDialog(self.bench, arrived, self.changed.emit, self._window)
        dialog.finished.connect(lambda _result: self._finish())
        dialog.returned_wanted.connect(self.returned_wanted)
        dialog.open()
