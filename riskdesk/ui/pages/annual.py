"""The page 专题报告: the yearly report (Annex 2) is written here, beside what is computed for it; those of others are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from riskdesk import clock
from riskdesk.domain.annual import AnnualReport
from riskdesk.domain.blocks import BlockKind
from riskdesk.services import annual, annual_typing, station_receipts
from riskdesk.services.annual import Kept
from riskdesk.services.roster import roster_of
from riskdesk.ui import theme
from riskdesk.ui.dialogs.annual_receiving import AnnualReceiving
from riskdesk.ui.dialogs.annual_work import AnnualWork
from riskdesk.ui.widgets.annual_actions import AnnualActions
from riskdesk.ui.widgets.annual_blocks import AnnualBlocks
from riskdesk.ui.widgets.annual_editing import AnnualEditing
from riskdesk.ui.widgets.annual_received import ReceivedReports
from riskdesk.ui.widgets.annual_text import AnnualText
from riskdesk.ui.widgets.annual_tree import AnnualTree
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.station_notes import Notes

_CODE = Qt.ItemDataRole.UserRole
_SHARES = (27, 38, 35)  # of the width: headings, text, computed
_EMPTY = "还没有专题分析报告。\n点“新建”，填写产品和年度，程序会按通知的 16 个标题建好报告，并把全年的记录统计好。"


class AnnualPage(Page):
    """Joins list, headings, text and computed parts, and what came from others; `record_wanted(id)` – one of the records behind a number."""

    record_wanted = Signal(str)
    title = "专题报告"

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        desk, jobs = bench.desk, bench.jobs
        self._desk = desk
        self._code = ""  # the section that is shown
        self.editing = AnnualEditing(desk, self)
        self.work = AnnualWork(bench, self.editing, self)
        self.actions_bar = AnnualActions()
        self.tree = AnnualTree()
        self.text = AnnualText()
        self.blocks = AnnualBlocks(jobs)
        self.to_do = named(QListWidget(), "待办")
        self.to_do.setWordWrap(True)
        self.to_do.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.to_do.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.tabs = named(QTabWidget(), "自动统计和待办")
        self.trouble, self.handed = told(name="err"), Notes()
        self.trouble.hide()
        self.received = ReceivedReports(desk, jobs)
        self.receiving = AnnualReceiving(bench, self.received)
        self.own, self.sides = QWidget(), QTabWidget()
        self._lay_out()
        self._connect()
        self._show_nothing()

    # --- what the window asks for ---

    def refresh(self) -> None:
        self.received.refresh()
        version = self.editing.version
        self._show_list()
        if version is None:
            self._open_newest()
        elif not self.editing.is_dirty:
            self.work.attempt(lambda: self._follow(annual.current(self._desk, version.id)))

    def may_leave(self) -> bool:
        """Save what is typed; it stays in the journal if that fails."""
        return self.work.attempt(self.editing.save)

    def take_focus(self) -> None:
        if self.sides.currentWidget() is self.received:
            self.received.take_focus()
            return
        (self.text.editor if self.editing.version else self.actions_bar.new).setFocus()

    def keep_up(self) -> None:
        """Bring the journal up to the last key."""
        self.editing.keep_up()

    def open_report(self, report_id: str) -> None:
        """Show a report, unless what is typed into another one cannot be saved."""
        now = self.editing.version
        if now is not None and now.id == report_id:
            return
        if self.work.attempt(self.editing.save) and self.work.attempt(lambda: self._open(report_id)):
            return
        self._show_list()

    def open_section(self, code: str) -> None:
        """Show a section and put the cursor into its text."""
        self.tree.outline.choose(code)
        self.text.editor.setFocus()

    # --- making it ---

    def _lay_out(self) -> None:
        self.tabs.addTab(self.blocks, "自动统计")
        self.tabs.addTab(self.to_do, "待办")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        self._empty = told(_EMPTY, "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part, share in zip((self.tree, self.text, self.tabs), _SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        letter = theme.letter(self)
        split.setSizes([letter * share * 2 for share in _SHARES])
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(split)
        layout = QVBoxLayout(self.own)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(8)
        for line in (self.actions_bar, self.handed, self.trouble):
            layout.addWidget(line)
        layout.addWidget(self._stack, 1)
        self.sides.setDocumentMode(True)
        self.sides.tabBar().setDrawBase(False)
        self.sides.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # else its hidden bar gets the focus
        named(self.sides.tabBar(), "本单位的和收到的报告")
        self.sides.addTab(self.own, "本单位的报告")
        self.sides.addTab(self.received, "收到的报告")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 4, 20, 12)
        whole.addWidget(self.sides)
        self._tell_received(0)

    def _connect(self) -> None:
        bar, work = self.actions_bar, self.work
        keep = Qt.ShortcutContext.WidgetWithChildrenShortcut
        work.started.connect(self._on_started)
        work.renewed.connect(self._on_renewed)
        work.added.connect(self.open_section)
        work.settled.connect(self._on_left_settled)
        work.exported.connect(self.changed)
        work.handed_on.connect(self._on_handed_on)
        work.record_wanted.connect(self.record_wanted)
        work.refused.connect(self._tell_trouble)
        bar.new_wanted.connect(work.start)
        bar.save_wanted.connect(self._on_save)
        bar.refresh_wanted.connect(work.refresh)
        bar.words_wanted.connect(work.change_words)
        bar.history_wanted.connect(work.show_history)
        bar.export_wanted.connect(work.export)
        bar.hand_on_wanted.connect(work.hand_on)
        bar.left_wanted.connect(work.show_left)
        self.tree.reports.wanted.connect(self.open_report)
        self.tree.outline.chosen.connect(self._on_section_chosen)
        self.tree.addition_wanted.connect(work.add_section)
        self.tree.deletion_wanted.connect(work.delete_section)
        self.text.typed.connect(self._on_typed)
        self.received.counted.connect(self._tell_received)
        self.receiving.record_wanted.connect(self.record_wanted)
        self.blocks.records_wanted.connect(work.show_behind)
        self.blocks.chart_wanted.connect(work.show_chart)
        self.blocks.printing_changed.connect(self._on_printing_changed)
        self.to_do.itemClicked.connect(self._on_to_do)
        self.to_do.itemActivated.connect(self._on_to_do)
        self.editing.saved.connect(self._on_saved)
        self.editing.kept.connect(self._on_kept)
        self.editing.failed.connect(lambda why: self._tell_trouble(f"正在输入的文字没有写到磁盘：{why}"))
        self.editing.recovered.connect(self.trouble.hide)
        for keys, slot in (
            ("Ctrl+S", self._on_save),
            ("Ctrl+PgDown", lambda: self._step(1)),
            ("Ctrl+PgUp", lambda: self._step(-1)),
            ("F8", self._on_next_to_do),
        ):
            QShortcut(QKeySequence(keys), self.own, slot, context=keep)

    # --- showing ---

    def _show_nothing(self) -> None:
        self._stack.setCurrentIndex(0)
        self.actions_bar.offer("")

    def _show_list(self) -> None:
        def show() -> None:
            version = self.editing.version
            known = annual.reports(self._desk)
            unsaved = {each.id for each in known if annual_typing.left(self._desk, each, self.editing.form_id)}
            handed = {each.id: station_receipts.handed_on(self._desk, each.revision) for each in known}
            shown = version.id if version else ""
            self.tree.reports.show_reports(known, shown, unsaved, handed)
            self.tree.reports.updateGeometry()
            self.handed.show_handed(handed.get(shown, ()), version.revision if version else "")

        self.work.attempt(show)

    def _open_newest(self) -> None:
        def find() -> None:
            known = annual.reports(self._desk)
            if known:
                self._open(max(known, key=lambda each: each.at).id)
                self._show_list()

        self.work.attempt(find)

    def _open(self, report_id: str) -> None:
        version = annual.current(self._desk, report_id)
        self.editing.open(version)
        self.text.clear()
        self._code = version.report.sections[0].code
        self._stack.setCurrentIndex(1)
        self._show_report()
        self.actions_bar.tell_left(len(self.editing.left()))

    def _follow(self, version: Kept) -> None:
        """Show a version that came from elsewhere: what is undone in the editor goes on."""
        if version != self.editing.version:
            self.editing.open(version)
            self._show_report()

    def _show_report(self) -> None:
        version, report = self.editing.version, self.editing.report
        if version is None or report is None:
            return
        if self._code not in {each.code for each in report.sections}:
            self._code = report.sections[0].code
        self.actions_bar.offer(f"{report.year} 年度　{report.product}质量安全形势专题分析报告")
        self.tree.show_report(report, self._code)
        self._show_section()
        self._show_to_do(report)
        self.text.state.setText(f"已保存 {version.at[11:16]}")

    def _show_section(self) -> None:
        report = self.editing.report
        if report is not None and self._code:
            titles = dict(pair for part in annual.outline(report) for pair in part.sections)
            self.text.show_section(report.section(self._code), titles[self._code])
            self.blocks.show_section(report.section(self._code))

    def _show_to_do(self, report: AnnualReport) -> None:
        found = annual.to_do(report)
        self.tabs.setTabText(1, f"待办（{len(found)}）")
        if [self.to_do.item(row).text() for row in range(self.to_do.count())] == [text for _, text in found]:
            return
        self.to_do.clear()
        for code, text in found:
            item = QListWidgetItem(text, self.to_do)
            item.setData(_CODE, code)

    # --- writing ---

    def _on_typed(self, code: str, text: str) -> None:
        self.editing.type(code, text)
        report = self.editing.report
        if report is not None:
            self.tree.outline.show_marks(report)
            self._show_to_do(report)
            self.text.state.setText("未保存" if self.editing.is_dirty else "没有改动")

    def _on_kept(self, when: datetime) -> None:
        if self.editing.is_dirty:
            self.text.state.setText(f"未保存，{when:%H:%M:%S} 已自动留底")

    def _on_save(self) -> None:
        if self.editing.version is not None and self.work.attempt(self.editing.save):
            self.told.emit("专题报告已保存。")

    def _on_saved(self) -> None:
        self._show_report()
        self.changed.emit()
        self._show_list()

    def _on_section_chosen(self, code: str) -> None:
        if code:
            self._code = code
            self._show_section()

    def _step(self, by: int) -> None:
        codes = self.tree.outline.codes()
        if self._code in codes:
            self.open_section(codes[min(max(codes.index(self._code) + by, 0), len(codes) - 1)])

    def _on_next_to_do(self) -> None:
        report = self.editing.report
        if report is None:
            return
        waiting = {code for code, _ in annual.to_do(report)}
        codes = self.tree.outline.codes()
        at = codes.index(self._code) + 1
        following = next((each for each in (*codes[at:], *codes[:at]) if each in waiting), "")
        if following:
            self.open_section(following)
        else:
            self.told.emit("没有待办了。")

    def _on_to_do(self, item: QListWidgetItem) -> None:
        self.open_section(str(item.data(_CODE)))

    def _on_printing_changed(self, kind: BlockKind, printed: bool) -> None:
        code = self._code

        def changed(report: AnnualReport) -> AnnualReport:
            section = report.section(code)
            others = tuple(each for each in section.left_out if each is not kind)
            return report.with_section(replace(section, left_out=others if printed else (*others, kind)))

        self.work.attempt(lambda: self.editing.change(changed))

    def _on_started(self, kept: Kept) -> None:
        self.open_report(kept.id)
        self.changed.emit()
        self._show_list()
        self.text.editor.setFocus()

    def _on_renewed(self, version: Kept, told: str) -> None:
        if version != self.editing.version:
            self._follow(version)
            self.changed.emit()
            self._show_list()
        self.told.emit(told)

    def _on_handed_on(self, told: str) -> None:
        self.told.emit(told)
        self.changed.emit()
        self._show_list()

    def _tell_received(self, count: int) -> None:
        """Say how many came; an office that nobody reports to has but its own."""
        self.sides.setTabText(1, f"收到的报告（{count}）")
        below = roster_of(self._desk).subordinates(self._desk.office.code, clock.today())
        self.sides.tabBar().setVisible(bool(count or below))

    def _on_left_settled(self) -> None:
        self.actions_bar.tell_left(len(self.editing.left()))
        self._show_list()

    def _tell_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
