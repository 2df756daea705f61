"""Which revocation lists are worth keeping: of each authority the newest that it really signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.exchange.certificates import Authority, Revoked, is_issued_by, revocation_list
from riskdesk.exchange.names import path_of
from riskdesk.exchange.trust import newest_crl


def newest_only(crls: Sequence[bytes], authorities: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return (DER) the newest list of each of the authorities (DER); an old one never takes the place of a newer."""
    read = {each: x509.load_der_x509_crl(each) for each in dict.fromkeys(crls)}
    by_object = {id(crl): data for data, crl in read.items()}
    found: dict[bytes, None] = {}
    for authority in dict.fromkeys(authorities):
        newest = newest_crl(read.values(), x509.load_der_x509_certificate(authority))
        if newest is not None:
            found[by_object[id(newest)]] = None
    return tuple(found)


def new_list(authority: Authority, entries: Iterable[tuple[int, str, str]], number: int, now: datetime) -> bytes:
    """Return (DER) the authority's list of serial number, time (ISO 8601) and reason (RFC 5280, as keyCompromise)."""
    revoked = [Revoked(serial, datetime.fromisoformat(at), x509.ReasonFlags(reason)) for serial, at, reason in entries]
    return revocation_list(authority, revoked, number, now).public_bytes(Encoding.DER)


def serial_and_end(certificate: bytes) -> tuple[int, str]:
    """Return the serial number of a certificate (DER) and when it ends (ISO 8601)."""
    found = x509.load_der_x509_certificate(certificate)
    return found.serial_number, found.not_valid_after_utc.isoformat(timespec="seconds")


def is_of_office(certificate: bytes, code: str) -> bool:
    """Tell whether a certificate (DER) is one that the office with the code signed for itself."""
    found = x509.load_der_x509_certificate(certificate)
    path = path_of(found.subject)
    return bool(path) and path[-1].code == code and is_issued_by(found, found)
