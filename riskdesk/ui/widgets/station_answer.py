"""The fields in which a station answers an indicator: radio buttons, check boxes or a number, as its rule wants."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.scoring import Answer, Options, PerItem
from riskdesk.domain.station_template import Indicator
from riskdesk.domain.template_editing import RATE
from riskdesk.services.assessment_words import points_text
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import named
from riskdesk.ui.widgets.station_words import number_of
from riskdesk.ui.widgets.text_edits import LineEdit
from riskdesk.ui.widgets.tick_list import TickList, Wording

_LETTERS = 20  # half characters that a number is wide


class AnswerEdit(QWidget):
    """Emits `chosen` after a choice, which is whole at once, and `typed` while a number is being typed."""

    chosen = Signal()
    typed = Signal()

    def value(self) -> Answer | None:
        """Return what is answered, None for nothing; raise `InputError` if it cannot be read."""
        raise NotImplementedError


class OptionsEdit(AnswerEdit):
    """One radio button for each option, with its points; arrows go from one to the next."""

    def __init__(self, code: str, rule: Options, answer: Answer | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        for place, (text, points) in enumerate(rule.options):
            wording = f"{text}（{points_text(points)} 分）"
            box = named(QRadioButton(self), f"{code} {wording}")
            self.group.addButton(box, place)
            layout.addWidget(box, place, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(Wording(wording, box), place, 1, Qt.AlignmentFlag.AlignVCenter)
        if answer is not None and answer.option is not None:
            self.group.button(answer.option).setChecked(True)
        self.group.idToggled.connect(self._on_toggled)
        first = self.group.button(max(0, self.group.checkedId()))
        for each in self.group.buttons():
            if each is not first:  # Tab stops once, arrows go on; Qt sees to that itself only after the first stop
                each.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(first)

    def value(self) -> Answer | None:
        """Return the option chosen."""
        chosen = self.group.checkedId()
        return Answer(option=chosen) if chosen >= 0 else None

    def _on_toggled(self, _place: int, is_on: bool) -> None:
        if is_on:
            self.chosen.emit()


class ItemsEdit(AnswerEdit):
    """A tick for each item that holds. Nothing ticked is no answer until something was ticked or said to hold before."""

    def __init__(self, rule: PerItem, answer: Answer | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_answered = answer is not None
        self.ticks = TickList(list(enumerate(rule.items)))
        self.none = QCheckBox("均不具备（0 分）")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.ticks)
        layout.addWidget(self.none)
        self._show(answer)
        self.ticks.changed.connect(self._on_ticked)
        self.none.clicked.connect(self._on_none)
        self.setFocusProxy(self.ticks)

    def value(self) -> Answer | None:
        """Return the items that hold."""
        return Answer(items=frozenset(self.ticks.value())) if self._is_answered else None

    def _show(self, answer: Answer | None) -> None:
        self.ticks.put(answer.items if answer else ())
        self.none.setChecked(answer is not None and not answer.items)

    def _on_ticked(self) -> None:
        self._is_answered = True
        self.none.setChecked(not self.ticks.value())
        self.chosen.emit()

    def _on_none(self) -> None:
        self._is_answered = True
        blocked = self.ticks.blockSignals(True)
        self._show(Answer())
        self.ticks.blockSignals(blocked)
        self.chosen.emit()


class NumberEdit(AnswerEdit):
    """A number or a share; empty is no answer."""

    def __init__(self, indicator: Indicator, answer: Answer | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        is_rate = indicator.metric.endswith(RATE)
        self.line = named(LineEdit("如 95% 或 11/12" if is_rate else "如 12"), f"{indicator.code} 的数值")
        self.line.setMaximumWidth(theme.letter(self) * _LETTERS)
        if answer is not None and answer.number is not None:
            self.line.put(str(answer.number))
        label = QLabel("数值(&N)")
        label.setBuddy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.line)
        layout.addStretch(1)
        self.line.changed.connect(self.typed)
        self.line.editingFinished.connect(self.chosen)
        self.setFocusProxy(self.line)

    def value(self) -> Answer | None:
        """Return the number."""
        number = number_of(self.line.text())
        return None if number is None else Answer(number=number)


def answer_edit(indicator: Indicator, answer: Answer | None) -> AnswerEdit:
    """Return the fields that an indicator's rule wants, filled in."""
    if isinstance(indicator.rule, Options):
        return OptionsEdit(indicator.code, indicator.rule, answer)
    if isinstance(indicator.rule, PerItem):
        return ItemsEdit(indicator.rule, answer)
    return NumberEdit(indicator, answer)
