"""What travels when an office asks for its certificate and gets it (payloads of the kinds request, enrolment, trust)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.domain.canonical import canonical
from riskdesk.exchange import certificates, keys
from riskdesk.exchange.certificates import Authority
from riskdesk.exchange.manifest import read_json
from riskdesk.exchange.names import Unit, path_of
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import der

SCHEMA = 1
REQUEST, KIT = "data/request.json", "data/enrolment.json"
_SHORTEST = 2048  # bits


@dataclass(frozen=True, slots=True)
class Request:
    """What an office asks with: its row of the roster, its request (PKCS#10, DER) and what is encrypted to (age1…)."""

    office: dict[str, Any]
    csr: bytes
    recipient: str
    person: str = ""
    phone: str = ""

    def to_bytes(self) -> bytes:
        """Return the payload."""
        return canonical(
            {
                "schema": SCHEMA,
                "office": self.office,
                "csr": _text(self.csr),
                "recipient": self.recipient,
                "person": self.person,
                "phone": self.phone,
            }
        )

    def fingerprint(self) -> str:
        """Return what is compared by telephone."""
        return keys.fingerprint(self._checked().public_key())

    def certificate_from(self, issuer: Authority, name: str, now: datetime) -> bytes:
        """Return the certificate (DER) that the office above issues for it, with the office's name as is known above."""
        path = (*path_of(issuer.certificate.subject), Unit(str(self.office["code"]), name))
        return der(certificates.office_certificate(issuer, path, self._checked().public_key(), now))

    def _checked(self) -> x509.CertificateSigningRequest:
        try:
            csr = x509.load_der_x509_csr(self.csr)
            key: Any = csr.public_key()
            strong = key.key_size >= _SHORTEST
        except (*certificates.MALFORMED, AttributeError) as error:
            raise Refusal("payload", "csr") from error
        if not strong:
            raise Refusal("weak", "csr")
        if not csr.is_signature_valid:
            raise Refusal("signature", "csr")
        return csr


@dataclass(frozen=True, slots=True)
class Kit:
    """The answer: the office's certificate, those between it and the root, the roots, lists of revoked ones (all DER).

    `offices` are rows of the roster, `recipients` what is encrypted to by office. In a trust package the certificate is empty.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    offices: tuple[dict[str, Any], ...]
    recipients: dict[str, str]

    def to_bytes(self) -> bytes:
        """Return the payload."""
        return canonical(
            {
                "schema": SCHEMA,
                "certificate": _text(self.certificate),
                "chain": [_text(each) for each in self.chain],
                "roots": [_text(each) for each in self.roots],
                "crls": [_text(each) for each in self.crls],
                "offices": list(self.offices),
                "recipients": self.recipients,
            }
        )


def new_request(path: Sequence[Unit], key: RSAPrivateKey) -> bytes:
    """Return a request (PKCS#10, DER)."""
    return certificates.signing_request(path, key).public_bytes(Encoding.DER)


def read_request(data: bytes) -> Request:
    """Return a request of its bytes; raise `Refusal`."""
    given = _read(data)
    try:
        office = given["office"]
        found = Request(
            office, _bytes(given["csr"]), str(given["recipient"]), str(given["person"]), str(given["phone"])
        )
        if not all(isinstance(office[name], str) for name in ("code", "name", "level")):
            raise Refusal("payload", "office")
    except (KeyError, TypeError) as error:
        raise Refusal("payload", str(error)) from error
    return found


def read_kit(data: bytes) -> Kit:
    """Return a kit of its bytes; raise `Refusal`."""
    given = _read(data)
    try:
        chain, roots, crls = (tuple(_bytes(each) for each in given[name]) for name in ("chain", "roots", "crls"))
        recipients = {str(code): str(key) for code, key in given["recipients"].items()}
        kit = Kit(_bytes(given["certificate"]), chain, roots, crls, tuple(given["offices"]), recipients)
        for each in (*kit.chain, *kit.roots, *([kit.certificate] if kit.certificate else [])):
            x509.load_der_x509_certificate(each)
        for crl in kit.crls:
            x509.load_der_x509_crl(crl)
    except (*certificates.MALFORMED, KeyError, AttributeError) as error:
        raise Refusal("payload", str(error)[:200]) from error
    if not all(isinstance(office, dict) for office in kit.offices):
        raise Refusal("payload", "offices")
    return kit


def root_fingerprint(root: bytes) -> str:
    """Return what is compared by telephone for a root (DER)."""
    key: Any = x509.load_der_x509_certificate(root).public_key()
    return keys.fingerprint(key)


def fits(kit: Kit, own_key: RSAPrivateKey) -> bool:
    """Tell whether the kit's certificate is for our key."""
    return x509.load_der_x509_certificate(kit.certificate).public_key() == own_key.public_key()


def leads_to(kit: Kit, root: bytes) -> bool:
    """Tell whether the kit's certificate leads to the root (DER), which need not be one of its own."""
    if not kit.certificate:
        return False
    between = [x509.load_der_x509_certificate(each) for each in kit.chain]
    return _leads(x509.load_der_x509_certificate(kit.certificate), between, x509.load_der_x509_certificate(root))


def _leads(certificate: x509.Certificate, between: Sequence[x509.Certificate], root: x509.Certificate) -> bool:
    if certificates.is_issued_by(certificate, root):
        return True
    above = [each for each in between if certificates.is_issued_by(certificate, each)]
    return any(_leads(each, [other for other in between if other != each], root) for each in above)


def _read(data: bytes) -> dict[str, Any]:
    given = read_json(data, "payload")
    schema = given.get("schema")
    if type(schema) is not int or schema != SCHEMA:  # True is one, too
        raise Refusal("too_new" if type(schema) is int else "payload", "schema")
    return given


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise Refusal("payload", "base64") from error
