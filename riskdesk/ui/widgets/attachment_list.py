"""附件 of a record: files dropped, pasted or chosen; looked at, copied out, and taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.domain.records import Attachment
from riskdesk.errors import UserError
from riskdesk.services import attaching
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.widgets.mime import files_of, pastes_files
from riskdesk.ui.widgets.parts import button, told

_UNITS = ("字节", "KB", "MB", "GB")
_KILO = 1024
_ROWS_SHOWN = 4
_HOW = "拖放文件到表单，或按 Ctrl+V 粘贴复制的文件"


class AttachmentList(QWidget):
    """Files are taken in by a job of their own; what they are to be part of is saved later, with the record."""

    changed = Signal()
    preview_wanted = Signal(object)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._jobs = desk, jobs
        self._attachments: tuple[Attachment, ...] = ()
        self._pending = 0
        self._round = 0
        self._last = ""  # the name of the file that was taken in last
        self.list = _FileList()
        self.list.setFixedHeight(_ROWS_SHOWN * self.fontMetrics().height() * 2)
        self._told = told(_HOW)
        self._error = told("", "err")
        self._error.hide()
        self.add = button("添加附件(&T)…", kind="quiet", icon="attach")
        self.look = button("查看", kind="quiet", name="查看所选附件")
        self.copy = button("另存为…", kind="quiet", name="另存所选附件")
        self.remove = button("移除", kind="quiet", name="移除所选附件")
        buttons = QHBoxLayout()
        for each in (self.add, self.look, self.copy, self.remove):
            buttons.addWidget(each)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._told, self.list, self._error):
            layout.addWidget(part)
        layout.addLayout(buttons)
        self.add.clicked.connect(self._on_add_clicked)
        self.look.clicked.connect(self._on_look_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.list.itemActivated.connect(self._on_look_clicked)
        self.list.remove_wanted.connect(self._on_remove_clicked)
        self._show()

    @property
    def target(self) -> QWidget:
        return self.list if self._attachments else self.add

    @property
    def last(self) -> str:
        """The name of the file that was added last since the record was opened, "" if none was."""
        return self._last if self._attachments else ""

    @property
    def error(self) -> str:
        """What went wrong last."""
        return self._error.text()

    def put(self, value: Any) -> None:
        self._last = ""
        self._round += 1  # files that are still being taken in belong to the record before
        self._pending = 0
        self._attachments = tuple(value)
        self._error.hide()
        self._show()

    def refill(self, value: Any) -> None:
        self._attachments = tuple(value)
        self._show()
        self.changed.emit()

    def value(self) -> tuple[Attachment, ...]:
        return self._attachments

    def unread(self) -> str:
        return f"还有 {self._pending} 个附件正在添加，请稍候再保存" if self._pending else ""

    def take(self, paths: Sequence[Path]) -> None:
        """Take files in, one job each; a folder is refused by name."""
        self._error.hide()
        for path in paths:
            self._take(path)

    def take_clipboard(self) -> None:
        """Take in the files that were copied in a file manager."""
        self.take(files_of(QGuiApplication.clipboard().mimeData()))

    def choose_files(self) -> list[Path]:
        """Ask for files in the system's dialog."""
        return [Path(name) for name in QFileDialog.getOpenFileNames(self, "添加附件")[0]]

    def choose_target(self, name: str) -> Path | None:
        """Ask in the system's dialog where a copy is to lie."""
        chosen, _ = QFileDialog.getSaveFileName(self, "另存附件", name)
        return Path(chosen) if chosen else None

    def _take(self, path: Path) -> None:
        home, reference, this_round = self._desk.home, self._desk.reference, self._round

        def work(_progress: Progress) -> Attachment:
            with Desk(home, reference) as desk:
                return attaching.attach(desk, path)

        self._pending += 1
        self._show()
        self._jobs.start(
            Job(
                work,
                lambda attachment: self._on_taken(this_round, attachment),
                lambda error: self._on_refused(this_round, error),
            )
        )

    def _on_taken(self, of_round: int, attachment: Attachment) -> None:
        if of_round != self._round:
            return
        self._pending -= 1
        if all(each.sha256 != attachment.sha256 for each in self._attachments):
            self._attachments = (*self._attachments, attachment)
        self._last = attachment.name
        self._show()
        self.list.setCurrentRow([each.sha256 for each in self._attachments].index(attachment.sha256))
        self.list.scrollToItem(self.list.currentItem())
        self.changed.emit()

    def _on_refused(self, of_round: int, error: Exception) -> None:
        if of_round != self._round:
            return
        self._pending -= 1
        self._show()
        if isinstance(error, UserError):  # others are bugs, which the crash hook tells
            self._tell(f"没有添加：{error}")
        self.changed.emit()

    def _how_many(self) -> str:
        count = f"共 {len(self._attachments)} 个附件" if self._attachments else ""
        last = f"，刚添加：{self.last}" if self.last else ""
        pending = f"正在添加 {self._pending} 个附件…" if self._pending else ""
        return "　".join(part for part in (f"{count}{last}", pending) if part) or _HOW

    def _tell(self, text: str) -> None:
        self._error.setText(text)
        self._error.show()

    def _chosen(self) -> Attachment | None:
        row = max(self.list.currentRow(), 0)
        return self._attachments[row] if row < len(self._attachments) else None

    def _show(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for each in self._attachments:
            item = QListWidgetItem(f"{each.name}   {size_text(each.size)}")
            item.setToolTip(each.name)
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(row, 0), len(self._attachments) - 1))
        self.list.setVisible(bool(self._attachments))
        self._told.setText(self._how_many())
        self._told.setObjectName("text" if self._attachments else "muted")
        theme.repolish(self._told)
        for each_button in (self.look, self.copy, self.remove):
            each_button.setVisible(bool(self._attachments))

    def _on_add_clicked(self) -> None:
        self.take(self.choose_files())

    def _on_look_clicked(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.preview_wanted.emit(chosen)

    def _on_copy_clicked(self) -> None:
        chosen = self._chosen()
        target = self.choose_target(chosen.name) if chosen is not None else None
        if chosen is None or target is None:
            return
        try:
            lies = attaching.save_copy(self._desk, chosen, target)
        except UserError as error:
            self._tell(str(error))
        else:
            self._error.hide()
            self._told.setText(f"已另存为 {lies}")

    def _on_remove_clicked(self) -> None:
        chosen = self._chosen()
        self._attachments = tuple(each for each in self._attachments if each is not chosen)
        self._show()
        self.changed.emit()


class _FileList(QListWidget):
    remove_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("附件列表")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: Delete takes a file off; files are pasted into the form as a whole."""
        if event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif pastes_files(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def size_text(size: int) -> str:
    """Return a number of bytes as people say it."""
    value, unit = float(size), 0
    while value >= _KILO and unit < len(_UNITS) - 1:
        value, unit = value / _KILO, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{size} {_UNITS[0]}"
