"""Somebody else changed the record that is being typed: both contents side by side, a choice for each field, nothing lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from ui.dialogs.test_history import seal
from ui.widgets.forms import RECORD, click, press

from riskdesk.domain.merging import Side
from riskdesk.domain.revisions import heads
from riskdesk.services import drafting, entry
from riskdesk.services.completion import Completion
from riskdesk.ui.dialogs.form_dialogs import serve
from riskdesk.ui.dialogs.overtaken import OvertakenDialog
from riskdesk.ui.widgets.record_form import RecordForm


@pytest.fixture
def form(qtbot, app, desk):
    """A form whose dialogs are opened."""
    form = RecordForm(desk, Completion(desk))
    serve(form, desk)
    qtbot.addWidget(form)
    form.resize(620, 650)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


@pytest.fixture
def step(desk, form):
    """A saved record, open in the form."""
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    return step


def others_save(desk, step, **changes):
    """As an import, an undo or another program does."""
    now = entry.current(desk, step.object_id)
    return entry.save(desk, RECORD.edited(**changes), step.object_id, base=now.hash)


def typed(form, **texts):
    fields = form.body.printed
    for name, text in texts.items():
        getattr(fields, name).setPlainText(text)


def opened(form, qtbot):
    """Save, which is refused, and return the dialog that opens."""
    assert not form.save()
    [dialog] = [each for each in form.findChildren(OvertakenDialog) if each.isVisible()]
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def words(dialog):
    return {row.clash.name: row.told.text() for row in dialog.rows}


def chosen(dialog):
    return {row.clash.name: row.side for row in dialog.rows}


def now(desk, step):
    return entry.record_of(entry.current(desk, step.object_id))


def test_what_i_changed_and_what_they_changed_are_both_saved_in_one_new_version(form, desk, step, qtbot):
    theirs = others_save(desk, step, suggestion="列入月度抽查。")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    assert chosen(dialog) == {"analysis": Side.MINE, "suggestion": Side.THEIRS}
    assert words(dialog) == {"analysis": "只有我改了", "suggestion": "只有对方改了"}
    with qtbot.waitSignal(form.saved):
        click(dialog.save)
    assert now(desk, step) == RECORD.edited(analysis="我的分析。", suggestion="列入月度抽查。")
    assert theirs.hash in entry.current(desk, step.object_id).ancestors
    assert len(entry.history(desk, step.object_id)) == 3
    assert not dialog.isVisible()
    assert form.record() == now(desk, step)
    assert not form.is_dirty()
    assert form.footer.message == ""
    assert drafting.left_unsaved(desk) == []


def test_a_field_that_both_changed_must_be_chosen_and_says_so(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的分析。")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    assert chosen(dialog) == {"analysis": None}
    assert words(dialog) == {"analysis": "双方都改了，请选择"}
    assert not dialog.save.isEnabled()
    assert "1 栏" in dialog.save.toolTip()
    assert QApplication.focusWidget() is dialog.rows[0].mine
    press(dialog, Qt.Key.Key_Right)
    assert dialog.save.isEnabled()
    press(dialog, Qt.Key.Key_Return)
    assert now(desk, step).analysis == "对方的分析。"
    assert "我的分析。" not in form.body.printed.analysis.toPlainText()


def test_both_contents_stand_there_with_the_fields_in_words(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的 <b>分析</b>。", source_codes=("S2", "S3"))
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    rows = {row.clash.name: row for row in dialog.rows}
    assert rows["analysis"].title.text() == "信息分析"
    assert "我</u>的分析" in rows["analysis"].contents[Side.MINE].text()
    assert "&lt;b&gt;" in rows["analysis"].contents[Side.THEIRS].text()
    assert "市场监管部门日常监管中发现的" in rows["source_codes"].contents[Side.THEIRS].text()
    assert "张三" in dialog.told


def test_cancel_leaves_the_text_in_the_form_and_the_dialog_can_be_had_again(form, desk, step, qtbot):
    others_save(desk, step, brand="某牌")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    with qtbot.waitSignal(dialog.destroyed):
        press(dialog, Qt.Key.Key_Escape)
    assert form.body.printed.analysis.toPlainText() == "我的分析。"
    assert form.is_dirty()
    assert "已被修改" in form.footer.message
    assert now(desk, step).brand == "某牌"
    again = next(each for each in form.footer.findChildren(type(form.footer.save)) if each.text() == "核对差异")
    click(again)
    [dialog] = form.findChildren(OvertakenDialog)
    click(dialog.save)
    assert now(desk, step) == RECORD.edited(analysis="我的分析。", brand="某牌")


def test_the_text_can_be_kept_as_a_draft(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的分析。")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    with qtbot.waitSignal(form.drafts_changed):
        click(dialog.draft)
    assert not dialog.isVisible()
    [draft] = drafting.drafts(desk)
    assert draft.record.analysis == "我的分析。"
    assert now(desk, step).analysis == "对方的分析。"


def test_a_draft_of_an_overtaken_record_is_gone_once_it_was_merged(form, desk, step, qtbot):
    typed(form, analysis="我的分析。")
    assert form.keep_as_draft()
    others_save(desk, step, brand="某牌")
    [draft] = drafting.drafts(desk)
    form.open_unfinished(draft)
    dialog = opened(form, qtbot)
    assert chosen(dialog) == {"analysis": Side.MINE, "brand": Side.THEIRS}
    click(dialog.save)
    assert drafting.drafts(desk) == []
    assert now(desk, step) == RECORD.edited(analysis="我的分析。", brand="某牌")


def test_a_change_while_the_dialog_is_open_is_shown_before_anything_is_saved(form, desk, step, qtbot):
    others_save(desk, step, brand="某牌")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    others_save(desk, step, brand="某牌", analysis="对方的分析。")
    click(dialog.save)
    assert "没有保存" in dialog.trouble
    assert chosen(dialog) == {"analysis": None, "brand": Side.THEIRS}
    assert now(desk, step).analysis == "对方的分析。"
    dialog.rows[0].choose(Side.MINE)
    click(dialog.save)
    assert now(desk, step) == RECORD.edited(analysis="我的分析。", brand="某牌")


def test_arrows_lead_from_field_to_field_and_choose(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的分析。", suggestion="对方的建议。")
    typed(form, analysis="我的分析。", suggestion="我的建议。")
    dialog = opened(form, qtbot)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right):
        press(dialog, key)
    assert chosen(dialog) == {"analysis": Side.MINE, "suggestion": Side.THEIRS}
    press(dialog, Qt.Key.Key_Return)
    assert now(desk, step) == RECORD.edited(analysis="我的分析。", suggestion="对方的建议。")


def test_all_can_be_chosen_at_once(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的分析。", brand="某牌")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    click(dialog.all_mine)
    assert set(chosen(dialog).values()) == {Side.MINE}
    click(dialog.all_theirs)
    assert set(chosen(dialog).values()) == {Side.THEIRS}
    click(dialog.save)
    assert now(desk, step) == RECORD.edited(analysis="对方的分析。", brand="某牌")
    assert len(entry.history(desk, step.object_id)) == 2  # nothing of mine was wanted: there is nothing to write
    assert not form.is_dirty()


def test_save_and_next_goes_on_once_it_was_merged_and_the_reason_of_a_correction_is_kept(form, desk, step, qtbot):
    seal(desk)
    form.open_record(step.object_id)
    entry.save(desk, RECORD.edited(brand="某牌"), step.object_id, base=step.hash, reason="对方的更正")
    typed(form, analysis="我的分析。")
    form.save_and_next()
    form.footer.reason.edit.setText("笔误")
    press(form, Qt.Key.Key_Return)
    [dialog] = form.findChildren(OvertakenDialog)
    with qtbot.waitSignal(form.next_wanted):
        click(dialog.save)
    assert entry.current(desk, step.object_id).reason == "笔误"


def test_when_both_typed_the_same_nothing_is_asked(form, desk, step):
    others_save(desk, step, analysis="一样的分析。")
    typed(form, analysis="一样的分析。")
    assert form.save()
    assert form.findChildren(OvertakenDialog) == []
    assert len(entry.history(desk, step.object_id)) == 2
    assert not form.is_dirty()


def test_a_record_that_went_into_the_bin_meanwhile_says_so(form, desk, step):
    entry.withdraw(desk, step.object_id, "重复")
    typed(form, analysis="我的分析。")
    assert not form.save()
    assert "回收站" in form.footer.message
    assert form.findChildren(OvertakenDialog) == []
    assert form.body.printed.analysis.toPlainText() == "我的分析。"


def test_a_failure_leaves_the_dialog_open_with_its_choices(form, desk, step, qtbot):
    others_save(desk, step, analysis="对方的分析。")
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    dialog.rows[0].choose(Side.MINE)
    seal(desk)  # from now on a reason is needed
    click(dialog.save)
    assert "更正原因" in dialog.trouble
    assert dialog.isVisible()
    assert chosen(dialog) == {"analysis": Side.MINE}


def test_a_record_with_two_versions_is_saved_after_the_choice(form, desk, step, qtbot):
    other = entry.next_revision(desk, RECORD.edited(brand="别处的牌"), step.object_id, parents=[step])
    others_save(desk, step, brand="这里的牌")
    with desk.store.write("测试", "receive") as writing:
        desk.revisions.add(writing, [other])
    form.open_record(step.object_id)
    typed(form, analysis="我的分析。")
    dialog = opened(form, qtbot)
    assert set(chosen(dialog).values()) == {None}
    click(dialog.all_mine)
    click(dialog.save)
    assert now(desk, step).analysis == "我的分析。"
    assert len(heads(entry.history(desk, step.object_id))) == 1
