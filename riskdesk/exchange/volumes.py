"""Splitting a package into volumes that mail servers let through, and joining them, in whatever order they come.

A volume is one line of ASCII – magic, SHA-256 of the whole, number, count, size of the whole – and a slice of the bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from riskdesk.errors import InputError
from riskdesk.exchange.refusal import Refusal

MAGIC = b"riskdesk-volume-1 "
DEFAULT_SIZE = 20_000_000  # bytes
_MOST = 999
_HEAD = re.compile(rb"riskdesk-volume-1 ([0-9a-f]{64}) ([0-9]{1,3}) ([0-9]{1,3}) ([0-9]{1,13})\n")
_LONGEST_HEAD = 128
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class VolumeHead:
    """Which part of what a volume is; `number` counts from 1, `size` is that of the whole in bytes."""

    sha256: str
    number: int
    count: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Return the head of a volume, None if the file is none."""
        with path.open("rb") as file:
            found = _HEAD.match(file.read(_LONGEST_HEAD))
        if found is None:
            return None
        head = cls(found[1].decode(), int(found[2]), int(found[3]), int(found[4]))
        return head if 1 <= head.number <= head.count <= _MOST else None

    def to_bytes(self) -> bytes:
        return MAGIC + f"{self.sha256} {self.number} {self.count} {self.size}\n".encode()


def split(source: Path, folder: Path, size: int = DEFAULT_SIZE) -> list[Path]:
    """Write the volumes of a file, each at most `size` bytes, into a folder as `name.001` …; return them in order.

    Raises `InputError` if they would be too many.
    """
    total = source.stat().st_size
    room = size - _LONGEST_HEAD
    count = max(1, -(-total // max(1, room)))
    if room < 1 or count > _MOST:
        raise InputError(f"分卷太小，要分成 {_MOST} 卷以上。请把每卷的大小改大，或不分卷、用移动存储设备交接。")
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        written = []
        for number in range(1, count + 1):
            target = folder / f"{source.name}.{number:03}"
            with target.open("wb") as volume:
                volume.write(VolumeHead(sha256, number, count, total).to_bytes())
                for chunk in _pieces(file, room):
                    volume.write(chunk)
            written.append(target)
    return written


def join(volumes: Sequence[Path], target: Path) -> None:
    """Join all volumes of one package, in any order; raise `Refusal` if they are damaged, not all, or do not belong together.

    Nothing is left of a target that failed.
    """
    heads = [VolumeHead.of(path) for path in volumes]
    by_number = {head.number: path for head, path in zip(heads, volumes, strict=True) if head is not None}
    first = heads[0] if heads else None
    if first is None or any(head is None or replace(head, number=first.number) != first for head in heads):
        raise Refusal("volumes", "not of one package")
    if set(by_number) != set(range(1, first.count + 1)):
        raise Refusal("volumes", f"{sorted(by_number)} of {first.count}")
    hashed, size = hashlib.sha256(), 0
    with target.open("wb") as whole:
        for number in sorted(by_number):
            with by_number[number].open("rb") as volume:
                volume.readline(_LONGEST_HEAD)
                for chunk in _pieces(volume, first.size - size):
                    hashed.update(chunk)
                    size += len(chunk)
                    whole.write(chunk)
    if size != first.size or hashed.hexdigest() != first.sha256:
        target.unlink()
        raise Refusal("volumes", target.name)


def _pieces(file: BinaryIO, most: int) -> Iterator[bytes]:
    while most > 0 and (chunk := file.read(min(_CHUNK, most))):
        most -= len(chunk)
        yield chunk
