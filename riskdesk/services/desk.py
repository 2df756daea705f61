"""The office's desk: everything of one data folder, opened together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import DataMissingError, OfficeMissingError, UsageError
from riskdesk.services.reference import Reference
from riskdesk.store import lock
from riskdesk.store.attachments import Attachments
from riskdesk.store.connection import BUSY_SECONDS, Store, open_store
from riskdesk.store.drafts import Drafts
from riskdesk.store.imports import Imports
from riskdesk.store.lists import Lists
from riskdesk.store.packages import Packages
from riskdesk.store.place import refuse_network
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions
from riskdesk.store.settings import Settings
from riskdesk.store.submissions import Submissions
from riskdesk.store.undoing import Undoing

DATA_FILE = "riskdesk.db"
occupied = lock.held  # one program per data folder: held around all desks of a process


def has_data(home: Path) -> bool:
    """Tell whether the folder is, or once was, a data folder."""
    return (home / DATA_FILE).exists() or any((home / "backups").glob("*.db"))


def refuse_without_data(home: Path) -> None:
    """Raise `UsageError` if the folder holds no data file, or an empty one; point to its backups if it has any."""
    file = home / DATA_FILE
    if file.exists() and file.stat().st_size:
        return
    if kept := sorted((home / "backups").glob("*.db"), key=lambda path: path.stat().st_mtime):
        raise DataMissingError(
            f"{file} 不见了或是空的，但有备份 {kept[-1].name}。请从这份备份恢复到一个新的文件夹（见用户手册“备份、恢复、抢救”一节）。"
        )
    raise OfficeMissingError(f"{home} 还没有设置单位。请先为它设置单位（见用户手册）。")


@dataclass(frozen=True, slots=True)
class OfficeProfile:
    """Whose data folder this is, and who fills in its forms."""

    code: str
    name: str
    level: str
    parent: str
    person: str
    phone: str


class Desk:
    """What windows and commands hold instead of the store; a job opens its own, as connections keep to their thread.

    `busy_seconds` is how long it waits for another program that holds the data file: a window that waits stands still.
    `progress` is called only if data of an earlier version has to be upgraded, first before anything is done.
    """

    def __init__(
        self,
        home: Path,
        reference: Reference | None = None,
        busy_seconds: float = BUSY_SECONDS,
        progress: Progress = silent,
    ) -> None:
        refuse_without_data(home)
        self._open(home, reference or Reference(), busy_seconds, progress)
        profile = self.settings.get("office")
        if profile is None:
            self.close()
            raise OfficeMissingError(f"{home} 的单位设置没有完成。请重新为它设置单位（见用户手册）。")
        self.office = OfficeProfile(**profile)

    @classmethod
    def set_up(cls, home: Path, profile: OfficeProfile, reference: Reference | None = None) -> Desk:
        """Make the data folder for an office, or give a data folder of the same office a new name, person or phone."""
        desk = cls.__new__(cls)
        desk._open(home, reference or Reference())
        try:
            old = desk.settings.get("office")
            if old is not None and old["code"] != profile.code:
                raise UsageError(
                    f"{home} 已经是“{old['name']}”（{old['code']}）的数据文件夹。请为新单位另选一个文件夹。"
                )
            if old != asdict(profile):
                with desk.store.write(profile.person, "setup") as writing:
                    desk.settings.put(writing, "office", asdict(profile))
        except BaseException:
            desk.close()
            raise
        desk.office = profile
        return desk

    def _open(
        self, home: Path, reference: Reference, busy_seconds: float = BUSY_SECONDS, progress: Progress = silent
    ) -> None:
        refuse_network(home)
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.reference = reference
        self.store: Store = open_store(home / DATA_FILE, self.backups, busy_seconds, progress)
        self.revisions = Revisions(self.store)
        self.records = Records(self.store)
        self.lists = Lists(self.store)
        self.submissions = Submissions(self.store)
        self.drafts = Drafts(self.store)
        self.imports = Imports(self.store)
        self.settings = Settings(self.store)
        self.attachments = Attachments(self.store, home / "attachments")
        self.packages = Packages(self.store, home / "packages")
        self.undoing = Undoing(self.store)

    @property
    def backups(self) -> Path:
        """The folder of the regular safety copies."""
        return self.home / "backups"

    @property
    def journals(self) -> Path:
        """The folder of what is being typed and not saved yet."""
        return self.home / "journal"

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
