"""Opening the data file in every state it may be found in, bringing it up to date, and writing to it."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils.utils
from store.stores import DATA, add, opened, raw, table
from store.synthetic import steps

from riskdesk.errors import (
    Cancelled,
    StoreDamagedError,
    StoreError,
    StoreForeignError,
    StoreTooNewError,
    StoreUnusableError,
)
from riskdesk.store import checking, migrations, projection
from riskdesk.store.connection import open_store
from riskdesk.store.migrations import FINGERPRINT
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions
from riskdesk.store.schema import APPLICATION_ID, fingerprint
from riskdesk.store.settings import Settings

STORE = Path(migrations.__file__).parent


def pragma(store, name):
    return table(store, f"PRAGMA {name}")[0][0]


def read_only(folder):
    """Act as somebody who may read the folder and nothing more, root too."""

    @contextlib.contextmanager
    def acting():
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield
        finally:
            if root:
                os.seteuid(0)
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)

    return acting()


@pytest.fixture
def public_folder():
    """A folder that others can reach (`tmp_path` lies below one that they cannot)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def next_step(monkeypatch):
    """One more migration, as a later version would bring; give it the SQL."""

    def appended(sql, *, version="next"):
        steps_now = [*migrations.migrations._migrations]

        def m006_next(db):
            db.executescript(sql)

        steps_now.append(migrations.migrations._Migration("m006_next", m006_next))
        monkeypatch.setattr(migrations.migrations, "_migrations", steps_now)
        memory = sqlite_utils.Database(memory=True)
        with contextlib.suppress(sqlite3.Error):
            migrations.migrations.apply(memory)
        monkeypatch.setattr("riskdesk.store.connection.FINGERPRINT", fingerprint(memory.conn))
        monkeypatch.setattr("riskdesk.store.checking.FINGERPRINT", fingerprint(memory.conn))
        monkeypatch.setattr(projection, "VERSION", version)
        memory.close()

    return appended


def test_a_new_file_is_made_whole_and_marked_as_ours(tmp_path):
    with opened(tmp_path) as store:
        assert pragma(store, "application_id") == APPLICATION_ID
        assert pragma(store, "user_version") == len(migrations.migrations._migrations)
        assert fingerprint(store.connection) == FINGERPRINT
        assert len(Settings(store).install_id()) == 36
        assert projection.is_current(store.connection)
        assert checking.problems(store) == []
    assert not (tmp_path / "backups").exists()
    with opened(tmp_path) as store:
        install_id = Settings(store).install_id()
    with opened(tmp_path) as store:
        assert Settings(store).install_id() == install_id


def test_the_settings_that_keep_commits_safe_are_in_force(tmp_path):
    with opened(tmp_path) as store:
        told = {
            name: pragma(store, name)
            for name in (
                "synchronous",
                "journal_mode",
                "foreign_keys",
                "fullfsync",
                "cell_size_check",
                "recursive_triggers",
                "busy_timeout",
            )
        }
        assert told == {
            "synchronous": 2,
            "journal_mode": "truncate",
            "foreign_keys": 1,
            "fullfsync": 1,
            "cell_size_check": 1,
            "recursive_triggers": 1,
            "busy_timeout": 5000,
        }
        assert store.connection.isolation_level is None


def test_a_file_that_another_tool_switched_to_wal_is_switched_back(tmp_path):
    with opened(tmp_path) as store:
        add(store, steps(3))
    with raw(tmp_path) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("DELETE FROM setting")
    with opened(tmp_path) as store:
        assert pragma(store, "journal_mode") == "truncate"
        assert len(Records(store).every()) == 3
    assert (tmp_path / DATA).read_bytes()[18:20] == b"\x01\x01"


@pytest.mark.parametrize("left", [b"", None])
def test_a_creation_that_was_cut_off_is_done_again(tmp_path, left):
    if left is not None:
        (tmp_path / DATA).write_bytes(left)
    else:
        with raw(tmp_path) as other:
            other.execute("PRAGMA journal_mode = WAL")  # writes the first page and nothing else
    with opened(tmp_path) as store:
        assert checking.problems(store) == []
    assert not (tmp_path / "backups").exists()


