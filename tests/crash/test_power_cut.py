"""The power fails while records are saved: no acknowledged one is lost, and the file is whole."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash.children import Child, moments
from store.stores import DATA, add, opened
from store.synthetic import AT, step, steps

from riskdesk.domain.records import record_from_body
from riskdesk.store import checking, connection
from riskdesk.store.attachments import Attachments
from riskdesk.store.journal import Journal, unsaved
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions

CYCLES = 50


@pytest.fixture
def disk(tmp_path):
    """A mounted file system that can lose its power."""
    if not Path("/dev/fuse").exists():
        pytest.skip("/dev/fuse is absent: the power-cut file system cannot be mounted here")
    mount = tmp_path / "disk"
    mount.mkdir()
    server = subprocess.Popen([sys.executable, Path(__file__).with_name("powerfs.py"), mount])
    try:
        for _ in range(200):
            if os.path.ismount(mount):
                break
            assert server.poll() is None
            time.sleep(0.05)
        assert (mount / ".control").exists()
        yield mount
    finally:
        helper = shutil.which("fusermount")  # a package of its own, needed by all but root
        subprocess.run([helper, "-uz", mount] if helper else ["umount", "-l", mount], check=True)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def control(disk, words):
    with (disk / ".control").open("w") as file:
        file.write(words)


def work(home, cycle):
    """Save, edit, type and attach for ever; tell what is done once it is."""

    def run(tell):
        photo = home.parent.parent / f"photo-{cycle}"
        with opened(home) as store:
            known = list(Revisions(store).every())
            attachments = Attachments(store, home / "attachments")
            number = 0
            while True:
                new = steps(1 + number % 3, seed=cycle * 1000 + number)
                if known:
                    old = known[number % len(known)]
                    brand = f"{cycle}-{number}"
                    new.append(step(record_from_body(old.body).edited(brand=brand), old.object_id, (old,)))
                if number % 4 == 1:
                    journal = Journal(
                        home / "journal", f"{cycle}", object_id="", base_hash="", monotonic=time.monotonic
                    )
                    journal.type({"n": number}, AT)
                    journal.flush()
                    tell(f"typed {cycle} {number}")
                if number % 4 == 2:
                    photo.write_bytes(os.urandom(3000))
                    sha256, size = attachments.keep(photo)
                    with store.write("a", "attach") as writing:
                        attachments.note(writing, sha256, size, photo.name)
                    tell(f"attached {sha256}")
                add(store, new)
                tell("saved " + " ".join(each.hash for each in new))
                known += new
                number += 1

    return run


@pytest.mark.parametrize("mode", ["random", "none"])
def test_no_acknowledged_work_is_lost_and_the_file_is_whole(disk, mode):
    home = disk / "数据"
    saved, attached, total, typed = set(), set(), 0, {}
    for cycle, moment in enumerate(moments(1, CYCLES, 0.05, 0.6)):
        if cycle % 10 == 0:
            control(disk, "wipe")
            home.mkdir()
            handle = os.open(disk, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
            saved, attached, typed = set(), set(), {}
        told = Child(work(home, cycle)).kill_after(moment)
        control(disk, f"crash {cycle} {mode}")
        for line in told:
            what, *rest = line.split(" ")
            if what == "saved":
                saved.update(rest)
            elif what == "attached":
                attached.update(rest)
            else:
                typed[rest[0]] = int(rest[1])
        total += len(told)
        with opened(home) as store:
            assert checking.problems(store) == [], (cycle, mode)
            have = {each.hash for each in Revisions(store).every()}
            assert saved <= have, (cycle, mode, len(saved - have))
            attachments = Attachments(store, home / "attachments")
            assert attachments.problems() == []
            assert all(attachments.place(sha256).is_file() for sha256 in attached)
            assert bool(Records(store).find("")) == bool(have)
        found = {each.id: each.body["n"] for each in unsaved(home / "journal")}
        assert all(found[form] >= number for form, number in typed.items()), (cycle, mode, found, typed)
    assert total > 3 * CYCLES
    assert (home / DATA).stat().st_size > 4096


def test_the_file_system_does_lose_what_is_not_synced(disk):
    """Test the tester: a file that is written but not synced is gone, and so is one whose name is not."""
    (disk / "unsynced").write_bytes(b"x" * 5000)
    with (disk / "nameless").open("wb") as file:
        file.write(b"y" * 5000)
        file.flush()
        os.fsync(file.fileno())
    control(disk, "crash 1 none")
    assert sorted(path.name for path in disk.iterdir()) == []
    with (disk / "kept").open("wb") as file:
        file.write(b"z" * 5000)
        file.flush()
        os.fsync(file.fileno())
        file.write(b"more" * 5000)
    handle = os.open(disk, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    control(disk, "crash 1 none")
    assert (disk / "kept").read_bytes() == b"z" * 5000


def test_a_store_without_syncing_would_lose_what_it_acknowledged(disk, monkeypatch):
    """Test the tester: with `synchronous` off the same work does lose acknowledged records."""
    real = connection._set_pragmas

    def careless(handle):
        real(handle)
        handle.execute("PRAGMA synchronous = OFF")

    monkeypatch.setattr(connection, "_set_pragmas", careless)
    home = disk / "home"
    home.mkdir()
    handle = os.open(disk, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    told = Child(work(home, 0)).kill_after(0.4)
    assert any(line.startswith("saved") for line in told)
    control(disk, "crash 1 none")
    assert not (home / DATA).exists() or not (home / DATA).stat().st_size
