"""Which USB sticks and memory cards are plugged in."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QStorageInfo

_MOUNTED_BELOW = ("/media/", "/run/media/", "/mnt/")


def removable_drives() -> list[Path]:
    """Return the folders of the sticks that can be written to."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        place = volume.rootPath()
        if volume.isValid() and volume.isReady() and not volume.isReadOnly() and _is_removable(place):
            found.append(Path(place))
    return found


def _is_removable(place: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        removable = 2  # DRIVE_REMOVABLE
        return bool(ctypes.windll.kernel32.GetDriveTypeW(place) == removable)
    return place.startswith(_MOUNTED_BELOW)
