"""The program is killed in the middle of a sentence and started again; a second start hands its files to the first."""

import signal
from pathlib import Path

import pytest
from window.screen import Screen, wait_until

from riskdesk.services import drafting
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference
from riskdesk.services.setup import set_up

NOW = "2023-05-24T16:50:00"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@pytest.fixture
def screen():
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def office(tmp_path):
    home = tmp_path / "小店区局"
    set_up(home, "140105-JU", person="示例人员").close()
    return home


@pytest.mark.timeout(120)
def test_what_was_typed_before_a_kill_is_offered_and_comes_back(screen, office):
    program = screen.start("--home", office, RISKDESK_NOW=NOW)
    screen.wait_for_window("小店区市场监督管理局")
    screen.keys("ctrl+n")
    screen.paste("儿童爬行地垫")
    screen.keys("alt+c")
    screen.type("TVOC")
    wait_until(lambda: list((office / "journal").glob("*.journal")), "nothing was kept")
    screen.type(" and smells")
    journal = next((office / "journal").glob("*.journal"))
    wait_until(lambda: b"smells" in journal.read_bytes(), "the last words were not kept within the time")
    program.send_signal(signal.SIGKILL)
    program.wait()

    again = screen.start("--home", office, RISKDESK_NOW=NOW)
    screen.wait_for_window("上次没有保存的内容")
    screen.keys("Return")
    screen.wait_for_window("小店区市场监督管理局")
    screen.keys("ctrl+s")
    reference = Reference()

    def saved():
        with Desk(office, reference) as desk:
            return [(row.product, row.content) for row in desk.records.every()]

    wait_until(saved, "the recovered record could not be saved")
    assert saved() == [("儿童爬行地垫", "TVOC and smells")]
    screen.keys("alt+F4")
    assert again.wait(20) == 0
    with Desk(office, reference) as desk:
        assert drafting.left_unsaved(desk) == []


@pytest.mark.timeout(120)
def test_a_second_start_hands_its_file_over_and_ends(screen, office):
    first = screen.start("--home", office, RISKDESK_NOW=NOW)
    screen.wait_for_window("小店区市场监督管理局")
    second = screen.start_again("--home", office, SAMPLES / "坞城所5月报送表.xlsx", RISKDESK_NOW=NOW)
    assert second.wait(20) == 0
    screen.wait_for_window("导入预览")
    assert first.poll() is None
    first.terminate()
    first.wait()
