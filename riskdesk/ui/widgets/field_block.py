"""One field of a form: its title with an accelerator, the edit, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from riskdesk.domain.problems import Problem
from riskdesk.ui import theme
from riskdesk.ui.widgets.editors import Editor
from riskdesk.ui.widgets.parts import bare, told
from riskdesk.ui.widgets.problem_lines import ProblemLines
from riskdesk.ui.widgets.tick_list import TickList

_STILL_HERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class FieldBlock(QWidget):
    """Title, edit and problems; `visited` tells that the focus has been in the field and left it."""

    visited = Signal()

    def __init__(self, title: str, editor: Editor, *, required: bool = False, hint: str = "") -> None:
        super().__init__()
        self.title = bare(title)
        self.editor = editor
        self.lines = ProblemLines()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._head(title, required))
        if hint:
            layout.addWidget(told(hint))
        assert isinstance(editor, QWidget)  # noqa: S101 - editors are widgets; Python has no type for both
        layout.addWidget(editor)
        layout.addWidget(self.lines)
        for each in _inputs(editor):
            each.installEventFilter(self)

    def has(self, widget: QWidget | None) -> bool:
        """Tell whether a widget is in this field."""
        return widget is not None and self.isAncestorOf(widget)

    def go(self) -> None:
        """Put the focus into the field."""
        self.editor.target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_problems(self, still_open: Sequence[Problem], accepted: Sequence[tuple[Problem, str]]) -> None:
        """Tell what is wrong, and let the border and the screen reader say it, too."""
        self.lines.show_problems(still_open, accepted)
        target = self.editor.target
        wrong = any(each.blocking for each in still_open)
        state = (wrong, bool(still_open) and not wrong)
        has_border = isinstance(target, QLineEdit | QPlainTextEdit | QComboBox)
        if has_border and (bool(target.property("invalid")), bool(target.property("warned"))) != state:
            target.setProperty("invalid", state[0])
            target.setProperty("warned", state[1])
            theme.repolish(target)
        target.setAccessibleDescription("；".join(self.lines.texts))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt override: note when the focus goes elsewhere in the window; looking something up in another is no leaving."""
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusOut
            and event.reason() not in _STILL_HERE
        ):
            self.visited.emit()
        return super().eventFilter(watched, event)

    def _head(self, title: str, required: bool) -> QHBoxLayout:
        label = QLabel(title)
        target = self.editor.target
        label.setBuddy(target)
        if not isinstance(self.editor, TickList):
            target.setAccessibleName(f"{self.title}（必填）" if required else self.title)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(label)
        if required:
            star = QLabel("*")
            star.setObjectName("err")
            head.addWidget(star)
        head.addStretch()
        return head


def _inputs(editor: QWidget) -> list[QWidget]:
    if isinstance(editor, QLineEdit | QPlainTextEdit):
        return [editor]
    found = [each for each in editor.findChildren(QWidget) if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return found or [editor]
