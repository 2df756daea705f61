"""The dialogs of the yearly report: they close only when what they do has succeeded."""

import pytest
from documents.test_papers import text_of
from PySide6.QtWidgets import QWidget
from ui.widgets.forms import click

from riskdesk.errors import InputError
from riskdesk.services import annual
from riskdesk.services.annual_typing import Typed
from riskdesk.ui.dialogs.annual_export import AnnualExportDialog
from riskdesk.ui.dialogs.annual_history import AnnualHistoryDialog
from riskdesk.ui.dialogs.annual_left import AnnualLeftDialog
from riskdesk.ui.dialogs.annual_new import AnnualNewDialog


@pytest.fixture
def kept(desk):
    return annual.new(desk, "儿童滑板车", 2023)


@pytest.fixture
def parent(app, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_second_report_on_the_same_product_and_year_is_refused(desk, jobs, kept, parent, ended):
    started = []
    dialog = AnnualNewDialog(desk, jobs, started.append, parent)
    dialog.open()
    dialog.product.setText(kept.report.product)
    dialog._on_accepted()
    ended()
    assert dialog.isVisible()
    assert "已经有了" in dialog.trouble.text()
    dialog.product.setText("电热毯")
    dialog.words.setText("电热毯、 电褥子，")
    dialog._on_accepted()
    ended()
    assert [each.report.includes for each in started] == [("电热毯", "电褥子")]


def test_a_report_without_keywords_is_warned_of_beside_the_field(desk, jobs, parent):
    dialog = AnnualNewDialog(desk, jobs, lambda _kept: None, parent)
    dialog.open()
    assert dialog.warning.objectName() == "warn"
    assert "全部产品" in dialog.warning.text()
    assert dialog.words.property("warned")
    dialog.words.setText("滑板车")
    assert dialog.warning.text() == ""
    assert not dialog.words.property("warned")
    dialog.words.setText(" 、 ")
    assert "全部产品" in dialog.warning.text()


def test_nothing_is_exported_without_format_or_folder(jobs, kept, parent, ended, tmp_path):
    dialog = AnnualExportDialog(kept, jobs, parent)
    dialog.open()
    assert "待办" in dialog.notes.text()
    for box in dialog.formats.values():
        box.setChecked(False)
    dialog.target.line.setText(str(tmp_path))
    click(dialog.export)
    assert dialog.trouble.text() == "请至少勾选一种格式。"
    dialog.formats["pdf"].setChecked(True)
    dialog.target.line.setText("报送")
    click(dialog.export)
    assert "完整路径" in dialog.trouble.text()
    dialog.target.line.setText(str(tmp_path))
    click(dialog.export)
    ended()
    assert [each.suffix for each in tmp_path.iterdir() if "专题分析报告" in each.name] == [".pdf"]
    assert dialog.open_folder.isVisible()
    assert not dialog.trouble.isVisible()


def test_the_day_of_the_report_is_printed_or_asked_for_again(jobs, kept, parent, ended, tmp_path):
    dialog = AnnualExportDialog(kept, jobs, parent)
    dialog.open()
    dialog.formats["docx"].setChecked(False)
    dialog.target.line.setText(str(tmp_path))
    dialog.day.setText("大概月底")
    click(dialog.export)
    assert "看不出“大概月底”是哪一天" in dialog.trouble.text()
    assert list(tmp_path.glob("*.pdf")) == []
    dialog.day.setText("2023-05-20")
    click(dialog.export)
    ended()
    [file] = tmp_path.glob("*.pdf")
    assert "2023年5月20日" in text_of(file.read_bytes())


def test_any_two_versions_are_compared(desk, kept, parent):
    second = annual.write(desk, kept.id, {"1.1": "第一稿"})
    third = annual.save(desk, second, second.report.with_text("1.1", "第二稿").with_added(4, "加强宣传"))
    dialog = AnnualHistoryDialog(desk, third, lambda _version: None, parent)
    dialog.open()
    assert [dialog.table.item(row, 3).text() for row in range(3)] == [
        "（一）产品简介、增加（四）加强宣传",
        "（一）产品简介",
        "新建",
    ]
    told = dialog.changes.toPlainText()
    assert "第一稿" in told
    assert "第二稿" in told
    assert "增加了这一节" in told
    assert not dialog.restore.isEnabled()
    dialog.other.setCurrentIndex(2)
    told = dialog.changes.toPlainText()
    assert "第二稿" in told
    assert "第一稿" not in told
    dialog.other.setCurrentIndex(0)
    assert "另一个版本" in dialog.changes.toPlainText()


def test_a_version_is_not_restored_over_one_that_came_meanwhile(desk, kept, parent):
    second = annual.write(desk, kept.id, {"1.1": "第一稿"})
    dialog = AnnualHistoryDialog(desk, second, lambda _version: None, parent)
    dialog.open()
    annual.write(desk, kept.id, {"1.1": "别处改的"})
    dialog.table.choose(1)
    click(dialog.restore)
    assert dialog.isVisible()
    assert "没有恢复" in dialog.trouble.text()


def test_texts_that_cannot_be_restored_are_shown_and_kept(kept, parent):
    def refuse(_typed):
        raise InputError("报告中没有这一节。")

    typed = Typed("form", kept.id, {"4.9": "写在<已删小节>中的"}, "2023-05-25T08:00:00+08:00")
    dialog = AnnualLeftDialog(kept.report, typed, taken=refuse, dropped=refuse, parent=parent)
    dialog.open()
    assert "写在<已删小节>中的" in dialog.changes.toPlainText()
    click(dialog.take)
    assert dialog.isVisible()
    assert "没有这一节" in dialog.trouble.text()
