"""Filling in one indicator: what is typed is kept while the typing goes on, and no file goes by a slip of the mouse."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton

from riskdesk.domain.assessment import Evidence, Filled
from riskdesk.domain.records import Attachment
from riskdesk.domain.station_template import template_from_text, template_of
from riskdesk.paths import resource
from riskdesk.ui.widgets.station_evidence import EvidenceBox
from riskdesk.ui.widgets.station_filling import FillingPanel

INDICATOR = template_of(template_from_text(resource("station/template.json").read_text("utf-8"))).indicator("A1")
PAPER = INDICATOR.evidence[0]
FILE = Evidence(Attachment("a" * 64, "批复.pdf", 10), PAPER)


def test_what_is_typed_without_a_pause_is_kept_meanwhile(app, qtbot):
    kept = []
    panel = FillingPanel(INDICATOR, Filled(), kept.append)
    qtbot.addWidget(panel)
    panel._connect()
    typing = QTimer(panel, interval=100)
    typing.timeout.connect(lambda: panel.note.insertPlainText("字"))
    typing.start()
    qtbot.waitUntil(lambda: len(kept) >= 1, timeout=10_000)
    assert typing.isActive()
    assert len(kept[0].note) > 10
    typing.stop()
    panel.unsaved()
    assert kept[-1].note == panel.note.toPlainText()


@pytest.fixture
def evidence(app, qtbot):
    box = EvidenceBox(INDICATOR.evidence)
    qtbot.addWidget(box)
    box.show_files([FILE])
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    return box


def press(evidence, answer):
    [remove] = [each for each in evidence.findChildren(QPushButton) if each.accessibleName() == "移除 批复.pdf"]
    remove.click()
    question = evidence.findChild(QMessageBox)
    assert "批复.pdf" in question.text()
    question.button(answer).click()


def test_a_file_is_removed_only_after_it_was_asked_for_twice(evidence):
    removed = []
    evidence.removed.connect(removed.append)
    press(evidence, QMessageBox.StandardButton.Cancel)
    assert removed == []


def test_after_a_file_was_removed_the_focus_stays_with_its_paper(evidence, qtbot):
    evidence.removed.connect(lambda _: evidence.show_files([]))
    with qtbot.waitSignal(evidence.removed):
        press(evidence, QMessageBox.StandardButton.Yes)
    qtbot.waitUntil(evidence.slots[PAPER].add.hasFocus)
