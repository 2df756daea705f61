"""Safety copies are verified and whole, are thinned with age, and bring everything back."""

import os
import random
import sqlite3
from datetime import datetime, timedelta

import pytest
from store.stores import DATA, add, opened, raw
from store.synthetic import steps

from riskdesk.errors import StoreDamagedError, StoreError, StoreForeignError, StoreUnusableError, UserError
from riskdesk.store import backup, checking
from riskdesk.store.backup import back_up, newest_backup, refuse_as_target, thin
from riskdesk.store.revisions import Revisions


@pytest.fixture
def filled(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    with opened(folder) as store:
        add(store, steps(200))
        store.connection.execute("VACUUM")  # damage to a page that nothing uses is none
    return folder


def backup_name(moment):
    return backup.backup_name("140105-JU", moment)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_of_the_file_in_use_holds_everything(filled, tmp_path):
    target = tmp_path / "U 盘" / "100%" / backup_name(datetime(2023, 5, 25, 9))
    with opened(filled) as store:
        made = back_up(filled / DATA, target)
        again = back_up(filled / DATA, target)
        known = list(Revisions(store).every())
    assert names(target.parent) == [
        "riskdesk-140105-JU-20230525-090000 (2).db",
        "riskdesk-140105-JU-20230525-090000.db",
    ]
    assert (made, again.name) == (target, "riskdesk-140105-JU-20230525-090000 (2).db")
    for number, copy in enumerate((made, again)):
        home = tmp_path / f"back {number}"
        home.mkdir()
        back_up(copy, home / DATA)
        with opened(home) as store:
            assert list(Revisions(store).every()) == known
            assert checking.problems(store) == []


def test_a_copy_made_while_others_write_is_of_one_moment(filled, tmp_path):
    with opened(filled) as store:
        for seed in range(2, 8):
            add(store, steps(30, seed=seed))
            made = back_up(filled / DATA, tmp_path / "b" / f"{seed}.db")
            add(store, steps(30, seed=seed + 100))
            copy = sqlite3.connect(made)
            [count] = copy.execute("SELECT count(*) FROM revision").fetchone()
            copy.close()
            assert count == 200 + (seed - 2) * 60 + 30


def damaged(path, seed):
    data = bytearray(path.read_bytes())
    page = random.Random(seed).randrange(1, len(data) // 4096)
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(data)


def test_no_copy_is_made_of_a_damaged_file(filled, tmp_path):
    whole = (filled / DATA).read_bytes()
    for seed in range(20):
        (filled / DATA).write_bytes(whole)
        damaged(filled / DATA, seed)
        with pytest.raises(StoreDamagedError):
            back_up(filled / DATA, tmp_path / "b" / "x.db")
        assert names(tmp_path / "b") == []


def test_no_copy_is_made_of_a_file_whose_index_does_not_fit_its_table(filled, tmp_path):
    with raw(filled) as other:
        other.execute("PRAGMA writable_schema = ON")
        other.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'period, state', 'unit, state') WHERE name = 'record_list'"
        )
    with pytest.raises(StoreDamagedError, match="没有通过校验"):
        back_up(filled / DATA, tmp_path / "b" / "x.db")


@pytest.mark.parametrize("other", ["text", "empty", "sqlite"])
def test_no_copy_is_made_of_what_is_not_ours(tmp_path, other):
    source = tmp_path / "x.db"
    source.write_bytes(b"text, only text. " * 999 if other == "text" else b"")
    if other == "sqlite":
        connection = sqlite3.connect(source)
        connection.execute("CREATE TABLE mine (a)")
        connection.close()
    with pytest.raises((StoreForeignError, StoreDamagedError)):
        back_up(source, tmp_path / "b" / "x.db")
    assert names(tmp_path / "b") == []


def test_a_full_disk_or_a_missing_folder_is_told_and_leaves_nothing(filled, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file"):
        back_up(filled / DATA, tmp_path / "file" / "x.db")
    with pytest.raises(StoreError):
        back_up(tmp_path / "nowhere.db", tmp_path / "b" / "x.db")

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match="磁盘空间不足"):
            back_up(filled / DATA, tmp_path / "b" / "x.db")
    assert names(tmp_path / "b") == []


