"""The page of records: finding, going from one to the next, undoing across records, and never leaving typing behind."""

import sqlite3

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from riskdesk import clock
from riskdesk.domain.records import Record
from riskdesk.services import drafting, entry
from riskdesk.services.completion import Completion
from riskdesk.ui.dialogs.accept_problem import AcceptProblemDialog
from riskdesk.ui.dialogs.bin import BinDialog
from riskdesk.ui.dialogs.history import HistoryDialog
from riskdesk.ui.dialogs.overtaken import OvertakenDialog
from riskdesk.ui.dialogs.unfinished import UnfinishedDialog
from riskdesk.ui.models.record_table import COLUMNS, UNIT
from riskdesk.ui.pages.records import RecordsPage

CTRL = Qt.KeyboardModifier.ControlModifier
PRODUCT, LEVEL = (next(at for at, each in enumerate(COLUMNS) if each.title == title) for title in ("涉及产品", "级别"))


def record(product, **more):
    return Record("2023-05", product=product, content=f"{product}抽检不合格，存在安全隐患。", **more)


@pytest.fixture
def page(app, desk, jobs, qtbot):
    for product in ("电热毯", "头盔", "老年鞋"):
        entry.save(desk, record(product))
    page = RecordsPage(desk, desk.reference.periods.period("2023-05"), Completion(desk))
    page.changed.connect(page.mark_stale)
    qtbot.addWidget(page)
    page.resize(1160, 700)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    yield page
    page.form.discard()
    qtbot.waitUntil(page.stop)


def products(page):
    return [page.model.index(row, PRODUCT).data() for row in range(page.model.rowCount())]


def choose(page, row):
    page.open_record(page.table.id_at(row))


