"""Safety copies of the data file: made by SQLite's own backup, verified, put in place whole, and thinned with age."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from datetime import date, datetime
from pathlib import Path

from riskdesk.errors import StoreDamagedError, StoreUnusableError
from riskdesk.files import fault, settle, unused
from riskdesk.store.faults import faults_told_apart

_NAME = re.compile(r"riskdesk-(\d{8}-\d{6})(?: \(\d+\))?\.db")


def back_up(source: Path, target: Path) -> Path:
    """Copy a live data file and verify the copy; return where it lies. Raises `StoreError`; leaves no half file."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return _copy(source, unused(target))
    except OSError as error:
        raise fault(target, error) from error


def _copy(source: Path, target: Path) -> Path:
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with (
            faults_told_apart(),
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
            contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            live.backup(copy)  # one step: the copy is of one moment, and writers wait a second per gigabyte at most
            copy.execute("PRAGMA journal_mode = DELETE")
            [verdict] = copy.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise StoreDamagedError(f"备份没有通过校验（{verdict}），已放弃。请用 riskdesk check 检查数据。")
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        settle(part, target)
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            left.unlink(missing_ok=True)
    return target


def backup_name(moment: datetime) -> str:
    """Return the file name of a backup made at the moment."""
    return f"riskdesk-{moment:%Y%m%d-%H%M%S}.db"


def newest_backup(folder: Path) -> datetime | None:
    """Return when the newest regular backup in the folder was made (local time), None if there is none."""
    return max((moment for moment, _ in _listed(folder)), default=None)


def thin(folder: Path, *, daily: int = 10, weekly: int = 8, monthly: int = 24) -> list[Path]:
    """Remove regular backups beyond the newest of each of the last days, weeks and months; return what was removed.

    The newest three always stay; backups made before a migration, and files of other names, are never touched.
    """
    listed = sorted(_listed(folder), reverse=True)
    keep = {path for _, path in listed[:3]}
    for count, group in ((daily, _day), (weekly, _week), (monthly, _month)):
        newest: dict[tuple[int, ...], Path] = {}
        for moment, path in listed:
            newest.setdefault(group(moment.date()), path)
        keep.update(list(newest.values())[:count])
    removed = [path for _, path in listed if path not in keep]
    for path in removed:
        path.unlink()
    return removed


def restore(backup: Path, target: Path) -> None:
    """Copy a verified backup to a new data file; raises if the target exists or the backup does not pass its check."""
    if target.exists():
        raise StoreUnusableError(f"{target} 已存在。请恢复到一个新的文件夹，核对后再使用。")
    if not backup.is_file():
        raise StoreUnusableError(f"找不到备份文件 {backup}。")
    back_up(backup, target)


def _listed(folder: Path) -> list[tuple[datetime, Path]]:
    named = ((_NAME.fullmatch(path.name), path) for path in folder.glob("riskdesk-*.db"))
    return [(datetime.strptime(found[1], "%Y%m%d-%H%M%S"), path) for found, path in named if found]  # noqa: DTZ007


def _day(day: date) -> tuple[int, ...]:
    return day.year, day.month, day.day


def _week(day: date) -> tuple[int, ...]:
    return tuple(day.isocalendar())[:2]


def _month(day: date) -> tuple[int, ...]:
    return day.year, day.month
