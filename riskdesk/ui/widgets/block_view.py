"""One computed block: its sentence, its chart, its table with the records behind every row, and what it is of."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from riskdesk.domain.blocks import Block, ChartKind, Table
from riskdesk.domain.table_texts import as_html, as_tsv
from riskdesk.errors import UserError
from riskdesk.services import charting
from riskdesk.services.charting import PageImage
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, empty, heading, named, told

_PIXELS = 1240  # wide: sharp on the screen, and good enough to be pasted into a document
_NARROWEST = 12  # half characters


class BlockView(QWidget):
    """Shows a block; signals `behind_wanted(title, ids)` – somebody wants to see the records behind a row – and `told(text)`."""

    behind_wanted = Signal(str, object)
    told = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latest = Latest(jobs, self)
        self._block: Block | None = None
        self._image = QImage()
        self._copied = ""  # as text
        self._title, self._text = heading(), told(name="")
        self._basis, self._unknown = told(), told(name="warn")
        self._picture = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter), "统计图")
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.copy_picture = button("复制图(&P)", icon="copy", name="复制统计图")
        self.copy_table = button("复制表(&T)", icon="copy", name="复制统计表")
        self._table_place = QVBoxLayout()
        self._middle = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._rest = QWidget()  # keeps the sentence on top where there is nothing below it
        self.table: ChipTable | None = None
        self._lay_out()
        self.copy_picture.clicked.connect(self._on_copy_picture)
        self.copy_table.clicked.connect(self._on_copy_table)
        application = QGuiApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._on_quitting)

    def show_block(self, block: Block) -> None:
        """Show another block, or the same with other numbers."""
        self._block = block
        self._title.setText(block.title)
        self._text.setText(block.text)
        self._basis.setText(block.basis)
        self._unknown.setText(block.unknown)
        self._unknown.setVisible(bool(block.unknown))
        self._fill_table(block)
        self._arrange(block)
        self._image = QImage()
        self._picture.clear()
        self._picture.setVisible(block.chart is not None)
        for each, wanted in ((self.copy_picture, block.chart), (self.copy_table, block.table)):
            each.setEnabled(wanted is not None)
        chart = block.chart
        if chart is None:
            self._latest.cancel()
            return
        self._picture.setText("正在绘图……")
        named(self._picture, f"统计图：{chart.title}")
        self._latest.start(lambda _progress: charting.chart_image(chart, _PIXELS), self._on_drawn, self._on_failed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_picture()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self.copy_picture)
        top.addWidget(self.copy_table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self._text)
        self._middle.addWidget(self._picture, 3)
        self._middle.addLayout(self._table_place, 2)
        layout.addLayout(self._middle, 1)
        layout.addWidget(self._basis)
        layout.addWidget(self._unknown)
        layout.addWidget(self._rest, 1)

    def _arrange(self, block: Block) -> None:
        """Set a chart that is as high as wide beside its table, any other above it."""
        is_high = block.chart is not None and block.chart.kind is ChartKind.TILES
        direction = QBoxLayout.Direction.LeftToRight if is_high else QBoxLayout.Direction.TopToBottom
        self._middle.setDirection(direction)
        self._rest.setVisible(block.chart is None and block.table is None)

    def _fill_table(self, block: Block) -> None:
        empty(self._table_place)
        self.table = None
        if block.table is None:
            return
        longest = _longest_column(block.table)
        widths = [0 if column == longest else _NARROWEST for column in range(len(block.table.head))]
        self.table = ChipTable(f"{block.title}（回车看背后的记录）", block.table.head, widths, -1)
        for row in block.table.rows:
            self.table.add_row(row, "")
        self.table.fit()
        self.table.choose(0)
        self.table.cellActivated.connect(lambda row, _column: self._ask_behind(row))
        self._table_place.addWidget(self.table)

    def _ask_behind(self, row: int) -> None:
        table = self._block.table if self._block else None
        if table is not None and 0 <= row < len(table.behind) and table.behind[row]:
            self.behind_wanted.emit(f"{table.head[0]}：{table.rows[row][0]}", table.behind[row])

    def _on_drawn(self, drawn: PageImage) -> None:
        line = drawn.width * 3
        self._image = QImage(drawn.rgb, drawn.width, drawn.height, line, QImage.Format.Format_RGB888).copy()
        self._fit_picture()

    def _on_failed(self, error: UserError) -> None:
        self._picture.setText(str(error))

    def _fit_picture(self) -> None:
        if self._image.isNull():
            return
        room = self._picture.size() * self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(self._image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(pixmap)

    def _on_copy_picture(self) -> None:
        if not self._image.isNull():
            QGuiApplication.clipboard().setImage(self._image)
            self.told.emit("统计图已复制，可以粘贴到文档中。")

    def _on_copy_table(self) -> None:
        table = self._block.table if self._block else None
        if table is not None:
            self._copied, data = as_tsv(table), QMimeData()
            data.setText(self._copied)
            data.setHtml(as_html(table))
            QGuiApplication.clipboard().setMimeData(data)
            self.told.emit("统计表已复制，可以粘贴到表格或文档中。")

    def _on_quitting(self) -> None:
        """Leave the text alone behind: the whole of it is Python's, and Qt would free it once more."""
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.setText(self._copied)


def _longest_column(table: Table) -> int:
    """Return the column that needs the most room, the first of several."""
    lengths = [max(map(_half_characters, column)) for column in zip(*table.rows, strict=True)] or [0]
    return lengths.index(max(lengths))


def _half_characters(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)
