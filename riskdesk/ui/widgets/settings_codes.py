"""Settings: the code lists that the program works with, to look things up."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QTreeView, QVBoxLayout, QWidget

from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.ui.widgets.parts import heading, named, told

_FOUND = 60


class CodeSettings(QWidget):
    """Sources, criteria, categories; regions and offices are found by what is typed."""

    def __init__(self, desk: Desk, completion: Completion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._completion = desk, completion
        self.search = QLineEdit(placeholderText="查找区域、单位（名称、代码或拼音首字母）", clearButtonEnabled=True)
        self.search.setAccessibleName("查找代码")
        self.tree = named(QTreeView(headerHidden=False, uniformRowHeights=True), "代码表")
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self._model = QStandardItemModel(0, 2, self)
        self.tree.setModel(self._model)
        layout = QVBoxLayout(self)
        layout.addWidget(heading("代码表"))
        layout.addWidget(
            told("通知列出的来源、情形，以及行政区划和机构名录。由省局统一下发更新，这里只供查阅。", "muted")
        )
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        self.search.textChanged.connect(self._show)
        self._show("")

    def _show(self, typed: str) -> None:
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["代码", "内容"])
        if typed.strip():
            for title, found in (
                ("行政区划", self._completion.regions(typed, _FOUND)),
                ("机构", self._completion.offices(typed, _FOUND)),
            ):
                self._add(title, [(each.code, each.text) for each in found])
        else:
            vocabulary = self._desk.reference.vocabulary
            self._add("风险信息来源", vocabulary.sources.items())
            self._add("重要风险信息情形", vocabulary.important.items())
            self._add("重点风险信息情形（及时报）", vocabulary.key.items())
            self._add("产品类别", [("", name) for name in self._completion.categories()])
        self.tree.expandAll()
        self.tree.resizeColumnToContents(0)

    def _add(self, title: str, rows: Iterable[tuple[str, str]]) -> None:
        head = QStandardItem(title)
        for code, text in rows:
            line = QStandardItem(text)
            line.setToolTip(text)
            head.appendRow([QStandardItem(code), line])
        head.setSelectable(False)
        head.setFlags(head.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self._model.appendRow([head, QStandardItem(f"{head.rowCount()} 项")])
