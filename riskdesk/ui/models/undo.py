"""Undo and redo across records: every step goes back by a new revision, so that nothing is ever lost."""

from __future__ import annotations

from PySide6.QtGui import QUndoCommand

from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.services import entry
from riskdesk.services.desk import Desk

_WHY = "撤销"


class RecordChange(QUndoCommand):
    """One saved change of a record; `before` is None when the change made the record."""

    def __init__(self, desk: Desk, before: Revision | None, after: Revision) -> None:
        product = entry.record_of(after).product
        if before is None:
            text = f"新增“{product}”"
        elif after.state is RevisionState.WITHDRAWN:
            text = f"移入回收站“{product}”"
        else:
            text = f"修改“{product}”"
        super().__init__(text)
        self._desk = desk
        self._before, self._after = before, after
        self._is_done = True  # pushing calls redo(), but the change was saved already

    @property
    def object_id(self) -> str:
        return self._after.object_id

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
            return
        entry.go_back(self._desk, self.object_id, self._after, "重做")

    def undo(self) -> None:
        if self._before is None:
            entry.withdraw(self._desk, self.object_id, _WHY)
        else:
            entry.go_back(self._desk, self.object_id, self._before, _WHY)
