"""What the tests of dialogs share: a window that they belong to, and a list of what they handed over."""

import pytest
from PySide6.QtWidgets import QWidget


@pytest.fixture
def window(app, qtbot):
    """The window that the dialog belongs to."""
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def told():
    """What the dialog handed over, in order."""
    return []
