"""Writing a report that is sealed once more: onto another stick, encrypted, split for mail."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import Cancelled, UserError
from riskdesk.services import handing_over, keyring
from riskdesk.services.desk import Desk
from riskdesk.services.handed import Sent
from riskdesk.services.handing_over import HandedOver, Way
from riskdesk.ui import theme
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.volumes import volume_choice
from riskdesk.ui.widgets.watermark import mark_training
from riskdesk.ui.widgets.working import run_with_progress


class WriteAgainDialog(QDialog):
    """Stays open to show what was written."""

    def __init__(self, bench: Bench, sent: Sent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("再次写出报送包")
        self._bench, self._desk, self._jobs, self._sent = bench, bench.desk, bench.jobs, sent
        self.target = TargetFolder(bench.folder)
        self.encrypt = QCheckBox("加密，只有收件单位能打开(&E)")
        self.encrypt.setChecked(True)
        self.volume = volume_choice()
        self._done = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        self._write = button("写出(&W)", icon="export", kind="primary")
        self._open = button("打开文件夹(&O)", icon="folder")
        self._close = button("关闭(&C)")
        self._written: HandedOver | None = None
        folder, volume = QLabel("写到(&D)"), QLabel("分卷(&V)")
        folder.setBuddy(self.target.line)
        volume.setBuddy(self.volume)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for each in (self._open, self._close, self._write):
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        package = sent.package
        layout.addWidget(
            told(
                f"{package.period} 期第 {package.number} 次，报送至 {'、'.join(sent.receivers)}；内容与封存时完全相同。",
                "muted",
            )
        )
        for part in (folder, self.target, self.encrypt, volume, self.volume, self._done, self._trouble):
            layout.addWidget(part)
        layout.addLayout(foot)
        self._open.hide()
        self._write.setDefault(True)
        self._write.clicked.connect(self._on_write)
        self._open.clicked.connect(self._on_open)
        self._close.clicked.connect(self.reject)
        self.setMinimumWidth(theme.letter(self) * 90)
        mark_training(self._desk, self)

    def _on_write(self) -> None:
        self._trouble.clear()
        try:
            way = Way(self.target.folder(), encrypt=self.encrypt.isChecked(), volume=int(self.volume.currentData()))
        except UserError as error:
            self._refuse(error)
            return
        why = "写出后要用本单位的密钥读回核验。"
        with_passphrase(self, self._bench, why, lambda text: self._start(way, text))

    def _start(self, way: Way, passphrase: str) -> None:
        home, reference, package = self._desk.home, self._desk.reference, self._sent.package

        def work(progress: Progress) -> HandedOver:
            with Desk(home, reference) as desk:
                return handing_over.hand_over(desk, keyring.unlock(desk, passphrase), package, way, progress)

        run_with_progress(self, self._jobs, "写出", work=work, done=self._on_written, failed=self._refuse)

    def _on_written(self, result: HandedOver) -> None:
        self._written = result
        names = "\n".join(each.name for each in result.files)
        self._done.setText(
            "\n".join((f"已写出、读回，签名核验无误：\n{result.files[0].parent}\n{names}", *result.warnings))
        )
        self._open.show()
        self._open.setFocus()

    def _on_open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.files[0].parent)))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._trouble.setText("已取消，没有写出并核验。没有核验的文件已删除，删不掉的请勿使用。")
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
