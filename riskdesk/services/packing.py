"""Writing packages of this office: what every kind of them has in common."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskdesk import __version__, clock
from riskdesk.domain.progress import Progress, silent
from riskdesk.files import fault, told_as_fault
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.store.ids import new_id
from riskdesk.store.packages import Package

if TYPE_CHECKING:
    from riskdesk.exchange.container import Content
    from riskdesk.exchange.manifest import Manifest, PackageKind

EXTENSION, ENCRYPTED = ".rdpkg", ".rdpkg.age"


@dataclass(frozen=True, slots=True)
class Pack:
    """What goes into a package: entries beside those that every package has, and their names as people know them."""

    kind: PackageKind
    receivers: Sequence[str]
    files: Mapping[str, Content]
    titles: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    number: int = 1
    nil: bool = False
    prev: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written to `path`, not yet in its final place."""

    path: Path
    id: str
    manifest: Manifest


@contextmanager
def packed(desk: Desk, keys: Keys, pack: Pack, progress: Progress = silent) -> Iterator[Packed]:
    """Write a signed package into the data folder's workroom; it is gone afterwards unless it was moved away."""
    from riskdesk.exchange.container import write_package
    from riskdesk.exchange.manifest import Manifest, package_id

    manifest = Manifest(
        uid=new_id(),
        kind=pack.kind,
        sender=desk.office.code,
        receivers=tuple(pack.receivers),
        created=clock.now().isoformat(timespec="seconds"),
        app=f"riskdesk {__version__}",
        period=pack.period,
        number=pack.number,
        nil=pack.nil,
        prev=pack.prev,
        audit=desk.settings.audit_head(),
        titles=dict(pack.titles),
    )
    files = {**pack.files, **carried_trust(desk)}
    with workroom(desk) as folder:
        target = folder / f"package{EXTENSION}"
        try:
            with target.open("w+b") as file:
                write_package(file, manifest, files, by=keys.operator, at=clock.now(), progress=progress)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise fault(target, error) from error
        yield Packed(target, package_id(manifest.to_bytes()), manifest)


@contextmanager
def workroom(desk: Desk) -> Iterator[Path]:
    """Give a folder of the data folder's own disk for files that are being made or looked at; it is removed afterwards.

    What a program that was killed has left there goes, too: one program at a time has the data folder, so it is nobody's.
    """
    import shutil

    place, own = desk.home / "workroom", f"{os.getpid()}-"
    for left in place.glob("*"):
        if not left.name.startswith(own):
            shutil.rmtree(left, ignore_errors=True)
    folder = place / f"{own}{new_id()}"
    try:
        with told_as_fault(folder):
            folder.mkdir(parents=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def package_of(
    manifest: Manifest, package_id: str, *, direction: str, file: str, file_name: str, facts: Mapping[str, Any]
) -> Package:
    """Return what is noted of a package: what its manifest says, and where its bytes lie.

    It was made when it says so; for one that came, the importer replaces `at`, `run_id` and `outer_id`.
    """
    return Package(
        id=package_id,
        run_id="",
        outer_id="",
        direction=direction,
        kind=str(manifest.kind),
        uid=manifest.uid,
        sender=manifest.sender,
        receivers=manifest.receivers,
        period=manifest.period,
        number=manifest.number,
        nil=manifest.nil,
        created=manifest.created,
        at=manifest.created,
        file=file,
        file_name=file_name,
        facts=dict(facts),
    )


def encrypted(plain: Path, room: Path, name: str, recipients: Sequence[str]) -> Path:
    """Encrypt a package into a folder under its name (…rdpkg), which then tells that it is encrypted."""
    from riskdesk.exchange import encryption

    secret = room / (name.removesuffix(EXTENSION) + ENCRYPTED)
    encryption.encrypt(plain, secret, recipients)
    return secret


def carried_trust(desk: Desk) -> dict[str, Content]:
    """Return the entries by which others find their way to somebody they trust: certificates up to the root, newest lists."""
    from riskdesk.exchange.pem import to_pem

    known = trusting.anchors(desk)
    certificates = (known.own, *known.chain)
    files: dict[str, Content] = {"trust/ca.pem": to_pem(each for each in certificates if each not in known.roots)}
    if not known.is_enrolled:
        files["trust/ca.pem"] = to_pem([known.own])
    for number, crl in enumerate(known.crls, 1):
        files[f"trust/{number:04}.crl"] = crl
    return {name: content for name, content in files.items() if content}


def encryption_keys(desk: Desk, receivers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what to encrypt to – the addressees, ourselves, the paper recovery key – and the offices whose key is not known."""
    known = trusting.recipients(desk)
    missing = [code for code in receivers if code not in known]
    wanted = [known[code] for code in (*receivers, desk.office.code) if code in known]
    return [*wanted, keyring.recovery_recipient(desk)], missing


def entry_ending(name: str) -> str:
    """Return the ending of a file name for its entry in a package: one of plain letters and digits, else `.bin`."""
    ending = Path(name).suffix.lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) < 8 else ".bin"
