"""The structure of a zip file, held against APPNOTE.TXT 6.3 where readers differ; the attacks are listed in docs/package-format.md."""

from __future__ import annotations

import contextlib
import io
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from riskdesk.exchange.refusal import Refusal

NAME = re.compile(
    r"(?:mimetype|manifest\.json|SHA256SUMS|(?:data|report|attach|inner|trust|META-INF)/[A-Za-z0-9][A-Za-z0-9._-]{0,99})",
    re.ASCII,
)
_FOLDER = re.compile(r"(?:data|report|attach|inner|trust|META-INF)/")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_END, _END_SIZE = b"PK\5\6", 22
_UNSIZED = 0xFFFFFFFF  # the 32-bit field points to the 64-bit one
_UNICODE_NAME, _ZIP64 = 0x7075, 0x0001  # extra fields
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIPTOR = 0x8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may be at most; sizes in bytes, `ratio` counts above `ratio_floor`, `depth` nested packages."""

    total: int = 4 << 30
    small: int = 64 << 20
    count: int = 5000
    ratio: int = 200
    ratio_floor: int = 1 << 20
    depth: int = 4


@dataclass(frozen=True, slots=True)
class Directory:
    """The central directory: how many entries it has, where it starts, and how long it is in bytes."""

    count: int
    start: int
    length: int

    @classmethod
    def of(cls, file: BinaryIO, limits: Limits) -> Directory:
        """Read the end of central directory record, which must be the very last bytes of the file."""
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _END_SIZE))
        tail = file.read(_END_SIZE)
        if len(tail) < _END_SIZE or not tail.startswith(_END):
            raise Refusal("zip", "no end of central directory at the end of the file")
        _, disk, start_disk, here, count, length, start, comment = struct.unpack("<4s4H2LH", tail)
        if comment or disk or start_disk or here != count:
            raise Refusal("zip", "comment or several disks")
        end = size - _END_SIZE
        wide = cls._wide(file, end)
        if wide is not None:  # what the 32-bit fields say must be the same or point here, as some readers take them
            narrow = zip((count, length, start), wide, (0xFFFF, _UNSIZED, _UNSIZED), strict=False)
            if any(field not in (value, full) for field, value, full in narrow):
                raise Refusal("zip_layout", "ZIP64 and 32-bit directory differ")
            count, length, start, end = wide
        if start + length != end:
            raise Refusal("zip_layout", "the central directory does not end where the file's end begins")
        if count > limits.count:
            raise Refusal("zip_count", str(count))
        return cls(count, start, length)

    @staticmethod
    def _wide(file: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
        """Return count, length, start and end of a ZIP64 directory, None if there is none."""
        file.seek(max(0, end - 20))
        locator = file.read(20)
        if end < 20 or not locator.startswith(b"PK\6\7"):
            return None
        [place] = struct.unpack("<Q", locator[8:16])
        if place + 56 != end - 20:
            raise Refusal("zip", "ZIP64 record")
        file.seek(place)
        record = file.read(56)
        if not record.startswith(b"PK\6\6"):
            raise Refusal("zip", "ZIP64 record")
        count, length, start = struct.unpack("<3Q", record[32:56])
        return count, length, start, place


def check_entries(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Check names, kinds and sizes of the entries as the central directory tells them; raise `Refusal`."""
    seen: set[str] = set()
    total = 0
    for info in infos:
        _check_name(info)
        folded = unicodedata.normalize("NFKC", info.filename).casefold()
        if folded in seen:
            raise Refusal("zip_duplicate", repr(info.filename))
        seen.add(folded)
        _check_kind(info)
        total += info.file_size
        if total > limits.total:
            raise Refusal("zip_size", str(total))
        if info.file_size > limits.ratio_floor and info.file_size > limits.ratio * max(1, info.compress_size):
            raise Refusal("zip_ratio", info.filename)


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.filename
    last = name.rstrip("/").rsplit("/", 1)[-1]
    empty = not info.file_size and info.compress_size <= 2  # that is what nothing is, deflated
    known = NAME.fullmatch(name) or (_FOLDER.fullmatch(name) and empty)
    if info.orig_filename != name or not known or _DEVICE.match(last) or last.endswith("."):
        raise Refusal("zip_name", repr(info.orig_filename))
    if _UNICODE_NAME in _extra(info.extra):
        raise Refusal("zip_name", f"a second name of {name}")


