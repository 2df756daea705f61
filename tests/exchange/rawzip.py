"""Writing zip files byte by byte, so that every field of them can lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field


@dataclass
class Entry:
    """An entry; `local` and `central` are fields that differ from the truth in one of its two headers."""

    name: bytes
    content: bytes
    method: int = 0
    flags: int = 0
    packed: bytes | None = None
    attributes: int = 0o100644 << 16
    extra: bytes = b""
    before: bytes = b""  # in front of the local header
    descriptor: bytes = b""
    offset: int | None = None
    local: dict = field(default_factory=dict)
    central: dict = field(default_factory=dict)

    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == 8 else self.content

    def facts(self, changes: dict) -> dict:
        truth = {"name": self.name, "flags": self.flags, "method": self.method, "crc": zlib.crc32(self.content)}
        return {**truth, "packed": len(self.data()), "size": len(self.content), "extra": self.extra, **changes}


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def entries(contents: dict[str, bytes]) -> list[Entry]:
    return [Entry(name.encode(), content) for name, content in contents.items()]


def central(entry: Entry, offset: int) -> bytes:
    f = entry.facts(entry.central)
    header = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, f["flags"], f["method"], 0, 0x5621, f["crc"], f["packed"], f["size"],
        len(f["name"]), len(f["extra"]), 0, 0, 0, entry.attributes, offset,
    )  # fmt: skip
    return header + f["name"] + f["extra"]


def written(given: list[Entry], *, end: dict | None = None, middle: bytes = b"", tail: bytes = b"") -> bytes:
    """The zip file; `end` are lies of its end record, `middle` lies before the directory, `tail` between it and its end record."""
    data, directory = b"", b""
    for entry in given:
        data += entry.before
        offset = len(data) if entry.offset is None else entry.offset
        f = entry.facts(entry.local)
        if entry.offset is None:
            data += struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, f["flags"], f["method"], 0, 0x5621, f["crc"], f["packed"], f["size"],
                len(f["name"]), len(f["extra"]),
            )  # fmt: skip
            data += f["name"] + f["extra"] + entry.data() + entry.descriptor
        directory += central(entry, offset)
    data += middle
    e = {"count": len(given), "length": len(directory + tail), "start": len(data), "comment": b"", **(end or {})}
    record = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, e["count"], e["count"], e["length"], e["start"], len(e["comment"])
    )
    return data + directory + tail + record + e["comment"]
