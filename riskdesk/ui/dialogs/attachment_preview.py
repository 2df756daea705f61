"""Looking at an attached picture or PDF inside the program; other files are only named, nothing is ever started."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.domain.records import Attachment
from riskdesk.errors import InputError, UserError
from riskdesk.services import attaching
from riskdesk.services.desk import Desk
from riskdesk.services.previewing import is_pdf
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.pdf_view import PdfView

_LARGEST = 2400  # px; a picture is shown no larger
_MOST_PIXELS = 64_000_000  # four bytes each while it is read
_MOST_PIXELS_OF_A_PHOTO = 220_000_000  # JPEG is made smaller while it is read; telephones take that many
_MEGABYTES = 256  # of memory for one picture
_ELSEWHERE = "请用“另存为”保存后，用相应的程序打开。"


class AttachmentPreviewDialog(QDialog):
    """Shows one attachment by its content, whatever its name ends with; it is read in a job."""

    def __init__(self, desk: Desk, jobs: Jobs, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"附件：{attachment.name}")
        self.resize(theme.letter(self) * 120, self.fontMetrics().height() * 34)
        self._jobs, self._name = jobs, attachment.name
        self._latest = Latest(jobs, self)
        self.shown: QWidget = told("正在打开…")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self.shown, 1)
        self._layout.addWidget(buttons)
        try:
            self._open(attaching.place(desk, attachment))
        except UserError as error:
            self._on_failed(error)

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
            self._show(_picture(found, self._name))
            return
        view = PdfView(self._jobs)
        self._show(view)
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


def _picture(image: QImage, name: str) -> QScrollArea:
    picture = named(QLabel(), f"图片 {name}")
    picture.setPixmap(QPixmap.fromImage(image))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    area = named(QScrollArea(), f"图片 {name}")
    area.setWidget(picture)
    area.setWidgetResizable(True)
    return area
