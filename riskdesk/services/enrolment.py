"""Certificates between offices by file: an office asks, the office above compares a number by telephone and answers."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskdesk import clock
from riskdesk.domain.offices import OfficeLevel, is_office_code
from riskdesk.errors import InputError, UsageError, VerificationError
from riskdesk.files import put_new, write_new
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Opening, Source
from riskdesk.services.packing import EXTENSION, Pack, packed
from riskdesk.services.roster import add_offices, added_offices, office_row, roster_of
from riskdesk.services.trusting import Issued
from riskdesk.store.connection import Writing

if TYPE_CHECKING:
    from riskdesk.exchange.cades import Signer
    from riskdesk.exchange.enrolment import Kit, Request
    from riskdesk.exchange.trust import Trust
    from riskdesk.exchange.verify import Verified

_NUMBER = "crl_number"


class Why(StrEnum):
    """Why a certificate is revoked."""

    LOST = "lost"  # the key may be in other hands
    LEFT = "left"
    REPLACED = "replaced"
    CLOSED = "closed"


# reasons of RFC 5280, 5.3.1
REASONS = {
    Why.LOST: "keyCompromise",
    Why.LEFT: "affiliationChanged",
    Why.REPLACED: "superseded",
    Why.CLOSED: "cessationOfOperation",
}
NEWEST_LEFT = "旧的证书已吊销，最新的一张仍然有效；也要吊销的，请再吊销一次。"
_MISMATCH = "与电话核对的 30 位数字不一致，没有接受。请与对方重新核对；如果仍不一致，文件可能被人换过。"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a step of enrolment wrote, and the number that is compared by telephone."""

    file: Path
    fingerprint: str
    office: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An office that nobody has certified for us yet, with the number that is compared by telephone."""

    code: str
    name: str
    person: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, before anybody has compared anything."""

    code: str
    name: str
    level: str
    person: str
    phone: str
    fingerprint: str
    known: bool


def ask(desk: Desk, keys: Keys, folder: Path) -> Enrolled:
    """Write the request kit for the office above."""
    from riskdesk.exchange import enrolment as kits
    from riskdesk.exchange.manifest import PackageKind

    if not desk.office.parent:
        raise UsageError("省局是信任的起点，不需要向上级申请证书。")
    office, profile = roster_of(desk).office(desk.office.code), desk.office
    row = office_row(profile.code, profile.name, profile.level, profile.parent, office.region_code)
    request = kits.Request(
        {**row, "report_to": list(office.report_to)},
        kits.new_request(keyring.office_path(desk), keys.authority.key),
        trusting.recipients(desk)[profile.code],
        profile.person,
        profile.phone,
    )
    above = office.report_to[0]
    with packed(desk, keys, Pack(PackageKind.REQUEST, [above], {kits.REQUEST: request.to_bytes()})) as made:
        file = put_new(made.path, folder / f"{profile.code}_证书申请{EXTENSION}")
    _write_sheet(desk, folder, above, request.fingerprint())
    return Enrolled(file, request.fingerprint(), profile.code)


def _write_sheet(desk: Desk, folder: Path, above: str, fingerprint: str) -> Path:
    """Write the sheet that is stamped and handed over with the request."""
    from riskdesk.documents.request_sheet import RequestSheet, render_request

    roster, profile = roster_of(desk), desk.office
    sheet = RequestSheet(
        office=profile.name,
        code=profile.code,
        superior=roster.office(above).name if above in roster else above,
        person=profile.person,
        phone=profile.phone,
        fingerprint=fingerprint,
        made_at=clock.now().isoformat(timespec="seconds"),
    )
    return write_new(folder / f"{profile.code}_证书申请单.pdf", render_request(sheet))


def look_at_request(desk: Desk, file: Path) -> Asked:
    """Return who asks; raise `Refusal` if the file was changed."""
    request, _ = _request(desk, file)
    office = request.office
    known = office["code"] in roster_of(desk)
    return Asked(
        office["code"], office["name"], office["level"], request.person, request.phone, request.fingerprint(), known
    )


