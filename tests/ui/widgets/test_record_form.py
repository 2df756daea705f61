"""The form for one record: what is typed, told, kept and saved, as a clerk at the keyboard sees it."""

import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QWidget
from ui.widgets.forms import FULL, RECORD, click, commit, compose, press, seal

from riskdesk import clock
from riskdesk.domain.records import record_to_body
from riskdesk.domain.validation import open_problems
from riskdesk.services import drafting, entry
from riskdesk.services.completion import Completion
from riskdesk.ui.widgets.record_form import RecordForm
from riskdesk.ui.widgets.typed_edits import DateEdit

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def form(qtbot, app, desk):
    """An empty form for May, on the screen."""
    form = RecordForm(desk, Completion(desk))
    qtbot.addWidget(form)
    form.resize(520, 650)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    form.open_new("2023-05")
    return form


@pytest.fixture
def fields(form):
    """The printed fields of the form."""
    return form.body.printed


def settled(qtbot, form):
    """Wait until problems and journal have followed the last key."""
    with qtbot.waitSignal(form.changed):
        pass


def fill(form, record=RECORD):
    """Fill the form as somebody would who types quickly."""
    fields = form.body.printed
    fields.product.line.setText(record.product)
    fields.count.setText(record.enterprise_count.text)
    fields.regions.line.setText(record.regions_text)
    fields.content.setPlainText(record.content)
    fields.analysis.setPlainText(record.analysis)
    fields.suggestion.setPlainText(record.suggestion)
    fields.sources.put((record.sources_text, record.source_codes))
    fields.sources.changed.emit()


def texts(form, name):
    return form.body.blocks[name].lines.texts


# --- what comes out is what was meant ---


def test_a_filled_form_is_saved_as_the_record_that_was_typed(form, desk, qtbot):
    fill(form, RECORD)
    with qtbot.waitSignal(form.saved) as told:
        assert form.save()
    saved = entry.record_of(told.args[0])
    assert saved.columns() == RECORD.columns()
    assert (saved.region_codes, saved.source_codes, saved.enterprise_count.number) == (
        ("140105", "140106"),
        ("S2",),
        30,
    )
    assert not form.is_dirty()
    assert form.object_id == told.args[0].object_id
    assert form.base == told.args[0].hash


def test_an_opened_record_saved_unchanged_writes_nothing_and_loses_nothing(form, desk):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    assert form.record() == entry.record_of(step)
    assert form.save()
    assert [each.hash for each in entry.history(desk, step.object_id)] == [step.hash]


def test_a_change_of_one_field_keeps_everything_else_as_it_was(form, desk, fields):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    fields.analysis.setPlainText("控制芯片失效。")
    form.body.more.ties["source_detail.url"].editor.setText("https://example.cn/1")
    assert form.save()
    saved = entry.record_of(entry.current(desk, step.object_id))
    detail = saved.source_detail
    assert saved == FULL.edited(analysis="控制芯片失效。", source_detail=detail)
    assert (detail.publisher, detail.url, detail.extra) == ("12315", "https://example.cn/1", '{"ticket":7}')


def test_typing_something_and_taking_it_back_is_no_change(form, desk, fields):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    fields.regions.line.setText("阳泉市城区")
    assert form.record().region_codes == ("140302",)
    fields.regions.line.setText(FULL.regions_text)
    assert not form.is_dirty()
    assert form.record().region_codes == ("140105",)


def test_going_back_to_the_first_text_after_a_save_is_a_change_again(form, desk, fields):
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    fields.suggestion.setPlainText("建议约谈企业。")
    assert form.save()
    fields.suggestion.setPlainText(RECORD.suggestion)
    assert form.record().suggestion == RECORD.suggestion
    assert form.is_dirty()


def test_empty_fields_stay_empty_and_a_zero_stays_a_zero(form, desk):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    more = form.body.more.ties
    assert (more["injured"].editor.text(), more["dead"].editor.text()) == ("0", "")
    assert (form.record().injured, form.record().dead) == (0, None)


