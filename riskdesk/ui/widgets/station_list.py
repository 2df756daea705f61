"""All stations' sheets of a year side by side, to be put in order by any column, and one of them opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from riskdesk.domain.assessment import COLUMN_TITLES, Column
from riskdesk.services.reviewing import Assessed
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.station_words import result_text

_HEADINGS = ("监测站", *COLUMN_TITLES.values(), "状态")
ORDERS = ("单位", *COLUMN_TITLES.values())
_STATE = 4


class StationList(ChipTable):
    """Emits `opened(assessed)` on Enter or a double click, and `order_wanted(place in ORDERS)` after a click on a heading."""

    opened = Signal(object)
    order_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__("各监测站", _HEADINGS, (0, 20, 20, 20, 18), _STATE)
        self._found: list[Assessed] = []
        self.cellActivated.connect(lambda row, _column: self.opened.emit(self._found[row]))
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self._on_heading)

    def show_stations(self, found: Sequence[Assessed], own: Column, order: int) -> None:
        """Show the sheets in an order: by name, or those with the most points of a column first."""
        chosen = self.chosen()
        self._found = sorted(found, key=lambda each: each.kept.sheet.unit)
        if order:
            self._found.sort(key=lambda each: -_total(each, list(Column)[order - 1]))
        self.clear_rows()
        for each in self._found:
            word, tone = state_word(each, own)
            self.add_row((each.kept.sheet.unit, *(result_text(each.result(one)) for one in Column), word), tone)
        self.horizontalHeader().setSortIndicatorShown(True)
        self.horizontalHeader().setSortIndicator(
            order, Qt.SortOrder.DescendingOrder if order else Qt.SortOrder.AscendingOrder
        )
        ids = [each.kept.id for each in self._found]
        self.choose(ids.index(chosen.kept.id) if chosen is not None and chosen.kept.id in ids else 0)

    def chosen(self) -> Assessed | None:
        """Return the sheet that the cursor is on."""
        row = self.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _on_heading(self, column: int) -> None:
        if column < len(ORDERS):
            self.order_wanted.emit(column)


def state_word(seen: Assessed, own: Column) -> tuple[str, str]:
    """Return how far this office is with a sheet, and the tone of its chip."""
    outcome, known = seen.result(own), seen.reviews.get(own)
    if outcome is None or known is None:
        return "待核验", "amber"
    if not seen.is_current(own):
        return "自评已更新", "red"
    if known.review.returned:
        return "有退回", "amber"
    return ("已核验", "green") if outcome.is_complete else ("核验中", "blue")


def _total(seen: Assessed, column: Column) -> float:
    outcome = seen.result(column)
    return -1.0 if outcome is None else float(outcome.total)
