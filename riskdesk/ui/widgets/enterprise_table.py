"""涉及企业 of the 更多信息 panel: a small table of named enterprises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.credit_code import normal_credit_code
from riskdesk.domain.records import Enterprise, EnterpriseRole
from riskdesk.domain.text import clean_line
from riskdesk.domain.titles import VALUE_LABELS
from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.choice_edits import OptionBox, optional
from riskdesk.ui.widgets.parts import button

_NAME, _CODE, _ROLE, _REGION = range(4)
_HEADINGS = ("企业名称", "统一社会信用代码", "角色", "所在区域")
_ROWS_SHOWN = 3
_BASE = Qt.ItemDataRole.UserRole


class EnterpriseTable(QWidget):
    """Rows are added by button or by Down in the last row; rows without name and code say nothing."""

    changed = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.table = _Table(0, len(_HEADINGS))
        self.table.setHorizontalHeaderLabels(list(_HEADINGS))
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (_CODE, _ROLE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName("涉及企业表")
        self.add = button("添加企业", kind="quiet", icon="add")
        self.remove = button("删除所选", kind="quiet", name="删除所选企业")
        buttons = QHBoxLayout()
        for each in (self.add, self.remove):
            buttons.addWidget(each)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table)
        layout.addLayout(buttons)
        self.table.itemChanged.connect(self._on_item_changed)
        self.table.row_wanted.connect(self._on_row_wanted)
        self.add.clicked.connect(self._on_add_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self._after_change()

    @property
    def target(self) -> QWidget:
        return self.table if self.table.rowCount() else self.add

    def put(self, value: Any) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for enterprise in value:
            self._append(enterprise)
        self.table.blockSignals(False)
        self._after_change()

    def refill(self, value: Any) -> None:
        self.put(value)
        self.changed.emit()

    def value(self) -> tuple[Enterprise, ...]:
        found = (self._enterprise(row) for row in range(self.table.rowCount()))
        return tuple(each for each in found if each.name or each.credit_code)

    def unread(self) -> str:
        return ""

    def _enterprise(self, row: int) -> Enterprise:
        base: Enterprise = self._item(row, _NAME).data(_BASE)
        role = self.table.cellWidget(row, _ROLE)
        region = clean_line(self._item(row, _REGION).text())
        same_region = region == self._region_name(base.region_code)
        return replace(
            base,
            name=clean_line(self._item(row, _NAME).text()),
            credit_code=normal_credit_code(self._item(row, _CODE).text()),
            role=role.value() if isinstance(role, OptionBox) else base.role,
            region_code=base.region_code if same_region else next(iter(self._reference.regions.parse(region)), ""),
        )

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        return self.table.item(row, column) or QTableWidgetItem()

    def _append(self, enterprise: Enterprise) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        texts = {
            _NAME: enterprise.name,
            _CODE: enterprise.credit_code,
            _REGION: self._region_name(enterprise.region_code),
        }
        for column, text in texts.items():
            self.table.setItem(row, column, QTableWidgetItem(text))
        self._item(row, _NAME).setData(_BASE, enterprise)
        role = optional((each, VALUE_LABELS[each]) for each in EnterpriseRole)
        role.setAccessibleName(f"第 {row + 1} 家企业的角色")
        role.put(enterprise.role)
        role.changed.connect(self._on_item_changed)
        self.table.setCellWidget(row, _ROLE, role)

    def _region_name(self, code: str) -> str:
        if not code:
            return ""
        regions = self._reference.regions
        return regions.full_name(code) if code in regions else code

    def _after_change(self) -> None:
        self.table.setVisible(self.table.rowCount() > 0)
        self.table.resizeRowsToContents()
        rows = min(self.table.rowCount(), _ROWS_SHOWN)
        height = sum(self.table.rowHeight(row) for row in range(rows))
        self.table.setFixedHeight(height + self.table.horizontalHeader().sizeHint().height() + 4)
        self.remove.setEnabled(self.table.rowCount() > 0)
        self.remove.setToolTip("" if self.table.rowCount() else "还没有企业")

    def _on_item_changed(self) -> None:
        self._after_change()
        self.changed.emit()

    def _on_row_wanted(self) -> None:
        if len(self.value()) == self.table.rowCount():  # not while there is an empty one
            self._on_add_clicked()

    def _on_add_clicked(self) -> None:
        self.table.blockSignals(True)
        self._append(Enterprise(""))
        self.table.blockSignals(False)
        self._after_change()
        self.table.setCurrentCell(self.table.rowCount() - 1, _NAME)
        self.table.setFocus()

    def _on_remove_clicked(self) -> None:
        self.table.removeRow(max(self.table.currentRow(), 0))
        self._on_item_changed()


class _Table(QTableWidget):
    row_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Down in the last row begins a new one."""
        if event.key() == Qt.Key.Key_Down and self.currentRow() == self.rowCount() - 1:
            self.row_wanted.emit()
        else:
            super().keyPressEvent(event)
