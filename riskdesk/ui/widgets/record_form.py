"""The form for one record of Annex 1: typed by keyboard, kept as it is typed, closed only when it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from riskdesk import clock
from riskdesk.domain.merging import Side
from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Record
from riskdesk.domain.validation import accept, open_problems, problems
from riskdesk.services import drafting
from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.services.merging import Overtaken
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets import editing as edits
from riskdesk.ui.widgets.editing import Editing
from riskdesk.ui.widgets.form_body import FormBody
from riskdesk.ui.widgets.form_footer import FormFooter
from riskdesk.ui.widgets.form_header import FormHeader
from riskdesk.ui.widgets.form_state import Standing, standing_of, state_in_words
from riskdesk.ui.widgets.journal_keeper import JournalKeeper
from riskdesk.ui.widgets.record_keeping import RecordKeeping

_PAUSE = 150  # ms from a key to the problems and the journal


class RecordForm(QWidget):
    """Edits one record at a time; the dialogs that belong to it are opened by who listens to the `…_wanted` signals."""

    saved = Signal(object)
    withdrawn = Signal(object)
    next_wanted = Signal()
    changed = Signal()
    closed = Signal()
    acceptance_wanted = Signal(object)
    drafts_changed = Signal()
    history_wanted = Signal()
    preview_wanted = Signal(object)
    merge_wanted = Signal(object)  # Overtaken: somebody else changed the record that is being typed
    overtaken = Signal(object)  # what somebody else saved, and what is saved now follows
    leaving_asked = Signal(object)  # what follows once it is decided what becomes of a change to a sealed record

    def __init__(self, desk: Desk, completion: Completion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("form")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self.editing = edits.new("")
        self._standing = Standing()
        self._number: int | None = None
        self.header = FormHeader()
        self.jobs = Jobs(self)
        self.body = FormBody(desk, completion, self.jobs)
        self.footer = FormFooter()
        self._keeper = JournalKeeper(desk, self)
        self._keeping = RecordKeeping(desk, self, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(8)
        layout.addWidget(self.header)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.footer)
        self._connect()
        self._connect_keys()

    @property
    def form_id(self) -> str:
        """The id of the journal of what is edited now."""
        return self.editing.form_id

    @property
    def object_id(self) -> str:
        """The record that is edited, "" for a new one."""
        return self.editing.object_id

    @property
    def base(self) -> str:
        """The hash of the revision that is edited, "" for a new record."""
        return self.editing.base

    def open_new(self, period: str, like: Record | None = None) -> None:
        """Begin a new record, empty or as a duplicate."""
        self._show(edits.new(period, like))
        self.focus_first()

    def open_record(self, object_id: str) -> None:
        """Open a saved record; raises `InputError` if there is none."""
        self._show(edits.opened(self._desk, object_id))

    def open_unfinished(self, unfinished: drafting.Unfinished) -> None:
        """Go on with a draft, or with what a killed program left."""
        self._show(edits.resumed(self._desk, unfinished))

    def focus_first(self) -> None:
        """Go to the first field."""
        self.body.go(self.body.blocks["product"])

    def show_number(self, number: int | None) -> None:
        """Say which of the list the record is (第 N 条)."""
        self._number = number
        self._show_head()

    def look_again(self) -> None:
        """Show what became of the record meanwhile: it may have been handed on, or answered."""
        self._standing = standing_of(self._desk, self.editing)
        self._show_head()

    def record(self) -> Record:
        """Return the record as it stands in the form."""
        return self.body.binding.told_in(self.editing.start)

    def unfinished(self) -> Record:
        """Return the record with everything that was typed, also what makes no sense yet."""
        return self.body.binding.unfinished_in(self.editing.start)

    def is_dirty(self) -> bool:
        """Tell whether something stands in the form that is saved neither as a record nor as a draft."""
        return self.unfinished() != self.editing.saved or bool(self.body.attachments.unread())

    def save(self) -> bool:
        """Save; what keeps it from being saved is told in the form, and the text stays."""
        return self._keeping.save_then(self._show_head)

    def leave_then(self, then: Callable[[], object]) -> bool:
        """Save because the form is to be left; False if it stays, `then` is called if somebody decides otherwise."""
        return self._keeping.leave_then(then)

    def save_then(self, then: Callable[[], object]) -> None:
        """Save, and call `then` once that has worked."""
        self._keeping.save_then(then)

    def save_and_next(self) -> None:
        """Save, and ask for the next record once that has worked."""
        self._keeping.save_then(self.next_wanted.emit)

    def keep_as_draft(self) -> bool:
        """Keep what stands in the form as a draft, whatever is wrong with it."""
        return self._keeping.keep_as_draft()

    def keep_draft(self) -> None:
        """Keep what stands in the form as a draft; raises `UserError`."""
        self._keeping.keep_draft()

    def merge(self, overtaken: Overtaken, chosen: Mapping[str, Side]) -> None:
        """Save what was chosen of what is typed and what somebody else saved; raises `UserError`."""
        self._keeping.merge(overtaken, chosen)

    def discard(self) -> None:
        """Throw away what was typed since the last save; its text goes to the audit log."""
        self._keeping.discard()

    def discard_then(self, then: Callable[[], object]) -> None:
        """Throw away what was typed since the last save, and call `then` once that has worked."""
        self._keeping.discard_then(then)

    def withdraw(self) -> None:
        """Ask why the record is to go into the bin, and put it there."""
        self._keeping.ask_to_withdraw()

    def fill_field_from(self, record: Record) -> bool:
        """Write what another record says into the field with the focus, as if typed; False if no field has it."""
        name = self.body.focused_field()
        if not name or self.body.is_composing():
            return False
        self.body.binding.fill(name, record)
        return True

    def accept_problem(self, problem: Problem, reason: str) -> None:
        """Accept a soft problem with a reason."""
        start = self.editing.start
        accepted = accept(self.record(), problem, reason).accepted
        self.editing = replace(self.editing, start=start.edited(accepted=accepted))
        self._on_pause()

    def take_back(self, problem: Problem) -> None:
        """Take back that a problem was accepted."""
        start = self.editing.start
        kept = tuple(each for each in start.accepted if (each.field, each.code) != (problem.field, problem.code))
        self.editing = replace(self.editing, start=start.edited(accepted=kept))
        self._on_pause()

    def go_to_problem(self) -> bool:
        """Go to the next problem of all there are; False if there is none."""
        self._reveal()
        return self.body.go_to_problem()

    def accept_first_problem(self) -> None:
        """Go to the first problem and ask why it may stay, for who comes from outside of the form."""
        if self.go_to_problem():
            self.body.blocks[self.body.focused_field()].lines.accept_first()

    def go_to_first_problem(self) -> None:
        """Go to what has to be put right before anything else."""
        self.body.go_to_first_problem()

    def keep_up(self) -> None:
        """Bring problems and journal up to the last key now; the journal is on the disk when this returns."""
        self.body.commit()
        if self._pause.isActive():
            self._pause.stop()
            self._on_pause()
        self._keeper.flush()

    def _connect(self) -> None:
        self._pause.timeout.connect(self._on_pause)
        self.body.changed.connect(self._on_changed)
        self.body.visited.connect(self._on_pause)
        self.body.acceptance_wanted.connect(self.acceptance_wanted)
        self.body.take_back_wanted.connect(self.take_back)
        self.body.attachments.preview_wanted.connect(self.preview_wanted)
        self._keeper.kept.connect(self.header.show_kept)
        self._keeper.failed.connect(self._on_journal_failed)
        self._keeper.recovered.connect(lambda: self.footer.show_banner(""))
        self._keeping.saved.connect(self.saved)
        self._keeping.merge_wanted.connect(self.merge_wanted)
        self._keeping.overtaken.connect(self.overtaken)
        self._keeping.leaving_asked.connect(self.leaving_asked)
        self._keeping.drafts_changed.connect(self.drafts_changed)
        self._keeping.withdrawn.connect(self.withdrawn)
        self._keeping.thrown_away.connect(self._on_thrown_away)
        self.footer.save.clicked.connect(self.save)
        self.footer.save_and_next.clicked.connect(self.save_and_next)
        self.footer.draft.clicked.connect(self._on_draft_clicked)
        self.footer.history.triggered.connect(self.history_wanted)
        self.footer.discard.triggered.connect(self._keeping.ask_to_discard)
        self.footer.withdraw.triggered.connect(self._keeping.ask_to_withdraw)

    def _connect_keys(self) -> None:
        for keys, action in (
            ("Ctrl+S", self.save),
            ("Ctrl+Return", self.save_and_next),
            ("Ctrl+Enter", self.save_and_next),
            ("F8", self.go_to_problem),
            ("F9", self.body.accept_here),
            ("Shift+F9", self.body.take_back_here),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def settle(self, given: Editing) -> None:
        """Take what stands in the form as saved; the edits stay as they are, with their undo."""
        self.editing = given
        self._standing = standing_of(self._desk, given)
        self.body.binding.settle()
        self._keeper.forget()
        self._keeper.begin(given.form_id, given.object_id, given.base)
        self._on_pause()
        self.header.show_saved(clock.now())

    def show_settled(self, given: Editing) -> None:
        """Show what was saved instead of what stands in the form."""
        self.keep_up()
        self._keeper.forget()
        self._show(given)
        self.header.show_saved(clock.now())

    def blocking(self) -> list[Problem]:
        """Return what keeps the record from being saved, after showing everything that is wrong."""
        self._reveal()
        return [each for each in self.body.guide.shown if each.blocking]

    def _show(self, given: Editing) -> None:
        self.keep_up()
        self._standing = standing_of(self._desk, given)
        self.editing = given
        self._keeper.begin(given.form_id, given.object_id, given.base)
        self.footer.clear()
        self.header.clear_time()
        self.body.guide.begin(bool(given.object_id) or given.start != Record(given.start.period))
        self.body.show_record(given.start)
        self._pause.stop()
        self._on_pause()

    def _show_head(self) -> None:
        number = f" 第 {self._number} 条" if self._number is not None else ""
        record = self.record()
        period = f"（{record.period} 期）" if record.period else ""
        title = (f"风险信息{number}" if self.object_id else "新风险信息") + period
        shown = open_problems(record, clock.today())
        attachments = self.body.attachments
        self.header.show_returned(self._standing.returned)
        self.header.show_attached(len(attachments.value()), attachments.last)
        self.header.show_state(title, *state_in_words(self.editing, self._standing, shown))
        for action in (self.footer.history, self.footer.withdraw):
            action.setEnabled(bool(self.object_id))
            action.setToolTip("" if self.object_id else "新记录保存后才能使用")

    def _reveal(self) -> None:
        self.body.guide.reveal()
        self._follow(self.record())

    def _follow(self, record: Record) -> None:
        today = clock.today()
        self.body.show_problems(record, problems(record, today), open_problems(record, today))

    def _on_changed(self) -> None:
        # not started anew at every key: who types without a pause is to see problems, and to be in the journal, too
        if not self._pause.isActive():
            self._pause.start()

    def _on_pause(self) -> None:
        record = self.record()
        if not self.body.is_composing():
            self.body.follow(record)
            self._follow(record)
            self._keeping.look_again(self.body.guide.shown)
        if self.is_dirty():
            self._keeper.note(self.unfinished())
        else:
            self._keeper.forget()
        self._show_head()
        self.changed.emit()

    def _on_thrown_away(self) -> None:
        self._keeper.forget()
        self._show(replace(self.editing, start=self.editing.saved))
        self.closed.emit()

    def _on_draft_clicked(self) -> None:
        if self.keep_as_draft():
            self.closed.emit()

    def _on_journal_failed(self, why: str) -> None:
        self.footer.show_banner(f"自动保存没有成功，文字仍在屏幕上，程序会继续尝试：{why}")
