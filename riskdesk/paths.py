"""Where things lie: the files that ship with the program and the office's data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent
_POINTER = "data-folder.txt"  # in the user's own folder: where the data lies, if a person chose another place


def resource(name: str) -> Path:
    """Return the path of a shipped file, e.g. `calendar/holidays.json`; installed, frozen, or in the source tree."""
    installed = _PACKAGE / "_resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / name


def data_home(given: Path | None = None) -> Path:
    """Return the data folder: as given, `$RISKDESK_HOME`, beside a portable program, as chosen once, else the user's own."""
    if given is not None:
        return given.absolute()
    if named := os.environ.get("RISKDESK_HOME"):
        return Path(named).absolute()
    program = Path(sys.executable).parent
    if (program / "riskdesk.portable").exists():
        return program / "riskdesk-data"
    pointer = _own_folder() / _POINTER
    chosen = pointer.read_text("utf-8").strip() if pointer.is_file() else ""
    return Path(chosen) if chosen else _own_folder() / "data"


def remember_data_home(home: Path) -> None:
    """Let `data_home` find a data folder that a person chose; the usual place needs no note."""
    pointer = _own_folder() / _POINTER
    if home == data_home():
        return
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(str(home), "utf-8")


def training_home(home: Path) -> Path:
    """Return the folder of the training data that lies beside a data folder."""
    return home.with_name(f"{home.name}-训练")


def _own_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "riskdesk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "riskdesk"
