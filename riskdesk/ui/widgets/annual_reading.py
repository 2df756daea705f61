"""A yearly report that came from another office, to be read: headings, text, what is computed; nothing in it can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from riskdesk.domain.annual import AnnualReport
from riskdesk.services import annual
from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.annual_blocks import AnnualBlocks
from riskdesk.ui.widgets.annual_outline import AnnualOutline
from riskdesk.ui.widgets.parts import named, styled, told

_SHARES = (27, 38, 35)  # of the width: headings, text, computed; as where an own report is written
_NO_TEXT = "（这一节没有文字）"


class AnnualReading(QSplitter):
    """Signals: `records_wanted(title, ids)`; `chart_wanted(chart)`."""

    records_wanted = Signal(str, object)
    chart_wanted = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: AnnualReport | None = None
        self.setChildrenCollapsible(False)
        self.setHandleWidth(12)
        self.outline = AnnualOutline()
        self.title = styled(told(), "h2")
        self.text = named(QPlainTextEdit(), "正文，只读")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(_NO_TEXT)
        self.blocks = AnnualBlocks(jobs)
        self._lay_out()
        self.outline.chosen.connect(self._on_chosen)
        self.blocks.records_wanted.connect(self.records_wanted)
        self.blocks.chart_wanted.connect(self.chart_wanted)
        QShortcut(QKeySequence("Ctrl+PgDown"), self, lambda: self._step(1))
        QShortcut(QKeySequence("Ctrl+PgUp"), self, lambda: self._step(-1))

    def show_report(self, report: AnnualReport) -> None:
        """Show a report, on the section that was looked at if it has it."""
        self._report = report
        code, codes = self.outline.code(), {each.code for each in report.sections}
        wanted = code if code in codes else report.sections[0].code
        self.outline.show_report(report, wanted)
        self._on_chosen(wanted)

    def _lay_out(self) -> None:
        headings, text = QLabel("章节(&C)"), QLabel("正文(&T)")
        headings.setBuddy(self.outline)
        text.setBuddy(self.text)
        for parts, share in (
            ((headings, self.outline), _SHARES[0]),
            ((self.title, text, self.text), _SHARES[1]),
            ((self.blocks,), _SHARES[2]),
        ):
            column = QWidget()
            layout = QVBoxLayout(column)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)
            for part in parts:
                layout.addWidget(part)
            layout.setStretchFactor(parts[-1], 1)
            self.addWidget(column)
            self.setStretchFactor(self.count() - 1, share)
        letter = theme.letter(self)
        self.setSizes([letter * share * 2 for share in _SHARES])

    def _on_chosen(self, code: str) -> None:
        if self._report is None or not code:
            return
        section = self._report.section(code)
        titles = dict(pair for part in annual.outline(self._report) for pair in part.sections)
        self.title.setText(titles[code])
        named(self.text, f"正文，只读：{titles[code]}")
        if self.text.toPlainText() != section.text:
            self.text.setPlainText(section.text)
        self.blocks.show_section(section)
        for card in self.blocks.cards:
            card.fix()

    def _step(self, by: int) -> None:
        codes = self.outline.codes()
        if self.outline.code() in codes:
            self.outline.choose(codes[min(max(codes.index(self.outline.code()) + by, 0), len(codes) - 1)])
