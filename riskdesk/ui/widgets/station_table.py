"""The indicators of a station's sheet as a table by dimension: the columns of points side by side, and the state of each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTableWidgetItem, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column
from riskdesk.domain.station_template import Template
from riskdesk.services.assessment_words import points_text
from riskdesk.services.reviewing import Assessed
from riskdesk.ui import theme
from riskdesk.ui.widgets.chip_table import TONE_ROLE, ChipTable

_HEADINGS = ("指标", "满分", "自评", "初核", "验收", "上年", "状态")
_WIDTHS = (0, 8, 8, 8, 8, 8, 13)
_LAST_YEAR, _STATE = 5, 6
_LEAST = 28  # half characters of the names that are seen in any case
_CODE_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class IndicatorTable(ChipTable):
    """Emits `chosen(code)` when a person goes to another indicator; rows of dimensions cannot be gone to."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("指标", _HEADINGS, _WIDTHS, _STATE, parent)
        self._rows: dict[str, int] = {}  # by code
        self._template: Template | None = None
        self.own = (
            Column.SELF
        )  # the column that is filled in here; those of others are shown once there is something in them
        for at, title in enumerate(COLUMN_TITLES.values(), 2):
            if (heading := self.horizontalHeaderItem(at)) is not None:
                heading.setToolTip(title)
        self.currentCellChanged.connect(lambda *_cells: self._on_current_changed())

    def show_sheet(
        self,
        seen: Assessed,
        states: Mapping[str, tuple[str, str]],
        last_year: Mapping[str, Decimal | None],
    ) -> None:
        """Show a sheet with the word and the tone for each indicator; where its indicators are those shown, only what stands in the cells changes."""
        template = seen.kept.sheet.template
        if template != self._template:
            self._make_rows(template)
        columns = [seen.points(column) for column in Column] + [last_year]
        for at, column in enumerate(Column, 2):
            self.setColumnHidden(at, column not in (Column.SELF, self.own) and seen.result(column) is None)
        self.setColumnHidden(_LAST_YEAR, not last_year)
        for code, row in self._rows.items():
            for at, points in enumerate(columns, 2):
                self._cell_at(row, at).setText(_cell(points.get(code)))
            word, tone = states[code]
            self._cell_at(row, _STATE).setText(word)
            self._cell_at(row, _STATE).setData(TONE_ROLE, tone)
        self.fit()
        beside = sum(self.columnWidth(column) for column in range(1, self.columnCount()))  # 0 for those hidden
        self.setMinimumWidth(beside + theme.letter(self) * _LEAST)

    def code(self) -> str:
        """Return the code of the indicator that the cursor is on, "" for none."""
        item = self.item(self.currentRow(), 0)
        return str(item.data(_CODE_ROLE) or "") if item is not None else ""

    def choose_code(self, code: str) -> None:
        """Put the cursor on an indicator."""
        if code in self._rows:
            self.selectRow(self._rows[code])

    def choose_silently(self, code: str) -> None:
        """Put the cursor back where it was; nobody hears of it."""
        blocked = self.blockSignals(True)
        self.choose_code(code)
        self.blockSignals(blocked)

    def _cell_at(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None  # noqa: S101 - made with its row
        return item

    def _make_rows(self, template: Template) -> None:
        blocked = self.blockSignals(True)
        at = self.code()
        self.clearSpans()
        self.clear_rows()
        self._rows.clear()
        self._template = template
        for dimension, most in template.dimensions.items():
            self._add_dimension(f"{dimension}（{points_text(most)} 分）")
            for each in template.of_dimension(dimension):
                self._rows[each.code] = self.rowCount()
                self.add_row(
                    (f"{each.code} {each.name}", points_text(each.max_points), *("" for _ in _HEADINGS[2:])), "grey"
                )
                self._cell_at(self._rows[each.code], 0).setData(_CODE_ROLE, each.code)
        self.choose_code(at if at in self._rows else next(iter(self._rows), ""))
        self.blockSignals(blocked)

    def _add_dimension(self, text: str) -> None:
        row = self.rowCount()
        self.insertRow(row)
        item = QTableWidgetItem(text)
        font = QFont(self.font())
        font.setBold(True)
        item.setFont(font)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.setItem(row, 0, item)
        self.setSpan(row, 0, 1, self.columnCount())

    def _on_current_changed(self) -> None:
        if code := self.code():
            self.chosen.emit(code)


def _cell(points: Decimal | None) -> str:
    return "" if points is None else points_text(points)
