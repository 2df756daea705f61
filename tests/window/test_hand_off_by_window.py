"""A report handed up and its answer handed down, in real windows, by keyboard; the stick is a folder, and what counts lies on the disk."""

import shutil

import pytest
from scenarios.conftest import enrolled
from scenarios.offices import CITY, COUNTY, PASSPHRASE, SUO, Offices
from window.screen import Screen, wait_until

from riskdesk.services import entry
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference

__all__ = ["enrolled"]  # the fixture of six offices

NOW = "2023-05-24T16:50:00"


@pytest.fixture
def offices(enrolled, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    shutil.copytree(enrolled.folder, tmp_path / "offices")
    offices = Offices(tmp_path / "offices")
    offices.type_in(SUO, "2023-05", 电热毯="绝缘不合格，存在触电风险", 儿童滑板车="刹车距离过长，容易摔伤")
    return offices


@pytest.fixture
def screen(tmp_path):
    screen = Screen()
    yield screen
    screen.picture(tmp_path / "last.png")
    screen.close()


class Window:
    """The window of one office, open on the screen for a while."""

    def __init__(self, screen, offices, code, *files):
        self.screen, self.home, self.usb = screen, offices.home(code), offices.usb
        self._environment = {"HOME": str(offices.folder), "XDG_DATA_HOME": str(offices.folder), "RISKDESK_NOW": NOW}
        self._files, self._is_unlocked = files, False
        with Desk(self.home, Reference()) as desk:
            self.name = desk.office.name

    def __enter__(self):
        self._program = self.screen.start(
            "--home", self.home, *self._files, **self._environment, RISKDESK_PASSPHRASE=""
        )
        if not self._files:
            self.screen.wait_for_window(self.name)
        return self

    def __exit__(self, *_):
        self.screen.wait_for_window(self.name)
        self.screen.keys("alt+F4")
        assert self._program.wait(20) == 0

    def unlock(self):
        """Give the passphrase, which is asked for once."""
        if self._is_unlocked:
            return
        self._is_unlocked = True
        self.screen.wait_for_window("输入密钥口令")
        self.screen.paste(PASSPHRASE)
        self.screen.keys("Return")

    def close_dialog(self):
        """Close the dialog in front, as soon as it lets itself be closed."""

        def is_back():
            if self.name in self.screen.focused():
                return True
            self.screen.keys("alt+c")
            return False

        wait_until(is_back, "the dialog stays open")

    def states(self):
        """Return what became of the office's records, by product, as the disk says."""
        with Desk(self.home, Reference()) as desk:
            return {row.product: row.handed for row in desk.records.every()}

    def wait_for_file(self, pattern):
        wait_until(lambda: list(self.usb.glob(pattern)), f"no file {pattern}")
        [file] = self.usb.glob(pattern)
        return file

    def report(self, *, reason=""):
        """上报 the period of today to the stick."""
        self.screen.keys("alt+u")
        self.screen.wait_for_window("上报")
        if reason:
            self.screen.keys("alt+w")
            self.screen.paste(reason)
        self.screen.keys("alt+d", "ctrl+a")
        self.screen.paste(str(self.usb))
        self.screen.keys("alt+s")
        self.unlock()

    def take(self, counted):
        """接收 what the window was opened with, once it was looked at."""
        self.unlock()
        self.screen.wait_for_window("接收报送包")
        self.screen.keys("alt+r")
        wait_until(lambda: len(self.states()) == counted, "not taken")


@pytest.mark.timeout(400)
def test_a_report_goes_up_is_returned_corrected_and_taken_again(screen, offices):
    with Window(screen, offices, SUO) as suo:
        suo.report()
        first = suo.wait_for_file(f"{SUO}_2023-05_r1.rdpkg.age")
        suo.wait_for_file(f"{SUO}_2023-05_r1_交接单.pdf")
        wait_until(lambda: set(suo.states().values()) == {1}, "not told as handed on")
        suo.close_dialog()

    with Window(screen, offices, COUNTY, first) as county:
        county.take(2)
        county.close_dialog()
        return_the_first_record(screen, county)
        answer = county.wait_for_file(f"{COUNTY}_回执_*.rdpkg*")
        county.close_dialog()

    with Window(screen, offices, SUO, answer) as suo:
        if answer.suffix == ".age":
            suo.unlock()
        screen.wait_for_window("接收报送包")
        screen.keys("alt+r")
        wait_until(lambda: sorted(suo.states().values()) == [2, 3], "the answer was not taken")
        suo.close_dialog()
    [returned] = [product for product, state in suo.states().items() if state == 3]
    offices.correct(SUO, returned, "核实后补充批次20230401")

    with Window(screen, offices, SUO) as suo:
        suo.report(reason="按退回意见补正")
        second = suo.wait_for_file(f"{SUO}_2023-05_r2.rdpkg.age")
        wait_until(lambda: suo.states()[returned] == 1, "not told as handed on")
        suo.close_dialog()

    with Window(screen, offices, COUNTY, second) as county:
        county.take(2)
        wait_until(lambda: offices_content(county, returned) == "核实后补充批次20230401", "not updated")
        county.close_dialog()
        county.report()
        up = county.wait_for_file(f"{COUNTY}_2023-05_r1.rdpkg.age")
        wait_until(lambda: set(county.states().values()) == {1}, "not told as handed on")
        county.close_dialog()

    with Window(screen, offices, CITY, up) as city:
        city.take(2)
        city.close_dialog()
    offices.check_all()
    assert {each["product"]: each["content"] for each in offices.records(CITY)} == {
        product: content for (_, product), content in offices.typed.items()
    }


def return_the_first_record(screen, county):
    """In 收发, answer the package that came and return its first record."""
    screen.keys("alt+3", "ctrl+Tab", "alt+h")
    screen.wait_for_window("回执和退回")
    screen.keys("alt+t")
    screen.paste("请写明批次")
    screen.keys("alt+d", "ctrl+a")
    screen.paste(str(county.usb))
    screen.keys("alt+w")


def offices_content(window, product):
    with Desk(window.home, Reference()) as desk:
        [row] = [row for row in desk.records.every() if row.product == product]
        return entry.record_of(entry.current(desk, row.id)).content
