"""Revocation lists: which are worth keeping, and what the next one of ours has to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.exchange.certificates import Authority, Revoked, crl_number, is_issued_by, revocation_list
from riskdesk.exchange.names import path_of
from riskdesk.exchange.trust import HARMLESS, lists_of, reason_of

Entry = tuple[int, str, str]  # of a list: serial number, time (ISO 8601), reason (RFC 5280, as keyCompromise)


def worth_keeping(known: Sequence[bytes], brought: Sequence[bytes], authorities: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return (DER) the newest list of each of the authorities (DER), and older ones that revoke what no newer one does.

    There are such older ones if an office went on from an older copy of its data: nothing is ever taken off a list. What is `known`
    stays if its authority is not among these, as that may have come along only with the list.
    """
    read = {each: x509.load_der_x509_crl(each) for each in dict.fromkeys((*known, *brought))}
    by_object = {id(crl): data for data, crl in read.items()}
    judged: set[bytes] = set()
    found: set[bytes] = set()
    for authority in dict.fromkeys(authorities):
        told: set[tuple[int, x509.ReasonFlags]] = set()
        for number, crl in enumerate(lists_of(read.values(), x509.load_der_x509_certificate(authority))):
            entries = {(entry.serial_number, reason_of(entry)) for entry in crl}
            judged.add(by_object[id(crl)])
            if number == 0 or not entries <= told:
                found.add(by_object[id(crl)])
            told |= entries
    found |= set(known) - judged
    return tuple(each for each in read if each in found)


def hand_overs(roots: Iterable[bytes], certificates: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return (DER) the certificates by which one of the roots hands over to its next key."""
    known = [x509.load_der_x509_certificate(each) for each in roots]
    return tuple(
        each
        for each in dict.fromkeys(certificates)
        if (found := x509.load_der_x509_certificate(each)) not in known
        and any(found.subject == root.subject and is_issued_by(found, root) for root in known)
    )


def held(crls: Iterable[bytes], own: bytes, others: Iterable[bytes]) -> tuple[int, list[Entry]]:
    """Return the highest number of our lists, and what they revoke as `new_list` takes it.

    Ours are those signed by the key of `own` (DER), or of a certificate among the others that bears the same name.
    """
    ours = x509.load_der_x509_certificate(own)
    read = [x509.load_der_x509_crl(each) for each in crls]
    same = [each for other in others if (each := x509.load_der_x509_certificate(other)).subject == ours.subject]
    lists = [found for each in (ours, *same) for found in lists_of(read, each)]
    entries = [
        (entry.serial_number, entry.revocation_date_utc.isoformat(), reason_of(entry).value)
        for each in lists
        for entry in each
    ]
    return max(map(crl_number, lists), default=0), _gravest(entries)


def next_number(known: int, now: datetime) -> int:
    """Return the number of the next list after the highest that is known: by the clock.

    An office restored from an older copy does not know the highest that it ever gave, but it was given before.
    """
    return max(known + 1, int(now.timestamp()))


def new_list(authority: Authority, entries: Iterable[Entry], number: int, now: datetime) -> bytes:
    """Return (DER) the authority's list; of several entries of a certificate the gravest counts."""
    revoked = [
        Revoked(serial, datetime.fromisoformat(at), x509.ReasonFlags(reason))
        for serial, at, reason in _gravest(entries)
    ]
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


def _gravest(entries: Iterable[Entry]) -> list[Entry]:
    """Return one entry of each certificate, one that does harm before one that does not."""
    ordered = sorted(entries, key=lambda entry: x509.ReasonFlags(entry[2]) not in HARMLESS)
    return list({entry[0]: entry for entry in ordered}.values())
