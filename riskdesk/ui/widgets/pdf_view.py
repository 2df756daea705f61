"""Pages of a PDF file inside the program: one at a time, as wide as there is room, or so many times that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services.previewing import PageImage, page_count, page_image
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, told

_MARGIN = 24  # px


class PdfView(QWidget):
    """Shows a PDF file given as a path or as its bytes; PgUp and PgDn turn pages, which are drawn in jobs."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latest = Latest(jobs, self)
        self._source: Path | bytes | None = None
        self._pages = 0
        self._at = 0  # the page that is wanted
        self._shown = 0
        self._zoom = 1.0
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = _Area(self)
        self._area.setWidget(self._picture)
        self._before = button("上一页", icon="previous", kind="quiet")
        self._after = button("下一页", icon="next", kind="quiet")
        self._place = told(name="muted")
        self._place.setWordWrap(False)
        self._before.clicked.connect(lambda: self.turn(-1))
        self._after.clicked.connect(lambda: self.turn(1))
        self._area.turned.connect(self.turn)
        self._area.resized.connect(self._draw)
        line = QHBoxLayout()
        line.addStretch(1)
        for part in (self._before, self._place, self._after):
            line.addWidget(part)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area, 1)
        layout.addLayout(line)
        self.tell("")

    @property
    def text(self) -> str:
        """The sentence that is shown instead of a page."""
        return self._picture.text()

    def show_pdf(self, source: Path | bytes) -> None:
        """Show the first page, or say why that is not possible."""
        self.tell("正在打开…")
        self._source = source
        self._draw()

    def tell(self, text: str) -> None:
        """Show a sentence instead of a page."""
        self._latest.cancel()
        self._source, self._pages, self._at = None, 0, 0
        self._picture.setText(text)
        self._show_place()

    def zoom(self, factor: float) -> None:
        """Show pages so many times as wide as there is room."""
        self._zoom = factor
        self._draw()

    def turn(self, by: int) -> None:
        """Show another page."""
        if 0 <= self._at + by < self._pages:
            self._at += by
            self._draw()

    def _draw(self) -> None:
        """Have the page drawn; what is shown now stays until then."""
        if self._source is None:
            return
        source, at, known = self._source, self._at, self._pages
        density = self.devicePixelRatioF()
        width = round(max(200, self._area.viewport().width() - _MARGIN) * density * self._zoom)

        def work(progress: Progress) -> tuple[int, PageImage]:
            pages = known or page_count(source)
            progress(0, 0)
            return pages, page_image(source, at, width)

        self._latest.start(work, lambda found: self._on_drawn(found[0], found[1], density), self._on_failed)
        self._show_place()

    def _on_drawn(self, pages: int, page: PageImage, density: float) -> None:
        self._pages = pages
        pixmap = pixmap_of(page)
        pixmap.setDevicePixelRatio(density)
        self._picture.setPixmap(pixmap)
        if self._at != self._shown:
            self._area.verticalScrollBar().setValue(0)
        self._shown = self._at
        self._show_place()

    def _on_failed(self, error: UserError) -> None:
        if self._pages:  # the other pages may be sound
            self._picture.setText(str(error))
            self._show_place()
        else:
            self.tell(str(error))

    def _show_place(self) -> None:
        place = f"第 {self._at + 1} 页，共 {self._pages} 页"
        opening = f"正在打开第 {self._at + 1} 页…"
        self._place.setText((opening if self._latest.is_busy else place) if self._pages else "")
        for each, possible, why in (
            (self._before, self._at > 0, "已经是第一页"),
            (self._after, self._at + 1 < self._pages, "已经是最后一页"),
        ):
            each.setEnabled(possible)
            each.setToolTip("" if possible else why if self._pages else "没有可以显示的页面")


def pixmap_of(page: PageImage) -> QPixmap:
    """Return the picture of a page."""
    image = QImage(page.rgb, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)


class _Area(QScrollArea):
    """Scrolls a page that is higher than the view; goes on to the next one at the end."""

    turned = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setAccessibleName("页面预览")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self.turned.emit(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self.turned.emit(-1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.resized.emit()
