"""What is shown of one indicator beside the table: the notice's words, the rule, what the data say, and what was given back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column, Measured
from riskdesk.domain.station_template import Indicator, answer_text
from riskdesk.services.assessment_words import points_text
from riskdesk.services.reviewing import Assessed, GivenBack
from riskdesk.ui.widgets.parts import button, chip, styled, told
from riskdesk.ui.widgets.station_words import given_back_text, rule_words


class IndicatorPanel(QWidget):
    """The upper part is the same for everybody; those below add what can be filled in. `behind_wanted(title, ids)`."""

    behind_wanted = Signal(str, object)
    preview_wanted = Signal(object)

    def __init__(self, indicator: Indicator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.indicator = indicator
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(12, 4, 12, 12)
        self.rows.setSpacing(6)
        self.trouble = told(name="err")
        self.trouble.hide()
        self._add_words()

    def unsaved(self) -> bool:
        """Try to save what is typed; tell whether something stays that cannot be saved."""
        return False

    def take_focus(self) -> None:
        """Put the focus where something can be filled in."""

    def refuse(self, text: str) -> None:
        """Say in red why something was not saved; "" is nothing to say."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def add_given_back(self, given_back: Sequence[GivenBack]) -> None:
        """Say in amber what is to be mended."""
        for each in given_back:
            self.rows.addWidget(told(given_back_text(each), "warn"))

    def add_judged(self, seen: Assessed, columns: Sequence[Column]) -> None:
        """Say why the offices above gave other points."""
        for column in columns:
            known = seen.reviews.get(column)
            judged = known.review.judged.get(self.indicator.code) if known else None
            if judged is not None:
                reason = f"：{judged.reason}" if judged.reason else ""
                self.rows.addWidget(told(f"{COLUMN_TITLES[column]} {points_text(judged.points)} 分{reason}", ""))

    def computed_line(self, measured: Measured) -> QWidget:
        """Return what the data say, with the way to the records behind."""
        indicator = self.indicator
        said = "" if measured.answer is None else f"（{answer_text(indicator, measured.answer)}）"
        line = styled(QWidget(), "page")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(told(f"系统统计：{measured.text}{said}", ""), 1)
        if measured.behind:
            self.behind = button("看依据(&J)", kind="quiet", icon="search", name=f"看 {indicator.code} 统计的依据")
            self.behind.clicked.connect(
                lambda: self.behind_wanted.emit(f"{indicator.code} {indicator.name}", measured.behind)
            )
            layout.addWidget(self.behind)
        return line

    def _add_words(self) -> None:
        indicator = self.indicator
        top = QHBoxLayout()
        title = told(f"{indicator.code} {indicator.name}", "h2")
        top.addWidget(title, 1)
        if indicator.critical:
            top.addWidget(chip("关键指标", "red"))
        top.addWidget(chip(f"满分 {points_text(indicator.max_points)}", "grey"))
        self.rows.addLayout(top)
        if indicator.seed_words:
            where = f"（通知{indicator.seed_where}）" if indicator.seed_where else ""
            self.rows.addWidget(told(f"“{indicator.seed_words}”{where}"))
        self.rows.addWidget(told(f"评分：{rule_words(indicator)}"))
