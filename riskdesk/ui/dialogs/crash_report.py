"""What a person is told after a bug: that their typing is safe, what to do, and the details to copy for support."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from riskdesk import __version__
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, named


class CrashReportDialog(QDialog):
    """One bug, in words first; the details are folded away and can be copied."""

    def __init__(self, details: str, logs: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("程序内部出错")
        self._text = f"riskdesk {__version__}\n{details}"
        told = QLabel(
            "程序内部出错，刚才的一步可能没有完成。您正在填写的内容已经保存在自动保存文件中，不会丢失。\n\n"
            "您可以继续使用；如果同样的问题再次出现，请点“复制详细信息”，粘贴到邮件中发给技术支持。\n"
            f"日志文件夹：{logs}",
            wordWrap=True,
        )
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        told.setMinimumWidth(theme.letter(self) * 70)
        self.details = named(QPlainTextEdit(self._text, readOnly=True), "详细信息")
        self.details.setTabChangesFocus(True)
        self.details.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        more = button("显示详细信息(&D)")
        more.setCheckable(True)
        more.toggled.connect(self.details.setVisible)
        copy = button("复制详细信息(&C)")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        buttons.addButton(more, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.details)
        layout.addWidget(buttons)
