"""Opening the data file: is it ours, is it whole, does it need to be brought up to date; and the one way to write to it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from riskdesk import clock
from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import Cancelled, DataDamagedError, StoreError, StoreForeignError, StoreTooNewError
from riskdesk.files import sync_folder
from riskdesk.store import projection
from riskdesk.store.audit import append_entry
from riskdesk.store.backup import back_up
from riskdesk.store.faults import faults_told_apart
from riskdesk.store.ids import new_id
from riskdesk.store.migrations import FINGERPRINT, migrations
from riskdesk.store.schema import APPLICATION_ID, fingerprint

MIN_SQLITE = (3, 37, 0)  # STRICT tables
BUSY_SECONDS = 5.0
# in KiB, as the minus says; pages of a long transaction that do not fit are written twice
_CACHE, _LARGE_CACHE = -16384, -65536


@dataclass(slots=True)
class Writing:
    """A running write transaction; what `detail` holds at the end goes into its audit entry, `reindexing` into the search index."""

    connection: sqlite3.Connection
    detail: dict[str, Any] = field(default_factory=dict)
    reindexing: list[projection.Reindexing] = field(default_factory=list)


class Store:
    """An open data file; belongs to the thread that opened it."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self._is_shared = self._is_writing = False
        self._reindexing: list[projection.Reindexing] = []  # what writes that share a transaction leave to be done

    @property
    def connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self.db.conn
        return connection

    @contextlib.contextmanager
    def write(self, actor: str, action: str) -> Iterator[Writing]:
        """Write everything inside or nothing: `BEGIN IMMEDIATE`, then the work, its audit entry, and the commit.

        A commit that fails is unknown, not undone: open again and look; all writes here may be repeated.
        """
        connection = self.connection
        if self._is_writing or (connection.in_transaction and not self._is_shared):
            raise RuntimeError("a write transaction is already running")
        with faults_told_apart():
            self._is_writing = True
            try:
                self._begin()
                writing = Writing(connection)
                yield writing
                append_entry(connection, clock.now(), actor, action, writing.detail)
                self._finish(writing)
            except BaseException:
                self._undo()
                raise
            finally:
                self._is_writing = False

    @contextlib.contextmanager
    def share(self) -> Iterator[Callable[[], None]]:
        """Let the writes inside share a transaction, as a commit waits for the disk: gives what commits those up to now.

        Each write is still whole or undone, but lasts only from the next commit on; the end commits, too, also if it is an error.
        Others wait meanwhile for their writes, and on a full disk all since the last commit are undone.
        """
        if self._is_shared or self.connection.in_transaction:
            raise RuntimeError("a write transaction is already running")
        self._is_shared = True
        self.connection.execute(f"PRAGMA cache_size = {_LARGE_CACHE}")
        try:
            yield self._settle
        finally:
            self._is_shared = False
            try:
                self._settle()
            finally:
                self.connection.execute(f"PRAGMA cache_size = {_CACHE}")

    def _begin(self) -> None:
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")
        if self._is_shared:
            self.connection.execute("SAVEPOINT one")

    def _finish(self, writing: Writing) -> None:
        if self._is_shared:
            self.connection.execute("RELEASE one")
            self._reindexing += writing.reindexing
        else:
            projection.reindex(self.connection, writing.reindexing)
            self.connection.execute("COMMIT")

    def _undo(self) -> None:
        if not self.connection.in_transaction:  # not begun, or rolled back by itself as the disk is full
            self._reindexing.clear()
            return
        if self._is_shared:
            self.connection.execute("ROLLBACK TO one")
            self.connection.execute("RELEASE one")
        else:
            self.connection.execute("ROLLBACK")

    def _settle(self) -> None:
        with faults_told_apart():
            try:
                if self.connection.in_transaction:
                    projection.reindex(self.connection, self._reindexing)
                    self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._reindexing.clear()

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return all rows that answer a question."""
        with faults_told_apart():
            return self.connection.execute(sql, values).fetchall()

    def read_each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Go through the rows that answer a question without holding them."""
        with faults_told_apart():
            yield from self.connection.execute(sql, values)

    def close(self) -> None:
        self.db.close()


