"""`python -m riskdesk` and the console script: the window, or one command."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from riskdesk.errors import INTERRUPTED, UsageError
from riskdesk.launch import give_back_library_path, has_display

_HOME = "--home"
_NO_SCREEN = "这里没有图形界面，打不开窗口。请在桌面环境中运行，或使用命令：运行 riskdesk --help 查看所有命令。\n"


def main() -> int:
    """Open the window if no command is given, else run the command; only what is needed is imported."""
    multiprocessing.freeze_support()
    give_back_library_path()
    window = _window_arguments(sys.argv[1:])
    if window is None:
        return _run_command()
    if not has_display():
        sys.stderr.write(_NO_SCREEN)
        return UsageError.exit_code
    from riskdesk.paths import data_home
    from riskdesk.ui.app import main as open_window

    home, files = window
    return open_window(data_home(home), files)


def _run_command() -> int:
    try:
        from riskdesk.cli.main import main as run

        return run()
    except KeyboardInterrupt:  # while it was being loaded
        sys.stderr.write("已中断。\n")
        return INTERRUPTED


def _window_arguments(arguments: Sequence[str]) -> tuple[Path | None, list[Path]] | None:
    """Return data folder and files if the arguments are nothing else (as from a double click); None for a command."""
    home: Path | None = None
    files: list[Path] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == _HOME and waiting:
            home = Path(waiting.pop(0))
        elif argument.startswith(f"{_HOME}="):
            home = Path(argument.removeprefix(f"{_HOME}="))
        elif _is_form(Path(argument)):
            files.append(Path(argument))
        else:
            return None
    return home, files


def _is_form(path: Path) -> bool:
    """Tell a file from a command: there may be a file named `list` where someone runs `riskdesk list`."""
    return bool(path.suffix) and path.is_file()


if __name__ == "__main__":
    sys.exit(main())
