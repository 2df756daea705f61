"""各监测站: all stations of a year side by side, in the order that is wanted, with the chart and the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.assessment import Column
from riskdesk.domain.blocks import Block
from riskdesk.services import station_overview
from riskdesk.services.station_overview import StationYear
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.block_view import BlockView
from riskdesk.ui.widgets.parts import button, named, styled, told
from riskdesk.ui.widgets.station_list import ORDERS, StationList
from riskdesk.ui.widgets.station_years import YearChoice


class AllStations(QWidget):
    """Signals: `opened(assessed)`, `year_changed()`, `summary_wanted(block)`, `template_wanted()`, `told(text)`."""

    opened = Signal(object)
    year_changed = Signal()
    summary_wanted = Signal(object)
    template_wanted = Signal()
    told = Signal(str)

    def __init__(self, own: Column, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = own
        self._found: Sequence[StationYear] = ()
        styled(self, "page")
        self.year, self.order = YearChoice(), named(QComboBox(), "排序")
        self.order.addItems([f"按{each}" for each in ORDERS])
        self.template = button("指标模板(&I)…", icon="document")
        self.summary = button("导出验收汇总(&X)…", icon="export")
        self.count, self.list, self.chart = told(), StationList(), BlockView(jobs)
        self.chart.copy_table.hide()  # the list stands above it
        self._lay_out()
        self._connect()

    def show_stations(self, found: Sequence[StationYear]) -> None:
        """Show the stations of the year that is chosen."""
        self._found = found
        self.list.show_stations(found, self._own, max(0, self.order.currentIndex()))
        any_came = any(each.seen for each in found)
        self.count.setText(_counted(found, self.year.year()))
        self.summary.setEnabled(any_came)
        self.summary.setToolTip("" if any_came else "还没有收到自评表")
        block = self._summary()
        self.chart.setVisible(self._own is Column.PROVINCE and block.chart is not None)
        if not self.chart.isHidden():
            doubts = "\n".join(f"{each.unit}：{doubt}" for each in found for doubt in each.doubts)
            self.chart.show_block(replace(block, table=None, text="", unknown=doubts))  # the list says the rest

    def _lay_out(self) -> None:
        label = QLabel("排序(&O)")
        label.setBuddy(self.order)
        top = QHBoxLayout()
        for part in (self.year.label, self.year, label, self.order):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.template)
        top.addWidget(self.summary)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.count)
        layout.addWidget(self.list, 3)
        layout.addWidget(self.chart, 2)

    def _connect(self) -> None:
        self.year.activated.connect(self.year_changed)
        self.order.currentIndexChanged.connect(lambda _order: self.show_stations(self._found))
        self.list.order_wanted.connect(self.order.setCurrentIndex)
        self.list.opened.connect(self._on_opened)
        self.summary.clicked.connect(lambda: self.summary_wanted.emit(self._summary()))
        self.template.clicked.connect(self.template_wanted)
        self.chart.told.connect(self.told)

    def _on_opened(self, each: StationYear) -> None:
        if each.seen is None:
            self.told.emit(f"{each.unit} 还没有报 {self.year.year()} 年的自评表，没有可以核验的。")
        else:
            self.opened.emit(each.seen)

    def _summary(self) -> Block:
        return station_overview.summary(self.year.year(), self._found)


def _counted(found: Sequence[StationYear], year: int) -> str:
    """Return how many have handed in their sheet, and what can be done."""
    if not any(each.seen for each in found):
        return f"还没有收到 {year} 年的自评表。"
    return f"{station_overview.handed_in(found)}选中一个监测站，回车或双击打开核验。"
