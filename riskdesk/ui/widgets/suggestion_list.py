"""The list of suggestions below an edit: part of the window, not a popup, so that it takes neither keys nor input method."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from riskdesk.services.completion import Choice

_GAP = "\u3000"  # between a choice and what is told beside it
_BORDER = 4  # px, top and bottom


class SuggestionList(QListWidget):
    """Shows choices; the edit keeps the focus and hands the keys on."""

    taken = Signal(object)

    def __init__(self, edit: QWidget) -> None:
        super().__init__(edit)
        self._edit = edit
        self._choices: Sequence[Choice] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("可选项")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self.take)
        self.hide()

    @property
    def choices(self) -> Sequence[Choice]:
        """What is offered now; nothing while the list is hidden."""
        return self._choices if self.isVisible() else ()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show choices at the edit, none of them chosen yet; hide if there are none."""
        self._choices = choices
        self.clear()
        for each in choices:
            self.addItem(QListWidgetItem(f"{each.text}{_GAP}{each.detail}" if each.detail else each.text))
        if choices:
            self._place()
        else:
            self.hide()

    def move_by(self, step: int) -> None:
        """Choose the next or the one before."""
        self.setCurrentRow(min(max(self.currentRow() + step, 0), self.count() - 1))

    def choose_first(self) -> None:
        """Choose the first unless another is chosen."""
        self.setCurrentRow(max(self.currentRow(), 0))

    def take(self) -> bool:
        """Take the choice; False if none was made."""
        row = self.currentRow()
        if not self.isVisible() or row < 0:
            return False
        self.hide()
        self.taken.emit(self._choices[row])
        return True

    def _place(self) -> None:
        window = self._edit.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        below = self._edit.mapTo(window, QPoint(0, self._edit.height()))
        wanted = self.count() * self.sizeHintForRow(0) + _BORDER
        room = window.height() - below.y()
        above = below.y() - self._edit.height()
        if wanted > room and above > room:
            height = min(wanted, above)
            below.setY(above - height)
        else:
            height = min(wanted, room)
        self.setGeometry(below.x(), below.y(), self._edit.width(), height)
        self.show()
        self.raise_()