def test_a_duplicate_takes_the_content_along_but_not_the_identity(form, desk):
    form.open_new("2023-06", like=FULL)
    record = form.record()
    assert record.columns() == FULL.columns()
    assert (record.period, record.import_key, record.links, record.accepted) == ("2023-06", "", (), ())
    assert form.object_id == ""
    assert not form.is_dirty()  # nobody has typed anything yet


# --- problems ---


def test_an_empty_new_form_does_not_shout(form):
    assert all(not texts(form, name) for name in form.body.blocks)


def test_what_is_missing_is_told_after_the_field_was_left(form, fields, qtbot):
    fields.product.line.setFocus()
    fields.count.setFocus()
    assert texts(form, "product") == ["未填写“涉及产品”，请补充"]
    assert texts(form, "content") == []
    assert fields.product.line.property("invalid") is True


def test_a_problem_appears_at_the_field_while_typing(form, fields, qtbot):
    fields.count.setFocus()
    fields.count.insert("abc")
    settled(qtbot, form)
    assert "看不出是多少" in texts(form, "enterprise_count_text")[0]
    assert fields.count.property("warned") is True
    fields.count.setText("30")
    settled(qtbot, form)
    assert texts(form, "enterprise_count_text") == []
    assert fields.count.property("warned") is False


def test_a_soft_problem_is_accepted_with_a_reason_and_taken_back(form, fields, desk, qtbot):
    fill(form, RECORD)
    fields.count.setText("没有数过")
    settled(qtbot, form)
    [problem] = open_problems(form.record(), clock.today())
    form.accept_problem(problem, "现场无法清点")
    assert "已接受（现场无法清点）" in texts(form, "enterprise_count_text")[0]
    assert form.save()
    saved = entry.record_of(entry.current(desk, form.object_id))
    assert open_problems(saved, clock.today()) == []
    form.take_back(problem)
    assert texts(form, "enterprise_count_text")[0].startswith("“涉及企业数量”看不出")
    assert form.record().accepted == ()


