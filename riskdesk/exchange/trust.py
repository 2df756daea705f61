"""Whom this office trusts, and which way of certificates leads from a signer to somebody it trusts.

Paths are validated by pyHanko's validator, name constraints included. Revocation is checked here: the usual modes take no
notice of a list that was handed over by file when a certificate names no distribution point. What any list of an issuer revokes
stays revoked, whatever its other lists say: an office restored from an older copy no longer knows what it revoked.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from riskdesk.exchange.certificates import crl_number, is_issued_by, may_certify
from riskdesk.exchange.names import path_of

_LONGEST_PATH = 6


class TrustLevel(StrEnum):
    """What is known of a signer whose signature is good."""

    CHAIN = "chain"  # certified by a root that was compared
    PINNED = "pinned"  # certified by the office's own key, which was compared
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    RETIRED = "retired"  # revoked later for a harmless reason; a person may accept what was signed before
    REVOKED = "revoked"


TRUSTED = (TrustLevel.CHAIN, TrustLevel.PINNED)
HARMLESS = (x509.ReasonFlags.superseded, x509.ReasonFlags.cessation_of_operation, x509.ReasonFlags.affiliation_changed)


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates and revocation lists (DER): compared roots, own keys of offices that were compared, and what is in between."""

    roots: tuple[bytes, ...] = ()
    pinned: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """Return it as JSON values, to be handed to the process that verifies."""
        return {name: [base64.b64encode(each).decode() for each in getattr(self, name)] for name in self.__slots__}

    @classmethod
    def from_json(cls, given: dict[str, list[str]]) -> Self:
        return cls(**{name: tuple(base64.b64decode(each) for each in given[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a signer's certificate (first) to an anchor (last), and what is wrong with it, if anything."""

    certificates: tuple[x509.Certificate, ...]
    level: TrustLevel
    revoked_at: datetime | None = None

    def moment(self, now: datetime) -> datetime | None:
        """Return when to validate it: now, or for one that does not hold now a time at which all of it was valid, None if there was none."""
        if self.level in TRUSTED:
            return now
        start = max(each.not_valid_before_utc for each in self.certificates)
        return start if all(start <= each.not_valid_after_utc for each in self.certificates) else None

    @property
    def keeps_to_its_offices(self) -> bool:
        """Whether each authority on it certified only what it may: the validator may look at another way, or at none if it never was wholly valid."""
        return all(may_certify(issuer, each) for each, issuer in itertools.pairwise(self.certificates))


@dataclass(frozen=True, slots=True)
class Carried:
    """Certificates and revocation lists that came along with a signature: worth no more than what signed them."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()


@dataclass(slots=True)
class Ways:
    """Finds ways among the certificates known and those that came along."""

    trust: Trust
    now: datetime
    carried: Carried
    _roots: list[x509.Certificate] = field(init=False)
    _pinned: list[x509.Certificate] = field(init=False)
    _pool: list[x509.Certificate] = field(init=False)
    _crls: list[x509.CertificateRevocationList] = field(init=False)

    def __post_init__(self) -> None:
        self._roots = _loaded(self.trust.roots)
        self._pinned = _loaded(self.trust.pinned)
        self._pool = [*_loaded(self.trust.intermediates), *self.carried.certificates]
        self._crls = [*map(x509.load_der_x509_crl, self.trust.crls), *self.carried.crls]

    def of(self, signer: x509.Certificate) -> list[Way]:
        """Return the ways to an anchor; none if the signer is unknown.

        A revoked one comes first, as a pin of long ago must not outlive the revocation; then the best.
        """
        ways = []
        for level, anchors in ((TrustLevel.CHAIN, self._roots), (TrustLevel.PINNED, self._pinned)):
            ways += [
                self._judged(path, level) for path in self._paths((signer,), anchors) if _is_below(signer, path[-1])
            ]
        return sorted(ways, key=lambda way: (way.level is not TrustLevel.REVOKED, list(TrustLevel).index(way.level)))

    def unanchored(self, signer: x509.Certificate) -> x509.Certificate:
        """Return the highest certificate that came along above an unknown signer, the signer's own if none did."""
        top = signer
        for _ in range(_LONGEST_PATH):
            above = next((each for each in self._pool if each != top and is_issued_by(top, each)), None)
            if above is None:
                break
            top = above
        return top

    def _paths(
        self, path: tuple[x509.Certificate, ...], anchors: Sequence[x509.Certificate]
    ) -> Iterator[tuple[x509.Certificate, ...]]:
        for anchor in anchors:
            if is_issued_by(path[-1], anchor):
                yield (*path, anchor)
        if len(path) >= _LONGEST_PATH:
            return
        for each in _distinct(self._pool):
            if each not in path and not is_issued_by(each, each) and is_issued_by(path[-1], each):
                yield from self._paths((*path, each), anchors)

    def _judged(self, path: tuple[x509.Certificate, ...], level: TrustLevel) -> Way:
        for certificate, issuer in itertools.pairwise(path):
            entry = self._revocation(certificate, issuer)
            if entry is not None:
                harmless = reason_of(entry) in HARMLESS
                return Way(path, TrustLevel.RETIRED if harmless else TrustLevel.REVOKED, entry.revocation_date_utc)
        now = self.now.astimezone(UTC)
        if any(each.not_valid_after_utc < now for each in path):
            return Way(path, TrustLevel.EXPIRED)
        if any(each.not_valid_before_utc > now for each in path):
            return Way(path, TrustLevel.NOT_YET_VALID)
        return Way(path, level)

    def _revocation(self, certificate: x509.Certificate, issuer: x509.Certificate) -> x509.RevokedCertificate | None:
        """Return the entry of a certificate in a list that a key of its issuer signed, a harmful one first."""
        lists = [found for each in self._keys_of(issuer) for found in lists_of(self._crls, each)]
        found = [each.get_revoked_certificate_by_serial_number(certificate.serial_number) for each in lists]
        return min(filter(None, found), key=lambda entry: reason_of(entry) in HARMLESS, default=None)

    def _keys_of(self, issuer: x509.Certificate) -> list[x509.Certificate]:
        """Return the issuer with other keys of the same authority: certified by one of its keys, or compared by a person.

        Nothing else that came along may join: a stranger could certify the issuer's key, and revoke for it.
        """
        compared = [*self._roots, *self._pinned]
        found = _distinct([issuer, *(each for each in compared if each.subject == issuer.subject)])
        for one in found:
            found += [
                each
                for each in _distinct(self._pool)
                if each not in found and each.subject == one.subject and is_issued_by(each, one)
            ]
        return found


def lists_of(
    crls: Iterable[x509.CertificateRevocationList], issuer: x509.Certificate
) -> list[x509.CertificateRevocationList]:
    """Return the lists that the issuer really signed, the one with the highest number first."""
    key: Any = issuer.public_key()
    own = [each for each in crls if each.issuer == issuer.subject and each.is_signature_valid(key)]
    return sorted(own, key=crl_number, reverse=True)


def level_of(certificate: bytes, trust: Trust, now: datetime) -> TrustLevel | None:
    """Return what is known of a certificate (DER), None if no way leads from it to somebody who is trusted."""
    ways = Ways(trust, now, Carried()).of(x509.load_der_x509_certificate(certificate))
    return ways[0].level if ways else None


def der(certificate: x509.Certificate) -> bytes:
    """Return the DER form of a certificate."""
    return certificate.public_bytes(Encoding.DER)


def _loaded(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(each) for each in certificates]


def _distinct(certificates: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    return list(dict.fromkeys(certificates))


def reason_of(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    """Return why a certificate was revoked."""
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return x509.ReasonFlags.unspecified


def _is_below(signer: x509.Certificate, anchor: x509.Certificate) -> bool:
    """An anchor vouches for its own office and those below it, whatever else it signs."""
    above = path_of(anchor.subject)
    return bool(above) and path_of(signer.subject)[: len(above)] == above
