"""The page 设置: one tab for each thing that can be set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import named
from riskdesk.ui.widgets.settings_calendar import CalendarSettings
from riskdesk.ui.widgets.settings_codes import CodeSettings
from riskdesk.ui.widgets.settings_data import DataSettings
from riskdesk.ui.widgets.settings_deadlines import DeadlineSettings
from riskdesk.ui.widgets.settings_look import LookSettings
from riskdesk.ui.widgets.settings_office import OfficeSettings


class SettingsPage(Page):
    """Every tab saves by itself."""

    look_changed = Signal()
    title = "设置"

    def __init__(
        self, desk: Desk, jobs: Jobs, completion: Completion, command: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.office = OfficeSettings(desk)
        self.deadlines = DeadlineSettings(desk, command)
        self.calendar = CalendarSettings(desk)
        self.data = DataSettings(desk, jobs)
        self.look = LookSettings(desk)
        self.codes = CodeSettings(desk, completion)
        self.tabs = named(QTabWidget(), "设置")
        for part, title in (
            (self.office, "单位和人员"), (self.deadlines, "截止与提醒"), (self.calendar, "放假安排"),
            (self.data, "备份与数据"), (self.look, "外观"), (self.codes, "代码表"),
        ):  # fmt: skip
            area = QScrollArea(widgetResizable=True)
            part.setContentsMargins(10, 8, 10, 8)
            part.setObjectName("form")
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(part)
            self.tabs.addTab(area, title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addWidget(self.tabs)
        for part in (self.office, self.deadlines, self.calendar, self.data):
            part.changed.connect(self.changed)
        self.look.look_changed.connect(self.look_changed)

    def refresh(self) -> None:
        for part in (self.office, self.deadlines, self.data):
            part.refresh()
