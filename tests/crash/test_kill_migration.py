"""The program is killed while it brings the data file up to date: the file is the old one or the new one, never between."""

import shutil
import sqlite3

import pytest
import sqlite_utils
from crash.children import Child, moments
from store.stores import DATA, add, opened
from store.synthetic import steps

from riskdesk.store import checking, connection, migrations, projection
from riskdesk.store.revisions import Revisions
from riskdesk.store.schema import fingerprint

KILLS = 50


def m006_importance(db):
    db.executescript(
        """
        ALTER TABLE record ADD COLUMN importance INTEGER NOT NULL DEFAULT 0 CHECK (importance BETWEEN 0 AND 9);
        UPDATE record SET importance = length(content) % 10;
        CREATE INDEX record_importance ON record(importance);
        CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        INSERT INTO note (text) SELECT content FROM record;
        """
    )


@pytest.fixture
def later_version(monkeypatch):
    """Make this process, and the children that it forks, a later version of the program."""
    later = [*migrations.migrations._migrations, migrations.migrations._Migration("m006_importance", m006_importance)]

    def become():
        monkeypatch.setattr(migrations.migrations, "_migrations", later)
        memory = sqlite_utils.Database(memory=True)
        migrations.migrations.apply(memory)
        monkeypatch.setattr(connection, "FINGERPRINT", fingerprint(memory.conn))
        monkeypatch.setattr(checking, "FINGERPRINT", fingerprint(memory.conn))
        monkeypatch.setattr(projection, "VERSION", "later")
        memory.close()

    return become


def look(path):
    """What is in the file, by SQLite alone: version, migrations, the new column, and whether it is whole."""
    raw = sqlite3.connect(path)
    try:
        [version] = raw.execute("PRAGMA user_version").fetchone()
        applied = [name for (name,) in raw.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
        columns = {row[1] for row in raw.execute("PRAGMA table_info(record)")}
        [whole] = raw.execute("PRAGMA integrity_check").fetchone()
        return version, len(applied), "importance" in columns, whole
    finally:
        raw.close()


def test_a_killed_migration_leaves_the_old_file_or_the_new_one_with_its_backup(tmp_path, later_version):
    template = tmp_path / "template"
    template.mkdir()
    with opened(template) as store:
        for seed in range(4):
            add(store, steps(150, seed=seed))
        known = [step.hash for step in Revisions(store).every()]
    later_version()
    outcomes = set()
    for cycle, moment in enumerate(moments(11, KILLS, 0.0, 0.22)):
        home = tmp_path / f"home-{cycle}"
        shutil.copytree(template, home)

        def run(tell, home=home):
            with opened(home):
                tell("open")

        told = Child(run).kill_after(moment)
        found = look(home / DATA)
        assert found in {(5, 5, False, "ok"), (6, 6, True, "ok")}
        backups = list((home / "backups").glob("*.db"))
        if found[0] == 6:
            assert len(backups) == 1
        else:
            assert not told
        for copy in backups:
            assert look(copy) == (5, 5, False, "ok")
        outcomes.add((found[0], bool(backups), bool(told)))
        with opened(home) as store:
            assert look(home / DATA) == (6, 6, True, "ok")
            assert [step.hash for step in Revisions(store).every()] == known
            assert checking.problems(store) == [] if cycle % 6 == 0 else projection.is_current(store.connection)
        shutil.rmtree(home)
    assert {(5, False, False), (5, True, False), (6, True, True)} <= outcomes
