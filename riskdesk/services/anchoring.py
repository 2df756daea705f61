"""Whom this office trusts by itself, after comparing a number: the province's next root, an office that has nobody above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk.errors import InputError, UsageError, VerificationError
from riskdesk.services import key_making, keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.kits import MISMATCH, Enrolled, distribute, number_of, payload_of, roots_compared
from riskdesk.services.opening import Opening, Source
from riskdesk.services.signers import demand_useful

if TYPE_CHECKING:
    from riskdesk.exchange.findings import Signer


@dataclass(frozen=True, slots=True)
class Unknown:
    """An office that nobody has certified for us yet, with the number that is compared by telephone."""

    code: str
    name: str
    person: str
    fingerprint: str


def hand_over_root(desk: Desk, keys: Keys, passphrase: str, folder: Path) -> Enrolled:
    """Give the province its next root key and write it for those directly below; raise `UsageError` in any other office.

    Everybody compares the new number before trusting it (`accept_root`); what was certified by the old root goes on to hold.
    """
    if desk.office.parent:
        raise UsageError("只有省局才有根证书。")
    demand_useful(desk, keys)
    key_making.replace_root(desk, keys, passphrase)
    return distribute(desk, keyring.unlock(desk, passphrase, keys.person), folder)


def accept_root(desk: Desk, file: Path, fingerprint: str) -> Enrolled:
    """Trust the new root in a trust update, after its number was compared by telephone; others in it are left out."""
    new, sender = _new_roots(desk, file)
    if not fingerprint:
        told = "、".join(map(number_of, new))
        raise UsageError(f"新根证书的指纹是 {told}。请打电话向省局核对，一致后再接受。")
    compared = roots_compared(new, fingerprint)
    if not compared:
        raise VerificationError(f"新根证书的指纹{MISMATCH}")
    known, number = trusting.anchors(desk), number_of(compared[0])
    with desk.store.write(desk.office.person, "accept root") as writing:
        writing.detail.update(fingerprint=number)
        trusting.keep_anchors(desk, writing, replace(known, roots=(*known.roots, *compared)))
    return Enrolled(file, number, sender)


def new_root_of(desk: Desk, file: Path) -> str:
    """Return the number of the newest root in a trust update that was not compared yet; raise `InputError` if there is none."""
    return number_of(_new_roots(desk, file)[0][-1])


def unknown_signer(desk: Desk, file: Path, keys: Keys | None = None) -> Unknown:
    """Return who signed a package of an office that we do not know; raise `InputError` if it is known or has no key of its own.

    `keys` are needed if it is encrypted.
    """
    signer = _unknown(desk, file, keys)
    return Unknown(signer.office.code, signer.office.name, signer.person, number_of(signer.authority))


def pin(desk: Desk, file: Path, fingerprint: str, keys: Keys | None = None) -> Unknown:
    """Trust an office that has no root above it from now on, for itself and the offices below it, after comparing its number."""
    from riskdesk.exchange.keys import same_fingerprint

    signer = _unknown(desk, file, keys)
    authority = signer.authority
    unknown = Unknown(signer.office.code, signer.office.name, signer.person, number_of(authority))
    if not same_fingerprint(unknown.fingerprint, fingerprint):
        raise VerificationError(MISMATCH)
    with desk.store.write(desk.office.person, "pin") as writing:
        writing.detail.update(office=unknown.code, fingerprint=unknown.fingerprint)
        known = trusting.anchors(desk)
        trusting.keep_anchors(desk, writing, replace(known, pinned=(*known.pinned, authority)))
    return unknown


def _new_roots(desk: Desk, file: Path) -> tuple[list[bytes], str]:
    """Return the roots in a trust update that were not compared yet, and its sender."""
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind

    data, verified = payload_of(desk, file, KIT, PackageKind.TRUST)
    known = trusting.anchors(desk).roots
    new = [root for root in read_kit(data).roots if root not in known]
    if not verified.signer.is_trusted or not new:
        raise InputError("这个文件里没有新的根证书，或签名单位不可信，没有改动。")
    return new, verified.manifest.sender


def _unknown(desk: Desk, file: Path, keys: Keys | None) -> Signer:
    """Return the signer of a package of an unknown office that signed its certificate itself."""
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.crls import is_of_office

    with GuardedVerifier() as verifier, Opening(desk, Source(file.name, (file,)), verifier, keys) as found:
        signer = found.verified.signer
    if signer.is_trusted:
        raise InputError(f"{signer.office.name} 的签名已经可信，不需要再登记。")
    if not is_of_office(signer.authority, signer.office.code):
        raise InputError("这个包里没有该单位自己的证书，不能登记。请让该单位把“证书申请”文件发来。")
    return signer
