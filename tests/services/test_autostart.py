"""Starting at login by a desktop entry; the registry of Windows is not tested here."""

import subprocess

import pytest

from riskdesk.errors import UserError
from riskdesk.services import autostart

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no XDG autostart")


@pytest.fixture(autouse=True)
def entry(tmp_path, monkeypatch):
    """Where the desktop entry is to lie."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "autostart" / "riskdesk.desktop"


def started(entry):
    """The command as a desktop reads it: as a string value, then as a command line, then without field codes."""
    line = next(line for line in entry.read_text("utf-8").splitlines() if line.startswith("Exec="))
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    saying = f"for each in {value}; do printf '%s\\0' \"$each\"; done"  # the quoting is that of the shell
    said = subprocess.run(["sh", "-c", saying], capture_output=True, encoding="utf-8", check=True).stdout
    return [argument.replace("%%", "%") for argument in said.split("\0")[:-1]]


def test_it_is_off_until_it_is_turned_on(entry):
    assert not autostart.is_on()
    autostart.turn_on(["riskdesk"])
    assert autostart.is_on()
    autostart.turn_off()
    assert not autostart.is_on()
    assert not entry.exists()


def test_turning_off_what_is_off_is_no_error():
    autostart.turn_off()
    assert not autostart.is_on()


def test_the_entry_is_one_that_desktops_take(entry):
    autostart.turn_on(["riskdesk"])
    lines = entry.read_text("utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert {"Type=Application", "Terminal=false", 'Exec="riskdesk"'} <= set(lines)
    assert any(line.startswith("Name=") for line in lines)


@pytest.mark.parametrize(
    "argument",
    ["/opt/风险 信息/riskdesk", "/data/$HOME/x", 'a "quoted" name', "back\\slash", "`date`", "100%", "it's", "a;b&c|d"],
)
def test_every_path_arrives_as_it_is(entry, argument):
    autostart.turn_on(["/usr/bin/riskdesk", "--home", argument])
    assert started(entry) == ["/usr/bin/riskdesk", "--home", argument]


def test_turning_on_again_names_the_new_command(entry):
    autostart.turn_on(["old"])
    autostart.turn_on(["new"])
    assert started(entry) == ["new"]


def test_without_the_variable_it_lies_in_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    autostart.turn_on(["riskdesk"])
    assert (tmp_path / "home" / ".config" / "autostart" / "riskdesk.desktop").is_file()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(entry):
    entry.parent.parent.write_text("a file where the folder should be")
    with pytest.raises(UserError, match="文件夹"):
        autostart.turn_on(["riskdesk"])
    assert not autostart.is_on()
