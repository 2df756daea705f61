"""How a package is split for mail."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from riskdesk.ui.widgets.parts import named

_MEGABYTE = 1_000_000
_CHOICES = (("不分卷（U 盘）", 0), ("每卷 20 MB（邮件）", 20), ("每卷 10 MB", 10), ("每卷 50 MB", 50))


def volume_choice() -> QComboBox:
    """Return a choice whose data is the most bytes of a file, 0 for one file; smaller packages are never split."""
    choice = named(QComboBox(), "分卷")
    for title, size in _CHOICES:
        choice.addItem(title, size * _MEGABYTE)
    choice.setCurrentIndex(1)
    return choice
