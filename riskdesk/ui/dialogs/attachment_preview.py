"""Looking at an attached picture or PDF inside the program; other files are only named, nothing is ever started."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.records import Attachment
from riskdesk.errors import UserError
from riskdesk.services import attaching
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import told
from riskdesk.ui.widgets.pdf_view import PdfView

_PDF = b"%PDF-"
_HEAD = 1024  # bytes that a PDF's mark stands in
_LARGEST = 2400  # px; a picture is read no larger
_MEGABYTES = 256  # of memory for one picture


class AttachmentPreviewDialog(QDialog):
    """Shows one attachment by its content, whatever its name ends with."""

    def __init__(self, desk: Desk, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"附件：{attachment.name}")
        self.resize(theme.letter(self) * 120, self.fontMetrics().height() * 34)
        self.shown: QWidget = self._view(desk, attachment)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.shown, 1)
        layout.addWidget(buttons)

    def _view(self, desk: Desk, attachment: Attachment) -> QWidget:
        try:
            path = attaching.place(desk, attachment)
            if _is_pdf(path):
                view = PdfView()
                view.show_pdf(path)
                return view
        except UserError as error:
            return told(str(error), "err")
        return _picture(path, attachment.name)


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return _PDF in file.read(_HEAD)


def _picture(path: Path, name: str) -> QWidget:
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MEGABYTES)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _LARGEST:
        reader.setScaledSize(size.scaled(QSize(_LARGEST, _LARGEST), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return told(f"程序内不能显示“{name}”。请用“另存为”保存后，用相应的程序打开。")
    picture = QLabel()
    picture.setPixmap(QPixmap.fromImage(image))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    picture.setAccessibleName(f"图片 {name}")
    area = QScrollArea()
    area.setAccessibleName(f"图片 {name}")
    area.setWidget(picture)
    area.setWidgetResizable(True)
    return area