def approve(desk: Desk, keys: Keys, file: Path, fingerprint: str, folder: Path) -> Enrolled:
    """Issue the certificate that an office asks for, after its number was compared; write the answer kit.

    Raises `VerificationError` if the number is another, `InputError` if the office is not directly below this one.
    """
    from riskdesk.exchange import enrolment as kits
    from riskdesk.exchange.keys import same_fingerprint
    from riskdesk.exchange.manifest import PackageKind

    request, verified = _request(desk, file)
    if not same_fingerprint(request.fingerprint(), fingerprint):
        raise VerificationError(_MISMATCH)
    office = request.office
    code = office["code"]
    known = roster_of(desk)
    if verified.manifest.sender != code or not _is_below(desk, office):
        raise InputError(f"{office['name']}（{code}）的上级不是本单位，不能为它签发证书。请核对单位代码和上级单位。")
    name = known.office(code).name if code in known else office["name"]
    now = clock.now()
    certificate = request.certificate_from(keys.authority, name, now)
    with desk.store.write(desk.office.person, "approve enrolment") as writing:
        writing.detail.update(office=code, fingerprint=request.fingerprint())
        trusting.keep_issued(desk, writing, [*trusting.issued(desk), _noted(certificate, code)])
        trusting.add_recipients(desk, writing, {code: request.recipient})
        if code not in desk.reference.roster:
            add_offices(desk, writing, [office])
    kit = _kit(desk, certificate)
    with packed(desk, keys, Pack(PackageKind.ENROLMENT, [code], {kits.KIT: kit.to_bytes()})) as made:
        target = put_new(made.path, folder / f"{code}_证书{EXTENSION}")
    return Enrolled(target, request.fingerprint(), code)


def _is_below(desk: Desk, office: dict[str, Any]) -> bool:
    """Tell whether an office that asks is directly below this one: as the roster says, or a 所 that it does not know yet."""
    code, known = office["code"], roster_of(desk)
    if code in known:
        return known.office(code).report_to[:1] == (desk.office.code,)
    told = office.get("report_to") or [""]
    return is_office_code(code) and office["level"] == OfficeLevel.SUO and told[0] == desk.office.code


def root_of(desk: Desk, file: Path) -> str:
    """Return the number of the root that an answer kit leads to, "" if such a root was compared before."""
    from riskdesk.exchange.enrolment import leads_to

    kit, _ = _read_kit(desk, file)
    known = trusting.anchors(desk).roots
    if any(leads_to(kit, root) for root in known):
        return ""
    unknown = [root for root in kit.roots if root not in known]
    return next((_fingerprint(root) for root in unknown if leads_to(kit, root)), "")


def install(desk: Desk, keys: Keys, passphrase: str, file: Path, fingerprint: str = "") -> Enrolled:
    """Take the answer kit: the office's certificate and what it trusts.

    `fingerprint` is the number of the root as compared by telephone, needed if the kit leads to none that is known yet;
    other roots in the kit are left out. Raises `VerificationError` if it is another or the kit is not signed below that root.
    """
    from riskdesk.exchange.enrolment import fits, leads_to
    from riskdesk.exchange.trust import Trust

    kit, verified = _read_kit(desk, file)
    known = trusting.anchors(desk)
    roots = (*known.roots, *_compared([root for root in kit.roots if root not in known.roots], fingerprint))
    leading = [root for root in roots if kit.certificate and leads_to(kit, root)]
    if not leading and len(roots) == len(known.roots):
        raise VerificationError(f"根证书的指纹{_MISMATCH}")
    checked = _verified(file, Trust(roots=roots, crls=known.crls))
    if not checked.signer.is_trusted or not leading or not fits(kit, keys.authority.key):
        raise VerificationError("这份证书不是发给本单位现在的密钥的，或签发单位不可信，没有安装。请重新申请。")
    if verified.manifest.sender != roster_of(desk).office(desk.office.code).report_to[0]:
        raise VerificationError("这份证书不是本单位的上级签发的，没有安装。")
    renewed = keyring.renewed_below(desk, keys, passphrase, kit.certificate)
    with desk.store.write(desk.office.person, "install certificate") as writing:
        keyring.take_renewed(desk, writing, renewed)
        installed = replace(known, own=kit.certificate, chain=kit.chain, roots=roots, is_certified=True)
        trusting.keep_anchors(desk, writing, installed)
        take_kit(desk, writing, kit)
    return Enrolled(file, _fingerprint(leading[-1]), desk.office.code)


def _compared(roots: Sequence[bytes], fingerprint: str) -> list[bytes]:
    """Return the roots whose number was compared."""
    from riskdesk.exchange.keys import same_fingerprint

    return [root for root in roots if same_fingerprint(_fingerprint(root), fingerprint)]


def hand_over_root(desk: Desk, keys: Keys, passphrase: str, folder: Path) -> Enrolled:
    """Give the province its next root key and write it for those directly below; raise `UsageError` in any other office.

    Everybody compares the new number before trusting it (`accept_root`); what was certified by the old root goes on to hold.
    """
    if desk.office.parent:
        raise UsageError("只有省局才有根证书。")
    keyring.replace_root(desk, keys, passphrase)
    return distribute(desk, keyring.unlock(desk, passphrase), folder)


