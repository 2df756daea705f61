"""What an office keeps as files: keys under a passphrase, and the certificates that belong to them, ready to be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from riskdesk.errors import InputError
from riskdesk.exchange import certificates, encryption, keys
from riskdesk.exchange.certificates import Authority, Credential
from riskdesk.exchange.names import Unit
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import der

Identity = X25519PrivateKey


@dataclass(frozen=True, slots=True)
class SealedCertificate:
    """A certificate (DER) with its key under the passphrase (PEM); `serial` is a decimal number, `expires` ISO 8601."""

    certificate: bytes
    key: bytes
    serial: str
    expires: str


def new_authority(path: Sequence[Unit], passphrase: str, now: datetime) -> tuple[Authority, SealedCertificate, str]:
    """Make an office's key with a certificate of its own; return it, what is kept, and what is compared by telephone."""
    keys.refuse_weak_passphrase(passphrase)
    key = keys.new_signing_key()
    own = certificates.self_signed(path, key, now)
    return Authority(own, key), _sealed(own, keys.sealed(key, passphrase)), keys.fingerprint(key.public_key())


def next_root(
    old: Authority, path: Sequence[Unit], passphrase: str, now: datetime
) -> tuple[Authority, SealedCertificate, str, bytes]:
    """Make a root's next key; return what `new_authority` does, and the new key as certified by the old one (DER)."""
    authority, kept, fingerprint = new_authority(path, passphrase, now)
    return authority, kept, fingerprint, der(certificates.cross_certificate(old, authority.certificate, now))


def new_operator(authority: Authority, person: str, passphrase: str, now: datetime) -> SealedCertificate:
    """Make a person's key with a certificate from the office."""
    key = keys.new_signing_key()
    certificate = certificates.operator_certificate(authority, person, key.public_key(), now)
    return _sealed(certificate, keys.sealed(key, passphrase))


def open_credential(kept: bytes, passphrase: str, certificate: bytes, chain: tuple[bytes, ...]) -> Credential:
    """Open a person's key; raise `PassphraseError`."""
    opened: Any = keys.opened(kept, passphrase)
    return Credential(opened, x509.load_der_x509_certificate(certificate), chain)


def open_authority(kept: bytes, passphrase: str, certificate: bytes) -> Authority:
    """Open the office's key; raise `PassphraseError`."""
    opened: Any = keys.opened(kept, passphrase)
    return with_certificate(opened, certificate)


def with_certificate(key: Any, certificate: bytes) -> Authority:
    """Return the authority that a key is with another certificate (DER) of it."""
    return Authority(x509.load_der_x509_certificate(certificate), key)


def open_identity(kept: bytes, passphrase: str) -> Identity:
    """Open the key that others encrypt to; raise `PassphraseError`."""
    opened: Any = keys.opened(kept, passphrase)
    return opened  # type: ignore[no-any-return]


def escrowed(identity: Identity, recovery: Identity) -> bytes:
    """Return the key that others encrypt to, for whoever has the paper recovery key."""
    return encryption.encrypted_text(encryption.secret_text(identity), [encryption.recipient(recovery)])


def recovered(kept: bytes, secret: str) -> Identity:
    """Return the key that others encrypt to by means of the paper; raise `InputError` if the paper is another."""
    try:
        return encryption.identity_from(encryption.decrypted_text(kept, secret))
    except Refusal as error:
        raise InputError("恢复码不对。请照密钥恢复单逐字输入，或用扫码枪扫描上面的二维码。") from error


def _sealed(certificate: x509.Certificate, key: bytes) -> SealedCertificate:
    expires = certificate.not_valid_after_utc.isoformat(timespec="seconds")
    return SealedCertificate(der(certificate), key, str(certificate.serial_number), expires)
