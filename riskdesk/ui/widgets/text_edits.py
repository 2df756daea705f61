"""Edits for text: one line, and several lines that grow with what is typed; both leave an input method in peace."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from riskdesk.domain.text import clean, clean_line
from riskdesk.ui.widgets.mime import files_of, pastes_files

_PADDING = 10  # px: border and inner margin of the style sheet, top and bottom


class LineEdit(QLineEdit):
    """A line of text; its value is cleaned, what stands in it is as typed."""

    changed = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAcceptDrops(False)  # dropped files are for the form
        self.composing = False
        self.textChanged.connect(self._on_text_changed)

    @property
    def target(self) -> QWidget:
        return self

    def put(self, value: Any) -> None:
        self.setText(value)
        self.setCursorPosition(0)

    def refill(self, value: Any) -> None:
        """Replace the text so that Ctrl+Z brings it back; what is being composed is left alone."""
        if self.composing:
            return
        self.selectAll()
        self.insert(str(value))

    def value(self) -> Any:
        return clean_line(self.text())

    def unread(self) -> str:
        return ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt override: note whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: copied files are not pasted as text."""
        if pastes_files(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self) -> None:
        self.changed.emit()


class TextEdit(QPlainTextEdit):
    """Lines of text in a box that grows with them; Tab leaves it."""

    changed = Signal()

    def __init__(self, fewest: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fewest, self._most = fewest, most
        self.composing = False
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    @property
    def target(self) -> QWidget:
        return self

    def put(self, value: Any) -> None:
        self.setPlainText(value)

    def refill(self, value: Any) -> None:
        """Replace the text so that Ctrl+Z brings it back; what is being composed is left alone."""
        if self.composing:
            return
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(str(value))

    def value(self) -> Any:
        return clean(self.toPlainText())

    def unread(self) -> str:
        return ""

    def sizeHint(self) -> QSize:
        """Qt override: as high as the text, between the fewest and the most lines."""
        lines = min(max(round(self.document().size().height()), self._fewest), self._most)
        return QSize(super().sizeHint().width(), lines * self.fontMetrics().lineSpacing() + 2 * _PADDING)

    def minimumSizeHint(self) -> QSize:
        """Qt override: narrow is fine, lower than the text is not."""
        return QSize(self.fontMetrics().averageCharWidth() * 10, self.sizeHint().height())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Qt override: note whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Ctrl+Enter is the form's, and so are copied files."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        saves = enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if saves or pastes_files(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Qt override: text only, no files."""
        return not files_of(source) and super().canInsertFromMimeData(source)

    def changeEvent(self, event: QEvent) -> None:
        """Qt override: another font has other lines."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def _on_text_changed(self) -> None:
        self.changed.emit()
