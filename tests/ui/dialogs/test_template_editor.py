"""The province edits the indicators in the window: what adds up is put in force, and nothing that was done is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from services.station_year import STATION, STATION_NAME
from ui.hand_over_screens import bench_of
from ui.pages.test_stations import LAWS
from ui.widgets.forms import click

from riskdesk.domain.station_template import template_of
from riskdesk.domain.template_checking import Part, Place
from riskdesk.services import assessing
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs.station_template import TemplateDialog
from riskdesk.ui.dialogs.template_editor import TemplateEditor, UnsavedQuestion

PROVINCE, CITY = "140000-JU", "140100-JU"
A1, A2, A3, B2, C1 = (Place(Part.INDICATOR, at) for at in (0, 1, 2, 4, 7))


@pytest.fixture(autouse=True)
def a_day_in_june(monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")


@pytest.fixture
def province(tmp_path):
    with set_up(tmp_path / "province", PROVINCE, person="示例") as desk:
        yield desk


@pytest.fixture
def station(tmp_path):
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例") as desk:
        yield desk


@pytest.fixture
def dialog_of(window, jobs, told):
    def show(desk):
        dialog = TemplateDialog(bench_of(desk, jobs), told.append, window)
        dialog.open()
        return dialog

    return show


@pytest.fixture
def editor(province, dialog_of, qtbot):
    """The editor as it is opened from the dialog that shows the indicators."""
    shown = dialog_of(province)
    click(shown.edit)
    editor = opened(shown, TemplateEditor)
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    return editor


def opened(window, kind):
    return next(each for each in window.findChildren(kind) if each.isVisible())


def go(editor, place):
    """Choose a part in the tree; return its form."""
    editor.editing.tree.setCurrentItem(editor.editing.tree._items[place])
    assert editor.editing.place == place
    return editor.editing.forms[place.part]


def points(editor, place, text):
    """Give an indicator other points, its first option too."""
    form = go(editor, place)
    form.points.setText(text)
    form.rule.options.put_text(0, 1, text)


def indicator(editor, place):
    return editor.editing.data["indicators"][place.at]


def in_force(desk):
    return template_of(assessing.template_data(desk))


def test_points_go_from_one_indicator_to_another_and_new_sheets_use_them(editor, province, station, told):
    old = assessing.new(station, 2024)
    points(editor, A1, "7")
    points(editor, A2, "3")
    editor.editing.forms[Part.INDICATOR].rule.options.put_text(1, 1, "2")
    assert editor.editing.problem is None
    click(editor.save)
    assert not editor.isVisible()
    assert told == ["第 2 版指标模板已生效，请下发。"]
    assert in_force(province).version == 2
    with station.store.write("示例", "test") as writing:  # as a package brings it
        station.revisions.add(writing, province.revisions.of(assessing.TEMPLATE_ID))
    new = assessing.new(station, 2025)
    assert [str(new.sheet.template.indicator(code).max_points) for code in ("A1", "A2")] == ["7", "3"]
    assert assessing.find(station, 2024) == old
    assert str(old.sheet.template.indicator("A1").max_points) == "5"


def test_a_sum_that_is_wrong_is_told_beside_the_one_wanted_and_cannot_be_saved(editor, province):
    assert not editor.save.isEnabled()
    assert editor.save.toolTip() == "还没有修改"
    go(editor, A1).points.setText("6")
    tree = editor.editing.tree
    assert tree.points()[:3] == ["101 / 100 分", "16 / 15 分", "6 分"]
    assert not editor.save.isEnabled()
    assert "合计 16 分，应为 15 分" in editor.save.toolTip()
    assert "合计 16 分，应为 15 分" in editor.editing._wrong.text()
    go(editor, Place(Part.GRADES))
    click(editor.editing.lead)
    assert editor.editing.place == Place(Part.DIMENSION, 0)
    form = editor.editing.forms[Part.DIMENSION]
    assert QApplication.focusWidget() is form.name
    form.points.setText("16")
    go(editor, Place(Part.GENERAL)).total.setText("101")
    assert editor.save.isEnabled()
    click(editor.save)
    assert in_force(province).total == 101


def test_keys_undo_and_redo_from_within_a_field_too(editor, province):
    form = go(editor, A1)
    form.name.setFocus()
    form.name.selectAll()
    QTest.keyClicks(form.name, "abc")
    form.points.setFocus()
    QTest.keyClicks(form.points, "1")
    assert (indicator(editor, A1)["name"], indicator(editor, A1)["max_points"]) == ("abc", 15)
    QTest.keyClick(form.points, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.points.text() == "5"
    QTest.keyClick(form.points, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (form.name.text(), indicator(editor, A1)["name"]) == ("依托主体和技术力量",) * 2
    assert not editor.editing.is_changed()
    QTest.keyClick(form.points, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert form.name.text() == "abc"
    form.evidence.setFocus()
    QTest.keyClick(form.evidence, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.editing.data == assessing.template_data(province)
    assert not editor.editing.undo.isEnabled()


def test_an_indicator_is_added_named_and_deleted_and_comes_back(editor):
    tree = editor.editing.tree
    go(editor, A1)
    click(editor.editing.add)
    assert editor.editing.place == Place(Part.INDICATOR, 3)
    form = editor.editing.forms[Part.INDICATOR]
    assert (form.code.text(), QApplication.focusWidget()) == ("A4", form.name)
    form.name.setText("队伍建设")
    assert editor.editing.problem is None
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert len(editor.editing.data["indicators"]) == 18
    click(editor.editing.undo)
    assert indicator(editor, Place(Part.INDICATOR, 3))["name"] == "队伍建设"
    QTest.keyClick(tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [each["code"] for each in editor.editing.data["indicators"][:4]] == ["A1", "A2", "A4", "A3"]
    assert tree.currentItem().text(0) == "A4 队伍建设"


def test_a_deleted_indicator_leaves_a_gap_in_the_points_until_it_is_undone(editor):
    go(editor, A3)
    click(editor.editing.delete)
    assert "应为 15 分" in editor.editing._wrong.text()
    assert editor.editing.place == A2
    click(editor.editing.undo)
    assert editor.editing.problem is None
    assert not editor.editing.is_changed()


def test_dimensions_are_added_renamed_and_deleted_only_while_empty(editor):
    form = go(editor, Place(Part.DIMENSION, 0))
    assert not editor.editing.delete.isEnabled()
    assert "还有指标" in editor.editing.delete.toolTip()
    form.name.setText("")
    assert "请填写维度的名称" in form.trouble.text()
    form.name.setText("甲 保障")
    assert not form.trouble.isVisible()
    assert indicator(editor, A1)["dimension"] == "甲 保障"
    click(editor.editing.add_dimension)
    assert form.name.text() == "新维度"
    click(editor.editing.delete)
    assert "新维度" not in editor.editing.data["dimensions"]


def test_an_indicator_goes_to_another_dimension_and_stays_shown(editor):
    form = go(editor, A1)
    form.dimension.setCurrentIndex(1)
    assert editor.editing.place == Place(Part.INDICATOR, 6)
    assert indicator(editor, Place(Part.INDICATOR, 6))["code"] == "A1"
    assert editor.editing.tree.currentItem().parent().text(0) == "B 动态监测能力"
    assert editor.editing.tree.points()[1] == "10 / 15 分"
    form.name.setText("还是这一个")
    assert indicator(editor, Place(Part.INDICATOR, 6))["name"] == "还是这一个"


def test_every_type_of_rule_has_its_fields(editor):
    form = go(editor, A1)
    form.rule.options.put_text(1, 0, "具备其中之一")
    assert indicator(editor, A1)["rule"]["options"][1] == ["具备其中之一", 3]
    form.kind.setCurrentIndex(1)
    form.rule.each.setText("2.5")
    click(form.rule.items.add)
    form.rule.items.put_text(1, 0, "第二项")
    assert indicator(editor, A1)["rule"] == {"type": "per_item", "items": ["第一项", "第二项"], "points_each": "2.5"}
    form.kind.setCurrentIndex(2)
    form.rule.steps.put_text(0, 0, "10")
    form.rule.steps.put_text(0, 1, "5")
    assert indicator(editor, A1)["rule"]["steps"] == [[10, 5], [0, 0]]
    form.kind.setCurrentIndex(3)
    form.rule.numbers["full"].setText("90%")
    assert indicator(editor, A1)["rule"] == {"type": "linear", "full": "0.9"}
    form.kind.setCurrentIndex(4)
    form.rule.numbers["zero_at"].setText("0")
    assert "大于 0" in editor.editing._wrong.text()
    form.note.setText("说明")
    assert indicator(editor, A1)["rule"]["note"] == "说明"


def test_what_is_being_typed_in_a_cell_counts_at_once_and_esc_takes_it_back(editor, province, qtbot):
    table = go(editor, A1).rule.options.table
    table.setFocus()
    table.setCurrentCell(1, 1)
    QTest.keyClicks(table, "4")
    cell = QApplication.focusWidget()
    QTest.keyClicks(cell, ".5")
    assert indicator(editor, A1)["rule"]["options"][1][1] == "4.5"
    QTest.keyClick(cell, Qt.Key.Key_Escape)
    assert not editor.editing.is_changed()
    assert editor.isVisible()
    table.setCurrentCell(2, 1)
    QTest.keyClicks(table, "2")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: in_force(province).version == 2)
    assert in_force(province).indicator("A1").rule.options[2][1] == 2


def test_typing_in_one_cell_is_undone_at_once(editor, qtbot):
    table = go(editor, A1).rule.options.table
    table.setFocus()
    table.setCurrentCell(1, 1)
    QTest.keyClicks(table, "4")
    QTest.keyClicks(QApplication.focusWidget(), ".5")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table.item(1, 1).text() == "3"
    assert not editor.editing.is_changed()


def test_what_the_data_answer_is_chosen_by_name_and_fits_the_rule(editor):
    form = go(editor, C1)
    assert form.answered.currentText() == "系统统计：月报按时报送率"
    assert form.rule.numbers["full"].text() == "100%"
    form.kind.setCurrentIndex(0)
    assert "是数值" in editor.editing._wrong.text()
    form.answered.setCurrentIndex(0)
    assert indicator(editor, C1)["auto_metric"] is None
    assert editor.editing.problem is None
    go(editor, A2)
    assert not form._unfit.isVisible()
    click(form.rule.options.remove)
    assert "按 3 种说法" in form._unfit.text()


def test_evidence_is_one_a_line_and_critical_is_a_tick(editor):
    form = go(editor, A1)
    form.evidence.setPlainText("批复\n\n 资质证书 \n")
    form.critical.click()
    assert indicator(editor, A1)["evidence"] == ["批复", "资质证书"]
    assert indicator(editor, A1)["critical"]
    assert form.evidence.toPlainText().endswith("\n")  # what is being typed stays as it is


def test_grades_and_vetoes_are_rows(editor, province):
    grades = go(editor, Place(Part.GRADES)).grades
    grades.put_text(0, 1, "95")
    grades.table.setCurrentCell(3, 0)
    click(grades.remove)
    assert "最后一级从 0 分起" in editor.editing._wrong.text()
    click(editor.editing.undo)
    vetoes = go(editor, Place(Part.VETOES)).vetoes
    vetoes.table.setCurrentCell(2, 0)
    click(vetoes.add)
    for column, text in enumerate(("V4", "被通报批评", "不合格")):
        vetoes.put_text(3, column, text)
    click(vetoes.up)
    click(editor.save)
    made = in_force(province)
    assert [each.code for each in made.vetoes] == ["V1", "V2", "V4", "V3"]
    assert str(made.grades[0].least) == "95"


def test_fields_of_a_newer_version_survive_the_edit(province, dialog_of):
    data = assessing.template_data(province)
    data["indicators"][0]["new"] = {"x": 1}
    assessing.revise_template(province, {**data, "newer": True})
    shown = dialog_of(province)
    click(shown.edit)
    editor = opened(shown, TemplateEditor)
    go(editor, A1).name.setText("改名")
    click(editor.save)
    saved = assessing.template_data(province)
    assert (saved["newer"], saved["indicators"][0]["new"], saved["version"]) == (True, {"x": 1}, 3)


def test_nothing_changed_closes_without_a_question(editor):
    editor.reject()
    assert not editor.isVisible()


@pytest.mark.parametrize(
    ("answer", "version", "stays"), [("保存并生效", 2, False), ("放弃修改", 1, False), ("继续修改", 1, True)]
)
def test_changes_are_not_thrown_away_unasked(editor, province, answer, version, stays):
    go(editor, A1).name.setText("改名")
    editor.close()
    assert editor.isVisible()
    click(opened(editor, UnsavedQuestion).answers[answer])
    assert editor.isVisible() is stays
    assert in_force(province).version == version
    if stays:
        assert indicator(editor, A1)["name"] == "改名"


def test_what_is_wrong_cannot_be_saved_on_leaving_either(editor):
    go(editor, A1).points.setText("")
    editor.reject()
    question = opened(editor, UnsavedQuestion)
    assert list(question.answers) == ["放弃修改", "继续修改"]
    assert "没有填写" in question.text()
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert editor.editing.is_changed()


def test_a_version_that_came_meanwhile_is_not_overwritten(editor, province):
    go(editor, A1).name.setText("改名")
    assessing.revise_template(province, {**assessing.template_data(province), "title": "别处改的"})
    click(editor.save)
    assert editor.isVisible()
    assert "已换成第 2 版" in editor._trouble.text()
    assert in_force(province).title == "别处改的"


@pytest.mark.parametrize("code", [CITY, STATION])
def test_others_only_look_at_the_indicators(tmp_path, dialog_of, code):
    with set_up(tmp_path / "other", code, person="示例") as desk:
        shown = dialog_of(desk)
        assert not shown.edit.isVisible()
        assert shown.table.rowCount() == 18


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    "place",
    [A1, A3, B2, C1, *(Place(part) for part in (Part.GENERAL, Part.DIMENSION, Part.GRADES, Part.VETOES))],
)
def test_everything_is_reached_by_keyboard_and_told(editor, place, law):
    go(editor, place)
    law(editor)
