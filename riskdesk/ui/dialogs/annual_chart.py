"""A chart of the yearly report as large as the screen allows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from riskdesk.domain.blocks import Chart
from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import charting
from riskdesk.services.charting import PageImage
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.picture_view import PictureView
from riskdesk.ui.widgets.zoom import Zoom

_PIXELS = 2000  # wide: sharp when it is zoomed
_LETTERS, _LINES = 140, 40  # size of the dialog


class AnnualChartDialog(QDialog):
    """Shows one chart, drawn off the window's thread."""

    def __init__(self, chart: Chart, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(chart.title)
        room = self.screen().availableGeometry()
        size = theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES
        self.resize(min(size[0], room.width() - 60), min(size[1], room.height() - 80))
        self._title = chart.title
        self.zoom = Zoom(self)
        self._waiting = QLabel("正在画图…", alignment=Qt.AlignmentFlag.AlignCenter)
        self._place = QStackedLayout()
        self._place.addWidget(self._waiting)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        foot = QHBoxLayout()
        foot.addWidget(self.zoom)
        foot.addStretch(1)
        foot.addWidget(buttons)
        layout.addLayout(self._place, 1)
        layout.addLayout(foot)
        self._drawing = Latest(jobs, self)
        self._drawing.start(partial(_drawn, chart), self._show, self._refuse)

    def _show(self, drawn: PageImage) -> None:
        line = drawn.width * 3
        image = QImage(drawn.rgb, drawn.width, drawn.height, line, QImage.Format.Format_RGB888).copy()
        self.view = PictureView(image, self._title, self.zoom)
        self._place.setCurrentIndex(self._place.addWidget(self.view))

    def _refuse(self, error: UserError) -> None:
        self._waiting.setText(str(error))


def _drawn(chart: Chart, _progress: Progress) -> PageImage:
    return charting.chart_image(chart, _PIXELS)
