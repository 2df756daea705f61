"""Exporting the yearly report: Word file, PDF or both, into a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.last_folder import LastFolder
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.typed_edits import DateEdit
from riskdesk.ui.widgets.working import run_with_progress

_LETTERS = 84


class AnnualExportDialog(QDialog):
    """Stays open to show what was written; emits `exported()` once it is."""

    exported = Signal()

    def __init__(self, kept: Kept, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导出专题分析报告")
        self._kept, self._jobs = kept, jobs
        self._written: tuple[Path, ...] = ()
        self.formats = {
            "docx": QCheckBox("&Word 文档（.docx，可编辑）"),
            "pdf": QCheckBox("&PDF（打印、盖章）"),
        }
        self.day = named(DateEdit(), "落款日期")
        self.target = TargetFolder(LastFolder())
        self.notes = told(_noted(annual.to_do(kept.report)), "warn")
        self.done_text = QLabel(wordWrap=True)
        self.trouble = told(name="err")
        self.trouble.hide()
        self.export = button("导出(&X)", icon="export", kind="primary")
        self.open_folder = button("打开文件夹(&O)", icon="folder")
        self._close = button("关闭(&C)")
        self._lay_out()
        self.export.clicked.connect(self._on_export)
        self.open_folder.clicked.connect(self._on_open_folder)
        self._close.clicked.connect(self.reject)
        self.setMinimumWidth(theme.letter(self) * _LETTERS)

    def _lay_out(self) -> None:
        day = QLabel("落款日期（不填的只印导出时的年、月）(&R)")
        day.setBuddy(self.day)
        folder = QLabel("保存到(&D)")
        folder.setBuddy(self.target.line)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for each in (self.open_folder, self._close, self.export):
            each.setAutoDefault(True)
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(told(f"{self._kept.report.year} 年度　{self._kept.report.product}", "h2"))
        for box in self.formats.values():
            box.setChecked(True)
            layout.addWidget(box)
        for part in (day, self.day, folder, self.target, self.notes, self.done_text, self.trouble):
            layout.addWidget(part)
        layout.addLayout(foot)
        self.open_folder.hide()
        self.export.setDefault(True)

    def _on_export(self) -> None:
        self.trouble.hide()
        self.done_text.clear()
        formats = [name for name, box in self.formats.items() if box.isChecked()]
        kept, day = self._kept, self.day.value()
        if trouble := self.day.unread():
            self._tell_trouble(f"{trouble}。")
            return
        try:
            folder = self.target.folder()
        except UserError as error:
            self._refuse(error)
            return
        if not formats:
            self._tell_trouble("请至少勾选一种格式。")
            return

        def work(progress: Progress) -> tuple[tuple[Path, ...], tuple[str, ...]]:
            return annual.export(kept, folder, formats, progress, day)

        run_with_progress(self, self._jobs, "导出报告", work=work, done=self._on_done, failed=self._refuse)

    def _on_done(self, result: tuple[tuple[Path, ...], tuple[str, ...]]) -> None:
        self._written, _warnings = result
        names = "\n".join(each.name for each in self._written)
        self.done_text.setText(f"已导出到 {self._written[0].parent}：\n{names}")
        self.open_folder.show()
        self.adjustSize()
        self.open_folder.setFocus()
        self.exported.emit()

    def _on_open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0].parent)))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._tell_trouble(str(error))

    def _tell_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()


def _noted(to_do: list[tuple[str, str]]) -> str:
    if not to_do:
        return ""
    return f"还有 {len(to_do)} 项待办（见“待办”），照样可以导出；既没有文字也没有统计内容的小节印为“（待填写）”。"
