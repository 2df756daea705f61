"""What travels between offices besides reports: certificates, lists, the roster, encryption keys; written, read, and taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.files import put_new
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Opening, Source
from riskdesk.services.packing import EXTENSION, Pack, packed
from riskdesk.services.roster import add_offices, added_offices, roster_of
from riskdesk.services.signers import demand_useful
from riskdesk.store.connection import Writing

if TYPE_CHECKING:
    from riskdesk.exchange.enrolment import Kit
    from riskdesk.exchange.findings import Verified


MISMATCH = "与电话核对的 30 位数字不一致，没有接受。请与对方重新核对；如果仍不一致，文件可能被人换过。"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a step of enrolment wrote, and the number that is compared by telephone."""

    file: Path
    fingerprint: str
    office: str


def distribute(desk: Desk, keys: Keys, folder: Path) -> Enrolled:
    """Write what this office trusts – lists of revoked certificates, roster, encryption keys – for those directly below and above.

    Those above take the lists only: who signs for an office no more must be known wherever its packages go.
    Raises `InputError` if nobody would take what is signed with these keys.
    """
    from riskdesk.exchange.enrolment import KIT
    from riskdesk.exchange.manifest import PackageKind

    demand_useful(desk, keys)
    roster, today = roster_of(desk), clock.today()
    near = (*roster.subordinates(desk.office.code, today), *roster.superiors(desk.office.code, today))
    pack = Pack(PackageKind.TRUST, [office.code for office in near], {KIT: kit_of(desk, b"").to_bytes()})
    with packed(desk, keys, pack) as made:
        file = put_new(made.path, folder / f"{desk.office.code}_信任更新_{clock.today().isoformat()}{EXTENSION}")
    return Enrolled(file, keyring.own_fingerprint(desk), desk.office.code)


def take_kit(desk: Desk, writing: Writing, kit: Kit) -> None:
    """Take lists, roster and encryption keys of a kit whose signature was verified, in the running transaction."""
    trusting.take_crls(desk, writing, kit.crls, kit.chain)
    others = {code: key for code, key in kit.recipients.items() if code != desk.office.code}
    trusting.add_recipients(desk, writing, others)
    add_offices(desk, writing, kit.offices)


def kit_of(desk: Desk, certificate: bytes) -> Kit:
    """Return what this office trusts with a certificate (DER) it has issued, b"" if it is about nobody's."""
    from riskdesk.exchange.enrolment import Kit

    known = trusting.anchors(desk)
    roots = known.roots if known.is_certified else (known.own,)
    chain = (known.own, *known.chain) if known.is_certified else known.chain
    return Kit(certificate, chain, roots, known.crls, tuple(added_offices(desk)), trusting.recipients(desk))


def payload_of(desk: Desk, file: Path, entry: str, kind: str) -> tuple[bytes, Verified]:
    """Return an entry of a package of that kind; raise `Refusal` for any other file."""
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.contents import open_package
    from riskdesk.exchange.refusal import Refusal

    with GuardedVerifier() as verifier, Opening(desk, Source(file.name, (file,)), verifier) as found:
        if found.verified.manifest.kind != kind or entry not in found.verified.digests:
            raise Refusal("wrong_kind", str(found.verified.manifest.kind))
        with open_package(found.plain) as archive:
            return archive.read(entry), found.verified


def number_of(root: bytes) -> str:
    """Return what is compared by telephone for a root (DER)."""
    from riskdesk.exchange.enrolment import root_fingerprint

    return root_fingerprint(root)


def roots_compared(roots: Sequence[bytes], fingerprint: str) -> list[bytes]:
    """Return the roots whose number was compared."""
    from riskdesk.exchange.keys import same_fingerprint

    return [root for root in roots if same_fingerprint(number_of(root), fingerprint)]
