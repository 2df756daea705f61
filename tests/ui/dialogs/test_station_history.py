"""The versions of a station's sheet are compared in words, and the station goes back to one without losing another."""

import pytest
from services.station_year import STATION, STATION_NAME
from services.test_assessing import sheet_at
from ui.hand_over_screens import bench_of
from ui.pages.test_stations import LAWS
from ui.widgets.forms import click

from riskdesk.domain.assessment import Filled
from riskdesk.domain.scoring import Answer
from riskdesk.services import assessing, reviewing
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs.station_history import StationHistoryDialog
from riskdesk.ui.pages.stations import StationsPage


@pytest.fixture(autouse=True)
def a_day_in_june(monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")


@pytest.fixture
def station(tmp_path):
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例") as desk:
        yield desk


@pytest.fixture
def kept(station):
    """A sheet of three versions: begun, one answer, another answer with a note."""
    first = assessing.keep(station, assessing.new(station, 2025), "A1", Filled(Answer(option=0)))
    return assessing.keep(station, first, "A1", Filled(Answer(option=1), note="证书<到期>"))


@pytest.fixture
def page_of(app, jobs, qtbot, ended):
    def show(desk):
        page = StationsPage(bench_of(desk, jobs))
        qtbot.addWidget(page)
        page.show()
        ended()
        return page

    return show


def opened(page):
    return next(each for each in page.window().findChildren(StationHistoryDialog) if each.isVisible())


def column(dialog, number):
    return [dialog.table.item(row, number).text() for row in range(dialog.table.rowCount())]


@pytest.fixture
def dialog(station, kept, page_of):
    page = page_of(station)
    click(page.part.buttons.history)
    return opened(page)


def test_versions_are_listed_with_what_they_changed(dialog):
    assert column(dialog, 0) == ["3", "2", "1"]
    assert column(dialog, 2) == ["示例"] * 3
    assert column(dialog, 3) == ["A1 填报、说明", "A1 填报", "新建"]
    assert "2025" in dialog.windowTitle()


def test_any_two_versions_are_compared_in_words(dialog):
    said = dialog.changes.toPlainText()
    assert "A1 依托主体和技术力量" in said
    assert "具备其一（3 分）" in said
    assert "证书<到期>" in said
    dialog.other.setCurrentIndex(2)
    assert "未填 → 具备其一（3 分）" in dialog.changes.toPlainText()
    dialog.other.setCurrentIndex(0)
    assert "另一个版本" in dialog.changes.toPlainText()
    assert not dialog.restore.isEnabled()


def test_an_earlier_version_is_restored_as_a_new_one_and_shown(station, kept, page_of, ended, qtbot):
    page = page_of(station)
    page.part.sheet.table.choose_code("A1")
    assert page.part.sheet.panel.answer.value() == Answer(option=1)
    click(page.part.buttons.history)
    dialog = opened(page)
    dialog.table.choose(1)
    with qtbot.waitSignal(page.told) as told:
        click(dialog.restore)
    ended()
    assert "已恢复" in told.args[0]
    now = assessing.find(station, 2025)
    assert (now.sheet.of("A1").answer, now.sheet.of("A1").note) == (Answer(option=0), "")
    assert [each.revision for each in assessing.versions(station, now)][2] == kept.revision
    assert len(assessing.versions(station, now)) == 4
    assert page.part.sheet.panel.answer.value() == Answer(option=0)
    assert not page.part.is_unsaved()
    assert assessing.find(station, 2025) == now


def test_a_sheet_that_went_on_meanwhile_is_not_overwritten(station, kept, dialog):
    assessing.keep(station, kept, "A2", Filled(Answer(option=0)))
    dialog.table.choose(2)
    click(dialog.restore)
    assert dialog.isVisible()
    assert "没有恢复" in dialog.trouble.text()


def test_offices_above_look_at_the_versions_and_change_nothing(tmp_path, page_of):
    with set_up(tmp_path / "city", "140100-JU", person="示例") as city:
        sheet_at(city, STATION, {"A1": Filled(Answer(option=0))})
        seen = reviewing.find(city, 2025, STATION)
        first = city.revisions.by_hash(seen.kept.revision)
        sheet_at(city, STATION, {"A1": Filled(Answer(option=1))}, first.object_id, [first])
        page = page_of(city)
        page.part.open_sheet(next(each.seen for each in page.part._found if each.seen))
        click(page.part.buttons.history)
        dialog = opened(page)
        assert column(dialog, 2) == ["某人", "某人"]
        assert "具备其一" in dialog.changes.toPlainText()
        assert not dialog.restore.isVisible()


@pytest.mark.parametrize("law", LAWS)
def test_everything_is_reached_by_keyboard_and_told(dialog, law, qtbot):
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    law(dialog)
