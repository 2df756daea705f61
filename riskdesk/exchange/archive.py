"""Reading a zip file so strictly that every program sees the same entries in it: no gaps, overlaps, lies, odd names.

Zip readers differ in what they make of a malformed file, and a signature is worth nothing if the checker and the reader see different
content. The structure is checked by zip_structure.py, content when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO, cast

from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.zip_structure import Directory, Limits, check_entries, check_layout, local_span

_CHUNK = 1 << 20
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    struct.error,
    UnicodeDecodeError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class Archive:
    """The entries of a zip file that has passed all checks of its structure; their content is checked when read."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Check the structure of the open file; raise `Refusal`."""
        self._file = file
        self._limits = limits
        end = Directory.of(file, limits)
        try:
            self._zip = zipfile.ZipFile(file)
            infos = self._zip.infolist()
        except _FAULTS as error:
            raise Refusal("zip", str(error)) from error
        if len(infos) != end.count:
            raise Refusal("zip_count", f"{len(infos)} != {end.count}")
        check_entries(infos, limits)
        if sum(46 + len(info.filename) + len(info.extra) + len(info.comment) for info in infos) != end.length:
            raise Refusal("zip_layout", "the central directory holds more than its entries")
        try:
            spans = [local_span(file, info) for info in infos]
            check_layout(file, spans, end.start)
        except (struct.error, OSError, OverflowError) as error:
            raise Refusal("zip_local", str(error)) from error
        self._spans = {span.info.filename: span for span in spans}
        self.entries: Mapping[str, zipfile.ZipInfo] = {
            info.filename: info for info in infos if not info.filename.endswith("/")
        }

    def chunks(self, name: str) -> Iterator[bytes]:
        """Go through the bytes of an entry; raise `Refusal` if they are not as many as was said, or not what they were."""
        info = self.entries[name]
        size = checksum = 0
        try:
            for chunk in self._content(name):
                size += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                if size > info.file_size:
                    raise Refusal("zip_size", name)
                yield chunk
        except _FAULTS as error:
            raise Refusal("zip", f"{name}: {error}") from error
        if size != info.file_size:
            raise Refusal("zip_size", name)
        if checksum != info.CRC:
            raise Refusal("zip", f"{name}: CRC")

    def _content(self, name: str) -> Iterator[bytes]:
        """Go through what an entry's data unpack to; the deflated stream must end where the data end, so that nothing hides behind it."""
        span = self._spans[name]
        at, stream = span.content, zlib.decompressobj(-zlib.MAX_WBITS)
        while at < span.end:
            self._file.seek(at)
            packed = self._file.read(min(_CHUNK, span.end - at))
            if not packed:
                raise EOFError
            at += len(packed)
            if span.info.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            while packed and not stream.eof:
                yield stream.decompress(packed, _CHUNK)
                packed = stream.unconsumed_tail
            if packed or stream.unused_data:
                raise Refusal("zip_layout", f"data behind {name}")
        if span.info.compress_type == zipfile.ZIP_DEFLATED:
            yield stream.flush()  # the end of a repetition, where the last piece was full
            if not stream.eof:
                raise EOFError

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
            yield cast("BinaryIO", _Slice(self._file, self._spans[name].content, info.file_size))
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
