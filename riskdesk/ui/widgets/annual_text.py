"""What people write under a heading of the yearly report: the notice's hint above, an editor with undo for each section, a count."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextDocumentLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.annual import PARTS, Section
from riskdesk.ui.widgets.mime import files_of
from riskdesk.ui.widgets.parts import button, named, styled, told

_NO_HINT = "通知对这一节没有另外的要求。"


class _Editor(QPlainTextEdit):
    """Plain text; Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Qt override: text only, no files."""
        return not files_of(source) and super().canInsertFromMimeData(source)

    def changeEvent(self, event: QEvent) -> None:
        """Qt override: a document that was made before has another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.document().setDefaultFont(self.font())


class AnnualText(QWidget):
    """Shows one section at a time; emits `typed(code, text)`. What was undone and can be redone stays with its section."""

    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._documents: dict[str, QTextDocument] = {}
        self.title = styled(told(), "h2")
        self.hint = told()
        self.editor = named(_Editor(), "正文")
        self.count = told()
        self.state = told()
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.undo = button("撤销", icon="undo", kind="quiet")
        self.redo = button("重做", icon="redo", kind="quiet")
        self._lay_out()
        self.editor.textChanged.connect(self._on_text_changed)
        self.undo.clicked.connect(self.editor.undo)
        self.redo.clicked.connect(self.editor.redo)
        self.editor.undoAvailable.connect(lambda can: _offer(self.undo, can, "没有可以撤销的输入"))
        self.editor.redoAvailable.connect(lambda can: _offer(self.redo, can, "没有可以重做的输入"))

    @property
    def code(self) -> str:
        """The section that is shown, "" for none."""
        return self._code

    def clear(self) -> None:
        """Another report is shown: what was typed into the last one cannot be undone here."""
        self._code, gone = "", list(self._documents.values())
        self._documents = {}
        self.editor.setDocument(self._made())
        for each in gone:
            each.deleteLater()

    def show_section(self, section: Section, title: str) -> None:
        """Show a section; its title is numbered."""
        self._code = section.code
        self.title.setText(title)
        self.hint.setText(hint_of(section.code))
        named(self.editor, f"正文：{title}")
        if section.code not in self._documents:
            self._documents[section.code] = self._made()
        document = self._documents[section.code]
        if text_of(document) != section.text:
            document.setPlainText(section.text)
        document.setDefaultFont(self.editor.font())
        if self.editor.document() is not document:
            self.editor.blockSignals(True)
            self.editor.setDocument(document)
            self.editor.blockSignals(False)
        _offer(self.undo, document.isUndoAvailable(), "没有可以撤销的输入")
        _offer(self.redo, document.isRedoAvailable(), "没有可以重做的输入")
        self._tell_count()

    def text(self) -> str:
        """Return what stands in the editor, to the character."""
        return text_of(self.editor.document())

    def _lay_out(self) -> None:
        hint = styled(QFrame(), "card")
        inside = QVBoxLayout(hint)
        inside.setContentsMargins(10, 6, 10, 8)
        inside.setSpacing(2)
        inside.addWidget(QLabel("通知的要求"))
        inside.addWidget(self.hint)
        label = QLabel("正文(&T)")
        label.setBuddy(self.editor)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self.undo)
        head.addWidget(self.redo)
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addWidget(self.state, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(hint)
        layout.addLayout(head)
        layout.addWidget(self.editor, 1)
        layout.addLayout(foot)

    def _made(self) -> QTextDocument:
        document = QTextDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        return document

    def _on_text_changed(self) -> None:
        if self._code:
            self._tell_count()
            self.typed.emit(self._code, self.text())

    def _tell_count(self) -> None:
        count = sum(not each.isspace() for each in self.text())
        self.count.setText(f"{count} 字" if count else "还没有文字")


def hint_of(code: str) -> str:
    """Return what the notice says about a section: under its heading, and about its whole part."""
    number = int(code.split(".", maxsplit=1)[0])
    part = next(each for each in PARTS if each.number == number)
    own = next((each.hint for each in part.headings if each.code == code), "")
    whole = f"（本部分）{part.hint}" if part.hint else ""
    return "\n".join(each for each in (own, whole) if each) or _NO_HINT


def text_of(document: QTextDocument) -> str:
    """Return the text of a document to the character; Qt's plain text would turn spaces that do not break into others."""
    return document.toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


def _offer(wanted: QWidget, can: bool, why_not: str) -> None:
    wanted.setEnabled(can)
    wanted.setToolTip("" if can else why_not)
