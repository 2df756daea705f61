"""Where the sheet is written to, and in which formats, is asked for in words."""

import pytest
from ui.hand_over_screens import bench_of

from riskdesk.errors import InputError
from riskdesk.ui.dialogs.station_files import ExportDialog, HandOnDialog


@pytest.fixture
def export_of(app, desk, jobs, qtbot):
    def show(export):
        dialog = ExportDialog(bench_of(desk, jobs), export, lambda _told: None)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return show


def nothing(*_given):
    pytest.fail("nothing is to be written")


def test_at_least_one_format_is_asked_for(export_of):
    dialog = export_of(nothing)
    for box in dialog.formats.values():
        box.setChecked(False)
    dialog.accept()
    assert "至少勾选一种" in dialog._trouble.text()
    assert dialog.isVisible()


def test_half_a_folder_is_refused(export_of):
    dialog = export_of(nothing)
    dialog.target.line.setText("某处")
    dialog.accept()
    assert "完整路径" in dialog._trouble.text()


def test_what_goes_wrong_while_writing_is_said_and_the_dialog_stays(export_of, ended, tmp_path):
    def refuse(_desk, _folder, _formats):
        raise InputError("U 盘写满了。")

    dialog = export_of(refuse)
    dialog.target.line.setText(str(tmp_path))
    dialog.accept()
    ended()
    assert dialog._trouble.text() == "U 盘写满了。"
    assert dialog.isVisible()


def test_handing_on_refuses_half_a_folder_before_it_asks_for_the_passphrase(app, desk, jobs, qtbot):
    dialog = HandOnDialog(bench_of(desk, jobs), ("上报自评表", "送市局和省局。"), nothing, nothing)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.target.line.setText("某处")
    dialog.accept()
    assert "完整路径" in dialog._trouble.text()
