"""A tree of titles that wrap, each with a chip beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView, QTreeWidget, QWidget

from riskdesk.ui import theme
from riskdesk.ui.delegates.chips import ChipDelegate
from riskdesk.ui.delegates.wrapped import WrappedDelegate


class ChipTree(QTreeWidget):
    """Titles in the first column, chips in the second, whose tone an item holds under `tone_role`; `name` is told to screen readers."""

    def __init__(self, name: str, tone_role: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setIndentation(theme.letter(self) * 2)
        self._titles, self._chips = WrappedDelegate(self), ChipDelegate(tone_role, self)
        self.setItemDelegateForColumn(0, self._titles)
        self.setItemDelegateForColumn(1, self._chips)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.sectionResized.connect(lambda *_: self.scheduleDelayedItemsLayout())
