"""The year whose sheets are shown."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QComboBox, QLabel

from riskdesk import clock
from riskdesk.ui.widgets.parts import named

_BACK = 2  # years before this one that are offered in any case


class YearChoice(QComboBox):
    """Has its `label`; stands on the newest year of which there is something, until a person chooses another."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "年份")
        self.label = QLabel("年份(&Y)")
        self.label.setBuddy(self)

    def offer(self, have: Collection[int]) -> None:
        """Offer the last years and those of which there is something; what is chosen stays."""
        this = clock.today().year
        years = sorted({this - back for back in range(_BACK + 1)} | set(have), reverse=True)
        if [self.itemData(row) for row in range(self.count())] == years:
            return
        chosen = self.currentData() or max(have, default=this)
        self.clear()
        for each in years:
            self.addItem(f"{each} 年", each)
        self.setCurrentIndex(years.index(chosen))

    def year(self) -> int:
        """Return the year chosen."""
        return int(self.currentData())

    def put(self, year: int) -> None:
        """Go back to a year that is offered."""
        self.setCurrentIndex(self.findData(year))
