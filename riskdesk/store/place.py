"""Where a live data file must not lie: on a network share, whose locks do not reach the other computer."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from riskdesk.errors import StorePlaceError

_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "9p",
    "ceph",
    "glusterfs",
    "lustre",
    "davfs",
    "virtiofs",
}
_ESCAPED = re.compile(r"\\([0-7]{3})")  # space, tab, line feed and backslash in the table of mounts
_DRIVE_REMOTE = 4  # GetDriveTypeW


def refuse_network(folder: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """Raise `StorePlaceError` if the folder lies on a network file system.

    `mounts` is the kernel's table of mounts (absent on Windows).
    """
    if _is_network(folder, mounts):
        raise StorePlaceError(
            f"数据文件夹 {folder} 位于网络共享上，多台电脑同时写入会损坏数据。"
            "请把数据文件夹放在本机硬盘；各单位之间请用导出的文件交换数据。"
        )


def _is_network(folder: Path, mounts: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        if str(folder).startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\") == _DRIVE_REMOTE)
    kind = _file_system(folder, mounts)
    return kind in _NETWORK or kind.startswith("fuse.")


def _file_system(folder: Path, mounts: Path) -> str:
    """Return the type of the file system that holds the folder (or the place where it will be made), "" if unknown."""
    real = os.path.realpath(folder)
    best, kind = "", ""
    if not mounts.exists():
        return kind
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[1])
        if (real == point or real.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
