"""The computed parts of a section beside its text, one below the other; their charts are drawn off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.annual import Section
from riskdesk.domain.blocks import Block, BlockKind, Chart
from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import charting
from riskdesk.services.charting import PageImage
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.annual_block import AnnualBlock
from riskdesk.ui.widgets.latest import Latest
from riskdesk.ui.widgets.parts import empty, styled, told

_SETTLED = 150  # ms after a change of the width
_MARGINS = 44  # px: of the card and around it, both sides
_PRINTED = 9.0  # points that the letters of a chart are high
_FEWEST, _MOST = 230.0, 425.0  # points that a chart is drawn wide
_KEPT = 60  # pictures

_Key = tuple[Chart, int, float]


class AnnualBlocks(QScrollArea):
    """Signals: `records_wanted(title, ids)`; `chart_wanted(chart)`; `printing_changed(kind, printed)`."""

    records_wanted = Signal(str, object)
    chart_wanted = Signal(object)
    printing_changed = Signal(object, bool)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("自动统计")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drawing = Latest(jobs, self)
        self._drawn: dict[_Key, PageImage] = {}
        self._shown: tuple[str, tuple[Block, ...], tuple[BlockKind, ...]] | None = None
        self.cards: list[AnnualBlock] = []
        inside = styled(QWidget(), "page")
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(6, 6, 6, 6)
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        whole.addLayout(self._column)
        whole.addStretch(1)
        self.setWidget(inside)
        self._resized = QTimer(self, singleShot=True, interval=_SETTLED)
        self._resized.timeout.connect(self._draw)

    def show_section(self, section: Section) -> None:
        """Show the computed parts of a section; nothing moves if they are what is shown already."""
        wanted = (section.code, section.blocks, section.left_out)
        if wanted == self._shown:
            return
        same_section = self._shown is not None and self._shown[0] == section.code
        at = self.verticalScrollBar().value() if same_section else 0
        self._shown = wanted
        empty(self._column)
        self.cards = [AnnualBlock(each, each.kind not in section.left_out) for each in section.blocks]
        for card in self.cards:
            card.records_wanted.connect(self.records_wanted)
            card.chart_wanted.connect(self.chart_wanted)
            card.printing_changed.connect(self.printing_changed)
            self._column.addWidget(card)
        if not self.cards:
            self._column.addWidget(told("这一节没有根据记录自动统计的内容，请直接写文字。"))
        self._draw()
        QTimer.singleShot(0, self, partial(self.verticalScrollBar().setValue, at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt override: charts are drawn for the width that there is."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._resized.start()

    def _draw(self) -> None:
        wanted = {key: card for card in self.cards if (key := self._key(card)) is not None}
        missing = [key for key in wanted if key not in self._drawn]
        if missing:
            self._drawing.start(partial(_pictures, missing), self._on_drawn, self._on_failed)
        for key, card in wanted.items():
            if key in self._drawn:
                card.show_picture(self._drawn[key])

    def _key(self, card: AnnualBlock) -> _Key | None:
        chart = card.block.chart
        if chart is None:
            return None
        bar = self.verticalScrollBar().sizeHint().width()  # whether it is there or not: else the charts would flicker
        room = max(self.width() - bar - _MARGINS, 1)
        letter = self.fontMetrics().height() / 1.5  # px: about the height that the letters have on the screen
        points = min(max(room / letter * _PRINTED, _FEWEST), _MOST)
        return chart, round(room * self.devicePixelRatioF()), points

    def _on_drawn(self, drawn: Mapping[_Key, PageImage]) -> None:
        if len(self._drawn) > _KEPT:
            self._drawn.clear()
        self._drawn.update(drawn)
        for card in self.cards:
            key = self._key(card)
            if key is not None and key in drawn:
                card.show_picture(drawn[key])

    def _on_failed(self, error: UserError) -> None:
        for card in self.cards:
            card.tell_trouble(str(error))


def _pictures(keys: list[_Key], progress: Progress) -> dict[_Key, PageImage]:
    found = {}
    for number, key in enumerate(keys, 1):
        found[key] = charting.chart_image(*key)
        progress(number, len(keys))
    return found