def test_another_programs_sqlite_file_is_refused_and_left_alone(tmp_path):
    with raw(tmp_path) as other:
        other.execute("CREATE TABLE mine (a)")
    before = (tmp_path / DATA).read_bytes()
    with pytest.raises(StoreForeignError, match="不是 riskdesk 的数据文件"), opened(tmp_path):
        pass
    assert (tmp_path / DATA).read_bytes() == before


def test_a_text_file_is_refused_and_left_alone(tmp_path):
    text = b"not a database at all, just text. " * 200
    (tmp_path / DATA).write_bytes(text)
    with pytest.raises(StoreDamagedError, match="已损坏"), opened(tmp_path):
        pass
    assert (tmp_path / DATA).read_bytes() == text


def test_a_newer_file_is_refused_and_left_alone(tmp_path):
    with opened(tmp_path):
        pass
    with raw(tmp_path) as other:
        other.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('riskdesk', 'm009_x', '')"
        )
    before = (tmp_path / DATA).read_bytes()
    with pytest.raises(StoreTooNewError, match="m009_x"), opened(tmp_path):
        pass
    assert (tmp_path / DATA).read_bytes() == before


def test_a_file_with_another_history_of_migrations_is_refused(tmp_path, next_step):
    with opened(tmp_path):
        pass
    next_step("CREATE TABLE note (a TEXT) STRICT")
    with raw(tmp_path) as other:
        other.execute("UPDATE _sqlite_migrations SET name = 'm006_next' WHERE name = 'm002_lists'")
    with pytest.raises(StoreDamagedError, match="升级记录不连续"), opened(tmp_path):
        pass


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER revision_no_update",
        "DROP TRIGGER audit_no_delete",
        "DROP INDEX record_list",
        "ALTER TABLE setting ADD COLUMN more TEXT",
        "CREATE TRIGGER extra AFTER INSERT ON draft BEGIN DELETE FROM draft; END",
        "CREATE TABLE extra (a)",
    ],
)
def test_a_file_whose_guards_or_tables_were_changed_is_refused(tmp_path, damage):
    with opened(tmp_path):
        pass
    with raw(tmp_path) as other:
        other.execute(damage)
    with pytest.raises(StoreDamagedError, match="结构与程序不符"), opened(tmp_path):
        pass


def test_an_analyzed_file_is_still_ours(tmp_path):
    with opened(tmp_path) as store:
        add(store, steps(5))
    with raw(tmp_path) as other:
        other.execute("ANALYZE")
    with opened(tmp_path) as store:
        assert checking.problems(store) == []


def test_a_file_is_brought_up_to_date_after_a_backup(tmp_path, next_step):
    with opened(tmp_path) as store:
        add(store, steps(20))
        before = list(Revisions(store).every())
    next_step("ALTER TABLE record ADD COLUMN note TEXT NOT NULL DEFAULT 'x'; CREATE INDEX record_note ON record(note)")
    with opened(tmp_path) as store:
        assert pragma(store, "user_version") == 6
        assert pragma(store, "foreign_keys") == 1
        assert table(store, "SELECT DISTINCT note FROM record") == [("x",)]
        assert list(Revisions(store).every()) == before
        assert checking.problems(store) == []
    [copy] = (tmp_path / "backups").iterdir()
    assert copy.name.startswith("before-m006_next-")
    old = sqlite3.connect(copy)
    assert old.execute("PRAGMA user_version").fetchone() == (5,)
    assert old.execute("SELECT count(*) FROM revision").fetchone() == (20,)
    old.close()
    with opened(tmp_path):
        assert len(list((tmp_path / "backups").iterdir())) == 1


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ("CREATE TABLE note (a TEXT) STRICT; INSERT INTO nowhere VALUES (1)", sqlite3.OperationalError),
        ("UPDATE record SET rev_hash = 'gone'", StoreDamagedError),
    ],
)
def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path, next_step, bad, error):
    with opened(tmp_path) as store:
        add(store, steps(5))
    before = (tmp_path / DATA).read_bytes()
    next_step(bad)
    with pytest.raises(error), opened(tmp_path):
        pass
    assert (tmp_path / DATA).read_bytes() == before
    assert [path.name[:7] for path in (tmp_path / "backups").iterdir()] == ["before-"]


