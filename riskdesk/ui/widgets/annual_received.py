"""收到的报告: the yearly reports of other offices in a list, the chosen one below it to be read, compared with its versions and exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import annual_received
from riskdesk.services.annual_received import Received
from riskdesk.services.desk import Desk
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.annual_reading import AnnualReading
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, told

_HEADINGS = ("单位", "产品", "年度", "版本", "收到时间", "状态")
_WIDTHS = (0, 24, 9, 11, 22, 16)
_STATE = 5
_ROWS = 5  # of the list and what stands around it, where it is not made larger
_EMPTY = "还没有收到专题分析报告。\n下级单位上报的报告包，在“收发”页点“接收文件”或直接拖进窗口；接收后列在这里，只能查看，不会与本单位的报告混在一起。"


class ReceivedReports(QWidget):
    """Signals: `counted(number)` – how many there are; `history_wanted(received)`; `export_wanted(received)`."""

    counted = Signal(int)
    history_wanted = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._loading = desk, Latest(jobs, self)
        self._found: list[Received] = []
        self._shown = ""  # the version that is read
        self.table = ChipTable("收到的专题分析报告", _HEADINGS, _WIDTHS, _STATE)
        self.history = button("比较各版(&H)…", icon="history", name="比较收到的各版")
        self.export = button("导出(&X)…", icon="export", name="导出收到的报告")
        self.doubts, self.trouble = told(name="warn"), told(name="err")
        self.reading = AnnualReading(jobs)
        self._stack = QStackedWidget()
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.table.cellActivated.connect(lambda *_: self.reading.text.setFocus())
        self.history.clicked.connect(lambda: self._ask(self.history_wanted.emit))
        self.export.clicked.connect(lambda: self._ask(self.export_wanted.emit))

    def refresh(self) -> None:
        """Read what is there now, in a job: many reports take a while."""
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> list[Received]:
            with Desk(home, reference) as desk:
                return annual_received.received(desk)

        self._loading.start(work, self._show, self._refuse)

    def take_focus(self) -> None:
        """Go to the list."""
        self.table.setFocus()

    def chosen(self) -> Received | None:
        """Return the report that the cursor is on."""
        row = self.table.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _lay_out(self) -> None:
        empty = told(_EMPTY)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label = QLabel("收到的报告(&B)")
        label.setBuddy(self.table)
        line = QHBoxLayout()
        line.addWidget(label, 1)
        line.addWidget(self.history)
        line.addWidget(self.export)
        above = QWidget()
        inside = QVBoxLayout(above)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.setSpacing(6)
        inside.addLayout(line)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.doubts)
        row = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(row * 3)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        for part, share in ((above, 0), (self.reading, 1)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([row * _ROWS, row * 20])
        for page in (empty, split):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.trouble)
        whole.addWidget(self._stack, 1)
        for each in (self.doubts, self.trouble):
            each.hide()

    def _show(self, found: list[Received]) -> None:
        self.trouble.hide()
        if found != self._found:
            chosen = self.chosen()
            self._found = found
            self.table.blockSignals(True)
            self._fill(found)
            ids = [each.kept.id for each in found]
            self.table.choose(ids.index(chosen.kept.id) if chosen is not None and chosen.kept.id in ids else 0)
            self.table.blockSignals(False)
        self._stack.setCurrentIndex(int(bool(found)))
        self._show_chosen()
        self.counted.emit(len(found))

    def _fill(self, found: Sequence[Received]) -> None:
        self.table.clear_rows()
        for each in found:
            report, to_do = each.kept.report, len(each.kept.report.to_do())
            word, tone = (f"待办 {to_do} 项", "amber") if to_do else ("没有待办", "green")
            if each.doubts:
                word, tone = "请核实", "red"
            when = each.at[:16].replace("T", " ")
            self.table.add_row(
                (each.unit, report.product, str(report.year), f"第 {each.versions} 版", when, word), tone
            )

    def _show_chosen(self) -> None:
        each = self.chosen()
        if each is None:
            return
        self.doubts.setText("\n".join(each.doubts))
        self.doubts.setVisible(bool(each.doubts))
        self.history.setEnabled(each.versions > 1)
        self.history.setToolTip("" if each.versions > 1 else "只收到一版，没有可以比较的")
        if each.kept.revision != self._shown:
            self._shown = each.kept.revision
            self.reading.show_report(each.kept.report)

    def _ask(self, wanted: Callable[[Received], object]) -> None:
        if (each := self.chosen()) is not None:
            wanted(each)

    def _refuse(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.trouble.show()