def open_store(path: Path, backups: Path, busy_seconds: float = BUSY_SECONDS, progress: Progress = silent) -> Store:
    """Open or create the data file, after a verified backup if it has to change.

    `busy_seconds` is how long every question and write waits for another program that holds the file.
    `progress` is called only if the file is not up to date, first before anything is done; stopped, it stays as it was.
    Raises a `StoreError` with a sentence for the user if the file is foreign, newer, damaged, or cannot be used.
    """
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        raise StoreError(f"系统自带的 SQLite {sqlite3.sqlite_version} 太旧，需要 3.37 或更新版本。")
    with faults_told_apart():
        store = Store(_connect(path, busy_seconds), path)
        try:
            new = _is_new(store)
            if not new:
                _refuse_foreign(store)
            _set_pragmas(store.connection)
            _migrate(store, backups, progress, new=new)
            if new:
                with contextlib.suppress(OSError):  # a parent that may not be read cannot be synced
                    sync_folder(path.absolute().parent.parent)
            _refuse_changed(store.connection)
            _refresh_projections(store, progress)
        except BaseException:
            store.close()
            raise
    return store


def _connect(path: Path, busy_seconds: float) -> Database:
    # as_uri() escapes ?, # and %; SQLite refuses the authority that a UNC path turns into, which is wanted
    address = path.absolute().as_uri() + "?mode=rwc"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=busy_seconds)
    return Database(connection, execute_plugins=False)


def _is_new(store: Store) -> bool:
    """Tell an empty file, or one whose creation was cut off before the first commit, from a data file."""
    [application] = store.connection.execute("PRAGMA application_id").fetchone()
    [objects] = store.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return (application, objects) == (0, 0)


def _refuse_foreign(store: Store) -> None:
    [application] = store.connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StoreForeignError(f"{store.path} 不是 riskdesk 的数据文件。请检查数据文件夹是否选对。")
    known = [step.name for step in migrations._migrations]
    applied = [step.name for step in migrations.applied(store.db)]
    if newer := [name for name in applied if name not in known]:
        raise StoreTooNewError(f"数据文件由更新版本的 riskdesk 写入（{newer[-1]}）。请先升级本程序，再打开。")
    if applied != known[: len(applied)]:
        raise DataDamagedError("数据文件的升级记录不连续。请按用户手册“备份、恢复、抢救”一节，从备份恢复。")


def _set_pragmas(connection: sqlite3.Connection) -> None:
    # TRUNCATE + FULL: no acknowledged commit was lost in any power-cut test, and an idle file is complete by itself
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE passes by the guards against DELETE
    connection.execute(f"PRAGMA cache_size = {_CACHE}")


def _refuse_changed(connection: sqlite3.Connection) -> None:
    if fingerprint(connection) != FINGERPRINT:
        raise DataDamagedError(
            "数据文件的结构与程序不符（可能被其他工具改动）。请关闭程序，按用户手册“备份、恢复、抢救”一节，"
            "从备份恢复，或抢救其中完好的内容。"
        )


def _migrate(store: Store, backups: Path, progress: Progress, *, new: bool) -> None:
    pending = migrations.pending(store.db)
    if not pending:
        return
    connection = store.connection
    if not new:
        progress(0, 0, "备份数据文件")
        copy = back_up(store.path, backups / f"before-{pending[0].name}-{clock.now():%Y%m%d-%H%M%S}-{new_id()[-6:]}.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(store.db)  # nests as savepoints, and reads what is pending again now that we hold the lock
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise DataDamagedError(
                "升级数据文件时发现数据不一致，没有改动原文件。请按用户手册“备份、恢复、抢救”一节，从备份恢复。"
            )
        if new:
            connection.execute(
                "INSERT INTO meta (key, value) VALUES ('install_id', ?) ON CONFLICT DO NOTHING", (new_id(),)
            )
            projection.note_version(connection)
        _refuse_changed(connection)
        if not projection.is_current(connection):
            projection.rebuild(connection, progress)
            append_entry(connection, clock.now(), "", "reproject", {})
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations._migrations)}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, Cancelled):
            copy.unlink(missing_ok=True)  # the file is as it was: whoever stops again and again fills no disk
        raise
    connection.execute("PRAGMA foreign_keys = ON")


def _refresh_projections(store: Store, progress: Progress) -> None:
    """Make records and index anew if this program reads bodies, or cuts texts into terms, in another way than the last."""
    if not projection.is_current(store.connection):
        progress(0, 0)
        with store.write("", "reproject"):
            projection.rebuild(store.connection, progress)
