"""Records that are not finished: what a killed program left (恢复 / 丢弃 / 以后再说) and drafts (继续填写 / 丢弃 / 关闭)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.titles import EMPTY
from riskdesk.errors import UserError
from riskdesk.services.drafting import Unfinished
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import bare, button, told
from riskdesk.ui.widgets.tables import list_table

_HEADINGS = ("单位", "产品", "时间", "改动的字段")
_LETTERS, _LINES = 124, 28  # size of the dialog
_ROLE = QDialogButtonBox.ButtonRole.ActionRole


@dataclass(frozen=True, slots=True)
class Words:
    """What the buttons say."""

    resume: str
    later: str
    explained: str


DRAFT_WORDS = Words("继续填写(&C)", "关闭(&L)", "草稿不会进入报送表，填完保存后才算录入。")
CRASH_WORDS = Words("恢复(&C)", "以后再说(&L)", "上次程序没有正常结束，以下内容当时还没有保存。")


class UnfinishedDialog(QDialog):
    """A list with a preview; throwing something away takes a second press of the button, not another window."""

    def __init__(
        self,
        title: str,
        entries: Sequence[Unfinished],
        *,
        resumed: Callable[[Unfinished], object],
        dropped: Callable[[Unfinished], object],
        office: str = "本单位",
        words: Words = DRAFT_WORDS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES)
        self._entries = list(entries)
        self._resumed, self._dropped, self._office = resumed, dropped, office
        self.table = _table()
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName("内容预览")
        self._trouble = told("", "err")
        self.resume = button(words.resume, kind="primary")
        self.drop = button("丢弃(&D)", kind="danger")
        self.later = button(words.later)
        buttons = QDialogButtonBox()
        for each in (self.resume, self.drop):
            buttons.addButton(each, _ROLE)
        buttons.addButton(self.later, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        for part, stretch in ((told(words.explained), 0), (self.table, 1), (self.preview, 1), (self._trouble, 0)):
            layout.addWidget(part, stretch)
        layout.addWidget(buttons)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.table.itemActivated.connect(self._on_resume_clicked)
        self.resume.clicked.connect(self._on_resume_clicked)
        self.drop.clicked.connect(self._on_drop_clicked)
        buttons.rejected.connect(self.reject)
        self._show_rows()

    @property
    def trouble(self) -> str:
        """What went wrong last."""
        return self._trouble.text()

    def _show_rows(self) -> None:
        self.table.setRowCount(len(self._entries))
        for row, each in enumerate(self._entries):
            for column, text in enumerate(self._row(each)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        if self._entries:
            self.table.selectRow(0)
        self._on_selection_changed()

    def _row(self, each: Unfinished) -> tuple[str, ...]:
        fields = "、".join(each.changed)
        kind = "修改：" if each.object_id else "新增："
        told_of = each.unreadable or f"{kind}{fields}"
        return each.record.unit or self._office, each.record.product or EMPTY, each.at[:16].replace("T", " "), told_of

    def _chosen(self) -> Unfinished | None:
        row = self.table.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def _on_selection_changed(self) -> None:
        chosen = self._chosen()
        self._reset_drop()
        self.preview.setPlainText(_text(chosen) if chosen else "")
        can_resume = chosen is not None and not chosen.unreadable
        self.resume.setEnabled(can_resume)
        self.resume.setToolTip("" if can_resume else "没有可以打开的内容")
        self.drop.setEnabled(chosen is not None)
        self.drop.setToolTip("" if chosen else "没有可以丢弃的内容")

    def _on_resume_clicked(self) -> None:
        chosen = self._chosen()
        if chosen is not None and not chosen.unreadable:
            self.accept()
            self._resumed(chosen)

    def _on_drop_clicked(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if not self.drop.property("asked"):
            self.drop.setProperty("asked", True)
            self.drop.setText("确认丢弃(&D)")
            self.drop.setAccessibleName("确认丢弃，文字只留在操作日志中")
            self._trouble.setText("丢弃后文字只留在操作日志中。再按一次“确认丢弃”。")
            return
        try:
            self._dropped(chosen)
        except UserError as error:
            self._reset_drop()
            self._trouble.setText(f"没有丢弃：{error}")
            return
        self._entries.remove(chosen)
        if self._entries:
            self._show_rows()
        else:
            self.accept()

    def _reset_drop(self) -> None:
        self.drop.setProperty("asked", False)
        self.drop.setText("丢弃(&D)")
        self.drop.setAccessibleName(bare(self.drop.text()))
        self._trouble.setText("")


def _table() -> QTableWidget:
    table = list_table("未完成的记录", _HEADINGS)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    for column, letters in enumerate((20, 26, 22)):
        header.resizeSection(column, theme.letter(table) * letters)
    return table


def _text(unfinished: Unfinished) -> str:
    if unfinished.unreadable:
        return f"{unfinished.unreadable}\n\n{unfinished.record.content}"
    pairs = zip(COLUMNS, unfinished.record.columns(), strict=True)
    return "\n".join(f"【{column.title}】{text or EMPTY}" for column, text in pairs)
