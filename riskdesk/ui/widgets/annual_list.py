"""The yearly reports of the office, newest first: year, product, last change, how much is still to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from riskdesk.services import annual
from riskdesk.services.annual import Kept

_ID = Qt.ItemDataRole.UserRole
_ROWS = 3  # shown without scrolling


class AnnualList(QListWidget):
    """Emits `wanted(id)` when a person chooses another report."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("专题分析报告列表")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_reports(self, reports: Sequence[Kept], chosen: str, unsaved: Collection[str]) -> None:
        """List reports, the newest first; `unsaved` are those of which a killed program left texts."""
        self.blockSignals(True)
        self.clear()
        for each in sorted(reports, key=lambda kept: kept.at, reverse=True):
            item = QListWidgetItem(_told(each, each.id in unsaved), self)
            item.setData(_ID, each.id)
            item.setToolTip(item.text())
            if each.id == chosen:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        """Qt override: a few reports high."""
        rows = sum(self.sizeHintForRow(row) for row in range(min(self.count(), _ROWS)))
        height = max(rows, self.fontMetrics().height() * 3)
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + 4)

    def minimumSizeHint(self) -> QSize:
        """Qt override: one report is always to be seen."""
        return QSize(0, self.fontMetrics().height() * 3)

    def _on_current_changed(self, current: QListWidgetItem | None) -> None:
        if current is not None:
            self.wanted.emit(str(current.data(_ID)))


def _told(kept: Kept, has_unsaved: bool) -> str:
    to_do = len(annual.to_do(kept.report))
    state = f"待办 {to_do} 项" if to_do else "没有待办"
    unsaved = "\n有未保存的文字" if has_unsaved else ""
    when = kept.at[5:16].replace("T", " ")
    return f"{kept.report.year} 年　{kept.report.product}\n{when}　{state}{unsaved}"
