"""Scans of the stamped paper that go into a package: dropped or chosen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from riskdesk.ui.widgets.parts import button, named

_KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")
_LINES = 3


class ScanList(QWidget):
    """Files of pictures and PDFs; Delete takes one out. `changed` says that there are others."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._paths: list[Path] = []
        self.names = named(QListWidget(), "盖章件扫描（可拖入）")
        self.names.setMaximumHeight(self.fontMetrics().height() * 2 * _LINES)
        adding = button("添加(&A)…", icon="attach", name="添加盖章件扫描")
        adding.clicked.connect(self._on_add)
        self._removing = button("移除(&X)", icon="delete", name="移除选中的扫描件")
        self._removing.clicked.connect(self._on_remove)
        buttons = QVBoxLayout()
        buttons.addWidget(adding)
        buttons.addWidget(self._removing)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.names, 1)
        layout.addLayout(buttons)
        self._show()

    def paths(self) -> tuple[Path, ...]:
        """Return the files, in order."""
        return tuple(self._paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Add files that are pictures or PDFs."""
        for path in paths:
            if path.suffix.lower() in _KINDS and path not in self._paths:
                self._paths.append(path)
        self._show()

    def ask(self) -> list[Path]:
        """Let a person choose files."""
        kinds = " ".join(f"*{each}" for each in _KINDS)
        names, _ = QFileDialog.getOpenFileNames(self, "选择盖章件扫描", "", f"图片和 PDF ({kinds})")
        return [Path(name) for name in names]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._on_remove()
            return
        super().keyPressEvent(event)

    def _on_add(self) -> None:
        self.add(self.ask())

    def _on_remove(self) -> None:
        if (row := self.names.currentRow()) >= 0:
            del self._paths[row]
            self._show()

    def _show(self) -> None:
        self.names.clear()
        self.names.addItems([path.name for path in self._paths])
        if self._paths:
            self.names.setCurrentRow(len(self._paths) - 1)
        self._removing.setEnabled(bool(self._paths))
        self._removing.setToolTip("" if self._paths else "还没有扫描件")
        self.changed.emit()
