"""The list of what is not finished: going on, putting off, throwing away."""

import pytest
from ui.widgets.forms import RECORD, click

from riskdesk.errors import FileFaultError
from riskdesk.services import drafting
from riskdesk.ui.dialogs.unfinished import CRASH_WORDS, UnfinishedDialog


@pytest.fixture
def entries(desk):
    """Two drafts."""
    drafting.keep(desk, RECORD)
    drafting.keep(desk, RECORD.edited(product="", unit="坞城所", content="头盔开裂。"))
    return sorted(drafting.drafts(desk), key=lambda each: each.record.unit)


def opened(window, entries, told, **more):
    given = {"resumed": lambda each: told.append(("go on", each)), "dropped": lambda each: told.append(("drop", each))}
    dialog = UnfinishedDialog("未完成的草稿", entries, **(given | more), parent=window)
    dialog.open()
    return dialog


def test_each_tells_office_product_time_and_fields_and_shows_its_text(window, entries, told):
    dialog = opened(window, entries, told, office="小店区局")
    row = [dialog.table.item(0, column).text() for column in range(4)]
    assert row[:3] == ["小店区局", RECORD.product, "2023-05-25 09:00"]
    assert "风险信息内容" in row[3]
    assert [dialog.table.item(1, column).text() for column in range(2)] == ["坞城所", "未填"]
    dialog.table.selectRow(1)
    assert "【风险信息内容】头盔开裂。" in dialog.preview.toPlainText()
    assert "【涉及产品】未填" in dialog.preview.toPlainText()


def test_going_on_closes_the_list_and_hands_the_record_over(window, entries, told):
    dialog = opened(window, entries, told)
    click(dialog.resume)
    assert told == [("go on", entries[0])]
    assert not dialog.isVisible()


def test_throwing_away_takes_two_presses_on_the_same_record(window, entries, told):
    dialog = opened(window, entries, told)
    click(dialog.drop)
    dialog.table.selectRow(1)  # another one: the question is void
    click(dialog.drop)
    assert told == []
    assert "再按一次" in dialog.trouble
    click(dialog.drop)
    assert told == [("drop", entries[1])]
    assert dialog.table.rowCount() == 1
    assert dialog.isVisible()


def test_putting_off_hands_nothing_over(window, entries, told):
    dialog = opened(window, entries, told, words=CRASH_WORDS)
    assert (dialog.resume.text(), dialog.later.text()) == ("恢复(&C)", "以后再说(&L)")
    click(dialog.later)
    assert told == []
    assert not dialog.isVisible()


def test_what_could_not_be_thrown_away_stays_in_the_list(window, entries, told):
    def refuse(_each):
        raise FileFaultError("磁盘空间不足。")

    dialog = opened(window, entries, told, dropped=refuse)
    click(dialog.drop)
    click(dialog.drop)
    assert dialog.trouble == "没有丢弃：磁盘空间不足。"
    assert dialog.table.rowCount() == 2


def test_what_cannot_be_read_can_be_looked_at_but_not_gone_on_with(window, desk, told):
    desk.journals.mkdir(exist_ok=True)
    (desk.journals / "0190.journal").write_bytes("\nno checksum 电热毯过热\n".encode())
    dialog = opened(window, drafting.left_unsaved(desk), told, words=CRASH_WORDS)
    assert "电热毯过热" in dialog.preview.toPlainText()
    assert not dialog.resume.isEnabled()
    assert dialog.drop.isEnabled()
