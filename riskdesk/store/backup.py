"""Safety copies of the data file: made by SQLite's own backup, verified, put in place whole, and thinned with age."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from datetime import date, datetime
from pathlib import Path

from riskdesk.errors import StoreDamagedError, StoreForeignError, StoreUnusableError
from riskdesk.files import fault, settle, unused
from riskdesk.store.faults import faults_told_apart
from riskdesk.store.folders import make_durably
from riskdesk.store.schema import APPLICATION_ID

_NAME = re.compile(r"riskdesk-[0-9A-Za-z-]+-(\d{8}-\d{6})(?: \(\d+\))?\.db")
_PART = re.compile(r"(?:riskdesk|before)-.+\.db\.part(?:-journal)?")
_LONG_AGO = 86_400.0  # seconds


def back_up(source: Path, target: Path) -> Path:
    """Copy a live data file and verify the copy; return where it lies. Raises `StoreError`; leaves no half file."""
    try:
        make_durably(target.parent)
        _clear_away(target.parent)
        return _copy(source, unused(target))
    except OSError as error:
        raise fault(target, error) from error


def _clear_away(folder: Path) -> None:
    """Remove what backups that were killed long ago left of theirs."""
    for left in folder.glob("*.db.part*"):
        if _PART.fullmatch(left.name) and time.time() - left.stat().st_mtime > _LONG_AGO:
            left.unlink(missing_ok=True)


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
            [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()  # quick_check misses most flipped bits
            if verdict != "ok":
                raise StoreDamagedError(f"{source} 有损坏，没有通过校验，没有写出备份。请检查数据，并保留以前的备份。")
            [application] = copy.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                raise StoreForeignError(f"{source} 不是 riskdesk 的数据文件。")
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        settle(part, target)
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            left.unlink(missing_ok=True)
    return target


def backup_name(office: str, moment: datetime) -> str:
    """Return the file name of an office's backup made at the moment; offices may share a stick."""
    return f"riskdesk-{office}-{moment:%Y%m%d-%H%M%S}.db"


def newest_backup(folder: Path) -> datetime | None:
    """Return when the newest regular backup in the folder was made (local time), None if there is none."""
    return max((moment for moment, _ in _listed(folder)), default=None)


def thin(folder: Path, *, daily: int = 10, weekly: int = 8, monthly: int = 24) -> list[Path]:
    """Remove regular backups beyond the newest of each of the last days, weeks and months; return what was removed.

    For the office's own folder of backups only: never for one that a person chose, where others keep theirs.
    The newest three always stay; backups made before a migration, and files of other names, are never touched.
    """
    listed = sorted(_listed(folder), reverse=True)
    keep = {path for _, path in listed[:3]}
    for count, group in ((daily, _day), (weekly, _week), (monthly, _month)):
        newest: dict[tuple[int, ...], Path] = {}
        for moment, path in listed:
            newest.setdefault(group(moment.date()), path)
        keep.update(list(newest.values())[:count])
    removed = []
    for path in (path for _, path in listed if path not in keep):
        with contextlib.suppress(OSError):  # open elsewhere, or the disk is read-only: next time
            path.unlink()
            removed.append(path)
    return removed


def refuse_as_target(data_file: Path) -> None:
    """Raise `StoreUnusableError` if a data file must not be put there: it exists, or SQLite would change it at once."""
    if data_file.exists():
        raise StoreUnusableError(f"{data_file.parent} 已有数据。请恢复到一个新的文件夹，核对后再使用。")
    journal = data_file.with_name(data_file.name + "-journal")
    if journal.exists() and journal.stat().st_size:  # it would be rolled back into the restored file
        raise StoreUnusableError(f"{journal} 是旧数据文件没有完成的写入。请恢复到一个新的文件夹，核对后再使用。")


def _listed(folder: Path) -> list[tuple[datetime, Path]]:
    listed = []
    for path in folder.glob("riskdesk-*.db"):
        if found := _NAME.fullmatch(path.name):
            with contextlib.suppress(ValueError):  # a name like ours, but no date
                listed.append((datetime.strptime(found[1], "%Y%m%d-%H%M%S"), path))  # noqa: DTZ007
    return listed


def _day(day: date) -> tuple[int, ...]:
    return day.year, day.month, day.day


def _week(day: date) -> tuple[int, ...]:
    return tuple(day.isocalendar())[:2]


def _month(day: date) -> tuple[int, ...]:
    return day.year, day.month
