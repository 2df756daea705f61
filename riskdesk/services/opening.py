"""Looking into files that came from outside: a copy is opened in the workroom, the carrier is only ever read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import InputError, PassphraseError, UserError
from riskdesk.files import fault, settle, told_as_fault
from riskdesk.services import trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.packing import workroom

if TYPE_CHECKING:
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.verify import Verified

_CHUNK = 1 << 20
_HEAD = 4096  # bytes of a file that tell what it is
_ENTRIES = (b"manifest.json", b"SHA256SUMS", b"META-INF/ASiCManifest", b"META-INF/signature")


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified package: `came` holds its bytes as they came (maybe encrypted), `plain` those that were verified."""

    name: str
    came: Path
    plain: Path
    verified: Verified


@dataclass(frozen=True, slots=True)
class Source:
    """A package to be opened: one file, or all its volumes; `trouble` is what is told of one that cannot be read."""

    name: str
    files: tuple[Path, ...]
    is_gathered: bool = False  # its volumes were copied aside
    trouble: UserError | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Volumes of a package of which others are still to come."""

    name: str
    here: tuple[int, ...]
    count: int

    @property
    def text(self) -> str:
        """What is missing, for people."""
        missing = "、".join(str(number) for number in range(1, self.count + 1) if number not in self.here)
        return f"{self.name} 是分卷，共 {self.count} 卷，还缺第 {missing} 卷。收齐后会自动合并。"


def is_package(path: Path) -> bool:
    """Tell by its beginning whether a file is a package, encrypted or not, or a volume, whatever its name."""
    from riskdesk.exchange.container import MIMETYPE
    from riskdesk.exchange.encryption import HEADER
    from riskdesk.exchange.volumes import MAGIC

    with told_as_fault(path), path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((HEADER, MAGIC)):
        return True
    if not head.startswith(b"PK\x03\x04"):
        return False
    named, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    name = head[30 : 30 + named]
    return name.startswith(_ENTRIES) or (name == b"mimetype" and head[30 + named + extra :].startswith(MIMETYPE))


def sources(desk: Desk, paths: Iterable[Path]) -> tuple[list[Source], list[Waiting]]:
    """Group files into packages. Volumes are copied aside, so that they may come in any order and at any time."""
    whole: list[Source] = []
    touched: dict[Path, str] = {}
    for path in paths:
        try:
            folder = _gathered(desk, path)
        except UserError as error:
            whole.append(Source(path.name, (), trouble=error))
            continue
        if folder is None:
            whole.append(Source(path.name, (path,)))
        else:
            touched[folder] = path.name.rsplit(".", 1)[0]
    waiting = []
    for folder, name in touched.items():
        found = _joinable(folder, name)
        whole.append(found) if isinstance(found, Source) else waiting.append(found)
    return whole, waiting


def _gathered(desk: Desk, path: Path) -> Path | None:
    """Copy a volume to the others of its package; return their folder, None if the file is no volume."""
    from riskdesk.exchange.volumes import VolumeHead

    with told_as_fault(path):
        head = VolumeHead.of(path)
    if head is None:
        return None
    folder = desk.home / "volumes" / head.sha256
    with told_as_fault(folder):
        folder.mkdir(parents=True, exist_ok=True)
    part, target = folder / f"{head.number:03}.part", folder / f"{head.number:03}"
    _copy(path, part)
    with told_as_fault(target):
        settle(part, target)
    return folder


def _joinable(folder: Path, name: str) -> Source | Waiting:
    from riskdesk.exchange.volumes import VolumeHead

    here = sorted(each for each in folder.iterdir() if each.name.isdigit())
    first = VolumeHead.of(here[0])
    if first is None:  # it was one when it was copied
        here[0].unlink()
        return Source(name, (), trouble=InputError(f"{name} 的分卷已损坏，请重新复制。"))
    if len(here) == first.count:
        return Source(name, tuple(here), is_gathered=True)
    return Waiting(name, tuple(int(each.name) for each in here), first.count)


def forget_volumes(source: Source) -> None:
    """Remove the volumes of a package that was taken, as its bytes are kept whole, or that will never be."""
    if source.is_gathered:
        shutil.rmtree(source.files[0].parent, ignore_errors=True)


@contextmanager
def opened(desk: Desk, source: Source, verifier: GuardedVerifier, keys: Keys | None) -> Iterator[Opened]:
    """Verify a package of which a copy is made first.

    Raises `Refusal` if it fails, its trouble if it could not be read, `PassphraseError` if it is encrypted and the keys are not open.
    """
    from riskdesk.exchange import encryption, volumes

    if source.trouble is not None:
        raise source.trouble
    with workroom(desk) as folder:
        came = folder / "came"
        if source.is_gathered:
            with told_as_fault(came):
                volumes.join(source.files, came)
        else:
            _copy(source.files[0], came)
        plain = came
        if encryption.is_encrypted(came):
            if keys is None:
                raise PassphraseError(f"{source.name} 是加密的，需要本单位密钥的口令才能打开。")
            plain = folder / "plain"
            encryption.decrypt(came, plain, [keys.identity])
        verified = verifier.verify(plain, trusting.trust_of(desk), clock.now())
        yield Opened(source.name, came, plain, verified)


def _copy(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            while chunk := reading.read(_CHUNK):
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
    except OSError as error:
        raise fault(source, error) from error


def packages_inside(verified: Verified, at: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], Verified]]:
    """Go through a package and those inside it, each with the entries that lead to it."""
    yield tuple(at), verified
    for name, inner in verified.inside.items():
        yield from packages_inside(inner, (*at, name))
