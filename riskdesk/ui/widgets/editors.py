"""What every input of a form can do: show a value, tell the value it holds, and say what of it cannot be read."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget


class Editor(Protocol):
    """One input of a form, whatever widget it is made of.

    `put` shows a value that was loaded and forgets what could be undone; `refill` replaces what is there as typing would.
    `unread` is a sentence about text that `value` had to leave out, "" if there is none. `target` is what takes the focus.
    """

    @property
    def changed(self) -> SignalInstance: ...
    @property
    def target(self) -> QWidget: ...

    def put(self, value: Any) -> None: ...
    def refill(self, value: Any) -> None: ...
    def value(self) -> Any: ...
    def unread(self) -> str: ...