def test_f9_asks_for_the_reason_in_the_field_and_shift_f9_takes_it_back(form, fields, qtbot):
    fill(form, RECORD)
    fields.count.setText("没有数过")
    settled(qtbot, form)
    fields.product.line.setFocus()
    press(form, Qt.Key.Key_F9)  # nothing to accept here: it leads to where there is
    assert fields.count.hasFocus()
    with qtbot.waitSignal(form.acceptance_wanted) as told:
        press(form, Qt.Key.Key_F9)
    form.accept_problem(told.args[0], "现场无法清点")
    assert "已接受" in texts(form, "enterprise_count_text")[0]
    press(form, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert form.record().accepted == ()


def test_tab_goes_past_the_buttons_of_problems_to_the_next_field(form, fields, qtbot):
    fields.count.setText("没有数过")
    settled(qtbot, form)
    fields.count.setFocus()
    press(form, Qt.Key.Key_Tab)
    assert fields.regions.line.hasFocus()


def test_suggested_criteria_come_after_the_criteria_in_the_order_of_tab(form, fields, qtbot):
    fields.content.setPlainText("电池起火。")
    settled(qtbot, form)
    tick = next(each for each in form.body.criteria.findChildren(QPushButton) if each.text() == "勾选重要 3")
    qtbot.waitUntil(tick.isVisible)
    form.body.criteria.key.target.setFocus()
    press(form, Qt.Key.Key_Tab)
    assert tick.hasFocus()
    press(form, Qt.Key.Key_Space)
    assert form.record().important_codes == ("I3",)


def test_an_accepted_problem_is_asked_about_again_when_the_field_says_something_else(form, fields, qtbot):
    fill(form, RECORD)
    fields.count.setText("没有数过")
    form.accept_problem(open_problems(form.record(), clock.today())[0], "现场无法清点")
    fields.count.setText("也没有数过")
    settled(qtbot, form)
    assert "看不出是多少" in texts(form, "enterprise_count_text")[0]
    assert "已接受" not in texts(form, "enterprise_count_text")[0]


def test_f8_goes_from_problem_to_problem_and_into_the_folded_panel(form, fields, qtbot):
    fill(form, RECORD)
    fields.count.setText("没有数过")
    form.body.more.ties["occurred_on"].editor.setText("前几天")
    fields.product.line.setFocus()
    press(form, Qt.Key.Key_F8)
    assert fields.count.hasFocus()
    press(form, Qt.Key.Key_F8)
    assert form.body.disclosure.is_open
    assert form.body.more.ties["occurred_on"].editor.hasFocus()
    press(form, Qt.Key.Key_F8)
    assert fields.count.hasFocus()


def test_text_that_cannot_be_a_date_is_not_lost_by_saving(form, qtbot):
    fill(form, RECORD)
    form.body.more.ties["discovered_on"].editor.setText("前几天")
    assert not form.save()
    assert "看不出" in texts(form, "discovered_on")[0]
    form.body.more.ties["discovered_on"].editor.setText("5.20")
    assert form.save()
    assert str(form.record().discovered_on) == "2023-05-20"


# --- saving that does not work ---


def test_a_blocked_record_stays_in_the_form_with_the_focus_where_it_is_wrong(form, fields, qtbot):
    fill(form, RECORD)
    fields.product.line.clear()
    fields.analysis.setFocus()
    press(form, Qt.Key.Key_S, CTRL)
    assert "未填写“涉及产品”" in form.footer.message
    assert fields.product.line.hasFocus()
    assert form.record().content == RECORD.content
    assert form.object_id == ""


def test_what_is_blocked_can_be_kept_as_a_draft_and_finished_later(form, fields, desk, qtbot):
    fill(form, RECORD)
    fields.product.line.clear()
    with qtbot.waitSignal(form.drafts_changed):
        assert form.keep_as_draft()
    assert not form.is_dirty()
    assert list(desk.journals.glob("*.journal")) == []
    [draft] = drafting.drafts(desk)
    form.open_unfinished(draft)
    assert form.record() == draft.record
    fields.product.line.setText("充电宝")
    assert form.save()
    assert drafting.drafts(desk) == []
    assert [row.product for row in desk.records.of_period("2023-05")] == ["充电宝"]


def test_a_draft_that_was_being_edited_at_a_kill_is_one_thing_and_not_two(form, fields, desk):
    drafting.keep(desk, RECORD)
    form.open_unfinished(drafting.drafts(desk)[0])
    fields.analysis.setPlainText("补充的分析。")
    form.keep_up()
    form.open_new("2023-05")  # as after a kill: nothing was saved or thrown away
    [left] = drafting.left_unsaved(desk)
    form.open_unfinished(left)
    assert form.record().analysis == "补充的分析。"
    assert form.save()
    assert (drafting.drafts(desk), drafting.left_unsaved(desk)) == ([], [])
    assert [row.analysis for row in desk.records.of_period("2023-05")] == ["补充的分析。"]


def test_a_data_file_held_by_others_leaves_the_text_and_saves_later(form, desk, qtbot):
    fill(form, RECORD)
    other = sqlite3.connect(desk.home / "riskdesk.db", isolation_level=None)
    desk.store.read("PRAGMA busy_timeout = 10")
    try:
        other.execute("BEGIN IMMEDIATE")
        assert not form.save()
        assert form.footer.message.startswith("没有保存")
        assert form.record().columns() == RECORD.columns()
        assert form.is_dirty()
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert form.save()
    assert form.footer.message == ""


def test_a_record_changed_meanwhile_is_told_and_what_to_save_is_asked(form, fields, desk, qtbot):
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    entry.save(desk, RECORD.edited(brand="某牌"), step.object_id, base=step.hash)
    fields.analysis.setPlainText("我的分析。")
    with qtbot.waitSignal(form.merge_wanted) as wanted:
        assert not form.save()
    assert "已被修改" in form.footer.message
    assert fields.analysis.toPlainText() == "我的分析。"
    assert (wanted.args[0].mine.analysis, wanted.args[0].theirs.brand) == ("我的分析。", "某牌")
    texts = [each.text() for each in form.footer.findChildren(QPushButton) if each.isVisible()]
    assert {"核对差异", "存为草稿"} <= set(texts)
    assert "以我的内容保存" not in texts


def test_a_sealed_record_asks_for_the_reason_in_the_form_and_goes_on_after_it(form, fields, desk, qtbot):
    step = entry.save(desk, RECORD)
    seal(desk)
    form.open_record(step.object_id)
    assert form.header.state.text() == "已封存"
    fields.analysis.setPlainText("改过的分析。")
    form.save_and_next()
    assert form.footer.reason.isVisible()
    assert len(entry.history(desk, step.object_id)) == 1
    form.footer.reason.edit.setText("笔误")
    with qtbot.waitSignals([form.saved, form.next_wanted]):
        press(form, Qt.Key.Key_Return)
    assert entry.current(desk, step.object_id).reason == "笔误"
    assert form.header.state.text() == "有更正"


def test_taking_back_the_correction_of_a_sealed_record_gives_the_change_up_and_esc_does_not(form, fields, desk, qtbot):
    step = entry.save(desk, RECORD)
    seal(desk)
    form.open_record(step.object_id)
    fields.analysis.setPlainText("误改的分析。")
    form.save()
    press(form, Qt.Key.Key_Escape)
    assert not form.footer.reason.isVisible()
    assert fields.analysis.toPlainText() == "误改的分析。"
    form.save()
    assert form.footer.reason.cancel.text() == "取消修改(&X)"
    click(form.footer.reason.cancel)
    assert fields.analysis.toPlainText() == RECORD.analysis
    assert not form.is_dirty()
    assert not form.footer.reason.isVisible()
    assert len(entry.history(desk, step.object_id)) == 1


def test_a_record_goes_to_the_bin_with_a_reason(form, desk, qtbot):
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    form.withdraw()
    form.footer.reason.edit.setText("重复录入")
    with qtbot.waitSignal(form.withdrawn) as told:
        click(form.footer.reason.confirm)
    assert (told.args[0].state, told.args[0].reason) == ("withdrawn", "重复录入")


# --- keys ---


def test_ctrl_enter_saves_from_inside_a_text_and_asks_for_the_next(form, fields, qtbot):
    fill(form, RECORD)
    fields.content.setFocus()
    with qtbot.waitSignals([form.saved, form.next_wanted]):
        press(form, Qt.Key.Key_Return, CTRL)
    assert fields.content.toPlainText() == RECORD.content


def test_tab_goes_through_the_fields_from_top_to_bottom(form, fields):
    fields.product.line.setFocus()
    order = [fields.count, fields.regions.line, fields.content, fields.analysis, fields.suggestion]
    for edit in order:
        press(form, Qt.Key.Key_Tab)
        assert edit.hasFocus()
    press(form, Qt.Key.Key_Tab)
    assert fields.sources.ticks.boxes["S1"].hasFocus()
    press(form, Qt.Key.Key_Tab)
    assert fields.sources.detail.hasFocus()
    press(form, Qt.Key.Key_Tab)
    assert form.body.criteria.important.boxes["I1"].hasFocus()


def test_digits_tick_the_sources_and_esc_loses_nothing(form, fields):
    fields.sources.ticks.target.setFocus()
    press(form, Qt.Key.Key_3)
    press(form, Qt.Key.Key_6)
    press(form, Qt.Key.Key_Escape)
    assert form.record().source_codes == ("S3", "S6")
    assert form.record().sources_text == "市场监管部门日常监管中发现的；网络及媒体报道的"
    assert fields.sources.ticks.boxes["S6"].hasFocus()


def test_alt_m_unfolds_the_optional_fields_and_alt_letters_reach_the_printed_ones(form, fields, qtbot):
    alt = Qt.KeyboardModifier.AltModifier
    press(form, Qt.Key.Key_M, alt)
    qtbot.waitUntil(lambda: form.body.disclosure.is_open)
    for letter, edit in (("C", fields.content), ("R", fields.regions.line), ("J", fields.suggestion)):
        press(form, getattr(Qt.Key, f"Key_{letter}"), alt)
        assert edit.hasFocus()
    press(form, Qt.Key.Key_Y, alt)
    assert fields.sources.ticks.boxes["S1"].hasFocus()


def test_a_cell_that_is_being_typed_into_is_saved_too(form):
    fill(form, RECORD)
    form.body.disclosure.open()
    form.body.more.enterprises.add.click()
    form.body.more.enterprises.table.editItem(form.body.more.enterprises.table.item(0, 0))
    QApplication.focusWidget().setText("某某电子")
    press(form, Qt.Key.Key_S, CTRL)
    assert [each.name for each in form.record().enterprises] == ["某某电子"]
    assert not form.is_dirty()


def test_a_field_is_filled_from_another_record_and_undone_by_ctrl_z(form, fields):
    fields.content.setPlainText("自己写的。")
    fields.content.setFocus()
    assert form.fill_field_from(RECORD)
    assert fields.content.toPlainText() == RECORD.content
    press(form, Qt.Key.Key_Z, CTRL)
    assert fields.content.toPlainText() == "自己写的。"
    fields.sources.ticks.target.setFocus()
    assert form.fill_field_from(RECORD)
    assert form.record().source_codes == ("S2",)


def test_undo_in_a_text_survives_a_save(form, fields):
    fill(form, RECORD)
    fields.analysis.setFocus()
    commit(fields.analysis, "补充：")
    assert form.save()
    press(form, Qt.Key.Key_Z, CTRL)
    assert fields.analysis.toPlainText() == RECORD.analysis


# --- input methods ---


def test_what_is_being_composed_is_never_touched(form, fields, qtbot):
    fields.content.setFocus()
    compose(fields.content, "guochong")
    assert not form.fill_field_from(RECORD)
    fields.regions.line.setFocus()
    compose(fields.regions.line, "xiaodian")
    assert not fields.regions.line.offered
    commit(fields.regions.line, "太原市小店区")
    settled(qtbot, form)
    assert fields.regions.line.text() == "太原市小店区"
    assert fields.regions.chips() == ["太原市小店区"]


def test_problems_wait_while_an_input_method_composes(form, fields, qtbot):
    fill(form, RECORD)
    settled(qtbot, form)
    fields.count.setFocus()
    fields.count.setText("没有数过")
    compose(fields.count, "shu")
    settled(qtbot, form)
    assert texts(form, "enterprise_count_text") == []
    commit(fields.count, "数")
    settled(qtbot, form)
    assert texts(form, "enterprise_count_text") != []


# --- suggestions ---


def test_a_product_is_completed_by_its_initials_and_its_category_offered_but_not_filled_in(form, fields, qtbot):
    fields.product.line.setFocus()
    for key in "dxdl":
        press(form, getattr(Qt.Key, f"Key_{key.upper()}"))
    assert fields.product.line.offered[0].text == "电线电缆"
    press(form, Qt.Key.Key_Return)
    assert form.record().product == "电线电缆"
    assert form.record().category == ""
    assert fields.product.offer.isVisible()
    press(form, Qt.Key.Key_Tab)
    assert fields.count.hasFocus()  # who types on is not held up by the offer
    press(form, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: form.record().category != "")
    assert (form.record().category, form.record().focus_group) == ("工业生产资料", "F1")
    assert not fields.product.offer.isVisible()


def test_several_regions_are_completed_one_after_the_other(form, fields):
    fields.regions.line.setFocus()
    for word in ("小店", "、迎泽"):
        commit(fields.regions.line, word)
        press(form, Qt.Key.Key_Down)
        press(form, Qt.Key.Key_Return)
    assert fields.regions.line.text() == "太原市小店区、太原市迎泽区"
    assert fields.regions.chips() == ["太原市小店区", "太原市迎泽区"]
    assert form.record().region_codes == ("140105", "140106")


def test_esc_closes_the_suggestions_and_keeps_the_text(form, fields):
    fields.product.line.setFocus()
    commit(fields.product.line, "电")
    assert fields.product.line.offered
    press(form, Qt.Key.Key_Escape)
    assert not fields.product.line.offered
    assert fields.product.line.text() == "电"


# --- the journal ---


def test_typing_is_in_the_journal_and_gone_after_the_save(form, desk, qtbot):
    fill(form, RECORD)
    with qtbot.waitSignal(form._keeper.kept):
        pass
    assert "已自动保存" in form.header.kept.text()
    [left] = drafting.left_unsaved(desk)
    assert left.record.columns() == RECORD.columns()
    assert left.id == form.form_id
    assert form.save()
    assert drafting.left_unsaved(desk) == []
    assert list(desk.journals.glob("*.journal")) == []


def test_an_untouched_form_has_no_journal(form, desk):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    form.keep_up()
    form.open_new("2023-05")
    form.keep_up()
    assert list(desk.journals.glob("*")) == []


def test_typing_that_ends_where_it_began_leaves_no_journal(form, fields, desk, qtbot):
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    fields.analysis.setPlainText("别的。")
    form.keep_up()
    assert len(list(desk.journals.glob("*.journal"))) == 1
    fields.analysis.setPlainText(RECORD.analysis)
    form.keep_up()
    assert list(desk.journals.glob("*.journal")) == []


def test_what_a_kill_left_is_gone_on_with_and_its_journal_ends_with_the_save(form, desk, fields):
    step = entry.save(desk, RECORD)
    lost = entry.journal(desk, "lost", step.object_id, step.hash)
    lost.type(record_to_body(RECORD.edited(brand="某牌")), clock.now())
    [left] = drafting.left_unsaved(desk)
    form.open_unfinished(left)
    assert form.form_id == "lost"
    assert form.is_dirty()
    assert form.record().brand == "某牌"
    assert form.save()
    assert drafting.left_unsaved(desk) == []
    assert entry.record_of(entry.current(desk, step.object_id)).brand == "某牌"


def test_a_journal_that_cannot_be_written_is_told_once_and_tried_again(form, fields, desk, qtbot):
    desk.journals.parent.mkdir(exist_ok=True)
    desk.journals.write_text("a file where the folder should be")
    with qtbot.waitSignal(form._keeper.failed):
        fields.content.setPlainText("过热。")
    assert "自动保存没有成功" in form.footer.banner
    assert fields.content.toPlainText() == "过热。"
    desk.journals.unlink()
    with qtbot.waitSignal(form._keeper.recovered, timeout=3000):
        pass
    assert form.footer.banner == ""
    [left] = drafting.left_unsaved(desk)
    assert left.record.content == "过热。"


def test_discarded_text_is_gone_from_the_form_and_in_the_audit_log(form, fields, desk, qtbot):
    step = entry.save(desk, RECORD)
    form.open_record(step.object_id)
    fields.analysis.setPlainText("不要的分析。")
    with qtbot.waitSignal(form.closed):
        form.discard()
    assert form.record() == RECORD
    assert drafting.left_unsaved(desk) == []
    assert any("不要的分析" in row[0] for row in desk.store.read("SELECT detail FROM audit"))


def test_the_next_record_leaves_the_unsaved_one_in_its_journal(form, fields, desk):
    fields.content.setPlainText("没有保存的内容。")
    form.open_new("2023-05")
    assert [each.record.content for each in drafting.left_unsaved(desk)] == ["没有保存的内容。"]
    assert form.record().content == ""


# --- accessibility ---


def test_every_place_that_takes_the_focus_has_a_name(form, desk):
    step = entry.save(desk, FULL)
    form.open_record(step.object_id)
    form.body.disclosure.open()
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in form.findChildren(QWidget)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus
        and each.isVisibleTo(form)
        and each.focusProxy() is None
        and not isinstance(each.parent(), QComboBox)
        and not each.accessibleName()
    ]
    assert nameless == []


def test_text_that_cannot_be_read_yet_comes_back_with_the_draft(form, desk):
    form.open_new("2023-05", like=RECORD)
    dates = form.body.more.findChildren(DateEdit)
    dates[0].setText("五月下旬某天")
    assert form.keep_as_draft()
    assert not form.is_dirty()
    form.open_new("2023-05")
    [draft] = drafting.drafts(desk)
    form.open_unfinished(draft)
    assert dates[0].text() == "五月下旬某天"
    dates[0].setText("5月20日")
    assert form.save()
    saved = entry.record_of(entry.current(desk, form.object_id))
    assert saved.original == {}
    assert "2023-05-20" in (str(saved.discovered_on), str(saved.occurred_on))
