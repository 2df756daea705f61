"""What becomes of the text in a form: saved, kept as a draft, thrown away, or its record put into the bin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from riskdesk.domain.merging import Side
from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.errors import UserError
from riskdesk.services import drafting, entry, merging
from riskdesk.services.desk import Desk
from riskdesk.services.merging import Overtaken
from riskdesk.services.overview import RecordState, state_of_record
from riskdesk.ui.widgets.editing import Editing
from riskdesk.ui.widgets.form_footer import FormFooter


class Form(Protocol):
    """What the keeping needs of a form."""

    @property
    def editing(self) -> Editing: ...
    @property
    def footer(self) -> FormFooter: ...

    def record(self) -> Record: ...
    def unfinished(self) -> Record: ...
    def is_dirty(self) -> bool: ...
    def keep_up(self) -> None: ...
    def settle(self, given: Editing) -> None: ...
    def show_settled(self, given: Editing) -> None: ...
    def blocking(self) -> list[Problem]: ...
    def go_to_first_problem(self) -> None: ...


class RecordKeeping(QObject):
    """Writes; whatever fails is told in the foot of the form with what can be done, and the text stays where it is."""

    saved = Signal(object)
    withdrawn = Signal(object)
    drafts_changed = Signal()
    thrown_away = Signal()
    merge_wanted = Signal(object)  # Overtaken
    overtaken = Signal(object)  # Revision
    leaving_asked = Signal(object)  # what follows once it is decided what becomes of a change to a sealed record

    def __init__(self, desk: Desk, form: Form, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._form = desk, form
        self._on_reason: Callable[[str], object] = str
        self._on_no_reason: Callable[[], object] = str
        self._refused: tuple[str, Callable[[], object]] = (
            "",
            str,
        )  # reason of the save that was overtaken, and what follows
        self._blocked = False  # the foot tells what keeps the record from being saved
        form.footer.reason.given.connect(self._on_reason_given)
        form.footer.reason.cancelled.connect(self._on_reason_cancelled)

    def leave_then(self, then: Callable[[], object]) -> bool:
        """Save because the form is to be left; a change of a sealed record is asked about first, and `then` called later."""
        self._form.keep_up()
        try:
            asked = self._needs_reason()
        except UserError:  # saving meets with the same, and tells it
            asked = False
        if asked:
            self._form.footer.clear()
            self.leaving_asked.emit(then)
            return False
        return self.save_then(str)

    def save_then(self, then: Callable[[], object]) -> bool:
        """Save; call `then` once it has worked, which is later if a reason has to be asked for."""
        form = self._form
        form.keep_up()
        form.footer.clear()
        if blocking := form.blocking():
            text = "；".join(each.message for each in blocking)
            form.footer.tell(f"还不能保存：{text}", {"存为草稿": self.keep_as_draft})
            self._blocked = True
            form.go_to_first_problem()
            return False
        try:
            needs_reason = self._needs_reason()
        except UserError as error:
            self._tell_unsaved(str(error))
            return False
        if needs_reason:
            self._ask(
                ("这条记录已封存报送，修改属于更正。更正原因", "更正并保存", "取消修改"),
                lambda reason: self._write(reason, then),
                self._give_up,
            )
            return False
        return self._write("", then)

    def look_again(self, problems: Iterable[Problem]) -> None:
        """Take back what was told about saving once nothing keeps the record from it."""
        if self._blocked and not any(each.blocking for each in problems):
            self._blocked = False
            self._form.footer.clear()

    def keep_as_draft(self) -> bool:
        """Keep what stands in the form as a draft, whatever is wrong with it."""
        try:
            self.keep_draft()
        except UserError as error:
            self._form.footer.tell(f"草稿没有保存：{error}", {"再试一次": self.keep_as_draft})
            return False
        return True

    def keep_draft(self) -> None:
        """Keep what stands in the form as a draft; raises `UserError`."""
        form = self._form
        form.keep_up()
        given, record = form.editing, form.unfinished()
        draft_id = drafting.keep(self._desk, record, draft_id=given.form_id, object_id=given.object_id, base=given.base)
        form.footer.clear()
        form.settle(given.as_draft(draft_id, record))
        self.drafts_changed.emit()

    def merge(self, overtaken: Overtaken, chosen: Mapping[str, Side]) -> None:
        """Save what was chosen of both contents, and go on as after any save; raises `UserError`."""
        reason, then = self._refused
        step = merging.save(self._desk, overtaken, chosen, reason)
        given = self._form.editing
        self._form.show_settled(given.after(step))
        self.overtaken.emit(overtaken.other)
        self._after_save(given, step, then)

    def ask_to_discard(self) -> None:
        """Ask, in the form, whether what was typed since the last save may go."""
        if self._form.is_dirty():
            told = "放弃后，表单恢复到上次保存的样子；放弃的文字只留在操作日志中。"
            self._form.footer.tell(told, {"确认放弃修改": self.discard, "继续填写": self._form.footer.clear})

    def discard_then(self, then: Callable[[], object]) -> None:
        """Throw away what was typed since the last save; call `then` once it has worked."""
        self.discard()
        if not self._form.is_dirty():
            then()

    def discard(self) -> None:
        """Throw away what was typed since the last save; its text goes to the audit log."""
        form = self._form
        form.keep_up()
        given = form.editing
        left = drafting.Unfinished(given.form_id, given.object_id, given.base, form.record(), "", ())
        try:
            drafting.discard(self._desk, left)
        except UserError as error:
            form.footer.tell(f"没有放弃：{error}", {"再试一次": self.discard})
            return
        form.footer.clear()
        self.thrown_away.emit()

    def ask_to_withdraw(self) -> None:
        """Ask why the record is to go into the bin."""
        form = self._form
        if form.is_dirty():
            form.footer.tell("有尚未保存的修改。请先保存或放弃修改，再作废。", {"放弃修改": self.ask_to_discard})
        elif form.editing.object_id:
            form.footer.clear()
            self._ask(("作废后进入回收站，可以恢复。作废原因", "作废", "取消"), self._withdraw, str)

    def _withdraw(self, reason: str) -> None:
        if self._form.is_dirty():  # something was typed while the question stood there
            self.ask_to_withdraw()
            return
        try:
            step = entry.withdraw(self._desk, self._form.editing.object_id, reason)
        except UserError as error:
            self._form.footer.tell(f"没有作废：{error}", {})
        else:
            self.withdrawn.emit(step)

    def _give_up(self) -> None:
        if self._form.is_dirty():
            self.discard()

    def _ask(
        self, words: tuple[str, str, str], given: Callable[[str], object], cancelled: Callable[[], object]
    ) -> None:
        """Ask for a reason; `words` are the question and what the two buttons do."""
        self._on_reason, self._on_no_reason = given, cancelled
        self._form.footer.reason.ask(*words)

    def _on_reason_given(self, reason: str) -> None:
        self._on_reason(reason)

    def _on_reason_cancelled(self) -> None:
        self._on_no_reason()

    def _needs_reason(self) -> bool:
        given = self._form.editing
        if not given.object_id or not self._desk.submissions.sealed_of(given.object_id):
            return False
        changed = self._form.record() != given.saved or bool(given.draft_id)
        return changed or state_of_record(self._desk, given.object_id) is RecordState.FORKED

    def _write(self, reason: str, then: Callable[[], object]) -> bool:
        form = self._form
        given = form.editing
        try:
            step = entry.save(self._desk, form.record(), given.object_id, base=given.base, reason=reason)
        except UserError as error:
            return self._on_refused(error, reason, then)
        form.settle(given.after(step))
        self._after_save(given, step, then)
        return True

    def _after_save(self, given: Editing, step: Revision, then: Callable[[], object]) -> None:
        self._form.footer.clear()
        if given.draft_id:
            self._drop_draft(given.draft_id)
        self.saved.emit(step)
        then()

    def _on_refused(self, error: UserError, reason: str, then: Callable[[], object]) -> bool:
        """If somebody else changed the record, ask what is to be saved; True if there is nothing to ask."""
        found = self._overtaken()
        if found is None or found.other.state is RevisionState.WITHDRAWN:
            why = "这条记录在您填写期间已移入回收站。可先存为草稿，到回收站恢复这条记录后再继续。"
            self._tell_unsaved(why if found else str(error))
            return False
        self._refused = (reason, then)
        if not found.clashes:
            return self._merge_same(found)
        self._form.footer.tell(
            f"没有保存：{error}",
            {"核对差异": lambda: self.save_then(then), "存为草稿": self.keep_as_draft},
        )
        self.merge_wanted.emit(found)
        return False

    def _merge_same(self, found: Overtaken) -> bool:
        try:
            self.merge(found, {})
        except UserError as error:
            self._tell_unsaved(str(error))
            return False
        return True

    def _tell_unsaved(self, why: str) -> None:
        self._form.footer.tell(f"没有保存：{why}", {"存为草稿": self.keep_as_draft})
        self._form.go_to_first_problem()

    def _overtaken(self) -> Overtaken | None:
        given = self._form.editing
        if not given.object_id:
            return None
        try:
            return merging.overtaken(self._desk, self._form.record(), given.object_id, given.base)
        except UserError:  # the same trouble that kept it from being saved
            return None

    def _drop_draft(self, draft_id: str) -> None:
        try:
            drafting.drop(self._desk, draft_id)
        except UserError as error:
            self._form.footer.tell(f"记录已保存，但原来的草稿没有删除：{error}", {})
        else:
            self.drafts_changed.emit()
