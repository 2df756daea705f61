"""The folder of keys: files that only their owner may read, and what the data file notes of them."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

from riskdesk.errors import PassphraseError
from riskdesk.files import write_new
from riskdesk.services import trusting
from riskdesk.services.desk import Desk
from riskdesk.store.connection import Writing
from riskdesk.store.settings import Settings

_KEY = "keys"  # the setting


def noted(desk: Desk) -> Any:
    """Return what is noted of the office's keys, None if there are none yet."""
    return desk.settings.get(_KEY)


def note(desk: Desk, writing: Writing, made: dict[str, Any]) -> None:
    """Note the keys, in the running transaction; the audit entry tells which people and which keys are others."""
    old = noted(desk) or {"operators": []}
    change: dict[str, Any] = {
        name: {"old": old.get(name, ""), "new": value}
        for name, value in made.items()
        if name != "operators" and old.get(name) != value
    }
    for word, one, other in (("added", made, old), ("removed", old, made)):
        if people := [_told(each) for each in one["operators"] if each not in other["operators"]]:
            change[word] = people
    desk.settings.put_changed(writing, _KEY, made, change)


def write_key(desk: Desk, what: str, data: bytes) -> str:
    """Write a key into a new file that only its owner may read; return the file's name."""
    folder = _folder(desk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = write_new(folder / f"{what}-{secrets.token_hex(4)}.pem", data)
    written.chmod(0o600)
    return written.name


def read_key(desk: Desk, name: str) -> bytes:
    """Return what is in a key's file; raise `PassphraseError` if it is not there."""
    try:
        return (_folder(desk) / name).read_bytes()
    except FileNotFoundError as error:
        raise PassphraseError(
            "密钥文件不在数据文件夹中（可能是从备份恢复的）。请更换密钥，并请上级重新签发证书；数据不受影响。"
        ) from error


def escrow_file(settings: Settings, folder: Path) -> Path | None:
    """Return what the paper recovery key opens, None if it is not in the folder of keys: backups hold it, but never the keys themselves."""
    given = settings.get(_KEY)
    file = folder / given["escrow"] if given else None
    return file if file and file.is_file() else None


def _folder(desk: Desk) -> Path:
    return desk.home / "keys"


def _told(operator: dict[str, str]) -> dict[str, str]:
    return {**operator, "certificate": trusting.fingerprint_of(base64.b64decode(operator["certificate"]))}
