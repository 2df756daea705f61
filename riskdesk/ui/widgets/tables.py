"""How lists of things to choose one from look and behave as tables: whole rows, the keyboard leaves with Tab, no grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView, QTableWidget


def dress_as_list(table: QTableView) -> None:
    """Let a table be a list whose rows are chosen one at a time and not edited."""
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def list_table(name: str, headings: Sequence[str]) -> QTableWidget:
    """Return an empty list with headings; `name` is what screen readers say."""
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.setAccessibleName(name)
    dress_as_list(table)
    return table
