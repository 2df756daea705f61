"""上报, second half: a kept package is written to a stick or mail folder, read back and verified; with the slip that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import InputError, VerificationError
from riskdesk.files import put_new, told_as_fault, unused_stem, write_new
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.packing import EXTENSION, encrypted, encryption_keys, workroom
from riskdesk.services.roster import name_of
from riskdesk.services.sealing import STEPS
from riskdesk.services.secrecy import ONLY_ENCRYPTED, holds_secrets
from riskdesk.services.trusting import trust_of
from riskdesk.store.packages import Package

_HANDED_OVER = "handed_over"  # the setting that tells when each report was last written for the way


@dataclass(frozen=True, slots=True)
class Way:
    """How a package travels: into which folder, encrypted if the addressees' keys are known, in files of at most `volume` bytes (0: one)."""

    folder: Path
    encrypt: bool = True
    volume: int = 0


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The files that were written for the way, verified after reading them back, and what a person should know."""

    package: Package
    files: tuple[Path, ...]
    warnings: tuple[str, ...] = ()


def hand_over(desk: Desk, keys: Keys, package: Package, way: Way, progress: Progress = silent) -> HandedOver:
    """Write a kept package for the way – encrypted, split – with its slip; read it back and verify it.

    What was written and not verified, as the work was stopped or failed, is deleted again. Raises `InputError` if it holds a work secret and would not be encrypted.
    """
    from riskdesk.documents.handover_slip import Slip, render_slip
    from riskdesk.exchange import volumes

    recipients, unknown = encryption_keys(desk, package.receivers)
    if (unknown or not way.encrypt) and holds_secrets(desk, package):
        raise InputError(f"这个包里有标为工作秘密的记录，{ONLY_ENCRYPTED}")
    plain = desk.packages.bytes.place(package.file)
    stem = unused_stem(way.folder, package.file_name.removesuffix(EXTENSION))
    name = f"{stem}{EXTENSION}"
    progress(3, STEPS, "写出")
    warnings = []
    files: list[Path] = []
    with ExitStack() as unless_verified, workroom(desk) as room, told_as_fault(way.folder):
        unless_verified.callback(_delete, files)
        source = plain
        if way.encrypt and not unknown:
            source = encrypted(plain, room, name, recipients)
            name = source.name
        elif way.encrypt:
            names = "、".join(name_of(desk, code) for code in unknown)
            warnings.append(f"还没有{names}的加密公钥，这个包没有加密；请当面交接。")
        if way.volume and source.stat().st_size > way.volume:
            named = source if source != plain else put_new(plain, room / name)
            files.extend(put_new(each, way.folder / each.name) for each in volumes.split(named, room, way.volume))
        else:
            files.append(put_new(source, way.folder / name))
        progress(4, STEPS, "读回核验")
        _read_back(desk, keys, files, room, package)
        progress(STEPS, STEPS, "写交接单")  # the last that can be stopped: from here on it is handed over
        unless_verified.pop_all()
    slip = Slip(
        office=f"{desk.office.name}（{desk.office.code}）",
        receivers=tuple(f"{name_of(desk, code)}（{code}）" for code in package.receivers),
        period=package.period,
        number=package.number,
        records=len(package.facts["items"]),
        nil=package.nil,
        person=package.facts.get("signer", desk.office.person),
        phone=desk.office.phone,
        made_at=package.created,
        package=package.id,
        files=tuple((file.name, file.stat().st_size) for file in files),
    )
    data = render_slip(slip)
    files.append(write_new(way.folder / f"{stem}_交接单.pdf", data))
    _note_handed_over(desk, package)
    return HandedOver(package, tuple(files), tuple(warnings))


def handed_over_at(desk: Desk, package: Package) -> str:
    """Return when a report was last written for the way and verified there (ISO 8601), "" if it never was."""
    at: str = (desk.settings.get(_HANDED_OVER) or {}).get(package.id, "")
    return at


def _note_handed_over(desk: Desk, package: Package) -> None:
    noted = desk.settings.get(_HANDED_OVER) or {}
    with desk.store.write(desk.office.person, "hand over") as writing:
        writing.detail.update(package=package.id)
        at = clock.now().isoformat(timespec="seconds")
        desk.settings.put_changed(writing, _HANDED_OVER, {**noted, package.id: at}, {package.id: at})
        desk.packages.note_sent(writing, package.facts["items"])


def _delete(files: Sequence[Path]) -> None:
    for each in files:
        with suppress(OSError):  # the stick may be gone
            each.unlink(missing_ok=True)


def _read_back(desk: Desk, keys: Keys, files: Sequence[Path], room: Path, package: Package) -> None:
    """Verify what was written as the receiver will: joined, decrypted, signature and all."""
    from riskdesk.exchange import encryption, volumes
    from riskdesk.exchange.child import GuardedVerifier

    came = files[0]
    if len(files) > 1:
        came = room / "joined"
        volumes.join(files, came)
    if encryption.is_encrypted(came):
        encryption.decrypt(came, room / "read-back", [keys.identity])
        came = room / "read-back"
    with GuardedVerifier() as verifier:
        found = verifier.verify(came, trust_of(desk), clock.now())
    if found.id != package.id:
        raise VerificationError("写出的包读回后与封存的不一致，存储设备可能已损坏。请换一个 U 盘再试。")
