"""Safety copies of a data folder, going back to one, checking it, and saving what can be saved from a damaged one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from riskdesk import clock
from riskdesk.errors import InputError, StoreDamagedError, StoreForeignError
from riskdesk.files import put_new, safe_name, settle
from riskdesk.services.desk import DATA_FILE, Desk
from riskdesk.services.key_folder import escrow_file
from riskdesk.store import backup, checking
from riskdesk.store.attachments import Attachments
from riskdesk.store.connection import open_store
from riskdesk.store.ids import new_id
from riskdesk.store.packages import Packages
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions
from riskdesk.store.salvage import salvage
from riskdesk.store.settings import Settings

_ATTACHMENTS, _PACKAGES, _KEYS = "attachments", "packages", "keys"


@dataclass(frozen=True, slots=True)
class Restored:
    """A new data folder, and what the backup did not hold."""

    home: Path
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved into a new data folder: revisions, and the records that they make up."""

    home: Path
    revisions: int
    records: int


def back_up(desk: Desk, folder: Path | None = None) -> Path:
    """Make a verified copy of the data file and its attachments; return the copy of the data file.

    Without a folder it goes to the data folder's own backups, and older ones there are thinned.
    """
    if folder is not None and not folder.exists() and not folder.parent.exists():
        raise InputError(f"找不到 {folder.parent}。请确认移动存储设备已经插好，或检查路径。")
    target = folder or desk.backups
    copy = backup.back_up(desk.store.path, target / backup.backup_name(desk.office.code, clock.now()))
    desk.attachments.copy_to(target / _ATTACHMENTS)
    desk.packages.copy_to(target / _PACKAGES)
    escrow = escrow_file(desk.settings, desk.home / _KEYS)
    if escrow and not (target / _KEYS / escrow.name).exists():
        put_new(escrow, target / _KEYS / escrow.name)
    if folder is None:
        backup.thin(target)
    return copy


def back_up_daily(desk: Desk, places: Sequence[Path] = ()) -> None:
    """Make today's regular copy, and one in each of the places that is there now (a stick may be elsewhere).

    A place that got one within the last day is left as it is (a date in the future does not count).
    """
    if _is_due(desk.backups):
        back_up(desk)
    for place in places:
        if place.is_dir() and _is_due(place):
            back_up(desk, place)


def _is_due(folder: Path) -> bool:
    newest, now = backup.newest_backup(folder), clock.now().replace(tzinfo=None)
    return newest is None or not now - timedelta(days=1) < newest <= now


def restore(copy: Path, home: Path) -> Restored:
    """Make a new data folder from a backup; it counts as another installation, so that a fork is noticed.

    The data file gets its name last: a restore that was cut off leaves none, and can be repeated.
    """
    if not copy.is_file():
        raise InputError(f"找不到备份文件 {copy}。")
    backup.refuse_as_target(home / DATA_FILE)
    home.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home))
    try:
        missing = _restore_in(workshop, copy, home)
        settle(workshop / DATA_FILE, home / DATA_FILE)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return Restored(home, tuple(missing))


def _restore_in(workshop: Path, copy: Path, home: Path) -> list[str]:
    """Make the data file of a restored copy; return what is missing of its attachments."""
    try:
        made = backup.back_up(copy, workshop / DATA_FILE)
    except (StoreDamagedError, StoreForeignError) as error:
        raise InputError(f"{copy} 不是 riskdesk 的完好备份，没有恢复。请换一份备份。") from error
    store = open_store(made, workshop)
    try:
        with store.write("", "restore") as writing:
            Settings(store).renew_install_id(writing, new_id())
        attachments = Attachments(store, home / _ATTACHMENTS)
        for place in _there(copy.parent / _ATTACHMENTS, attachments.noted()):
            attachments.keep(place)
        packages = Packages(store, home / _PACKAGES)
        for place in _there(copy.parent / _PACKAGES, packages.noted()):
            packages.bytes.keep(place)
        escrow = escrow_file(Settings(store), copy.parent / _KEYS)
        if escrow and not (home / _KEYS / escrow.name).exists():
            put_new(escrow, home / _KEYS / escrow.name)
        return [*attachments.problems(), *packages.problems()]
    finally:
        store.close()


def _there(folder: Path, noted: Iterable[str]) -> Iterator[Path]:
    """Find what the data file names in a backup's folder: another office may keep its copies on the same stick."""
    places = (folder / sha256[:2] / sha256 for sha256 in noted)
    return (place for place in places if place.is_file())


def check(desk: Desk) -> list[str]:
    """Return all that is wrong with the data folder, empty if nothing is."""
    return [*checking.problems(desk.store), *desk.attachments.problems(), *desk.packages.problems()]


def salvage_to(damaged: Path, home: Path) -> Salvaged:
    """Save every revision that its hash proves from a damaged data file into a new data folder.

    Office, settings, drafts and reports are not in the revisions: run `setup` for the new folder afterwards.
    """
    if not damaged.is_file():
        raise InputError(f"找不到文件 {damaged}。")
    backup.refuse_as_target(home / DATA_FILE)
    found = salvage(damaged)
    if not found:
        raise InputError(f"{damaged} 中没有找到可以证明完整的记录，没有建立新的数据文件夹。请改用备份恢复。")
    store = open_store(home / DATA_FILE, home / "backups")
    try:
        with store.write("", "salvage") as writing:
            writing.detail.update(file=safe_name(damaged.name), revisions=len(found))
            # pages hold them in any order; people want to see their records in about the order in which they typed them
            Revisions(store).add(
                writing, sorted(found.values(), key=lambda step: (step.at, step.object_id, step.rev_no))
            )
        records = len(Records(store).every())
    finally:
        store.close()
    return Salvaged(home, len(found), records)
