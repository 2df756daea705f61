"""Labels and buttons as the style sheet knows them, made in one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout, QPushButton, QWidget

from riskdesk.ui import icons, theme

W = TypeVar("W", bound=QWidget)

_MNEMONIC = re.compile(r"\(&\w\)|&(?=\w)")


def told(text: str = "", name: str = "muted") -> QLabel:
    """Return a label that wraps; `name` is its role in the style sheet: muted, warn, err, h2."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def heading(text: str = "") -> QLabel:
    """Return the heading of a part of a page; it does not wrap."""
    return styled(QLabel(text), "h2")


def styled(widget: W, name: str) -> W:
    """Give a widget the object name that the style sheet knows it by."""
    widget.setObjectName(name)
    return widget


def named(widget: W, name: str) -> W:
    """Give a widget the name that screen readers say."""
    widget.setAccessibleName(name)
    return widget


def chip(text: str, tone: str) -> QLabel:
    """Return a small coloured label; tone is red, amber, green, blue or grey."""
    label = QLabel(text)
    label.setObjectName("chip")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", tone)
    return label


def retone(label: QLabel, text: str, tone: str) -> None:
    """Give a chip another text and tone."""
    label.setText(text)
    label.setProperty("tone", tone)
    theme.repolish(label)


def button(text: str, *, kind: str = "", icon: str = "", name: str = "") -> QPushButton:
    """Return a push button; `name` is what a screen reader says if the text alone is not enough."""
    made = QPushButton(text)
    made.setAccessibleName(name or bare(text))
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        icons.dress(made, icon, icons.role_on(kind))
    return made


def rekind(given: QPushButton, kind: str) -> None:
    """Give a button another kind, with the icon in its colour."""
    if (given.property("kind") or "") != kind:
        given.setProperty("kind", kind)
        icons.redress(given, icons.role_on(kind))
        theme.repolish(given)


def empty(layout: QLayout) -> None:
    """Take all widgets out of a layout for good."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        widget.hide()
        widget.deleteLater()


def bare(text: str) -> str:
    """Return a text without its accelerator."""
    return _MNEMONIC.sub("", text)


def without_argument(slot: Callable[[], object]) -> Callable[[], None]:
    """Return a slot for signals that hand over more than it wants, as `triggered` and `clicked` do."""

    def call() -> None:
        slot()

    return call
