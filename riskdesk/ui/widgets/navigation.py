"""The column at the left: the program's name and one button for each page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from riskdesk.ui import icons, theme
from riskdesk.ui.widgets.parts import styled

_LETTERS = 27  # half characters wide


class Navigation(QFrame):
    """Emits `chosen(name)`; pages stand at the top, those added after `add_gap` at the bottom."""

    chosen = Signal(str)

    def __init__(self, title: str, subtitle: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self._buttons: dict[str, QToolButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 18, 12, 16)
        self._layout.setSpacing(4)
        self._layout.addWidget(styled(QLabel(title), "brand"))
        self._layout.addWidget(styled(QLabel(subtitle), "brandsub"))
        self._layout.addSpacing(10)
        self._fit()

    def add(self, name: str, title: str, icon: str) -> None:
        """Add a page's button; Alt+1, Alt+2, … choose it."""
        button = QToolButton()
        button.setCheckable(True)
        button.setText(f"  {title}")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(20, 20))
        button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        number = len(self._buttons) + 1
        button.setShortcut(QKeySequence(f"Alt+{number}"))
        button.setToolTip(f"{title}（Alt+{number}）")
        button.setAccessibleName(title)
        icons.dress(button, icon)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = button
        self._layout.addWidget(button)

    def add_gap(self) -> None:
        """What is added from now on stands at the bottom."""
        self._layout.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(theme.letter(self) * _LETTERS)

    def show_chosen(self, name: str) -> None:
        """Mark the page that is shown."""
        # no exclusive group: Tab would pass over all buttons but the chosen one
        for each, button in self._buttons.items():
            button.setChecked(each == name)
