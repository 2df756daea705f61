"""Settings: internal cut-offs, the clock of urgent records, the annual due day, and how the program reminds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.deadlines import Cutoff
from riskdesk.domain.offices import OfficeLevel
from riskdesk.errors import UserError
from riskdesk.services import autostart
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import keep, preferences
from riskdesk.ui.widgets.parts import button, heading, named, told

_LEVELS = {OfficeLevel.SUO: "所", OfficeLevel.COUNTY: "县（区）局", OfficeLevel.CITY: "市局"}


class DeadlineSettings(QWidget):
    """Emits `changed` when something was saved. `command` starts the program at login."""

    changed = Signal()

    def __init__(self, desk: Desk, command: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._command = desk, command
        self.cutoffs: dict[OfficeLevel, tuple[QSpinBox, QTimeEdit]] = {}
        self.hours = named(QSpinBox(minimum=1, maximum=744, suffix=" 小时"), "重点信息时限")
        self.answers = named(QSpinBox(minimum=1, maximum=90, suffix=" 天"), "没有收到回执提醒的天数")
        self.annual = named(QLineEdit(maxLength=5), "年度报告截止日")
        self.acceptance = named(QLineEdit(maxLength=5, placeholderText="省局通知后填写"), "监测站自评截止日")
        self.notify = QCheckBox("在桌面右下角弹出提醒（系统支持时）(&D)")
        self.login = QCheckBox("登录电脑时自动启动，以免忘记报送(&L)")
        self._save = button("保存(&S)", icon="save", kind="primary")
        self._told = told(name="muted")
        self._trouble = told(name="err")
        self._lay_out()
        self._save.clicked.connect(self._on_save)
        self.put_back()

    def is_dirty(self) -> bool:
        """Tell whether something was changed that is not saved."""
        return self._typed() != self._shown

    def refresh(self) -> None:
        """Show what is stored; what was changed and not saved stays."""
        if not self.is_dirty():
            self.put_back()

    def put_back(self) -> None:
        """Show what is stored, whatever was changed."""
        now = preferences(self._desk)
        for cutoff in now.cutoffs:
            if cutoff.level in self.cutoffs:
                day, time = self.cutoffs[cutoff.level]
                day.setValue(cutoff.day)
                time.setTime(QTime(cutoff.hour, cutoff.minute))
        self.hours.setValue(now.urgent_hours)
        self.answers.setValue(now.answer_days)
        self.annual.setText(now.annual_due)
        self.acceptance.setText(now.acceptance_due)
        self.notify.setChecked(now.notify)
        self.login.setChecked(autostart.is_on())
        self._shown = self._typed()

    def _typed(self) -> tuple[object, ...]:
        """Return what stands in the fields, as it stands there: also half a number."""
        numbers = (each.text() for pair in self.cutoffs.values() for each in pair)
        ticks = (self.notify.isChecked(), self.login.isChecked())
        return (*numbers, self.hours.text(), self.answers.text(), self.annual.text(), self.acceptance.text(), *ticks)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for level, name in _LEVELS.items():
            day = named(QSpinBox(minimum=1, maximum=31, prefix="每月 ", suffix=" 日"), f"{name}内部截止日")
            time = named(QTimeEdit(), f"{name}内部截止时间")
            time.setDisplayFormat("HH:mm")
            line = QHBoxLayout()
            line.addWidget(day)
            line.addWidget(time)
            line.addStretch(1)
            form.addRow(f"{name}建议截止", line)
            self.cutoffs[level] = (day, time)
        form.addRow("重点信息及时报时限", self.hours)
        form.addRow("上报后没有回执，几天后提醒", self.answers)
        form.addRow("年度报告截止（月-日）", self.annual)
        form.addRow("监测站自评截止（月-日）", self.acceptance)
        layout = QVBoxLayout(self)
        layout.addWidget(heading("截止与提醒"))
        layout.addLayout(form)
        layout.addWidget(
            told("正式截止日期按通知和放假安排计算，不能更改；这里的时间只作为“建议”显示在旁边。", "muted")
        )
        layout.addWidget(self.notify)
        layout.addWidget(self.login)
        layout.addWidget(self._save, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._told)
        layout.addWidget(self._trouble)
        layout.addStretch(1)

    def _on_save(self) -> None:
        now = preferences(self._desk)
        others = tuple(each for each in now.cutoffs if each.level not in self.cutoffs)
        own = tuple(
            Cutoff(level, day.value(), time.time().hour(), time.time().minute())
            for level, (day, time) in self.cutoffs.items()
        )
        wanted = replace(
            now, cutoffs=(*own, *others), urgent_hours=self.hours.value(), answer_days=self.answers.value(), annual_due=self.annual.text().strip(),
            acceptance_due=self.acceptance.text().strip(),
            notify=self.notify.isChecked(),
        )  # fmt: skip
        try:
            keep(self._desk, wanted)
            if self.login.isChecked() and not autostart.is_on():
                autostart.turn_on(self._command)
            elif not self.login.isChecked() and autostart.is_on():
                autostart.turn_off()
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            return
        self._trouble.clear()
        self._told.setText("已保存。")
        self.put_back()
        self.changed.emit()
