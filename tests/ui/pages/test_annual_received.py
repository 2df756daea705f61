"""The page 专题报告 with reports of other offices: they are read, compared and exported, and are nobody's own; and how an own one is handed on."""

import shutil
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMessageBox
from services.quick_offices import quick_keys
from services.station_year import PRODUCT, STATION, STATION_NAME, typed_in
from ui.hand_over_screens import bench_of
from ui.widgets.forms import click

from riskdesk.services import annual, annual_exports, key_making
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs.annual_chart import AnnualChartDialog
from riskdesk.ui.dialogs.annual_export import AnnualExportDialog
from riskdesk.ui.dialogs.annual_history import AnnualHistoryDialog
from riskdesk.ui.dialogs.station_files import HandOnDialog
from riskdesk.ui.pages.annual import AnnualPage

PASSPHRASE = "四个 不相干 的 词语"
NOW, CITY = "2025-12-26T09:00:00", "140100-JU"
TEXT = "太原市儿童滑板车生产企业较少。\n以外省产品为主。"


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A station's folder with a year of records and its report, of which there are two versions."""
    folder = tmp_path_factory.mktemp("station") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", NOW)
        with set_up(folder, STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
            typed_in(desk, 2025)
            kept = annual.new(desk, PRODUCT, 2025)
            annual.write(desk, kept.id, {"1.1": TEXT})
    return folder


@pytest.fixture
def station(year, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    shutil.copytree(year, tmp_path / "station")
    with Desk(tmp_path / "station") as desk:
        yield desk


@pytest.fixture
def city(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    with set_up(tmp_path / "city", CITY, person="王五", phone="0351-0000000") as desk:
        yield desk


@pytest.fixture
def page_of(app, jobs, qtbot, ended):
    def show(desk):
        page = AnnualPage(bench_of(desk, jobs))
        qtbot.addWidget(page)
        page.resize(1150, 640)
        page.show()
        ended()
        return page

    return show


def brought(desk, station, *, latest=True):
    """Put what the station has into another office's data, as taking its package does."""
    [kept] = annual.reports(station)
    steps = station.revisions.of(kept.id)
    with desk.store.write(desk.office.person, "receive") as writing:
        desk.revisions.add(writing, steps if latest else steps[:1])


@pytest.fixture
def received(city, station, page_of):
    """The page of a city that got both versions, on what it received."""
    brought(city, station)
    page = page_of(city)
    page.sides.setCurrentIndex(1)
    return page


def opened(page, kind):
    return next(each for each in page.findChildren(kind) if each.isVisible())


def row_of(table, row):
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_a_station_is_offered_its_own_reports_only(station, page_of):
    page = page_of(station)
    assert not page.sides.tabBar().isVisible()
    assert "已上报" not in page.tree.reports.item(0).text()


def test_a_city_is_told_where_reports_will_stand(city, page_of):
    page = page_of(city)
    assert page.sides.tabBar().isVisible()
    assert page.sides.tabText(1) == "收到的报告（0）"


def test_what_came_is_listed_apart_with_unit_product_year_version_and_time(received, city):
    assert received.sides.tabText(1) == "收到的报告（1）"
    unit, product, year, version, when, state = row_of(received.received.table, 0)
    assert (unit, product, year, version) == (roster_of(city).name_of(STATION), PRODUCT, "2025", "第 2 版")
    assert when == "2025-12-26 09:00"
    assert state.startswith("待办 ")
    assert received.tree.reports.count() == 0
    assert annual.reports(city) == []


def test_it_is_read_but_not_written(received, ended):
    reading = received.received.reading
    reading.outline.choose("1.1")
    assert reading.text.toPlainText() == TEXT
    assert reading.text.isReadOnly()
    reading.outline.choose("2.1")
    ended()
    assert len(reading.blocks.cards) == 3
    assert not any(each.printed.isEnabled() for each in reading.blocks.cards)
    assert all(each.picture.pixmap().width() > 100 for each in reading.blocks.cards if each.picture)


def test_its_charts_are_enlarged_and_records_that_did_not_come_are_said_to_lie_elsewhere(received, ended):
    reading = received.received.reading
    reading.outline.choose("2.1")
    ended()
    card = next(each for each in reading.blocks.cards if each.picture)
    click(card.enlarge)
    opened(received, AnnualChartDialog).reject()
    card.records_wanted.emit("某月", ("0190",))
    box = opened(received, QMessageBox)
    assert "没有报送到本单位" in box.text()
    box.reject()


def test_versions_that_came_are_compared_and_none_is_restored(received):
    click(received.received.history)
    dialog = opened(received, AnnualHistoryDialog)
    assert dialog.table.rowCount() == 2
    assert "以外省产品为主" in dialog.changes.toPlainText()
    assert not dialog.restore.isVisible()


def test_a_single_version_has_nothing_to_be_compared_with(city, station, page_of):
    brought(city, station, latest=False)
    page = page_of(city)
    page.sides.setCurrentIndex(1)
    assert not page.received.history.isEnabled()
    assert page.received.history.toolTip() == "只收到一版，没有可以比较的"


def test_it_is_exported_and_that_is_no_report_of_ones_own(received, city, ended, tmp_path):
    click(received.received.export)
    dialog = opened(received, AnnualExportDialog)
    dialog.formats["pdf"].setChecked(False)
    dialog.target.line.setText(str(tmp_path / "导出"))
    click(dialog.export)
    ended()
    [made] = (tmp_path / "导出").iterdir()
    assert STATION_NAME in made.name
    assert not annual_exports.is_exported(city, 2025)


def test_a_newer_version_shows_at_once_where_one_was_reading(city, station, page_of, ended):
    brought(city, station, latest=False)
    page = page_of(city)
    page.sides.setCurrentIndex(1)
    page.received.reading.outline.choose("1.1")
    assert page.received.reading.text.toPlainText() == ""
    brought(city, station)
    page.mark_stale()
    ended()
    assert page.received.reading.text.toPlainText() == TEXT


def test_an_own_report_on_the_same_product_is_another(received, city, ended):
    kept = annual.new(city, PRODUCT, 2025)
    received.refresh()
    ended()
    assert received.tree.reports.count() == 1
    assert received.received.table.rowCount() == 1
    assert kept.report.section("1.1").text == ""
    assert received.received.chosen().kept.report.section("1.1").text == TEXT


def test_what_should_be_doubted_is_said(city, station, page_of):
    [kept] = annual.reports(station)
    annual.save(station, kept, replace(kept.report, unit="阳泉市市场监督管理局"))
    brought(city, station)
    page = page_of(city)
    page.sides.setCurrentIndex(1)
    assert row_of(page.received.table, 0)[-1] == "请核实"
    assert "写的单位是“阳泉市市场监督管理局”" in page.received.doubts.text()


def test_a_report_is_handed_on_with_a_word_on_what_is_to_do_and_marked(station, page_of, ended, qtbot, tmp_path):
    with quick_keys():
        key_making.make_keys(station, PASSPHRASE)
    page = page_of(station)
    page.work._bench.held.keep(PASSPHRASE)
    click(page.actions_bar.hand_on)
    dialog = opened(page, HandOnDialog)
    assert f"还有 {page.to_do.count()} 项待办" in dialog._words.about
    dialog.target.line.setText(str(tmp_path / "U盘"))
    with qtbot.waitSignal(page.told, timeout=60_000) as told:
        dialog.accept()
    ended()
    [file] = (tmp_path / "U盘").iterdir()
    assert "2025年儿童用品专题分析报告" in file.name
    assert file.name in told.args[0]
    assert page.tree.reports.item(0).text().endswith("已上报 2025-12-26")
    assert "2025-12-26 09:00 送出" in page.handed.receipts.text()
    assert annual_exports.is_exported(station, 2025)
    [kept] = annual.reports(station)
    annual.write(station, kept.id, {"1.2": "补写的"})
    page.refresh()
    ended()
    assert "已上报 2025-12-26，之后有修改" in page.tree.reports.item(0).text()