def accept_root(desk: Desk, file: Path, fingerprint: str) -> Enrolled:
    """Trust the new root in a trust update, after its number was compared by telephone; others in it are left out."""
    new, sender = _new_roots(desk, file)
    if not fingerprint:
        told = "、".join(map(_fingerprint, new))
        raise UsageError(f"新根证书的指纹是 {told}。请打电话向省局核对，一致后再接受。")
    compared = _compared(new, fingerprint)
    if not compared:
        raise VerificationError(f"新根证书的指纹{_MISMATCH}")
    known, number = trusting.anchors(desk), _fingerprint(compared[0])
    with desk.store.write(desk.office.person, "accept root") as writing:
        writing.detail.update(fingerprint=number)
        trusting.keep_anchors(desk, writing, replace(known, roots=(*known.roots, *compared)))
    return Enrolled(file, number, sender)


def new_root_of(desk: Desk, file: Path) -> str:
    """Return the number of the newest root in a trust update that was not compared yet; raise `InputError` if there is none."""
    return _fingerprint(_new_roots(desk, file)[0][-1])


def _new_roots(desk: Desk, file: Path) -> tuple[list[bytes], str]:
    """Return the roots in a trust update that were not compared yet, and its sender."""
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind

    data, verified = _payload(desk, file, KIT, PackageKind.TRUST)
    known = trusting.anchors(desk).roots
    new = [root for root in read_kit(data).roots if root not in known]
    if not verified.signer.is_trusted or not new:
        raise InputError("这个文件里没有新的根证书，或签名单位不可信，没有改动。")
    return new, verified.manifest.sender


def unknown_signer(desk: Desk, file: Path, keys: Keys | None = None) -> Unknown:
    """Return who signed a package of an office that we do not know; raise `InputError` if it is known or has no key of its own.

    `keys` are needed if it is encrypted.
    """
    signer = _unknown(desk, file, keys)
    return Unknown(signer.office.code, signer.office.name, signer.person, _fingerprint(signer.authority))


def pin(desk: Desk, file: Path, fingerprint: str, keys: Keys | None = None) -> Unknown:
    """Trust an office that has no root above it from now on, for itself and the offices below it, after comparing its number."""
    from riskdesk.exchange.keys import same_fingerprint

    signer = _unknown(desk, file, keys)
    authority = signer.authority
    unknown = Unknown(signer.office.code, signer.office.name, signer.person, _fingerprint(authority))
    if not same_fingerprint(unknown.fingerprint, fingerprint):
        raise VerificationError(_MISMATCH)
    with desk.store.write(desk.office.person, "pin") as writing:
        writing.detail.update(office=unknown.code, fingerprint=unknown.fingerprint)
        known = trusting.anchors(desk)
        trusting.keep_anchors(desk, writing, replace(known, pinned=(*known.pinned, authority)))
    return unknown


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


def take_kit(desk: Desk, writing: Writing, kit: Kit) -> None:
    """Take lists, roster and encryption keys of a kit whose signature was verified, in the running transaction."""
    trusting.take_crls(desk, writing, kit.crls, kit.chain)
    others = {code: key for code, key in kit.recipients.items() if code != desk.office.code}
    trusting.add_recipients(desk, writing, others)
    add_offices(desk, writing, kit.offices)


def revoke(desk: Desk, keys: Keys, whom: str, why: Why, folder: Path) -> Enrolled:
    """Revoke the certificates of an office below (its code) or of a person of ours; write the new list for all others.

    Where there is a newer key already, those of the older ones are revoked; revoking again takes the newest, too. The list also goes
    into every package from now on. Raises `InputError` if there is nothing to revoke, `UsageError` if nobody could sign afterwards.
    """
    from riskdesk.exchange.crls import held, new_list

    at, known = clock.now(), trusting.anchors(desk)
    number, entries = held(known.crls, known.own, known.roots)
    everything = _as_listed(trusting.issued(desk), entries)
    chosen = _to_revoke([each for each in everything if whom in (each.office, each.person) and not each.revoked_at])
    if not chosen:
        raise InputError(f"没有给“{whom}”签发过有效的证书，请检查单位代码或姓名。")
    stamp = at.isoformat(timespec="seconds")
    after = [replace(each, revoked_at=stamp, reason=str(why)) if each in chosen else each for each in everything]
    entries += [(int(each.serial), each.revoked_at, REASONS[Why(each.reason)]) for each in after if each.revoked_at]
    with desk.store.write(desk.office.person, "revoke") as writing:
        writing.detail.update(whom=whom, why=str(why))
        number = max(number, desk.settings.get(_NUMBER) or 0) + 1
        desk.settings.put(writing, _NUMBER, number)
        trusting.keep_issued(desk, writing, after)
        keyring.remove_operators(desk, writing, {each.certificate for each in chosen})
        crl = new_list(keys.authority, {each[0]: each for each in entries}.values(), number, at)
        trusting.take_crls(desk, writing, [crl], [known.own])
    return distribute(desk, keys.by_one_who_stays(desk), folder)


