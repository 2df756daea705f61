"""The yearly reports of the office, newest first: year, product, last change, how much is still to do, whether it was handed on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from riskdesk.domain.handoff import HandedState
from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.station_receipts import HandedOn

_ID = Qt.ItemDataRole.UserRole
_ROWS = 3  # shown without scrolling
_STATES = {
    HandedState.RETURNED: "，被退回",
    HandedState.RECEIVED: "，已收到",
    HandedState.ADOPTED: "，已收到",
}  # gravest first


class AnnualList(QListWidget):
    """Emits `wanted(id)` when a person chooses another report."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("专题分析报告列表")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.currentItemChanged.connect(self._on_current_changed)

    def show_reports(
        self,
        reports: Sequence[Kept],
        chosen: str,
        unsaved: Collection[str],
        handed: Mapping[str, Sequence[HandedOn]],
    ) -> None:
        """List reports, the newest first; `unsaved` are those of which a killed program left texts, `handed` the versions handed on, by report."""
        self.blockSignals(True)
        self.clear()
        for each in sorted(reports, key=lambda kept: kept.at, reverse=True):
            told = [_told(each), _handed(each, handed.get(each.id, ())), "有未保存的文字" if each.id in unsaved else ""]
            item = QListWidgetItem("\n".join(filter(None, told)), self)
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


def _told(kept: Kept) -> str:
    to_do = len(annual.to_do(kept.report))
    state = f"待办 {to_do} 项" if to_do else "没有待办"
    when = kept.at[5:16].replace("T", " ")
    return f"{kept.report.year} 年　{kept.report.product}\n{when}　{state}"


def _handed(kept: Kept, versions: Sequence[HandedOn]) -> str:
    """Return when it was handed on last, and what became of that, "" if it never was."""
    if not versions:
        return ""
    last = versions[0]
    states = {each.state for each in last.replies}
    word = next((word for state, word in _STATES.items() if state in states), "")
    went_on = "，之后有修改" if last.revision != kept.revision else ""
    return f"已上报 {last.at[:10]}{word}{went_on}"
