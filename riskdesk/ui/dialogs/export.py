"""Exporting the official form: look at its pages, choose formats and a folder, write, open, copy to a USB stick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import exporting
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import Exported, Format
from riskdesk.services.listing import Filter, ids
from riskdesk.services.overview import RecordState
from riskdesk.services.previewing import pdf_of
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.drives import removable_drives
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.pdf_view import PdfView
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.working import run_with_progress

_MONTHS = 18
_TITLES = {
    Format.XLSX: "Excel 表格（.xlsx，可编辑）",
    Format.PDF: "PDF（打印、盖章）",
    Format.DOCX: "Word 文档（.docx，可编辑）",
}


class ExportDialog(QDialog):
    """Shows what will be written before it is written; stays open afterwards for the next step."""

    def __init__(self, desk: Desk, jobs: Jobs, period: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导出报送表")
        self._desk, self._jobs = desk, jobs
        self._written: tuple[Path, ...] = ()
        self._preview = Latest(jobs, self)
        plan = desk.reference.periods
        self.period = named(QComboBox(), "报送期")
        for each in plan.back_from(plan.period(period), _MONTHS):
            self.period.addItem(f"{each.id} 期（{each.start:%m-%d} 至 {each.end:%m-%d}）", each.id)
        self.period.setCurrentIndex(max(0, self.period.findData(period)))
        self.formats = {kind: QCheckBox(title) for kind, title in _TITLES.items()}
        self.formats[Format.XLSX].setChecked(True)
        self.formats[Format.PDF].setChecked(True)
        self.folder = named(QLineEdit(str(_documents())), "保存到文件夹")
        self.pages = PdfView(jobs)
        self._notes = told(name="warn")
        self._done = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        self._export = button("导出(&X)", icon="export", kind="primary")
        self._open = button("打开文件夹(&O)", icon="folder")
        self._usb = button("复制到 U 盘(&U)", icon="usb")
        self._lay_out()
        self._export.clicked.connect(self._on_export)
        self._open.clicked.connect(self._on_open)
        self._usb.clicked.connect(self._on_usb)
        self.period.currentIndexChanged.connect(self._show_preview)
        letter = theme.letter(self)
        room = self.screen().availableGeometry()
        self.resize(min(letter * 170, room.width() - 40), min(self.fontMetrics().height() * 40, room.height() - 60))
        self._show_written()
        self._show_preview()

    def _lay_out(self) -> None:
        period = QLabel("报送期(&M)")
        period.setBuddy(self.period)
        folder = QLabel("保存到(&D)")
        folder.setBuddy(self.folder)
        change = button("选择(&B)…")
        change.setAccessibleName("选择文件夹")
        change.clicked.connect(self._on_folder_wanted)
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(change)
        close = button("关闭(&C)")
        close.clicked.connect(self.reject)
        right = QVBoxLayout()
        right.setSpacing(8)
        for top in (period, self.period, self._notes):
            right.addWidget(top)
        right.addSpacing(8)
        right.addWidget(QLabel("格式"))
        for box in self.formats.values():
            right.addWidget(box)
        right.addSpacing(8)
        right.addWidget(folder)
        right.addLayout(place)
        right.addSpacing(8)
        right.addWidget(self._export)
        right.addWidget(self._done)
        for part in (self._open, self._usb, self._trouble):
            right.addWidget(part)
        right.addStretch(1)
        right.addWidget(close)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(20)
        whole.addWidget(self.pages, 5)
        whole.addLayout(right, 2)
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(True)  # Enter presses the one with the focus, from anywhere else it exports
        self._export.setDefault(True)

    def _show_preview(self) -> None:
        self._written = ()
        self._show_written()
        home, reference, period = self._desk.home, self._desk.reference, str(self.period.currentData())
        self.pages.tell("正在排版…")
        self._tell_unchecked(period)

        def work(progress: Progress) -> bytes:
            with Desk(home, reference) as desk:
                return pdf_of(desk, period, progress)

        self._preview.start(work, self.pages.show_pdf, lambda error: self.pages.tell(str(error)))

    def _tell_unchecked(self, period: str) -> None:
        """Say how many records still have open problems: exporting is possible all the same."""
        count = len(ids(self._desk, Filter(period=period)))
        waiting = len(ids(self._desk, Filter(period=period, state=RecordState.UNCHECKED)))
        forked = len(ids(self._desk, Filter(period=period, state=RecordState.FORKED)))
        told = [] if count else ["本期还没有记录，导出的是空白表；空白表不等于零报告。"]
        told += [f"有 {waiting} 条记录还有提示没有处理。"] if waiting else []
        told += [f"有 {forked} 条记录版本冲突，请先处理。"] if forked else []
        self._notes.setText("\n".join(told) or f"共 {count} 条记录。")

    def _on_export(self) -> None:
        formats = [kind for kind, box in self.formats.items() if box.isChecked()]
        self._trouble.clear()
        if not formats:
            self._trouble.setText("请至少勾选一种格式。")
            return
        home, reference = self._desk.home, self._desk.reference
        period, folder = str(self.period.currentData()), Path(self.folder.text().strip()).expanduser()
        if not folder.is_absolute():
            self._trouble.setText("请填写保存报送表的文件夹（完整路径），或点“选择”。")
            self.folder.setFocus()
            return

        def work(progress: Progress) -> Exported:
            with Desk(home, reference) as desk:
                return exporting.export_period(desk, period, folder, formats, progress)

        run_with_progress(self, self._jobs, "导出报送表", work=work, done=self._on_exported, failed=self._refuse)

    def _on_exported(self, exported: Exported) -> None:
        self._written = exported.files
        self._notes.setText("\n".join(exported.warnings) or self._notes.text())
        self._show_written()
        self._open.setFocus()

    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0].parent)))

    def _on_usb(self) -> None:
        drives = removable_drives()
        folder = drives[0] if len(drives) == 1 else ask_for_folder(self, "选择 U 盘或其中的文件夹")
        if folder is None:
            return
        files = self._written

        def work(progress: Progress) -> Sequence[Path]:
            return exporting.copy_files(files, folder, progress)

        run_with_progress(self, self._jobs, "复制到 U 盘", work=work, done=self._on_copied, failed=self._refuse)

    def _on_copied(self, copies: Sequence[Path]) -> None:
        self._done.setText(
            f"已复制 {len(copies)} 个文件到 {copies[0].parent}，并已逐字节读回核对，可以安全拔出后送出。"
        )

    def _on_folder_wanted(self) -> None:
        folder = ask_for_folder(self, "选择保存报送表的文件夹")
        if folder is not None:
            self.folder.setText(str(folder))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))

    def _show_written(self) -> None:
        names = "\n".join(path.name for path in self._written)
        self._done.setText(f"已导出：\n{names}" if names else "")
        for each in (self._open, self._usb):
            each.setEnabled(bool(names))
            each.setToolTip("" if names else "请先导出")


def _documents() -> Path:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) / "风险信息报送"
