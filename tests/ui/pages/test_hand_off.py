"""The page 收发: what became of what was handed on, what came, and what can be done with either."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from ui.hand_over_screens import bench_of
from ui.hierarchy import PASSPHRASE, Pair, answered, handed_over, reported, taken, took_answer
from ui.widgets.forms import RECORD, click

from riskdesk.services import entry, handed
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.write_again import WriteAgainDialog
from riskdesk.ui.models.tick_rows import TONE_ROLE
from riskdesk.ui.pages.hand_off import HandOffPage

HELMET = RECORD.edited(product="电动自行车头盔", content="抽检3批次，1批次冲击吸收性能不合格。")


@pytest.fixture
def page_of(app, jobs, qtbot):
    def show(desk):
        page = HandOffPage(bench_of(desk, jobs))
        page._bench.held.keep(PASSPHRASE)
        qtbot.addWidget(page)
        page.resize(1150, 700)
        page.show()
        return page

    return show


def row(table, at=0):
    return [table.item(at, column).text() for column in range(table.columnCount())]


def opened(page, kind):
    return next(each for each in page.findChildren(kind) if each.isVisible())


def test_an_empty_page_says_what_can_be_done(page_of, pair):
    page = page_of(pair.county)
    assert not page._again.isEnabled()
    assert page._again.toolTip() == "还没有上报过"
    assert "把文件拖到窗口上" in page.about.toPlainText()


def test_what_was_reported_tells_what_became_of_it(page_of, pair, monkeypatch):
    package, files = reported(pair, RECORD, HELMET)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-28T09:00:00")
    page = page_of(pair.suo)
    told = row(page.sent)
    assert told == ["2023-05", "等待回执", "1", "太原市小店区市场监督管理局", "2", "2", "0", "0", "0", "3 天"]
    taken(pair, files)
    back = handed.records_of(pair.county, handed.came(pair.county)[0].package)[0]
    took_answer(pair, answered(pair, package, {back.object_id: "请补充检验报告"}))
    page.refresh()
    assert row(page.sent)[1] == "有退回"
    assert row(page.sent)[5:] == ["0", "1", "1", "0", ""]
    assert row(page.returned) == [back.record.product, "太原市小店区市场监督管理局", "请补充检验报告"]


def test_a_report_that_another_replaced_asks_for_nothing_any_more(page_of, pair):
    package, files = reported(pair)
    taken(pair, files)
    [back] = handed.records_of(pair.county, handed.came(pair.county)[0].package)
    took_answer(pair, answered(pair, package, {back.object_id: "请补充检验报告"}))
    [saved] = pair.suo.records.every()
    entry.save(pair.suo, RECORD.edited(analysis="电芯短路。"), saved.id, base=saved.revision, reason="补正")
    handed_over(pair, reason="补正")
    page = page_of(pair.suo)
    told = {row(page.sent, at)[2]: page.sent.item(at, 1) for at in range(2)}
    assert {number: (each.text(), each.data(TONE_ROLE)) for number, each in told.items()} == {
        "1": ("已另报", "grey"),
        "2": ("等待回执", "amber"),
    }


def test_two_packages_with_one_number_are_told_apart_by_when_they_were_made(page_of, pair, monkeypatch, tmp_path):
    shutil.copytree(pair.suo.home, tmp_path / "second", ignore=shutil.ignore_patterns("*.lock"))
    _, files = reported(pair)
    taken(pair, files)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-25T15:30:00")
    with Desk(tmp_path / "second", pair.suo.reference) as second:
        _, files = reported(Pair(pair.county, second, tmp_path / "second way"), HELMET)
    taken(pair, files)
    page = page_of(pair.county)
    assert {tuple(row(page.came, at)[3:5]) for at in range(2)} == {("1", "2023-05-25 09:00"), ("1", "2023-05-25 15:30")}


def test_a_returned_record_leads_to_its_form(page_of, pair, qtbot):
    package, files = reported(pair)
    taken(pair, files)
    [back] = handed.records_of(pair.county, handed.came(pair.county)[0].package)
    took_answer(pair, answered(pair, package, {back.object_id: "请补充检验报告"}))
    page = page_of(pair.suo)
    page.returned.setFocus()
    with qtbot.waitSignal(page.record_wanted) as wanted:
        QTest.keyClick(page.returned, Qt.Key.Key_Return)
    assert wanted.args == [back.object_id]


def test_a_report_is_written_again_as_it_was_sealed(page_of, ended, pair, tmp_path):
    reported(pair)
    page = page_of(pair.suo)
    click(page._again)
    dialog = opened(page, WriteAgainDialog)
    dialog.target.line.setText(str(tmp_path / "另一个U盘"))
    click(dialog._write)
    ended()
    assert "签名核验无误" in dialog._done.text()
    assert len(list((tmp_path / "另一个U盘").iterdir())) == 2


def test_what_came_tells_who_signed_it_and_whether_it_was_answered(page_of, pair):
    package, files = reported(pair)
    taken(pair, files)
    page = page_of(pair.county)
    page.tabs.setCurrentIndex(1)
    assert row(page.came)[:6] == ["坞城所", "未发回执", "2023-05", "1", "2023-05-25 09:00", "1"]
    assert "签名人：李四" in page.about.toPlainText()
    assert "可信" in page.about.toPlainText()
    answered(pair, package)
    page.refresh()
    assert row(page.came)[1] == "已发回执"
    click(page._answer)
    assert opened(page, AnswerDialog).table.rowCount() == 1


def test_taking_back_is_asked_first_and_takes_everything_out(page_of, ended, pair, qtbot):
    _, files = reported(pair)
    taken(pair, files)
    page = page_of(pair.county)
    page.tabs.setCurrentIndex(1)
    click(page._undo)
    box = opened(page, QMessageBox)
    assert "坞城所" in box.text()
    with qtbot.waitSignal(page.changed, timeout=20_000):
        yes = box.button(QMessageBox.StandardButton.Yes)
        assert isinstance(yes, QPushButton)
        yes.click()
    ended()
    assert pair.county.records.every() == []
    page.refresh()
    assert page.came.rowCount() == 0


def test_a_stations_sheet_is_listed_with_its_name_and_can_be_answered(page_of, province):
    page = page_of(province)
    page.tabs.setCurrentIndex(1)
    shown = row(page.came)
    assert (shown[0], shown[1:3], shown[5]) == (
        "山西省产品质量安全风险监测站（太原市）",
        ["未发回执", "2025年自评表"],
        "",
    )
    assert "封存时间" not in page.about.toPlainText()
    click(page._answer)
    assert opened(page, AnswerDialog).table.item(0, 0).text() == "2025年自评表"
