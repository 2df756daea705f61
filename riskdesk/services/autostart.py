"""Starting at login: a value in the user's registry on Windows, a desktop entry in XDG autostart elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from riskdesk.files import fault, sync_folder

_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_NAME = "riskdesk"


def is_on() -> bool:
    """Tell whether the program starts at login."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.QueryValueEx(key, _NAME)
        except FileNotFoundError:
            return False
        return True
    return _entry().is_file()


def turn_on(command: Sequence[str]) -> None:
    """Let the command run at login; raise `UserError` if the machine does not allow it."""
    try:
        if sys.platform == "win32":
            import subprocess
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))
            return
        entry = _entry()
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(_desktop_entry(command), "utf-8")
        sync_folder(entry.parent)
    except OSError as error:
        raise fault(_entry(), error) from error


def turn_off() -> None:
    """Do not start at login any more."""
    try:
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, _NAME)
            return
        _entry().unlink(missing_ok=True)
    except FileNotFoundError:
        return
    except OSError as error:
        raise fault(_entry(), error) from error


def _entry() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / "riskdesk.desktop"


def _desktop_entry(command: Sequence[str]) -> str:
    """Return the entry as in the Desktop Entry Specification 1.5; each argument is quoted."""
    return (
        "[Desktop Entry]\nType=Application\nName=riskdesk\nName[zh_CN]=产品质量安全风险信息\n"
        f"Exec={' '.join(map(_quoted, command))}\nTerminal=false\n"
    )


def _quoted(argument: str) -> str:
    """Quote as the specification asks: first for the command line, then once more as a string value."""
    for character in '\\"`$':
        argument = argument.replace(character, f"\\{character}")
    return '"' + argument.replace("%", "%%").replace("\\", "\\\\") + '"'