def test_what_a_killed_backup_left_is_cleared_away_a_day_later(filled, tmp_path):
    folder = tmp_path / "b"
    folder.mkdir()
    for name in (
        "riskdesk-20230101-000000.db.part",
        "before-m002-x.db.part",
        "riskdesk-20230101-000000.db.part-journal",
    ):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (1, 1))
    for name in ("notes.db.part", "riskdesk-20230524-000000.db.part"):
        (folder / name).write_bytes(b"another's, or of just now")
    os.utime(folder / "notes.db.part", (1, 1))
    back_up(filled / DATA, folder / "riskdesk-20230525-000000.db")
    assert names(folder) == ["notes.db.part", "riskdesk-20230524-000000.db.part", "riskdesk-20230525-000000.db"]


def test_thinning_keeps_the_newest_of_days_weeks_and_months_and_touches_nothing_else(tmp_path):
    start = datetime(2023, 12, 31, 18)
    moments = [start - timedelta(hours=7 * n) for n in range(3000)]  # two and a half years
    others = [
        "before-m002-20200101-000000-abc.db",
        "riskdesk.db",
        "riskdesk-20230101.db",
        "riskdesk-99999999-999999.db",
        "notes.txt",
    ]
    for name in [*map(backup_name, moments), *others]:
        (tmp_path / name).write_text("")
    assert newest_backup(tmp_path) == start
    removed = thin(tmp_path)
    kept = [moment for moment in moments if (tmp_path / backup_name(moment)).exists()]
    assert len(removed) + len(kept) == 3000
    assert all((tmp_path / name).exists() for name in others)
    assert kept[:3] == moments[:3]
    for count, group in (
        (10, lambda m: m.date()),
        (8, lambda m: m.isocalendar()[:2]),
        (24, lambda m: (m.year, m.month)),
    ):
        groups = {}
        for moment in moments:
            groups.setdefault(group(moment), moment)
        newest = list(groups.values())[:count]
        assert len(newest) == count
        assert set(newest) <= set(kept)
    assert len(kept) <= 3 + 10 + 8 + 24
    assert thin(tmp_path) == []


def test_thinning_goes_on_past_a_file_that_cannot_be_removed(tmp_path, monkeypatch):
    for n in range(40):
        (tmp_path / backup_name(datetime(2023, 5, 1) + timedelta(minutes=n))).write_text("")
    stuck = tmp_path / backup_name(datetime(2023, 5, 1))
    real = type(stuck).unlink

    def unlink(path, missing_ok=False):
        if path == stuck:
            raise PermissionError(13, "in use")
        real(path, missing_ok)

    monkeypatch.setattr(type(stuck), "unlink", unlink)
    assert len(thin(tmp_path)) == 36
    assert len(names(tmp_path)) == 4


def test_an_empty_or_missing_folder_has_no_backup(tmp_path):
    assert newest_backup(tmp_path) is None
    assert newest_backup(tmp_path / "nowhere") is None
    assert thin(tmp_path / "nowhere") == []


def test_a_data_file_is_never_put_over_another_or_beside_an_old_journal(filled):
    with pytest.raises(StoreUnusableError, match="已有数据"):
        refuse_as_target(filled / DATA)
    (filled / DATA).rename(filled / "damaged.db")
    (filled / f"{DATA}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(1000))
    with pytest.raises(StoreUnusableError, match=r"riskdesk\.db-journal"):
        refuse_as_target(filled / DATA)
    (filled / f"{DATA}-journal").write_bytes(b"")
    refuse_as_target(filled / DATA)


def test_the_name_of_a_copy_is_what_the_list_reads(tmp_path):
    moment = datetime(2023, 5, 25, 9, 30, 1)
    (tmp_path / backup_name(moment)).write_text("")
    assert backup._listed(tmp_path) == [(moment, tmp_path / "riskdesk-140105-JU-20230525-093001.db")]