def test_an_upgrade_tells_how_far_it_is(tmp_path, next_step, monkeypatch):
    monkeypatch.setattr(projection, "_AT_ONCE", 10)
    with opened(tmp_path) as store:
        add(store, steps(25))
    next_step("CREATE TABLE note (a TEXT) STRICT")
    told = []
    open_store(tmp_path / DATA, tmp_path / "backups", progress=lambda *each: told.append(each)).close()
    assert told == [(0, 0, "备份数据文件"), *((done, 25, "升级数据") for done in (0, 10, 20))]
    told.clear()
    open_store(tmp_path / DATA, tmp_path / "backups", progress=lambda *each: told.append(each)).close()
    assert told == []


@pytest.mark.parametrize("sql", ["CREATE TABLE note (a TEXT) STRICT", ""])
def test_an_upgrade_that_is_stopped_leaves_the_file_as_it_was(tmp_path, next_step, monkeypatch, sql):
    with opened(tmp_path) as store:
        add(store, steps(25))
    before = (tmp_path / DATA).read_bytes()
    if sql:
        next_step(sql)
    else:
        monkeypatch.setattr(projection, "VERSION", "later")
    monkeypatch.setattr(projection, "_AT_ONCE", 10)

    def stop(done, _total, _text=""):
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        open_store(tmp_path / DATA, tmp_path / "backups", progress=stop)
    assert (tmp_path / DATA).read_bytes() == before
    assert list(tmp_path.glob("backups/*")) == []
    with opened(tmp_path) as store:
        assert checking.problems(store) == []


def test_no_migration_starts_without_its_backup(tmp_path, next_step):
    with opened(tmp_path) as store:
        add(store, steps(5))
    before = (tmp_path / DATA).read_bytes()
    next_step("CREATE TABLE note (a TEXT) STRICT")
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(Exception, match="backups") as told, opened(tmp_path):
        pass
    assert type(told.value).__module__ == "riskdesk.errors"
    assert (tmp_path / DATA).read_bytes() == before


def test_two_processes_that_make_the_same_file_at_once_both_succeed(tmp_path):
    code = (
        "import sys, pathlib, time; from riskdesk.store.connection import open_store; print(flush=True); sys.stdin.readline();"
        " f = pathlib.Path(sys.argv[1]); open_store(f, f.parent / 'backups').close()"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / DATA)], stdin=-1, stdout=-1, text=True)
        for _ in "12"
    ]
    for each in both:
        each.stdout.readline()
    for each in both:
        each.stdin.write("\n")
        each.stdin.flush()
    for each in both:
        each.communicate(timeout=60)
    assert [each.returncode for each in both] == [0, 0]
    with opened(tmp_path) as store:
        assert checking.problems(store) == []


@pytest.mark.parametrize("name", ["100% #1?", "数据 文件夹", "a&b=c;mode=ro", "%41%2f", "'quoted\"", "..dots.. "])
def test_any_folder_name_will_do(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    with opened(folder) as store:
        add(store, steps(1))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / DATA).stat().st_size > 4096
    with opened(folder) as store:
        assert len(Records(store).every()) == 1


def test_a_read_only_folder_can_be_read_and_says_so_when_written(public_folder):
    with opened(public_folder) as store:
        add(store, steps(3))
    with read_only(public_folder), opened(public_folder) as store:
        assert len(Records(store).find("市")) == 3
        with pytest.raises(StoreUnusableError, match=r"只读|权限"):
            add(store, steps(1, seed=2))
        assert len(Records(store).every()) == 3
    with opened(public_folder) as store:
        add(store, steps(1, seed=2))


def test_a_file_cannot_be_made_in_a_read_only_folder(public_folder):
    with read_only(public_folder), pytest.raises(StoreUnusableError, match="打不开数据文件"), opened(public_folder):
        pass


