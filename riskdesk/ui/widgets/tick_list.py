"""A list of ticks with wordings of any length: QCheckBox does not wrap its text, so box and wording are two widgets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QGridLayout, QLabel, QWidget

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class Wording(QLabel):
    """The wording beside a box: wraps, and a click on it is a click on the box."""

    def __init__(self, text: str, box: QAbstractButton) -> None:
        super().__init__(text.replace("&", "&&"))
        self.setWordWrap(True)
        self.setBuddy(box)
        self._box = box

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt override: tick or untick."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._box.setFocus(Qt.FocusReason.MouseFocusReason)
            self._box.click()


class TickList(QWidget):
    """Ticks by code, in the order given. Tab goes to the list and leaves it, arrows move in it, the keys 1–9 tick."""

    changed = Signal()

    def __init__(self, items: Iterable[tuple[Any, str]], columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[Any, QCheckBox] = {}
        self._unknown: tuple[Any, ...] = ()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        for number, (code, wording) in enumerate(items):
            row, column = divmod(number, columns)
            self._add(layout, row, column * 2, code, f"{number + 1} {wording}" if columns == 1 else wording)
        for column in range(columns):
            layout.setColumnStretch(column * 2 + 1, 1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    @property
    def target(self) -> QWidget:
        return next(box for box in self.boxes.values() if box.focusPolicy() & Qt.FocusPolicy.TabFocus)

    def put(self, value: Collection[Any]) -> None:
        """Tick exactly these; codes that the list does not have (a newer version's) are kept unseen."""
        self._unknown = tuple(code for code in value if code not in self.boxes)
        for code, box in self.boxes.items():
            box.setChecked(code in value)

    refill = put

    def value(self) -> tuple[Any, ...]:
        return (*(code for code, box in self.boxes.items() if box.isChecked()), *self._unknown)

    def unread(self) -> str:
        return ""

    def tick(self, code: Any) -> None:
        """Tick one more."""
        self.boxes[code].setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt override: arrows and digits in any of the boxes."""
        if event.type() == QEvent.Type.FocusIn:
            self._let_tab_stop_at(watched)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._on_key(watched, event):
            return True
        return super().eventFilter(watched, event)

    def _add(self, layout: QGridLayout, row: int, column: int, code: Any, wording: str) -> None:
        box = QCheckBox(self)
        box.setAccessibleName(wording)
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus if self.boxes else Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(self)
        box.toggled.connect(self._on_toggled)
        self.boxes[code] = box
        layout.addWidget(box, row, column, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(Wording(wording, box), row, column + 1, Qt.AlignmentFlag.AlignVCenter)

    def _on_toggled(self) -> None:
        self.changed.emit()

    def _on_key(self, watched: QObject, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        boxes = list(self.boxes.values())
        if not plain:
            return False
        if step := _STEPS.get(Qt.Key(event.key())):
            at = next(number for number, box in enumerate(boxes) if box is watched)
            boxes[(at + step) % len(boxes)].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(boxes):
            boxes[number - 1].toggle()
            boxes[number - 1].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False

    def _let_tab_stop_at(self, watched: QObject) -> None:
        for box in self.boxes.values():
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if box is watched else Qt.FocusPolicy.ClickFocus)
