"""A folder of files named by their content (SHA-256): written and synced before anything refers to them, never changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from riskdesk.errors import InputError, StoreDamagedError
from riskdesk.files import clear_away, fault, settle, sync_folder
from riskdesk.store.folders import make_durably
from riskdesk.store.ids import new_id

_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"[0-9a-f-]{36}\.part")  # of an id


class ContentFolder:
    """Takes files in and gives their place back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, source: Path) -> tuple[str, int]:
        """Copy a file in and make it durable; return its SHA-256 and size in bytes."""
        try:
            with source.open("rb") as file:
                return self.keep_chunks(iter(lambda: file.read(_CHUNK), b""))
        except FileNotFoundError as error:
            raise InputError(f"找不到要附上的文件 {source}。") from error
        except OSError as error:
            raise fault(Path(error.filename or self._folder), error) from error

    def keep_chunks(self, chunks: Iterable[bytes], expected: str = "") -> tuple[str, int]:
        """Write bytes that come in pieces and make them durable; raise `StoreDamagedError` if they are not those `expected`."""
        part = self._folder / f"{new_id()}.part"
        clear_away(self._folder, _PART)
        try:
            make_durably(self._folder)
            sha256, size = write_hashed(chunks, part)
            if expected and sha256 != expected:
                raise StoreDamagedError("写入的内容与校验值不符，没有保存。存储设备可能已损坏，请检查后再试。")
            target = self.place(sha256)
            make_durably(target.parent)
            if target.is_file() and hash_of(target) == sha256:
                sync_folder(target.parent)  # whoever put it there may have been killed before doing so
            else:
                settle(part, target)  # a damaged copy is healed
        except OSError as error:
            raise fault(Path(error.filename or self._folder), error) from error
        finally:
            part.unlink(missing_ok=True)
        return sha256, size

    def place(self, sha256: str) -> Path:
        """Return where the file with that content lies; raise `InputError` if that is no SHA-256, which only others can have written."""
        if not _SHA256.fullmatch(sha256):
            raise InputError("附件的校验值格式不对，无法打开。请让填报单位重新添加该附件后再报送。")
        return self._folder / sha256[:2] / sha256

    def copy_missing(self, wanted: Iterable[str], folder: Path) -> int:
        """Copy the files that a backup folder does not hold yet; return how many."""
        copied = 0
        for sha256 in wanted:
            target = folder / sha256[:2] / sha256
            if target.exists() or not self.place(sha256).exists():
                continue
            try:
                self._copy(sha256, target)
            except OSError as error:
                raise fault(target, error) from error
            copied += 1
        return copied

    def _copy(self, sha256: str, target: Path) -> None:
        make_durably(target.parent)
        part = target.with_name(f"{sha256}.part")
        try:
            if copy_hashed(self.place(sha256), part)[0] != sha256:
                raise StoreDamagedError(
                    f"文件 {sha256[:12]} 的内容与校验值不符，没有备份。请检查数据，或从备份中找回。"
                )
            settle(part, target)
        finally:
            part.unlink(missing_ok=True)


def copy_hashed(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file and sync it; return SHA-256 and size in bytes."""
    return write_hashed(_chunks(source), target)


def write_hashed(chunks: Iterable[bytes], target: Path) -> tuple[str, int]:
    """Write pieces into a new file and sync it; return SHA-256 and size in bytes."""
    hashed, size = hashlib.sha256(), 0
    with target.open("wb") as writing:
        for chunk in chunks:
            hashed.update(chunk)
            size += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return hashed.hexdigest(), size


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
