"""All stations of a year side by side, to be put in order by any column, and one of them opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTableWidgetItem

from riskdesk.domain.assessment import COLUMN_TITLES, Column
from riskdesk.services.reviewing import Assessed
from riskdesk.services.station_overview import MISSING, StationYear
from riskdesk.ui import icons
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.station_words import result_text

_HEADINGS = ("监测站", *COLUMN_TITLES.values(), "状态")
ORDERS = ("单位", *COLUMN_TITLES.values())
_STATE = 4


class StationList(ChipTable):
    """Emits `opened(station)` on Enter or a double click, and `order_wanted(place in ORDERS)` after a click on a heading.

    A station whose sheet is doubted bears a mark, which says why.
    """

    opened = Signal(object)
    order_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__("各监测站", _HEADINGS, (0, 20, 20, 20, 18), _STATE)
        self._found: list[StationYear] = []
        self.cellActivated.connect(lambda row, _column: self.opened.emit(self._found[row]))
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self._on_heading)

    def show_stations(self, found: Sequence[StationYear], own: Column, order: int) -> None:
        """Show the stations in an order: by name, or those with the most points of a column first."""
        chosen = self.chosen()
        self._found = sorted(found, key=lambda each: each.unit)
        if order:
            self._found.sort(key=lambda each: -_total(each, list(Column)[order - 1]))
        self.clear_rows()
        for row, each in enumerate(self._found):
            word, tone = state_word(each.seen, own)
            points = (result_text(each.result(one)) if each.seen else "" for one in Column)
            self.add_row((each.unit, *points, word), tone)
            if each.doubts and (item := self.item(row, 0)) is not None:
                _mark(item, each)
        self.fit()
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setSortIndicator(
            order, Qt.SortOrder.DescendingOrder if order else Qt.SortOrder.AscendingOrder
        )
        codes = [each.code for each in self._found]
        self.choose(codes.index(chosen.code) if chosen is not None and chosen.code in codes else 0)

    def chosen(self) -> StationYear | None:
        """Return the station that the cursor is on."""
        row = self.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _on_heading(self, column: int) -> None:
        if column < len(ORDERS):
            self.order_wanted.emit(column)


def _mark(item: QTableWidgetItem, each: StationYear) -> None:
    item.setIcon(icons.icon("warning"))
    item.setToolTip("\n".join((each.unit, *each.doubts)))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.unit}，有疑问：{''.join(each.doubts)}")


def state_word(seen: Assessed | None, own: Column, updated: int = 0) -> tuple[str, str]:
    """Return how far this office is with a sheet, of which so many indicators are `updated`, and the tone of its chip."""
    if seen is None:
        return MISSING, "grey"
    if updated:
        return f"自评已更新 {updated} 项", "red"
    outcome, known = seen.result(own), seen.reviews.get(own)
    if outcome is None or known is None:
        return "待核验", "amber"
    if not seen.is_current(own):
        return "自评已更新", "red"
    if known.review.returned:
        return "有退回", "amber"
    return ("已核验", "green") if outcome.is_complete else ("核验中", "blue")


def _total(each: StationYear, column: Column) -> float:
    if each.seen is None:
        return -2.0
    outcome = each.result(column)
    return -1.0 if outcome is None else float(outcome.total)
