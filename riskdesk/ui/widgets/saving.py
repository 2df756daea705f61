"""Asking where to read and write: the file dialogs of the system, and the writing that does not leave half a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from riskdesk.errors import UserError
from riskdesk.files import write_new

READABLE = "表格和文档 (*.xlsx *.xls *.et *.ods *.docx *.csv *.txt *.html);;所有文件 (*)"


def ask_for_files(parent: QWidget) -> list[Path]:
    """Let a person choose filled-in forms."""
    names, _ = QFileDialog.getOpenFileNames(parent, "选择要导入的报送表", "", READABLE)
    return [Path(name) for name in names]


def ask_for_packages(parent: QWidget) -> list[Path]:
    """Let a person choose packages, volumes and forms that came."""
    names, _ = QFileDialog.getOpenFileNames(parent, "选择收到的报送包、分卷或报送表", "", "所有文件 (*)")
    return [Path(name) for name in names]


def ask_for_package(parent: QWidget, title: str) -> Path | None:
    """Let a person choose one package; None if none was chosen."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "", "报送包 (*.rdpkg);;所有文件 (*)")
    return Path(name) if name else None


def ask_for_calendar(parent: QWidget) -> Path | None:
    """Let a person choose a calendar file or a text file with the notice; None if none was chosen."""
    name, _ = QFileDialog.getOpenFileName(parent, "选择日历文件或通知文本", "", "日历 (*.json *.txt);;所有文件 (*)")
    return Path(name) if name else None


def ask_for_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    """Let a person choose a folder, beginning at one; None if none was chosen."""
    begin = next((each for each in (start, *start.parents) if each.is_dir()), None) if start else None
    name = QFileDialog.getExistingDirectory(parent, title, str(begin or ""))
    return Path(name) if name else None


def save_file(parent: QWidget, name: str, kinds: str, data: bytes, told: Callable[[str], object]) -> None:
    """Let a person choose where to write a file, and write it; an existing file is never overwritten."""
    chosen, _ = QFileDialog.getSaveFileName(
        parent, "另存为", name, kinds, options=QFileDialog.Option.DontConfirmOverwrite
    )
    if not chosen:
        return
    try:
        written = write_new(Path(chosen), data)
    except UserError as error:
        box = QMessageBox(QMessageBox.Icon.Warning, "没有保存", str(error), parent=parent)
        box.open()
        return
    told(f"已保存：{written}")
