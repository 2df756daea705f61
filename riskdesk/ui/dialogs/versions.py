"""Versions of something: who and when, any two compared in words, and the way back to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from riskdesk.errors import UserError
from riskdesk.ui import theme
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import button, named, told

_HEADINGS = ("版本", "时间", "填报人", "改动")
_WIDTHS = (8, 22, 14, 0)
_LETTERS, _LINES = 124, 32  # size of the dialog


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the list: when (ISO 8601) and by whom, and what it changed."""

    at: str
    author: str
    told: str

    @property
    def when(self) -> str:
        """The time for people."""
        return self.at[:16].replace("T", " ")


class VersionsDialog(QDialog):
    """Newest first; the chosen version is compared with the one before, or with any other.

    `compare(older, newer)` returns HTML, `restore(chosen)` saves an earlier version again or raises `UserError`, and
    returns what is to follow once the dialog is closed; both get places in `versions`. Where nothing may be restored it is None.
    """

    def __init__(
        self,
        title: str,
        versions: Sequence[Version],
        compare: Callable[[int, int], str],
        restore: Callable[[int], Callable[[], object]] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        room = self.screen().availableGeometry()
        size = theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES
        self.resize(min(size[0], room.width() - 60), min(size[1], room.height() - 80))
        self._versions, self._compare, self._restore = versions, compare, restore
        self.table = ChipTable(title, _HEADINGS, _WIDTHS, -1)
        self.other = named(QComboBox(), "与哪个版本比较")
        self.changes = named(QTextBrowser(), "两个版本的差异")
        self.changes.setOpenLinks(False)
        self.changes.setTabChangesFocus(True)
        self.trouble = told(name="err")
        self.trouble.hide()
        self.restore = button("恢复这一版(&R)", kind="primary", icon="history")
        self._fill()
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.other.currentIndexChanged.connect(self._show_changes)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.table.choose(0)
        self.table.setFocus()

    def _fill(self) -> None:
        for row, each in enumerate(self._versions):
            number = len(self._versions) - row
            self.table.add_row((str(number), each.when, each.author, each.told), "")
            self.other.addItem(f"版本 {number}　{each.when}　{each.author}")

    def _lay_out(self) -> None:
        label = QLabel("与它比较(&C)")
        label.setBuddy(self.other)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.other)
        line.addStretch(1)
        below = QWidget()
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(line)
        inside.addWidget(self.changes, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        if self._restore is not None:
            buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.trouble)
        layout.addWidget(buttons)

    def _on_selection_changed(self) -> None:
        row = self.table.currentRow()
        is_now = row == 0
        self.restore.setEnabled(not is_now)
        self.restore.setToolTip("这就是现在的内容" if is_now else "")
        before = min(row + 1, len(self._versions) - 1)
        if self.other.currentIndex() == before:
            self._show_changes()
        else:
            self.other.setCurrentIndex(before)

    def _show_changes(self) -> None:
        chosen, other = self.table.currentRow(), self.other.currentIndex()
        if chosen == other:
            only = len(self._versions) == 1
            self.changes.setHtml("<p>只有一个版本。</p>" if only else "<p>请选择另一个版本来比较。</p>")
            return
        newer, older = sorted((chosen, other))  # whichever is chosen: what came later is shown as the change
        self.changes.setHtml(self._compare(older, newer))

    def _on_restore_clicked(self) -> None:
        if self._restore is None:
            return
        try:
            follow = self._restore(self.table.currentRow())
        except UserError as error:
            self.trouble.setText(f"没有恢复：{error}")
            self.trouble.show()
            return
        self.accept()
        follow()
