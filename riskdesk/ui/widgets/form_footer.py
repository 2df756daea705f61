"""The foot of the form: what went wrong and what can be done about it, a line for a reason, and the buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.parts import bare, button, empty, told
from riskdesk.ui.widgets.text_edits import LineEdit


class FormFooter(QWidget):
    """Shows messages above the buttons; nothing of it is modal, so the text in the form stays within reach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.save_and_next = button("保存并填下一条(&S)", kind="primary", icon="save", name="保存并填下一条")
        self.save_and_next.setToolTip("Ctrl+Enter")
        self.save = button("保存")
        self.save.setToolTip("Ctrl+S")
        self.draft = button("存为草稿(&D)")
        self.others = button("更多操作(&H)")
        self.menu = QMenu(self)
        self.history = self.menu.addAction("历史版本(&H)…")
        self.discard = self.menu.addAction("放弃修改(&X)…")
        self.withdraw = self.menu.addAction("作废(&Z)…")
        self.others.setMenu(self.menu)
        self.reason = ReasonLine()
        self._banner = told("", "err")
        self._message = told("", "err")
        self._actions = QWidget()
        self._flow = FlowLayout(self._actions)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for each in (self.save_and_next, self.save, self.draft, self.others):
            flow.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        for part in (self._banner, self._message, self._actions, self.reason, buttons):
            layout.addWidget(part)
        self.clear()
        self.show_banner("")

    @property
    def message(self) -> str:
        """What is told now about saving."""
        return self._message.text()

    @property
    def banner(self) -> str:
        """What is told now about the autosave."""
        return self._banner.text()

    def tell(self, message: str, actions: Mapping[str, Callable[[], object]]) -> None:
        """Tell what went wrong, with buttons for what can be done."""
        self.clear()
        self._message.setText(message)
        self._message.show()
        for text, action in actions.items():
            made = button(text, kind="quiet")
            made.clicked.connect(lambda _=False, action=action: action())
            self._flow.addWidget(made)
        self._actions.setVisible(bool(actions))

    def clear(self) -> None:
        """Tell nothing and ask nothing."""
        self._message.setText("")
        self._message.hide()
        empty(self._flow)
        self._actions.hide()
        self.reason.hide()

    def show_banner(self, text: str) -> None:
        """Show what is wrong with the autosave, "" for nothing."""
        self._banner.setText(text)
        self._banner.setVisible(bool(text))


class ReasonLine(QWidget):
    """Asks for a reason in the form itself: why something sealed is corrected, or a record is put into the bin.

    Signals: `given(reason)`; `cancelled()` – the button was pressed that takes back what the reason is for (Esc closes the row).
    """

    given = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self.edit = LineEdit("必填")
        self._label.setBuddy(self.edit)
        self.confirm = button("确定(&O)", kind="primary")
        self.cancel = button("取消(&X)")
        line = QHBoxLayout()
        line.addWidget(self.edit, 1)
        line.addWidget(self.confirm)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addLayout(line)
        self._label.setWordWrap(True)
        self.edit.changed.connect(self._on_edit_changed)
        self.edit.returnPressed.connect(self._on_confirmed)
        self.confirm.clicked.connect(self._on_confirmed)
        self.cancel.clicked.connect(self._on_cancelled)

    def ask(self, question: str, confirm: str, cancel: str = "取消") -> None:
        """Appear with a question and what its two buttons do; `given` tells the answer."""
        self._label.setText(f"{question}(&W)")
        self.edit.setAccessibleName(bare(question))
        self.confirm.setText(f"{confirm}(&O)")
        self.confirm.setAccessibleName(confirm)
        self.cancel.setText(f"{cancel}(&X)")
        self.cancel.setAccessibleName(cancel)
        self.edit.clear()
        self._on_edit_changed()
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Esc takes the question back, and nothing that was typed in the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_edit_changed(self) -> None:
        given = bool(self.edit.value())
        self.confirm.setEnabled(given)
        self.confirm.setToolTip("" if given else "请先填写原因")

    def _on_confirmed(self) -> None:
        if self.edit.value():
            self.hide()
            self.given.emit(self.edit.value())

    def _on_cancelled(self) -> None:
        self.hide()
        self.cancelled.emit()
