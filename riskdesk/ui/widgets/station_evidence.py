"""证明材料 of an indicator: each that is required with its files, added by a button or dropped onto it, and others besides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from riskdesk.domain.assessment import Evidence
from riskdesk.ui.widgets.attachment_list import size_text
from riskdesk.ui.widgets.mime import files_of
from riskdesk.ui.widgets.parts import button, chip, empty, retone, styled

OTHER = "其他材料"
LOST = "缺失"
_WHY_LOST = "文件已不在数据文件夹中、不完整，或者是空文件。请移除后重新添加，或从备份找回。"
_BY_PROGRAM = "由系统生成"


class EvidenceSlot(QWidget):
    """One required paper, `of` "" for others; `added(paths)`, `removed(evidence)` and `looked_at(evidence)` say what is wanted."""

    added = Signal(object)
    removed = Signal(object)
    looked_at = Signal(object)

    def __init__(self, of: str, *, may_change: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of, self._may_change = of, may_change
        self.setAcceptDrops(may_change)
        title = QLabel(of or OTHER, wordWrap=True)
        self._state = chip("", "grey")
        self.add = button("添加…", kind="quiet", icon="attach", name=f"添加“{of or OTHER}”的文件")
        self.add.setToolTip("也可以把文件拖到这里")
        self.add.setVisible(may_change)
        line = QHBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(self._state, alignment=Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.add)
        self._files = QVBoxLayout()
        self._files.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addLayout(self._files)
        self.add.clicked.connect(self._on_add)

    def show_files(self, files: Sequence[Evidence], lost: Collection[Evidence]) -> None:
        """Show the files; those `lost` are not there any more, or empty."""
        empty(self._files)
        for each in files:
            self._files.addWidget(self._line(each, is_lost=each in lost))
        is_lost = any(each in lost for each in files)
        self._state.setVisible(bool(self._of) or is_lost)
        retone(self._state, *self._word(bool(files), is_lost=is_lost))

    def _word(self, has_files: bool, *, is_lost: bool) -> tuple[str, str]:
        if is_lost:
            return LOST, "red"
        if has_files:
            return "已附", "green"
        return ("可不附", "grey") if _BY_PROGRAM in self._of else ("缺", "amber")

    def choose_files(self) -> list[Path]:
        """Ask for files in the system's dialog."""
        return [Path(name) for name in QFileDialog.getOpenFileNames(self, f"添加“{self._of or OTHER}”")[0]]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.added.emit(files_of(event.mimeData()))

    def _line(self, each: Evidence, *, is_lost: bool) -> QWidget:
        name = each.attachment.name
        look = button(f"{name}　{size_text(each.attachment.size)}".replace("&", "&&"), kind="quiet", icon="document")
        look.setAccessibleName(f"查看 {name}")
        look.setToolTip(name)
        look.clicked.connect(lambda: self.looked_at.emit(each))
        line = styled(QWidget(), "page")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(look)
        if is_lost:
            mark = chip(LOST, "red")
            mark.setToolTip(_WHY_LOST)
            look.setAccessibleDescription(_WHY_LOST)
            layout.addWidget(mark)
        layout.addStretch(1)
        if self._may_change:
            remove = button("移除", kind="quiet", name=f"移除 {name}")
            remove.clicked.connect(lambda: self._ask_to_remove(each))
            layout.addWidget(remove)
        return line

    def _ask_to_remove(self, each: Evidence) -> None:
        text = f"移除“{each.attachment.name}”？文件仍留在本机，可以在“历次修改”中恢复。"
        yes, cancel = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel
        box = QMessageBox(QMessageBox.Icon.Question, "移除证明材料", text, yes | cancel, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.button(yes).setText("移除(&R)")
        box.setDefaultButton(cancel)
        box.button(yes).clicked.connect(lambda: self._remove(each))
        box.open()

    def _remove(self, each: Evidence) -> None:
        self.add.setFocus()  # the button that was pressed is about to go
        self.removed.emit(each)

    def _on_add(self) -> None:
        if paths := self.choose_files():
            self.added.emit(paths)


class EvidenceBox(QWidget):
    """All slots of an indicator: `added(paths, of)`, `removed(evidence)`, `looked_at(attachment)`."""

    added = Signal(object, str)
    removed = Signal(object)
    looked_at = Signal(object)

    def __init__(self, required: Sequence[str], *, may_change: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slots = {of: EvidenceSlot(of, may_change=may_change) for of in (*required, "")}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for of, slot in self.slots.items():
            layout.addWidget(slot)
            slot.added.connect(lambda paths, of=of: self.added.emit(paths, of))
            slot.removed.connect(self.removed)
            slot.looked_at.connect(lambda each: self.looked_at.emit(each.attachment))

    def show_files(self, files: Sequence[Evidence], lost: Collection[Evidence] = ()) -> None:
        """Show the files where they belong; those of a paper that is not required any more are others."""
        for of, slot in self.slots.items():
            slot.show_files([each for each in files if (each.of if each.of in self.slots else "") == of], lost)
