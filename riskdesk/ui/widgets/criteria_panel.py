"""重要 (I1–I7) and 重点 (K1–K2) as ticks in the notice's words, with what the content suggests beside them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from riskdesk.domain.records import Record
from riskdesk.domain.triage import Suggestion, triage
from riskdesk.domain.vocab import Vocabulary
from riskdesk.ui.widgets.field_block import FieldBlock
from riskdesk.ui.widgets.parts import button, empty, told
from riskdesk.ui.widgets.text_edits import LineEdit
from riskdesk.ui.widgets.tick_list import TickList


class CriteriaPanel(QWidget):
    """The ticks are the person's alone; a suggestion says why and waits for its button."""

    visited = Signal()

    def __init__(self, vocabulary: Vocabulary, urgent_hours: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Suggestion, ...] = ()
        self.important = TickList(vocabulary.important.items())
        self.key = TickList(vocabulary.key.items())
        self.reason = LineEdit("判定理由（选填）")
        self._wordings = {**vocabulary.important, **vocabulary.key}
        self._at_once = told(f"重点风险信息须及时报送：请立即上报，最迟不超过 {urgent_hours} 小时，不等月底。", "err")
        self._offers = QVBoxLayout()
        self._offers.setSpacing(2)
        self.blocks = {
            "important_codes": FieldBlock("重要风险信息（每月报，符合任一项即勾选）(&G)", self.important),
            "key_codes": FieldBlock("重点风险信息（及时报，符合任一项即勾选）(&K)", self.key),
            "triage_reason": FieldBlock("判定理由", self.reason),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.blocks["important_codes"])
        layout.addWidget(self.blocks["key_codes"])
        layout.addWidget(self._at_once)
        layout.addLayout(self._offers)
        layout.addWidget(self.blocks["triage_reason"])
        self._at_once.hide()
        self.blocks["triage_reason"].hide()

    @property
    def suggested(self) -> tuple[Suggestion, ...]:
        """What is offered now."""
        return self._shown

    def follow(self, record: Record) -> None:
        """Show what the record as it stands suggests, and what a tick means for reporting it."""
        self._at_once.setVisible(bool(record.key_codes))
        ticked = bool(record.key_codes or record.important_codes or record.triage_reason)
        self.blocks["triage_reason"].setVisible(ticked)
        found = triage(record).suggestions
        if found == self._shown:
            return
        self._shown = found
        empty(self._offers)
        before: QWidget = list(self.key.boxes.values())[-1]
        for each in found:
            tick = self._tick_button(each)
            self._offers.addWidget(_line(each, tick))
            self.setTabOrder(before, tick)
            before = tick

    def _tick_button(self, suggestion: Suggestion) -> QPushButton:
        tick = button(f"勾选{_spoken(suggestion.code)}", kind="quiet", name=f"勾选 {self._wordings[suggestion.code]}")
        tick.clicked.connect(lambda: self._tick(suggestion.code))
        return tick

    def _tick(self, code: str) -> None:
        ticks = self.key if code in self.key.boxes else self.important
        ticks.tick(code)
        ticks.boxes[code].setFocus()


def _spoken(code: str) -> str:
    """Return a criterion as the panel numbers it: I3 is 重要 3."""
    return f"{'重点' if code.startswith('K') else '重要'} {code[1:]}"


def _line(suggestion: Suggestion, tick: QPushButton) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(told(f"建议勾选{_spoken(suggestion.code)}，因为{suggestion.reason}", "warn"), 1)
    layout.addWidget(tick)
    return line
