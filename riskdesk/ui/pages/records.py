"""The page 风险信息: the table of records, and the form of the chosen one beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.periods import Period
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision
from riskdesk.errors import UserError
from riskdesk.services import drafting, entry
from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.services.drafting import Unfinished
from riskdesk.services.listing import Filter
from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.dialogs.bin import BinDialog
from riskdesk.ui.dialogs.form_dialogs import serve
from riskdesk.ui.dialogs.history import HistoryDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.models.record_table import COLUMNS, ID_ROLE, TONE_ROLE, RecordTableModel
from riskdesk.ui.models.undo import RecordChange
from riskdesk.ui.widgets.filter_bar import FilterBar
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, named, styled, told
from riskdesk.ui.widgets.record_form import RecordForm

_NO_ROW = QModelIndex()
_DAY_COLUMN = len(COLUMNS) - 1
_SHARES = (54, 46)  # of the width: list and form
_FORM_LETTERS = 58  # half characters that the form is wide at least


class RecordsPage(Page):
    """Joins filter, table and form; a chosen record is left only once what was typed into it is saved."""

    paste_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal(str)  # the period shown
    title = "风险信息"

    def __init__(self, desk: Desk, now: Period, completion: Completion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._now = now
        self._completion = completion
        self._last: Record | None = None  # the record saved last, to be duplicated
        self._before: Revision | None = None  # what the form's record said when it was opened
        self._is_new = True  # the form was opened empty: after it comes another empty one
        self.undo_stack = QUndoStack(self)
        self.filters = FilterBar(desk, now)
        self.model = RecordTableModel(desk, self)
        self.table = self._made_table()
        self.form = RecordForm(desk, completion)
        self.form.setMinimumWidth(theme.letter(self) * _FORM_LETTERS)
        self._count = told(name="muted")
        self._trouble = told(name="err")
        self._trouble.hide()
        self._lay_out()
        self._connect()
        self._add_actions()
        serve(self.form, desk)
        self.form.open_new(now.id)

    # --- what the window asks for ---

    def refresh(self) -> None:
        self._on_filtered(self.filters.filter())

    def may_leave(self) -> bool:
        return self._settled()

    def end(self) -> bool:
        return self.form.jobs.stop_all()

    def new_record(self, like: Record | None = None) -> None:
        """Open an empty form, or one filled like another record."""
        if self._settled():
            self.table.selectionModel().clear()
            self._before, self._is_new = None, True
            self.form.open_new(self._period_to_fill(), like)
            self.form.focus_first()

    def open_record(self, object_id: str) -> None:
        """Show a record in the form, whatever the table shows."""
        if not self._settled():
            return
        self._load(object_id)
        row = self.model.row_of(object_id)
        if row >= 0:
            self._choose(row)

    def resume(self, unfinished: Unfinished) -> None:
        """Go on with what a kill or a draft left."""
        if self._settled():
            self.table.selectionModel().clear()
            self._attempt(lambda: self._take_up(unfinished))

    def _take_up(self, unfinished: Unfinished) -> None:
        self.form.open_unfinished(unfinished)
        self._before = entry.current(self._desk, unfinished.object_id) if unfinished.object_id else None
        self._is_new = not unfinished.object_id
        self.form.focus_first()

    def show_drafts(self) -> None:
        """List what is not finished yet."""
        UnfinishedDialog(
            "未完成的草稿",
            drafting.drafts(self._desk),
            resumed=self.resume,
            dropped=lambda each: self._written(lambda: drafting.drop(self._desk, each.id)),
            parent=self,
        ).open()

    def show_filter(self, given: Filter) -> None:
        """Show a period with all its records, or with those of a level or state."""
        self.filters.clear()
        self.filters.show_period(given.period)
        for combo, value in ((self.filters.level, given.level), (self.filters.state, given.state)):
            combo.setCurrentIndex(max(0, combo.findData(value)))

    # --- making it ---

    def _made_table(self) -> QTableView:
        table = named(QTableView(), "风险信息列表")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)  # or the next line sorts by product
        table.setSortingEnabled(True)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 2.1))
        chips = ChipDelegate(TONE_ROLE, table)
        letter = theme.letter(self)
        for number, column in enumerate(COLUMNS):
            if column.chip:
                table.setItemDelegateForColumn(number, chips)
            table.setColumnWidth(number, letter * (20, 30, 9, 10, 9)[number])
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        self._paste = button("粘贴(&V)", icon="paste")
        self._import = button("导入(&I)", icon="import")
        self._export = button("导出(&E)", icon="export")
        self._new = button("新增(&N)", icon="add", kind="primary")
        self._drafts = button("草稿", icon="edit", kind="quiet")
        self._bin = button("回收站", icon="bin", kind="quiet")
        self._undo = button("撤销", icon="undo", kind="quiet")
        self._redo = button("重做", icon="redo", kind="quiet")
        self._paste.setToolTip("把从 Excel、WPS 复制的多行粘贴进来（列表中按 Ctrl+V）")
        self._import.setToolTip("导入填好的报送表（Ctrl+I），也可以把文件拖进窗口")
        self._export.setToolTip("预览并导出报送表（Ctrl+E）")
        top = QHBoxLayout()
        top.addWidget(self.filters, 1)
        for each in (self._paste, self._import, self._export, self._new):
            top.addWidget(each)
        left = styled(QFrame(), "card")
        column = QVBoxLayout(left)
        column.setContentsMargins(1, 1, 1, 4)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 0, 6, 0)
        foot.addWidget(self._count, 1)
        for each in (self._undo, self._redo, self._drafts, self._bin):
            foot.addWidget(each)
        column.addLayout(foot)
        right = styled(QFrame(), "card")
        inside = QVBoxLayout(right)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.form)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        for part, share in enumerate(_SHARES):
            splitter.setStretchFactor(part, share)
        splitter.setSizes([share * 100 for share in _SHARES])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addLayout(top)
        whole.addWidget(self._trouble)
        whole.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.filters.filtered.connect(self._on_filtered)
        self.filters.list_wanted.connect(self._enter_list)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.activated.connect(lambda _index: self.form.focus_first())
        self.model.failed.connect(self._tell_trouble)
        self.form.saved.connect(self._on_saved)
        self.form.withdrawn.connect(self._on_saved)
        self.form.next_wanted.connect(self._on_next_wanted)
        self.form.history_wanted.connect(self.show_history)
        self.form.drafts_changed.connect(self._on_drafts_changed)
        self._paste.clicked.connect(self.paste_wanted)
        self._import.clicked.connect(self.import_wanted)
        self._export.clicked.connect(lambda: self.export_wanted.emit(self.filters.period.currentData()))
        self._new.clicked.connect(_without_argument(self.new_record))
        self._drafts.clicked.connect(self.show_drafts)
        self._bin.clicked.connect(self.show_bin)
        self._undo.clicked.connect(self.undo)
        self._redo.clicked.connect(self.redo)
        self.undo_stack.indexChanged.connect(self._show_undo)
        self._show_undo()

    def _add_actions(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, slot, where in (
            ("Ctrl+F", self._enter_search, self),
            ("Ctrl+N", self.new_record, self),
            ("Ctrl+Shift+D", self.duplicate_last, self),
            ("Ctrl+'", self.fill_from_above, self),
            ("Ctrl+PgDown", lambda: self._step(1), self),
            ("Ctrl+PgUp", lambda: self._step(-1), self),
            ("Ctrl+H", self.show_history, self),
            ("Ctrl+I", self.import_wanted.emit, self),
            ("Ctrl+E", self._export.click, self),
            ("Ctrl+Shift+V", self.paste_wanted.emit, self),
            ("Ctrl+Alt+Z", self.undo, self),
            ("Ctrl+Alt+Y", self.redo, self),
            ("F6", self._change_sides, self),
            ("Ctrl+V", self.paste_wanted.emit, self.table),
            ("Ctrl+Z", self.undo, self.table),
            ("Ctrl+Y", self.redo, self.table),
            ("Delete", self._withdraw_chosen, self.table),
        ):
            action = QAction(where)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(inside)
            action.triggered.connect(_without_argument(slot))
            where.addAction(action)

    # --- what happens ---

    def _on_filtered(self, given: Filter) -> None:
        chosen = self._chosen_id()
        if self._attempt(lambda: self.model.show(given)):
            self._restore_choice(chosen)
            self._tell_counts()

    def _on_row_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        object_id = now.data(ID_ROLE)
        if not object_id or object_id == self.form.object_id:
            return
        if not self._settled():
            self._choose_quietly(before.row())
            return
        self._load(object_id)

    def _load(self, object_id: str) -> None:
        """Show a record in the form; one that cannot be read is told, and the form stays as it is."""
        if self._attempt(lambda: self.form.open_record(object_id)):
            self._before, self._is_new = entry.current(self._desk, object_id), False
            row = self.table.currentIndex().row()
            self.form.show_number(row + 1 if self._chosen_id() == object_id else None)

    def _on_saved(self, revision: Revision) -> None:
        if self._before is None or self._before.hash != revision.hash:
            self.undo_stack.push(RecordChange(self._desk, self._before, revision))
        self._before = revision
        self._last = entry.record_of(revision)
        self._completion.learn(self._last.product)
        self.told.emit(f"已保存：{self._last.product}")
        self.changed.emit()

    def _on_next_wanted(self) -> None:
        """After save-and-next: the next row of the table, or a new record when there is none or a new one was typed."""
        row = self.table.currentIndex().row()
        if not self._is_new and 0 <= row < self.model.rowCount() - 1:
            self._choose(row + 1)
            self.form.focus_first()
        else:
            self.new_record()

    def _on_drafts_changed(self) -> None:
        self._tell_counts()
        self.changed.emit()

    def duplicate_last(self) -> None:
        """Open a new record filled like the one shown, or else the one saved last."""
        shown = self.form.record() if self.form.object_id else self._last
        if shown is not None:
            self.new_record(shown)

    def fill_from_above(self) -> None:
        """Fill the field that is being edited as in the record above it (for a new one: the newest in the table)."""
        row = self.table.currentIndex().row() if self.table.selectionModel().hasSelection() else 0
        above = self.model.listed(row - 1 if row > 0 else row)
        if above is not None and (revision := entry.current(self._desk, above.row.id)) is not None:
            self.form.fill_field_from(entry.record_of(revision))

    def show_history(self) -> None:
        """Show all that the record in the form ever said."""
        if self.form.object_id and self._settled():
            HistoryDialog(self._desk, self.form.object_id, restored=self._on_restored, parent=self).open()

    def show_bin(self) -> None:
        """Show the records that were put away."""
        BinDialog(self._desk, taken_back=self._on_restored, parent=self).open()

    def undo(self) -> None:
        """Go one saved change back, of whatever record it was."""
        self._step_in_time(self.undo_stack.undo, self.undo_stack.index() - 1)

    def redo(self) -> None:
        """Do again what was undone."""
        self._step_in_time(self.undo_stack.redo, self.undo_stack.index())

    def _step_in_time(self, go: Callable[[], None], number: int) -> None:
        command = self.undo_stack.command(number)
        if not isinstance(command, RecordChange) or not self._settled() or not self._attempt(go):
            return
        self.changed.emit()
        self._reopen(command.object_id)
        self.told.emit(f"{'已撤销' if number == self.undo_stack.index() else '已重做'}：{command.text()}")

    def _on_restored(self, revision: Revision) -> None:
        before = entry.history(self._desk, revision.object_id)[-2]  # a restored record had at least one revision before
        self.undo_stack.push(RecordChange(self._desk, before, revision))
        self.changed.emit()
        self._reopen(revision.object_id)

    def _reopen(self, object_id: str) -> None:
        self._load(object_id)
        self._restore_choice(object_id)

    def _withdraw_chosen(self) -> None:
        if self._chosen_id() and self._settled():
            self.form.withdraw()

    def _settled(self) -> bool:
        """Save what the form holds; False if that is not possible, the form says why."""
        return not self.form.is_dirty() or self.form.save()

    def _written(self, work: Callable[[], object]) -> None:
        if self._attempt(work):
            self._on_drafts_changed()

    def _attempt(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except UserError as error:
            self._tell_trouble(str(error))
            return False
        self._trouble.hide()
        return True

    def _tell_trouble(self, text: str) -> None:
        self._trouble.setText(text)
        self._trouble.show()

    # --- where we are ---

    def _period_to_fill(self) -> str:
        shown: str = self.filters.period.currentData()
        return shown or self._now.id

    def _chosen_id(self) -> str:
        index = self.table.currentIndex()
        chosen: str | None = index.data(ID_ROLE) if self.table.selectionModel().hasSelection() else None
        return chosen or ""

    def _restore_choice(self, object_id: str) -> None:
        row = self.model.row_of(object_id or self.form.object_id)
        if row >= 0:
            self._choose_quietly(row)

    def _choose(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row, 0))

    def _choose_quietly(self, row: int) -> None:
        selection = self.table.selectionModel()
        blocked = selection.blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection.setCurrentIndex(self.model.index(row, 0) if row >= 0 else _NO_ROW, flags)
        selection.blockSignals(blocked)
        self.table.viewport().update()

    def _step(self, by: int) -> None:
        row = self.table.currentIndex().row() + by
        if 0 <= row < self.model.rowCount():
            self._choose(row)

    def _enter_search(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _enter_list(self) -> None:
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self._choose(0)
        self.table.setFocus()

    def _change_sides(self) -> None:
        if self.table.hasFocus():
            self.form.focus_first()
        else:
            self.table.setFocus()

    def _tell_counts(self) -> None:
        shown = self.model.rowCount()
        self._count.setText(f"共 {shown} 条" if shown else "没有符合条件的记录。按 Ctrl+N 新增，或从表格粘贴。")
        waiting = drafting.count(self._desk)
        self._drafts.setText(f"草稿 {waiting}" if waiting else "草稿")
        self._drafts.setEnabled(bool(waiting))
        self._drafts.setToolTip("" if waiting else "没有未完成的草稿")

    def _show_undo(self) -> None:
        for each, possible, text, keys in (
            (self._undo, self.undo_stack.canUndo(), self.undo_stack.undoText(), "Ctrl+Alt+Z"),
            (self._redo, self.undo_stack.canRedo(), self.undo_stack.redoText(), "Ctrl+Alt+Y"),
        ):
            each.setEnabled(possible)
            each.setToolTip(f"{text}（{keys}）" if possible else "还没有可以撤销或重做的操作")


def _without_argument(slot: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        slot()

    return call
