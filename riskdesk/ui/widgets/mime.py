"""Files in what is dropped or lies in the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence


def files_of(mime: QMimeData) -> list[Path]:
    """Return the files of a drop or the clipboard."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def pastes_files(event: QKeyEvent) -> bool:
    """Tell whether a key pastes files: that is for the form, not for the edit that has the focus."""
    return event.matches(QKeySequence.StandardKey.Paste) and bool(files_of(QGuiApplication.clipboard().mimeData()))
