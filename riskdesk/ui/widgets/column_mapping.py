"""A strip of the columns of a table: under each heading the field that it is read as, to be changed at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.table_mapping import MAPPABLE, SourceColumn, TableMapping
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import empty, styled

_WIDTH = 19  # half characters of a column, at least
_WIDEST = 42
_UNREAD = "（不读入）"


class ColumnMapping(QScrollArea):
    """Shows the columns of one table; `changed` says that a person chose another field for one of them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns: tuple[SourceColumn, ...] = ()
        self._fields: list[QComboBox] = []
        inside = QWidget()
        inside.setObjectName("form")
        self._layout = QHBoxLayout(inside)
        self._layout.setContentsMargins(10, 6, 10, 6)
        self.setWidget(inside)

    def show_columns(self, columns: Sequence[SourceColumn]) -> None:
        """Show other columns; the same with other fields keep their widgets, and with them the focus."""
        if [each.title for each in columns] != [each.title for each in self._columns]:
            empty(self._layout)
            self._fields = [self._add(column) for column in columns]
            self._layout.addWidget(QWidget(), 1)
        self._columns = tuple(columns)
        for column, box in zip(columns, self._fields, strict=True):
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(column.field)))
            box.blockSignals(False)
        for part in self.widget().findChildren(QWidget):
            part.ensurePolished()  # the style sheet makes them higher
        self._layout.activate()
        self.setFixedHeight(self.widget().sizeHint().height() + self.horizontalScrollBar().sizeHint().height())

    def choose(self, title: str, field: str) -> None:
        """Read a column as another field, "" for none."""
        at = [each.title for each in self._columns].index(title)
        self._fields[at].setCurrentIndex(self._fields[at].findData(field))

    def mapping(self) -> TableMapping:
        """Return which columns are read as what; several may be joined for one field."""
        chosen: dict[str, tuple[str, ...]] = {}
        for column, box in zip(self._columns, self._fields, strict=True):
            if field := box.currentData():
                chosen[field] = (*chosen.get(field, ()), column.title)
        return TableMapping(chosen)

    def _add(self, column: SourceColumn) -> QComboBox:
        letters = theme.letter(self) * _WIDTH
        title = QLabel(self._cut(column.title, letters))
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setToolTip(column.title)
        sample = styled(QLabel(self._cut(column.sample.replace("\n", " "), letters)), "muted")
        sample.setTextFormat(Qt.TextFormat.PlainText)
        box = QComboBox()
        box.setAccessibleName(f"列“{column.title}”读作")
        box.setToolTip(f"“{column.title}”这一列读作哪一项")
        box.addItem(_UNREAD, "")
        for field, told in MAPPABLE.items():
            box.addItem(told, field)
        box.setMinimumWidth(letters)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.view().setMinimumWidth(theme.letter(self) * 40)
        title.setBuddy(box)
        part = QWidget()
        part.setMaximumWidth(theme.letter(self) * _WIDEST)
        lines = QVBoxLayout(part)
        lines.setContentsMargins(0, 0, 4, 0)
        lines.setSpacing(2)
        for widget in (title, box, sample):
            lines.addWidget(widget)
        self._layout.addWidget(part, 3)
        part.show()  # Qt would do so later, until then it has no height
        box.currentIndexChanged.connect(self.changed)
        return box

    def _cut(self, text: str, width: int) -> str:
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
