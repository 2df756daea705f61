"""The yearly report that is being written: its texts, those not saved yet, and their journal; knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from riskdesk.domain.annual import AnnualReport
from riskdesk.services import annual, annual_typing
from riskdesk.services.annual import Kept
from riskdesk.services.annual_typing import Typed
from riskdesk.services.desk import Desk
from riskdesk.ui.widgets.journal_keeper import JournalKeeper


class AnnualEditing(QObject):
    """Holds one report; whatever it saves is a version of its own.

    Signals: `saved()` – there is a new version; `kept(when)`, `failed(why)`, `recovered()` – how the journal fares.
    """

    saved = Signal()
    kept = Signal(object)
    failed = Signal(str)
    recovered = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._version: Kept | None = None
        self._texts: dict[str, str] = {}  # typed and not saved
        self._form_id = ""
        self._keeper = JournalKeeper(desk, self, annual_typing.journal)
        self._keeper.kept.connect(self.kept)
        self._keeper.failed.connect(self.failed)
        self._keeper.recovered.connect(self.recovered)

    @property
    def version(self) -> Kept | None:
        """The version that was opened or saved last; None if no report is open."""
        return self._version

    @property
    def report(self) -> AnnualReport | None:
        """The report with what is typed."""
        if self._version is None:
            return None
        report = self._version.report
        for code, text in self._texts.items():
            report = report.with_text(code, text)
        return report

    @property
    def is_dirty(self) -> bool:
        """Tell whether something is typed that is not saved."""
        return bool(self._texts)

    @property
    def form_id(self) -> str:
        """The id of the journal that is written now."""
        return self._form_id

    def open(self, version: Kept) -> None:
        """Edit another report, or another version of this one; all that was typed is saved by then."""
        self._version, self._texts = version, {}
        self._form_id = uuid4().hex
        self._keeper.begin(self._form_id, version.id, version.revision)

    def type(self, code: str, text: str) -> None:
        """Take the text of a section as it stands; the journal has it a second later."""
        if self._version is None:
            return
        if text == self._version.report.section(code).text:
            self._texts.pop(code, None)
        else:
            self._texts[code] = text
        if self._texts:
            self._keeper.note_body(self._texts)
        else:
            self._keeper.forget()

    def save(self) -> None:
        """Save what is typed as a version; raise `UserError` if that cannot be done: the journal keeps it then."""
        if self._version is not None and self._texts:
            self._saved(annual.write(self._desk, self._version.id, self._texts))

    def change(self, changed: Callable[[AnnualReport], AnnualReport]) -> None:
        """Save the report with something else than text changed, after what is typed; raise `UserError` if that fails."""
        self.save()
        if self._version is not None:
            self._saved(annual.save(self._desk, self._version, changed(self._version.report)))

    def left(self) -> list[Typed]:
        """Return what earlier runs left unsaved of this report."""
        return annual_typing.left(self._desk, self._version, self._form_id) if self._version is not None else []

    def take_up(self, typed: Typed) -> None:
        """Save what an earlier run left, after what is typed now; raise `UserError` if that fails."""
        self.save()
        self._saved(annual.write(self._desk, typed.report_id, typed.texts))
        annual_typing.settle(self._desk, typed)

    def keep_up(self) -> None:
        """Bring the journal up to the last key."""
        self._keeper.flush()

    def _saved(self, version: Kept) -> None:
        self._version, self._texts = version, {}
        self._keeper.forget()
        self.saved.emit()
