"""Accepting a soft problem with a reason."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from ui.widgets.forms import RECORD, click

from riskdesk import clock
from riskdesk.domain.problems import Problem
from riskdesk.domain.validation import open_problems
from riskdesk.services.completion import Completion
from riskdesk.ui.dialogs import form_dialogs
from riskdesk.ui.dialogs.accept_problem import AcceptProblemDialog
from riskdesk.ui.widgets.record_form import RecordForm

PROBLEM = Problem("analysis", "missing", "未填写“信息分析”，请补充")


@pytest.fixture
def dialog(window, told):
    dialog = AcceptProblemDialog(PROBLEM, told.append, window)
    dialog.open()
    return dialog


def test_without_a_reason_nothing_is_accepted(dialog, told):
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert told == []
    assert dialog.isVisible()


def test_a_typed_reason_is_handed_over_by_enter(dialog, told):
    dialog.reason.setText("  来源未提供  ")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert told == ["来源未提供"]


def test_a_usual_reason_is_a_click_away_and_can_be_edited(dialog, told):
    usual = [each for each in dialog.findChildren(QPushButton) if each.accessibleName().startswith("理由：")]
    assert 2 <= len(usual) <= 3
    click(usual[0])
    assert dialog.reason.text() in usual[0].text()
    assert told == []


def test_the_button_at_the_field_leads_to_the_dialog_and_back_into_the_record(app, qtbot, desk):
    form = RecordForm(desk, Completion(desk))
    qtbot.addWidget(form)
    form_dialogs.serve(form, desk)
    form.show()
    form.open_new("2023-05", like=RECORD.edited(analysis=""))
    [accept] = form.body.blocks["analysis"].lines.findChildren(QPushButton)
    accept.click()
    dialog = form.findChild(AcceptProblemDialog)
    dialog.reason.setText("正在核实")
    dialog.accept()
    assert open_problems(form.record(), clock.today()) == []
    assert form.record().accepted[0].reason == "正在核实"
