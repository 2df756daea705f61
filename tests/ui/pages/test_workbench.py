"""The page 工作台: what is due, what is urgent, and where each number leads."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from ui.widgets.forms import FULL, RECORD

from riskdesk.domain.triage import Level
from riskdesk.services import calendar, drafting, entry
from riskdesk.services.calendar import DayKind
from riskdesk.services.listing import Filter
from riskdesk.services.overview import RecordState
from riskdesk.services.preferences import keep, preferences
from riskdesk.services.reminders import reminders
from riskdesk.services.workbench import workbench
from riskdesk.ui import theme
from riskdesk.ui.pages.workbench import WorkbenchPage

URGENT = RECORD.edited(product="电动自行车头盔", key_codes=("K1",))


@pytest.fixture
def page(app, desk, qtbot):
    page = WorkbenchPage(desk.office, lambda: (counted := workbench(desk), reminders(desk, counted)))
    qtbot.addWidget(page)
    page.resize(1150, 700)
    page.show()
    page.activateWindow()
    return page


def texts(page):
    QCoreApplication.sendPostedEvents()  # what was laid out is shown
    return [each.text() for each in page.findChildren(QLabel) if not each.isHidden()]


def buttons(page, start):
    QCoreApplication.sendPostedEvents()
    found = [each for each in page.findChildren(QPushButton) if not each.isHidden()]
    return [each for each in found if each.accessibleName().startswith(start)]


def at(monkeypatch, page, moment):
    monkeypatch.setenv("RISKDESK_NOW", moment)
    page.refresh()


def test_an_empty_period_says_what_is_due_and_that_nothing_is_there(page):
    assert page._period.text() == "2023年5月期 月度报送"
    assert "5月25日" in page._due.text()
    assert page._countdown.accessibleName() == "今天 截止"
    assert "没有等待立即报送的重点信息。" in texts(page)
    assert "还没有记录" in page._unchecked.accessibleName()
    assert page._important.accessibleName() == "重要风险信息 0，还没有记录"
    assert page._entered.accessibleName() == "本期已录入 0，上期没有记录"
    assert not page._check.isEnabled()
    assert page._check.toolTip() == "本期没有待核的记录"


@pytest.mark.parametrize(
    ("moment", "ring", "tone"),
    [
        ("2023-05-05T09:00:00", "5 天后截止", "blue"),
        ("2023-05-23T09:00:00", "2 天后截止", "amber"),
        ("2023-05-25T23:00:00", "今天 截止", "amber"),
    ],
)
def test_the_countdown_says_the_days_in_words_and_tone(page, monkeypatch, moment, ring, tone):
    at(monkeypatch, page, moment)
    assert (page._countdown.accessibleName(), page._due.property("tone")) == (ring, tone)


def test_a_due_date_that_moved_says_why(page, desk):
    calendar.mark_day(desk, page._shown.today, DayKind.OFF, "停电")
    page.refresh()
    assert page._why.isVisible()
    assert "停电" in page._why.text() or "顺延" in page._why.text()


def test_an_urgent_record_stands_there_with_its_clock_and_leads_to_itself(page, desk, monkeypatch, qtbot):
    saved = entry.save(desk, URGENT)
    at(monkeypatch, page, "2023-05-25T10:30:00")
    [opening] = buttons(page, "打开重点信息")
    assert "已登记 1 小时 30 分，应立即报送" in texts(page)
    with qtbot.waitSignal(page.record_wanted) as wanted:
        opening.click()
    assert wanted.args == [saved.object_id]


def test_overdue_records_come_first_and_only_some_are_shown(page, desk, monkeypatch):
    for number in range(4):
        monkeypatch.setenv("RISKDESK_NOW", f"2023-05-2{number + 1}T09:00:00")
        entry.save(desk, URGENT.edited(product=f"头盔{number}", content=f"第{number}批头盔外壳开裂。"))
    at(monkeypatch, page, "2023-05-24T12:00:00")
    shown = [each.text() for each in buttons(page, "打开重点信息")]
    assert shown == ["头盔0", "头盔1", "头盔2"]
    assert "另有 1 条" in texts(page)
    assert any("超过 24 小时" in text for text in texts(page))


def test_the_time_allowed_is_the_one_that_was_set(page, desk, monkeypatch):
    keep(desk, replace(preferences(desk), urgent_hours=2))
    entry.save(desk, URGENT)
    at(monkeypatch, page, "2023-05-25T12:30:00")
    assert any("已超过 2 小时" in text for text in texts(page))


def test_records_are_compared_to_those_of_the_period_before(page, desk):
    entry.save(desk, RECORD)
    entry.save(desk, FULL.edited(period="2023-04", discovered_on=None))
    page.refresh()
    assert "较上期 +0" in page._entered.accessibleName()


def test_a_product_with_an_ampersand_is_shown_as_it_is(page, desk):
    entry.save(desk, URGENT.edited(product="A&B 头盔"))
    page.refresh()
    [opening] = buttons(page, "打开重点信息")
    assert opening.text() == "A&&B 头盔"


def test_every_number_leads_to_its_records_by_mouse_and_by_key(page, desk, qtbot):
    entry.save(desk, URGENT)
    entry.save(desk, FULL)
    drafting.keep(desk, RECORD.edited(product="插座"))
    page.refresh()
    for card, given in (
        (page._entered, Filter(period="2023-05")),
        (page._unchecked, Filter(period="2023-05", state=RecordState.UNCHECKED)),
        (page._important, Filter(period="2023-05", level=Level.IMPORTANT)),
    ):
        with qtbot.waitSignal(page.listing_wanted) as wanted:
            qtbot.keyClick(card, Qt.Key.Key_Return)
        assert wanted.args == [given]
    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.mouseClick(page._drafts, Qt.MouseButton.LeftButton)
    assert wanted.args == ["drafts"]
    assert page._entered.accessibleName().startswith("本期已录入 2")
    assert page._drafts.accessibleName() == "未完成的草稿 1，打开继续填写"


def test_the_buttons_of_the_period_lead_on(page, desk, qtbot):
    entry.save(desk, RECORD.edited(analysis=""))
    page.refresh()
    with qtbot.waitSignal(page.new_wanted):
        page._go_on.click()
    with qtbot.waitSignal(page.listing_wanted):
        page._check.click()
    with qtbot.waitSignal(page.export_wanted) as wanted:
        page._export.click()
    assert wanted.args == ["2023-05"]
    with qtbot.waitSignal(page.calendar_file_wanted):
        page._ics.click()


def test_reminders_stand_there_with_the_way_to_deal_with_them(page, monkeypatch, qtbot):
    at(monkeypatch, page, "2023-12-05T09:00:00")
    going = buttons(page, "去处理：")
    assert going
    with qtbot.waitSignal(page.wanted) as wanted:
        going[0].click()
    assert wanted.args[0] in ("settings", "records", "annual")


def test_an_overdue_yearly_report_leads_to_its_page_and_can_be_dismissed(page, monkeypatch, qtbot):
    at(monkeypatch, page, "2024-01-05T09:00:00")
    [going] = buttons(page, "去处理：年度报告逾期")
    with qtbot.waitSignal(page.wanted) as wanted:
        going.click()
    assert wanted.args == ["annual"]
    [away] = buttons(page, "不再提醒：")
    with qtbot.waitSignal(page.dismiss_wanted) as wanted:
        away.click()
    assert wanted.args == ["annual:2023"]


def test_the_next_due_dates_are_told_with_why_they_move(page):
    text = "\n".join(texts(page))
    assert "2023年6月期　6月25日" in text
    assert "2023年7月期" in text


def test_refreshing_leaves_nothing_behind(page, desk, qtbot):
    entry.save(desk, URGENT)
    page.refresh()
    count = len(texts(page))
    for _ in range(5):
        page.refresh()
    assert len(texts(page)) == count


def primary(page):
    return [each.accessibleName() for each in page.findChildren(QPushButton) if each.property("kind") == "primary"]


def test_the_button_of_the_next_step_stands_out(page, desk):
    assert primary(page) == ["继续录入"]
    step = entry.save(desk, RECORD.edited(analysis=""))
    page.refresh()
    assert primary(page) == ["校核本期"]
    entry.save(desk, RECORD, step.object_id)
    page.refresh()
    assert primary(page) == ["上报…"]


def test_no_step_stands_out_once_all_is_handed_on(page, desk):
    step = entry.save(desk, RECORD)
    counted = workbench(desk)
    done = tuple(replace(each, done=True, current=each.title == "回执") for each in counted.steps)
    page._offer(replace(counted, steps=done))
    assert primary(page) == []
    assert step.object_id


def test_a_fork_can_be_gone_to_from_the_workbench(page, desk, qtbot):
    step = entry.save(desk, RECORD)
    sides = [entry.next_revision(desk, RECORD.edited(brand=name), step.object_id, parents=[step]) for name in "左右"]
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, sides)
    page.refresh()
    assert page._check.isEnabled()
    with qtbot.waitSignal(page.listing_wanted) as wanted:
        page._check.click()
    assert wanted.args == [Filter(period="2023-05", state=RecordState.FORKED)]


@pytest.mark.parametrize("points", [10.5, 12, 14])
def test_nothing_has_to_be_scrolled_sideways_on_a_small_screen(app, page, desk, points):
    theme.apply(app, "light", points)
    page.resize(1366 - theme.letter(page) * 27, 650)  # what the navigation leaves
    page.refresh()
    QCoreApplication.sendPostedEvents()
    inside = page.findChild(QScrollArea)
    assert inside.widget().minimumSizeHint().width() <= inside.viewport().width()
