"""A cell of a tree whose text is wrapped: its row is as high as the text needs at the width of the column."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

_PADDING = (18, 10)  # px: of the style sheet, and what the style adds; left and right, above and below


class WrappedDelegate(QStyledItemDelegate):
    """Serves the first column of one tree; the tree wraps words, and lays its items out again when the column gets another width."""

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt override: as high as the broken lines."""
        depth = 2 if index.parent().isValid() else 1
        room = self._tree.columnWidth(0) - depth * self._tree.indentation() - _PADDING[0]
        cell: Any = option
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        box = cell.fontMetrics.boundingRect(QRect(0, 0, max(room, 1), 10_000), flags, str(index.data()))
        return QSize(room, box.height() + _PADDING[1])
