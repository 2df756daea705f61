"""One indicator of a station's sheet as the city or the province judges it: points with a reason, or given back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from riskdesk.domain.assessment import Column, Judged
from riskdesk.domain.station_template import Indicator, answer_text
from riskdesk.errors import InputError, UserError
from riskdesk.services import review_states, reviewing, station_evidence
from riskdesk.services.assessment_words import change_words, points_text
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.station_evidence import EvidenceBox
from riskdesk.ui.widgets.station_panel import IndicatorPanel
from riskdesk.ui.widgets.station_words import points_of
from riskdesk.ui.widgets.text_edits import LineEdit

_PAUSE = 900  # ms after the last key until what is typed is saved
_LETTERS = 12  # half characters that points are wide


class JudgingPanel(IndicatorPanel):
    """Hands points to `judge` and reasons for giving back to `give_back`, which save them or raise."""

    def __init__(
        self,
        indicator: Indicator,
        judge: Callable[[Judged], object],
        give_back: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(indicator, parent)
        self._judge, self._give_back = judge, give_back
        self._saved = ("", "")
        self._is_returned = False
        self.points = named(LineEdit(), f"{indicator.code} 的得分")
        self.points.setMaximumWidth(theme.letter(self) * _LETTERS)
        self.reason = named(LineEdit("与上一栏不同或退回时必须填写"), "理由")
        self.agree = button("同意(&A)", icon="check", name=f"同意 {indicator.code} 上一栏的得分")
        self.back = button("退回(&B)", icon="undo", name=f"把 {indicator.code} 退回监测站补正")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.unsaved)

    def lay_out(self, desk: Desk, seen: Assessed, column: Column) -> None:
        """Put the parts below each other: what the station says, what others made of it, and what is said here."""
        code = self.indicator.code
        filled = seen.kept.sheet.of(code)
        self.add_given_back(reviewing.given_back(desk, seen).get(code, ()))
        if (changed := review_states.updated(desk, seen, column).get(code)) is not None:
            self.rows.addWidget(told(f"上次核验后监测站已更新：{change_words(changed)}", "warn"))
        self.rows.addWidget(told(f"自评：{answer_text(self.indicator, filled.answer)}", ""))
        if filled.computed is not None:
            self.rows.addWidget(told(f"监测站的系统统计：{answer_text(self.indicator, filled.computed)}"))
        for title, text in (("与统计不同的理由", filled.reason), ("说明", filled.note)):
            if text:
                self.rows.addWidget(told(f"{title}：{text}", ""))
        self.add_judged(seen, [each for each in seen.reviews if each is not column])
        self._add_fields(_before(seen, column, code))
        known = seen.reviews.get(column)
        if known is not None:
            self.put(known.review.judged.get(code), known.review.returned.get(code, ""))
        self.rows.addWidget(QLabel("证明材料"))
        evidence = EvidenceBox(self.indicator.evidence, may_change=False)
        evidence.show_files(filled.evidence, station_evidence.lost(desk, filled.evidence))
        evidence.looked_at.connect(self.preview_wanted)
        self.rows.addWidget(evidence)
        self.rows.addStretch(1)
        self._connect()

    def put(self, judged: Judged | None, returned: str) -> None:
        """Show what is saved."""
        self._is_returned = bool(returned)
        self._saved = (points_text(judged.points), judged.reason) if judged else ("", returned)
        self.points.put(self._saved[0])
        self.reason.put(self._saved[1])

    def take_focus(self) -> None:
        self.points.setFocus()

    def unsaved(self) -> bool:
        """Save what is typed; tell whether it cannot be saved."""
        self._pause.stop()
        typed = (self.points.value(), self.reason.value())
        if typed == self._saved:
            self.refuse("")
            return False
        return not self._try(self._say)

    def _say(self) -> None:
        points, reason = points_of(self.points.text()), self.reason.value()
        if points is not None:
            self._judge(Judged(points, reason))
            self._is_returned = False
        elif self._is_returned:
            self._give_back(reason)
        elif reason or self._saved[0]:
            raise InputError("请填写得分；要退回监测站补正的，写明原因后点“退回”。")
        self._saved = (self.points.value(), reason)

    def _try(self, say: Callable[[], object]) -> bool:
        try:
            say()
        except UserError as error:
            self.refuse(str(error))
            return False
        self.refuse("")
        return True

    def _add_fields(self, before: str) -> None:
        points, reason = QLabel("得分(&G)"), QLabel("理由(&L)")
        points.setBuddy(self.points)
        reason.setBuddy(self.reason)
        self._agreed = before
        buttons = QHBoxLayout()
        buttons.addWidget(self.points)
        buttons.addWidget(told(f"上一栏 {before}"), 1)
        buttons.addWidget(self.agree)
        buttons.addWidget(self.back)
        grid = QGridLayout()
        grid.addWidget(points, 0, 0)
        grid.addLayout(buttons, 0, 1)
        grid.addWidget(reason, 1, 0)
        grid.addWidget(self.reason, 1, 1)
        self.rows.addLayout(grid)
        self.rows.addWidget(self.trouble)

    def _connect(self) -> None:
        self.points.editingFinished.connect(self.unsaved)
        self.reason.editingFinished.connect(self.unsaved)
        self.reason.changed.connect(self._pause.start)
        self.agree.clicked.connect(self._on_agree)
        self.back.clicked.connect(self._on_back)

    def _on_agree(self) -> None:
        self.points.put(self._agreed)
        self.reason.put("")
        self.unsaved()

    def _on_back(self) -> None:
        reason = self.reason.value()
        if self._try(lambda: self._give_back(reason)):
            self.put(None, reason)
        else:
            self.reason.setFocus()


def _before(seen: Assessed, column: Column, code: str) -> str:
    """Return the points of the column before, for people."""
    city = seen.points(Column.CITY).get(code) if column is Column.PROVINCE else None
    return points_text(seen.points(Column.SELF).get(code) if city is None else city)
