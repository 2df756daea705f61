"""统计分析: trends, sources, regions, hazards, batches, enterprises of any span of periods, each with the records behind it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from riskdesk.domain.blocks import Block
from riskdesk.domain.periods import Period
from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import charting
from riskdesk.services.desk import Desk
from riskdesk.services.statistics import Wish, blocks, file_name
from riskdesk.ui import theme
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.block_view import BlockView
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.saving import save_file
from riskdesk.ui.widgets.statistics_bar import StatisticsBar

_LETTERS = 24  # half characters that the list of blocks is wide


class StatisticsPage(Page):
    """Counts in a job; the signal `record_wanted(id)` – a record behind a number should be opened."""

    record_wanted = Signal(str)
    title = "统计分析"

    def __init__(self, desk: Desk, jobs: Jobs, now: Period, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._latest = desk, Latest(jobs, self)
        self._blocks: tuple[Block, ...] = ()
        self.bar = StatisticsBar(desk, now)
        self._counted = self.bar.wish()  # what the blocks are of
        self.list = named(QListWidget(), "统计项目")
        self.list.setFixedWidth(theme.letter(self) * _LETTERS)
        self.view = BlockView(jobs)
        self.export_tables = button("导出表格(&X)…", icon="export", name="导出全部统计表")
        self.export_picture = button("导出图片(&I)…", icon="export", name="导出这张统计图")
        self._state = told(name="warn")
        self._lay_out()
        self.bar.wished.connect(self.refresh)
        self.list.currentRowChanged.connect(self._on_chosen)
        self.view.behind_wanted.connect(self._show_behind)
        self.view.told.connect(self.told)
        self.export_tables.clicked.connect(self._on_export_tables)
        self.export_picture.clicked.connect(self._on_export_picture)

    def refresh(self) -> None:
        """Count anew what the line above asks for."""
        home, reference, wish = self._desk.home, self._desk.reference, self.bar.wish()
        self._state.setText("正在统计……")

        def work(_progress: Progress) -> tuple[Block, ...]:
            with Desk(home, reference) as desk:
                return blocks(desk, wish)

        self._latest.start(work, lambda found: self._on_counted(wish, found), self._on_failed)

    def take_focus(self) -> None:
        self.list.setFocus()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self.export_tables)
        left.addWidget(self.export_picture)
        row = QHBoxLayout()
        row.addLayout(left)
        row.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.addWidget(self.bar)
        layout.addWidget(self._state)
        layout.addLayout(row, 1)

    def _on_counted(self, wish: Wish, found: tuple[Block, ...]) -> None:
        self._state.clear()
        self._state.hide()
        chosen = max(0, self.list.currentRow())
        self._counted, self._blocks = wish, found
        blocked = self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([each.title for each in found])
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(blocked)
        self._on_chosen(chosen)

    def _on_failed(self, error: UserError) -> None:
        self._state.setText(str(error))
        self._state.show()

    def _on_chosen(self, row: int) -> None:
        if 0 <= row < len(self._blocks):
            self.view.show_block(self._blocks[row])
            self.export_picture.setEnabled(self._blocks[row].chart is not None)

    def _show_behind(self, title: str, ids: tuple[str, ...]) -> None:
        dialog = BehindDialog(self._desk, title, ids, self)
        dialog.record_wanted.connect(self.record_wanted)
        dialog.open()

    def _on_export_tables(self) -> None:
        if self._blocks:
            data = charting.workbook(self._blocks)
            save_file(self, self._file_name("统计分析", ".xlsx"), "Excel 工作簿 (*.xlsx)", data, self.told.emit)

    def _on_export_picture(self) -> None:
        row = self.list.currentRow()
        chart = self._blocks[row].chart if 0 <= row < len(self._blocks) else None
        if chart is not None:
            name = self._file_name(self._blocks[row].title, ".png")
            save_file(self, name, "图片 (*.png)", charting.chart_png(chart), self.told.emit)

    def _file_name(self, what: str, ending: str) -> str:
        return file_name(self._desk, self._counted, what, ending)
