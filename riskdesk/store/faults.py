"""Telling the machine's faults from our own: the first are explained to the user, the second are bugs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from riskdesk.errors import DataDamagedError, StoreUnusableError

_UNUSABLE = {
    sqlite3.SQLITE_BUSY: "数据文件正被另一个程序使用。请关闭其他 riskdesk 窗口后再试。",
    sqlite3.SQLITE_LOCKED: "数据文件正被另一个程序使用。请关闭其他 riskdesk 窗口后再试。",
    sqlite3.SQLITE_READONLY: "数据文件是只读的。请检查数据文件夹的写入权限。",
    sqlite3.SQLITE_PERM: "没有权限读写数据文件。请检查数据文件夹的权限。",
    sqlite3.SQLITE_IOERR: "磁盘读写出错。请检查硬盘；本次操作是否完成，请重新打开后核对。",
    sqlite3.SQLITE_FULL: "磁盘已满，本次操作没有保存。请清理磁盘后再试；原有数据没有改动。",
    sqlite3.SQLITE_CANTOPEN: "打不开数据文件。请检查数据文件夹是否存在、是否可写。",
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
DAMAGED_TEXT = "数据文件已损坏。请关闭程序，按用户手册“备份、恢复、抢救”一节，从备份恢复，或抢救其中完好的内容。"


@contextmanager
def faults_told_apart() -> Iterator[None]:
    """Turn what the machine did into a `UserError`; let our own mistakes (constraints, bad SQL) through as they are."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise DataDamagedError(DAMAGED_TEXT) from error
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary in _UNUSABLE:
            raise StoreUnusableError(_UNUSABLE[primary]) from error
        if primary in _DAMAGED or "Could not decode to UTF-8" in str(error):  # the driver gives that one no code
            raise DataDamagedError(DAMAGED_TEXT) from error
        raise