def click(page, row):
    place = page.table.visualRect(page.model.index(row, PRODUCT)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QCoreApplication.processEvents()


def type_content(page, text):
    page.form.body.binding.fill("content", Record("2023-05", content=text))


def press(page, key, modifiers=Qt.KeyboardModifier.NoModifier, on=None):
    QTest.keyClick(on or QApplication.focusWidget() or page, key, modifiers)


def test_the_newest_record_stands_first_and_a_click_opens_it(page):
    assert products(page) == ["老年鞋", "头盔", "电热毯"]
    choose(page, 1)
    assert page.form.record().product == "头盔"


def test_what_is_typed_into_the_search_narrows_the_list_at_once(page, qtbot):
    page.filters.search.setText("头盔 不合格")
    qtbot.waitUntil(lambda: products(page) == ["头盔"])
    page.filters.clear()
    qtbot.waitUntil(lambda: len(products(page)) == 3)


def test_too_many_search_words_are_told_and_the_list_stays(page, qtbot):
    page.filters.search.setText(" ".join(f"词{n}" for n in range(150)))
    qtbot.waitUntil(page._trouble.isVisible)
    assert "搜索词太多" in page._trouble.text()
    assert len(products(page)) == 3


def test_a_heading_sorts_and_sorts_the_other_way_round(page):
    page.table.sortByColumn(PRODUCT, Qt.SortOrder.AscendingOrder)
    ascending = products(page)
    page.table.sortByColumn(PRODUCT, Qt.SortOrder.DescendingOrder)
    assert products(page) == ascending[::-1] != ["老年鞋", "头盔", "电热毯"]


def test_level_and_state_are_told_by_words_and_not_by_colour_alone(page, desk):
    entry.save(desk, record("充电器", key_codes=("K1",)))
    page.refresh()
    texts = [page.model.index(0, column).data() for column in range(len(COLUMNS))]
    assert texts[LEVEL : LEVEL + 2] == ["重点", "待核"]


def test_leaving_a_changed_record_saves_it(page, desk):
    choose(page, 0)
    type_content(page, "改过的内容，仍然不合格。")
    choose(page, 1)
    assert page.form.record().product == "头盔"
    assert {row.content for row in desk.records.every()} >= {"改过的内容，仍然不合格。"}


def test_a_record_that_cannot_be_saved_is_not_left(page, desk):
    choose(page, 0)
    page.form.body.binding.fill("product", Record("2023-05"))
    choose(page, 1)
    assert page.form.object_id == page.model.listed(0).row.id
    assert page.table.currentIndex().row() == 0
    assert "涉及产品" in page.form.footer.message


def test_save_and_next_goes_down_the_list_and_ends_with_an_empty_form(page):
    choose(page, 1)
    type_content(page, "第一次改动，不合格。")
    press(page, Qt.Key.Key_Return, CTRL, page.form)
    assert page.form.record().product == "电热毯"
    press(page, Qt.Key.Key_Return, CTRL, page.form)
    assert page.form.object_id == ""


def test_the_place_far_down_a_long_list_is_kept_after_a_save(page, desk):
    for number in range(300):
        entry.save(desk, record(f"产品{number}"))
    page.refresh()
    choose(page, 260)
    shown, following = page.form.record().product, page.model.listed(261).row.product
    type_content(page, "改过的内容，仍然不合格。")
    press(page, Qt.Key.Key_Return, CTRL, page.form)
    assert page.form.record().product == following != shown
    assert page.table.currentIndex().row() == 261


def test_after_a_new_record_comes_another_new_one(page, desk):
    page.new_record()
    page.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    type_content(page, "渗透性能不合格，存在隐患。")
    press(page, Qt.Key.Key_Return, CTRL, page.form)
    assert page.form.object_id == ""
    assert page.form.record().product == ""
    assert "爬行垫" in products(page)


def test_a_click_after_typing_a_new_record_opens_the_row_clicked_and_delete_means_that_one(page, desk):
    page.new_record()
    page.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    type_content(page, "渗透性能不合格，存在隐患。")
    wanted = page.model.listed(1).row.product
    click(page, 1)
    assert "爬行垫" in products(page)
    assert page.form.record().product == wanted
    assert page.table.id_at(page.table.row()) == page.form.object_id
    page.table.setFocus()
    press(page, Qt.Key.Key_Delete, on=page.table)
    page.form.footer.reason.given.emit("录入有误")
    assert wanted not in products(page)
    assert "爬行垫" in products(page)


def test_a_click_that_is_refused_leaves_list_and_form_on_the_same_record(page):
    choose(page, 0)
    page.form.body.binding.fill("product", Record("2023-05"))
    click(page, 2)
    assert page.table.id_at(page.table.row()) == page.form.object_id == page.table.id_at(0)


def test_an_untouched_duplicate_becomes_no_record(page, desk):
    choose(page, 1)
    page.duplicate_last()
    choose(page, 0)
    assert len(desk.records.every()) == 3


def test_undo_saves_what_is_typed_first_and_then_takes_that_back(page, desk):
    choose(page, 0)
    type_content(page, "老年鞋改了。")
    page.form.save()
    choose(page, 1)
    type_content(page, "头盔改了。")
    page.undo()
    contents = {row.content for row in desk.records.every()}
    assert "老年鞋改了。" in contents
    assert "头盔改了。" not in contents
    assert page.form.record().product == "头盔"


def test_undo_does_not_take_away_what_came_in_meanwhile(page, desk):
    choose(page, 0)
    type_content(page, "老年鞋改了。")
    page.form.save()
    object_id = page.form.object_id
    now = entry.current(desk, object_id)
    entry.save(desk, entry.record_of(now).edited(content="县局导入的新内容。"), object_id, base=now.hash)
    page.refresh()
    assert page.form.record().content == "县局导入的新内容。"
    page.undo()
    assert "后来又有改动" in page._trouble.text()
    assert "县局导入的新内容。" in {row.content for row in desk.records.every()}


def test_after_putting_a_record_into_the_bin_the_next_one_is_shown(page):
    choose(page, 0)
    page.form.withdraw()
    page.form.footer.reason.given.emit("录入有误")
    assert page.form.record().product == "头盔"
    assert page.table.id_at(page.table.row()) == page.form.object_id


def test_save_and_next_goes_on_though_the_saved_record_leaves_the_list(page, qtbot):
    page.filters.search.setText("不合格")
    qtbot.waitUntil(lambda: len(products(page)) == 3)
    choose(page, 0)
    type_content(page, "换了说法，找不到了。")
    press(page, Qt.Key.Key_Return, CTRL, page.form)
    assert page.form.record().product == "头盔"


def test_a_draft_that_is_open_is_not_opened_twice(page, desk):
    page.new_record()
    page.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    type_content(page, "渗透性能不合格，存在隐患。")
    page.form.keep_as_draft()
    [draft] = drafting.drafts(desk)
    type_content(page, "渗透性能不合格，存在很大隐患。")
    page.resume(draft)
    assert page.form.save()
    page.new_record()
    assert [row.product for row in desk.records.every()].count("爬行垫") == 1


def test_a_new_period_moves_an_untouched_form_and_the_list(page, desk):
    page.show_now(desk.reference.periods.period("2023-06"))
    assert page.form.record().period == "2023-06"
    assert page.filters.filter().period == "2023-06"


def test_undo_and_redo_go_across_records(page, desk):
    choose(page, 0)
    type_content(page, "老年鞋改了。")
    page.form.save()
    choose(page, 1)
    type_content(page, "头盔改了。")
    page.form.save()
    page.undo()
    assert "头盔改了。" not in {row.content for row in desk.records.every()}
    page.undo()
    assert "老年鞋改了。" not in {row.content for row in desk.records.every()}
    assert page.form.record().product == "老年鞋"
    page.redo()
    page.redo()
    assert {"老年鞋改了。", "头盔改了。"} <= {row.content for row in desk.records.every()}


def test_undoing_a_new_record_puts_it_into_the_bin_and_redo_takes_it_out(page, desk):
    page.new_record()
    page.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    type_content(page, "渗透性能不合格，存在隐患。")
    page.form.save()
    page.undo()
    assert "爬行垫" not in products(page)
    page.redo()
    assert "爬行垫" in products(page)


def test_delete_puts_a_record_into_the_bin_with_a_reason_and_undo_brings_it_back(page, desk):
    choose(page, 1)
    page.table.setFocus()
    press(page, Qt.Key.Key_Delete, on=page.table)
    assert page.form.footer.reason.isVisible()
    page.form.footer.reason.given.emit("录入有误")
    assert products(page) == ["老年鞋", "电热毯"]
    page.undo()
    assert sorted(products(page)) == sorted(["老年鞋", "头盔", "电热毯"])


def test_the_bin_gives_a_record_back_and_that_can_be_undone(page, desk):
    [row] = [each for each in desk.records.every() if each.product == "头盔"]
    entry.withdraw(desk, row.id, "录入有误")
    page.refresh()
    page.show_bin()
    dialog = page.findChild(BinDialog)
    dialog.table.selectRow(0)
    dialog.restore.click()
    dialog.reject()
    assert "头盔" in products(page)
    page.undo()
    assert "头盔" not in products(page)


def test_a_version_restored_from_the_history_can_be_undone(page, desk):
    choose(page, 0)
    before = page.form.record().content
    type_content(page, "改过的内容。")
    page.form.save()
    page.show_history()
    dialog = page.findChild(HistoryDialog)
    dialog.table.selectRow(1)
    dialog.restore.click()
    assert page.form.record().content == before
    page.undo()
    assert page.form.record().content == "改过的内容。"


def test_a_duplicate_of_the_record_shown_is_a_new_one(page, desk):
    choose(page, 1)
    page.duplicate_last()
    assert page.form.object_id == ""
    assert page.form.record().product == "头盔"


def test_a_field_is_filled_from_the_record_above(page):
    page.new_record()
    page.form.body.go(page.form.body.blocks["content"])
    page.fill_from_above()
    assert page.form.record().content == "老年鞋抽检不合格，存在安全隐患。"
    choose(page, 1)
    page.form.body.go(page.form.body.blocks["content"])
    page.fill_from_above()
    assert page.form.record().content == "老年鞋抽检不合格，存在安全隐患。"


def test_a_draft_is_counted_listed_and_gone_on_with(page, desk):
    page.new_record()
    type_content(page, "只有内容，还没有产品。")
    assert page.form.keep_as_draft()
    assert page._drafts.text() == "草稿 1"
    page.new_record()
    page.show_drafts()
    dialog = page.findChild(UnfinishedDialog)
    dialog.resume.click()
    assert page.form.record().content == "只有内容，还没有产品。"
    page.form.body.binding.fill("product", Record("2023-05", product="爬行垫"))
    assert page.form.save()
    assert drafting.drafts(desk) == []


def test_keys_lead_from_search_to_list_to_form_and_back(page, qtbot):
    choose(page, 2)
    press(page, Qt.Key.Key_F, CTRL, page.table)
    assert page.filters.search.hasFocus()
    press(page, Qt.Key.Key_Down, on=page.filters.search)
    assert page.table.hasFocus()
    press(page, Qt.Key.Key_F6, on=page.table)
    assert page.form.isAncestorOf(QApplication.focusWidget())
    press(page, Qt.Key.Key_F6)
    assert page.table.hasFocus()
    press(page, Qt.Key.Key_PageUp, CTRL, page.table)
    assert page.table.currentIndex().row() == 1


def test_rows_that_cannot_be_read_are_shown_as_such_and_cannot_be_chosen(page, desk):
    page.model.refresh()
    desk.store.connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(desk.store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert page.model.index(0, PRODUCT).data() == "无法读取"
    assert not page.model.flags(page.model.index(0, PRODUCT)) & Qt.ItemFlag.ItemIsEnabled
    other.execute("ROLLBACK")
    other.close()
    page.model.refresh()
    assert products(page) == ["老年鞋", "头盔", "电热毯"]


def test_f9_works_while_the_focus_is_in_the_list(page, desk, qtbot):
    choose(page, 0)  # its analysis is missing, among others
    page.table.setFocus()
    press(page, Qt.Key.Key_F9, on=page.table)
    [dialog] = page.findChildren(AcceptProblemDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.reason.setText("来源材料未提供，正在核实")
    press(page, Qt.Key.Key_Return, on=dialog.reason)
    assert len(page.form.record().accepted) == 1


def test_f8_leads_from_the_list_to_the_first_problem(page):
    choose(page, 0)
    page.table.setFocus()
    press(page, Qt.Key.Key_F8, on=page.table)
    assert page.form.body.focused_field()


def test_undo_after_a_merge_takes_back_mine_and_leaves_what_the_other_one_saved(page, desk):
    choose(page, 0)
    object_id, base = page.form.object_id, page.form.base
    type_content(page, "我填的内容，存在安全隐患。")
    before = entry.record_of(entry.current(desk, object_id))
    entry.save(desk, before.edited(brand="别人填的"), object_id, base=base)
    assert not page.form.save()
    [dialog] = page.findChildren(OvertakenDialog)
    dialog.save.click()
    assert entry.record_of(entry.current(desk, object_id)).brand == "别人填的"
    page.undo()
    now = entry.record_of(entry.current(desk, object_id))
    assert now == before.edited(brand="别人填的")


def test_taking_all_of_the_other_one_leaves_nothing_to_undo(page, desk):
    choose(page, 0)
    object_id, base = page.form.object_id, page.form.base
    type_content(page, "我填的内容，存在安全隐患。")
    entry.save(desk, entry.record_of(entry.current(desk, object_id)).edited(brand="别人填的"), object_id, base=base)
    assert not page.form.save()
    [dialog] = page.findChildren(OvertakenDialog)
    dialog.all_theirs.click()
    dialog.save.click()
    assert page._steps.to_undo is None
    assert page.model.rowCount() == 3


def shown_columns(page):
    return [each.title for at, each in enumerate(COLUMNS) if not page.table.isColumnHidden(at)]


def test_an_office_with_its_own_records_alone_sees_no_units(page):
    assert "填报单位" not in shown_columns(page)


def test_a_record_kept_for_another_unit_shows_whose_each_is(page, desk):
    entry.save(desk, record("充电宝", unit="坞城市场监督管理所"))
    page.refresh()
    assert shown_columns(page)[:2] == ["涉及产品", "填报单位"]
    assert [page.model.index(row, UNIT).data() for row in range(2)] == ["坞城市场监督管理所", "本单位"]


def test_the_column_of_units_cannot_be_sorted_and_leaves_the_order_as_it_is(page, desk):
    entry.save(desk, record("充电宝", unit="坞城市场监督管理所"))
    page.refresh()
    header = page.table.horizontalHeader()
    page.table.sortByColumn(PRODUCT, Qt.SortOrder.AscendingOrder)
    before = products(page)
    page.table.sortByColumn(UNIT, Qt.SortOrder.AscendingOrder)
    assert products(page) == before
    assert header.sortIndicatorSection() == PRODUCT


def test_the_date_makes_room_where_units_are_shown_on_a_narrow_screen(page, desk):
    entry.save(desk, record("充电宝", unit="坞城市场监督管理所"))
    page.refresh()
    page.table.resize(400, 300)
    assert "日期" not in shown_columns(page)
    page.table.resize(1400, 300)
    assert "日期" in shown_columns(page)


def test_form_and_list_tell_the_state_of_a_record_in_the_same_words(page, desk):
    choose(page, 0)
    assert page.form.header.state.text() == "待核"
    [row] = [row for row in desk.records.every() if row.id == page.form.object_id]
    with desk.store.write("张三", "seal") as writing:
        given = {"org": desk.office.code, "period": "2023-05", "kind": "monthly", "items": [row.revision]}
        draft = desk.submissions.put_draft(writing, **given, at=clock.now())
        desk.submissions.seal(writing, draft.id, nil=False, reason="", at=clock.now())
    page.refresh()
    assert page.form.header.state.text() == "已封存"
    with desk.store.write("张三", "hand over") as writing:
        desk.packages.note_sent(writing, [row.revision])
    page.refresh()
    state = next(at for at, each in enumerate(COLUMNS) if each.title == "状态")
    assert page.model.index(page.model.row_of(row.id), state).data() == "已导出"
    assert page.form.header.state.text() == "已导出"


def test_the_line_above_the_list_folds_where_the_window_is_narrow(page):
    page.resize(900, 700)
    assert page._new.mapTo(page, page._new.rect().topLeft()).y() > page.filters.geometry().bottom()
    assert page.minimumSizeHint().width() < 900
    page.resize(1300, 700)
    assert page._new.mapTo(page, page._new.rect().topLeft()).y() < page.filters.geometry().bottom()
