"""The page 设置: one tab for each thing that can be set; it is not left while something is typed and not saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from riskdesk.services.completion import Completion
from riskdesk.ui.dialogs.key_dialogs import KeyDialogs
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.settings_calendar import CalendarSettings
from riskdesk.ui.widgets.settings_codes import CodeSettings
from riskdesk.ui.widgets.settings_data import DataSettings
from riskdesk.ui.widgets.settings_deadlines import DeadlineSettings
from riskdesk.ui.widgets.settings_keys import KeySettings
from riskdesk.ui.widgets.settings_look import LookSettings
from riskdesk.ui.widgets.settings_office import OfficeSettings


class _Written(Protocol):
    """A tab with a button that saves it."""

    def is_dirty(self) -> bool: ...
    def put_back(self) -> None: ...


class SettingsPage(Page):
    """Every tab saves by itself."""

    look_changed = Signal()
    title = "设置"

    def __init__(
        self,
        bench: Bench,
        completion: Completion,
        command: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        desk = bench.desk
        self.office = OfficeSettings(desk)
        self.deadlines = DeadlineSettings(desk, command)
        self.calendar = CalendarSettings(desk)
        self.keys = KeySettings(desk)
        KeyDialogs(bench, self.keys)  # its child
        self.data = DataSettings(desk, bench.jobs)
        self.look = LookSettings(desk)
        self.codes = CodeSettings(desk, completion)
        self.tabs = named(QTabWidget(), "设置")
        for part, title in (
            (self.office, "单位和人员"), (self.deadlines, "截止与提醒"), (self.calendar, "放假安排"),
            (self.keys, "密钥与信任"), (self.data, "备份与数据"), (self.look, "外观"), (self.codes, "代码表"),
        ):  # fmt: skip
            area = QScrollArea(widgetResizable=True)
            part.setContentsMargins(10, 8, 10, 8)
            part.setObjectName("form")
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(part)
            self.tabs.addTab(area, title)
        self._unsaved = told(name="warn")
        self._throw_away = button("放弃修改(&G)", icon="undo")
        self._throw_away.clicked.connect(self._on_thrown_away)
        line = QHBoxLayout()
        line.addWidget(self._unsaved, 1)
        line.addWidget(self._throw_away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addLayout(line)
        layout.addWidget(self.tabs)
        for part in (self.office, self.deadlines, self.calendar, self.keys, self.data):
            part.changed.connect(self._tell_unsaved)
            part.changed.connect(self.changed)
        self._show_unsaved("")
        self.look.look_changed.connect(self.look_changed)

    def refresh(self) -> None:
        for part in (self.office, self.deadlines, self.keys, self.data):
            part.refresh()

    def may_leave(self) -> bool:
        """Show what is not saved, if something is: a person saves it or gives it up."""
        unsaved = self._dirty()
        self._tell_unsaved()
        if unsaved and self.tabs.currentIndex() not in unsaved:
            self.tabs.setCurrentIndex(unsaved[0])
        return not unsaved

    def _dirty(self) -> list[int]:
        """Return the tabs on which something is not saved."""
        return [tab for tab, part in enumerate(self._written()) if part.is_dirty()]

    def _written(self) -> Sequence[_Written]:
        """Return the first tabs: the others save every change at once."""
        return self.office, self.deadlines, self.calendar

    def _tell_unsaved(self) -> None:
        titles = "、".join(self.tabs.tabText(tab) for tab in self._dirty())
        self._show_unsaved(f"有改动没有保存：{titles}。请保存或放弃。" if titles else "")

    def _show_unsaved(self, text: str) -> None:
        self._unsaved.setText(text)
        self._unsaved.setVisible(bool(text))
        self._throw_away.setVisible(bool(text))

    def _on_thrown_away(self) -> None:
        for tab in self._dirty():
            self._written()[tab].put_back()
        self._tell_unsaved()
