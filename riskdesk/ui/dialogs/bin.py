"""回收站: the records that were put away, newest first; each can be taken out again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.domain.titles import EMPTY
from riskdesk.errors import UserError
from riskdesk.services import entry, listing
from riskdesk.services.desk import Desk
from riskdesk.services.listing import Filter
from riskdesk.services.overview import Listed
from riskdesk.ui import theme
from riskdesk.ui.widgets.form_footer import ReasonLine
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.tables import list_table
from riskdesk.ui.widgets.text_edits import LineEdit

_HEADINGS = ("期次", "产品", "风险信息内容", "作废时间")
_CONTENT = 2
_LETTERS, _LINES = 124, 24  # size of the dialog
_MOST = 500  # rows shown; the search finds the others


class BinDialog(QDialog):
    """Lists what was put away; stays open, as people often take several out."""

    def __init__(self, desk: Desk, taken_back: Callable[[Revision], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("回收站")
        self.resize(theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES)
        self._desk, self._taken_back = desk, taken_back
        self._listed: list[Listed] = []
        self.search = LineEdit("搜索产品、内容")
        self.search.setAccessibleName("搜索回收站")
        self.table = _table()
        self._told = told("")
        self._trouble = told("", "err")
        self.reason = ReasonLine()
        self.reason.hide()
        self.restore = button("恢复(&R)", kind="primary")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        for part in (self.search, self.table, self._told, self._trouble, self.reason, buttons):
            layout.addWidget(part)
        self.search.changed.connect(self._show_rows)
        self.table.itemActivated.connect(self._on_restore_clicked)
        self.table.itemSelectionChanged.connect(self.reason.hide)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.reason.given.connect(self._restore)
        buttons.rejected.connect(self.reject)
        self._show_rows()

    @property
    def trouble(self) -> str:
        """What went wrong last."""
        return self._trouble.text()

    def _show_rows(self) -> None:
        if self.search.composing:
            return
        try:
            found = listing.ids(self._desk, Filter(find=self.search.value(), withdrawn=True))
            self._listed = listing.rows(self._desk, found[:_MOST])
        except UserError as error:
            self._trouble.setText(str(error))
            return
        self._trouble.setText("")
        self._told.setText(f"共 {len(found)} 条" if found else "回收站中没有记录。")
        self.table.setRowCount(len(self._listed))
        for number, each in enumerate(self._listed):
            row = each.row
            texts = (row.period, row.product or EMPTY, row.content[:200], row.changed_at[:16].replace("T", " "))
            for column, text in enumerate(texts):
                self.table.setItem(number, column, QTableWidgetItem(text.replace("\n", " ")))
        if self._listed:
            self.table.selectRow(0)
        self.restore.setEnabled(bool(self._listed))
        self.restore.setToolTip("" if self._listed else "没有可以恢复的记录")

    def _on_restore_clicked(self) -> None:
        at = self.table.currentRow()
        if not 0 <= at < len(self._listed):
            return
        if self._desk.submissions.sealed_of(self._listed[at].row.id):
            self.reason.ask("这条记录曾封存报送，恢复属于更正。更正原因", "更正并恢复")
        else:
            self._restore("")

    def _restore(self, reason: str) -> None:
        object_id = self._listed[self.table.currentRow()].row.id
        steps = entry.history(self._desk, object_id)
        try:
            last = next(step for step in reversed(steps) if step.state is RevisionState.ACTIVE)
            step = entry.go_back(self._desk, object_id, last, reason)
        except UserError as error:
            self._trouble.setText(f"没有恢复：{error}")
            return
        self._show_rows()
        self._taken_back(step)


def _table() -> QTableWidget:
    table = list_table("回收站中的记录", _HEADINGS)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(_CONTENT, QHeaderView.ResizeMode.Stretch)
    return table
