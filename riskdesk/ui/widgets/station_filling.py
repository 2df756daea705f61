"""One indicator of a station's own sheet: its answer, reason, note and evidence, saved as they are given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from riskdesk.domain.assessment import Evidence, Filled, Measured
from riskdesk.domain.station_template import Indicator
from riskdesk.errors import UserError
from riskdesk.services import station_evidence
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed, GivenBack
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.station_answer import answer_edit
from riskdesk.ui.widgets.station_evidence import EvidenceBox
from riskdesk.ui.widgets.station_panel import IndicatorPanel
from riskdesk.ui.widgets.station_words import same
from riskdesk.ui.widgets.text_edits import LineEdit, TextEdit

_PAUSE = 900  # ms after the last key until what is typed is saved
_LONGEST = 2000  # ms until what is typed is saved though the typing goes on
_CHANGED = "现在的数据与自评时统计的不同，点上方“重新统计”更新。"


class FillingPanel(IndicatorPanel):
    """Hands what is filled in to `keep`, which saves it or raises; `attach_wanted(paths, of)`, `detach_wanted(evidence)`."""

    attach_wanted = Signal(object, str)
    detach_wanted = Signal(object)

    def __init__(
        self,
        indicator: Indicator,
        filled: Filled,
        keep: Callable[[Filled], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(indicator, parent)
        self._filled, self._keep = filled, keep
        self._lost: Collection[Evidence] = ()
        self.answer = answer_edit(indicator, filled.answer)
        self.reason = named(LineEdit("写明为什么与系统统计的不同"), "与系统统计不同的理由")
        self.reason.put(filled.reason)
        self._reason_label = QLabel("理由(&L)")
        self._reason_label.setBuddy(self.reason)
        self._lacking = told("填写的与系统统计的不同，请说明理由。", "warn")
        self.note = named(TextEdit(2, 5), "说明")
        self.note.put(filled.note)
        self.evidence = EvidenceBox(indicator.evidence)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._longest = QTimer(self, singleShot=True, interval=_LONGEST)
        for each in (self._pause, self._longest):
            each.timeout.connect(self.unsaved)

    def lay_out(self, desk: Desk, seen: Assessed, given_back: Sequence[GivenBack], measured: Measured | None) -> None:
        """Put the parts below each other."""
        self._lost = station_evidence.lost(desk, self._filled.evidence)
        self.add_given_back(given_back)
        self.add_judged(seen, list(seen.reviews))
        self.rows.addWidget(self.answer)
        if measured is not None:
            self.rows.addWidget(self.computed_line(measured))
            if measured.answer != self._filled.computed:
                self.rows.addWidget(told(_CHANGED, "warn"))
        note = QLabel("说明(&M)")
        note.setBuddy(self.note)
        for part in (self._reason_label, self.reason, self._lacking, note, self.note, self.trouble):
            self.rows.addWidget(part)
        self.rows.addWidget(QLabel("证明材料（可以把文件拖到各项上）"))
        self.rows.addWidget(self.evidence)
        self.rows.addStretch(1)
        self.show_filled(self._filled)
        self._connect()

    def show_filled(self, filled: Filled) -> None:
        """Show what follows from what is saved; what is typed is left alone."""
        self._filled = filled
        differs = not same(filled.answer, filled.computed)
        for each in (self._reason_label, self.reason):
            each.setVisible(differs or bool(self.reason.value()))
        self._lacking.setVisible(differs and not filled.reason)
        self.evidence.show_files(filled.evidence, self._lost)

    def take_focus(self) -> None:
        """Put the focus on what is asked for first: the reason if it is lacking, else the answer."""
        (self.reason if self._lacking.isVisible() else self.answer).setFocus()

    def unsaved(self) -> bool:
        """Save what is typed; tell whether it cannot be saved."""
        self._pause.stop()
        self._longest.stop()
        before = self._filled
        try:
            said = (self.answer.value(), self.reason.value(), self.note.value())
            if said != (before.answer, before.reason, before.note):  # what was looked at only is not written
                self._keep(Filled(said[0], reason=said[1], note=said[2]))
        except UserError as error:
            self.refuse(str(error))
            return True
        self.refuse("")
        return False

    def _on_chosen(self) -> None:
        """Save; the reason for another answer than the computed one goes with it."""
        if not self.unsaved() and not self._filled.reason:
            self.reason.put("")
            self.show_filled(self._filled)

    def _on_typed(self) -> None:
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def _connect(self) -> None:
        self.answer.chosen.connect(self._on_chosen)
        for typed in (self.answer.typed, self.reason.changed, self.note.changed):
            typed.connect(self._on_typed)
        self.reason.editingFinished.connect(self.unsaved)
        self.evidence.added.connect(self.attach_wanted)
        self.evidence.removed.connect(self.detach_wanted)
        self.evidence.looked_at.connect(self.preview_wanted)
