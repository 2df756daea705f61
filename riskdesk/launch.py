"""Starting the program once more, and whether a window can be shown here at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_WINDOWED = "riskdesk"  # as build.spec names it; beside it lies riskdesk-cli
_LIBRARY_PATH = "LD_LIBRARY_PATH"


def program_call(*arguments: str) -> list[str]:
    """Return the command line that starts riskdesk once more; frozen it is the windowed program, whoever asks."""
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        return [str(here.with_name(_WINDOWED + here.suffix)), *arguments]
    return [sys.executable, "-m", "riskdesk", *arguments]


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether there is a screen; Qt would end the process if there is none."""
    if not sys.platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def give_back_library_path() -> None:
    """Undo what PyInstaller's starter did to the environment: the system's programs must not load our libraries."""
    if not getattr(sys, "frozen", False) or not sys.platform.startswith("linux"):
        return
    before = os.environ.pop(f"{_LIBRARY_PATH}_ORIG", "")
    if before:
        os.environ[_LIBRARY_PATH] = before
    else:
        os.environ.pop(_LIBRARY_PATH, None)
