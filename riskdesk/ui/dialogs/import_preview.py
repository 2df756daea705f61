"""What an import or a paste would do, row by row, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from riskdesk import clock
from riskdesk.domain.periods import Period
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import Cancelled, UserError
from riskdesk.services import calendar, importing
from riskdesk.services.desk import Desk
from riskdesk.services.importing import ImportResult, ReadSource
from riskdesk.ui import theme
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.models.import_rows import OUTCOMES, ImportRowsModel, has_sheets
from riskdesk.ui.widgets.column_mapping import ColumnMapping
from riskdesk.ui.widgets.import_details import ImportDetails
from riskdesk.ui.widgets.import_table import ImportTable
from riskdesk.ui.widgets.parts import button, chip, named, told
from riskdesk.ui.widgets.working import run_with_progress

_MONTHS = 18
_MOST_SKIPPED = 3  # named in the line; all are in its tool tip


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The sources as read by their columns, and what taking them would do."""

    sources: Sequence[ReadSource]
    result: ImportResult


class ImportPreview(QDialog):
    """Shows every row with what would become of it; closes after the rows were taken, with `taken(result)`."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        sources: Sequence[ReadSource],
        taken: Callable[[ImportResult], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导入预览")
        self._desk, self._jobs, self._taken = desk, jobs, taken
        self._sources = list(sources)
        self._result: ImportResult | None = None
        self._mapped: dict[int, TableMapping] = {}  # by file: columns that were chosen and are not read so yet
        self._job: Job | None = None
        self.rows = ImportRowsModel(self)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._fit()
        self.table.setFocus()
        self._prepare()

    # --- the parts ---

    def _make_widgets(self) -> None:
        names = "、".join(each.path.name for each in self._sources)
        self._title = told(names, "h2")
        self._unsigned = chip("未签名", "grey")
        self._unsigned.setToolTip("这是没有电子签名的表格或文字，请核对是谁填的")
        self._about = told()
        self._stranger = told(name="warn")
        self._stranger.hide()
        self._counts = QLabel("正在分析…", wordWrap=True)
        self._skipped = told(name="warn")
        self._busy = named(QProgressBar(textVisible=False), "分析进度")
        self._trouble = told(name="err")
        self.period = named(QComboBox(), "计入报送期")
        self.period.addItem("按表中日期", "")
        self.period.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for each in _periods(self._desk):
            self.period.addItem(f"{each.id} 期（{each.start:%m-%d} 至 {each.end:%m-%d}）", each.id)
        self.file = named(QComboBox(), "查看哪个文件的列")
        for number, source in enumerate(self._sources):
            self.file.addItem(source.path.name, number)
        self.columns = ColumnMapping()
        self.only_problems = named(QCheckBox("只看有问题的(&P)"), "只看有问题的行")
        self.table = ImportTable(self.rows)
        self.details = ImportDetails()
        self.drafts = named(QCheckBox("其余存为草稿(&D)"), "没有导入的行存为草稿")
        self.drafts.setToolTip("没有勾选的、需核对的和不能导入的行存为草稿，以后补正；相同的和旧的内容不用存")
        self.take_all = button("全部导入(&L)", icon="import", name="导入全部可以导入的行")
        self.take_chosen = button("导入勾选的(&I)", kind="primary", icon="check", name="导入勾选的行")
        self.take_chosen.setDefault(True)
        self._cancel = button("取消(&C)")

    def _lay_out(self) -> None:
        period, file = QLabel("计入报送期(&M)"), QLabel("列对照：文件(&F)")
        period.setBuddy(self.period)
        file.setBuddy(self.file)
        hint = told(
            "每一列读作什么，可以在下面改；同一单位下次自动照此读取。空格勾选或取消所选行，Ctrl+A 全部勾选，回车导入。"
        )
        several = len(self._sources) > 1
        for each in (file, self.file):
            each.setVisible(several)
        top = QHBoxLayout()
        top.addWidget(self._unsigned)
        top.addWidget(self._title, 1)
        top.addWidget(period)
        top.addWidget(self.period)
        shown = QHBoxLayout()
        shown.addWidget(self._counts, 1)
        shown.addWidget(self.only_problems)
        files = QHBoxLayout()
        files.addWidget(file)
        files.addWidget(self.file)
        files.addWidget(hint, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        end = QHBoxLayout()
        end.addWidget(self.drafts)
        end.addStretch(1)
        for last in (self._cancel, self.take_all, self.take_chosen):
            end.addWidget(last)
        whole = QVBoxLayout(self)
        for part in (
            top,
            self._about,
            self._stranger,
            files,
            self.columns,
            shown,
            self._busy,
            self._skipped,
            split,
            self._trouble,
            end,
        ):
            if isinstance(part, QWidget):
                whole.addWidget(part, 1 if part is split else 0)
            else:
                whole.addLayout(part)

    def _connect(self) -> None:
        self.period.currentIndexChanged.connect(self._prepare)
        self.file.currentIndexChanged.connect(self._show_columns)
        self.columns.changed.connect(self._on_columns_changed)
        self.only_problems.toggled.connect(self._on_filter_changed)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self.table.confirmed.connect(self.take_chosen.click)
        self.drafts.toggled.connect(self._show_choice)
        self.rows.chosen_changed.connect(self._show_choice)
        self.take_all.clicked.connect(lambda: self._take(self.rows.takeable()))
        self.take_chosen.clicked.connect(lambda: self._take(self.rows.chosen()))
        self._cancel.clicked.connect(self.reject)
        self.finished.connect(self._stop)

    def _fit(self) -> None:
        room = self.screen().availableGeometry()
        letter, line = theme.letter(self), self.fontMetrics().height()
        self.resize(min(letter * 190, room.width() - 40), min(line * 46, room.height() - 60))

    # --- reading and planning ---

    def _prepare(self) -> None:
        """Read the columns anew and plan, off the window's thread; what was begun before is given up."""
        self._stop()
        self._result = None
        self._trouble.clear()
        self._busy.setRange(0, 0)
        self._busy.show()
        self._show_choice()
        home, reference, period = self._desk.home, self._desk.reference, self._period()
        sources, mapped = list(self._sources), dict(self._mapped)

        def work(progress: Progress) -> _Prepared:
            with Desk(home, reference) as desk:
                read = [_read(desk, source, mapped.get(at)) for at, source in enumerate(sources)]
                return _Prepared(read, importing.plan_forms(desk, read, period, progress))

        self._job = self._jobs.start(Job(work, self._on_prepared, self._on_failed, self._on_progressed))

    def _on_prepared(self, prepared: _Prepared) -> None:
        self._job = None
        self._busy.hide()
        self._sources, self._result = list(prepared.sources), prepared.result
        self._mapped.clear()
        if not self._period():
            self.period.setItemText(0, f"按表中日期（未写的计入 {prepared.result.period}）")
        self._show_columns()
        self._show_result(prepared.result)

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._busy.hide()
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
            self._counts.setText("没有可以导入的行。")
        elif isinstance(error, Cancelled):
            self._trouble.setText("已停止，没有写入任何内容。")

    def _on_progressed(self, done: int, total: int, text: str = "") -> None:
        self._busy.setRange(0, total)
        self._busy.setValue(done)
        self._counts.setText(f"正在分析 {text}…" if text else "正在分析…")

    def _on_columns_changed(self) -> None:
        at, mapping = self._file(), self.columns.mapping()
        field_of = {title: field for field, titles in mapping.columns.items() for title in titles}
        source = self._sources[at]
        columns = tuple(replace(each, field=field_of.get(each.title, "")) for each in source.columns)
        self._sources[at] = replace(source, columns=columns)  # shown at once; read by the work
        self._mapped[at] = mapping
        self.rows.forget_choice()
        self._prepare()

    def _stop(self) -> None:
        """Give up what is being prepared: nobody waits for it any more."""
        if self._job is not None:
            self._job.cancel()
            self._job.done = self._job.failed = _ignore
            self._job.progressed = silent
            self._job = None

    # --- showing ---

    def _show_columns(self) -> None:
        source = self._sources[self._file()]
        self.columns.setVisible(bool(source.columns))
        self.columns.show_columns(source.columns)

    def _show_result(self, result: ImportResult) -> None:
        counts = result.counts()
        parts = [f"{text} {counts[outcome]}" for outcome, (text, _) in OUTCOMES.items() if counts[outcome]]
        self._counts.setText(f"读到 {counts['read']} 行" + (f"：{'、'.join(parts)}" if parts else "。"))
        self._about.setText("；".join(dict.fromkeys(map(_told_of, result.files))))
        strangers = "、".join(dict.fromkeys(f"“{file.stranger}”" for file in result.files if file.stranger))
        self._stranger.setText(f"表中填报单位是{strangers}，不是本单位或下级单位，请确认是否应导入（将作为代录）。")
        self._stranger.setVisible(bool(strangers))
        skipped = [each for file in result.files for each in _skipped(file)]
        more = f" 等 {len(skipped)} 处" if len(skipped) > _MOST_SKIPPED else ""
        self._skipped.setText("请留意：" + "；".join(skipped[:_MOST_SKIPPED]) + more if skipped else "")
        self._skipped.setToolTip("\n".join(skipped))
        self._skipped.setVisible(bool(skipped))
        at = max(0, self.table.currentIndex().row())
        self.rows.show_result(result)
        self.table.selectRow(min(at, self.rows.rowCount() - 1))
        self._on_row_chosen()

    def _show_choice(self) -> None:
        chosen, possible = len(self.rows.chosen()), len(self.rows.takeable())
        ready = self._result is not None
        self.take_chosen.setText(f"导入勾选的 {chosen} 条(&I)")
        self.take_chosen.setEnabled(ready and (chosen > 0 or self.drafts.isChecked()))
        self.take_all.setEnabled(ready and possible > 0)

    def _on_filter_changed(self, wanted: bool) -> None:
        self.rows.show_only_problems(wanted)
        self.table.select_first()
        self._on_row_chosen()

    def _on_row_chosen(self) -> None:
        self.details.show_row(self.rows.row(self.table.currentIndex().row()))

    # --- taking ---

    def reject(self) -> None:
        """Close, unless rows are being taken: how that ends has to be told here."""
        if self.isEnabled():
            super().reject()

    def _take(self, chosen: set[tuple[int, int]]) -> None:
        self._trouble.clear()
        home, reference, period, sources = self._desk.home, self._desk.reference, self._period(), self._sources
        as_drafts = self.drafts.isChecked()

        def work(progress: Progress) -> ImportResult:
            with Desk(home, reference) as desk:
                return importing.take(desk, sources, period, chosen=chosen, rest_as_drafts=as_drafts, progress=progress)

        run_with_progress(self, self._jobs, "导入", work=work, done=self._on_taken, failed=self._on_failed_taking)

    def _on_taken(self, result: ImportResult) -> None:
        self.accept()
        self._taken(result)

    def _on_failed_taking(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
        elif isinstance(error, Cancelled):
            self._trouble.setText("已停止，没有写入任何内容。")

    def _period(self) -> str:
        return str(self.period.currentData())

    def _file(self) -> int:
        return max(0, self.file.currentIndex())


def _read(desk: Desk, source: ReadSource, mapping: TableMapping | None) -> ReadSource:
    """Read the cells as a person said, else as the last time; what is read already stays."""
    if mapping is not None:
        return importing.arranged(desk, source, mapping)
    return importing.opened(desk, source) if source.form is None else source


def _told_of(file: importing.FileResult) -> str:
    head = file.form.head
    told_parts = [f"填报单位：{head.unit or '本单位（表中未写）'}", f"填报时间：{head.date_text or '未填'}"]
    if file.form.nil:
        told_parts.append("表中写明本期没有风险信息（零报告）")
    return "　".join(told_parts)


def _skipped(file: importing.FileResult) -> list[str]:
    sheets = has_sheets(file)
    return [
        " ".join(
            part
            for part in (
                each.sheet if sheets or not each.row else "",
                f"第 {each.row} 行" if each.row else "",
                each.reason,
            )
            if part
        )
        for each in file.form.skipped
    ]


def _periods(desk: Desk) -> tuple[Period, ...]:
    plan = desk.reference.periods
    now = calendar.reported_now(desk.reference, calendar.holidays_of(desk), clock.today())
    return plan.back_from(now, _MONTHS)


def _ignore(_what: object) -> None:
    """The answer to a question that nobody asks any more."""
