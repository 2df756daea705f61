"""The packages that came, one a row with its verdict, which a person ticks to take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTableWidgetItem

from riskdesk.services.receiving import Looked, Received
from riskdesk.ui.dialogs.receive_words import NOT_TAKEN, content
from riskdesk.ui.models.plan_rows import verdict_chip
from riskdesk.ui.widgets.chip_table import ChipTable

_HEADINGS = ("接收", "判定", "文件", "单位", "报送期", "内容", "说明")
_WIDTHS = (8, 16, 34, 24, 20, 20, 0)
_LINES = 6  # that are seen at once


@dataclass(frozen=True, slots=True)
class FileRow:
    """A package as it is shown; `is_ticked` is None for one that cannot be ticked."""

    texts: tuple[str, ...]
    tone: str
    is_ticked: bool | None


class ArrivedFiles(ChipTable):
    """Emits `ticked(number)` after a person ticked or unticked a package."""

    ticked = Signal(int)

    def __init__(self) -> None:
        super().__init__("收到的文件", _HEADINGS, _WIDTHS, 1)
        self.setMaximumHeight(round(self.fontMetrics().height() * 2 * (_LINES + 1)))
        self.itemChanged.connect(self._on_item_changed)

    def show_rows(self, rows: Sequence[FileRow]) -> None:
        """Show the packages; the cursor stays where it is."""
        at = max(0, self.currentRow())
        blocked = self.blockSignals(True)  # nobody ticks anything
        self.clear_rows()
        for number, each in enumerate(rows):
            self.add_row(each.texts, each.tone)
            item = self.item(number, 0)
            if item is not None and each.is_ticked is not None:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(_check_state(each.is_ticked))
        self.blockSignals(blocked)
        self.fit()
        self.choose(at)

    def is_ticked(self, number: int) -> bool:
        """Tell whether a package is to be taken."""
        item = self.item(number, 0)
        return item is not None and _can_be_ticked(item) and item.checkState() == Qt.CheckState.Checked

    def put_tick(self, number: int, *, is_ticked: bool) -> None:
        """Tick a package or not, without telling anybody."""
        item = self.item(number, 0)
        if item is not None and _can_be_ticked(item):
            blocked = self.blockSignals(True)
            item.setCheckState(_check_state(is_ticked))
            self.blockSignals(blocked)
            self.viewport().update()

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == 0:
            self.ticked.emit(item.row())


def file_row(looked: Looked, done: Received | None, *, is_left: bool, is_ticked: bool | None) -> FileRow:
    """Return how a package is shown, `done` being what became of it; `is_left` if it could have been taken and others were."""
    verdict = looked.verdict if done is None else done.verdict
    word, tone = verdict_chip(verdict)
    if done is not None and done.run_id:
        word, tone = "已接收", "green"
    elif is_left:
        word, tone = NOT_TAKEN, "grey"
    times = f"第 {verdict.number} 次" if verdict.kind == "report" else ""
    office = verdict.office_name or verdict.office
    period = f"{verdict.period} {times}".strip()
    return FileRow(("", word, looked.name, office, period, content(looked), verdict.summary), tone, is_ticked)


def _can_be_ticked(item: QTableWidgetItem) -> bool:
    return bool(item.flags() & Qt.ItemFlag.ItemIsUserCheckable)


def _check_state(is_ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
