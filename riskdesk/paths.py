"""Where things lie: the files that ship with the program and the office's data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of a shipped file, e.g. `calendar/holidays.json`; installed, frozen, or in the source tree."""
    installed = _PACKAGE / "_resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / name


def data_home(given: Path | None = None) -> Path:
    """Return the data folder: as given, `$RISKDESK_HOME`, beside a portable program, else the user's own."""
    if given is not None:
        return given.absolute()
    if named := os.environ.get("RISKDESK_HOME"):
        return Path(named).absolute()
    program = Path(sys.executable).parent
    if (program / "riskdesk.portable").exists():
        return program / "riskdesk-data"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "riskdesk" / "data"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "riskdesk"
