"""A line across the window that says what must not be overlooked, with a way to go there and one to put it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, named


class Way(NamedTuple):
    """A button that leads to what a message is about."""

    text: str
    go: Callable[[], object]


class _Message(NamedTuple):
    text: str
    tone: str
    way: Way | None


class Banner(QFrame):
    """Shows the message told last; when it is put away, the one before. What was put away does not come back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._messages: dict[str, _Message] = {}
        self._put_away: set[str] = set()
        self._text = QLabel(wordWrap=True)
        self._go = button("", icon="next", kind="quiet")
        self._close = button("知道了", icon="check", kind="quiet")
        self._go.clicked.connect(self._on_go_clicked)
        self._close.clicked.connect(self._on_closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 4, 12, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._go)
        layout.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is told now, "" if nothing is."""
        return self._message().text

    def tell(self, message_id: str, text: str, tone: str, way: Way | None = None) -> None:
        """Tell something ("red", "amber", "blue"), unless it was put away or is told already."""
        if message_id not in self._put_away and message_id not in self._messages:
            self._messages[message_id] = _Message(text, tone, way)
            self._show()

    def take_back(self, message_id: str) -> None:
        """It is not so any more."""
        if self._messages.pop(message_id, None) is not None:
            self._show()

    def _message(self) -> _Message:
        return next(reversed(self._messages.values()), _Message("", "blue", None))

    def _show(self) -> None:
        message = self._message()
        self._text.setText(message.text)
        if message.way is not None:
            named(self._go, message.way.text).setText(message.way.text)
        self._go.setVisible(message.way is not None)
        self.setProperty("tone", message.tone)
        theme.repolish(self)
        theme.repolish(self._text)
        self.setVisible(bool(message.text))

    def _on_go_clicked(self) -> None:
        if (way := self._message().way) is not None:
            way.go()

    def _on_closed(self) -> None:
        message_id = next(reversed(self._messages))
        self._put_away.add(message_id)
        self.take_back(message_id)
