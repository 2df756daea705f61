"""What every page of the main window is: a title, a way to be brought up to date, and word that it changed something."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A page refreshes itself when it is shown, if something changed while it was hidden.

    Signals: `changed` – records or settings were written; `wanted(page name)` – another page should be shown;
    `told(text)` – a short line for the status bar; `freed()` – it could not be left and now can, as a person decided.
    """

    changed = Signal()
    wanted = Signal(str)
    told = Signal(str)
    freed = Signal()
    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._stale = True

    def refresh(self) -> None:
        """Show what is true now; the page is visible."""

    def mark_stale(self) -> None:
        """Something was written: refresh now if visible, else when shown again."""
        self._stale = True
        if self.isVisible():
            self._bring_up_to_date()

    def may_leave(self) -> bool:
        """Tell whether the page can be left: nothing is typed on it that is saved nowhere."""
        return True

    def take_focus(self) -> None:
        """Put the focus where a person goes on who chose the page."""
        self.setFocus()

    def stop(self) -> bool:
        """The window closes: ask what still works to stop; True once nothing does."""
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        self._stale = False
        self.refresh()