def test_a_folder_in_place_of_the_file_or_no_folder_at_all_is_told(tmp_path):
    (tmp_path / DATA).mkdir()
    with pytest.raises(StoreUnusableError, match="打不开数据文件"), opened(tmp_path):
        pass
    with pytest.raises(StoreUnusableError, match="打不开数据文件"), opened(tmp_path / "nowhere"):
        pass


def test_a_file_that_another_program_holds_is_told_when_opened_read_and_written(tmp_path):
    with opened(tmp_path) as store:
        add(store, steps(2))
        store.connection.execute("PRAGMA busy_timeout = 20")
        with raw(tmp_path) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreUnusableError, match="另一个程序"):
                add(store, steps(1, seed=2))
            with pytest.raises(StoreUnusableError, match="另一个程序"):
                Records(store).every()
            with pytest.raises(StoreUnusableError, match="另一个程序"):
                list(Revisions(store).every())
            with pytest.raises(StoreUnusableError, match="另一个程序"), opened(tmp_path):
                pass
            other.execute("ROLLBACK")
        add(store, steps(1, seed=2))
        assert len(Records(store).every()) == 3


def test_a_commit_that_a_reader_holds_up_is_undone_and_can_be_repeated(tmp_path):
    with opened(tmp_path) as store, raw(tmp_path) as other:
        store.connection.execute("PRAGMA busy_timeout = 20")
        add(store, steps(30))
        cursor = other.execute("SELECT * FROM revision")
        cursor.fetchone()
        with pytest.raises(StoreUnusableError, match="另一个程序"):
            add(store, steps(5, seed=2))
        cursor.close()
        assert not store.connection.in_transaction
        add(store, steps(5, seed=2))
        assert len(Records(store).every()) == 35


def mounted(folder, size):
    """Mount a small file system; tell whether that was permitted."""
    return (
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True).returncode
        == 0
    )


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 6 MB, or where that is not permitted a data file that may grow to 6 MB; `free` makes room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    real = mounted(folder, "6m")
    ballast = folder / "ballast"
    if real:
        ballast.write_bytes(bytes(2_000_000))

    def limit(store):
        if not real:
            store.connection.execute("PRAGMA max_page_count = 1000")

    def free(store):
        ballast.unlink(missing_ok=True)
        if not real:
            store.connection.execute("PRAGMA max_page_count = 1073741823")

    yield folder, limit, free
    if real:
        subprocess.run(["umount", folder], check=True)


def fill(store, saved):
    for seed in range(1000):
        more = steps(50, seed=seed)
        add(store, more)
        saved += more


def test_a_full_disk_is_told_reads_go_on_and_writes_resume_when_there_is_room(small_disk):
    folder, limit, free = small_disk
    saved = []
    with opened(folder) as store:
        limit(store)
        with pytest.raises(StoreUnusableError, match="磁盘已满，本次操作没有保存"):
            fill(store, saved)
        assert len(saved) > 300
        assert not store.connection.in_transaction
        assert len(Records(store).every()) == len(saved)
        assert Records(store).find("市")
        assert {step.hash for step in Revisions(store).every()} == {step.hash for step in saved}
    with opened(folder) as store:
        limit(store)
        assert len(Records(store).every()) == len(saved)
        free(store)
        assert add(store, steps(20, seed=7001)) == 20
        assert checking.problems(store) == []


def fail(store, error):
    with store.write("某人", "try") as writing:
        Revisions(store).add(writing, steps(3))
        Settings(store).put(writing, "k", 1)
        raise error


def test_everything_in_a_write_happens_or_nothing(tmp_path):
    with opened(tmp_path) as store:
        for error in (ValueError("x"), KeyboardInterrupt(), SystemExit(), sqlite3.IntegrityError("y"), GeneratorExit()):
            with pytest.raises(type(error)):
                fail(store, error)
            assert not store.connection.in_transaction
            assert table(
                store,
                "SELECT (SELECT count(*) FROM revision) + (SELECT count(*) FROM record) + (SELECT count(*) FROM audit)",
            ) == [(0,)]
            assert Records(store).find("市") == []
        add(store, steps(3))
        assert checking.problems(store) == []


