"""A record that was changed on two computers: a person decides, in the form or in the history, also what was sealed."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from ui.dialogs.test_history import opened, seal
from ui.dialogs.test_overtaken import form, typed
from ui.widgets.forms import RECORD, click

from riskdesk.domain.merging import Side
from riskdesk.domain.revisions import heads
from riskdesk.services import entry
from riskdesk.ui.dialogs.overtaken import OvertakenDialog

__all__ = ["form"]  # the fixture


@pytest.fixture
def fork(desk):
    """Two versions of a sealed record: that of this computer, and one that came from another."""
    first = entry.save(desk, RECORD)
    seal(desk)
    there = entry.next_revision(desk, RECORD.edited(brand="别处的牌"), first.object_id, parents=[first], reason="更正")
    entry.save(desk, RECORD.edited(brand="这里的牌"), first.object_id, base=first.hash, reason="更正")
    with desk.store.write("测试", "receive") as writing:
        desk.revisions.add(writing, [there])
    return heads(entry.history(desk, first.object_id))


def test_the_form_does_not_say_that_somebody_changed_it_meanwhile(form, desk, fork):
    form.open_record(fork[0].object_id)
    typed(form, analysis="我的分析。")
    form.save()
    form.footer.reason.given.emit("选定版本")
    [dialog] = form.findChildren(OvertakenDialog)
    assert dialog.windowTitle() == "这条记录有两个版本"
    assert "填写期间" not in dialog.told
    assert "另有一个版本" not in dialog.told
    for row in dialog.rows:
        row.choose(Side.MINE)
    click(dialog.save)
    [step] = heads(entry.history(desk, fork[0].object_id))
    assert entry.record_of(step).analysis == "我的分析。"
    assert set(step.ancestors) >= {each.hash for each in fork}


def test_a_sealed_fork_that_nobody_typed_in_is_decided_after_its_reason_was_asked_for(form, desk, fork):
    form.open_record(fork[0].object_id)
    form.save()
    assert form.footer.reason.isVisible()
    assert form.findChildren(OvertakenDialog) == []
    form.footer.reason.given.emit("选定版本")
    [dialog] = form.findChildren(OvertakenDialog)
    for row in dialog.rows:
        row.choose(Side.THEIRS)
    click(dialog.save)
    assert dialog.trouble == ""
    [step] = heads(entry.history(desk, fork[0].object_id))
    assert (entry.record_of(step), step.reason) == (entry.record_of(fork[1]), "选定版本")


def test_two_versions_are_called_so_everywhere(form, desk, fork):
    form.open_record(fork[0].object_id)
    form.save()
    form.footer.reason.given.emit("选定版本")
    assert "这条记录有两个版本" in form.footer.message
    [dialog] = form.findChildren(OvertakenDialog)
    said = [each.text() for kind in (QLabel, QAbstractButton) for each in dialog.findChildren(kind)]
    assert {"您打开的版本", "另一个版本", "用打开的", "用另一个"} <= {*said}
    assert not [text for text in said if "现在的" in text or "双方" in text]
    assert dialog.all_theirs.accessibleName() == "全部用另一个"


@pytest.mark.parametrize("which", [0, 1])
def test_either_version_can_be_chosen_as_it_is_in_the_history(window, desk, fork, which, told):
    dialog = opened(window, desk, fork, told)
    brand = entry.record_of(fork[which]).brand
    assert any(brand in changes(dialog, row) for row in range(3))  # and stays at that row
    click(dialog.restore)
    assert dialog.reason.isVisible()
    dialog.reason.given.emit("选定版本")
    [step] = heads(entry.history(desk, fork[0].object_id))
    assert step.body == fork[which].body


def changes(dialog, row):
    dialog.table.selectRow(row)
    return dialog.changes.toPlainText()
