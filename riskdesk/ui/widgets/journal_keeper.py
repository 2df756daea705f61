"""Keeps what is being typed in the autosave journal: at most a second behind, and a full disk is told once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from riskdesk import clock
from riskdesk.domain.records import Record, record_to_body
from riskdesk.errors import UserError
from riskdesk.services import entry
from riskdesk.services.desk import Desk

_EVERY = 1000  # ms


class JournalKeeper(QObject):
    """The journal of what is edited now, a record as a rule; `opened` opens one for desk, form, object and base."""

    kept = Signal(object)  # when
    failed = Signal(str)
    recovered = Signal()

    def __init__(
        self, desk: Desk, parent: QObject, opened: Callable[[Desk, str, str, str], Any] = entry.journal
    ) -> None:
        super().__init__(parent)
        self._desk, self._opened = desk, opened
        self._ids = ("", "", "")
        self._journal = opened(desk, "unused", "", "")
        self._at: datetime | None = None
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.flush)

    def begin(self, form_id: str, object_id: str, base: str) -> None:
        """Keep the typing of another record from now on; what the last one left unsaved stays on the disk."""
        self.flush()
        self._timer.stop()
        self._at = None
        self._ids = (form_id, object_id, base)
        self._journal = self._opened(self._desk, *self._ids)

    def note(self, record: Record) -> None:
        """Take the record as it stands; it is on the disk a second later."""
        self.note_body(record_to_body(record))

    def note_body(self, body: Mapping[str, Any]) -> None:
        """Take any content as it stands; it is on the disk a second later."""
        self._at = clock.now()
        if not self._timer.isActive():
            self._timer.start()
        try:
            self._journal.type(dict(body), self._at)
        except UserError as error:
            self._tell(error)

    def flush(self) -> None:
        """Write down what waits now; what failed is tried again every second."""
        if self._at is None:
            return
        try:
            self._journal.flush()
        except UserError as error:
            self._tell(error)
            return
        self._timer.stop()
        self.kept.emit(self._at)
        self._at = None
        if self._failing:
            self._failing = False
            self.recovered.emit()

    def forget(self) -> None:
        """Remove the journal: its text is saved elsewhere, or is what was there before."""
        self._timer.stop()
        self._at = None
        with contextlib.suppress(
            OSError, UserError
        ):  # a journal that cannot be removed says what is saved: nobody is asked
            self._journal.close()
        self._journal = self._opened(self._desk, *self._ids)

    def _tell(self, error: UserError) -> None:
        if not self._failing:
            self._failing = True
            self.failed.emit(str(error))