def seen_by_another(folder):
    with raw(folder) as other:
        return other.execute("SELECT count(*) FROM record").fetchone()[0]


def test_writes_that_share_a_transaction_last_from_the_next_commit_on(tmp_path):
    with opened(tmp_path) as store:
        with store.share() as commit:
            add(store, steps(3))
            add(store, steps(4, seed=2))
            assert (len(Records(store).every()), seen_by_another(tmp_path)) == (7, 0)
            commit()
            assert seen_by_another(tmp_path) == 7
            add(store, steps(5, seed=3))
            assert seen_by_another(tmp_path) == 7
        assert seen_by_another(tmp_path) == 12
        add(store, steps(1, seed=4))
        assert seen_by_another(tmp_path) == 13
        assert len(table(store, "SELECT * FROM audit")) == 4
        assert checking.problems(store) == []


def test_a_shared_write_that_fails_is_undone_and_no_other(tmp_path):
    with opened(tmp_path) as store:
        add(store, steps(2, seed=5))
        with store.share() as commit:
            with pytest.raises(ValueError, match="x"):
                fail(store, ValueError("x"))
            add(store, steps(4, seed=2))
            with pytest.raises(ValueError, match="x"):
                fail(store, ValueError("x"))
            commit()
            with pytest.raises(ValueError, match="x"):
                fail(store, ValueError("x"))
            add(store, steps(5, seed=3))
        assert seen_by_another(tmp_path) == 11
        assert Settings(store).get("k") is None
        assert checking.problems(store) == []


def write_until(store, error, seed):
    with store.share():
        add(store, steps(4, seed=seed))
        raise error


def write_until_one_fails(store, error, seed):
    with store.share():
        add(store, steps(2, seed=seed))
        fail(store, error)


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt()])
def test_what_was_written_before_a_person_stops_stays(tmp_path, error):
    with opened(tmp_path) as store:
        with pytest.raises(type(error)):
            write_until(store, error, 1)
        assert seen_by_another(tmp_path) == 4
        with pytest.raises(type(error)):
            write_until_one_fails(store, error, 2)
        assert seen_by_another(tmp_path) == 6
        assert checking.problems(store) == []


def fill_together(store, saved):
    with store.share() as commit:
        for seed in range(1000):
            more = steps(50, seed=seed)
            add(store, more)
            if seed % 3 == 2:
                commit()
                saved.append(seed + 1)


def test_a_full_disk_undoes_what_was_not_committed_yet(small_disk):
    folder, limit, free = small_disk
    saved = []
    with opened(folder) as store:
        limit(store)
        with pytest.raises(StoreUnusableError, match="磁盘已满，本次操作没有保存"):
            fill_together(store, saved)
        assert not store.connection.in_transaction
        assert len(Records(store).every()) == 50 * saved[-1]
        free(store)
        assert add(store, steps(20, seed=7001)) == 20
        assert checking.problems(store) == []


def test_no_write_runs_within_another(tmp_path):
    with opened(tmp_path) as store, store.share():
        with store.write("某人", "outer"), pytest.raises(RuntimeError), store.write("某人", "inner"):
            pass
        with pytest.raises(RuntimeError), store.share():
            pass


def test_every_write_leaves_an_audit_entry(tmp_path):
    with opened(tmp_path) as store:
        with store.write("张三", "a") as writing:
            writing.detail["n"] = 1
        with store.write("李四", "b"):
            pass
        assert table(store, "SELECT seq, at, actor, action, detail FROM audit") == [
            (1, "2023-05-25T09:00:00+08:00", "张三", "a", '{"n":1}'),
            (2, "2023-05-25T09:00:00+08:00", "李四", "b", "{}"),
        ]


def test_a_detail_that_cannot_be_hashed_undoes_the_write(tmp_path):
    with opened(tmp_path) as store:
        with pytest.raises(TypeError), store.write("a", "b") as writing:
            writing.detail["added"] = Revisions(store).add(writing, steps(1)) / 2
        assert Records(store).every() == []


