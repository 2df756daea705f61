"""A station's sheet with its parts beside each other: the table of indicators, and the panel of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QListWidget, QScrollArea, QSplitter, QVBoxLayout, QWidget

from riskdesk.domain.station_template import Template
from riskdesk.ui.widgets.parts import named, styled, told
from riskdesk.ui.widgets.station_panel import IndicatorPanel
from riskdesk.ui.widgets.station_table import IndicatorTable
from riskdesk.ui.widgets.station_totals import Totals

_LINES = 4  # of what is missing that are seen at once


class SheetView(QSplitter):
    """Emits `panel_wanted(code)` when another indicator is to be shown: what was typed on the panel before is saved by then."""

    panel_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.totals, self.table = Totals(), IndicatorTable()
        self.missing = named(QListWidget(), "还缺的内容，回车转到")
        self.missing.setFixedHeight(round(self.missing.fontMetrics().height() * 1.5 * _LINES))
        self.missing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.missing.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._lacking = told()
        self.panel: IndicatorPanel | None = None
        self._codes: tuple[str, ...] = ()
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = styled(QWidget(), "page")
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.totals, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._lacking)
        layout.addWidget(self.missing)
        self.addWidget(left)
        self.addWidget(self._scroll)
        self.setStretchFactor(0, 11)
        self.setStretchFactor(1, 9)
        self.setSizes([1100, 900])  # else what stands on the first panel decides
        self.setChildrenCollapsible(False)
        self.table.chosen.connect(self.on_chosen)
        for going in (self.missing.itemClicked, self.missing.itemActivated):
            going.connect(lambda item: self._lead_to(self.missing.row(item)))

    def show_panel(self, panel: IndicatorPanel) -> None:
        """Show the panel of another indicator, or a fresh one of the same."""
        focus = QApplication.focusWidget()
        has_focus = self.panel is not None and focus is not None and self.panel.isAncestorOf(focus)
        if (old := self._scroll.takeWidget()) is not None:
            old.deleteLater()
        self.panel = panel
        self._scroll.setWidget(panel)
        if has_focus:
            panel.take_focus()

    def show_missing(self, missing: Sequence[str], template: Template) -> None:
        """List what is still to be filled in; each leads to its indicator."""
        starts = {f"{each.code} {each.name}：": each.code for each in template.indicators}
        self._codes = tuple(next(code for start, code in starts.items() if each.startswith(start)) for each in missing)
        if [self.missing.item(row).text() for row in range(self.missing.count())] != list(missing):
            self.missing.clear()
            self.missing.addItems(list(missing))
            for row, text in enumerate(missing):
                self.missing.item(row).setToolTip(text)
        self._lacking.setText(f"还缺 {len(missing)} 项（单击或回车转到）：" if missing else "各项都已填写，材料齐全。")
        self.missing.setVisible(bool(missing))

    def hide_missing(self) -> None:
        """Whoever judges the sheet is not asked for what is missing in it."""
        self.missing.hide()
        self._lacking.hide()

    def is_unsaved(self) -> bool:
        """Save what is typed on the panel; tell whether something stays that cannot be saved."""
        return self.panel is not None and self.panel.unsaved()

    def on_chosen(self, code: str) -> None:
        """Go to another indicator, unless what is typed cannot be saved."""
        if self.panel is not None and self.panel.indicator.code == code:
            return
        if self.is_unsaved() and self.panel is not None:
            code = self.panel.indicator.code
            self.table.choose_silently(code)
            # the press of the mouse that this is part of goes on to select the row it fell on
            QTimer.singleShot(0, self.table, lambda: self.table.choose_silently(code))
            return
        self.panel_wanted.emit(code)

    def _lead_to(self, row: int) -> None:
        if 0 <= row < len(self._codes):
            self.table.choose_code(self._codes[row])
            if self.panel is not None:
                self.panel.take_focus()
