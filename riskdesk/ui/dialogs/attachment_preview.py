"""Looking at an attached picture or PDF inside the program; other files are named, saved elsewhere, or shown by another program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QImageReader
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.domain.records import Attachment
from riskdesk.errors import InputError, UserError
from riskdesk.services import attaching
from riskdesk.services.desk import Desk
from riskdesk.services.previewing import is_pdf
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.pdf_view import PdfView
from riskdesk.ui.widgets.picture_view import PictureView
from riskdesk.ui.widgets.zoom import Zoom

_LARGEST = 2400  # px; a picture is shown no larger
_MOST_PIXELS = 64_000_000  # four bytes each while it is read
_MOST_PIXELS_OF_A_PHOTO = 220_000_000  # JPEG is made smaller while it is read; telephones take that many
_MEGABYTES = 256  # of memory for one picture
_ELSEWHERE = "请用“另存为”保存，或用“用系统程序打开”查看。"


class AttachmentPreviewDialog(QDialog):
    """Shows one attachment by its content, whatever its name ends with; it is read in a job."""

    def __init__(self, desk: Desk, jobs: Jobs, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"附件：{attachment.name}")
        self.resize(theme.letter(self) * 120, self.fontMetrics().height() * 34)
        self._desk, self._jobs, self._attachment, self._name = desk, jobs, attachment, attachment.name
        self._latest, self._copying = Latest(jobs, self), Latest(jobs, self)
        self.shown: QWidget = told("正在打开…")
        self.zoom = Zoom(self)
        self.zoom.hide()
        self._told = told(name="muted")
        self.save = button("另存为(&A)…", icon="save")
        self.elsewhere = button("用系统程序打开(&O)", icon="next")
        self._lay_out()
        self._offer()
        try:
            self._open(attaching.place(desk, attachment))
        except UserError as error:
            self._on_failed(error)

    def choose_target(self, name: str) -> Path | None:
        """Ask in the system's dialog where a copy is to lie."""
        chosen, _ = QFileDialog.getSaveFileName(self, "另存附件", name)
        return Path(chosen) if chosen else None

    def show_elsewhere(self, path: Path) -> None:
        """Have another program show a file."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _lay_out(self) -> None:
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.zoom)
        foot.addStretch(1)
        for each in (self.save, self.elsewhere, close):
            foot.addWidget(each)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self.shown, 1)
        self._layout.addWidget(self._told)
        self._layout.addLayout(foot)
        self.save.clicked.connect(self._on_save)
        self.elsewhere.clicked.connect(self._on_elsewhere)

    def _offer(self) -> None:
        may = attaching.may_be_opened(self._attachment)
        self.elsewhere.setEnabled(may)
        self.elsewhere.setToolTip(
            "在关联的程序中打开一份副本" if may else "这种文件可能带有程序，请先另存，核实后再打开"
        )

    def _on_save(self) -> None:
        target = self.choose_target(self._name)
        if target is not None:
            place = target
            self._copy(
                lambda desk: attaching.save_copy(desk, self._attachment, place),
                lambda lies: self._told.setText(f"已另存为 {lies}"),
            )

    def _on_elsewhere(self) -> None:
        self._copy(lambda desk: attaching.copy_to_open(desk, self._attachment), self.show_elsewhere)

    def _copy(self, copied: Callable[[Desk], Path], then: Callable[[Path], object]) -> None:
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> Path:
            with Desk(home, reference) as desk:
                return copied(desk)

        self._told.clear()
        self._copying.start(work, then, lambda error: self._told.setText(str(error)))

    def _open(self, path: Path) -> None:
        name = self._name

        def work(progress: Progress) -> QImage | Path:
            if is_pdf(path):
                return path
            progress(0, 0)
            return _read_picture(path, name)

        self._latest.start(work, self._on_opened, self._on_failed)

    def _on_opened(self, found: QImage | Path) -> None:
        if isinstance(found, QImage):
            self._show(PictureView(found, self._name, self.zoom))
            self.zoom.show()
            return
        view = PdfView(self._jobs)
        self.zoom.changed.connect(lambda: view.zoom(self.zoom.factor))
        self._show(view)
        self.zoom.show()
        view.show_pdf(found)

    def _on_failed(self, error: UserError) -> None:
        self._show(told(str(error), "err"))

    def _show(self, widget: QWidget) -> None:
        self._layout.replaceWidget(self.shown, widget)
        self.shown.hide()
        self.shown.deleteLater()
        self.shown = widget


def _read_picture(path: Path, name: str) -> QImage:
    """Return a picture no larger than it is shown; one that would need too much memory is refused unread."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MEGABYTES)
    size = reader.size()
    most = _MOST_PIXELS_OF_A_PHOTO if reader.format() == b"jpeg" else _MOST_PIXELS
    if size.isValid() and size.width() * size.height() > most:
        raise InputError(f"图片“{name}”太大（{size.width()}×{size.height()} 像素），程序内不显示。{_ELSEWHERE}")
    if size.isValid() and max(size.width(), size.height()) > _LARGEST:
        reader.setScaledSize(size.scaled(QSize(_LARGEST, _LARGEST), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise InputError(f"程序内不能显示“{name}”。{_ELSEWHERE}")
    return image
