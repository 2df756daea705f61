"""The preview of a paste or an import: nothing is written before, what is ticked is taken, the rest can be kept."""

import csv
import time

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QWidget

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.errors import InputError
from riskdesk.services import importing, overview, pasting
from riskdesk.services.importing import ReadSource
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.models.import_rows import ImportRowsModel
from riskdesk.ui.models.tick_rows import OUTCOME, TAKE

TITLES = [column.title for column in COLUMNS]
ROWS = [
    ("电热毯", "3", "太原市小店区", "表面温度过高，存在烫伤风险。", "控温器失效。", "建议抽查。", "消费者投诉、举报的"),
    ("插座", "约10", "太原市迎泽区", "插孔接触不良，发热冒烟。", "材质差。", "建议约谈。", "消费者投诉、举报的"),
    ("", "1", "太原市迎泽区", "没有写产品的一行内容。", "", "", ""),
]


def pasted(*rows):
    return [pasting.source(pasting.pasted("", "".join("\t".join(row) + "\r\n" for row in rows)))]


@pytest.fixture
def opened(qtbot, jobs, desk):
    """Open the preview of some sources, and wait until it is ready."""
    window = QWidget()  # the dialogs delete themselves
    qtbot.addWidget(window)
    window.show()

    def open_preview(sources, taken=lambda _result: None):
        dialog = ImportPreview(desk, jobs, sources, taken, window)
        dialog.open()
        ready(qtbot, dialog)
        return dialog

    return open_preview


def ready(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog._job is None, timeout=20_000)


def outcomes(dialog):
    return [dialog.rows.index(row, OUTCOME).data() for row in range(dialog.rows.rowCount())]


def ticks(dialog):
    model = dialog.rows
    found = [model.index(row, TAKE).data(Qt.ItemDataRole.CheckStateRole) for row in range(model.rowCount())]
    return [None if each is None else Qt.CheckState(each) == Qt.CheckState.Checked for each in found]


def test_every_row_is_shown_with_its_outcome_and_nothing_is_written(opened, desk):
    dialog = opened(pasted(TITLES, *ROWS))
    assert outcomes(dialog) == ["新增", "新增", "不能导入"]
    assert ticks(dialog) == [True, True, None]
    assert "读到 3 行：新增 2、不能导入 1" in dialog._counts.text()
    assert overview.listed(desk) == []


def test_return_takes_what_space_left_ticked_and_the_rest_become_drafts(opened, desk, qtbot):
    results = []
    dialog = opened(pasted(TITLES, *ROWS), results.append)
    dialog.table.setFocus()
    dialog.table.selectRow(1)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticks(dialog) == [True, False, None]
    dialog.drafts.setChecked(True)
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        qtbot.keyPress(dialog.table, Qt.Key.Key_Return)  # its release finds the window disabled
    assert [each.row.product for each in overview.listed(desk)] == ["电热毯"]
    assert [each.body.get("product", "") for each in desk.drafts.every()] == ["插座", ""]
    [result] = results
    assert result.id


def test_control_a_ticks_all_and_all_are_taken(opened, desk, qtbot):
    dialog = opened(pasted(TITLES, *ROWS))
    dialog.rows.toggle([0, 1])
    assert ticks(dialog) == [False, False, None]
    assert not dialog.take_chosen.isEnabled()
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert ticks(dialog) == [True, True, None]
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.take_all.click()
    assert len(overview.listed(desk)) == 2
    assert desk.drafts.every() == []


def test_a_column_read_as_something_else_plans_again_and_is_remembered_after_taking(opened, desk, qtbot):
    rows = [("物品", "毛病"), ("水壶", "壶身带电，有触电危险。"), ("灯", "漏电伤人，已有两起。")]
    dialog = opened(pasted(*rows))
    dialog.columns.choose("物品", "content")
    dialog.columns.choose("毛病", "product")
    ready(qtbot, dialog)
    assert dialog.rows.index(0, 3).data() == rows[1][1]
    dialog.reject()
    again = opened(pasted(*rows))
    assert again.rows.index(0, 3).data() == "水壶"
    again.columns.choose("物品", "content")
    again.columns.choose("毛病", "product")
    ready(qtbot, again)
    with qtbot.waitSignal(again.accepted, timeout=20_000):
        again.take_all.click()
    third = opened(pasted(rows[0], ("锅", "锅把断裂，烫伤一人。")))
    assert third.rows.index(0, 3).data() == "锅把断裂，烫伤一人。"


