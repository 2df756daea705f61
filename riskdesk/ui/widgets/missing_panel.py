"""谁没报: how many offices below have reported for the period, and the names of those that have not."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from riskdesk.domain.handoff import Completeness, Expectation, ReportState
from riskdesk.ui.widgets.parts import button, chip, heading, retone, told

_NAMED = 12  # offices; all are in the tool tip


class MissingPanel(QFrame):
    """A card of the workbench; `letters_wanted()` asks for letters to those that are missing."""

    letters_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._rate = chip("", "blue")
        self._counts = QLabel(wordWrap=True)
        self._missing = told(name="warn")
        self._returned = told(name="warn")
        self._letters = button("催报函(&L)…", icon="print", name="给没有报送的单位写催报函")
        self._letters.clicked.connect(self.letters_wanted)
        head = QHBoxLayout()
        head.addWidget(heading("下级报送情况"))
        head.addWidget(self._rate)
        head.addStretch(1)
        head.addWidget(self._letters)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        layout.addLayout(head)
        for part in (self._counts, self._missing, self._returned):
            layout.addWidget(part)

    def show_completeness(self, found: Completeness) -> None:
        """Show who reported and who did not; nothing if no office below is expected to."""
        self.setVisible(bool(found.offices))
        missing = found.missing
        full = not missing
        retone(self._rate, f"{found.received} / {len(found.offices)} 已到　{found.rate}%", "green" if full else "amber")
        nil, returned = found.count(ReportState.NIL), found.count(ReportState.RETURNED)
        self._counts.setText(
            f"已报 {found.received}（其中零报告 {nil}、迟报 {found.late}、退回 {returned}），未报 {len(missing)}。"
        )
        self._missing.setText(f"未报：{_names(missing)}" if missing else "")
        self._missing.setToolTip("\n".join(each.name for each in missing))
        back = tuple(each for each in found.offices if each.state is ReportState.RETURNED)
        self._returned.setText(f"退回待补正：{_names(back)}" if back else "")
        for part in (self._missing, self._returned):
            part.setVisible(bool(part.text()))
        self._letters.setEnabled(not full)
        self._letters.setToolTip("都已报送，不用催报" if full else "")


def _names(offices: tuple[Expectation, ...]) -> str:
    more = f"等 {len(offices)} 个" if len(offices) > _NAMED else ""
    return "、".join(each.name for each in offices[:_NAMED]) + more
