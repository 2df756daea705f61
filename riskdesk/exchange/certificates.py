"""Certificates and revocation lists of offices (X.509, RFC 5280), made without a network.

Every certificate authority below a root carries a critical nameConstraints with its own name, so that a station cannot make
a county's operator: openssl, NSS and pyHanko all refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID

from riskdesk.errors import InputError
from riskdesk.exchange.names import Unit, distinguished_name, path_of, person_of

ROOT_YEARS, OFFICE_YEARS, OPERATOR_YEARS = 20, 10, 3
CRL_DAYS = 400
_DEEPEST = 3  # authorities below a root: city, county, market office
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_SKEW = timedelta(days=1)  # clocks of offices differ
_HASH = hashes.SHA256()

# what the library raises over certificates, requests and lists that are malformed or use something it does not know
MALFORMED = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry of a revocation list: serial number, when, and why (a reason of RFC 5280, 5.3.1)."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


@dataclass(frozen=True, slots=True)
class Credential:
    """What a person signs with: the key, the certificate, and the certificates (DER) between it and the root."""

    key: RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """An office that issues certificates: its certificate with the key that belongs to it."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    @property
    def name(self) -> x509.Name:
        """Its distinguished name."""
        return self.certificate.subject


@dataclass(frozen=True, slots=True)
class _Itself:
    """An office that is about to certify itself."""

    name: x509.Name
    key: RSAPrivateKey


def self_signed(path: Sequence[Unit], key: RSAPrivateKey, now: datetime) -> x509.Certificate:
    """Return the certificate of a root, or of an office that has nobody above it yet."""
    name = distinguished_name(path)
    itself = _Itself(name, key)
    return _signed(name, key.public_key(), issuer=itself, now=now, years=ROOT_YEARS, extensions=_authority(_DEEPEST))


def office_certificate(
    issuer: Authority, path: Sequence[Unit], key: CertificatePublicKeyTypes, now: datetime
) -> x509.Certificate:
    """Return the certificate by which an office issues its own operators and those below it; `path` begins with the province.

    Raises `InputError` if the office is not directly below the issuer.
    """
    name = distinguished_name(path)
    if distinguished_name(path[:-1]) != issuer.certificate.subject:
        raise InputError(f"{path[-1].name} 不是本单位的直接下级，不能为它签发证书。请检查单位代码和机构名录。")
    room = issuer.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if room == 0:
        raise InputError("本单位的证书不能再签发下级单位的证书。")
    limits = x509.NameConstraints([x509.DirectoryName(name)], None)
    extensions = [*_authority(_DEEPEST if room is None else room - 1), (limits, True)]
    return _signed(name, key, issuer=issuer, now=now, years=OFFICE_YEARS, extensions=extensions)


def operator_certificate(issuer: Authority, person: str, key: RSAPublicKey, now: datetime) -> x509.Certificate:
    """Return the certificate by which a person of the issuing office signs."""
    name = distinguished_name(path_of(issuer.certificate.subject), person)
    extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING])
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(sign=True), True),
        (extended, False),
    ]
    return _signed(name, key, issuer=issuer, now=now, years=OPERATOR_YEARS, extensions=extensions)


def cross_certificate(old: Authority, new: x509.Certificate, now: datetime) -> x509.Certificate:
    """Return the new root's key as certified by the old root, for offices that know only the old one."""
    key = new.public_key()
    return _signed(new.subject, key, issuer=old, now=now, years=OFFICE_YEARS, extensions=_authority(_DEEPEST))


def signing_request(path: Sequence[Unit], key: RSAPrivateKey) -> x509.CertificateSigningRequest:
    """Return the request (PKCS#10, RFC 2986) of an office for a certificate."""
    return x509.CertificateSigningRequestBuilder().subject_name(distinguished_name(path)).sign(key, _HASH)


def revocation_list(
    issuer: Authority, revoked: Iterable[Revoked], number: int, now: datetime
) -> x509.CertificateRevocationList:
    """Return the issuer's list; `number` must be greater than that of the list before."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(_utc(now))
        .next_update(_utc(now) + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial).revocation_date(_utc(each.at))
        builder = builder.add_revoked_certificate(
            entry.add_extension(x509.CRLReason(each.reason), critical=False).build()
        )
    return builder.sign(issuer.key, _HASH)


def crl_number(found: x509.CertificateRevocationList) -> int:
    """Return the number of a revocation list, 0 if it has none."""
    try:
        return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return 0


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether one certificate is directly signed by the other's key and name."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (*MALFORMED, InvalidSignature):
        return False
    return True


def may_certify(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tell whether one may issue the other, whatever the time: an authority, for its own office and those below it."""
    try:
        is_authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        may_sign = issuer.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return False
    above = path_of(issuer.subject)
    return bool(above) and is_authority and may_sign and path_of(certificate.subject)[: len(above)] == above


def is_operator(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is that of a person in an office, not of an authority."""
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    return bool(path_of(certificate.subject) and person_of(certificate.subject)) and not is_authority


def is_of_issuing_office(certificate: x509.Certificate) -> bool:
    """Tell whether an operator's office is the one that issued the certificate: name constraints alone let an office add another below it."""
    return path_of(certificate.subject) == path_of(certificate.issuer)


def _signed(
    subject: x509.Name,
    key: CertificatePublicKeyTypes,
    *,
    issuer: Authority | _Itself,
    now: datetime,
    years: int,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_utc(now) - _SKEW)
        .not_valid_after(_utc(now) + timedelta(days=years * 365 + years // 4))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer.key, _HASH)


def _authority(path_length: int) -> list[tuple[x509.ExtensionType, bool]]:
    return [(x509.BasicConstraints(ca=True, path_length=path_length), True), (_usage(sign=False), True)]


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
