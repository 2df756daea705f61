"""The keywords of a yearly report: which products it counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.text_edits import LineEdit

_LETTERS = 70
_EXPLAINED = (
    "只计入产品或类别中含有其中一个词的记录，多个词用顿号隔开；不填的计入全部产品。保存后重新统计，您写的文字不变。"
)


class AnnualWordsDialog(QDialog):
    """`given` gets the words."""

    def __init__(
        self, words: Sequence[str], given: Callable[[tuple[str, ...]], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("关键词")
        self._given = given
        self.words = named(LineEdit("可不填，如：滑板车、玩具"), "关键词")
        self.words.put("、".join(words))
        label = QLabel("关键词(&W)")
        label.setBuddy(self.words)
        explained = told(_EXPLAINED)
        explained.setMinimumWidth(theme.letter(self) * _LETTERS)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for each in (label, self.words, explained, buttons):
            layout.addWidget(each)
        self.words.setFocus()

    def accept(self) -> None:
        """Hand the words over."""
        super().accept()
        self._given(keywords(str(self.words.value())))


def keywords(text: str) -> tuple[str, ...]:
    """Return the words of a line, each once."""
    return tuple(dict.fromkeys(each for each in re.split(r"[、，,；;\s]+", text) if each))