def _check_kind(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Refusal("zip_encrypted", info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal("zip_method", f"{info.filename} {info.compress_type}")
    mode = info.external_attr >> 16
    if info.filename.endswith("/"):
        right = stat.S_IFMT(mode) in (0, stat.S_IFDIR)
    else:
        right = stat.S_IFMT(mode) in (0, stat.S_IFREG) and not info.external_attr & 0x10
    if not right or info.volume:
        raise Refusal("zip_type", f"{info.filename} {oct(mode)}")


def _extra(data: bytes) -> dict[int, bytes]:
    """Return extra fields by their number; what is too short for one is padding."""
    found: dict[int, bytes] = {}
    while len(data) >= 4:
        kind, length = struct.unpack("<2H", data[:4])
        found[kind] = data[4 : 4 + length]
        data = data[4 + length :]
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """Where an entry lies: its local header, its data, their end; a descriptor may follow."""

    start: int
    content: int
    end: int
    has_descriptor: bool
    info: zipfile.ZipInfo


def local_span(file: BinaryIO, info: zipfile.ZipInfo) -> Span:
    """Compare an entry's local header with the central directory; return where the entry lies."""
    file.seek(info.header_offset)
    header = file.read(30)
    if not header.startswith(b"PK\3\4"):
        raise Refusal("zip_local", info.filename)
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = struct.unpack("<4s5H3L2H", header)
    if file.read(name_length) != info.orig_filename.encode():
        raise Refusal("zip_local", f"name of {info.filename}")
    if method != info.compress_type or (flags ^ info.flag_bits) & ~_DESCRIPTOR:
        raise Refusal("zip_local", f"method or flags of {info.filename}")
    extra = _extra(file.read(extra_length))
    if _UNICODE_NAME in extra:
        raise Refusal("zip_name", f"a second name of {info.filename}")
    described = bool(flags & _DESCRIPTOR)
    told, real = (crc, *_sizes(packed, size, extra)), (info.CRC, info.compress_size, info.file_size)
    # before a descriptor the sizes may be still unknown, never others
    if any(one != other and not (described and one in (0, _UNSIZED)) for one, other in zip(told, real, strict=True)):
        raise Refusal("zip_local", f"sizes of {info.filename}")
    content = info.header_offset + 30 + name_length + extra_length
    return Span(info.header_offset, content, content + info.compress_size, described, info)


def _sizes(packed: int, size: int, extra: Mapping[int, bytes]) -> tuple[int, int]:
    """Return the packed and the real size that a local header tells, those of 64 bits from the extra field."""
    wide = extra.get(_ZIP64, b"")
    if size == _UNSIZED and len(wide) >= 8:
        size, wide = struct.unpack("<Q", wide[:8])[0], wide[8:]
    if packed == _UNSIZED and len(wide) >= 8:
        [packed] = struct.unpack("<Q", wide[:8])
    return packed, size


def check_layout(file: BinaryIO, spans: list[Span], directory: int) -> None:
    """Entries must fill the file from 0 to the central directory without gaps and overlaps."""
    spans = sorted(spans, key=lambda span: span.start)
    follows = [*(span.start for span in spans[1:]), directory]
    at = 0
    for span, following in zip(spans, follows, strict=True):
        if span.start != at:
            raise Refusal("zip_layout", f"gap or overlap before {span.info.filename}")
        at = span.end
        if span.has_descriptor:
            file.seek(at)
            if following - at > 24 or file.read(max(0, following - at)) not in _descriptors(span.info):
                raise Refusal("zip_layout", f"descriptor of {span.info.filename}")
            at = following
    if at != directory:
        raise Refusal("zip_layout", "gap before the central directory")


def _descriptors(info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Go through the forms that an entry's data descriptor may have: with a mark or without, of 32 or 64 bits."""
    for width in "LQ":
        with contextlib.suppress(struct.error):  # too large for 32 bits
            data = struct.pack(f"<L2{width}", info.CRC, info.compress_size, info.file_size)
            yield from (data, b"PK\7\x08" + data)