def after_replacing(desk: Desk) -> list[str]:
    """Return what has to be done elsewhere once the keys of this office were replaced; nothing if it never certified an office."""
    told = []
    if desk.office.parent:
        told.append("请重新申请证书，并请上级吊销原来的证书：用原来的密钥签发的证书会一并停用。")
    if any(not each.person for each in trusting.issued(desk)):
        told.append("下级单位的证书是用原来的密钥签发的，所有下级单位都要重新申请证书。")
    return told


def still_holds(desk: Desk, whom: str) -> bool:
    """Tell whether an office or a person has a certificate of ours that is not revoked."""
    return any(whom in (each.office, each.person) and not each.revoked_at for each in trusting.issued(desk))


def _as_listed(given: Sequence[Issued], entries: Sequence[tuple[int, str, str]]) -> list[Issued]:
    """Return the certificates, those revoked that are on a list of ours: after a restore we may not know it otherwise."""
    reasons = {reason: str(why) for why, reason in REASONS.items()}
    listed = {str(serial): (at, reasons.get(reason, str(Why.LOST))) for serial, at, reason in entries}
    return [
        replace(each, revoked_at=listed[each.serial][0], reason=listed[each.serial][1])
        if each.serial in listed and not each.revoked_at
        else each
        for each in given
    ]


def _to_revoke(given: Sequence[Issued]) -> list[Issued]:
    """Return the certificates of all keys but the newest, all if there is only one key that was not replaced by itself."""
    from riskdesk.exchange.crls import with_key_of

    live = [each.certificate for each in given if not each.replaced_at]
    if not live:
        return list(given)
    newest = with_key_of([base64.b64decode(each) for each in live], base64.b64decode(live[-1]))
    if len(newest) == len(live):
        return list(given)
    return [each for each in given if base64.b64decode(each.certificate) not in newest]


def distribute(desk: Desk, keys: Keys, folder: Path) -> Enrolled:
    """Write what this office trusts – lists of revoked certificates, roster, encryption keys – for those directly below."""
    from riskdesk.exchange import enrolment as kits
    from riskdesk.exchange.manifest import PackageKind

    below = [office.code for office in roster_of(desk).subordinates(desk.office.code, clock.today())]
    pack = Pack(PackageKind.TRUST, below, {kits.KIT: _kit(desk, b"").to_bytes()})
    with packed(desk, keys, pack) as made:
        file = put_new(made.path, folder / f"{desk.office.code}_信任更新_{clock.today().isoformat()}{EXTENSION}")
    return Enrolled(file, keyring.own_fingerprint(desk), desk.office.code)


def _kit(desk: Desk, certificate: bytes) -> Kit:
    from riskdesk.exchange.enrolment import Kit

    known = trusting.anchors(desk)
    roots = known.roots if known.is_certified else (known.own,)
    chain = (known.own, *known.chain) if known.is_certified else known.chain
    return Kit(certificate, chain, roots, known.crls, tuple(added_offices(desk)), trusting.recipients(desk))


def _noted(certificate: bytes, office: str) -> Issued:
    from riskdesk.exchange.crls import serial_and_end

    serial, end = serial_and_end(certificate)
    at = clock.now().isoformat(timespec="seconds")
    return Issued(str(serial), office, "", at, end, base64.b64encode(certificate).decode())


def _request(desk: Desk, file: Path) -> tuple[Request, Verified]:
    from riskdesk.exchange.enrolment import REQUEST, read_request
    from riskdesk.exchange.manifest import PackageKind

    data, verified = _payload(desk, file, REQUEST, PackageKind.REQUEST)
    return read_request(data), verified


def _read_kit(desk: Desk, file: Path) -> tuple[Kit, Verified]:
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind

    data, verified = _payload(desk, file, KIT, PackageKind.ENROLMENT)
    return read_kit(data), verified


def _payload(desk: Desk, file: Path, entry: str, kind: str) -> tuple[bytes, Verified]:
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.contents import open_package
    from riskdesk.exchange.refusal import Refusal

    with GuardedVerifier() as verifier, Opening(desk, Source(file.name, (file,)), verifier) as found:
        if found.verified.manifest.kind != kind or entry not in found.verified.digests:
            raise Refusal("wrong_kind", str(found.verified.manifest.kind))
        with open_package(found.plain) as archive:
            return archive.read(entry), found.verified


def _verified(file: Path, trust: Trust) -> Verified:
    from riskdesk.exchange.child import GuardedVerifier

    with GuardedVerifier() as verifier:
        return verifier.verify(file, trust, clock.now())


def _fingerprint(root: bytes) -> str:
    from riskdesk.exchange.enrolment import root_fingerprint

    return root_fingerprint(root)
