"""A file system in memory that can lose its power: what was not synced is lost, wholly or sector by sector.

Strict as POSIX allows: fsync of a file makes its content durable, but not its name; fsync of a folder makes the names in it
durable, but not its own. Run `python powerfs.py MOUNTPOINT`; write `crash SEED none|random` or `wipe` to `MOUNTPOINT/.control`.
Needs /dev/fuse and libfuse 2.
"""

import errno
import os
import posixpath
import random
import stat
import sys
import time
from dataclasses import dataclass, field

from fuse import FUSE, FuseOSError, Operations

SECTOR = 512
CONTROL = "/.control"


@dataclass(eq=False)
class File:
    """The content as programs see it, as the disk holds it, and the changes between."""

    data: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, bytes) or (length, None)

    def write(self, data: bytes, offset: int) -> None:
        _put(self.data, data, offset)
        self.pending.append((offset, data))

    def truncate(self, length: int) -> None:
        _cut(self.data, length)
        self.pending.append((length, None))

    def sync(self) -> None:
        self.durable = bytearray(self.data)
        self.pending.clear()

    def lose_power(self, chance: random.Random | None) -> None:
        """Fall back to what is durable; with `chance` half of the sectors that were not synced have got there too."""
        data = bytearray(self.durable)
        for at, change in self.pending if chance else ():
            if change is None:
                if chance.random() < 0.5:
                    _cut(data, at)
                continue
            for start, piece in _sectors(change, at):
                if chance.random() < 0.5:
                    _put(data, piece, start)
        self.data, self.durable = data, bytearray(data)
        self.pending.clear()


def _put(data: bytearray, piece: bytes, offset: int) -> None:
    data.extend(bytes(max(0, offset - len(data))))
    data[offset : offset + len(piece)] = piece


def _cut(data: bytearray, length: int) -> None:
    del data[length:]
    data.extend(bytes(length - len(data)))


def _sectors(change: bytes, offset: int):
    at = 0
    while at < len(change):
        end = min(len(change), at + SECTOR - (offset + at) % SECTOR)
        yield offset + at, change[at:end]
        at = end


class PowerFS(Operations):
    """Names and folders are a flat table of paths; `None` stands for a folder. `changes` are those not yet durable."""

    def __init__(self):
        self.now: dict[str, File | None] = {"/": None}
        self.durable: dict[str, File | None] = {"/": None}
        self.changes: list[tuple[str, File | None, bool]] = []  # (path, what, present afterwards)
        self.handles: dict[int, File | None] = {}
        self.next_handle = 0

    # names

    def _found(self, path):
        if path not in self.now:
            raise FuseOSError(errno.ENOENT)
        return self.now[path]

    def _set(self, path, what, *, present=True):
        if present:
            self.now[path] = what
        else:
            del self.now[path]
        self.changes.append((path, what, present))

    def _make_durable(self, wanted):
        """Apply the wanted changes, and with each all earlier ones of the same name, so that a name keeps its order."""
        names = {path for path, _, _ in self.changes if wanted(path)}
        last = {path: at for at, (path, _, _) in enumerate(self.changes) if path in names}
        left = []
        for at, (path, what, present) in enumerate(self.changes):
            if at > last.get(path, -1):
                left.append((path, what, present))
            elif present:
                self.durable[path] = what
            else:
                self.durable.pop(path, None)
        self.changes = left

    def create(self, path, mode, fi=None):
        self._set(path, File())
        return self._handle(self.now[path])

    def mkdir(self, path, mode):
        self._set(path, None)

    def unlink(self, path):
        self._set(path, self._found(path), present=False)

    def rmdir(self, path):
        self.unlink(path)

    def rename(self, old, new):
        what = self._found(old)
        self._set(new, what)
        self._set(old, what, present=False)

    def readdir(self, path, fh):
        return [".", "..", *(posixpath.basename(each) for each in self.now if posixpath.dirname(each) == path != each)]

    def getattr(self, path, fh=None):
        if path == CONTROL:
            return {"st_mode": stat.S_IFREG | 0o666, "st_nlink": 1, "st_size": 0}
        what = self._found(path)
        if what is None:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": len(what.data), "st_mtime": time.time()}

    # contents

    def _handle(self, file):
        self.next_handle += 1
        self.handles[self.next_handle] = file
        return self.next_handle

    def open(self, path, flags):
        return self._handle(None if path == CONTROL else self._found(path))

    def release(self, path, fh):
        self.handles.pop(fh, None)
        return 0

    def read(self, path, size, offset, fh):
        return bytes(self.handles[fh].data[offset : offset + size])

    def write(self, path, data, offset, fh):
        if path == CONTROL:
            self._control(data.decode().split())
        else:
            self.handles[fh].write(data, offset)
        return len(data)

    def truncate(self, path, length, fh=None):
        if path != CONTROL:
            (self.handles.get(fh) or self._found(path)).truncate(length)
        return 0

    def fsync(self, path, datasync, fh):
        self.handles[fh].sync()
        return 0

    def fsyncdir(self, path, datasync, fh):
        self._make_durable(lambda name: posixpath.dirname(name) == path)
        return 0

    def flush(self, path, fh):
        return 0

    def statfs(self, path):
        return {"f_bsize": 4096, "f_blocks": 1 << 18, "f_bavail": 1 << 18, "f_bfree": 1 << 18, "f_namemax": 255}

    def chmod(self, path, mode):
        return 0

    def chown(self, path, uid, gid):
        return 0

    def utimens(self, path, times=None):
        return 0

    # the power

    def _control(self, words):
        if words[0] == "wipe":
            self.__init__()
        else:
            self._crash(random.Random(int(words[1])) if words[2] == "random" else None, random.Random(int(words[1])))

    def _crash(self, chance, names_chance):
        if chance:
            kept = {path for path, _, _ in self.changes if names_chance.random() < 0.5}
            self._make_durable(lambda name: name in kept)
        self.changes = []
        self.now = {path: what for path, what in self.durable.items() if self._reachable(path)}
        self.durable = dict(self.now)
        for file in self.now.values():
            if file is not None:
                file.lose_power(chance)

    def _reachable(self, path):
        above = posixpath.dirname(path)
        return path == "/" or (above in self.durable and self._reachable(above))


if __name__ == "__main__":
    FUSE(
        PowerFS(),
        sys.argv[1],
        foreground=True,
        nothreads=True,
        direct_io=True,
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
        big_writes=True,
        fsname=f"powerfs-{os.getpid()}",
    )
