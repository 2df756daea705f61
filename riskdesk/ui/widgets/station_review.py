"""初核 and 验收: the stations' sheets side by side, and one of them with this office's own column to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column, Judged
from riskdesk.errors import InputError, UserError
from riskdesk.services import assessing, review_states, reviewing, station_overview, station_receipts
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed
from riskdesk.services.station_overview import StationYear
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.parts import button, chip, heading, named, retone, styled
from riskdesk.ui.widgets.station_buttons import SheetButtons
from riskdesk.ui.widgets.station_judging import JudgingPanel
from riskdesk.ui.widgets.station_list import state_word
from riskdesk.ui.widgets.station_notes import Notes
from riskdesk.ui.widgets.station_overview import AllStations
from riskdesk.ui.widgets.station_sheet import SheetView
from riskdesk.ui.widgets.station_words import judged_words
from riskdesk.ui.widgets.text_edits import LineEdit


class ReviewSheets(QWidget):
    """Signals say what is wanted of others: dialogs; `told` is a short line for the status bar."""

    told = Signal(str)
    preview_wanted = Signal(object)
    asked = Signal(str, object)  # what of `station_buttons`, and the sheet with its reviews
    summary_wanted = Signal(object)  # the block
    template_wanted = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._own = desk, reviewing.own_column(desk)
        self._found: list[StationYear] = []
        self._seen: Assessed | None = None
        self._last_year: Mapping[str, Decimal | None] = {}
        self.all = AllStations(self._own, jobs)
        self.tabs = named(QTabWidget(), "监测站")
        self._unit, self._state = heading(), chip("", "grey")
        self.notes, self.sheet = Notes(), SheetView()
        self.rest = button("同意其余(&Q)", icon="check", name="同意其余各项上一栏的得分")
        self.buttons = SheetButtons("发送核验结果(&S)…")
        self.conclusion = named(LineEdit("如：同意推荐验收"), f"{COLUMN_TITLES[self._own]}意见")
        self._lay_out()
        self._connect()

    # --- what the page asks for ---

    @property
    def seen(self) -> Assessed | None:
        """The sheet that is being judged."""
        return self._seen

    def refresh(self) -> None:
        """Show what is true now."""
        if self.is_unsaved():
            return  # what is typed goes first
        self.all.year.offer({each.sheet.year for each in assessing.sheets(self._desk)})
        self._found = station_overview.stations(self._desk, self.all.year.year())
        self.all.show_stations(self._found)
        at = self._seen.kept.id if self._seen else ""
        known = next((each.seen for each in self._found if each.seen and each.seen.kept.id == at), None)
        if known != self._seen:
            self._show_sheet(known)
        self._show_receipts()
        self.tabs.setTabVisible(1, known is not None)

    def is_unsaved(self) -> bool:
        """Save what is typed; tell whether something stays that cannot be saved."""
        is_kept = self._keep_conclusion()
        return self.sheet.is_unsaved() or not is_kept

    def take_focus(self) -> None:
        """Go to the list, or to the sheet that is open."""
        (self.sheet.table if self.tabs.currentIndex() else self.all.list).setFocus()

    def open_sheet(self, seen: Assessed) -> None:
        """Go on with one station."""
        if self.is_unsaved():
            return
        self.tabs.setTabVisible(1, True)
        self._show_sheet(seen)
        self.tabs.setCurrentIndex(1)
        self.sheet.table.setFocus()

    def state_vetoes(self, codes: Sequence[str]) -> None:
        """Save which vetoes hold; raise `UserError` if that cannot be saved."""
        self._save(lambda seen: reviewing.veto(self._desk, seen, codes))

    # --- the parts ---

    def _lay_out(self) -> None:
        self.tabs.addTab(self.all, "各监测站")
        self.tabs.addTab(self._sheet_tab(), "核验")
        self.tabs.setTabVisible(1, False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.tabs)

    def _sheet_tab(self) -> QWidget:
        tab = styled(QWidget(), "page")
        line = QHBoxLayout()
        for part in (self._unit, self._state):
            line.addWidget(part, alignment=Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        line.addWidget(self.buttons)
        label = QLabel("意见(&U)")
        label.setBuddy(self.conclusion)
        below = QHBoxLayout()
        below.addWidget(self.rest)
        below.addWidget(label)
        below.addWidget(self.conclusion, 1)
        self.sheet.hide_missing()
        self.sheet.table.own = self._own
        layout = QVBoxLayout(tab)
        layout.addLayout(line)
        layout.addWidget(self.notes)
        layout.addWidget(self.sheet, 1)
        layout.addLayout(below)
        return tab

    def _connect(self) -> None:
        self.all.year_changed.connect(self._on_year)
        self.all.opened.connect(self.open_sheet)
        self.all.summary_wanted.connect(self.summary_wanted)
        self.all.template_wanted.connect(self.template_wanted)
        self.all.told.connect(self.told)
        self.tabs.currentChanged.connect(self._on_tab)
        self.rest.clicked.connect(self._on_rest)
        self.conclusion.editingFinished.connect(self._keep_conclusion)
        self.buttons.asked.connect(self._on_asked)
        self.sheet.panel_wanted.connect(self._show_panel)

    def _on_asked(self, what: str) -> None:
        if self._seen is not None and not self.is_unsaved():
            self.asked.emit(what, self._seen)

    def _on_year(self) -> None:
        if self.is_unsaved() and self._seen is not None:
            self.all.year.put(self._seen.kept.sheet.year)
        else:
            self.tabs.setCurrentIndex(0)
            self.refresh()

    def _on_tab(self, at: int) -> None:
        if at == 0 and not self.is_unsaved():
            self.all.show_stations(self._found)

    # --- one sheet ---

    def _show_sheet(self, seen: Assessed | None) -> None:
        self._seen = seen
        if seen is None:
            self.tabs.setCurrentIndex(0)
            return
        self._last_year = reviewing.points_of_last_year(self._desk, seen)
        self._unit.setText(seen.kept.sheet.unit)
        self.notes.show_doubts(seen.doubts)
        self.notes.refuse("")
        self.conclusion.put(self._opinion())
        self._show_state(seen)
        self._show_receipts()
        self._show_panel(self.sheet.table.code())

    def _opinion(self) -> str:
        """Return the opinion that is saved."""
        known = self._seen.reviews.get(self._own) if self._seen else None
        return known.review.conclusion if known else ""

    def _show_receipts(self) -> None:
        known = self._seen.reviews.get(self._own) if self._seen else None
        found = station_receipts.handed_on(self._desk, known.revision) if known else []
        self.notes.show_handed(found, known.revision if known else "")

    def _show_state(self, seen: Assessed) -> None:
        found = review_states.states(self._desk, seen, self._own)
        self.sheet.table.show_sheet(seen, judged_words(found, self._own), self._last_year)
        self.sheet.totals.show_results({column: seen.result(column) for column in Column}, seen.kept.sheet.template)
        changed = [code for code, each in found.items() if each is review_states.JudgedState.UPDATED]
        retone(self._state, *state_word(seen, self._own, len(changed)))
        self._state.setToolTip("、".join(changed))
        known = seen.reviews.get(self._own)
        self.buttons.show_vetoes(len(known.review.vetoes) if known else 0)

    def _show_panel(self, code: str) -> None:
        seen = self._seen
        if seen is None or not code:
            return
        indicator = seen.kept.sheet.template.indicator(code)
        panel = JudgingPanel(indicator, partial(self._judge, code), partial(self._give_back, code))
        panel.lay_out(self._desk, seen, self._own)
        panel.preview_wanted.connect(self.preview_wanted)
        self.sheet.show_panel(panel)

    # --- saving ---

    def _judge(self, code: str, given: Judged) -> None:
        self._save(lambda seen: reviewing.points(self._desk, seen, code, given))

    def _give_back(self, code: str, reason: str) -> None:
        self._save(lambda seen: reviewing.returned(self._desk, seen, code, reason))

    def _on_rest(self) -> None:
        if not self.sheet.is_unsaved():
            self._try(lambda seen: reviewing.accept_rest(self._desk, seen))
            self._show_panel(self.sheet.table.code())

    def _keep_conclusion(self) -> bool:
        """Save the opinion; tell whether there is nothing left of it that is not saved."""
        said = self.conclusion.value()
        if self._seen is None or said == self._opinion():
            return True
        return self._try(lambda each: reviewing.conclude(self._desk, each, said))

    def _try(self, change: Callable[[Assessed], Assessed]) -> bool:
        try:
            self._save(change)
        except UserError as error:
            self.notes.refuse(str(error))
            return False
        self.notes.refuse("")
        return True

    def _save(self, change: Callable[[Assessed], Assessed]) -> None:
        """Save a change; if only the review went on elsewhere, the same change is made to what it is now."""
        seen = self._seen
        if seen is None:
            raise InputError("请先选择一个监测站。")
        try:
            now = change(seen)
        except InputError:
            other = reviewing.find(self._desk, seen.kept.sheet.year, seen.kept.sheet.station)
            if other.kept != seen.kept or other.reviews == seen.reviews:
                raise
            now = change(other)
        if now == seen:
            return
        station, fresh = now.kept.sheet.station, station_overview.station_year(now)
        self._found = [fresh if each.code == station else each for each in self._found]
        self._seen = now
        self._show_state(now)
        self._show_receipts()
