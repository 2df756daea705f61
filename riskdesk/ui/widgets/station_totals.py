"""What the columns of a sheet come to, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column, Result
from riskdesk.domain.station_template import Template
from riskdesk.services.assessment_words import points_text
from riskdesk.services.review_states import Accepted
from riskdesk.ui.widgets.parts import chip, retone


class Totals(QWidget):
    """A chip for each column that somebody has begun: total and grade; why it is that grade is its tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips = {column: chip("", "grey") for column in Column}
        self.accepted = chip("", "green")
        self.accepted.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (*self.chips.values(), self.accepted):
            layout.addWidget(each, alignment=Qt.AlignmentFlag.AlignVCenter)

    def show_results(self, results: Mapping[Column, Result | None], template: Template) -> None:
        """Show what is known; the last grade of the template is red."""
        last = template.grades[-1].name
        for column, shown in self.chips.items():
            outcome = results.get(column)
            shown.setVisible(outcome is not None)
            if outcome is None:
                continue
            tone = "red" if outcome.grade == last else "green" if outcome.grade else "grey"
            text = f"{COLUMN_TITLES[column]} {points_text(outcome.total)} 分 {outcome.grade or '填写中'}"
            retone(shown, text, tone)
            shown.setToolTip(outcome.decided_by)

    def show_accepted(self, found: Accepted | None) -> None:
        """Mark that the province has accepted the sheet, and that the station went on since."""
        self.accepted.setVisible(found is not None)
        if found is not None:
            retone(self.accepted, *(("验收后又修改", "red") if found.is_changed else ("省局已验收", "green")))
            self.accepted.setToolTip("、".join(found.codes))
