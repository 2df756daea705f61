"""What is asked when the data folder that was used last is gone, as with a stick that is not plugged in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from riskdesk.services.desk import has_data
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.saving import ask_for_folder


class LostFolderDialog(QDialog):
    """Calls `retried()` once the data is there again, or `chosen(folder)`; a second data set is never begun by accident."""

    def __init__(
        self,
        home: Path,
        *,
        retried: Callable[[], object],
        chosen: Callable[[Path], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("找不到数据文件夹")
        self._home, self._retried, self._chosen = home, retried, chosen
        text = QLabel(f"找不到数据文件夹 {home}。请插好移动存储设备后重试。", wordWrap=True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumWidth(theme.letter(self) * 60)
        self._trouble = told(name="err")
        self.retry = button("重试(&R)", icon="refresh", kind="primary")
        self.choose = button("选择文件夹(&F)…", icon="folder")
        self.leave = button("退出(&Q)")
        self.retry.setDefault(True)
        self.retry.clicked.connect(self._on_retried)
        self.choose.clicked.connect(self._on_folder_wanted)
        self.leave.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        buttons.addButton(self.retry, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.choose, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.leave, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(told("如果数据已经移到别处，请选择它现在所在的文件夹。"))
        layout.addWidget(self._trouble)
        layout.addWidget(buttons)

    @property
    def trouble(self) -> str:
        """What is said because the folder is still gone."""
        return self._trouble.text()

    def _on_retried(self) -> None:
        if not has_data(self._home):
            self._trouble.setText("还是找不到。请确认存储设备已经插好，并且能在文件管理器中打开。")
            return
        self.accept()
        self._retried()

    def _on_folder_wanted(self) -> None:
        folder = ask_for_folder(self, "选择数据文件夹")
        if folder is None:
            return
        inside = folder / self._home.name
        self.accept()
        self._chosen(inside if not has_data(folder) and has_data(inside) else folder)
