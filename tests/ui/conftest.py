"""Fixtures for the window: no screen, the product's look, and nothing modal that would hang a test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from ui.hierarchy import pair_in

from riskdesk.ui import theme
from riskdesk.ui.jobs import Jobs


@pytest.fixture
def app(qapp):
    """The application in the light theme at the usual size."""
    theme.apply(qapp, "light", 10.5)
    yield qapp
    # without a running event loop nobody deletes the windows of a test, and their timers go on
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.clipboard().clear()  # what Python put there must not outlive it


@pytest.fixture
def jobs(app):
    """The runner of long work; everything has ended when the test is over."""
    jobs = Jobs()
    yield jobs
    assert jobs.stop_all(20)


@pytest.fixture(autouse=True)
def no_modal_dialogs(monkeypatch):
    """A test that opens something modal fails at once instead of hanging; one that means to, says so by its own patch."""

    def refuse(*args, **_kwargs):
        pytest.fail(f"modal dialog opened: {args}")

    for name in ("warning", "critical", "information", "question"):
        monkeypatch.setattr(QMessageBox, name, refuse)
    for name in ("getSaveFileName", "getOpenFileName", "getOpenFileNames", "getExistingDirectory"):
        monkeypatch.setattr(QFileDialog, name, refuse)
    monkeypatch.setattr(QDialog, "exec", refuse)


@pytest.fixture
def pair(tmp_path):
    """A county and a 所 below it, enrolled."""
    pair = pair_in(tmp_path)
    yield pair
    pair.close()


@pytest.fixture
def ended(qtbot, jobs):
    """Wait until all that was started is over."""
    return lambda: qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=60_000)
