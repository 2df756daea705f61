"""A small public key infrastructure for the tests: a province, a city, two counties, a market office and a station, made once."""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.exchange.certificates import (
    Authority,
    Credential,
    Revoked,
    office_certificate,
    operator_certificate,
    revocation_list,
    self_signed,
)
from riskdesk.exchange.container import asic_manifest, write_package
from riskdesk.exchange.findings import Verified
from riskdesk.exchange.layout import sums
from riskdesk.exchange.manifest import Manifest, PackageKind
from riskdesk.exchange.names import Unit
from riskdesk.exchange.payload import Report, report_to_bytes
from riskdesk.exchange.pem import to_pem
from riskdesk.exchange.trust import Trust, der
from riskdesk.exchange.verify import verify_package

# openssl, certtool and pdfsig take the computer's time, so these offices were made lately
NOW = datetime.fromtimestamp(int(time.time()), UTC)
MADE = NOW - timedelta(days=30)
SIGNED, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"


@cache
def key(number: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key of that number; 2048 bits are made faster than those of real offices."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Office:
    """An office with its authority, its operator, and those above it."""

    path: tuple[Unit, ...]
    authority: Authority
    operator: Credential
    above: tuple[Office, ...]

    @property
    def code(self) -> str:
        return self.path[-1].code

    @property
    def der(self) -> bytes:
        return der(self.authority.certificate)

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates from its own up to below the root."""
        return tuple(each.der for each in (self, *self.above) if each.above)


def office(path: tuple[Unit, ...], number: int, above: Office | None = None, made: datetime = MADE) -> Office:
    if above is None:
        certificate = self_signed(path, key(number), made)
    else:
        certificate = office_certificate(above.authority, path, key(number).public_key(), made)
    authority = Authority(certificate, key(number))
    higher = (above, *above.above) if above else ()
    chain = tuple(each.authority.certificate for each in higher if each.above)
    own = [certificate] if above else []
    return Office(path, authority, operator(authority, "张三", number, [*own, *chain], made), higher)


def operator(authority: Authority, person: str, number: int, chain, made: datetime = MADE) -> Credential:
    mine = key(100 + number)
    certificate = operator_certificate(authority, person, mine.public_key(), made)
    return Credential(mine, certificate, tuple(map(der, chain)))


@dataclass(frozen=True)
class Tree:
    province: Office
    city: Office
    county: Office
    neighbour: Office
    suo: Office
    station: Office

    @property
    def trust(self) -> Trust:
        return Trust(roots=(self.province.der,))


@cache
def tree() -> Tree:
    province = office((Unit("140000-JU", "山西省局"),), 1)
    city = office((*province.path, Unit("140100-JU", "太原市局")), 2, province)
    county = office((*city.path, Unit("140105-JU", "小店区局")), 3, city)
    neighbour = office((*city.path, Unit("140106-JU", "迎泽区局")), 4, city)
    suo = office((*county.path, Unit("140105-S01", "坞城所")), 5, county)
    station = office((*county.path, Unit("140105-Z01", "检验站")), 6, county)
    return Tree(province, city, county, neighbour, suo, station)


def crl(issuer: Office, *revoked: tuple[x509.Certificate, x509.ReasonFlags], number: int = 1, made=MADE) -> bytes:
    """The issuer's revocation list (DER) with these certificates."""
    entries = [Revoked(each.serial_number, made, reason) for each, reason in revoked]
    return revocation_list(issuer.authority, entries, number, made).public_bytes(Encoding.DER)


def head(by: Office, to: Office, **changes) -> Manifest:
    given = {
        "uid": "0190a1b2-0000-7000-8000-000000000001",
        "kind": PackageKind.REPORT,
        "sender": by.code,
        "receivers": (to.code,),
        "created": NOW.isoformat(),
        "app": "riskdesk test",
        "period": "2023-05",
    }
    return Manifest(**{**given, **changes})


RECORDS = report_to_bytes(Report("2023-05", "monthly", 1, nil=False, sealed_at="2023-05-25T09:00:00+08:00"), ())


def package(sender: Office, to: Office, files=None, *, manifest=None, by=None, crls=()) -> bytes:
    """A package of a sender with small files of every folder."""
    given = {"data/records.json": RECORDS, "attach/0001.jpg": b"\xff\xd8 picture", "report/annex1.xlsx": b"PK form"}
    given |= files or {}
    if sender.above:
        given["trust/ca.pem"] = to_pem(sender.chain)
    given |= {f"trust/{number:04}.crl": each for number, each in enumerate(crls, 1)}
    target = io.BytesIO()
    write_package(target, manifest or head(sender, to), given, by=by or sender.operator, at=NOW)
    return target.getvalue()


def verified(data: bytes, trust: Trust | None = None, now: datetime = NOW, limits=None) -> Verified:
    """The verdict of riskdesk on the bytes of a package."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.rdpkg"
        path.write_bytes(data)
        return verify_package(path, tree().trust if trust is None else trust, now, limits)


def entries_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], method=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file as other programs make it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, content)
    return target.getvalue()


def sealed(payload: dict[str, bytes], sign, xml=None) -> dict[str, bytes]:
    """Entries with sums, ASiCManifest and the signature that `sign` makes over it."""
    digests = {name: digest(content) for name, content in payload.items()}
    payload = {**payload, "SHA256SUMS": sums(digests)}
    digests["SHA256SUMS"] = digest(payload["SHA256SUMS"])
    signed = (xml or (lambda data: data))(asic_manifest(SIGNATURE, digests))
    return {**payload, SIGNED: signed, SIGNATURE: sign(signed)}


def payload_of(data: bytes) -> dict[str, bytes]:
    """The entries that a signature is to cover, without the sums."""
    return {
        name: content
        for name, content in entries_of(data).items()
        if name not in ("mimetype", "SHA256SUMS") and not name.startswith("META-INF/")
    }


def digest(content: bytes) -> bytes:
    hashed = hashes.Hash(hashes.SHA256())
    hashed.update(content)
    return hashed.finalize()
