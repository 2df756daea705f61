"""Reading a zip file so strictly that every program sees the same entries in it: no gaps, overlaps, lies, odd names.

Zip readers differ in what they make of a malformed file, and a signature is worth nothing if the checker and the reader see different
content. Source: APPNOTE.TXT 6.3; the attacks are listed in docs/package-format.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from riskdesk.exchange.refusal import Refusal

NAME = re.compile(
    r"(?:mimetype|manifest\.json|SHA256SUMS|(?:data|report|attach|inner|trust|META-INF)/[A-Za-z0-9][A-Za-z0-9._-]{0,99})",
    re.ASCII,
)
_FOLDER = re.compile(r"(?:data|report|attach|inner|trust|META-INF)/")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_CHUNK = 1 << 20
_END, _END_SIZE = b"PK\5\6", 22
_UNSIZED = 0xFFFFFFFF  # the 32-bit field points to the 64-bit one
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    struct.error,
    UnicodeDecodeError,
    RuntimeError,
    ValueError,
)
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


class Archive:
    """The entries of a zip file that has passed all checks of its structure; their content is checked when read."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Check the structure of the open file; raise `Refusal`."""
        self._file = file
        self._limits = limits
        end = _Directory.of(file, limits)
        try:
            self._zip = zipfile.ZipFile(file)
            infos = self._zip.infolist()
        except _FAULTS as error:
            raise Refusal("zip", str(error)) from error
        if len(infos) != end.count:
            raise Refusal("zip_count", f"{len(infos)} != {end.count}")
        _check_entries(infos, limits)
        try:
            _check_layout([_local(file, info) for info in infos], end.start)
        except (struct.error, OSError) as error:
            raise Refusal("zip_local", str(error)) from error
        self.entries: Mapping[str, zipfile.ZipInfo] = {
            info.filename: info for info in infos if not info.filename.endswith("/")
        }

    def chunks(self, name: str) -> Iterator[bytes]:
        """Go through the bytes of an entry; raise `Refusal` if they are not as many as was said, or not what they were."""
        info = self.entries[name]
        size = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > info.file_size:
                        raise Refusal("zip_size", name)
                    yield chunk
        except _FAULTS as error:
            raise Refusal("zip", f"{name}: {error}") from error
        if size != info.file_size:
            raise Refusal("zip_size", name)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return the bytes of a small entry."""
        if self.entries[name].file_size > (self._limits.small if limit is None else limit):
            raise Refusal("zip_size", name)
        return b"".join(self.chunks(name))

    def digest(self, name: str) -> bytes:
        """Return the SHA-256 of an entry."""
        hashed = hashlib.sha256()
        for chunk in self.chunks(name):
            hashed.update(chunk)
        return hashed.digest()

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Give an entry as a file of its own: in place if it is not compressed, else as a temporary copy."""
        info = self.entries[name]
        if info.compress_type == zipfile.ZIP_STORED:
            self._file.seek(info.header_offset)
            name_length, extra_length = struct.unpack("<2H", self._file.read(30)[26:])
            yield cast(
                "BinaryIO", _Slice(self._file, info.header_offset + 30 + name_length + extra_length, info.file_size)
            )
            return
        with tempfile.TemporaryFile() as copy:
            for chunk in self.chunks(name):
                copy.write(chunk)
            copy.seek(0)
            yield cast("BinaryIO", copy)


class _Slice(io.RawIOBase):
    """A part of an open file, as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        if self._at < 0:
            raise ValueError("negative seek position")
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        wanted = left if size < 0 else min(size, left)
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        self._at += len(data)
        return data


@dataclass(frozen=True, slots=True)
class _Directory:
    """The central directory: how many entries it has, and where it starts."""

    count: int
    start: int

    @classmethod
    def of(cls, file: BinaryIO, limits: Limits) -> _Directory:
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
        if _UNSIZED in (length, start) or count == 0xFFFF:
            count, length, start, end = cls._wide(file, end)
        if start + length != end:
            raise Refusal("zip_layout", "the central directory does not end where the file's end begins")
        if count > limits.count:
            raise Refusal("zip_count", str(count))
        return cls(count, start)

    @staticmethod
    def _wide(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
        """Return count, length, start and end of a ZIP64 directory."""
        if end < 20:
            raise Refusal("zip", "ZIP64 locator")
        file.seek(end - 20)
        locator = file.read(20)
        if not locator.startswith(b"PK\6\7"):
            raise Refusal("zip", "ZIP64 locator")
        [place] = struct.unpack("<Q", locator[8:16])
        if place + 56 != end - 20:
            raise Refusal("zip", "ZIP64 record")
        file.seek(place)
        record = file.read(56)
        if not record.startswith(b"PK\6\6"):
            raise Refusal("zip", "ZIP64 record")
        count, length, start = struct.unpack("<3Q", record[32:56])
        return count, length, start, place


def _check_entries(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
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
    known = NAME.fullmatch(name) or (_FOLDER.fullmatch(name) and not info.file_size)
    if info.orig_filename != name or not known or _DEVICE.match(last) or last.endswith("."):
        raise Refusal("zip_name", repr(info.orig_filename))


def _check_kind(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Refusal("zip_encrypted", info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal("zip_method", f"{info.filename} {info.compress_type}")
    mode = info.external_attr >> 16
    folder = info.filename.endswith("/")
    if folder:
        return
    if (stat.S_IFMT(mode) and not stat.S_ISREG(mode)) or info.external_attr & 0x10:
        raise Refusal("zip_type", f"{info.filename} {oct(mode)}")


@dataclass(frozen=True, slots=True)
class _Span:
    """Where an entry lies: from its local header to the end of its data; a descriptor may follow."""

    start: int
    end: int
    has_descriptor: bool
    name: str


def _local(file: BinaryIO, info: zipfile.ZipInfo) -> _Span:
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
    described = bool(flags & _DESCRIPTOR)
    sizes = packed in (info.compress_size, _UNSIZED) and size in (info.file_size, _UNSIZED)
    if not described and (crc != info.CRC or not sizes):
        raise Refusal("zip_local", f"sizes of {info.filename}")
    start = info.header_offset + 30 + name_length + extra_length
    return _Span(info.header_offset, start + info.compress_size, described, info.filename)


def _check_layout(spans: list[_Span], directory: int) -> None:
    """Entries must fill the file from 0 to the central directory without gaps and overlaps."""
    spans = sorted(spans, key=lambda span: span.start)
    follows = [*(span.start for span in spans[1:]), directory]
    at = 0
    for span, following in zip(spans, follows, strict=True):
        if span.start != at:
            raise Refusal("zip_layout", f"gap or overlap before {span.name}")
        at = span.end
        if span.has_descriptor:
            if following - span.end not in (12, 16, 20, 24):
                raise Refusal("zip_layout", f"descriptor of {span.name}")
            at = following
    if at != directory:
        raise Refusal("zip_layout", "gap before the central directory")
