"""Accepting a soft problem: the person says why the record is right as it stands; the reason is kept with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.problems import Problem
from riskdesk.domain.titles import field_title
from riskdesk.ui import theme
from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.text_edits import LineEdit

_LETTERS = 80  # the dialog is that many half characters wide
_USUAL = {
    "missing": ("来源材料未提供，正在核实", "不涉及此项", "待补报"),
    "not_understood": ("按原始材料如实填写", "暂无法确定，待核实"),
    "too_long": ("内容均为必要信息",),
    "too_short": ("原始材料仅有此内容", "详见附件"),
    "in_future": ("日期为计划日期，已核对",),
    "after_discovery": ("已与来源核对无误",),
    "more_than_tested": ("含复检批次，已核对",),
    "credit_code": ("企业执照上即为此代码", "旧注册号，已核对"),
    "personal_data": ("不是身份证号码，已核对",),
    "state_secret": ("仅为文字表述，不含国家秘密，已请保密人员核对",),
}
_ALWAYS = "已核实无误"


class AcceptProblemDialog(QDialog):
    """Asks for a reason; the usual ones are a key away."""

    def __init__(self, problem: Problem, accepted: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("接受并说明")
        self._accepted = accepted
        self.reason = LineEdit("必填")
        label = QLabel("理由(&R)")
        label.setBuddy(self.reason)
        self.reason.setAccessibleName("接受的理由")
        message = told(problem.message, "warn")
        message.setMinimumWidth(theme.letter(self) * _LETTERS)
        quick = QWidget()
        flow = FlowLayout(quick)
        for number, text in enumerate((*_USUAL.get(problem.code, ()), _ALWAYS)[:3], 1):
            choice = button(f"&{number} {text}", kind="quiet", name=f"理由：{text}")
            choice.clicked.connect(lambda _=False, text=text: self._take(text))
            flow.addWidget(choice)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        layout = QVBoxLayout(self)
        layout.addWidget(told(field_title(problem.field), "h2"))
        layout.addWidget(message)
        layout.addWidget(label)
        layout.addWidget(self.reason)
        layout.addWidget(quick)
        layout.addWidget(told("理由与记录一起保存；该栏内容改变后会再次询问。"))
        layout.addWidget(self._buttons)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.reason.changed.connect(self._on_reason_changed)
        self._on_reason_changed()
        self.reason.setFocus()

    def accept(self) -> None:
        """Hand the reason over; without one nothing is accepted."""
        if self.reason.value():
            self._accepted(self.reason.value())
            super().accept()

    def _take(self, text: str) -> None:
        self.reason.refill(text)
        self.reason.setFocus()

    def _on_reason_changed(self) -> None:
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(bool(self.reason.value()))
        ok.setToolTip("" if self.reason.value() else "请先填写理由")