def test_a_write_inside_a_write_is_a_mistake(tmp_path):
    with opened(tmp_path) as store:
        with pytest.raises(RuntimeError, match="already running"), store.write("a", "outer"), store.write("a", "inner"):
            pass
        assert table(store, "SELECT count(*) FROM audit") == [(0,)]


def test_two_threads_writing_through_stores_of_their_own_lose_nothing(tmp_path):
    with opened(tmp_path):
        pass
    failed = []

    def work(seed):
        try:
            with opened(tmp_path) as store:
                for each in steps(40, seed=seed):
                    add(store, [each])
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with opened(tmp_path) as store:
        assert len(Records(store).every()) == 80
        assert table(store, "SELECT count(*) FROM audit") == [(80,)]
        assert checking.problems(store) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE revision SET body = '{}'",
        "DELETE FROM revision",
        "INSERT OR REPLACE INTO revision SELECT * FROM revision",
        "REPLACE INTO revision SELECT rid, hash, object_id, kind, org, rev_no, 'withdrawn', reason, ancestors, body, author, at FROM revision",
        "UPDATE OR REPLACE revision SET rid = 1",
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
    ],
)
def test_what_was_written_cannot_be_changed_through_the_store(tmp_path, attack):
    with opened(tmp_path) as store:
        add(store, steps(2))
        before = table(store, "SELECT * FROM revision, audit")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.connection.execute(attack)
        assert table(store, "SELECT * FROM revision, audit") == before


def test_a_damaged_page_is_told_as_damage_when_read(tmp_path):
    with opened(tmp_path) as store:
        add(store, steps(200))
    whole = (tmp_path / DATA).read_bytes()
    told = 0
    for page in range(1, len(whole) // 4096):
        (tmp_path / DATA).write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        try:
            with opened(tmp_path) as store:
                Records(store).every()
                list(Revisions(store).every())
                Records(store).find("有限公司", limit=500)
        except StoreError:
            told += 1
    assert told > 0.5 * len(whole) / 4096  # the others are pages of indexes that these questions do not need


def test_a_body_that_is_no_longer_text_or_json_is_told_as_damage(tmp_path):
    for damage in ("CAST(x'7b22ff' AS TEXT)", "'{'", "'[1'"):
        folder = tmp_path / damage[:9].strip("'(")
        folder.mkdir()
        with opened(folder) as store:
            add(store, steps(1))
        with raw(folder) as other:
            other.execute("DROP TRIGGER revision_no_update")
            other.execute(f"UPDATE revision SET body = {damage}")
            other.execute(
                "CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision\n            BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END"
            )
        with opened(folder) as store:
            with pytest.raises(StoreDamagedError):
                list(Revisions(store).every())
            assert checking.problems(store)


def test_a_revision_that_its_hash_does_not_prove_is_not_taken_in(tmp_path):
    [good] = steps(1)
    with opened(tmp_path) as store:
        for bad in (
            replace(good, author="x"),
            replace(good, body={"schema": 0.5}),
            replace(good, body={"a": "\ud800"}),
        ):
            with pytest.raises(StoreDamagedError, match="校验值不符"):
                add(store, [bad])
        assert list(Revisions(store).every()) == []


def test_the_driver_is_that_of_the_standard_library():
    assert sqlite_utils.utils.sqlite3 is sqlite3
    assert "pysqlite3" not in sys.modules


@pytest.mark.parametrize("path", sorted(STORE.glob("*.py")), ids=lambda path: path.name)
def test_the_store_keeps_away_from_what_loses_data(path):
    text = path.read_text("utf-8")
    for trap in (
        "alter=True",
        "replace=True",
        "transform(",
        "conn.executescript",
        "connection.executescript",
        "upsert_all",
    ):
        hits = [line for line in text.splitlines() if trap in line and "Never `transform()`" not in line]
        assert hits == [], trap


def test_an_old_sqlite_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 0))
    with pytest.raises(StoreError, match=r"3\.37"):
        open_store(tmp_path / DATA, tmp_path)
    assert list(tmp_path.iterdir()) == []
