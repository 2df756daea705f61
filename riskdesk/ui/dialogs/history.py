"""The history of one record: every version with who, when and why, what it changed, and the way back to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.reconcile import differences
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import Revision, RevisionState, heads
from riskdesk.domain.titles import field_title
from riskdesk.errors import UserError
from riskdesk.services import entry
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference
from riskdesk.ui import theme
from riskdesk.ui.widgets.field_values import compared, shown
from riskdesk.ui.widgets.form_footer import ReasonLine
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.tables import list_table

_HEADINGS = ("版本", "时间", "填报人", "状态", "原因")
_LETTERS, _LINES = 124, 30  # size of the dialog


class HistoryDialog(QDialog):
    """Versions above, newest first; below, what the chosen one changed."""

    def __init__(
        self, desk: Desk, object_id: str, restored: Callable[[Revision], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("历史版本")
        self.resize(theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES)
        self._desk, self._object_id, self._restored = desk, object_id, restored
        self._steps = entry.history(desk, object_id)[::-1]
        self._sealed = desk.submissions.sealed_of(object_id)
        self.table = self._made_table()
        self.changes = QTextBrowser()
        self.changes.setAccessibleName("与上一版本的差异")
        self.changes.setOpenLinks(False)
        self.reason = ReasonLine()
        self.reason.hide()
        self._trouble = told("", "err")
        self.restore = button("恢复到此版本(&R)", kind="primary", icon="history")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ActionRole)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(self.changes)
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter, 1)
        for part in (self._trouble, self.reason, buttons):
            layout.addWidget(part)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.reason.given.connect(self._go_back)
        buttons.rejected.connect(self.reject)
        if self._steps:
            self.table.selectRow(0)

    @property
    def trouble(self) -> str:
        """What went wrong last."""
        return self._trouble.text()

    def _made_table(self) -> QTableWidget:
        table = list_table("历史版本", _HEADINGS)
        table.setRowCount(len(self._steps))
        for row, step in enumerate(self._steps):
            texts = (str(step.rev_no), step.at[:16].replace("T", " "), step.author, self._state(step), step.reason)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(row, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        return table

    def _state(self, step: Revision) -> str:
        if step.state is RevisionState.WITHDRAWN:
            return "作废"
        return "已封存" if step.hash in self._sealed else "有效"

    def _chosen(self) -> Revision | None:
        row = self.table.currentRow()
        return self._steps[row] if 0 <= row < len(self._steps) else None

    def _on_selection_changed(self) -> None:
        chosen = self._chosen()
        self.reason.hide()
        self._trouble.setText("")
        if chosen is None:
            return
        self.changes.setHtml(_changes_html(chosen, _before(chosen, self._steps), self._desk.reference))
        now = heads(entry.history(self._desk, self._object_id))  # of a fork none is what the record says
        is_now = [(each.body, each.state) for each in now] == [(chosen.body, chosen.state)]
        self.restore.setEnabled(not is_now)
        self.restore.setToolTip("这就是现在的内容" if is_now else "")

    def _on_restore_clicked(self) -> None:
        if self._sealed:
            self.reason.ask("这条记录已封存报送，恢复旧版本属于更正。更正原因", "更正并恢复")
        else:
            self._go_back("")

    def _go_back(self, reason: str) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            step = entry.go_back(self._desk, self._object_id, chosen, reason)
        except UserError as error:
            self._trouble.setText(f"没有恢复：{error}")
            return
        self.accept()
        self._restored(step)


def _before(step: Revision, steps: Sequence[Revision]) -> Revision | None:
    """Return the newest of the versions that one follows."""
    older = [each for each in steps if each.hash in step.ancestors]
    return max(older, key=lambda each: each.rev_no, default=None)


def _changes_html(step: Revision, before: Revision | None, reference: Reference) -> str:
    old = entry.record_of(before) if before else Record(entry.record_of(step).period)
    found = differences(old, entry.record_of(step))
    moved = before is not None and before.state is not step.state
    if not found:
        state = "作废" if step.state is RevisionState.WITHDRAWN else "从回收站恢复"
        return f"<p>{state}，内容没有变化。</p>" if moved else "<p>内容没有变化。</p>"
    tokens = theme.current()
    rows = ["<p>首次录入：</p>" if before is None else ""]
    for each in found:
        texts = (shown(each.field, each.before, reference), shown(each.field, each.after, reference))
        was, became = compared(*texts, tokens.red, tokens.green)
        title = f"<b>{field_title(each.field)}</b><br>"
        rows.append(f"<p>{title}{became}</p>" if before is None else f"<p>{title}原为：{was}<br>改为：{became}</p>")
    return "".join(rows)