def test_the_period_can_be_chosen(opened, desk, qtbot):
    dialog = opened(pasted(TITLES, ROWS[0]))
    assert dialog.rows.row(0).planned.period == "2023-05"
    dialog.period.setCurrentIndex(dialog.period.findData("2023-04"))
    ready(qtbot, dialog)
    assert dialog.rows.row(0).planned.period == "2023-04"
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.take_all.click()
    assert overview.listed(desk)[0].row.period == "2023-04"


def test_an_update_shows_what_it_was_and_what_it_is(opened, desk, tmp_path):
    from riskdesk.services import entry, exporting

    importing.take(desk, [importing.opened(desk, each) for each in pasted(TITLES, ROWS[0])])
    [file] = exporting.export_period(desk, "2023-05", tmp_path, [exporting.Format.XLSX]).files
    book = openpyxl.load_workbook(file)
    book.active.cell(5, 5).value = "温控器老化。"
    book.save(file)
    assert entry.history(desk, overview.listed(desk)[0].row.id)
    dialog = opened(importing.read_sources([file]))
    assert outcomes(dialog) == ["更新"]
    shown = dialog.details.toPlainText()
    assert "原为：控温器失效。" in shown
    assert "现为：温控器老化。" in shown


def test_only_rows_with_problems_are_shown_when_wanted_and_the_others_stay_ticked(opened):
    dialog = opened(pasted(TITLES, *ROWS))
    dialog.only_problems.setChecked(True)
    assert outcomes(dialog) == ["不能导入"]
    assert "未填写“涉及产品”" in dialog.details.toPlainText() or "没有填写" in dialog.details.toPlainText()
    assert dialog.rows.chosen() == {(0, 0), (0, 1)}


def test_columns_chosen_before_the_planning_ended_are_kept_whatever_is_chosen_next(opened, desk, qtbot):
    rows = [("物品", "毛病"), ("水壶", "壶身带电，有触电危险。")]
    dialog = opened(pasted(*rows))
    dialog.columns.choose("物品", "content")
    dialog.columns.choose("毛病", "product")
    dialog.period.setCurrentIndex(dialog.period.findData("2023-04"))
    ready(qtbot, dialog)
    assert dialog.rows.row(0).planned.record.product == rows[1][1]
    assert dialog.rows.row(0).planned.period == "2023-04"
    assert dialog.columns.mapping().columns == {"content": ("物品",), "product": ("毛病",)}


def test_the_columns_of_two_files_can_be_changed_one_right_after_the_other(opened, desk, qtbot):
    rows = [("物品", "毛病"), ("水壶", "壶身带电，有触电危险。")]
    dialog = opened([*pasted(*rows), *pasted(*rows)])
    for file in (0, 1):
        dialog.file.setCurrentIndex(file)
        dialog.columns.choose("物品", "content")
    dialog.file.setCurrentIndex(0)
    dialog.columns.choose("毛病", "product")
    dialog.file.setCurrentIndex(1)
    assert dialog.columns.mapping().columns["content"][0] == "物品"
    dialog.columns.choose("毛病", "product")
    ready(qtbot, dialog)
    found = [dialog.rows.row(number).planned.record.product for number in (0, 1)]
    assert found == [rows[1][1]] * 2


def written(path, unit, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[f"填报单位：{unit}"], TITLES, *rows])
    return importing.read_sources([path])


def test_a_form_of_a_foreign_office_is_told_and_its_rows_wait_for_a_person(opened, desk, qtbot, tmp_path):
    dialog = opened(written(tmp_path / "a.csv", "迎泽区市场监督管理局", *ROWS[:2]))
    told = "表中填报单位是“迎泽区市场监督管理局”，不是本单位或下级单位，请确认是否应导入（将作为代录）。"
    assert dialog._stranger.text() == told
    assert dialog._stranger.isVisible()
    assert ticks(dialog) == [False, False]
    assert not dialog.take_chosen.isEnabled()
    dialog.rows.toggle([1])
    dialog.period.setCurrentIndex(dialog.period.findData("2023-04"))
    ready(qtbot, dialog)
    assert ticks(dialog) == [False, True]  # what was ticked stays so
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert ticks(dialog) == [True, True]


