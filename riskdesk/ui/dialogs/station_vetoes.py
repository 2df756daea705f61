"""否决项: which of them hold for a station; stating one is confirmed, as it decides the grade alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from riskdesk.domain.station_template import Veto
from riskdesk.errors import UserError
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import told
from riskdesk.ui.widgets.tick_list import TickList


class VetoesDialog(QDialog):
    """Calls `state(codes)`, which saves them or raises; closes once they are saved."""

    def __init__(
        self,
        vetoes: Sequence[Veto],
        chosen: Collection[str],
        state: Callable[[Sequence[str]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("否决项")
        self._vetoes, self._state = vetoes, state
        self.ticks = TickList([(each.code, f"{each.text}（{each.result}）") for each in vetoes])
        self.ticks.put(list(chosen))
        self.sure = QCheckBox("确认勾选的情形属实(&Y)")
        self._result = told(name="warn")
        self._trouble = told(name="err")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(told("有下列情形之一的，无论得分多少，等级直接按括号内评定。", ""))
        for part in (self.ticks, self._result, self.sure, self._trouble, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(theme.letter(self) * 90)
        self.ticks.changed.connect(self._on_changed)
        self._on_changed()

    def accept(self) -> None:
        """Save them, if they are confirmed."""
        chosen = self.ticks.value()
        if chosen and not self.sure.isChecked():
            self._trouble.setText("勾选否决项会直接决定等级，请先勾选“确认勾选的情形属实”。")
            self.sure.setFocus()
            return
        try:
            self._state(chosen)
        except UserError as error:
            self._trouble.setText(str(error))
            return
        super().accept()

    def _on_changed(self) -> None:
        chosen = self.ticks.value()
        hit = next((each for each in self._vetoes if each.code in chosen), None)
        self._result.setText(f"等级将为“{hit.result}”。" if hit else "没有勾选任何否决项。")
        self.sure.setVisible(hit is not None)
