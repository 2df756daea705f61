"""The headings of a yearly report as a tree, numbered as printed, with a mark for what is still to be written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from riskdesk.domain.annual import AnnualReport, Section
from riskdesk.services import annual
from riskdesk.ui.widgets.chip_tree import ChipTree

_CODE = int(Qt.ItemDataRole.UserRole)
_TONE = _CODE + 1
_NO_SECTION = ""


class AnnualOutline(ChipTree):
    """Emits `chosen(code)` when a person goes to another section; parts themselves hold no text."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("报告的章节", _TONE, parent)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_report(self, report: AnnualReport, chosen: str) -> None:
        """Show the headings of a report."""
        self.blockSignals(True)
        self.clear()
        for part in annual.outline(report):
            top = QTreeWidgetItem(self, [part.title])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            top.setToolTip(0, part.title)
            top.setData(0, _CODE, _NO_SECTION)
            for code, title in part.sections:
                item = QTreeWidgetItem(top, [title])
                item.setData(0, _CODE, code)
                item.setToolTip(0, title)
                _mark(item, report.section(code))
        self.expandAll()
        self.choose(chosen)
        self.blockSignals(False)

    def show_marks(self, report: AnnualReport) -> None:
        """Show which sections have text now."""
        for item in self._items():
            _mark(item, report.section(str(item.data(0, _CODE))))

    def choose(self, code: str) -> None:
        """Put the cursor on a section."""
        for item in self._items():
            if item.data(0, _CODE) == code:
                self.setCurrentItem(item)

    def code(self) -> str:
        """Return the section that the cursor is on, "" on a part."""
        index = self.currentIndex()
        return str(index.siblingAtColumn(0).data(_CODE)) if index.isValid() else _NO_SECTION

    def codes(self) -> list[str]:
        """Return the codes of all sections in their order."""
        return [str(item.data(0, _CODE)) for item in self._items()]

    def marks(self) -> dict[str, str]:
        """Return the mark of each section."""
        return {str(item.data(0, _CODE)): item.text(1) for item in self._items()}

    def part(self) -> int:
        """Return the number of the part that the cursor is in, 0 if it is nowhere."""
        index = self.currentIndex()
        part = index.parent() if index.parent().isValid() else index
        return part.row() + 1

    def _items(self) -> list[QTreeWidgetItem]:
        parts = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [part.child(row) for part in parts if part is not None for row in range(part.childCount())]

    def _on_current_changed(self, _current: QTreeWidgetItem | None) -> None:
        self.chosen.emit(self.code())


def _mark(item: QTreeWidgetItem, section: Section) -> None:
    word, tone = ("有文字", "green") if section.text.strip() else ("待填写", "amber")
    if item.text(1) != word:
        item.setText(1, word)
        item.setData(1, _TONE, tone)
        item.setData(1, Qt.ItemDataRole.AccessibleTextRole, word)
