"""Ids, where a data folder may lie, and one program per folder."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from riskdesk.errors import StorePlaceError, StoreUnusableError, UserError
from riskdesk.store import ids, lock
from riskdesk.store.ids import new_id
from riskdesk.store.place import refuse_network


def test_ids_are_version_7_and_tell_the_millisecond(monkeypatch):
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_123_456_789)
    made = uuid.UUID(new_id())
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, 1_700_000_000_123)


def test_ids_rise_even_when_the_clock_steps_back(monkeypatch):
    moments = itertools.chain([2_000, 2_000, 1_000, 500, 2_001], itertools.repeat(1_500))
    monkeypatch.setattr(time, "time_ns", lambda: next(moments) * 1_000_000_000)
    monkeypatch.setattr(ids, "_last", 0)
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_ids_of_several_threads_never_meet():
    made = [[] for _ in range(8)]
    threads = [threading.Thread(target=lambda own=own: own.extend(new_id() for _ in range(5000))) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in made)
    assert len({each for own in made for each in own}) == 40_000


MOUNTS = """\
/dev/vda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0

//server/share /mnt/share cifs rw 0 0
server:/export /mnt/nfs nfs4 rw 0 0
me@host: /home/me/remote fuse.sshfs rw 0 0
/dev/sdb1 /mnt/share/local ext4 rw 0 0
/dev/sdc1 /media/my\\040disk fuseblk rw 0 0
srv:/a /media/tab\\011and\\134back nfs rw 0 0
overlay /var/over overlay rw 0 0
/dev/sdd1 /mnt/twice ext4 rw 0 0
host:/x /mnt/twice nfs rw 0 0
fuse /mnt/fuse fuse rw 0 0
"""


@pytest.fixture
def mounts(tmp_path):
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    "folder",
    [
        "/mnt/share",
        "/mnt/share/数据",
        "/mnt/nfs/a/b",
        "/home/me/remote/x",
        "/media/tab\tand\\back",
        "/mnt/twice/x",
        "/mnt/share/local2",
    ],
)
def test_a_network_share_is_refused(folder, mounts, tmp_path):
    with pytest.raises(StorePlaceError, match="网络共享"):
        refuse_network(Path(folder), mounts)


@pytest.mark.parametrize(
    "folder",
    [
        "/home/me",
        "/mnt/share/local/x",
        "/media/my disk/riskdesk",
        "/mnt/shared",
        "/mnt/nfs2",
        "/var/over/x",
        "/mnt/fuse/x",
    ],
)
def test_a_disk_of_this_computer_is_fine(folder, mounts):
    refuse_network(Path(folder), mounts)


def test_a_link_to_a_share_is_a_share(tmp_path, mounts):
    link = tmp_path / "link"
    link.symlink_to("/mnt/nfs")
    with pytest.raises(StorePlaceError):
        refuse_network(link / "data", mounts)


def test_the_real_table_of_mounts_is_understood(tmp_path):
    refuse_network(tmp_path)
    refuse_network(tmp_path, tmp_path / "no table")


HOLD = "import sys, pathlib; from riskdesk.store.lock import held\nwith held(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


@contextlib.contextmanager
def holder(home):
    process = subprocess.Popen([sys.executable, "-c", HOLD, home], stdin=-1, stdout=-1, text=True)
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stdin.close()


def test_a_second_program_is_refused_and_told_who_is_there(tmp_path):
    home = tmp_path / "数据"
    with holder(home) as process:
        with (
            pytest.raises(StoreUnusableError, match=rf"正在使用中（电脑 {socket.gethostname()}，进程 {process.pid}）"),
            lock.held(home),
        ):
            pass
        process.stdin.close()
        process.wait()
        with lock.held(home):
            pass


def test_a_killed_program_leaves_no_lock(tmp_path):
    with holder(tmp_path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with lock.held(tmp_path), pytest.raises(StoreUnusableError, match=str(os.getpid())), lock.held(tmp_path):
            pass
    with lock.held(tmp_path):
        pass


def test_a_lock_file_that_tells_nothing_is_no_obstacle(tmp_path):
    (tmp_path / "riskdesk.lock").write_bytes(b"\xff garbage")
    with lock.held(tmp_path):
        (tmp_path / "riskdesk.lock").write_bytes(b"\xff garbage")
        with pytest.raises(StoreUnusableError, match="另一个程序"), lock.held(tmp_path):
            pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file"), lock.held(tmp_path / "file" / "home"):
        pass


def test_a_full_disk_does_not_keep_the_program_from_starting(tmp_path):
    if Path("/dev/full").exists():
        (tmp_path / "riskdesk.lock").symlink_to("/dev/full")
    with lock.held(tmp_path):
        pass
