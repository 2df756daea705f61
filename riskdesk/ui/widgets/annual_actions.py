"""The buttons above a yearly report, and the line that offers what a killed program left of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from riskdesk.ui.widgets.parts import button, styled, told

_NO_REPORT = "请先新建或选择一份报告"


class AnnualActions(QWidget):
    """Signals say what is wanted."""

    new_wanted = Signal()
    save_wanted = Signal()
    hand_on_wanted = Signal()
    refresh_wanted = Signal()
    words_wanted = Signal()
    history_wanted = Signal()
    export_wanted = Signal()
    left_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new = button("新建(&N)…", icon="add", name="新建专题分析报告")
        self.title = told(name="muted")
        self.save = button("保存(&V)", icon="save")
        self.save.setToolTip("保存为一个新版本（Ctrl+S）")
        self.update_blocks = button("更新统计(&R)", icon="refresh")
        self.update_blocks.setToolTip("按现有记录重新统计，不会改动您写的文字")
        self.words = button("关键词(&W)…", name="改变统计哪些产品的关键词")
        self.words.setToolTip("这份报告统计哪些产品")
        self.history = button("历史版本(&H)…", icon="history")
        self.export = button("导出(&X)…", icon="export")
        self.hand_on = button("上报(&S)…", icon="send", kind="primary", name="上报专题分析报告")
        self.hand_on.setToolTip("签名后写成文件，送上级单位")
        self._hints = {each: each.toolTip() for each in self._for_report()}
        self._left_line = styled(QFrame(), "banner")
        self._left_line.setProperty("tone", "amber")
        self._left_text = told(name="text")
        self.see_left = button("查看(&K)…", name="查看上次没有保存的文字")
        self._lay_out()
        for made, signal in (
            (self.new, self.new_wanted),
            (self.save, self.save_wanted),
            (self.update_blocks, self.refresh_wanted),
            (self.words, self.words_wanted),
            (self.history, self.history_wanted),
            (self.export, self.export_wanted),
            (self.hand_on, self.hand_on_wanted),
            (self.see_left, self.left_wanted),
        ):
            made.clicked.connect(signal)
        self.tell_left(0)

    def offer(self, title: str) -> None:
        """Tell which report is shown; without one there is nothing to do but start one."""
        self.title.setText(title)
        for each in self._for_report():
            each.setEnabled(bool(title))
            each.setToolTip(self._hints[each] if title else _NO_REPORT)

    def tell_left(self, count: int) -> None:
        """Say that texts of earlier runs wait; none is nothing to say."""
        self._left_text.setText(f"上次程序没有正常结束，有 {count} 份没有保存的文字。")
        self._left_line.setVisible(bool(count))

    def _for_report(self) -> tuple[QPushButton, ...]:
        return self.words, self.save, self.update_blocks, self.history, self.export, self.hand_on

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.new)
        line.addWidget(self.title, 1)
        for each in self._for_report():
            line.addWidget(each)
        inside = QHBoxLayout(self._left_line)
        inside.addWidget(self._left_text, 1)
        inside.addWidget(self.see_left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self._left_line)
