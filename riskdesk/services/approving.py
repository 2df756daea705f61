"""How an office certifies one directly below it: it looks at the request, compares a number by telephone, and answers with a file."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskdesk import clock
from riskdesk.domain.offices import OfficeLevel, is_office_code
from riskdesk.errors import InputError, VerificationError
from riskdesk.files import put_new
from riskdesk.services import trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.kits import MISMATCH, Enrolled, kit_of, payload_of
from riskdesk.services.packing import EXTENSION, Pack, packed
from riskdesk.services.roster import add_offices, roster_of
from riskdesk.services.signers import demand_useful
from riskdesk.services.trusting import Issued

if TYPE_CHECKING:
    from riskdesk.exchange.enrolment import Request
    from riskdesk.exchange.findings import Verified


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

    Raises `VerificationError` if the number is another, `InputError` if the office is not directly below this one, or would not
    take what is signed with these keys.
    """
    from riskdesk.exchange.enrolment import KIT
    from riskdesk.exchange.keys import same_fingerprint
    from riskdesk.exchange.manifest import PackageKind

    demand_useful(desk, keys)
    request, verified = _request(desk, file)
    if not same_fingerprint(request.fingerprint(), fingerprint):
        raise VerificationError(MISMATCH)
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
    kit = kit_of(desk, certificate)
    with packed(desk, keys, Pack(PackageKind.ENROLMENT, [code], {KIT: kit.to_bytes()})) as made:
        target = put_new(made.path, folder / f"{code}_证书{EXTENSION}")
    return Enrolled(target, request.fingerprint(), code)


def _is_below(desk: Desk, office: dict[str, Any]) -> bool:
    """Tell whether an office that asks is directly below this one: as the roster says, or a 所 that it does not know yet."""
    code, known = office["code"], roster_of(desk)
    if code in known:
        return known.office(code).report_to[:1] == (desk.office.code,)
    told = office.get("report_to") or [""]
    return is_office_code(code) and office["level"] == OfficeLevel.SUO and told[0] == desk.office.code


def _request(desk: Desk, file: Path) -> tuple[Request, Verified]:
    from riskdesk.exchange.enrolment import REQUEST, read_request
    from riskdesk.exchange.manifest import PackageKind

    data, verified = payload_of(desk, file, REQUEST, PackageKind.REQUEST)
    return read_request(data), verified


def _noted(certificate: bytes, office: str) -> Issued:
    from riskdesk.exchange.crls import serial_and_end

    serial, end = serial_and_end(certificate)
    at = clock.now().isoformat(timespec="seconds")
    return Issued(str(serial), office, "", at, end, base64.b64encode(certificate).decode())
