"""A picture inside the program: as large as fits the window, or larger and smaller by keys and buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from riskdesk.ui.widgets.parts import named
from riskdesk.ui.widgets.zoom import Zoom


class PictureView(QScrollArea):
    """Fits the picture into the window, never above its own size, until a person zooms."""

    def __init__(self, image: QImage, name: str, zoom: Zoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap, self._zoom = QPixmap.fromImage(image), zoom
        self.picture = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter), f"图片 {name}")
        self.setAccessibleName(f"图片 {name}")
        self.setWidget(self.picture)
        self.setWidgetResizable(True)
        zoom.changed.connect(self._draw)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        room = self.maximumViewportSize()
        fitting = min(room.width() / self._pixmap.width(), room.height() / self._pixmap.height(), 1.0)
        size = self._pixmap.size() * max(
            fitting * self._zoom.factor, 1 / min(self._pixmap.width(), self._pixmap.height())
        )
        if size != self.picture.pixmap().size():
            smooth = Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(self._pixmap.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))
