"""Fixtures for the window: no screen, the product's look, and nothing modal that would hang a test."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from services.quick_offices import quick_keys
from services.station_year import STATION
from services.test_assessing import sheet_at
from ui.hierarchy import PASSPHRASE, pair_in

from riskdesk.domain.assessment import Filled
from riskdesk.domain.scoring import Answer
from riskdesk.services import key_making
from riskdesk.services.setup import set_up
from riskdesk.store.packages import Package
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


@pytest.fixture
def province(tmp_path, monkeypatch):
    """The province with keys and a station's sheet that came."""
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")
    with set_up(tmp_path / "province", "140000-JU", person="示例") as desk:
        with quick_keys():
            key_making.make_keys(desk, PASSPHRASE)
        step = sheet_at(desk, STATION, {"A1": Filled(Answer(option=0))})
        package = Package(
            "ab" * 32, "run", "", "in", "assessment", "u1", STATION, ("140000-JU",), "2025", 1, False,
            "2025-06-10T08:00:00+08:00", "2025-06-10T09:00:00+08:00", "0" * 64, "自评表.rdpkg", {"items": [step.hash]},
        )  # fmt: skip
        with desk.store.write("示例", "test") as writing:
            desk.packages.add(writing, package)
        yield desk
