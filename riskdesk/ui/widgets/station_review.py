"""初核 and 验收: the stations' sheets side by side, and one of them with this office's own column to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column, Judged
from riskdesk.errors import InputError, UserError
from riskdesk.services import assessing, reviewing
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.block_view import BlockView
from riskdesk.ui.widgets.parts import button, chip, heading, named, retone, styled, told
from riskdesk.ui.widgets.station_judging import JudgingPanel
from riskdesk.ui.widgets.station_list import ORDERS, StationList, state_word
from riskdesk.ui.widgets.station_sheet import SheetView
from riskdesk.ui.widgets.station_years import YearChoice
from riskdesk.ui.widgets.text_edits import LineEdit


class ReviewSheets(QWidget):
    """Signals say what is wanted of others: dialogs; `told` is a short line for the status bar."""

    told = Signal(str)
    preview_wanted = Signal(object)
    vetoes_wanted = Signal(object)  # the sheet with its reviews, as for the others
    export_wanted = Signal(object)
    send_wanted = Signal(object)
    history_wanted = Signal(object)
    summary_wanted = Signal(object)  # the block
    template_wanted = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._own = desk, reviewing.own_column(desk)
        self._found: list[Assessed] = []
        self._seen: Assessed | None = None
        self._last_year: Mapping[str, Decimal | None] = {}
        self.year, self.order = YearChoice(), named(QComboBox(), "排序")
        self.summary = button("导出验收汇总(&X)…", icon="export")
        self.template = button("指标模板(&I)…", icon="document")
        self.list, self.chart = StationList(), BlockView(jobs)
        self.tabs = named(QTabWidget(), "监测站")
        self._none = told()
        self._unit, self._state = heading(), chip("", "grey")
        self.sheet = SheetView()
        self.rest = button("同意其余(&Q)", icon="check", name="同意其余各项上一栏的得分")
        self.vetoes = button("否决项(&V)…", icon="flag")
        self.history = button("历次修改(&H)…", icon="history", name="这个监测站的历次修改")
        self.export = button("导出(&E)…", icon="export", name="导出这个监测站的自评与验收表")
        self.send = button("发送核验结果(&S)…", icon="send", kind="primary")
        self.conclusion = named(LineEdit("如：同意推荐验收"), f"{COLUMN_TITLES[self._own]}意见")
        self._trouble = told(name="err")
        self._trouble.hide()
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
        self._offer_years()
        self._found = reviewing.assessed(self._desk, self.year.year())
        self._list_again()
        at = self._seen.kept.id if self._seen else ""
        known = next((each for each in self._found if each.kept.id == at), None)
        if known != self._seen:
            self._show_sheet(known)
        self.tabs.setTabVisible(1, known is not None)

    def is_unsaved(self) -> bool:
        """Save what is typed; tell whether something stays that cannot be saved."""
        self._on_conclusion()
        return self.sheet.is_unsaved()

    def take_focus(self) -> None:
        """Go to the list, or to the sheet that is open."""
        (self.sheet.table if self.tabs.currentIndex() else self.list).setFocus()

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
        top = QHBoxLayout()
        label = QLabel("排序(&O)")
        label.setBuddy(self.order)
        for part in (self.year.label, self.year, label, self.order):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.template)
        top.addWidget(self.summary)
        self.order.addItems([f"按{each}" for each in ORDERS])
        all_stations = styled(QWidget(), "page")
        layout = QVBoxLayout(all_stations)
        layout.addLayout(top)
        layout.addWidget(self._none)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.chart, 1)
        self.chart.copy_table.hide()  # the list stands above it
        self.tabs.addTab(all_stations, "各监测站")
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
        for each in (self.vetoes, self.history, self.export, self.send):
            line.addWidget(each)
        label = QLabel("意见(&U)")
        label.setBuddy(self.conclusion)
        below = QHBoxLayout()
        below.addWidget(self.rest)
        below.addWidget(label)
        below.addWidget(self.conclusion, 1)
        self.sheet.hide_missing()
        layout = QVBoxLayout(tab)
        layout.addLayout(line)
        layout.addWidget(self._trouble)
        layout.addWidget(self.sheet, 1)
        layout.addLayout(below)
        return tab

    def _connect(self) -> None:
        self.year.activated.connect(self._on_year)
        self.tabs.currentChanged.connect(self._on_tab)
        self.order.currentIndexChanged.connect(self._list_again)
        self.list.order_wanted.connect(self.order.setCurrentIndex)
        self.list.opened.connect(self.open_sheet)
        self.summary.clicked.connect(self._on_summary)
        self.template.clicked.connect(self.template_wanted)
        self.chart.told.connect(self.told)
        self.rest.clicked.connect(self._on_rest)
        self.conclusion.editingFinished.connect(self._on_conclusion)
        for each, wanted in (
            (self.vetoes, self.vetoes_wanted),
            (self.history, self.history_wanted),
            (self.export, self.export_wanted),
            (self.send, self.send_wanted),
        ):
            each.clicked.connect(partial(self._ask, wanted))
        self.sheet.panel_wanted.connect(self._show_panel)

    def _ask(self, wanted: SignalInstance, _checked: bool = False) -> None:
        if self._seen is not None and not self.is_unsaved():
            wanted.emit(self._seen)

    # --- the list ---

    def _offer_years(self) -> None:
        self.year.offer({each.sheet.year for each in assessing.sheets(self._desk)})

    def _list_again(self) -> None:
        year = self.year.year()
        self.list.show_stations(self._found, self._own, max(0, self.order.currentIndex()))
        self._none.setText("选中一个监测站，回车或双击打开核验。" if self._found else f"还没有收到 {year} 年的自评表。")
        self.summary.setEnabled(bool(self._found))
        self.summary.setToolTip("" if self._found else "还没有收到自评表")
        block = reviewing.summary(year, self._found)
        self.chart.setVisible(self._own is Column.PROVINCE and block.chart is not None)
        if not self.chart.isHidden():
            self.chart.show_block(replace(block, table=None, text=""))

    def _on_year(self) -> None:
        if not self.is_unsaved():
            self.tabs.setCurrentIndex(0)
            self.refresh()

    def _on_tab(self, at: int) -> None:
        if at == 0 and not self.is_unsaved():
            self._list_again()

    def _on_summary(self) -> None:
        self.summary_wanted.emit(reviewing.summary(self.year.year(), self._found))

    # --- one sheet ---

    def _show_sheet(self, seen: Assessed | None) -> None:
        self._seen = seen
        if seen is None:
            self.tabs.setCurrentIndex(0)
            return
        self._last_year = self._points_of_last_year(seen)
        self._unit.setText(seen.kept.sheet.unit)
        known = seen.reviews.get(self._own)
        self.conclusion.put(known.review.conclusion if known else "")
        self._show_state()
        self._show_panel(self.sheet.table.code())

    def _points_of_last_year(self, seen: Assessed) -> Mapping[str, Decimal | None]:
        sheet = seen.kept.sheet
        known = reviewing.assessed(self._desk, sheet.year - 1)
        return next((each.kept.sheet.points() for each in known if each.kept.sheet.station == sheet.station), {})

    def _show_state(self) -> None:
        seen = self._seen
        if seen is None:
            return
        self.sheet.table.show_sheet(seen, reviewing.given_back(self._desk, seen), self._last_year)
        self.sheet.totals.show_results({column: seen.result(column) for column in Column}, seen.kept.sheet.template)
        retone(self._state, *state_word(seen, self._own))
        known = seen.reviews.get(self._own)
        count = len(known.review.vetoes) if known else 0
        self.vetoes.setText(f"否决项 {count}(&V)…" if count else "否决项(&V)…")

    def _show_panel(self, code: str) -> None:
        seen = self._seen
        if seen is None or not code:
            return
        indicator = seen.kept.sheet.template.indicator(code)
        panel = JudgingPanel(indicator, partial(self._judge, code), partial(self._give_back, code))
        panel.lay_out(seen, self._own, reviewing.given_back(self._desk, seen).get(code, ()))
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

    def _on_conclusion(self) -> None:
        seen = self._seen
        known = seen.reviews.get(self._own) if seen else None
        if seen is not None and self.conclusion.value() != (known.review.conclusion if known else ""):
            self._try(lambda each: reviewing.conclude(self._desk, each, self.conclusion.value()))

    def _try(self, change: Callable[[Assessed], Assessed]) -> None:
        try:
            self._save(change)
        except UserError as error:
            self._trouble.setText(str(error))
            self._trouble.show()
        else:
            self._trouble.hide()

    def _save(self, change: Callable[[Assessed], Assessed]) -> None:
        if self._seen is None:
            raise InputError("请先选择一个监测站。")
        now = change(self._seen)
        if now == self._seen:
            return
        self._found = [now if each.kept.id == now.kept.id else each for each in self._found]
        self._seen = now
        self._show_state()
