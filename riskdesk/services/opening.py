"""Looking into files that came from outside: a copy is opened in the workroom, the carrier is only ever read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
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
    from riskdesk.exchange.child import Fetched, GuardedVerifier
    from riskdesk.exchange.findings import ReadReport, Verified
    from riskdesk.exchange.trust import Trust

_CHUNK = 1 << 20
_SMALL = 2 << 20  # bytes that are copied, verified and read in no time
_ZIP = b"PK\x03\x04"  # how packages begin
_HEAD = 4096  # bytes of a file that tell what it is
_ENTRIES = (b"manifest.json", b"SHA256SUMS", b"META-INF/ASiCManifest", b"META-INF/signature")


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified package with its reports (see `ReadPackage`): `came` holds its bytes as they came (maybe encrypted), `plain` those verified."""

    name: str
    came: Path
    plain: Path
    verified: Verified
    reports: tuple[ReadReport, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A package to be opened: one file, or all its volumes; `trouble` is what is told of one that cannot be read."""

    name: str
    files: tuple[Path, ...]
    is_gathered: bool = False  # its volumes were copied aside
    trouble: UserError | None = None

    def is_small(self) -> bool:
        """Tell whether there is little to read."""
        try:
            return sum(file.stat().st_size for file in self.files) <= _SMALL
        except OSError:  # as is told when it is opened
            return True


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
    from riskdesk.exchange.encryption import HEADER
    from riskdesk.exchange.layout import MIMETYPE
    from riskdesk.exchange.volumes import MAGIC

    with told_as_fault(path), path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((HEADER, MAGIC)):
        return True
    if not head.startswith(_ZIP):
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
        with part.open("r+b") as file:
            os.fsync(file.fileno())
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


class Opening:
    """A package that is being opened: a copy is verified, and lies in the workroom while it is looked at (`with`).

    Entering raises `Refusal` if it fails, its trouble if it could not be read, `PassphraseError` if it is encrypted and the keys
    are not open. Then the `following` one is begun, so that it is verified while this one is worked on.
    """

    def __init__(
        self,
        desk: Desk,
        source: Source,
        verifier: GuardedVerifier,
        keys: Keys | None = None,
        following: Opening | None = None,
    ) -> None:
        self.source = source
        self._desk, self._verifier, self._keys, self._following = desk, verifier, keys, following
        self._room = ExitStack()
        self._begun: _Begun | UserError | None = None

    def begin(self) -> None:
        """Copy the package and have it verified and read meanwhile; what goes wrong is told when it is entered."""
        try:
            self._begun = self._laid_out(self._room.enter_context(workroom(self._desk)))
            self._verifier.begin(self._begun.plain, self._begun.trust, clock.now())
        except UserError as error:
            self._begun = error

    def is_at_hand(self, seconds: float) -> bool:
        """Wait so long at most, and tell whether entering takes next to no time: it is read, and neither it nor the following one is large."""
        handled = (self, self._following) if self._following else (self,)
        if self._begun is None or not all(one.source.is_small() for one in handled):
            return False
        return isinstance(self._begun, UserError) or self._verifier.has_read(seconds)

    def __enter__(self) -> Opened:
        try:
            if self._begun is None:
                self.begin()
            begun, fetched = self._fetched()
        except UserError:
            self.close()
            self._begin_following()
            raise
        except BaseException:  # Ctrl-C: nothing follows
            self.close()
            raise
        self._begin_following()
        try:
            read = fetched.read()
        except BaseException:
            self.close()
            raise
        return Opened(self.source.name, begun.came, begun.plain, read.verified, read.reports)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the copy."""
        self._room.close()
        self._begun = None

    def _begin_following(self) -> None:
        if self._following is not None:
            self._following.begin()

    def _fetched(self) -> tuple[_Begun, Fetched]:
        if not isinstance(self._begun, _Begun):
            raise self._begun or RuntimeError("not begun")
        trust = trusting.trust_of(self._desk)
        if trust != self._begun.trust:  # the package before this one brought something: what was found says nothing
            with suppress(UserError):  # fetched all the same, as what verifies is ended by a question before its answer
                self._verifier.fetch()
            self._verifier.begin(self._begun.plain, trust, clock.now())
        return self._begun, self._verifier.fetch()

    def _laid_out(self, folder: Path) -> _Begun:
        from riskdesk.exchange import encryption, volumes
        from riskdesk.exchange.refusal import Refusal

        if self.source.trouble is not None:
            raise self.source.trouble
        came = plain = folder / "came"
        if self.source.is_gathered:
            with told_as_fault(came):
                volumes.join(self.source.files, came)
        else:
            _copy(self.source.files[0], came)
        if encryption.is_encrypted(came):
            if self._keys is None:
                raise PassphraseError(f"{self.source.name} 是加密的，需要本单位密钥的口令才能打开。")
            plain = folder / "plain"
            encryption.decrypt(came, plain, [self._keys.identity])
        with plain.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                raise Refusal("not_a_package")
        return _Begun(came, plain, trusting.trust_of(self._desk))


@dataclass(frozen=True, slots=True)
class _Begun:
    """A copy that is being verified, and what with."""

    came: Path
    plain: Path
    trust: Trust


@contextmanager
def opened_in_turn(desk: Desk, packages: Sequence[Source], keys: Keys | None) -> Iterator[Sequence[Opening]]:
    """Give packages that are to be opened one after the other; each is verified while the one before it is worked on."""
    from riskdesk.exchange.child import GuardedVerifier

    line: list[Opening] = []
    # what verifies ends before the copies go: Windows removes no file that is read
    with ExitStack() as copies, GuardedVerifier() as verifier:
        for source in reversed(packages):
            line.insert(0, Opening(desk, source, verifier, keys, line[0] if line else None))
            copies.callback(line[0].close)
        yield line


def _copy(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            while chunk := reading.read(_CHUNK):
                writing.write(chunk)
    except OSError as error:
        raise fault(source, error) from error
