"""The title of a section that is added to the yearly report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from riskdesk.errors import UserError
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.text_edits import LineEdit

_LETTERS = 60


class AnnualSectionDialog(QDialog):
    """`given` adds the section and raises `UserError` if it cannot; the dialog stays then."""

    def __init__(self, part: str, given: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("增加小节")
        self._given = given
        self.title = named(LineEdit("必填"), "小节标题")
        label = QLabel("小节标题(&T)")
        label.setBuddy(self.title)
        self.trouble = told(name="err")
        self.trouble.hide()
        where = told(f"加在“{part}”的最后，编号自动接上。")
        where.setMinimumWidth(theme.letter(self) * _LETTERS)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for each in (where, label, self.title, self.trouble, buttons):
            layout.addWidget(each)
        self.title.setFocus()

    def accept(self) -> None:
        """Add the section, and close if that succeeded."""
        try:
            self._given(str(self.title.value()))
        except UserError as error:
            self.trouble.setText(str(error))
            self.trouble.show()
            self.title.setFocus()
        else:
            super().accept()
