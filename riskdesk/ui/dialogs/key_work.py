"""What all dialogs share that do something with the office's keys and write a file for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import keyring
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.signers import holding_signer
from riskdesk.ui import theme
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.working import run_with_progress

Work = Callable[[Desk, Keys, str], str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the dialog says: its title, what it is for, its button with an icon, and what the passphrase is needed for."""

    title: str
    about: str
    button: str
    icon: str
    why: str


class KeyWork(QDialog):
    """Closes when the work has succeeded, with `done(sentence)`; `work` makes it from what is filled in, or raises `UserError`."""

    def __init__(
        self, bench: Bench, words: Words, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.title)
        self._bench, self._words, self._done = bench, words, done
        self.target = TargetFolder(bench.folder)
        self.form, self.below = QFormLayout(), QVBoxLayout()
        self._trouble = told(name="err")
        self._go = button(words.button, icon=words.icon, kind="primary")
        self._go.setDefault(True)
        self._cancel = button("取消(&C)")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        about = QLabel(words.about, wordWrap=True)
        about.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(about)
        layout.addLayout(self.form)
        layout.addLayout(self.below)
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        self._go.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self.setMinimumWidth(theme.letter(self) * 100)

    def work(self) -> Work:
        """Return what is to be done."""
        raise NotImplementedError

    def open(self) -> None:
        """Qt override: begin in the first of what is to be filled in, which the buttons come after."""
        last = (self._cancel, self._go)
        inside = [each for each in self.findChildren(QWidget) if each.window() is self and each not in last]
        parts = [each for each in inside if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise((*parts, *last)):
            self.setTabOrder(before, after)
        if parts:
            parts[0].setFocus()
        super().open()

    def add_folder(self) -> None:
        """Ask for the folder that is written to."""
        self.add_line("写到(&D)", self.target, self.target.line)

    def add_line(self, title: str, part: QWidget, buddy: QWidget | None = None) -> None:
        """Add an edit with its label."""
        label = QLabel(title)
        label.setBuddy(buddy or part)
        self.form.addRow(label, part)

    def accept(self) -> None:
        """Do it, once the passphrase is there."""
        self._trouble.clear()
        try:
            work = self.work()
        except UserError as error:
            self._refuse(error)
            return
        with_passphrase(self, self._bench, self._words.why, lambda text: self._start(work, text))

    def _start(self, work: Work, passphrase: str) -> None:
        home, reference = self._bench.desk.home, self._bench.desk.reference

        def run(_progress: Progress) -> str:
            with Desk(home, reference) as desk:
                return work(desk, keyring.unlock(desk, passphrase, holding_signer(desk)), passphrase)

        title = self._words.title
        run_with_progress(self, self._bench.jobs, title, work=run, done=self._on_ended, failed=self._refuse)

    def _on_ended(self, sentence: str) -> None:
        super().accept()
        self._done(sentence)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))


def written(file: Path) -> str:
    """Return the sentence about a file that was written."""
    return f"已写出 {file.name} 到 {file.parent}。"
