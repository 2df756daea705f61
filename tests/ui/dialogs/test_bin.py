"""The bin: what was put away is found and taken out again."""

import pytest
from ui.dialogs.test_history import seal
from ui.widgets.forms import RECORD, click

from riskdesk.services import entry
from riskdesk.ui.dialogs.bin import BinDialog


@pytest.fixture
def put_away(desk):
    """Two records in the bin and one that is not."""
    entry.save(desk, RECORD.edited(product="头盔"))
    steps = [entry.save(desk, RECORD.edited(product=name)) for name in ("电热毯", "纸尿裤")]
    return [entry.withdraw(desk, step.object_id, "重复录入") for step in steps]


def opened(window, desk, told):
    dialog = BinDialog(desk, taken_back=told.append, parent=window)
    dialog.open()
    return dialog


def test_the_bin_lists_what_was_put_away_and_nothing_else(window, desk, put_away, told):
    dialog = opened(window, desk, told)
    assert {dialog.table.item(row, 1).text() for row in range(dialog.table.rowCount())} == {"电热毯", "纸尿裤"}
    dialog.search.setText("纸尿")
    assert [dialog.table.item(row, 1).text() for row in range(dialog.table.rowCount())] == ["纸尿裤"]


def test_a_record_taken_out_is_active_again_and_gone_from_the_list(window, desk, put_away, told):
    dialog = opened(window, desk, told)
    dialog.search.setText("纸尿")
    click(dialog.restore)
    assert [(each.object_id, each.state) for each in told] == [(put_away[1].object_id, "active")]
    assert dialog.table.rowCount() == 0
    assert not dialog.restore.isEnabled()
    assert dialog.isVisible()


def test_what_was_sealed_is_taken_out_with_a_reason(window, desk, told):
    step = entry.save(desk, RECORD)
    seal(desk)
    entry.withdraw(desk, step.object_id, "误报")
    dialog = opened(window, desk, told)
    click(dialog.restore)
    assert told == []
    dialog.reason.edit.setText("经核实属实")
    click(dialog.reason.confirm)
    assert [(each.state, each.reason) for each in told] == [("active", "经核实属实")]


def test_an_empty_bin_says_so(window, desk, told):
    dialog = opened(window, desk, told)
    assert not dialog.restore.isEnabled()
    assert dialog.restore.toolTip()
