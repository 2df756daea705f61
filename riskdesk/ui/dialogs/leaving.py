"""Asks what becomes of a change to a sealed record that is about to be left: a reason, giving the change up, or going on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

from riskdesk.ui.widgets.parts import bare

_TOLD = "这条记录已封存报送，刚才的修改还没有保存。\n修改属于更正，保存时要写明原因；不是有意修改的，请放弃修改。"


class LeavingQuestion(QMessageBox):
    """Calls `explained` or `given_up`; closing it goes on with editing."""

    def __init__(
        self, explained: Callable[[], object], given_up: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(QMessageBox.Icon.Question, "修改没有保存", _TOLD, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.explain = self._button("填写原因并保存(&R)", QMessageBox.ButtonRole.AcceptRole)
        self.give_up = self._button("放弃修改(&X)", QMessageBox.ButtonRole.DestructiveRole)
        self.go_on = self._button("继续编辑(&E)", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.explain)
        self.setEscapeButton(self.go_on)
        self._chosen: dict[QAbstractButton, Callable[[], object]] = {self.explain: explained, self.give_up: given_up}
        self.finished.connect(self._on_finished)

    def _button(self, text: str, role: QMessageBox.ButtonRole) -> QPushButton:
        made = self.addButton(text, role)
        made.setAccessibleName(bare(text))
        return made

    def _on_finished(self) -> None:
        follow = self._chosen.get(self.clickedButton())
        if follow is not None:
            follow()
