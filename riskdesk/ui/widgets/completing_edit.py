"""A line with a list of suggestions for the word that is being typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from riskdesk.errors import UserError
from riskdesk.services.completion import Choice
from riskdesk.ui.widgets.suggestion_list import SuggestionList
from riskdesk.ui.widgets.text_edits import LineEdit


class CompletingEdit(LineEdit):
    """A line that offers choices: Down and Up choose, Enter or Tab takes, Esc closes the list and nothing else."""

    chosen = Signal(object)

    def __init__(
        self, choices: Callable[[str], Sequence[Choice]], placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder, parent)
        self._choices = choices
        self._list = SuggestionList(self)
        self._list.taken.connect(self._on_taken)
        self.textEdited.connect(self._on_text_edited)

    @property
    def offered(self) -> Sequence[Choice]:
        """What the list shows now; nothing while it is hidden."""
        return self._list.choices

    def close_list(self) -> None:
        """Hide the list, as when the edit has moved away from it."""
        self._list.hide()

    def word(self) -> str:
        """Return what is to be completed."""
        return self.text()

    def take(self, choice: Choice) -> None:
        """Write a choice in place of the word."""
        self.refill(choice.text)

    def event(self, event: QEvent) -> bool:
        """Qt override: Tab takes a choice that was made, and then goes on as always."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            self._list.take()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Down opens the list, and the list is led by the keys of the edit."""
        key = event.key()
        if key == Qt.Key.Key_Down and not self._list.isVisible():
            self._offer()
        elif not self._list.isVisible() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._list.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self._list.hide()
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not self._enter():
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt override: no list without the focus."""
        self._list.hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt override: no list without the edit."""
        self._list.hide()
        super().hideEvent(event)

    def _on_text_edited(self) -> None:
        if self.composing or not self.word().strip():
            self._list.hide()
        else:
            self._offer()

    def _offer(self) -> None:
        word = self.word().strip()
        try:
            found = self._choices(word) if word else ()
        except UserError:  # suggestions are a help only; who cannot read the data file hears of it when saving
            found = ()
        self._list.offer([] if len(found) == 1 and found[0].text == word else found)

    def _enter(self) -> bool:
        if self.word().isascii():  # initials can only mean one of the list
            self._list.choose_first()
        return self._list.take()

    def _on_taken(self, choice: Choice) -> None:
        self.take(choice)
        self._list.hide()  # some ways of writing count as typing
        self.chosen.emit(choice)


class LastWordEdit(CompletingEdit):
    """A line of several words; the one at the cursor is completed."""

    _BEFORE = re.compile(r"[^、，,；; ]*\Z")

    def word(self) -> str:
        found = self._BEFORE.search(self.text()[: self.cursorPosition()])
        return found[0] if found else ""

    def take(self, choice: Choice) -> None:
        at = self.cursorPosition()
        word = self.word()
        self.setSelection(at - len(word), len(word))
        self.insert(choice.text)
