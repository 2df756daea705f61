"""The page of statistics: what it counts, what lies behind a number, and what can be taken away from it."""

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from services.station_year import STATION, STATION_NAME, typed_in

from riskdesk import clock
from riskdesk.domain.triage import Level
from riskdesk.services.calendar import holidays_of, reported_now
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.pages.statistics import StatisticsPage


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("statistics") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", "2025-12-20T09:00:00")
        with set_up(home, STATION, name=STATION_NAME, person="示例") as desk:
            typed_in(desk, 2025)
    return home


@pytest.fixture
def page(folder, qtbot, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-12-20T09:00:00")
    with Desk(folder) as desk:
        jobs = Jobs()
        page = StatisticsPage(desk, jobs, reported_now(desk.reference, holidays_of(desk), clock.today()))
        qtbot.addWidget(page)
        page.resize(1160, 680)
        page.show()
        qtbot.waitUntil(lambda: page.list.count() == 8, timeout=20_000)
        yield page
        jobs.stop_all()
        QGuiApplication.clipboard().clear()  # what Python put there must not outlive it


def rows(page):
    table = page.view.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())] for row in range(table.rowCount())
    ]


def choose(page, title):
    [found] = page.list.findItems(title, Qt.MatchFlag.MatchExactly)
    page.list.setCurrentItem(found)


def recounted(page, qtbot, change):
    with qtbot.waitSignal(page.list.model().modelReset, timeout=20_000):
        change()


def test_the_last_twelve_periods_are_counted_and_add_up(page, folder):
    choose(page, "月度趋势")
    assert [row[0] for row in rows(page)] == [f"2025年{month}月" for month in range(1, 13)]
    every = [row for row in page._desk.records.every() if row.period.startswith("2025")]
    assert sum(int(row[1]) for row in rows(page)) == len(every)


def test_a_chart_is_drawn_and_copied(page, qtbot):
    choose(page, "信息来源")
    qtbot.waitUntil(lambda: not page.view._image.isNull(), timeout=20_000)
    QTest.mouseClick(page.view.copy_picture, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().image().width() == page.view._image.width() > 1000
    QTest.mouseClick(page.view.copy_table, Qt.MouseButton.LeftButton)
    clipboard = QGuiApplication.clipboard().mimeData()
    assert clipboard.text().splitlines()[0] == "信息来源\t数量（条）\t占全部比例"
    assert clipboard.html().count("<tr>") == len(rows(page)) + 1
    assert f">{rows(page)[0][0]}</td>" in clipboard.html()


def test_return_on_a_row_lists_the_records_behind_it_and_opens_one(page, qtbot):
    choose(page, "月度趋势")
    page.view.table.setFocus()
    page.view.table.choose(2)
    wanted = int(rows(page)[2][1])
    QTest.keyClick(page.view.table, Qt.Key.Key_Return)
    dialog = page.findChild(BehindDialog)
    assert dialog.table.rowCount() == wanted
    assert {dialog.table.item(row, 0).text() for row in range(wanted)} == {"2025-03"}
    with qtbot.waitSignal(page.record_wanted) as asked:
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert page._desk.records.get(asked.args[0]).period == "2025-03"


def test_choices_above_are_counted_anew(page, qtbot):
    choose(page, "总体情况")
    whole = int(rows(page)[0][1])
    recounted(page, qtbot, lambda: page.bar.level.setCurrentIndex(page.bar.level.findData(Level.KEY)))
    key = int(rows(page)[0][1])
    recounted(page, qtbot, lambda: page.bar.level.setCurrentIndex(0))
    recounted(page, qtbot, lambda: page.bar.by_events.setChecked(True))
    assert int(rows(page)[0][1]) == whole - 1
    assert 0 < key < whole
    recounted(page, qtbot, lambda: page.bar.product.setText("滑板车"))
    assert int(rows(page)[0][1]) < whole
    recounted(page, qtbot, lambda: page.bar.product.setText("没有的产品"))
    assert int(rows(page)[0][1]) == 0


def test_periods_chosen_the_wrong_way_round_are_counted_all_the_same(page, qtbot):
    recounted(page, qtbot, lambda: page.bar.first.setCurrentIndex(page.bar.first.findData("2025-12")))
    recounted(page, qtbot, lambda: page.bar.last.setCurrentIndex(page.bar.last.findData("2025-10")))
    choose(page, "月度趋势")
    assert [row[0] for row in rows(page)] == ["2025年10月", "2025年11月", "2025年12月"]


def test_all_tables_are_exported_as_a_workbook(page, tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        "riskdesk.ui.pages.statistics.save_file", lambda _page, name, _kinds, data, _told: written.append((name, data))
    )
    QTest.mouseClick(page.export_tables, Qt.MouseButton.LeftButton)
    choose(page, "危害类别")
    QTest.mouseClick(page.export_picture, Qt.MouseButton.LeftButton)
    (name, data), (picture, png) = written
    (tmp_path / "a.xlsx").write_bytes(data)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [page.list.item(row).text() for row in range(8)]
    assert book["月度趋势"]["B4"].value == int(page._blocks[1].table.rows[0][1])
    assert (name, picture) == ("统计分析_2025-01至2025-12.xlsx", "危害类别_2025-01至2025-12.png")
    assert png.startswith(b"\x89PNG")


def test_what_was_chosen_above_is_named_on_the_page_in_the_workbook_and_in_its_name(page, qtbot, tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        "riskdesk.ui.pages.statistics.save_file", lambda _page, name, _kinds, data, _told: written.append((name, data))
    )
    recounted(page, qtbot, lambda: page.bar.product.setText("滑板车"))
    choose(page, "信息来源")
    assert page.view._text.text().startswith("产品或类别含“滑板车”的信息：")
    QTest.mouseClick(page.export_tables, Qt.MouseButton.LeftButton)
    [(name, data)] = written
    assert name == "统计分析_2025-01至2025-12_滑板车.xlsx"
    (tmp_path / "a.xlsx").write_bytes(data)
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx"):
        cells = [str(each.value) for row in sheet.iter_rows() for each in row if each.value]
        assert "产品或类别含“滑板车”的" in cells[0]
        assert any(each.startswith("依据：") and "产品或类别含“滑板车”的" in each for each in cells)


def test_labels_stand_on_the_line_of_what_they_name_and_the_sentence_stays_on_top(page, qtbot):
    for label in page.bar.findChildren(QLabel):
        edit = label.buddy()
        if edit is not None and edit.isVisible():
            assert abs(label.geometry().center().y() - edit.geometry().center().y()) <= 1
    box, edit = (each.mapTo(page, each.rect().center()) for each in (page.bar.by_events, page.bar.first))
    assert abs(box.y() - edit.y()) <= 1 or box.y() - edit.y() > page.bar.first.height()  # or on the next line
    choose(page, "同比")
    assert page.view.table is None
    qtbot.waitUntil(lambda: page.view._text.geometry().bottom() < page.view.height() / 3)


def test_the_periods_of_an_enterprise_are_not_cut_where_there_is_room(page):
    choose(page, "多次涉及的企业")
    table = page.view.table
    assert table.columnWidth(2) >= table.sizeHintForColumn(2)
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)
