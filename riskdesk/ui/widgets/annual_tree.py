"""Left of a yearly report: the reports of the office, the headings of the chosen one, and sections to add or delete."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.annual import HEADINGS, PARTS, AnnualReport
from riskdesk.ui.widgets.annual_list import AnnualList
from riskdesk.ui.widgets.annual_outline import AnnualOutline
from riskdesk.ui.widgets.parts import button


class AnnualTree(QWidget):
    """Signals: `addition_wanted(part)`, `deletion_wanted(code)`; those of the list and the tree are theirs."""

    addition_wanted = Signal(int)
    deletion_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reports = AnnualList()
        self.outline = AnnualOutline()
        self.add = button("增加小节(&A)…", kind="quiet", icon="add")
        self.delete = button("删除(&D)…", kind="quiet", icon="delete", name="删除小节")
        reports, outline = QLabel("报告(&B)"), QLabel("章节(&C)")
        reports.setBuddy(self.reports)
        outline.setBuddy(self.outline)
        line = QHBoxLayout()
        line.addWidget(self.add)
        line.addWidget(self.delete)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(reports)
        layout.addWidget(self.reports)
        layout.addWidget(outline)
        layout.addWidget(self.outline, 1)
        layout.addLayout(line)
        self.add.clicked.connect(lambda: self.addition_wanted.emit(self.outline.part()))
        self.delete.clicked.connect(lambda: self.deletion_wanted.emit(self.outline.code()))
        self.outline.currentItemChanged.connect(self._offer)
        self._offer()

    def show_report(self, report: AnnualReport, code: str) -> None:
        """Show the headings of a report with the cursor on a section."""
        self.outline.show_report(report, code)
        self._offer()

    def _offer(self) -> None:
        code, part = self.outline.code(), self.outline.part()
        can_add = any(each.number == part and each.is_open for each in PARTS)
        self.add.setEnabled(can_add)
        self.add.setToolTip("" if can_add else "只能在第二、第四部分增加小节")
        can_delete = bool(code) and code not in HEADINGS
        self.delete.setEnabled(can_delete)
        self.delete.setToolTip("" if can_delete else "通知规定的小节不能删除，只能删除自己增加的")
