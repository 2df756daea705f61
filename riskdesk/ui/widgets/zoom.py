"""How large something is looked at: buttons and Ctrl++, Ctrl+-, Ctrl+0."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from riskdesk.ui.widgets.parts import button, told

_STEPS = (0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_FITTING = _STEPS.index(1.0)


class Zoom(QWidget):
    """`factor` is 1 for what fits the window; `changed()` says that it is another now. The keys work in `window`."""

    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._at = _FITTING
        self._smaller = button("缩小", kind="quiet")
        self._larger = button("放大", kind="quiet")
        self._fit = button("适合窗口", kind="quiet")
        self._shown = told(name="muted")
        self._shown.setWordWrap(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._smaller, self._shown, self._larger, self._fit):
            layout.addWidget(part)
        for each, keys, slot in (
            (self._smaller, ("Ctrl+-",), lambda: self._go(self._at - 1)),
            (self._larger, ("Ctrl++", "Ctrl+="), lambda: self._go(self._at + 1)),
            (self._fit, ("Ctrl+0",), lambda: self._go(_FITTING)),
        ):
            each.setToolTip(keys[0])
            each.clicked.connect(slot)
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), window)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.activated.connect(slot)
        self._go(_FITTING)

    @property
    def factor(self) -> float:
        """How many times as large as what fits the window."""
        return _STEPS[self._at]

    def _go(self, at: int) -> None:
        self._at = min(max(at, 0), len(_STEPS) - 1)
        self._shown.setText(f"{self.factor:.0%}")
        for each, possible, why in (
            (self._smaller, self._at > 0, "已经最小"),
            (self._larger, self._at < len(_STEPS) - 1, "已经最大"),
            (self._fit, self._at != _FITTING, "已经适合窗口"),
        ):
            each.setEnabled(possible)
            each.setToolTip("" if possible else why)
        self.changed.emit()
