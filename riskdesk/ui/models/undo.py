"""Undo and redo across records: every step goes back by a new revision, so that nothing is ever lost."""

from __future__ import annotations

from dataclasses import dataclass

from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.errors import InputError
from riskdesk.services import entry
from riskdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One saved change of a record; `before` is None when the change made the record."""

    before: Revision | None
    after: Revision

    @property
    def text(self) -> str:
        """What was done, in words."""
        product = entry.record_of(self.after).product
        if self.before is None:
            return f"新增“{product}”"
        if self.after.state is RevisionState.WITHDRAWN:
            return f"移入回收站“{product}”"
        if self.before.state is RevisionState.WITHDRAWN:
            return f"从回收站恢复“{product}”"
        return f"修改“{product}”"


class UndoSteps:
    """What was done and what was undone; a step counts only once it is written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._done: list[RecordChange] = []
        self._undone: list[RecordChange] = []

    def push(self, change: RecordChange) -> None:
        """Note a change that was saved; what was undone before cannot be redone any more."""
        self._done.append(change)
        self._undone.clear()

    @property
    def to_undo(self) -> RecordChange | None:
        """The change that would be undone next."""
        return self._done[-1] if self._done else None

    @property
    def to_redo(self) -> RecordChange | None:
        """The change that would be redone next."""
        return self._undone[-1] if self._undone else None

    def undo(self) -> RecordChange:
        """Go one change back; raise `UserError` if the record was changed by somebody else meanwhile."""
        change = self._done[-1]
        self._refuse_changed(change, change.after)
        if change.before is None:
            entry.withdraw(self._desk, change.after.object_id, "撤销")
        else:
            entry.go_back(self._desk, change.after.object_id, change.before, "撤销")
        self._undone.append(self._done.pop())
        return change

    def redo(self) -> RecordChange:
        """Do again what was undone last."""
        change = self._undone[-1]
        self._refuse_changed(change, change.before)
        entry.go_back(self._desk, change.after.object_id, change.after, "重做")
        self._done.append(self._undone.pop())
        return change

    def _refuse_changed(self, change: RecordChange, expected: Revision | None) -> None:
        """Refuse if the record does not say what the step left; a new record that was undone lies in the bin."""
        now = entry.current(self._desk, change.after.object_id)
        body = change.after.body if expected is None else expected.body
        state = RevisionState.WITHDRAWN if expected is None else expected.state
        if now is None or (now.body, now.state) != (body, state):
            raise InputError(
                f"“{entry.record_of(change.after).product}”后来又有改动，不能直接撤销或重做。请用“历史版本”恢复。"
            )
