"""Asking for the passphrase of the office's keys, once for all that follows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import keyring
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.working import run_with_progress


def with_passphrase(
    parent: QWidget,
    bench: Bench,
    why: str,
    then: Callable[[str], object],
    otherwise: Callable[[], object] | None = None,
) -> None:
    """Call `then(passphrase)`, at once if it is known, or `otherwise()` if nobody gives it; `why` says what it is needed for."""
    if text := bench.held.text():
        then(text)
        return
    dialog = UnlockDialog(bench, why, then, parent)
    if otherwise is not None:
        dialog.rejected.connect(otherwise)
    dialog.open()


class UnlockDialog(QDialog):
    """Tries the passphrase before anything is begun with it."""

    def __init__(
        self,
        bench: Bench,
        why: str,
        then: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("输入密钥口令")
        self._bench, self._desk, self._jobs, self._then = bench, bench.desk, bench.jobs, then
        self.passphrase = named(QLineEdit(), "密钥口令")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._trouble = told(name="err")
        self._go = button("确定(&O)", icon="lock", kind="primary")
        self._go.setDefault(True)
        cancel = button("取消(&C)")
        label = QLabel("密钥口令(&P)")
        label.setBuddy(self.passphrase)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(QLabel(why, wordWrap=True))
        layout.addWidget(label)
        layout.addWidget(self.passphrase)
        layout.addWidget(told("口令只留在内存中，15 分钟不用就会忘记，不会写到任何地方。", "muted"))
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        self._go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.setMinimumWidth(theme.letter(self) * 60)
        self.passphrase.setFocus()

    def accept(self) -> None:
        """Try the passphrase."""
        text = self.passphrase.text()
        if not text:
            self._trouble.setText("请输入密钥口令。")
            return
        self._trouble.clear()
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> str:
            with Desk(home, reference) as desk:
                keyring.unlock(desk, text)
            return text

        run_with_progress(self, self._jobs, "打开密钥", work=work, done=self._on_opened, failed=self._refuse)

    def _on_opened(self, text: str) -> None:
        self._bench.held.keep(text)
        super().accept()
        self._then(text)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
            self.passphrase.selectAll()
            self.passphrase.setFocus()
