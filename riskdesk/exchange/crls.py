"""Which revocation lists are worth keeping: of each authority the newest that it really signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.exchange.certificates import Authority, Revoked, crl_number, is_issued_by, revocation_list
from riskdesk.exchange.names import path_of
from riskdesk.exchange.trust import newest_crl, reason_of


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


def hand_overs(roots: Iterable[bytes], certificates: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return (DER) the certificates by which one of the roots hands over to its next key."""
    known = [x509.load_der_x509_certificate(each) for each in roots]
    return tuple(
        each
        for each in dict.fromkeys(certificates)
        if (found := x509.load_der_x509_certificate(each)) not in known
        and any(found.subject == root.subject and is_issued_by(found, root) for root in known)
    )


def held(crls: Iterable[bytes], own: bytes, others: Iterable[bytes]) -> tuple[int, list[tuple[int, str, str]]]:
    """Return the highest number of our lists, and what they revoke as `new_list` takes it.

    Ours are those signed by the key of `own` (DER), or of a certificate among the others that bears the same name.
    """
    ours = x509.load_der_x509_certificate(own)
    read = [x509.load_der_x509_crl(each) for each in crls]
    same = [each for other in others if (each := x509.load_der_x509_certificate(other)).subject == ours.subject]
    lists = [found for each in (ours, *same) if (found := newest_crl(read, each)) is not None]
    entries = {
        entry.serial_number: (entry.serial_number, entry.revocation_date_utc.isoformat(), reason_of(entry).value)
        for each in lists
        for entry in each
    }
    return max(map(crl_number, lists), default=0), list(entries.values())


def new_list(authority: Authority, entries: Iterable[tuple[int, str, str]], number: int, now: datetime) -> bytes:
    """Return (DER) the authority's list of serial number, time (ISO 8601) and reason (RFC 5280, as keyCompromise)."""
    revoked = [Revoked(serial, datetime.fromisoformat(at), x509.ReasonFlags(reason)) for serial, at, reason in entries]
    return revocation_list(authority, revoked, number, now).public_bytes(Encoding.DER)


def with_key_of(certificates: Sequence[bytes], one: bytes) -> list[bytes]:
    """Return those of the certificates (DER) that are of the same key as one."""
    key = x509.load_der_x509_certificate(one).public_key()
    return [each for each in certificates if x509.load_der_x509_certificate(each).public_key() == key]


def serial_and_end(certificate: bytes) -> tuple[int, str]:
    """Return the serial number of a certificate (DER) and when it ends (ISO 8601)."""
    found = x509.load_der_x509_certificate(certificate)
    return found.serial_number, found.not_valid_after_utc.isoformat(timespec="seconds")


def is_of_office(certificate: bytes, code: str) -> bool:
    """Tell whether a certificate (DER) is one that the office with the code signed for itself."""
    found = x509.load_der_x509_certificate(certificate)
    path = path_of(found.subject)
    return bool(path) and path[-1].code == code and is_issued_by(found, found)