def test_a_form_of_an_office_below_is_ticked_without_a_word(opened, tmp_path):
    dialog = opened(written(tmp_path / "a.csv", "坞城所", *ROWS[:2]))
    assert not dialog._stranger.isVisible()
    assert ticks(dialog) == [True, True]


def test_a_row_that_says_hardly_anything_is_not_ticked_and_says_why(opened, desk):
    dialog = opened(pasted(TITLES, ROWS[0], ("灯", "1", "太原市小店区", "12345678", "", "", "")))
    assert ticks(dialog) == [True, False]
    assert "没有文字" in dialog.rows.index(1, 5).data()


def test_the_sheet_is_named_only_where_there_are_several(opened, tmp_path):
    book = openpyxl.Workbook()
    for row in (TITLES, ROWS[0]):
        book.active.append(row)
    book.save(tmp_path / "one.xlsx")
    more = book.create_sheet("四月")
    for row in (TITLES, ROWS[1]):
        more.append(row)
    book.save(tmp_path / "two.xlsx")
    one = opened(importing.read_sources([tmp_path / "one.xlsx"]))
    assert one.rows.index(0, 2).data() == "第 2 行"
    two = opened(importing.read_sources([tmp_path / "two.xlsx"]))
    assert [two.rows.index(row, 2).data() for row in (0, 1)] == ["Sheet 第 2 行", "四月 第 2 行"]


def test_a_dialog_that_takes_stays_until_all_is_taken(opened, desk, qtbot):
    results = []
    dialog = opened(pasted(TITLES, *ROWS), results.append)
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.take_all.click()
        dialog.close()
        dialog.reject()
        assert dialog.isVisible()
    assert len(results) == 1
    assert len(overview.listed(desk)) == 2


def test_what_cannot_be_read_is_said_and_the_dialog_stays(opened, tmp_path):
    dialog = opened([ReadSource(tmp_path / "a.xlsx", None)])
    assert "没有可以认出的表头" in dialog._trouble.text()
    assert dialog.isVisible()
    assert not dialog.take_all.isEnabled()
    assert not dialog.take_chosen.isEnabled()


def test_a_failed_take_leaves_the_dialog_with_the_reason(opened, desk, qtbot, monkeypatch):
    dialog = opened(pasted(TITLES, *ROWS))

    def full(*_args, **_kwargs):
        raise InputError("磁盘已满，请清理后再试。")

    monkeypatch.setattr(importing, "take", full)
    dialog.take_all.click()
    qtbot.waitUntil(lambda: bool(dialog._trouble.text()), timeout=20_000)
    assert dialog._trouble.text() == "磁盘已满，请清理后再试。"
    assert dialog.isVisible()
    assert dialog.isEnabled()


def test_closing_while_it_still_analyses_is_harmless(qtbot, jobs, desk):
    dialog = ImportPreview(desk, jobs, pasted(TITLES, *ROWS * 300), lambda _result: None)
    dialog.open()
    dialog.reject()
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)
    assert overview.listed(desk) == []


def test_ten_thousand_rows_do_not_freeze_the_window(opened, qtbot):
    rows = [(f"{name}{number}", *rest) for number in range(5000) for name, *rest in ROWS[:2]]
    dialog = opened(pasted(TITLES, *rows))
    assert dialog.rows.rowCount() == 10_000
    start = time.perf_counter()
    dialog.rows.show_result(dialog._result)
    dialog.table.selectAll()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    dialog.grab()
    assert time.perf_counter() - start < 2
    assert dialog.rows.chosen() == set()


def test_the_model_keeps_qts_rules(qapp, desk):
    model = ImportRowsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_result(importing.plan_forms(desk, [importing.opened(desk, each) for each in pasted(TITLES, *ROWS)]))
    model.show_only_problems(True)
    model.toggle([0])
    model.show_only_problems(False)
    model.toggle([0, 1])
    assert model.chosen() == set()
    assert tester.model() is model


def test_every_widget_that_takes_the_focus_has_a_name(opened):
    dialog = opened(pasted(TITLES, *ROWS))
    focusable = [each for each in dialog.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len([each for each in focusable if isinstance(each, QComboBox)]) >= 7
    views = {each.viewport() for each in (dialog.table, dialog.details)}
    unnamed = [each for each in focusable if not each.accessibleName() and each not in views and each.isVisible()]
    assert unnamed == []
