"""Texts of a yearly report that a killed program had not saved: what they would change, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from riskdesk.domain.annual import AnnualReport
from riskdesk.errors import UserError
from riskdesk.services.annual_typing import Typed
from riskdesk.ui import theme
from riskdesk.ui.widgets.annual_differences import differences_html
from riskdesk.ui.widgets.parts import button, named, told

_LETTERS, _LINES = 110, 26  # size of the dialog
_ROLE = QDialogButtonBox.ButtonRole.ActionRole


class AnnualLeftDialog(QDialog):
    """`taken` and `dropped` do the work and raise `UserError`; throwing away takes a second press of the button."""

    def __init__(
        self,
        report: AnnualReport,
        typed: Typed,
        *,
        taken: Callable[[Typed], object],
        dropped: Callable[[Typed], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("上次没有保存的文字")
        room = self.screen().availableGeometry()
        size = theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES
        self.resize(min(size[0], room.width() - 60), min(size[1], room.height() - 80))
        self._typed, self._taken, self._dropped = typed, taken, dropped
        self.changes = named(QTextBrowser(), "没有保存的文字与现在的差异")
        self.changes.setTabChangesFocus(True)
        self.changes.setHtml(_html(report, typed))
        self.trouble = told(name="err")
        self.trouble.hide()
        self.take = button("恢复(&R)", kind="primary")
        self.drop = button("丢弃(&D)", kind="danger")
        later = button("以后再说(&L)")
        buttons = QDialogButtonBox()
        for each in (self.take, self.drop):
            buttons.addButton(each, _ROLE)
        buttons.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        when = typed.at[:16].replace("T", " ")
        layout = QVBoxLayout(self)
        layout.addWidget(told(f"上次程序没有正常结束，以下文字（{when} 输入）当时还没有保存。恢复后保存为一个新版本。"))
        layout.addWidget(self.changes, 1)
        layout.addWidget(self.trouble)
        layout.addWidget(buttons)
        self.take.clicked.connect(lambda: self._settle(self._taken))
        self.drop.clicked.connect(self._on_drop_clicked)
        buttons.rejected.connect(self.reject)
        self.take.setDefault(True)
        self.take.setFocus()

    def _on_drop_clicked(self) -> None:
        if self.drop.property("asked"):
            self._settle(self._dropped)
            return
        self.drop.setProperty("asked", True)
        self.drop.setText("确认丢弃(&D)")
        named(self.drop, "确认丢弃，文字只留在操作日志中")
        self._tell("丢弃后文字只留在操作日志中。再按一次“确认丢弃”。")

    def _settle(self, done: Callable[[Typed], object]) -> None:
        try:
            done(self._typed)
        except UserError as error:
            self._tell(f"没有完成：{error}")
        else:
            self.accept()

    def _tell(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()


def _html(report: AnnualReport, typed: Typed) -> str:
    known = {each.code for each in report.sections}
    after, gone = report, []
    for code, text in typed.texts.items():
        if code in known:
            after = after.with_text(code, text)
        else:  # shown to be copied
            gone.append(f"<p><b>所在小节已经删除</b><br>{escape(text)}</p>")
    return differences_html(report, after) + "".join(gone)
