"""The registry of signature algorithms: what is accepted on verification, one entry each, and what we sign with.

Another one, such as SM2 with SM3, is added here and used for a second signature (signature002 with ASiCManifest002) beside the
first. Ed25519 is left out: NSS and with it LibreOffice and pdfsig do not know it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import cms, keys

DIGEST = "sha256"
_DIGESTS = {"sha256", "sha384", "sha512"}
_CURVES = {"secp256r1", "secp384r1"}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """A kind of signature: its name in CMS, the kind of key, and the keys that are strong enough."""

    name: str
    key: str
    is_strong: Callable[[keys.PublicKeyInfo], bool]


def _rsa(key: keys.PublicKeyInfo) -> bool:
    return bool(key.bit_size >= 2048)


def _named_curve(key: keys.PublicKeyInfo) -> bool:
    return key.curve[1] in _CURVES


ACCEPTED = (
    SignatureAlgorithm("rsassa_pkcs1v15", "rsa", _rsa),  # what we sign with
    SignatureAlgorithm("rsassa_pss", "rsa", _rsa),
    SignatureAlgorithm("ecdsa", "ec", _named_curve),
)


def is_accepted(signer: cms.SignerInfo, key: keys.PublicKeyInfo) -> bool:
    """Tell whether a CMS signature uses a digest, an algorithm and a key that are strong enough."""
    if signer["digest_algorithm"]["algorithm"].native not in _DIGESTS:
        return False
    signature = signer["signature_algorithm"]
    # "rsaEncryption" names no digest of its own (RFC 3370, 3.2); openssl writes it
    if signature["algorithm"].native != "rsassa_pkcs1v15" and signature.hash_algo not in _DIGESTS:
        return False
    return any(
        each.name == signature.signature_algo and each.key == key.algorithm and each.is_strong(key) for each in ACCEPTED
    )
