"""Saving revisions out of a data file that SQLite can no longer open: raw pages, no SQLite, only what its hash proves.

Every table-leaf page (SQLite file format, section 1.6) is searched for cells that look like rows of the `revision` table;
a row counts only if the SHA-256 of its content is the hash that it bears.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riskdesk.domain.revisions import Revision
from riskdesk.store.rows import REVISION_COLUMNS, proved_revision

_LEAF = 0x0D
_COLUMNS = 1 + len(REVISION_COLUMNS.split(","))  # rid comes first
_PAGE_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768)
_UNREADABLE = (IndexError, ValueError, struct.error)


def salvage(path: Path) -> dict[str, Revision]:
    """Return the revisions found in the file, by hash; the file is only read."""
    data = path.read_bytes()
    found: dict[str, Revision] = {}
    for page_size in _PAGE_SIZES:  # all of them: the page that tells which is right may be the lost one
        for number in range((len(data) + page_size - 1) // page_size):
            for step in _revisions_on(data, number, page_size):
                found[step.hash] = step
    return found


def _revisions_on(data: bytes, number: int, page_size: int) -> Iterator[Revision]:
    page = data[number * page_size : (number + 1) * page_size]
    start = 100 if number == 0 else 0
    if len(page) <= start + 8 or page[start] != _LEAF:
        return
    [cells] = struct.unpack_from(">H", page, start + 3)
    for index in range(min(cells, page_size // 4)):
        try:
            [offset] = struct.unpack_from(">H", page, start + 8 + 2 * index)
            step = proved_revision(_values(_payload(data, page, offset, page_size))[1:])
        except _UNREADABLE:
            continue
        if step is not None:
            yield step


def _payload(data: bytes, page: bytes, offset: int, page_size: int) -> bytes:
    """Return the payload of a cell, following its overflow pages."""
    size, offset = _varint(page, offset)
    _rowid, offset = _varint(page, offset)
    most = page_size - 35
    if size <= most:
        return page[offset : offset + size]
    least = (page_size - 12) * 32 // 255 - 23
    local = least + (size - least) % (page_size - 4)
    local = local if local <= most else least
    if size > len(data):
        raise ValueError("a garbled size")
    payload = bytearray(page[offset : offset + local])
    [following] = struct.unpack_from(">I", page, offset + local)
    seen: set[int] = set()
    while following and len(payload) < size:
        if following in seen:
            raise ValueError("a chain of pages that bites its tail")
        seen.add(following)
        overflow = data[(following - 1) * page_size : following * page_size]
        [following] = struct.unpack_from(">I", overflow, 0)
        payload += overflow[4:]
    return bytes(payload[:size])


def _values(payload: bytes) -> list[Any]:
    header_size, at = _varint(payload, 0)
    types = []
    while at < header_size:
        kind, at = _varint(payload, at)
        types.append(kind)
    if len(types) != _COLUMNS:
        raise ValueError("not a revision")
    values, at = [], header_size
    for kind in types:
        value, at = _value(kind, payload, at)
        values.append(value)
    return values


def _value(kind: int, payload: bytes, at: int) -> tuple[Any, int]:
    if kind == 0:
        return None, at
    if 1 <= kind <= 6:
        size = (1, 2, 3, 4, 6, 8)[kind - 1]
        return int.from_bytes(payload[at : at + size], "big", signed=True), at + size
    if kind in (8, 9):
        return kind - 8, at
    if kind < 13 or kind % 2 == 0:
        raise ValueError("a revision holds integers and text only")
    size = (kind - 13) // 2
    return payload[at : at + size].decode("utf-8"), at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
