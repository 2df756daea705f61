"""One program per data folder: an operating system lock, which a crash or a power cut cannot leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from riskdesk.errors import StoreUnusableError
from riskdesk.files import fault
from riskdesk.store.folders import make_durably

_NAME = "riskdesk.lock"
_HELD_BYTE = 1 << 20  # behind the text, so that others can read who holds it (Windows locks bytes against reading)


@contextlib.contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the lock of the data folder; raise `StoreUnusableError` naming the computer and process that has it."""
    with _opened(home) as file:
        if not _try_lock(file.fileno()):
            raise StoreUnusableError(f"数据文件夹 {home} 正在使用中（{_holder(home)}）。请先关闭那个 riskdesk 再试。")
        with contextlib.suppress(OSError):  # on a full disk the program must still start
            file.truncate(0)
            file.write(json.dumps({"host": socket.gethostname(), "pid": os.getpid()}).encode("ascii"))
        yield


def _opened(home: Path) -> FileIO:
    try:
        make_durably(home)
        return (home / _NAME).open("a+b", buffering=0)
    except OSError as error:
        raise fault(home, error) from error


def _holder(home: Path) -> str:
    try:
        told = json.loads((home / _NAME).read_text("ascii"))
        return f"电脑 {told['host']}，进程 {told['pid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "另一个程序"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _HELD_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
