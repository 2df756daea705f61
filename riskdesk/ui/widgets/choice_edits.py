"""Edits that offer choices: one of a few values, and a line that may also be chosen from a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from riskdesk.domain.text import clean_line
from riskdesk.domain.titles import EMPTY

_NARROW = 8  # characters


class _Combo(QComboBox):
    """A combo box that the mouse wheel scrolls past: turning it must not change what was filled in."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def target(self) -> QWidget:
        return self

    def unread(self) -> str:
        return ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt override: leave the wheel to the form."""
        event.ignore()


class OptionBox(_Combo):
    """One of given values; a value that is not in the list, as newer versions may write, is added to it."""

    def __init__(self, options: Iterable[tuple[Any, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[Any] = []
        for value, label in options:
            self._add(value, label)
        self.currentIndexChanged.connect(self._on_current_index_changed)

    def offer(self, options: Iterable[tuple[Any, str]]) -> None:
        """Replace the choices; what is chosen stays, if need be as a choice of its own."""
        chosen = self.value()
        self.blockSignals(True)
        self.clear()
        self._values.clear()
        for value, label in options:
            self._add(value, label)
        self.put(chosen)
        self.blockSignals(False)

    def put(self, value: Any) -> None:
        if value not in self._values:
            self._add(value, str(value))
        self.setCurrentIndex(self._values.index(value))

    refill = put

    def value(self) -> Any:
        return self._values[self.currentIndex()] if self._values else ""

    def _add(self, value: Any, label: str) -> None:
        self._values.append(value)
        self.addItem(label)
        self.setItemData(self.count() - 1, label, Qt.ItemDataRole.ToolTipRole)

    def _on_current_index_changed(self) -> None:
        self.setToolTip(self.currentText())
        self.changed.emit()


def optional(options: Iterable[tuple[Any, str]], empty: Any = None) -> OptionBox:
    """Return a box whose first choice is 未填, which means `empty`."""
    return OptionBox([(empty, EMPTY), *options])


class OpenBox(_Combo):
    """A line of text that may be chosen from a list."""

    def __init__(self, choices: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(list(choices))
        self.setCurrentIndex(-1)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(EMPTY)
        self.editTextChanged.connect(self._on_edit_text_changed)

    def put(self, value: Any) -> None:
        self.setEditText(value)

    refill = put

    def value(self) -> str:
        return clean_line(self.currentText())

    def _on_edit_text_changed(self) -> None:
        self.changed.emit()
