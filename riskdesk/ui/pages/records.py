"""The page 风险信息: the table of records, and the form of the chosen one beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from riskdesk.domain.periods import Period
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.errors import UserError
from riskdesk.services import drafting, entry
from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.services.drafting import Unfinished
from riskdesk.services.listing import Filter
from riskdesk.ui import theme
from riskdesk.ui.dialogs.bin import BinDialog
from riskdesk.ui.dialogs.form_dialogs import serve
from riskdesk.ui.dialogs.history import HistoryDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.models.record_table import RecordTableModel
from riskdesk.ui.models.undo import RecordChange, UndoSteps
from riskdesk.ui.widgets.filter_bar import FilterBar
from riskdesk.ui.widgets.fold_layout import FoldLayout
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, styled, told, without_argument
from riskdesk.ui.widgets.record_form import RecordForm
from riskdesk.ui.widgets.record_list import RecordList

_SHARES = (54, 46)  # of the width: list and form
_FORM_LETTERS = 58  # half characters that the form is wide at least


class RecordsPage(Page):
    """Joins filter, list and form; the list follows the form, and a record is left only once what was typed is saved."""

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
        self._following = ""  # the record below the one that was saved last
        self._steps = UndoSteps(desk)
        self.filters = FilterBar(desk, now)
        self.model = RecordTableModel(desk, self)
        self.table = RecordList(self.model)
        self.form = RecordForm(desk, completion)
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
        self._attempt(lambda: self.table.show_units(self.model.has_units()))
        self._on_filtered(self.filters.filter())
        self._reload_if_changed()

    def may_leave(self) -> bool:
        return self._settled(self.freed.emit)

    def take_focus(self) -> None:
        self.table.setFocus()

    def stop(self) -> bool:
        return self.form.jobs.cancel_all()

    def show_now(self, now: Period) -> None:
        """Another period is reported from now on: an untouched empty form belongs to it."""
        self._now = now
        self.filters.show_now(now)
        if self._is_new and not self.form.is_dirty():
            self._open_empty()

    def new_record(self, like: Record | None = None) -> None:
        """Open an empty form, or one filled like another record."""
        if self._settled(lambda: self._open_empty(like)):
            self._open_empty(like)

    def open_record(self, object_id: str) -> None:
        """Show a record in the form; the list follows, whatever it shows."""
        if object_id != self.form.object_id and self._settled(lambda: self.open_record(object_id)):
            self._load(object_id)
        self.table.show_chosen(self.form.object_id)

    def resume(self, unfinished: Unfinished) -> None:
        """Go on with what a kill or a draft left; what is open in the form already is not opened twice."""
        if unfinished.id in (self.form.form_id, self.form.editing.draft_id):
            self.form.focus_first()
        elif self._settled(lambda: self.resume(unfinished)):
            self._attempt(lambda: self._take_up(unfinished))

    def show_drafts(self) -> None:
        """List what is not finished yet."""
        found: list[Unfinished] = []
        if not self._attempt(lambda: found.extend(drafting.drafts(self._desk))):
            return
        UnfinishedDialog("未完成的草稿", found, resumed=self.resume, dropped=self._drop, parent=self).open()

    def show_filter(self, given: Filter) -> None:
        """Show a period with all its records, or with those of a level or state."""
        self.filters.clear()
        self.filters.show_period(given.period)
        for combo, value in ((self.filters.level, given.level), (self.filters.state, given.state)):
            combo.setCurrentIndex(max(0, combo.findData(value)))

    # --- making it ---

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
        self.form.setMinimumWidth(theme.letter(self) * _FORM_LETTERS)
        splitter.setSizes([share * 100 for share in _SHARES])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addLayout(FoldLayout(self.filters, _in_line(self._paste, self._import, self._export, self._new)))
        whole.addWidget(self._trouble)
        whole.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.filters.filtered.connect(self._on_filtered)
        self.filters.list_wanted.connect(self._enter_list)
        self.table.wanted.connect(self.open_record)
        self.table.activated.connect(lambda _index: self.form.focus_first())
        self.model.failed.connect(self._tell_trouble)
        self.form.saved.connect(self._on_saved)
        self.form.overtaken.connect(self._on_overtaken)
        self.form.withdrawn.connect(self._on_withdrawn)
        self.form.next_wanted.connect(self._on_next_wanted)
        self.form.history_wanted.connect(self.show_history)
        self.form.drafts_changed.connect(self._on_drafts_changed)
        self._paste.clicked.connect(self.paste_wanted)
        self._import.clicked.connect(self.import_wanted)
        self._export.clicked.connect(lambda: self.export_wanted.emit(self.filters.period.currentData()))
        self._new.clicked.connect(without_argument(self.new_record))
        self._drafts.clicked.connect(self.show_drafts)
        self._bin.clicked.connect(self.show_bin)
        self._undo.clicked.connect(self.undo)
        self._redo.clicked.connect(self.redo)
        self._show_undo()

    def _add_actions(self) -> None:
        for keys, slot in (
            ("Ctrl+F", self._enter_search),
            ("Ctrl+PgDown", lambda: self._step(1)),
            ("Ctrl+PgUp", lambda: self._step(-1)),
            ("Ctrl+'", self.fill_from_above),
            ("Ctrl+I", self.import_wanted.emit),
            ("Ctrl+E", self._export.click),
            ("Ctrl+Shift+V", self.paste_wanted.emit),
            ("Ctrl+Alt+Z", self.undo),
            ("Ctrl+Alt+Y", self.redo),
            ("F6", self._change_sides),
        ):
            self.addAction(_action(self, "", keys, Qt.ShortcutContext.WindowShortcut, slot))
        for text, keys, slot in (
            ("复制为新记录", "Ctrl+Shift+D", self.duplicate_last),
            ("历史版本", "Ctrl+H", self.show_history),
        ):
            action = _action(self, text, keys, Qt.ShortcutContext.WindowShortcut, slot)
            self.addAction(action)
            self.table.addAction(action)
        for text, keys, slot in (
            ("从表格粘贴", "Ctrl+V", self.paste_wanted.emit),
            ("撤销", "Ctrl+Z", self.undo),
            ("重做", "Ctrl+Y", self.redo),
            ("移入回收站…", "Delete", self._withdraw_chosen),
            ("下一处提示", "F8", self._go_to_problem),
            ("接受提示…", "F9", self.form.accept_first_problem),
        ):
            self.table.addAction(_action(self.table, text, keys, Qt.ShortcutContext.WidgetShortcut, slot))

    # --- what happens ---

    def _on_filtered(self, given: Filter) -> None:
        if self._attempt(lambda: self.model.show(given)):
            self.table.show_chosen(self.form.object_id)
            self._tell_counts()

    def _load(self, object_id: str) -> None:
        """Show a record in the form; one that cannot be read is told, and the form stays as it is."""
        if self._attempt(lambda: self.form.open_record(object_id)):
            self._before, self._is_new = entry.current(self._desk, object_id), False
            row = self.model.row_of(object_id)
            self.form.show_number(row + 1 if row >= 0 else None)

    def _open_empty(self, like: Record | None = None) -> None:
        self._before, self._is_new = None, True
        period: str = self.filters.period.currentData() or self._now.id
        self.form.show_number(None)
        self.form.open_new(period, like)
        self.table.show_chosen("")
        if period != self._now.id:
            self.told.emit(f"注意：新记录计入 {period} 期，不是本期（{self._now.id}）")

    def _take_up(self, unfinished: Unfinished) -> None:
        self.form.open_unfinished(unfinished)
        self._before = entry.current(self._desk, unfinished.object_id) if unfinished.object_id else None
        self._is_new = not unfinished.object_id
        self.table.show_chosen(self.form.object_id)
        self.form.focus_first()

    def _drop(self, unfinished: Unfinished) -> None:
        if unfinished.id == self.form.editing.draft_id:
            self._tell_trouble("这份草稿正在右边填写，没有丢弃。请先在右边保存，或用“更多操作”放弃。")
        elif self._attempt(lambda: drafting.drop(self._desk, unfinished.id)):
            self._on_drafts_changed()

    def _reload_if_changed(self) -> None:
        """Show what an import made of the record in the form, unless somebody is typing in it."""
        object_id = self.form.object_id
        if object_id and not self.form.is_dirty():
            now = entry.current(self._desk, object_id)
            if now is not None and now.hash != self.form.base:
                self._show_again(object_id)
        self.form.look_again()

    def _show_again(self, object_id: str) -> None:
        """Show a record as it is now; one in the bin is not edited."""
        now = entry.current(self._desk, object_id)
        if now is None or now.state is RevisionState.WITHDRAWN:
            self._open_empty()
        else:
            self._load(object_id)
            self.table.show_chosen(object_id)

    def _on_overtaken(self, other: Revision) -> None:
        self._before = other  # undo leads back to that, not to what was there before it

    def _on_saved(self, revision: Revision) -> None:
        if self._before is None or self._before.hash != revision.hash:
            self._push(RecordChange(self._before, revision))
        self._before = revision
        self._last = entry.record_of(revision)
        self._completion.learn(self._last.product)
        row = self.model.row_of(revision.object_id)
        self._following = self.table.id_at(row + 1) if row >= 0 else ""
        self.told.emit(f"已保存：{self._last.product}（{self._last.period} 期）")
        self.changed.emit()

    def _on_withdrawn(self, revision: Revision) -> None:
        row = self.model.row_of(revision.object_id)
        following = self.table.id_at(row + 1) or self.table.id_at(row - 1)
        self._push(RecordChange(self._before, revision))
        self.told.emit(f"已移入回收站：{entry.record_of(revision).product}（按 Ctrl+Z 撤销）")
        self._open_empty()
        self.changed.emit()
        if following:
            self.open_record(following)
        self.table.setFocus()

    def _on_next_wanted(self) -> None:
        """After save-and-next: the next record of the list, or a new one when there is none or a new one was typed."""
        if not self._is_new and self._following:
            self.open_record(self._following)
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
        """Fill the field that is being edited as in the record above it (for a new one: the first of the list)."""
        above = self.table.id_at(max(self.table.row() - 1, 0))
        revision = entry.current(self._desk, above) if above else None
        if revision is not None:
            self.form.fill_field_from(entry.record_of(revision))

    def show_history(self) -> None:
        """Show all that the record in the form ever said."""
        if self.form.object_id and self._settled(self.show_history):
            HistoryDialog(self._desk, self.form.object_id, restored=self._on_restored, parent=self).open()

    def show_bin(self) -> None:
        """Show the records that were put away."""
        if self._settled(self.show_bin):
            BinDialog(self._desk, taken_back=self._on_restored, parent=self).open()

    def undo(self) -> None:
        """Go one saved change back, of whatever record it was."""
        if self._settled(str) and self._steps.to_undo is not None:
            self._step_in_time(self._steps.undo, "已撤销")

    def redo(self) -> None:
        """Do again what was undone."""
        if self._settled(str) and self._steps.to_redo is not None:
            self._step_in_time(self._steps.redo, "已重做")

    def _step_in_time(self, go: Callable[[], RecordChange], word: str) -> None:
        gone: list[RecordChange] = []
        if self._attempt(lambda: gone.append(go())):
            self._show_undo()
            self._show_again(gone[0].after.object_id)
            self.changed.emit()
            self.told.emit(f"{word}：{gone[0].text}")

    def _on_restored(self, revision: Revision) -> None:
        before = entry.history(self._desk, revision.object_id)[-2]  # a restored record had at least one revision before
        self._push(RecordChange(before, revision))
        self._show_again(revision.object_id)
        self.changed.emit()

    def _push(self, change: RecordChange) -> None:
        self._steps.push(change)
        self._show_undo()

    def _withdraw_chosen(self) -> None:
        if self.form.object_id and self.table.row() >= 0 and self._settled(self.form.withdraw):
            self.form.withdraw()

    def _settled(self, then: Callable[[], object]) -> bool:
        """Save what the form holds; False if that is not possible: the form says why, or asks, and `then` may follow (`str`: nothing)."""
        return not self.form.is_dirty() or self.form.leave_then(then)

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.form.setMinimumWidth(theme.letter(self) * _FORM_LETTERS)

    def _step(self, by: int) -> None:
        if object_id := self.table.id_at(self.table.row() + by):
            self.open_record(object_id)

    def _enter_search(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _enter_list(self) -> None:
        if self.table.row() < 0 and (first := self.table.id_at(0)):
            self.open_record(first)
        self.table.setFocus()

    def _go_to_problem(self) -> None:
        self.form.go_to_problem()

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
        for each, change, keys in (
            (self._undo, self._steps.to_undo, "Ctrl+Alt+Z"),
            (self._redo, self._steps.to_redo, "Ctrl+Alt+Y"),
        ):
            each.setEnabled(change is not None)
            each.setToolTip(f"{change.text}（{keys}）" if change else "还没有可以撤销或重做的操作")


def _in_line(*buttons: QWidget) -> QWidget:
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    for each in buttons:
        line.addWidget(each)
    return whole


def _action(owner: QWidget, text: str, keys: str, where: Qt.ShortcutContext, slot: Callable[[], object]) -> QAction:
    action = QAction(text, owner)
    action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(where)
    action.triggered.connect(without_argument(slot))
    return action
