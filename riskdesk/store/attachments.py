"""Attachments: files by their content (SHA-256) beside the data file; written and synced before anything refers to them."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from riskdesk.errors import InputError, StoreDamagedError
from riskdesk.files import fault, settle, sync_folder, unused
from riskdesk.store.connection import Store, Writing
from riskdesk.store.folders import make_durably
from riskdesk.store.ids import new_id

_CHUNK = 1 << 20


class Attachments:
    """Takes files in and gives their place back."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def keep(self, source: Path) -> tuple[str, int]:
        """Copy a file in and make it durable; return its SHA-256 and size in bytes. Note it with `note` when saving."""
        part = self._folder / f"{new_id()}.part"
        try:
            make_durably(self._folder)
            sha256, size = _copy_hashed(source, part)
            target = self.place(sha256)
            make_durably(target.parent)
            if target.is_file() and _hash(target) == sha256:
                sync_folder(target.parent)  # whoever put it there may have been killed before doing so
            else:
                settle(part, target)  # a damaged copy is healed
        except FileNotFoundError as error:
            raise InputError(f"找不到要附上的文件 {source}。") from error
        except OSError as error:
            raise fault(Path(error.filename or self._folder), error) from error
        finally:
            part.unlink(missing_ok=True)
        return sha256, size

    def note(self, writing: Writing, sha256: str, size: int, name: str) -> None:
        """Note a kept file in the running transaction."""
        writing.connection.execute(
            "INSERT INTO attachment (sha256, size, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (sha256, size, name)
        )

    def place(self, sha256: str) -> Path:
        """Return where the file with that content lies."""
        return self._folder / sha256[:2] / sha256

    def copy_out(self, sha256: str, target: Path) -> Path:
        """Copy a kept file to where a person wants it, under a name that no file bears yet; return where it lies."""
        part = target.with_name(f".{new_id()}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if _copy_hashed(self.place(sha256), part)[0] != sha256:
                raise StoreDamagedError(f"附件 {target.name} 的内容与校验值不符，没有另存。请用 riskdesk check 检查。")
            target = unused(target)
            settle(part, target)
        except OSError as error:
            raise fault(target, error) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return target

    def problems(self) -> list[str]:
        """Return what is wrong with the noted files: missing, or with other content than noted."""
        found = []
        for sha256, size, name in self._store.read("SELECT sha256, size, name FROM attachment ORDER BY sha256"):
            try:
                if _hash(self.place(sha256)) != sha256:
                    found.append(f"附件内容已变：{name}")
            except FileNotFoundError:
                found.append(f"附件缺失：{name}（{size} 字节）")
            except OSError as error:
                found.append(f"附件无法读取：{name}（{error.strerror}）")
        return found

    def copy_to(self, folder: Path) -> int:
        """Copy the files that a backup folder does not hold yet; return how many."""
        copied = 0
        for (sha256,) in self._store.read("SELECT sha256 FROM attachment ORDER BY sha256"):
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
            if _copy_hashed(self.place(sha256), part)[0] != sha256:
                raise StoreDamagedError(f"附件 {sha256[:12]} 的内容与校验值不符，没有备份。请用 riskdesk check 检查。")
            settle(part, target)
        finally:
            part.unlink(missing_ok=True)


def _copy_hashed(source: Path, target: Path) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            hashed.update(chunk)
            size += len(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return hashed.hexdigest(), size


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
