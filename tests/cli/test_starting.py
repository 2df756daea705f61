"""What starts: the window for nothing, a data folder or files; a command for everything else, and then nothing of Qt."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import COUNTY

from riskdesk import __main__ as start
from riskdesk import launch
from riskdesk.services.desk import Desk

SCREENLESS = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "RISKDESK_HOME")
}


def run(*arguments, cwd=None, **more):
    return subprocess.run(
        [sys.executable, "-m", "riskdesk", *map(str, arguments)],
        env={**SCREENLESS, "PYTHONPATH": str(Path(launch.__file__).parent.parent), **more},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def opened(monkeypatch):
    """Call `main` with arguments and return what the window or the command line was asked for."""

    def call(*arguments):
        asked = []
        monkeypatch.setattr("sys.argv", ["riskdesk", *map(str, arguments)])
        monkeypatch.setattr("riskdesk.__main__.has_display", lambda: True)
        monkeypatch.setattr(
            "riskdesk.ui.app.main", lambda home, files: asked.append(("window", home, list(files))) or 0
        )
        monkeypatch.setattr("riskdesk.cli.main.main", lambda: asked.append(("command",)) or 0)
        assert start.main() == 0
        return asked

    return call


def test_without_a_command_the_window_opens_on_the_usual_data_folder(opened, monkeypatch, tmp_path):
    monkeypatch.setenv("RISKDESK_HOME", str(tmp_path))
    assert opened() == [("window", tmp_path, [])]


def test_ctrl_c_while_a_command_is_being_loaded_is_no_traceback(monkeypatch, capsys):
    class Interrupting:
        @staticmethod
        def find_spec(name, *_):
            if name == "riskdesk.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "riskdesk.cli.main", raising=False)
    monkeypatch.setattr("sys.meta_path", [Interrupting, *sys.meta_path])
    monkeypatch.setattr("sys.argv", ["riskdesk", "list"])
    assert start.main() == 130
    assert capsys.readouterr().err == "已中断。\n"


def test_a_data_folder_and_files_are_for_the_window(opened, tmp_path):
    form = tmp_path / "报送 表.xlsx"
    form.touch()
    assert opened("--home", tmp_path) == [("window", tmp_path, [])]
    assert opened(f"--home={tmp_path}", form) == [("window", tmp_path, [form])]
    assert opened(form, "--home", tmp_path) == [("window", tmp_path, [form])]


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("--json",), ("due",), ("--home",), ("--home", "x", "list"), ("没有这个文件.xlsx",)],
)
def test_everything_else_is_a_command(opened, arguments):
    assert opened(*arguments) == [("command",)]


def test_a_file_named_like_a_command_does_not_hide_it(tmp_path):
    (tmp_path / "due").touch()
    done = run("due", "--json", cwd=tmp_path, RISKDESK_HOME=str(tmp_path / "nobody"))
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("报表",), "不能是"), (("--home",), "--home 后面缺少内容"), (("--json",), "缺少"), (("--无",), "缺少")],
)
def test_unknown_words_are_answered_with_the_usage(arguments, said):
    done = run(*arguments)
    assert done.returncode == 2
    assert "命令用法不对" in done.stderr
    assert said in done.stderr


def test_help_names_the_commands(tmp_path):
    done = run("--home", tmp_path, "--help")
    assert done.returncode == 0
    assert "用法：riskdesk" in done.stdout
    assert "export" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_the_window_is_refused_in_words(tmp_path):
    done = run("--home", tmp_path)
    assert done.returncode == 2
    assert "没有图形界面" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_command_loads_qt(home, tmp_path):
    script = (
        "import sys; from riskdesk.__main__ import main; code = main();"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'riskdesk.ui'))];"
        "sys.exit(code)"
    )
    for arguments in (["list"], ["check"], ["export", "--period", "2023-05", "--out", str(tmp_path / "out")], ["due"]):
        done = subprocess.run(
            [sys.executable, "-c", script, "--home", str(home), *arguments], capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, (arguments, done.stderr)


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json"), ("calendar", "paste"), ("没有",)])
def test_a_windowed_program_without_streams_does_what_it_is_told(home, monkeypatch, arguments):
    from riskdesk.cli.main import main

    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["--home", str(home), *arguments]) == (0 if "list" in arguments else 3 if "paste" in arguments else 2)
    assert not (home / "logs" / "riskdesk.log").exists()


def test_frozen_it_starts_the_windowed_program_beside_it(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(Path("/opt/风险 监控/riskdesk-cli")))
    assert launch.program_call("--home", "x") == [str(Path("/opt/风险 监控/riskdesk")), "--home", "x"]
    monkeypatch.setattr(sys, "executable", str(Path("/opt/riskdesk-cli.exe")))
    assert launch.program_call() == [str(Path("/opt/riskdesk.exe"))]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")
@pytest.mark.parametrize(("before", "after"), [({}, None), ({"LD_LIBRARY_PATH_ORIG": "/usr/x"}, "/usr/x")])
def test_programs_of_the_system_do_not_get_the_frozen_programs_libraries(monkeypatch, before, after):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/riskdesk/_internal")
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    launch.give_back_library_path()
    assert os.environ.get("LD_LIBRARY_PATH") == after
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_the_demo_says_so_if_there_is_no_screen_to_open_it_on(tmp_path):
    done = run("demo", tmp_path / "demo", "--open", "--json")
    assert done.returncode == 0
    assert "没有图形界面" in done.stderr or not sys.platform.startswith("linux")
    assert COUNTY in json.loads(done.stdout)["homes"]


def test_the_demo_opens_the_window_in_a_process_of_its_own(monkeypatch, tmp_path):
    note = tmp_path / "started.json"
    program = "import json, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(json.dumps(sys.argv[2:]))"
    monkeypatch.setattr(launch, "has_display", lambda: True)
    monkeypatch.setattr(launch, "program_call", lambda *given: [sys.executable, "-c", program, str(note), *given])
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    from riskdesk.cli.main import main

    assert main(["demo", str(tmp_path / "demo"), "--open"]) == 0
    assert started[0].wait(30) == 0
    assert json.loads(note.read_text()) == ["--home", str(tmp_path / "demo" / COUNTY)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the offscreen platform and /proc")
def test_the_window_of_the_demo_outlives_the_command_and_holds_its_data_folder(tmp_path):
    done = run("demo", tmp_path / "demo", "--open", QT_QPA_PLATFORM="offscreen", RISKDESK_NOW="2023-05-25T09:00:00")
    assert (done.returncode, done.stderr) == (0, "")
    home = tmp_path / "demo" / COUNTY
    window = None
    try:
        window = waited_for(lambda: window_on(home))
        waited_for(lambda: run("list", "--home", home).returncode == 6)
    finally:
        if window:
            window.kill()
    waited_for(lambda: window_on(home) is None)
    Desk(home).close()


class Process:
    def __init__(self, folder):
        self.pid = int(folder.name)

    def kill(self):
        os.kill(self.pid, 9)


def window_on(home):
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"riskdesk" in words and os.fsencode(home) in words and b"list" not in words:
                return Process(folder)
    return None


def waited_for(what, patience=30.0):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")
