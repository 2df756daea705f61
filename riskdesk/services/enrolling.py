"""How an office gets its certificate: it asks the office above with a file, and installs the one that comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import UsageError, VerificationError
from riskdesk.files import put_new, write_new
from riskdesk.services import keyring, operators, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.kits import MISMATCH, Enrolled, number_of, payload_of, roots_compared, take_kit
from riskdesk.services.packing import EXTENSION, Pack, packed
from riskdesk.services.roster import name_of, office_row, roster_of

if TYPE_CHECKING:
    from riskdesk.exchange.enrolment import Kit
    from riskdesk.exchange.findings import Verified
    from riskdesk.exchange.trust import Trust


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


def root_of(desk: Desk, file: Path) -> str:
    """Return the number of the root that an answer kit leads to, "" if such a root was compared before."""
    from riskdesk.exchange.enrolment import leads_to

    kit, _ = _read_kit(desk, file)
    known = trusting.anchors(desk).roots
    if any(leads_to(kit, root) for root in known):
        return ""
    unknown = [root for root in kit.roots if root not in known]
    return next((number_of(root) for root in unknown if leads_to(kit, root)), "")


def install(desk: Desk, keys: Keys, passphrase: str, file: Path, fingerprint: str = "") -> Enrolled:
    """Take the answer kit: the office's certificate and what it trusts.

    `fingerprint` is the number of the root as compared by telephone, needed if the kit leads to none that is known yet;
    other roots in the kit are left out. Raises `VerificationError` if it is another or the kit is not signed below that root.
    """
    from riskdesk.exchange.enrolment import fits, leads_to
    from riskdesk.exchange.trust import Trust

    kit, verified = _read_kit(desk, file)
    known = trusting.anchors(desk)
    roots = (*known.roots, *roots_compared([root for root in kit.roots if root not in known.roots], fingerprint))
    leading = [root for root in roots if kit.certificate and leads_to(kit, root)]
    if not leading and len(roots) == len(known.roots):
        raise VerificationError(f"根证书的指纹{MISMATCH}")
    checked = _verified(file, Trust(roots=roots, crls=known.crls))
    if not checked.signer.is_trusted or not leading or not fits(kit, keys.authority.key):
        raise VerificationError("这份证书不是发给本单位现在的密钥的，或签发单位不可信，没有安装。请重新申请。")
    if verified.manifest.sender != roster_of(desk).office(desk.office.code).report_to[0]:
        raise VerificationError("这份证书不是本单位的上级签发的，没有安装。")
    renewed = operators.renewed_below(desk, keys, passphrase, kit.certificate)
    with desk.store.write(desk.office.person, "install certificate") as writing:
        operators.take_renewed(desk, writing, renewed)
        installed = replace(known, own=kit.certificate, chain=kit.chain, roots=roots, is_certified=True)
        trusting.keep_anchors(desk, writing, installed)
        take_kit(desk, writing, kit)
    return Enrolled(file, number_of(leading[-1]), desk.office.code)


def _write_sheet(desk: Desk, folder: Path, above: str, fingerprint: str) -> Path:
    """Write the sheet that is stamped and handed over with the request."""
    from riskdesk.documents.request_sheet import RequestSheet, render_request

    profile = desk.office
    sheet = RequestSheet(
        office=profile.name,
        code=profile.code,
        superior=name_of(desk, above),
        person=profile.person,
        phone=profile.phone,
        fingerprint=fingerprint,
        made_at=clock.now().isoformat(timespec="seconds"),
    )
    return write_new(folder / f"{profile.code}_证书申请单.pdf", render_request(sheet))


def _read_kit(desk: Desk, file: Path) -> tuple[Kit, Verified]:
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind

    data, verified = payload_of(desk, file, KIT, PackageKind.ENROLMENT)
    return read_kit(data), verified


def _verified(file: Path, trust: Trust) -> Verified:
    from riskdesk.exchange.child import GuardedVerifier

    with GuardedVerifier() as verifier:
        return verifier.verify(file, trust, clock.now())
