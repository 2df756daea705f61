"""The line above the statistics: which periods, product, region and level, and whether records or events are counted."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from riskdesk.domain.periods import Period
from riskdesk.domain.triage import Level
from riskdesk.services.desk import Desk
from riskdesk.services.statistics import Wish
from riskdesk.ui.models.record_table import LEVELS
from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.parts import named

_PAUSE = 300  # ms after a key
_MOST = 36  # periods to choose from
_YEAR = 12


class StatisticsBar(QWidget):
    """Emits `wished(Wish)` when a person changed what is to be counted."""

    wished = Signal(object)

    def __init__(self, desk: Desk, now: Period, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        periods = [each.id for each in desk.reference.periods.back_from(now, _MOST)]
        self.first = self._combo("起始期次", [(each, each) for each in periods])
        self.last = self._combo("结束期次", [(each, each) for each in periods])
        self.first.setCurrentIndex(min(len(periods), _YEAR) - 1)
        self.product = named(QLineEdit(placeholderText="产品或类别中的字"), "产品")
        self.product.setClearButtonEnabled(True)
        regions = [each for each in desk.reference.regions.regions.values() if each.level in ("city", "county")]
        full = desk.reference.regions.full_name
        named_regions = sorted(((each.code, full(each.code)) for each in regions), key=lambda each: each[0])
        self.region = self._combo("区域", [("", "全部区域"), *named_regions])
        self.level = self._combo("级别", [(None, "全部级别"), *((each, LEVELS[each][0]) for each in Level)])
        self.by_events = named(QCheckBox("同一事件只计一次(&E)"), "同一事件只计一次")
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._tell)
        self.product.textChanged.connect(self._timer.start)
        for combo in (self.first, self.last, self.region, self.level):
            combo.currentIndexChanged.connect(self._tell)
        self.by_events.toggled.connect(self._tell)
        self._lay_out()

    def wish(self) -> Wish:
        """Return what is to be counted; the periods in their order, whichever was chosen first."""
        first, last = sorted((self.first.currentData(), self.last.currentData()))
        return Wish(
            first,
            last,
            self.product.text().strip(),
            self.region.currentData(),
            self.level.currentData(),
            self.by_events.isChecked(),
        )

    def _lay_out(self) -> None:
        layout = FlowLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for text, widget in (
            ("自(&A)", self.first),
            ("至(&B)", self.last),
            ("产品(&G)", self.product),
            ("区域(&R)", self.region),
            ("级别(&L)", self.level),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            label.setMinimumHeight(widget.sizeHint().height())  # on one line with what it names
            layout.addWidget(label)
            layout.addWidget(widget)
        holder = QWidget()  # as high as the others: the style sheet sets the height of the box itself
        holder.setMinimumHeight(self.first.sizeHint().height())
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.by_events)
        layout.addWidget(holder)

    def _combo(self, name: str, items: Iterable[tuple[object, str]]) -> QComboBox:
        combo = named(QComboBox(), name)
        for data, text in items:
            combo.addItem(text, data)
        return combo

    def _tell(self) -> None:
        self._timer.stop()
        self.wished.emit(self.wish())
