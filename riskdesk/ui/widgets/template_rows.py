"""Rows of texts that are typed in a table, added, deleted and moved: options, steps, items, grades, vetoes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.text import clean_line
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, named
from riskdesk.ui.widgets.template_fields import allow

_FEWEST, _MOST = 2, 8  # rows that are seen at once


class RowsEdit(QWidget):
    """`columns` are headings with widths in half characters, 0 for one that takes the rest; `fewest` rows are to be left.

    Emits `changed(key)` after each change; while one cell is being typed in, the key stays the same, else it is "".
    """

    changed = Signal(str)

    def __init__(self, name: str, columns: Sequence[tuple[str, int]], *, fewest: int = 1) -> None:
        super().__init__()
        self._fewest = fewest
        self.table = named(_Table(columns), name)
        self.add = button("添加一行", kind="quiet", icon="add", name=f"{name}：添加一行")
        self.remove = button("删除此行", kind="quiet", icon="delete", name=f"{name}：删除此行")
        self.up = button("上移", kind="quiet", icon="up", name=f"{name}：上移此行")
        self.down = button("下移", kind="quiet", icon="down", name=f"{name}：下移此行")
        line = QHBoxLayout()
        for each in (self.add, self.remove, self.up, self.down):
            line.addWidget(each)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table)
        layout.addLayout(line)
        self.setFocusProxy(self.table)
        self.table.itemChanged.connect(self._on_changed)
        self.table.currentCellChanged.connect(self._offer)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show what nobody typed now; the cursor stays in its row."""
        if [list(each) for each in rows] == self.value():
            return
        at = self.table.currentRow()
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for each in rows:
            self._insert(self.table.rowCount(), each)
        if rows:
            self.table.setCurrentCell(min(max(at, 0), len(rows) - 1), 0)
        self.table.blockSignals(False)
        self._fit()

    def value(self) -> list[list[str]]:
        """Return the texts, row by row."""
        columns = range(self.table.columnCount())
        return [[self._text(row, column) for column in columns] for row in range(self.table.rowCount())]

    def put_text(self, row: int, column: int, text: str) -> None:
        """Write into a cell as a person does."""
        item = self.table.item(row, column)
        if item is not None:
            item.setText(text)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return clean_line(item.text()) if item is not None else ""

    def _insert(self, row: int, texts: Sequence[str]) -> None:
        self.table.insertRow(row)
        for column, text in enumerate(texts):
            self.table.setItem(row, column, QTableWidgetItem(text))

    def _change(self, rows: list[list[str]], at: int) -> None:
        """Put other rows in as a person's change."""
        self.show_rows(rows)
        if rows:
            self.table.setCurrentCell(min(at, len(rows) - 1), 0)
        self._fit()
        self.changed.emit("")

    def _on_add(self) -> None:
        rows = self.value()
        at = self.table.currentRow() + 1 if rows else 0
        rows.insert(at, [""] * self.table.columnCount())
        self._change(rows, at)
        self.table.setFocus()

    def _on_remove(self) -> None:
        rows, at = self.value(), self.table.currentRow()
        if 0 <= at < len(rows):
            self._change(rows[:at] + rows[at + 1 :], at)
        self.table.setFocus()

    def _move(self, by: int) -> None:
        rows, at = self.value(), self.table.currentRow()
        to = at + by
        if at >= 0 and 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            self._change(rows, to)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        self._fit()
        self.changed.emit(f"{item.row()} {item.column()}")

    def _fit(self) -> None:
        self.table.resizeRowsToContents()
        self.table.updateGeometry()
        self._offer()

    def _offer(self, *_at: int) -> None:
        at, count = self.table.currentRow(), self.table.rowCount()
        for each, can, why in (
            (self.remove, count > self._fewest, "至少保留一行" if count else "还没有内容"),
            (self.up, at > 0, "已经是第一行"),
            (self.down, 0 <= at < count - 1, "已经是最后一行"),
        ):
            allow(each, can, why)


class _Typing(QStyledItemDelegate):
    """Hands on what is typed in a cell with every key, so that nothing is lost when the next thing is to save; Esc takes it back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cell: QLineEdit | None = None
        self._begun = ""

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt override: what stands there already is left alone, as it is being typed."""
        if isinstance(editor, QLineEdit) and editor is not self._cell:
            self._cell, self._begun = editor, str(index.data() or "")
            editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
            editor.textEdited.connect(lambda _text: self.commitData.emit(editor))
        if not isinstance(editor, QLineEdit) or editor.text() != str(index.data() or ""):
            super().setEditorData(editor, index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt override: Esc."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            watched.setText(self._begun)
            self.commitData.emit(watched)
        return super().eventFilter(watched, event)


class _Table(QTableWidget):
    def __init__(self, columns: Sequence[tuple[str, int]]) -> None:
        super().__init__(0, len(columns))
        self.setHorizontalHeaderLabels([heading for heading, _ in columns])
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QTableWidget.EditTrigger.DoubleClicked
            | QTableWidget.EditTrigger.SelectedClicked
            | QTableWidget.EditTrigger.EditKeyPressed
            | QTableWidget.EditTrigger.AnyKeyPressed
        )
        self._typing = _Typing(self)
        self.setItemDelegate(self._typing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().sectionResized.connect(lambda *_: self.updateGeometry())
        for column, (_, letters) in enumerate(columns):
            if letters:
                self.setColumnWidth(column, theme.letter(self) * letters)
            else:
                self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt override: texts are broken anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resizeRowsToContents()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Qt override: as high as the rows, within reason."""
        rows = [self.rowHeight(row) for row in range(min(self.rowCount(), _MOST))]
        rows += [self.verticalHeader().defaultSectionSize()] * max(0, _FEWEST - len(rows))
        height = self.horizontalHeader().sizeHint().height() + sum(rows) + 2 * self.frameWidth() + 2
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Qt override: not lower than that."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())
