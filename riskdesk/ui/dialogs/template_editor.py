"""修改指标: the province edits the indicators in the window; saving puts them in force as the next version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QDialogButtonBox, QMessageBox, QPushButton, QVBoxLayout, QWidget

from riskdesk.domain.station_template import Template
from riskdesk.errors import UserError
from riskdesk.services import assessing
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import bare, button, told
from riskdesk.ui.widgets.template_editing import TemplateEditing
from riskdesk.ui.widgets.template_fields import allow

_LETTERS, _LINES = 172, 44  # size of the dialog
_UNSAVED = "对指标模板的修改还没有保存。"


class TemplateEditor(QDialog):
    """Calls `saved(template)` once the template is in force; asks before what was changed is given up."""

    def __init__(self, desk: Desk, saved: Callable[[Template], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._saved = desk, saved
        data = assessing.template_data(desk)
        self.setWindowTitle(f"修改指标模板（现行第 {data['version']} 版）")
        self.editing = TemplateEditing(data)
        self.save = button(f"保存为第 {data['version'] + 1} 版并生效(&S)", kind="primary", icon="save")
        self._trouble = told(name="err")
        self._trouble.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self.editing, 1)
        layout.addWidget(self._trouble)
        layout.addWidget(buttons)
        letter, room = theme.letter(self), self.screen().availableGeometry()
        self.resize(
            min(letter * _LETTERS, room.width() - 40), min(self.fontMetrics().height() * _LINES, room.height() - 60)
        )
        self.editing.changed.connect(self._offer)
        self.save.clicked.connect(self.accept)
        self._offer()
        self.editing.tree.setFocus()

    def accept(self) -> None:
        """Put the template in force, and close if that succeeded."""
        if not self.save.isEnabled():
            return
        try:
            made = assessing.revise_template(self._desk, self.editing.data)
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            self._trouble.show()
            return
        super().accept()
        self._saved(made)

    def reject(self) -> None:
        """Close, after asking if something was changed."""
        if not self.editing.is_changed():
            super().reject()
            return
        follow = {"放弃修改(&X)": self._give_up, "继续修改(&E)": self.editing.tree.setFocus}
        if self.save.isEnabled():
            follow = {"保存并生效(&S)": self.accept, **follow}
        found = self.editing.problem
        text = f"{_UNSAVED}\n现在还不能保存：{found.text}" if found else _UNSAVED
        UnsavedQuestion(text, follow, self).open()

    def _give_up(self) -> None:
        super().reject()

    def _offer(self) -> None:
        found = self.editing.problem
        can = found is None and self.editing.is_changed()
        allow(self.save, can, found.text if found else "还没有修改")


class UnsavedQuestion(QMessageBox):
    """Asks what becomes of the changes; `follow` are the answers with what they do, the last one is that of Esc and Enter."""

    def __init__(self, text: str, follow: Mapping[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(QMessageBox.Icon.Question, "修改没有保存", text, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.answers: dict[str, QPushButton] = {}
        self._follow: dict[QAbstractButton, Callable[[], object]] = {}
        for text, step in follow.items():
            made = self.addButton(text, QMessageBox.ButtonRole.ActionRole)
            made.setAccessibleName(bare(text))
            self.answers[bare(text)] = made
            self._follow[made] = step
        self.setDefaultButton(made)
        self.setEscapeButton(made)
        self.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        follow = self._follow.get(self.clickedButton())
        if follow is not None:
            follow()
