"""Safety copies of a data folder, going back to one, checking it, and saving what can be saved from a damaged one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from riskdesk import clock
from riskdesk.errors import InputError, StoreUnusableError
from riskdesk.services.desk import DATA_FILE, Desk
from riskdesk.store import backup, checking
from riskdesk.store.connection import open_store
from riskdesk.store.ids import new_id
from riskdesk.store.revisions import Revisions
from riskdesk.store.salvage import salvage
from riskdesk.store.settings import Settings

_ATTACHMENTS = "attachments"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved into a new data folder."""

    home: Path
    revisions: int


def back_up(desk: Desk, folder: Path | None = None) -> Path:
    """Make a verified copy of the data file and its attachments; thin the older ones; return the copy of the data file."""
    target = folder or desk.backups
    copy = backup.back_up(desk.store.path, target / backup.backup_name(clock.now()))
    desk.attachments.copy_to(target / _ATTACHMENTS)
    backup.thin(target)
    return copy


def back_up_daily(desk: Desk) -> None:
    """Make today's regular copy if the newest is older than a day."""
    newest = backup.newest_backup(desk.backups)
    if newest is None or clock.now().replace(tzinfo=None) - newest >= timedelta(days=1):
        back_up(desk)


def restore(copy: Path, home: Path) -> None:
    """Make a new data folder from a backup; it counts as another installation, so that a fork is noticed."""
    _refuse_used(home)
    home.mkdir(parents=True, exist_ok=True)
    backup.restore(copy, home / DATA_FILE)
    with Desk(home) as desk:
        _become_a_copy(desk)
        _copy_attachments(desk, copy.parent / _ATTACHMENTS)


def check(desk: Desk) -> list[str]:
    """Return all that is wrong with the data folder, empty if nothing is."""
    return [*checking.problems(desk.store), *desk.attachments.problems()]


def salvage_to(damaged: Path, home: Path) -> Salvaged:
    """Save every revision that its hash proves from a damaged data file into a new data folder.

    Office, settings, drafts and reports are not in the revisions: run `setup` for the new folder afterwards.
    """
    if not damaged.is_file():
        raise InputError(f"找不到文件 {damaged}。")
    _refuse_used(home)
    found = salvage(damaged)
    if not found:
        raise InputError(f"{damaged} 中没有找到可以证明完整的记录，没有建立新的数据文件夹。请改用备份恢复。")
    home.mkdir(parents=True, exist_ok=True)
    store = open_store(home / DATA_FILE, home / "backups")
    try:
        with store.write("", "salvage") as writing:
            writing.detail.update(file=damaged.name, revisions=len(found))
            # pages hold them in any order; people want to see their records in about the order in which they typed them
            Revisions(store).add(writing, sorted(found.values(), key=lambda step: (step.at, step.object_id, step.rev_no)))
            Settings(store).renew_install_id(writing, new_id())
    finally:
        store.close()
    return Salvaged(home, len(found))


def _refuse_used(home: Path) -> None:
    if (home / DATA_FILE).exists():
        raise StoreUnusableError(f"{home} 已有数据。请恢复到一个新的文件夹，核对后再使用。")


def _become_a_copy(desk: Desk) -> None:
    with desk.store.write(desk.office.person, "restore") as writing:
        desk.settings.renew_install_id(writing, new_id())


def _copy_attachments(desk: Desk, kept: Path) -> None:
    for place in kept.glob("*/*"):
        if len(place.name) == 64:
            desk.attachments.keep(place)
