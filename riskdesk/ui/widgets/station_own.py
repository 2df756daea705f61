"""自评: a station's sheet of a year as it fills it in; every change is a version at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from riskdesk.domain.assessment import Column, Evidence, Filled
from riskdesk.domain.progress import Progress
from riskdesk.errors import InputError, UserError
from riskdesk.services import assessing, review_states, reviewing
from riskdesk.services.assessing import Kept
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import button, heading, styled, told
from riskdesk.ui.widgets.station_buttons import SheetButtons
from riskdesk.ui.widgets.station_filling import FillingPanel
from riskdesk.ui.widgets.station_loading import Loaded, load
from riskdesk.ui.widgets.station_notes import Notes
from riskdesk.ui.widgets.station_sheet import SheetView
from riskdesk.ui.widgets.station_words import counted_anew, own_words
from riskdesk.ui.widgets.station_years import YearChoice


class OwnSheet(QWidget):
    """Signals say what is wanted of others: dialogs, another page; `told` is a short line for the status bar."""

    told = Signal(str)
    behind_wanted = Signal(str, object)
    preview_wanted = Signal(object)
    asked = Signal(str, object)  # what of `station_buttons`, and the sheet with its reviews
    template_wanted = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._latest = desk, Latest(jobs, self)
        self._loaded = Loaded()
        self._saves = 0
        self.year = YearChoice()
        self.new = button("新建自评表(&K)", icon="add", kind="primary")
        self.again = button("重新统计(&R)", icon="refresh")
        self.template = button("指标模板(&I)…", icon="document")
        self.buttons = SheetButtons("上报(&S)…")
        self.sheet = SheetView()
        self._none = heading()
        self.notes = Notes()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    # --- what the page asks for ---

    @property
    def seen(self) -> Assessed | None:
        """The sheet that is shown."""
        return self._loaded.seen

    def refresh(self) -> None:
        """Show what is true now."""
        self._offer_years()
        self._load()

    def is_unsaved(self) -> bool:
        """Save what is typed; tell whether something stays that cannot be saved."""
        return self.sheet.is_unsaved()

    def take_focus(self) -> None:
        """Go to the table, or to what begins a sheet."""
        (self.sheet.table if self.seen else self.new).setFocus()

    def state_vetoes(self, codes: Sequence[str]) -> None:
        """Save which vetoes hold; raise `UserError` if that cannot be saved."""
        self._save(lambda kept: assessing.veto(self._desk, kept, codes))

    # --- the parts ---

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.year.label, self.year):
            top.addWidget(part)
        top.addStretch(1)
        for each in (self.again, self.template, self.buttons):
            top.addWidget(each)
        begin = styled(QWidget(), "page")
        layout = QVBoxLayout(begin)
        layout.addStretch(1)
        layout.addWidget(self._none)
        layout.addWidget(told("新建时按现行的指标模板，先填入系统能统计的各项，其余由您填写；填写的内容随时自动保存。"))
        layout.addWidget(self.new, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(2)
        for page in (begin, self.sheet):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(self.notes)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.year.activated.connect(self._on_year)
        self.new.clicked.connect(lambda: self._load(assessing.new))
        self.again.clicked.connect(self._on_again)
        self.template.clicked.connect(self.template_wanted)
        self.buttons.asked.connect(self._on_asked)
        self.sheet.panel_wanted.connect(self._show_panel)

    def _on_asked(self, what: str) -> None:
        if self.seen is not None and not self.is_unsaved():
            self.asked.emit(what, self.seen)

    # --- reading ---

    def _offer_years(self) -> None:
        every = assessing.sheets(self._desk)
        self.year.offer({each.sheet.year for each in every if each.sheet.station == self._desk.office.code})

    def _load(
        self, begin: Callable[[Desk, int], object] | None = None, ended: Callable[[Assessed], object] | None = None
    ) -> None:
        """Do something with the year's sheet in a job, show what came of it, and then call `ended` with it."""
        home, reference, year, saves = self._desk.home, self._desk.reference, self.year.year(), self._saves

        def work(_progress: Progress) -> Loaded:
            with Desk(home, reference) as desk:
                if begin is not None:
                    begin(desk, year)
                return load(desk, year)

        def done(loaded: Loaded) -> None:
            if self.seen is not None and self.is_unsaved():
                return  # what is typed goes first; the sheet is read again with the next refresh
            if saves != self._saves:  # something was saved meanwhile, maybe only just now
                self._load(None, ended)
                return
            self._show(loaded)
            if ended is not None and loaded.seen is not None:
                ended(loaded.seen)

        self._latest.start(work, done, self._refuse)

    def _on_year(self) -> None:
        if self.is_unsaved() and self.seen is not None:
            self.year.put(self.seen.kept.sheet.year)
        else:
            self._load()

    def _on_again(self) -> None:
        if not self.is_unsaved() and self.seen is not None:
            before = self.seen.kept.sheet
            self._load(
                lambda desk, year: assessing.refresh(desk, assessing.find(desk, year)),
                lambda now: self.told.emit(counted_anew(before, now.kept.sheet)),
            )

    # --- showing ---

    def _show(self, loaded: Loaded) -> None:
        self._refuse(None)
        before, self._loaded = self._loaded, loaded
        is_there = loaded.seen is not None
        self._stack.setCurrentIndex(int(is_there))
        self._none.setText(f"还没有 {self.year.year()} 年的自评表")
        for each in (self.again, self.buttons):
            each.setVisible(is_there)
        self.notes.show_doubts(loaded.seen.doubts if loaded.seen else ())
        self.notes.show_handed(loaded.handed, loaded.seen.kept.revision if loaded.seen else "")
        if loaded.seen is None:
            return
        self._show_state(loaded.seen)
        if self.sheet.panel is None or before != loaded:
            self._show_panel(self.sheet.table.code())

    def _show_state(self, seen: Assessed) -> None:
        sheet, given_back = seen.kept.sheet, self._loaded.given_back
        self.sheet.table.show_sheet(seen, own_words(sheet, given_back), self._loaded.last_year)
        self.sheet.show_missing(review_states.to_mend(sheet, given_back), sheet.template)
        accepted = review_states.accepted(self._desk, seen)
        self.sheet.totals.show_accepted(accepted)
        self.notes.show_judged(seen, accepted)
        self.sheet.totals.show_results({column: seen.result(column) for column in Column}, sheet.template)
        self.buttons.show_vetoes(len(sheet.vetoes))

    def _show_panel(self, code: str) -> None:
        seen, loaded = self.seen, self._loaded
        if seen is None or not code:
            return
        sheet = seen.kept.sheet
        panel = FillingPanel(sheet.template.indicator(code), sheet.of(code), partial(self._keep, code))
        panel.lay_out(self._desk, seen, loaded.given_back.get(code, ()), loaded.measured.get(code))
        panel.behind_wanted.connect(self.behind_wanted)
        panel.preview_wanted.connect(self.preview_wanted)
        panel.attach_wanted.connect(partial(self._attach, code))
        panel.detach_wanted.connect(partial(self._detach, code))
        self.sheet.show_panel(panel)

    # --- saving ---

    def _keep(self, code: str, said: Filled) -> None:
        self._save(lambda kept: assessing.keep(self._desk, kept, code, said))

    def _attach(self, code: str, paths: Sequence[Path], of: str) -> None:
        def attach(desk: Desk, year: int) -> None:
            for path in paths:
                assessing.attach(desk, assessing.find(desk, year), code, path, of)

        if not self.is_unsaved():
            self._load(attach)

    def _detach(self, code: str, evidence: Evidence) -> None:
        self._try(lambda kept: assessing.detach(self._desk, kept, code, evidence))

    def _try(self, change: Callable[[Kept], Kept]) -> None:
        try:
            self._save(change)
        except UserError as error:
            if self.sheet.panel is not None:
                self.sheet.panel.refuse(str(error))

    def _save(self, change: Callable[[Kept], Kept]) -> None:
        """Save a change; if the sheet went on elsewhere, the same change is made to what it is now."""
        seen = self.seen
        if seen is None:
            return
        try:
            kept = change(seen.kept)
        except InputError:
            kept = assessing.find(self._desk, seen.kept.sheet.year)
            if kept.revision == seen.kept.revision:
                raise
            kept = change(kept)
        if kept == seen.kept:
            return
        self._saves += 1
        now = replace(seen, kept=kept)
        self._loaded = replace(self._loaded, seen=now, given_back=reviewing.given_back(self._desk, now))
        self.notes.show_handed(self._loaded.handed, kept.revision)
        self._show_state(now)
        panel = self.sheet.panel
        if isinstance(panel, FillingPanel):
            panel.show_filled(kept.sheet.of(panel.indicator.code))

    def _refuse(self, error: UserError | None) -> None:
        self.notes.refuse(str(error or ""))
