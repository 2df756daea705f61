"""One computed part of the yearly report, read-only: sentence, what is unknown, chart, table, basis, and whether it is printed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QHeaderView, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.blocks import Block, Table
from riskdesk.services.charting import PageImage
from riskdesk.ui import theme
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import button, heading, named, styled, told

_MOST_ROWS = 12  # of a table; the others are scrolled to
_NARROWEST = 20  # half characters of the first column


class AnnualBlock(QFrame):
    """Signals: `records_wanted(title, ids)` – those behind a row; `chart_wanted(chart)` – larger; `printing_changed(kind, printed)`."""

    records_wanted = Signal(str, object)
    chart_wanted = Signal(object)
    printing_changed = Signal(object, bool)

    def __init__(self, block: Block, printed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "card")
        self.block = block
        self.printed = named(QCheckBox("打印到报告中"), f"打印到报告中：{block.title}")
        self.printed.setChecked(printed)
        self.printed.toggled.connect(lambda on: self.printing_changed.emit(block.kind, on))
        title = heading(block.title)
        title.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(6)
        self.enlarge = button("放大…", kind="quiet", name=f"放大统计图：{block.title}")
        if block.chart is None:
            self.enlarge.hide()
        self.enlarge.clicked.connect(lambda: self.chart_wanted.emit(block.chart))
        head = QHBoxLayout()
        head.addWidget(self.printed, 1)
        head.addWidget(self.enlarge)
        layout.addWidget(title)
        layout.addLayout(head)
        layout.addWidget(told(block.text, "text"))
        if block.unknown:
            layout.addWidget(told(block.unknown, "warn"))
        self.picture = self._made_picture() if block.chart else None
        self.table = self._made_table(block.table) if block.table else None
        for extra in (self.picture, self.table):
            if extra is not None:
                layout.addWidget(extra)
        layout.addWidget(told(block.basis))
        if block.at:
            layout.addWidget(told(f"统计时间：{block.at[:16].replace('T', ' ')}"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt override: the first column gives way, so that the numbers are seen."""
        super().resizeEvent(event)
        if self.table is not None:
            header, first = self.table.horizontalHeader(), self._first_width
            others = sum(header.sectionSize(column) for column in range(1, header.count() - 1))
            last = self._last_width if header.count() > 1 else 0
            room = self.table.viewport().width() - others - last
            self.table.setColumnWidth(0, max(min(first, room), min(first, theme.letter(self) * _NARROWEST)))

    def fix(self) -> None:
        """Let nobody change whether it is printed: it is somebody else's report."""
        self.printed.setEnabled(False)

    def show_picture(self, drawn: PageImage) -> None:
        """Show the chart."""
        if self.picture is None:
            return
        image = QImage(drawn.rgb, drawn.width, drawn.height, drawn.width * 3, QImage.Format.Format_RGB888)
        pixmap = QPixmap.fromImage(image.copy())
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)
        self.picture.setFixedHeight(round(pixmap.deviceIndependentSize().height()))  # layouts would squeeze it

    def tell_trouble(self, text: str) -> None:
        """Say why there is no chart."""
        if self.picture is not None:
            self.picture.setText(text)

    def _made_picture(self) -> QLabel:
        chart = self.block.chart
        picture = QLabel("正在画图…", alignment=Qt.AlignmentFlag.AlignCenter)
        return named(picture, f"统计图：{chart.title if chart else ''}")

    def _made_table(self, shown: Table) -> ChipTable:
        made = ChipTable(f"{self.block.title}（按回车查看背后的记录）", shown.head, (1,) * len(shown.head), -1)
        for row in shown.rows:
            made.add_row(row, "")
        made.fit()
        header = made.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._first_width, self._last_width = header.sectionSize(0), header.sectionSize(header.count() - 1)
        header.setStretchLastSection(True)
        made.setVerticalScrollMode(ChipTable.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollMode(ChipTable.ScrollMode.ScrollPerPixel)
        rows = min(len(shown.rows), _MOST_ROWS)
        lines = header.sizeHint().height() + rows * made.verticalHeader().defaultSectionSize()
        made.setFixedHeight(lines + made.horizontalScrollBar().sizeHint().height() + 2 * made.frameWidth())
        made.choose(0)
        made.setToolTip("双击一行或按回车，查看这个数字背后的记录")
        made.activated.connect(self._on_activated)
        return made

    def _on_activated(self, index: QModelIndex) -> None:
        shown, row = self.block.table, index.row()
        if shown is not None and row < len(shown.behind) and shown.behind[row]:
            self.records_wanted.emit(f"{self.block.title}：{shown.rows[row][0]}", shown.behind[row])
