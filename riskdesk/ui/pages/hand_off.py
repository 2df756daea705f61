"""The page 收发: what was handed on and what became of it, what came and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QSplitter,
    QTableWidget,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.handoff import HandedState
from riskdesk.domain.progress import Progress
from riskdesk.domain.titles import EMPTY
from riskdesk.errors import UserError
from riskdesk.services import handed, undoing
from riskdesk.services.desk import Desk
from riskdesk.services.handed import Came, Package, Returned, Sent
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.write_again import WriteAgainDialog
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.working import run_with_progress

_SENT = ("报送期", "状态", "第几次", "报送至", "记录", "已导出", "已收到", "已退回", "已采用", "等待回执")
_SENT_WIDTHS = (12, 16, 10, 0, 10, 12, 12, 12, 12, 16)
_CAME = ("单位", "状态", "报送期", "第几次", "制作时间", "记录", "迟报", "接收时间")
_CAME_WIDTHS = (0, 14, 17, 10, 20, 10, 18, 20)
_BACK = ("涉及产品", "退回单位", "退回原因")
_STATES = (HandedState.SENT, HandedState.RECEIVED, HandedState.RETURNED, HandedState.ADOPTED)

_T = TypeVar("_T")


class HandOffPage(Page):
    """Two lists; returned records lead to their forms (`record_wanted`), and files can be taken in (`files_wanted`)."""

    record_wanted = Signal(str)  # an object id
    submit_wanted = Signal()
    files_wanted = Signal()
    title = "收发"

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._desk, self._jobs = bench, bench.desk, bench.jobs
        self._sent: Sequence[Sent] = ()
        self._came: Sequence[Came] = ()
        self._returned: Sequence[Returned] = ()
        self.sent = ChipTable("已上报的包", _SENT, _SENT_WIDTHS, 1)
        self.came = ChipTable("已接收的包", _CAME, _CAME_WIDTHS, 1)
        self.returned = ChipTable("退回的记录", _BACK, (34, 34, 0), -1)
        self.about = named(QTextBrowser(), "所选包的详情")
        self.about.setTabChangesFocus(True)
        self._again = button("再次写出(&W)…", icon="export")
        self._answer = button("回执和退回(&H)…", icon="send")
        self._undo = button("撤销接收(&Z)…", icon="undo")
        self._submit = button("上报(&S)…", icon="send", kind="primary")
        self._receive = button("接收文件(&J)…", icon="import", kind="primary")
        self._trouble = told(name="err")
        self._trouble.hide()
        self.tabs = named(QTabWidget(), "收发")
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        self._sent, self._came = handed.sent(self._desk), handed.came(self._desk)
        self._fill(self.sent, [_sent_row(each) for each in self._sent])
        self._fill(self.came, [_came_row(each) for each in self._came])
        self.tabs.setTabText(0, f"已上报（{len(self._sent)}）")
        self.tabs.setTabText(1, f"已接收（{len(self._came)}）")
        self._on_sent_chosen()
        self._on_came_chosen()

    def take_focus(self) -> None:
        (self.sent if self.tabs.currentIndex() == 0 else self.came).setFocus()

    def show_returned(self, report: str) -> None:
        """Show the records that came back of a report of ours, by its package's id."""
        self.tabs.setCurrentIndex(0)
        self.sent.choose(next((at for at, each in enumerate(self._sent) if each.package.id == report), 0))
        self.returned.choose(0)
        self.returned.setFocus()

    # --- the parts ---

    def _lay_out(self) -> None:
        up, down = QWidget(), QWidget()
        self._lay_tab(up, self.sent, self.returned, (self._submit, self._again))
        self._lay_tab(down, self.came, self.about, (self._receive, self._answer, self._undo))
        self.tabs.addTab(up, "已上报")
        self.tabs.addTab(down, "已接收")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addWidget(self.tabs)
        layout.addWidget(self._trouble)

    def _lay_tab(self, tab: QWidget, table: QWidget, below: QWidget, buttons: Sequence[QWidget]) -> None:
        line = QHBoxLayout()
        for each in buttons:
            line.addWidget(each)
        line.addStretch(1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(table)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(tab)
        layout.addLayout(line)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        self.sent.itemSelectionChanged.connect(self._on_sent_chosen)
        self.came.itemSelectionChanged.connect(self._on_came_chosen)
        self.returned.activated.connect(lambda index: self.record_wanted.emit(self._returned[index.row()].object_id))
        self._again.clicked.connect(self._on_again)
        self._answer.clicked.connect(self._on_answer)
        self._undo.clicked.connect(self._on_undo)
        self._submit.clicked.connect(self.submit_wanted)
        self._receive.clicked.connect(self.files_wanted)

    # --- showing ---

    def _fill(self, table: ChipTable, rows: Sequence[tuple[Sequence[str], str]]) -> None:
        at = table.currentRow()
        table.blockSignals(True)
        table.clear_rows()
        for texts, tone in rows:
            table.add_row(texts, tone)
        table.choose(at)
        table.blockSignals(False)

    def _chosen_sent(self) -> Sent | None:
        return _at(self._sent, self.sent)

    def _chosen_came(self) -> Came | None:
        return _at(self._came, self.came)

    def _on_sent_chosen(self) -> None:
        chosen = self._chosen_sent()
        self._returned = chosen.returned if chosen else ()
        self._fill(self.returned, [((each.product or EMPTY, each.office, each.reason), "") for each in self._returned])
        _offer((self._again,), chosen is not None, "还没有上报过")

    def _on_came_chosen(self) -> None:
        chosen = self._chosen_came()
        self.about.setHtml(_about(chosen) if chosen else "<p>还没有接收过报送包。把文件拖到窗口上就可以接收。</p>")
        _offer((self._answer, self._undo), chosen is not None, "还没有接收过报送包")

    # --- doing ---

    def _on_again(self) -> None:
        chosen = self._chosen_sent()
        if chosen is not None:
            dialog = WriteAgainDialog(self._bench, chosen, self.window())
            dialog.finished.connect(lambda _result: self.changed.emit())  # what was only sealed may be written now
            dialog.open()

    def _on_answer(self) -> None:
        chosen = self._chosen_came()
        if chosen is not None:
            AnswerDialog(self._bench, chosen, self.changed.emit, self.window()).open()

    def _on_undo(self) -> None:
        chosen = self._chosen_came()
        if chosen is None:
            return
        package = chosen.package
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "撤销接收",
            f"撤销接收 {chosen.office} {_what(chosen)}（{_minute(package.created)} 制作）？\n"
            "它带来的内容会从列表和统计中拿掉，但不会删除；再次接收同一个文件就会回来。",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            self.window(),
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(lambda: self._take_back(package))
        box.open()

    def _take_back(self, package: Package) -> None:
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> int:
            with Desk(home, reference) as desk:
                return undoing.undo(desk, package.run_id)

        run_with_progress(
            self.window(), self._jobs, "撤销接收", work=work, done=self._on_taken_back, failed=self._refuse
        )

    def _on_taken_back(self, count: int) -> None:
        self._trouble.hide()
        self.told.emit(f"已撤销接收，{count} 条内容停止使用。")
        self.changed.emit()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
            self._trouble.show()


def _sent_row(each: Sent) -> tuple[Sequence[str], str]:
    package = each.package
    counts = [str(each.counts.get(state, 0)) for state in _STATES]
    waits = f"{each.days} 天" if each.waiting else ""
    word, tone = "已答复", "green"
    if each.is_superseded:
        word, tone = "已另报", "grey"
    elif not each.handed_at:
        word, tone = "已封存，未写出", "amber"
    elif each.returned:
        word, tone = "有退回", "red"
    elif each.waiting:
        word, tone = "等待回执", "amber"
    records = "零报告" if package.nil else str(sum(each.counts.values()))
    return (package.period, word, str(package.number), "、".join(each.receivers), records, *counts, waits), tone


def _came_row(each: Came) -> tuple[Sequence[str], str]:
    package = each.package
    word, tone = (
        ("已退回", "red") if each.returned else ("已发回执", "green") if each.answers else ("未发回执", "amber")
    )
    records = "零报告" if package.nil else "" if each.title else str(each.records)
    made, at = _minute(package.created), _minute(package.at)
    return (each.office, word, each.title or package.period, str(package.number), made, records, each.late, at), tone


def _what(each: Came) -> str:
    return each.title or f"{each.package.period} 期第 {each.package.number} 次报送"


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _about(each: Came) -> str:
    package, facts = each.package, each.package.facts
    lines = [
        facts.get("summary", ""),
        f"签名人：{facts.get('signer') or EMPTY}",
        "" if each.title else f"封存时间：{_minute(str(facts.get('sealed_at', '')))}",
        f"制作时间：{_minute(package.created)}",
        f"迟报原因：{each.late}" if each.late else "",
        f"更正原因：{facts['reason']}" if facts.get("reason") else "",
        f"文件：{package.file_name}　编号：{package.id[:12]}",
        f"已发回执 {each.answers} 次" + (f"，退回 {each.returned} 条" if each.returned else "") if each.answers else "",
        *(
            f"内含：{inner.sender} {inner.period} 期第 {inner.number} 次，签名人 {inner.facts.get('signer') or EMPTY}"
            for inner in each.inside
        ),
    ]
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def _at(rows: Sequence[_T], table: QTableWidget) -> _T | None:
    row = table.currentRow()
    return rows[row] if 0 <= row < len(rows) else None


def _offer(buttons: Sequence[QWidget], wanted: bool, why_not: str) -> None:
    for each in buttons:
        each.setEnabled(wanted)
        each.setToolTip("" if wanted else why_not)
