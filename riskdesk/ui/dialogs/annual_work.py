"""What is done with a yearly report as a whole, joined for its page: start, refresh, versions, export, what a kill left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from riskdesk.domain.blocks import Chart
from riskdesk.domain.progress import Progress
from riskdesk.domain.revisions import Revision
from riskdesk.errors import UserError
from riskdesk.services import annual, annual_exports, annual_typing, assessments
from riskdesk.services.annual import Kept
from riskdesk.services.annual_typing import Typed
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.annual_chart import AnnualChartDialog
from riskdesk.ui.dialogs.annual_export import AnnualExportDialog
from riskdesk.ui.dialogs.annual_history import AnnualHistoryDialog
from riskdesk.ui.dialogs.annual_left import AnnualLeftDialog
from riskdesk.ui.dialogs.annual_new import AnnualNewDialog
from riskdesk.ui.dialogs.annual_section import AnnualSectionDialog
from riskdesk.ui.dialogs.annual_words import AnnualWordsDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.dialogs.station_files import HandOnDialog
from riskdesk.ui.widgets.annual_editing import AnnualEditing
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.working import run_with_progress


class AnnualWork(QObject):
    """Whatever it does, what is typed is saved first; it does nothing if that fails.

    Signals: `started(version)` – a new report; `renewed(version, told)` – the report has another version; `added(code)` – a
    section; `exported()` – the report was written out; `handed_on(told)`; `settled()` – what a kill left is dealt with;
    `record_wanted(id)`; `refused(why)`, "" once all is well.
    """

    started = Signal(object)
    renewed = Signal(object, str)
    added = Signal(str)
    exported = Signal()
    handed_on = Signal(str)
    settled = Signal()
    record_wanted = Signal(str)
    refused = Signal(str)

    def __init__(self, bench: Bench, editing: AnnualEditing, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._desk, self._jobs = bench, bench.desk, bench.jobs
        self._editing, self._page = editing, page

    def attempt(self, do: Callable[[], object]) -> bool:
        """Do something; tell what a person can do about it if it fails."""
        try:
            do()
        except UserError as error:
            self._refuse(error)
            return False
        self.refused.emit("")
        return True

    def start(self) -> None:
        """Ask what the new report is about."""
        if self.attempt(self._editing.save):
            AnnualNewDialog(self._desk, self._jobs, self.started.emit, self._page.window()).open()

    def change_words(self) -> None:
        """Ask which products are counted, and count anew."""
        report = self._editing.report
        if report is not None:

            def count(words: Sequence[str]) -> None:
                self._count_anew(lambda desk, kept: annual.count_for(desk, kept, words))

            AnnualWordsDialog(report.includes, count, self._page.window()).open()

    def refresh(self) -> None:
        """Count anew; what people wrote stays as it is."""
        self._count_anew(annual.refresh)

    def _count_anew(self, count: Callable[[Desk, Kept], Kept]) -> None:
        version = self._saved()
        if version is None:
            return
        home, reference, report_id = self._desk.home, self._desk.reference, version.id

        def work(progress: Progress) -> Kept:
            with Desk(home, reference) as desk:
                progress(0, 0, "正在统计全年的记录")
                return count(desk, annual.current(desk, report_id))

        def done(found: Kept) -> None:
            self.refused.emit("")
            self.renewed.emit(found, "统计没有变化。" if found == version else "统计已更新，您写的文字没有改动。")

        run_with_progress(self._page.window(), self._jobs, "更新统计", work=work, done=done, failed=self._refuse)

    def show_history(self) -> None:
        """Show all versions; one of them may be restored."""
        version = self._saved()
        if version is not None:
            AnnualHistoryDialog(self._desk, version, self._on_restored, self._page.window()).open()

    def export(self) -> None:
        """Ask where to and write the report."""
        version = self._saved()
        if version is not None:
            dialog = AnnualExportDialog(version, self._jobs, self._page.window())
            dialog.exported.connect(lambda: self._on_exported(version.report.year))
            dialog.open()

    def hand_on(self) -> None:
        """Ask where to and write the signed package for the offices above."""
        version = self._saved()
        if version is None:
            return
        report, to_do = version.report, annual.to_do(version.report)
        lacking = f"\n还有 {len(to_do)} 项待办，可以先补齐再上报；现在上报，上级会看到缺项。" if to_do else ""
        about = (
            f"把 {report.year} 年{report.product}专题分析报告连同 Word、PDF 文本签名后写成文件，送上级单位。{lacking}"
        )

        def collect(desk: Desk) -> tuple[list[Revision], tuple[str, ...]]:
            return assessments.own_annual(desk, version.id)

        def done(sentence: str) -> None:
            if self.attempt(lambda: annual_exports.note(self._desk, report.year)):
                self.handed_on.emit(sentence)

        HandOnDialog(self._bench, ("上报专题分析报告", about), collect, done, self._page.window()).open()

    def show_left(self) -> None:
        """Show the oldest text that a kill left, which is taken up, thrown away, or waits."""
        report, waiting = self._editing.report, self._editing.left()
        if report is not None and waiting:
            window = self._page.window()
            AnnualLeftDialog(report, waiting[0], taken=self._take_up, dropped=self._drop, parent=window).open()

    def show_behind(self, title: str, ids: tuple[str, ...]) -> None:
        """List the records behind a number."""
        dialog = BehindDialog(self._desk, title, ids, self._page.window())
        dialog.record_wanted.connect(self.record_wanted)
        dialog.open()

    def show_chart(self, chart: Chart) -> None:
        """Show a chart larger."""
        AnnualChartDialog(chart, self._jobs, self._page.window()).open()

    def add_section(self, part: int) -> None:
        """Ask for the title of a section more in an open part."""
        report = self._editing.report
        if report is None:
            return

        def add(title: str) -> None:
            self._editing.change(lambda each: each.with_added(part, title))
            now = self._editing.report
            if now is not None:
                self.added.emit(now.of_part(part)[-1].code)

        AnnualSectionDialog(annual.outline(report)[part - 1].title, add, self._page.window()).open()

    def delete_section(self, code: str) -> None:
        """Delete a section that was added, if a person agrees."""
        report = self._editing.report
        if report is None:
            return
        text = f"删除“{report.section(code).title}”及其中的文字？\n删除前的内容可以在历史版本中找回。"
        yes, cancel = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel
        box = QMessageBox(QMessageBox.Icon.Question, "删除小节", text, yes | cancel, self._page.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setDefaultButton(cancel)
        box.accepted.connect(lambda: self.attempt(lambda: self._editing.change(lambda each: each.without(code))))
        box.open()

    def _saved(self) -> Kept | None:
        return self._editing.version if self.attempt(self._editing.save) else None

    def _on_exported(self, year: int) -> None:
        if self.attempt(lambda: annual_exports.note(self._desk, year)):
            self.exported.emit()

    def _on_restored(self, version: Kept) -> None:
        self.renewed.emit(version, "已恢复，恢复前的内容也在历史版本中。")

    def _take_up(self, typed: Typed) -> None:
        self._editing.take_up(typed)
        self.settled.emit()

    def _drop(self, typed: Typed) -> None:
        annual_typing.discard(self._desk, typed)
        self.settled.emit()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.refused.emit(str(error))
