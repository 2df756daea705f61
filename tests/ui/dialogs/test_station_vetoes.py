"""否决项: what is ticked decides the grade, and is confirmed before it is saved."""

import pytest

from riskdesk.domain.station_template import Veto
from riskdesk.errors import InputError
from riskdesk.ui.dialogs.station_vetoes import VetoesDialog

VETOES = (Veto("V1", "瞒报、谎报", "不合格"), Veto("V2", "失泄密", "暂缓验收"))


@pytest.fixture
def dialog_of(app, qtbot):
    def show(chosen=(), state=lambda _codes: None):
        dialog = VetoesDialog(VETOES, chosen, state)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return show


def test_the_grade_that_follows_is_said(dialog_of):
    dialog = dialog_of()
    assert not dialog.sure.isVisible()
    dialog.ticks.tick("V2")
    assert "暂缓验收" in dialog._result.text()
    assert dialog.sure.isVisible()


def test_taking_the_last_one_back_needs_no_confirmation(dialog_of):
    stated = []
    dialog = dialog_of(["V1"], stated.append)
    dialog.ticks.put([])
    dialog.accept()
    assert stated == [()]
    assert not dialog.isVisible()


def test_what_cannot_be_saved_keeps_the_dialog_open(dialog_of):
    def refuse(_codes):
        raise InputError("这份自评表已被修改。")

    dialog = dialog_of(["V1"], refuse)
    dialog.sure.setChecked(True)
    dialog.accept()
    assert dialog.isVisible()
    assert "已被修改" in dialog._trouble.text()
