"""上报、下发 and 导出 of what belongs to a station's assessment: where to, and in which formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.domain.revisions import Revision
from riskdesk.errors import InputError, UserError
from riskdesk.services import assessments
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.ui import theme
from riskdesk.ui.dialogs.key_work import KeyWork, Words, Work, written
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.working import run_with_progress

Collect = Callable[[Desk], tuple[list[Revision], tuple[str, ...]]]
Export = Callable[[Desk, Path, list[str]], tuple[Path, ...]]


class HandOnDialog(KeyWork):
    """Writes the signed package with what `collect` returns, for whom it returns; `words` are the title and what it is for."""

    def __init__(
        self,
        bench: Bench,
        words: tuple[str, str],
        collect: Collect,
        done: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        title, about = words
        why = f"{title}要用本单位的密钥签名。"
        super().__init__(bench, Words(title, about, f"{title}(&S)", "send", why), done, parent)
        self._title, self._collect = title, collect
        self.add_folder()
        self.warned = told(name="warn")
        self.warned.hide()
        self.below.addWidget(self.warned)

    def work(self) -> Work:
        folder, title, collect = self.target.folder(), self._title, self._collect

        def hand_on(desk: Desk, keys: Keys, _passphrase: str) -> str:
            steps, receivers = collect(desk)
            made = assessments.hand_on(desk, keys, steps, receivers, folder)
            return "\n".join((f"{title}：{written(made.file)}请送给收件单位。", *made.warnings))

        return hand_on

    def _on_ended(self, sentence: str) -> None:
        """Stay with what a person should know: a line at the foot of the window is gone too soon."""
        if "\n" not in sentence:
            super()._on_ended(sentence)
            return
        self.warned.setText(sentence)
        self.warned.show()
        self.adjustSize()
        self.target.setEnabled(False)
        self._go.hide()
        self._cancel.setText("关闭(&C)")
        self._cancel.setAccessibleName("关闭")
        self._cancel.setDefault(True)
        self._cancel.setFocus()
        self._done(sentence.replace("\n", ""))


class ExportDialog(QDialog):
    """Writes the sheet as workbook, PDF or both in a job; closes with `done(sentence)` once they are written."""

    def __init__(
        self, bench: Bench, export: Export, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导出自评与验收表")
        self._bench, self._export, self._done = bench, export, done
        self.target = TargetFolder(bench.folder)
        self.formats = {"xlsx": QCheckBox("Excel 工作簿（xlsx）(&X)"), "pdf": QCheckBox("PDF，用于打印盖章(&F)")}
        self._trouble = told(name="err")
        self._go = button("导出(&E)", icon="export", kind="primary")
        self._go.setDefault(True)
        cancel = button("取消(&C)")
        label = QLabel("写到(&D)")
        label.setBuddy(self.target.line)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        for box in self.formats.values():
            box.setChecked(True)
            layout.addWidget(box)
        for part in (label, self.target, self._trouble):
            layout.addWidget(part)
        layout.addLayout(foot)
        self._go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.setMinimumWidth(theme.letter(self) * 90)

    def accept(self) -> None:
        """Write the files."""
        self._trouble.clear()
        try:
            folder, formats = self.target.folder(), self._formats()
        except UserError as error:
            self._refuse(error)
            return
        home, reference, export = self._bench.desk.home, self._bench.desk.reference, self._export

        def work(_progress: Progress) -> tuple[Path, ...]:
            with Desk(home, reference) as desk:
                return export(desk, folder, formats)

        run_with_progress(self, self._bench.jobs, "导出", work=work, done=self._on_written, failed=self._refuse)

    def _formats(self) -> list[str]:
        formats = [name for name, box in self.formats.items() if box.isChecked()]
        if not formats:
            raise InputError("请至少勾选一种格式。")
        return formats

    def _on_written(self, files: tuple[Path, ...]) -> None:
        super().accept()
        self._done(f"已导出 {'、'.join(each.name for each in files)} 到 {files[0].parent}。")

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
