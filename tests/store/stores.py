"""What the store's tests share: stores in memory, stores in a folder, and a short way to write."""

import contextlib
import sqlite3
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from riskdesk.store import projection
from riskdesk.store.connection import Store, open_store
from riskdesk.store.migrations import migrations
from riskdesk.store.revisions import Revisions

DATA = "riskdesk.db"


@contextlib.contextmanager
def opened(folder):
    store = open_store(folder / DATA, folder / "backups")
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def raw(folder):
    """The data file as another tool opens it: no guards of ours, every damage can be done."""
    connection = sqlite3.connect(folder / DATA, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield connection
    finally:
        connection.close()


@cache
def _template():
    db = Database(memory=True)
    migrations.apply(db)
    db.execute("INSERT INTO meta (key, value) VALUES ('install_id', 'x')")
    projection.note_version(db.conn)
    db.conn.commit()
    data = db.conn.serialize()
    db.close()
    return data


@contextlib.contextmanager
def in_memory():
    """An empty store that lives in memory only; many can be made in a second."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(_template())
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    store = Store(Database(connection, execute_plugins=False), Path(":memory:"))
    try:
        yield store
    finally:
        store.close()


def add(store, steps, extracts=None):
    """Add revisions in one transaction."""
    with store.write("某人", "test") as writing:
        return Revisions(store).add(writing, list(steps), extracts)


def table(store, sql, *values):
    return store.connection.execute(sql, values).fetchall()
