"""Where things lie."""

import sys
from pathlib import Path

import pytest

from riskdesk import paths
from riskdesk.paths import Origin


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's own folder for data, empty; the program lies elsewhere and is not portable."""
    program = tmp_path / "program"
    program.mkdir()
    monkeypatch.setattr(sys, "executable", str(program / "riskdesk"))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "riskdesk"


def portable():
    (Path(sys.executable).parent / "riskdesk.portable").touch()


def test_the_usual_place_is_the_users_own(own):
    assert paths.data_home() == own / "data"


def test_windows_has_a_place_of_its_own(own, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert paths.data_home() == tmp_path / "Local" / "riskdesk" / "data"


def test_an_empty_variable_is_none(own, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "用户"))
    monkeypatch.setenv("RISKDESK_HOME", "")
    assert paths.data_home() == tmp_path / "用户" / ".local" / "share" / "riskdesk" / "data"


def test_what_is_given_comes_before_the_variable_and_that_before_what_was_chosen(own, monkeypatch, tmp_path):
    paths.remember_data_home(tmp_path / "chosen")
    assert paths.data_home() == tmp_path / "chosen"
    monkeypatch.setenv("RISKDESK_HOME", str(tmp_path / "named"))
    assert paths.data_home() == tmp_path / "named"
    assert paths.data_home(tmp_path / "given") == tmp_path / "given"


def test_relative_places_are_made_absolute(own, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKDESK_HOME", "数据")
    assert paths.data_home() == tmp_path / "数据"
    assert paths.data_home(Path("这里")) == tmp_path / "这里"


def test_a_chosen_folder_with_spaces_and_chinese_is_found_again(own, tmp_path):
    chosen = tmp_path / "我的 数据 (2023)"
    paths.remember_data_home(chosen)
    assert paths.data_home() == chosen


def test_the_usual_place_needs_no_note(own):
    paths.remember_data_home(own / "data")
    assert not own.exists()


def test_going_back_to_the_usual_place_is_remembered_too(own, tmp_path):
    paths.remember_data_home(tmp_path / "chosen")
    paths.remember_data_home(own / "data")
    assert paths.data_home() == own / "data"


def test_a_portable_program_keeps_its_data_beside_itself(own, tmp_path):
    paths.remember_data_home(tmp_path / "chosen by the installed one")
    portable()
    assert paths.data_home() == tmp_path / "program" / "riskdesk-data"


def test_a_folder_chosen_in_a_portable_program_is_found_by_that_program_only(own, tmp_path):
    portable()
    paths.remember_data_home(tmp_path / "chosen")
    assert paths.data_home() == tmp_path / "chosen"
    assert not own.exists()


def test_where_the_name_of_a_data_folder_comes_from_is_known(own, tmp_path, monkeypatch):
    assert paths.origin(own / "data") is Origin.USUAL
    paths.remember_data_home(tmp_path / "U盘")
    assert paths.origin(tmp_path / "U盘") is Origin.CHOSEN
    assert paths.origin(tmp_path / "别处") is Origin.GIVEN
    monkeypatch.setenv("RISKDESK_HOME", str(tmp_path / "变量"))
    assert paths.origin(tmp_path / "变量") is Origin.VARIABLE


def test_the_folder_beside_a_portable_program_is_missed_once_it_was_there_wherever_the_stick_is(
    own, tmp_path, monkeypatch
):
    portable()
    beside = paths.data_home()
    assert paths.origin(beside) is Origin.USUAL
    paths.remember_data_home(beside)
    assert paths.origin(beside) is Origin.PORTABLE
    (tmp_path / "program").rename(tmp_path / "F盘")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "F盘" / "riskdesk"))
    assert paths.data_home() == tmp_path / "F盘" / "riskdesk-data"
    assert paths.origin(paths.data_home()) is Origin.PORTABLE


def test_training_data_lies_beside_the_data_and_not_in_it(tmp_path):
    assert paths.training_home(tmp_path / "小店区局") == tmp_path / "小店区局-训练"


@pytest.mark.parametrize("name", ["calendar/holidays.json", "theme/riskdesk.qss", "icons/add.svg"])
def test_shipped_files_are_found(name):
    assert paths.resource(name).is_file()
