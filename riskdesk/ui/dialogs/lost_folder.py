"""What is asked when a data folder is gone, as with a stick that is not plugged in: which one, and who named it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from riskdesk.paths import Origin
from riskdesk.services.desk import has_data
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.saving import ask_for_folder

_ORIGINS = {
    Origin.GIVEN: "由快捷方式或启动命令指定",
    Origin.VARIABLE: "由环境变量 RISKDESK_HOME 指定",
    Origin.CHOSEN: "您以前选择的位置",
    Origin.PORTABLE: "在便携版程序旁边",
}


class LostFolderDialog(QDialog):
    """Calls `retried()` once the data is there again, `chosen(folder)` or `begun()`: no second data set by accident."""

    def __init__(
        self,
        home: Path,
        origin: Origin,
        *,
        retried: Callable[[], object],
        chosen: Callable[[Path], object],
        begun: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("找不到数据文件夹")
        self._home, self._retried, self._chosen, self._begun = home, retried, chosen, begun
        text = QLabel(f"找不到数据文件夹 {home}（{_ORIGINS[origin]}）。", wordWrap=True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumWidth(theme.letter(self) * 60)
        self._trouble = told(name="err")
        self.retry = button("重试(&R)", icon="refresh", kind="primary")
        self.choose = button("选择其他文件夹(&F)…", icon="folder")
        self.begin = button("新建(&N)…", icon="add")
        self.leave = button("退出(&Q)")
        self.retry.setDefault(True)
        self.retry.clicked.connect(self._on_retried)
        self.choose.clicked.connect(self._on_folder_wanted)
        self.begin.clicked.connect(self._on_new_wanted)
        self.leave.clicked.connect(self.reject)
        buttons = QDialogButtonBox()
        for each in (self.retry, self.choose, self.begin):
            buttons.addButton(each, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.leave, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(
            told(
                "如果它在移动存储设备上，请插好后重试。如果数据已经移到别处，请选择它现在所在的文件夹。"
                "只有从来没有录入过数据时，才需要新建。"
            )
        )
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

    def _on_new_wanted(self) -> None:
        self.accept()
        self._begun()

    def _on_folder_wanted(self) -> None:
        folder = ask_for_folder(self, "选择数据文件夹")
        if folder is None:
            return
        inside = folder / self._home.name
        self.accept()
        self._chosen(inside if not has_data(folder) and has_data(inside) else folder)
