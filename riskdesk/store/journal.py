"""The autosave journal: what is being typed, line by line on the disk, so that a kill or power cut loses two seconds at most.

One file for each form that is open. It does not need the database, so a running import does not hold it up; a line that
was cut off is recognised by its checksum. The file is gone once the text is saved as a revision or draft.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from riskdesk import clock
from riskdesk.errors import UserError
from riskdesk.files import fault, settle
from riskdesk.store.folders import make_durably

_NAMES = {"object_id", "base_hash", "body", "at"}
_LONGEST = 1 << 20  # bytes; then the journal is begun anew with the last text


class Moment(Protocol):
    """Anything that tells seconds that never step back, such as `time.monotonic`."""

    def __call__(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Unsaved:
    """The last text of a form that was never saved; `base_hash` is the revision that it changes, "" for a new record."""

    id: str
    object_id: str
    base_hash: str
    body: dict[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class Illegible:
    """A journal of which no line is whole any more, with what can be made out of it.

    `fault` is a sentence if the machine does not let us read it now: its text is unknown then, and may be whole.
    """

    id: str
    at: str
    text: str
    fault: str = ""


class Journal:
    """The journal of one form; `type` may be called at every key, the disk is touched every `interval` seconds."""

    def __init__(
        self,
        folder: Path,
        form_id: str,
        *,
        object_id: str,
        base_hash: str,
        monotonic: Moment,
        interval: float = 1.0,
    ) -> None:
        self._path = folder / f"{form_id}.journal"
        self._head = {"object_id": object_id, "base_hash": base_hash}
        self._monotonic = monotonic
        self._interval = interval
        self._written_at: float | None = None
        self._waiting: dict[str, Any] | None = None

    def type(self, body: dict[str, Any], at: datetime) -> None:
        """Take the form's content as it is now; write it down if the last time is `interval` seconds ago."""
        self._waiting = {**self._head, "body": body, "at": at.isoformat(timespec="seconds")}
        if self._written_at is None or self._monotonic() - self._written_at >= self._interval:
            self.flush()

    def flush(self) -> None:
        """Write down what waits; a timer calls this every `interval` seconds while a form is open."""
        if self._waiting is None:
            return
        try:
            size = self._path.stat().st_size if self._path.exists() else 0
            if 0 < size <= _LONGEST:
                _write(self._path, "ab", self._waiting)
            else:  # begun beside, so that the old text is there until the new one is
                make_durably(self._path.parent)
                part = self._path.with_suffix(".part")
                _write(part, "wb", self._waiting)
                settle(part, self._path)
        except OSError as error:
            raise fault(self._path, error) from error
        self._waiting = None
        self._written_at = self._monotonic()

    def close(self) -> None:
        """Forget the journal, after the text was saved elsewhere or thrown away by a person."""
        self._waiting = None
        _remove(self._path)


def unsaved(folder: Path) -> list[Unsaved]:
    """Return what forms held when the program last ended without saving, oldest first; see `illegible` for the others."""
    lasts = []
    for path in folder.glob("*.journal"):
        with contextlib.suppress(UserError):  # one that cannot be read must not hide the others
            lasts.append((path.stem, _last(_read(path))))
    found = [
        Unsaved(form_id, last["object_id"], last["base_hash"], last["body"], last["at"])
        for form_id, last in lasts
        if last is not None
    ]
    return sorted(found, key=lambda each: (each.at, each.id))


def illegible(folder: Path) -> list[Illegible]:
    """Return the journals without one whole line, also empty ones, and those that cannot be read."""
    found = []
    for path in folder.glob("*.journal"):
        try:
            data = _read(path)
        except UserError as error:
            found.append(Illegible(path.stem, "", "", str(error)))
            continue
        if _last(data) is None:
            found.append(Illegible(path.stem, _changed_at(path), data.decode("utf-8", "ignore").strip()))
    return sorted(found, key=lambda each: (each.at, each.id))


def forget(folder: Path, form_id: str) -> None:
    """Remove the journal of a form that is not open."""
    _remove(folder / f"{form_id}.journal")


def _remove(path: Path) -> None:
    try:
        for each in (path, path.with_suffix(".part")):
            each.unlink(missing_ok=True)
    except OSError as error:  # a virus scanner of Windows may hold it
        raise fault(path, error) from error


def _changed_at(path: Path) -> str:
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, clock.CHINA).isoformat(timespec="seconds")
    return ""


def _last(data: bytes) -> dict[str, Any] | None:
    lines = reversed(data.split(b"\n"))
    return next((entry for entry in map(_parsed, lines) if entry is not None), None)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fault(path, error) from error


def _write(path: Path, mode: str, entry: dict[str, Any]) -> None:
    with path.open(mode) as file:
        file.write(_line(entry))
        file.flush()
        os.fsync(file.fileno())


def _line(entry: dict[str, Any]) -> bytes:
    # surrogatepass: half a character, as input methods may leave one, is no reason to lose the rest
    text = json.dumps(entry, ensure_ascii=False).encode("utf-8", "surrogatepass")
    # a line feed before it too: the line before may have been cut off
    return b"\n%08x %s\n" % (zlib.crc32(text), text)


def _parsed(line: bytes) -> dict[str, Any] | None:
    checksum, _, text = line.partition(b" ")
    if not text or checksum != b"%08x" % zlib.crc32(text):
        return None
    entry = json.loads(text)
    return entry if isinstance(entry, dict) and entry.keys() >= _NAMES else None
