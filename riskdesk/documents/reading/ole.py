"""Just enough of the compound file format of old Office files to name its streams and to read one of them safely."""

from __future__ import annotations

import struct

from riskdesk.errors import UnreadableFileError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGED = "文件已损坏或没有复制完整。请重新复制，或用 Excel/WPS 打开后另存为 .xlsx 再试。"
_END = 0xFFFFFFFA  # this and above are no sectors
_ENTRY = 128


class CompoundFile:
    """A compound file in memory; every chain is bounded, so that no file can make it loop."""

    def __init__(self, data: bytes) -> None:
        """Read the sector tables and the directory; raise `UnreadableFileError` for a damaged file."""
        if len(data) < 512:
            raise UnreadableFileError(DAMAGED)
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise UnreadableFileError(DAMAGED)
        self._size = 1 << shift
        directory, self._cutoff, mini_table, difat = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60, 68))
        self._next = self._table(self._table_sectors(difat))
        self._entries = self._directory(self._chain(directory))
        self._mini_next = self._table(self._sectors(mini_table)) if mini_table < _END else ()

    @property
    def names(self) -> set[str]:
        """The names of all streams and folders."""
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """Return the content of a stream."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            found = self._chain(start)
        else:
            store = self._chain(self._entries["Root Entry"][0])
            found = b"".join(store[at * 64 : at * 64 + 64] for at in _walk(start, self._mini_next))
        if len(found) < size:
            raise UnreadableFileError(DAMAGED)
        return found[:size]

    def _table_sectors(self, difat: int) -> list[int]:
        listed = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(len(self._data) // self._size + 1):
            if difat >= _END:
                return [sector for sector in listed if sector < _END]
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(difat))
            listed += numbers[:-1]
            difat = numbers[-1]
        raise UnreadableFileError(DAMAGED)

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        joined = b"".join(self._sector(sector) for sector in sectors)
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        found = self._data[at : at + self._size]
        if not found:
            raise UnreadableFileError(DAMAGED)
        return found.ljust(self._size, b"\0")  # writers may cut the last sector short

    def _sectors(self, start: int) -> list[int]:
        return _walk(start, self._next)

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(sector) for sector in self._sectors(start))

    def _directory(self, data: bytes) -> dict[str, tuple[int, int]]:
        entries: dict[str, tuple[int, int]] = {}
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                entries.setdefault(name, struct.unpack_from("<II", data, at + 116))
        if "Root Entry" not in entries:
            entries["Root Entry"] = (_END, 0)
        return entries


def _walk(start: int, following: tuple[int, ...]) -> list[int]:
    sectors: list[int] = []
    while start < _END:
        if start >= len(following) or len(sectors) > len(following):
            raise UnreadableFileError(DAMAGED)
        sectors.append(start)
        start = following[start]
    return sectors
