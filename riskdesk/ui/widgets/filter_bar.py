"""The line above the table of records: search as you type, and what to show of which period, source, level and state."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStyle, QStyleOptionComboBox, QWidget

from riskdesk.domain.periods import Period
from riskdesk.domain.triage import Level
from riskdesk.services.desk import Desk
from riskdesk.services.listing import Filter
from riskdesk.services.overview import RecordState
from riskdesk.ui.icons import icon
from riskdesk.ui.models.record_table import LEVELS, STATES
from riskdesk.ui.widgets.parts import named

_PAUSE = 0  # ms: keys that wait already are taken together
_SOURCE_LENGTH = 12  # characters
_MONTHS = 12


class FilterBar(QWidget):
    """Emits `filtered(Filter)` when a person changed what should be listed."""

    filtered = Signal(object)
    list_wanted = Signal()  # arrow down in the search: on to the list

    def __init__(self, desk: Desk, now: Period, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.search = _Search(self)
        self.period = self._combo("报送期", _periods(desk, now))
        shorter = ((code, f"{code[1:]} {label}") for code, label in desk.reference.vocabulary.sources.items())
        self.source = self._combo("信息来源", [("", "全部来源"), *((code, _short(text)) for code, text in shorter)])
        self.level = self._combo("级别", [(None, "全部级别"), *((each, LEVELS[each][0]) for each in Level)])
        self.state = self._combo("状态", [(None, "全部状态"), *((each, STATES[each][0]) for each in RecordState)])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search, 1)
        for combo in (self.period, self.source, self.level, self.state):
            layout.addWidget(combo)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._tell)
        self.search.textChanged.connect(self._timer.start)
        self.search.moved_down.connect(self.list_wanted)

    def filter(self) -> Filter:
        """Return what should be listed."""
        return Filter(
            period=self.period.currentData(),
            find=self.search.text(),
            level=self.level.currentData(),
            source=self.source.currentData(),
            state=self.state.currentData(),
        )

    def clear(self) -> None:
        """Show everything of the chosen period again."""
        self.search.clear()
        for combo in (self.source, self.level, self.state):
            combo.setCurrentIndex(0)

    def show_period(self, period: str) -> None:
        """Choose a period ("" for all)."""
        self.period.setCurrentIndex(max(0, self.period.findData(period)))

    def show_now(self, now: Period) -> None:
        """Another period is reported from now on; who looked at the one before goes on with it."""
        was_current = self.period.currentIndex() == 0
        chosen = self.period.currentData()
        blocked = self.period.blockSignals(True)
        self.period.clear()
        for data, text in _periods(self._desk, now):
            self.period.addItem(text, data)
        self.period.setCurrentIndex(0 if was_current else max(0, self.period.findData(chosen)))
        self.period.blockSignals(blocked)
        self._tell()

    def _combo(self, name: str, items: Iterable[tuple[object, str]]) -> QComboBox:
        combo = named(_Combo(), name)
        combo.setToolTip(name)
        for data, text in items:
            combo.addItem(text, data)
        combo.view().setMinimumWidth(combo.view().sizeHintForColumn(0) + 30)
        combo.currentIndexChanged.connect(self._tell)
        return combo

    def _tell(self) -> None:
        self._timer.stop()
        self.filtered.emit(self.filter())


class _Combo(QComboBox):
    """As wide as its first choice, so that the search line gets the room; longer ones are read in the list."""

    def sizeHint(self) -> QSize:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        text = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.itemText(0))
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, text, self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _Search(QLineEdit):
    """The search line; arrow down goes on to the list, Esc empties it."""

    moved_down = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, placeholderText="搜索产品、企业、内容", clearButtonEnabled=True)
        self.setAccessibleName("搜索")
        self.setToolTip("搜索产品、企业、内容（Ctrl+F）")
        self._glass = QAction(icon("search"), "搜索", self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._glass.setIcon(icon("search"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
            return
        super().keyPressEvent(event)


def _periods(desk: Desk, now: Period) -> list[tuple[str, str]]:
    earlier = desk.reference.periods.back_from(now, _MONTHS)[1:]
    found = [(now.id, f"本期 {_days(now)}"), *((period.id, f"{period.id} 期") for period in earlier)]
    return [*found, ("", "全部时间")]


def _days(period: Period) -> str:
    return f"{period.start:%m-%d}~{period.end:%m-%d}"


def _short(text: str) -> str:
    return text if len(text) <= _SOURCE_LENGTH else f"{text[: _SOURCE_LENGTH - 1]}…"
