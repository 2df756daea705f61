"""Where files that go to others are written: a USB stick if one is plugged in, else a folder of the documents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from riskdesk.errors import InputError
from riskdesk.ui.widgets.drives import removable_drives
from riskdesk.ui.widgets.last_folder import LastFolder
from riskdesk.ui.widgets.parts import button, named
from riskdesk.ui.widgets.saving import ask_for_folder

_BELOW = "风险信息报送"


class TargetFolder(QWidget):
    """A line with the folder – the `last` one or the usual one – and a button to choose another, with the accelerator `letter`."""

    def __init__(self, last: LastFolder, letter: str = "B", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = last
        self.line = named(QLineEdit(str(last.path or _usual())), "写到文件夹")
        change = button(f"选择(&{letter})…", icon="folder", name="选择文件夹")
        change.clicked.connect(self._on_change)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(change)

    def folder(self) -> Path:
        """Return the folder, the last one from now on; raise `InputError` if none is given in full."""
        folder = Path(self.line.text().strip()).expanduser()
        if not folder.is_absolute():
            raise InputError("请填写文件夹的完整路径，或点“选择”。")
        return self._last.use(folder)

    def _on_change(self) -> None:
        typed = self.line.text().strip()
        folder = ask_for_folder(self, "选择 U 盘或文件夹", Path(typed) if typed else None)
        if folder is not None:
            self.line.setText(str(folder))


def _usual() -> Path:
    drives = removable_drives()
    if drives:
        return drives[0] / _BELOW
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) / _BELOW
