"""Settings: font size and theme; they are shown at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from riskdesk.errors import UserError
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import Preferences, keep, preferences
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import heading, named, told

_THEMES = {"system": "跟随系统(&Y)", "light": "浅色(&L)", "dark": "深色(&D)"}


class LookSettings(QWidget):
    """Emits `look_changed` when theme or size was chosen."""

    look_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.points = named(
            QDoubleSpinBox(minimum=theme.SMALLEST, maximum=theme.LARGEST, singleStep=0.5, decimals=1, suffix=" 磅"),
            "字号",
        )
        self.themes = {name: QRadioButton(title) for name, title in _THEMES.items()}
        self._trouble = told(name="err")
        group = QButtonGroup(self)
        line = QHBoxLayout()
        for choice in self.themes.values():
            group.addButton(choice)
            line.addWidget(choice)
        line.addStretch(1)
        size = QLabel("字号(&Z)")
        size.setBuddy(self.points)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.addRow(size, self.points)
        form.addRow("颜色", line)
        layout = QVBoxLayout(self)
        layout.addWidget(heading("外观"))
        layout.addLayout(form)
        layout.addWidget(told("常用字号：10.5（五号）、12（小四）、14（四号）。改动立即生效。", "muted"))
        layout.addWidget(self._trouble)
        layout.addStretch(1)
        now = preferences(desk)
        self.points.setValue(now.points)
        self.themes[now.theme].setChecked(True)
        self.points.setKeyboardTracking(False)
        self.points.valueChanged.connect(lambda value: self._keep(replace(preferences(desk), points=value)))
        group.buttonToggled.connect(self._on_toggled)

    def _on_toggled(self, _choice: QAbstractButton, on: bool) -> None:
        if on:
            self._keep(replace(preferences(self._desk), theme=self._theme()))

    def _theme(self) -> str:
        return next(name for name, choice in self.themes.items() if choice.isChecked())

    def _keep(self, wanted: Preferences) -> None:
        try:
            keep(self._desk, wanted)
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            return
        self._trouble.clear()
        self.look_changed.emit()
