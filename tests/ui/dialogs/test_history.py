"""The history of a record: what each version changed, and the way back."""

import pytest
from ui.widgets.forms import RECORD, click

from riskdesk import clock
from riskdesk.services import entry
from riskdesk.ui.dialogs.history import HistoryDialog


def seal(desk):
    items = [row.revision for row in desk.records.of_period("2023-05")]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period="2023-05", kind="monthly", items=items, at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=False, reason="", at=clock.now())


@pytest.fixture
def steps(desk):
    """A record of three versions."""
    first = entry.save(desk, RECORD)
    changed = RECORD.edited(analysis="控制芯片失效，缺少过充保护电路。", source_codes=("S2", "S3"))
    second = entry.save(desk, changed, first.object_id)
    return [first, second, entry.save(desk, changed.edited(brand="某牌"), first.object_id)]


def opened(window, desk, steps, told):
    object_id = steps[0].object_id
    dialog = HistoryDialog(desk, object_id, restored=told.append, parent=window)
    dialog.open()
    return dialog


def test_versions_are_listed_newest_first_and_the_newest_needs_no_restoring(window, desk, steps, told):
    dialog = opened(window, desk, steps, told)
    assert [dialog.table.item(row, 0).text() for row in range(3)] == ["3", "2", "1"]
    assert "某牌" in dialog.changes.toPlainText()
    assert not dialog.restore.isEnabled()
    assert dialog.restore.toolTip()


def test_a_version_tells_what_it_changed_in_words(window, desk, steps, told):
    dialog = opened(window, desk, steps, told)
    dialog.table.selectRow(1)
    text = dialog.changes.toPlainText()
    assert "信息分析" in text
    assert "原为：采用回收电芯，缺少过充保护电路。" in text
    assert "改为：控制芯片失效，缺少过充保护电路。" in text
    assert "S3 市场监管部门日常监管中发现的" in text
    assert "商标" not in text


def test_an_old_version_is_restored_as_a_new_one(window, desk, steps, told):
    dialog = opened(window, desk, steps, told)
    dialog.table.selectRow(2)
    click(dialog.restore)
    assert [each.rev_no for each in told] == [4]
    assert entry.record_of(entry.current(desk, steps[0].object_id)) == RECORD
    assert not dialog.isVisible()


def test_a_sealed_record_is_restored_with_a_reason_only(window, desk, steps, told):
    seal(desk)
    dialog = opened(window, desk, steps, told)
    dialog.table.selectRow(2)
    click(dialog.restore)
    assert told == []
    assert dialog.reason.isVisible()
    dialog.reason.edit.setText("改回原稿")
    click(dialog.reason.confirm)
    assert [each.reason for each in told] == ["改回原稿"]


def test_texts_with_signs_of_html_are_shown_as_they_are(window, desk, told):
    step = entry.save(desk, RECORD.edited(content="标称 <b>5V</b> & 2A 的充电器过热。"))
    dialog = opened(window, desk, [step], told)
    assert "<b>5V</b> & 2A" in dialog.changes.toPlainText()
