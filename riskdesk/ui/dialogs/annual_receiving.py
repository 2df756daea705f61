"""What is done with yearly reports that came from other offices, joined for the page: versions, export, charts, records behind a number."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from riskdesk.domain.blocks import Chart
from riskdesk.services.annual_received import Received
from riskdesk.ui.dialogs.annual_chart import AnnualChartDialog
from riskdesk.ui.dialogs.annual_export import AnnualExportDialog
from riskdesk.ui.dialogs.annual_history import AnnualHistoryDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.widgets.annual_received import ReceivedReports
from riskdesk.ui.widgets.bench import Bench

_NONE_HERE = "这些记录由填报单位保存，没有报送到本单位，不能在这里查看。需要时请向填报单位了解。"


class AnnualReceiving(QObject):
    """Opens what the list of received reports asks for; emits `record_wanted(id)`."""

    record_wanted = Signal(str)

    def __init__(self, bench: Bench, reports: ReceivedReports) -> None:
        super().__init__(reports)
        self._bench, self._reports = bench, reports
        reports.history_wanted.connect(self._show_history)
        reports.export_wanted.connect(self._export)
        reports.reading.chart_wanted.connect(self._show_chart)
        reports.reading.records_wanted.connect(self._show_behind)

    def _window(self) -> QWidget:
        return self._reports.window()

    def _show_history(self, each: Received) -> None:
        AnnualHistoryDialog(self._bench.desk, each.kept, None, self._window()).open()

    def _export(self, each: Received) -> None:
        dialog = AnnualExportDialog(each.kept, self._bench.jobs, self._window())
        dialog.day.put(date.fromisoformat(each.kept.at[:10]))  # theirs, not the day on which somebody else prints it
        dialog.open()

    def _show_chart(self, chart: Chart) -> None:
        AnnualChartDialog(chart, self._bench.jobs, self._window()).open()

    def _show_behind(self, title: str, ids: tuple[str, ...]) -> None:
        """List those of the records that were reported to this office too."""
        desk = self._bench.desk
        here = [each for each in ids if desk.records.get(each) is not None]
        if here:
            missing = len(ids) - len(here)
            told = f"{title}（另有 {missing} 条没有报送到本单位）" if missing else title
            dialog = BehindDialog(desk, told, here, self._window())
            dialog.record_wanted.connect(self.record_wanted)
            dialog.open()
            return
        box = QMessageBox(QMessageBox.Icon.Information, title, _NONE_HERE, parent=self._window())
        box.open()
