"""The page 设置: every tab saves by itself, refuses nonsense with a sentence, and shows what it did."""

from dataclasses import replace
from datetime import date

import pytest
from domain.test_holiday_notice import N2024, N2026
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from riskdesk.domain.offices import OfficeLevel
from riskdesk.errors import FileFaultError
from riskdesk.services import autostart, calendar
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import Person, keep, preferences
from riskdesk.services.workbench import workbench
from riskdesk.ui import theme
from riskdesk.ui.input_methods import Route
from riskdesk.ui.main_window import MainWindow
from riskdesk.ui.widgets import settings_calendar, settings_data


@pytest.fixture(autouse=True)
def own_autostart(tmp_path, monkeypatch):
    """No test touches the real desktop."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def window(app, desk, jobs, qtbot):
    window = MainWindow(desk, jobs, Route.SYSTEM, ["riskdesk", "--home", "数据"])
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.show_page("settings")
    window.activateWindow()
    return window


@pytest.fixture
def page(window):
    return window._pages["settings"]


def stored(desk):
    """The preferences as another start of the program finds them."""
    with Desk(desk.home) as again:
        return preferences(again)


# --- office and people ---


def test_a_new_person_is_saved_and_stands_at_the_top_of_the_window(page, window, desk):
    page.office.person.setText("  李四 ")
    page.office.phone.setText("0351-1111111")
    page.office._save.click()
    assert "已保存" in page.office._told.text()
    assert window._person.text() == "填报人 李四"
    with Desk(desk.home) as again:
        assert (again.office.person, again.office.phone) == ("李四", "0351-1111111")


@pytest.mark.parametrize("field", ["name", "person"])
def test_an_office_needs_a_name_and_a_person(page, desk, field):
    getattr(page.office, field).setText("   ")
    page.office._save.click()
    assert "不能为空" in page.office._trouble.text()
    assert desk.office.person == "张三"


def test_people_who_filled_in_are_remembered_newest_first_and_chosen_again(page, desk):
    for name in ("李四", "王五", "李四"):
        page.office.person.setText(name)
        page.office._save.click()
    people: QListWidget = page.office.people
    assert [people.item(row).text().strip() for row in range(people.count())] == [
        "李四　0351-0000000",
        "王五　0351-0000000",
    ]
    people.itemActivated.emit(people.item(1))
    assert page.office.person.text() == "王五"


def test_a_person_is_taken_off_the_list_only_when_one_is_chosen(page, desk):
    keep(desk, replace(preferences(desk), people=(Person("李四"), Person("王五"))))
    page.refresh()
    page.office._remove.click()
    assert "选中" in page.office._trouble.text()
    page.office.people.setCurrentRow(0)
    page.office._remove.click()
    assert stored(desk).people == (Person("王五"),)
    page.office.people.setCurrentRow(0)
    page.office._remove.click()
    assert not page.office._remove.isEnabled()
    assert page.office._remove.toolTip()


# --- what is typed and not saved ---


def test_bringing_the_page_up_to_date_leaves_what_is_half_typed(page, window):
    page.office.person.setText("李")
    page.deadlines.hours.setValue(7)
    page.deadlines.annual.setText("1")
    window.refresh()
    assert (page.office.person.text(), page.deadlines.hours.value(), page.deadlines.annual.text()) == ("李", 7, "1")
    assert page.office.name.text()


def test_what_is_not_touched_is_brought_up_to_date(page, desk):
    keep(desk, replace(preferences(desk), urgent_hours=12))
    page.refresh()
    assert page.deadlines.hours.value() == 12


@pytest.mark.parametrize("part", ["office", "deadlines", "calendar"])
def test_the_page_and_the_window_stay_until_typing_is_saved_or_given_up(page, window, part, qtbot):
    stored_text = page.office.phone.text()
    page.tabs.setCurrentIndex(6)
    {
        "office": lambda: page.office.phone.setText("1390"),
        "deadlines": page.deadlines.notify.toggle,
        "calendar": lambda: page.calendar.notice.setPlainText("半份通知"),
    }[part]()
    window.show_page("records")
    assert window._stack.currentWidget() is page
    assert not window.close()
    assert window.isVisible()
    assert page._unsaved.isVisible()
    assert page.tabs.tabText(page.tabs.currentIndex()) in page._unsaved.text()
    page._throw_away.click()
    assert not page._unsaved.isVisible()
    assert page.office.phone.text() == stored_text
    assert page.calendar.notice.toPlainText() == ""
    window.show_page("records")
    assert window._stack.currentWidget() is not page


def test_saved_typing_holds_nobody_back(page, window):
    page.office.phone.setText("1390")
    page.deadlines.hours.setValue(7)
    assert not page.may_leave()
    page.office._save.click()
    assert "截止与提醒" in page._unsaved.text()
    assert "单位和人员" not in page._unsaved.text()
    page.deadlines._save.click()
    assert not page._unsaved.isVisible()
    assert page.may_leave()


def test_fields_for_a_few_letters_are_not_as_wide_as_the_page(page):
    for tab, field in ((1, page.deadlines.hours), (1, page.deadlines.annual), (5, page.look.points)):
        page.tabs.setCurrentIndex(tab)
        page.tabs.currentWidget().widget().layout().activate()
        assert field.width() < theme.letter(field) * 40


# --- cut-offs and reminders ---


def test_cut_offs_hours_and_reminders_are_saved(page, desk, qtbot):
    day, time = page.deadlines.cutoffs[OfficeLevel.COUNTY]
    day.setValue(24)
    time.setTime(time.time().fromString("16:30", "HH:mm"))
    page.deadlines.hours.setValue(12)
    page.deadlines.annual.setText("12-20")
    page.deadlines.notify.setChecked(False)
    with qtbot.waitSignal(page.changed):
        page.deadlines._save.click()
    now = stored(desk)
    [county] = [each for each in now.cutoffs if each.level == OfficeLevel.COUNTY]
    assert (county.day, county.hour, county.minute) == (24, 16, 30)
    assert (now.urgent_hours, now.annual_due, now.notify) == (12, "12-20", False)


@pytest.mark.parametrize("nonsense", ["", "13-01", "02-29", "年底", "1231"])
def test_an_annual_day_that_is_none_is_refused_with_a_sentence(page, desk, nonsense):
    page.deadlines.annual.setText(nonsense)
    page.deadlines._save.click()
    assert "年度报告" in page.deadlines._trouble.text()
    assert page.deadlines._told.text() == ""
    assert page.deadlines.annual.text() == nonsense  # the text stays to be put right
    assert stored(desk).annual_due == "12-31"


def test_starting_at_login_is_turned_on_and_off(page, tmp_path):
    assert not page.deadlines.login.isChecked()
    page.deadlines.login.setChecked(True)
    page.deadlines._save.click()
    assert autostart.is_on()
    assert '"--home" "数据"' in (tmp_path / "config" / "autostart" / "riskdesk.desktop").read_text("utf-8")
    page.deadlines.login.setChecked(False)
    page.deadlines._save.click()
    assert not autostart.is_on()


# --- calendar ---


@pytest.fixture
def tab(page, qtbot):
    """The calendar, shown."""
    page.tabs.setCurrentIndex(2)
    qtbot.waitUntil(page.calendar.isVisible)
    return page.calendar


def test_the_month_is_walked_by_keys(tab, qtbot):
    assert tab.grid.day == date(2023, 5, 25)
    for key, day in (
        (Qt.Key.Key_Right, date(2023, 5, 26)),
        (Qt.Key.Key_Down, date(2023, 6, 2)),
        (Qt.Key.Key_Up, date(2023, 5, 26)),
        (Qt.Key.Key_Left, date(2023, 5, 25)),
        (Qt.Key.Key_PageDown, date(2023, 6, 1)),
        (Qt.Key.Key_PageUp, date(2023, 5, 1)),
    ):
        qtbot.keyClick(tab.grid, key)
        assert tab.grid.day == day
    assert tab._month.text() == "2023 年 5 月"
    assert "劳动节" in tab._told.text()
    assert "劳动节" in tab.grid.accessibleName()


def test_a_day_marked_off_by_space_moves_the_due_date(tab, desk, qtbot, window):
    assert workbench(desk).deadline.due == date(2023, 5, 25)
    tab.name.setText("停电")
    qtbot.keyClick(tab.grid, Qt.Key.Key_Space)
    assert workbench(desk).deadline.due != date(2023, 5, 25)
    assert "停电" in tab._told.text()
    assert "手工修改 2023-05-25" in tab._log.text()
    tab._worked.click()
    assert workbench(desk).deadline.due == date(2023, 5, 25)
    tab._off.click()
    tab._plain.click()
    assert calendar.holidays_of(desk).is_workday(date(2023, 5, 25))


def test_due_dates_are_shown_in_every_year_that_is_turned_to(tab, qtbot):
    for _ in range(34):
        qtbot.keyClick(tab.grid, Qt.Key.Key_PageDown)
    assert tab.grid.day == date(2026, 3, 1)
    assert {day.year for day in tab.grid._due} >= {2026}


def test_a_real_notice_is_pasted_and_said_to_be_taken(tab, desk, qtbot):
    tab.notice.setPlainText(N2026)
    tab._paste.click()
    assert tab._trouble.text() == ""
    assert "已导入 2026 年" in tab._done.text()
    assert tab.notice.toPlainText() == ""
    assert tab.grid.day == date(2026, 1, 1)
    assert calendar.holidays_of(desk).reason_off(date(2026, 2, 23)) == "春节放假"
    assert "粘贴通知" in tab._log.text()


def test_a_doubtful_notice_waits_for_the_person_to_confirm_it(tab, desk):
    before = calendar.holidays_of(desk)
    tab.notice.setPlainText(N2026.replace("至3日（周六）放假调休，共3天", "至3日（周六）放假调休，共4天"))
    tab._paste.click()
    assert "疑问" in tab._trouble.text()
    assert "--confirm" not in tab._trouble.text()
    assert tab._confirm.isVisible()
    assert tab.notice.toPlainText()
    assert calendar.holidays_of(desk) == before
    tab._confirm.click()
    assert "已导入 2026 年" in tab._done.text()
    assert not tab._confirm.isVisible()


def test_another_text_is_not_confirmed_along_with_the_one_before(tab):
    tab.notice.setPlainText(N2026.replace("至3日（周六）放假调休，共3天", "至3日（周六）放假调休，共4天"))
    tab._paste.click()
    tab.notice.setPlainText("别的内容")
    assert not tab._confirm.isVisible()


def test_what_is_no_notice_cannot_be_confirmed(tab):
    tab.notice.setPlainText("今天天气很好。")
    tab._paste.click()
    assert tab._trouble.text()
    assert not tab._confirm.isVisible()


def test_a_notice_is_taken_from_a_file(tab, desk, tmp_path, monkeypatch):
    path = tmp_path / "通知.txt"
    path.write_text(N2024, "utf-8")
    monkeypatch.setattr(settings_calendar, "ask_for_calendar", lambda _parent: path)
    tab._file.click()
    assert "已导入 2024 年" in tab._done.text()


def test_a_doubtful_file_can_be_confirmed_too(tab, desk, tmp_path, monkeypatch):
    path = tmp_path / "通知.txt"
    path.write_text(N2026.replace("至3日（周六）放假调休，共3天", "至3日（周六）放假调休，共4天"), "utf-8")
    monkeypatch.setattr(settings_calendar, "ask_for_calendar", lambda _parent: path)
    tab._file.click()
    assert tab._confirm.isVisible()
    tab._confirm.click()
    assert "已导入 2026 年" in tab._done.text()


def test_choosing_no_file_changes_nothing(tab, desk, monkeypatch):
    monkeypatch.setattr(settings_calendar, "ask_for_calendar", lambda _parent: None)
    tab._file.click()
    assert (tab._trouble.text(), tab._done.text()) == ("", "")


# --- data ---


@pytest.fixture
def data(page, qtbot):
    """The tab of copies, shown."""
    page.tabs.setCurrentIndex(4)
    qtbot.waitUntil(page.data.isVisible)
    return page.data


def button_of(part, name):
    return next(each for each in part.findChildren(QPushButton) if each.accessibleName() == name)


def test_a_copy_is_made_now_in_both_places_and_the_window_says_when(data, desk, tmp_path, qtbot, monkeypatch):
    stick = tmp_path / "U盘"
    stick.mkdir()
    monkeypatch.setattr(settings_data, "ask_for_folder", lambda _parent, _title: stick)
    button_of(data, "添加位置…").click()
    assert stored(desk).backup_places == (str(stick),)
    with qtbot.waitSignal(data.changed, timeout=20_000):
        button_of(data, "立即备份").click()
    assert "已备份并校验" in data._told.text()
    assert len(list(stick.rglob("*.db"))) == 1
    assert len(list(desk.backups.glob("*.db"))) == 1
    assert "上次备份　05-25" in data.window()._state.text()


def test_a_stick_that_is_not_there_is_told_and_the_own_copy_is_made(data, desk, tmp_path, qtbot):
    keep(desk, replace(preferences(desk), backup_places=(str(tmp_path / "file" / "gone"),)))
    (tmp_path / "file").write_text("no folder")
    with qtbot.waitSignal(data.changed, timeout=20_000):
        button_of(data, "立即备份").click()
    assert data._trouble.text()
    assert len(list(desk.backups.glob("*.db"))) == 1


def test_a_place_is_taken_off_the_list_only_when_one_is_chosen(data, desk, tmp_path):
    keep(desk, replace(preferences(desk), backup_places=("甲", "乙")))
    data.refresh()
    button_of(data, "移除").click()
    assert "选中" in data._trouble.text()
    data.places.setCurrentRow(0)
    button_of(data, "移除").click()
    assert stored(desk).backup_places == ("乙",)
    assert data._trouble.text() == ""


def test_sound_data_is_said_to_be_complete(data, qtbot):
    button_of(data, "检查数据").click()
    qtbot.waitUntil(lambda: "完整" in data._told.text(), timeout=20_000)
    assert data._trouble.text() == ""


# --- look ---


def test_theme_and_size_apply_at_once_and_are_kept(page, window, desk, app):
    window.look_changed.connect(lambda: theme.apply(app, preferences(desk).theme, preferences(desk).points))
    page.tabs.setCurrentIndex(5)
    page.look.themes["dark"].click()
    assert theme.current() is theme.DARK
    page.look.points.setValue(14)
    assert app.font().pointSizeF() == 14
    assert (stored(desk).theme, stored(desk).points) == ("dark", 14.0)
    page.look.themes["system"].click()
    assert stored(desk).theme == "system"


def test_a_look_that_cannot_be_saved_is_told(page, monkeypatch, qtbot):
    def refuse(_desk, _preferences):
        raise FileFaultError("磁盘空间不足。")

    monkeypatch.setattr("riskdesk.ui.widgets.settings_look.keep", refuse)
    with qtbot.assertNotEmitted(page.look_changed):
        page.look.themes["dark"].click()
    assert page.look._trouble.text() == "没有保存：磁盘空间不足。"
    monkeypatch.undo()


# --- codes ---


def rows(tree):
    model = tree.model()
    heads = [model.item(row) for row in range(model.rowCount())]
    return {head.text(): [head.child(row, 1).text() for row in range(head.rowCount())] for head in heads}


def test_the_code_lists_stand_there_unasked(page):
    shown = rows(page.codes.tree)
    assert len(shown["风险信息来源"]) == 9
    assert len(shown["重要风险信息情形"]) == 7
    assert len(shown["重点风险信息情形（及时报）"]) == 2


def test_regions_and_offices_are_found_by_pinyin(page):
    page.codes.search.setText("xdq")
    shown = rows(page.codes.tree)
    assert any("小店区" in text for text in shown["行政区划"])
    assert any("小店区" in text for text in shown["机构"])
    page.codes.search.clear()
    assert "风险信息来源" in rows(page.codes.tree)
