"""Where things lie: the files that ship with the program and the office's data folder."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path

_PACKAGE = Path(__file__).parent
_POINTER = "data-folder.txt"  # where the data lies, if a person chose another place


class Origin(StrEnum):
    """Where the name of a data folder comes from."""

    GIVEN = "given"
    VARIABLE = "variable"
    CHOSEN = "chosen"
    PORTABLE = "portable"
    USUAL = "usual"


def resource(name: str) -> Path:
    """Return the path of a shipped file, e.g. `calendar/holidays.json`; installed, frozen, or in the source tree."""
    installed = _PACKAGE / "_resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / name


def data_home(given: Path | None = None) -> Path:
    """Return the data folder: as given, `$RISKDESK_HOME`, as chosen once, else beside a portable program or the user's own."""
    if given is not None:
        return given.absolute()
    if named := os.environ.get("RISKDESK_HOME"):
        return Path(named).absolute()
    return _noted() or _usual()


def remember_data_home(home: Path) -> None:
    """Let `data_home` find a data folder that a person chose; the user's own needs no note.

    The one beside a portable program is noted, too, relative to the program: so it can be missed when it is gone.
    """
    pointer = _base() / _POINTER
    beside = _is_portable() and home == _usual()
    if home == (_noted() if beside else data_home()):
        return
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(home.name if beside else str(home), "utf-8")


def origin(home: Path) -> Origin:
    """Tell where the name of a data folder comes from that `data_home` returned; usual is one that may be new."""
    if os.environ.get("RISKDESK_HOME") and home == data_home():
        return Origin.VARIABLE
    if home == _noted():
        return Origin.PORTABLE if home == _usual() and _is_portable() else Origin.CHOSEN
    return Origin.USUAL if home == _usual() else Origin.GIVEN


def training_home(home: Path) -> Path:
    """Return the folder of the training data that lies beside a data folder."""
    return home.with_name(f"{home.name}-训练")


def _noted() -> Path | None:
    pointer = _base() / _POINTER
    chosen = pointer.read_text("utf-8").strip() if pointer.is_file() else ""
    return _base() / chosen if chosen else None


def _usual() -> Path:
    return _base() / ("riskdesk-data" if _is_portable() else "data")


def _is_portable() -> bool:
    return (Path(sys.executable).parent / "riskdesk.portable").exists()


def _base() -> Path:
    """Return where the program keeps what is not in the package: its own folder if portable, else the user's."""
    if _is_portable():
        return Path(sys.executable).parent
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "riskdesk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "riskdesk"
