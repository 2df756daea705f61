"""Attachments: files by their content (SHA-256) beside the data file; written and synced before anything refers to them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from riskdesk.errors import StoreDamagedError
from riskdesk.files import fault, part_beside, settle, unused
from riskdesk.store.connection import Store, Writing
from riskdesk.store.content import ContentFolder, copy_hashed, hash_of


class Attachments:
    """Takes files in and gives their place back."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._content = ContentFolder(folder)
        self.keep = self._content.keep
        self.place = self._content.place

    def keep_chunks(self, chunks: Iterable[bytes], sha256: str) -> None:
        """Write the bytes of an attachment in; note it with `note` when saving."""
        self._content.keep_chunks(chunks, sha256)

    def note(self, writing: Writing, sha256: str, size: int, name: str) -> None:
        """Note a kept file in the running transaction."""
        writing.connection.execute(
            "INSERT INTO attachment (sha256, size, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (sha256, size, name)
        )

    def copy_out(self, sha256: str, target: Path) -> Path:
        """Copy a kept file to where a person wants it, under a name that no file bears yet; return where it lies."""
        part = part_beside(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if copy_hashed(self.place(sha256), part)[0] != sha256:
                raise StoreDamagedError(
                    f"附件 {target.name} 的内容与校验值不符，没有另存。请检查数据，或从备份中找回。"
                )
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
                if hash_of(self.place(sha256)) != sha256:
                    found.append(f"附件内容已变：{name}")
            except FileNotFoundError:
                found.append(f"附件缺失：{name}（{size} 字节）")
            except OSError as error:
                found.append(f"附件无法读取：{name}（{error.strerror}）")
        return found

    def copy_to(self, folder: Path) -> int:
        """Copy the files that a backup folder does not hold yet; return how many."""
        return self._content.copy_missing(self.noted(), folder)

    def noted(self) -> list[str]:
        """Return the SHA-256 of all noted files."""
        return [sha256 for (sha256,) in self._store.read("SELECT sha256 FROM attachment ORDER BY sha256")]
