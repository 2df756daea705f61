"""The versions of a yearly report: who and when, any two compared section by section, and the way back to one."""

from __future__ import annotations

from collections.abc import Callable

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
from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.widgets.annual_differences import changes_told, differences_html
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import button, named, told

_HEADINGS = ("版本", "时间", "填报人", "改动")
_WIDTHS = (8, 22, 14, 0)
_LETTERS, _LINES = 124, 32  # size of the dialog


class AnnualHistoryDialog(QDialog):
    """Newest first; the chosen version is compared with the one before, or with any other."""

    def __init__(
        self, desk: Desk, kept: Kept, restored: Callable[[Kept], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("历史版本")
        room = self.screen().availableGeometry()
        size = theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES
        self.resize(min(size[0], room.width() - 60), min(size[1], room.height() - 80))
        self._desk, self._kept, self._restored = desk, kept, restored
        self._versions = annual.versions(desk, kept)[::-1]
        self.table = ChipTable("历史版本", _HEADINGS, _WIDTHS, -1)
        self.other = named(QComboBox(), "与哪个版本比较")
        self.changes = named(QTextBrowser(), "两个版本的差异")
        self.changes.setOpenLinks(False)
        self.changes.setTabChangesFocus(True)
        self.trouble = told(name="err")
        self.trouble.hide()
        self.restore = button("恢复此版本(&R)", kind="primary", icon="history")
        self._fill()
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.other.currentIndexChanged.connect(self._compare)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.table.choose(0)
        self.table.setFocus()

    def _fill(self) -> None:
        for row, each in enumerate(self._versions):
            number, when = len(self._versions) - row, _when(each)
            before = self._versions[row + 1] if row + 1 < len(self._versions) else None
            told_of = changes_told(before.report, each.report) if before else "新建"
            self.table.add_row((str(number), when, each.author, told_of), "")
            self.other.addItem(f"版本 {number}　{when}　{each.author}")

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
            self._compare()
        else:
            self.other.setCurrentIndex(before)

    def _compare(self) -> None:
        chosen, other = self.table.currentRow(), self.other.currentIndex()
        if chosen == other:
            self.changes.setHtml(
                "<p>请选择另一个版本来比较。</p>" if len(self._versions) > 1 else "<p>只有一个版本。</p>"
            )
            return
        newer, older = sorted((chosen, other))  # whichever is chosen: what came later is shown as the change
        before, after = self._versions[older].report, self._versions[newer].report
        self.changes.setHtml(differences_html(before, after))

    def _on_restore_clicked(self) -> None:
        chosen = self._versions[self.table.currentRow()]
        try:
            version = annual.save(self._desk, self._kept, chosen.report)
        except UserError as error:
            self.trouble.setText(f"没有恢复：{error}")
            self.trouble.show()
            return
        self.accept()
        self._restored(version)


def _when(version: Kept) -> str:
    return version.at[:16].replace("T", " ")
