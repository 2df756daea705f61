"""Looking into files that came from outside: a copy is opened in the workroom, the carrier is only ever read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import InputError, PassphraseError
from riskdesk.files import fault, told_as_fault
from riskdesk.services import trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.packing import workroom

if TYPE_CHECKING:
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.verify import Verified

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified package: `came` holds its bytes as they came (maybe encrypted), `plain` those that were verified."""

    name: str
    came: Path
    plain: Path
    verified: Verified


@dataclass(frozen=True, slots=True)
class Source:
    """A package to be opened: one file, or all its volumes."""

    name: str
    files: tuple[Path, ...]
    is_gathered: bool = False  # its volumes were copied aside


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


def sources(desk: Desk, paths: Iterable[Path]) -> tuple[list[Source], list[Waiting]]:
    """Group files into packages. Volumes are copied aside, so that they may come in any order and at any time."""
    from riskdesk.exchange.volumes import VolumeHead

    whole: list[Source] = []
    touched: dict[str, str] = {}
    for path in paths:
        try:
            head = VolumeHead.of(path)
        except OSError as error:
            raise fault(path, error) from error
        if head is None:
            whole.append(Source(path.name, (path,)))
            continue
        folder = _volumes(desk, head.sha256)
        folder.mkdir(parents=True, exist_ok=True)
        _copy(path, folder / f"{head.number:03}")
        touched[head.sha256] = path.name.rsplit(".", 1)[0]
    waiting = []
    for sha256, name in touched.items():
        here = sorted(_volumes(desk, sha256).iterdir())
        first = VolumeHead.of(here[0])
        if first is None:  # it was one when it was copied
            raise InputError(f"{name} 的分卷已损坏，请重新复制。")
        if len(here) == first.count:
            whole.append(Source(name, tuple(here), is_gathered=True))
        else:
            waiting.append(Waiting(name, tuple(int(each.name) for each in here), first.count))
    return whole, waiting


def forget_volumes(source: Source) -> None:
    """Remove the volumes of a package that was taken: its bytes are kept whole."""
    if source.is_gathered:
        for file in source.files:
            file.unlink(missing_ok=True)
        source.files[0].parent.rmdir()


@contextmanager
def opened(desk: Desk, source: Source, verifier: GuardedVerifier, keys: Keys | None) -> Iterator[Opened]:
    """Verify a package of which a copy is made first.

    Raises `Refusal` if it fails, `PassphraseError` if it is encrypted and the keys are not open.
    """
    from riskdesk.exchange import encryption, volumes

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


def _volumes(desk: Desk, sha256: str) -> Path:
    return desk.home / "volumes" / sha256


def _copy(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            while chunk := reading.read(_CHUNK):
                writing.write(chunk)
    except OSError as error:
        raise fault(source, error) from error


def packages_inside(verified: Verified, at: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], Verified]]:
    """Go through a package and those inside it, each with the entries that lead to it."""
    yield tuple(at), verified
    for name, inner in verified.inside.items():
        yield from packages_inside(inner, (*at, name))
