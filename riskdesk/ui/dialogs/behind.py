"""The records behind a number: a list from which each of them can be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import told

_MOST = 1000  # rows; more are not read by anybody


class BehindDialog(QDialog):
    """Emits `record_wanted(id)`."""

    record_wanted = Signal(str)

    def __init__(self, desk: Desk, title: str, ids: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"背后的记录——{title}")
        found = [row for each in ids[:_MOST] if (row := desk.records.get(each)) is not None]
        self._ids = [row.id for row in found]
        self.table = ChipTable("背后的记录", ("期次", "涉及产品", "风险信息内容"), (12, 24, 0), -1)
        for row in found:
            self.table.add_row((row.period, row.product, row.content), "")
        self.table.choose(0)
        self.table.cellActivated.connect(lambda row, _column: self._open(row))
        more = f"共 {len(ids)} 条" + (f"，列出前 {_MOST} 条" if len(ids) > _MOST else "") + "。回车或双击打开一条。"
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told(more))
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        letter = theme.letter(self)
        self.resize(letter * 110, letter * 60)
        self.table.setFocus()

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self.record_wanted.emit(self._ids[row])
            self.accept()
