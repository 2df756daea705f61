"""Keys of an office: made, kept under a passphrase, and compared by telephone.

At rest a key is a PKCS#8 EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018), scrypt (RFC 7914) and AES-256-CBC. The usual
libraries write PBKDF2 with few rounds there, which a guesser of human passphrases likes.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from asn1crypto import core, pem
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from riskdesk.errors import InputError, PassphraseError

SCRYPT_COST = 1 << 17  # N; with r = 8 some 128 MiB and 0.3 s for every guess
_BITS = 3072
_DIGITS = 30
_PBES2, _SCRYPT, _AES256_CBC = "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", "2.16.840.1.101.3.4.1.42"
_SHORTEST = 8


class _ScryptParams(core.Sequence):  # type: ignore[misc]  # asn1crypto has no type information
    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("salt", core.OctetString),
        ("cost", core.Integer),
        ("block_size", core.Integer),
        ("parallelization", core.Integer),
    ]


class _Algorithm(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any)]  # noqa: RUF012


class _Pbes2Params(core.Sequence):  # type: ignore[misc]
    _fields = [("kdf", _Algorithm), ("encryption", _Algorithm)]  # noqa: RUF012


class _EncryptedPrivateKeyInfo(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", _Algorithm), ("data", core.OctetString)]  # noqa: RUF012


def new_signing_key() -> rsa.RSAPrivateKey:
    """Make an RSA-3072 key, which all programs that offices have can check."""
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def refuse_weak_passphrase(passphrase: str) -> None:
    """Raise `InputError` if a passphrase is too easily guessed."""
    if len(passphrase) < _SHORTEST or len(set(passphrase)) < 4:
        raise InputError(
            f"口令太短或太简单。请用至少 {_SHORTEST} 个字符，最好是几个不相干的词，例如“正确 马 电池 订书钉”。"
        )


def sealed(key: PrivateKeyTypes, passphrase: str, cost: int = SCRYPT_COST) -> bytes:
    """Return the key as encrypted PKCS#8 in PEM; `cost` is scrypt's N."""
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, start = os.urandom(16), os.urandom(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(_derived(passphrase, salt, cost)), modes.CBC(start)).encryptor()
    data = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    kdf = {
        "algorithm": _SCRYPT,
        "parameters": _ScryptParams({"salt": salt, "cost": cost, "block_size": 8, "parallelization": 1}),
    }
    params = _Pbes2Params({"kdf": kdf, "encryption": {"algorithm": _AES256_CBC, "parameters": core.OctetString(start)}})
    info = _EncryptedPrivateKeyInfo({"algorithm": {"algorithm": _PBES2, "parameters": params}, "data": data})
    armored: bytes = pem.armor("ENCRYPTED PRIVATE KEY", info.dump())
    return armored


def opened(data: bytes, passphrase: str) -> PrivateKeyTypes:
    """Return the key of its encrypted form; raise `PassphraseError` if the passphrase is not the one."""
    try:
        return serialization.load_pem_private_key(data, passphrase.encode())
    except (ValueError, TypeError) as error:
        raise PassphraseError(
            "口令不对，密钥没有打开。请再试；忘记口令时，请联系上级重新办理证书，数据不受影响。"
        ) from error


def fingerprint(key: PublicKeyTypes) -> str:
    """Return 30 decimal digits of the SHA-256 of the SubjectPublicKeyInfo in groups of five, to be compared by telephone."""
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    number = int.from_bytes(hashlib.sha256(spki).digest(), "big") % 10**_DIGITS
    digits = f"{number:0{_DIGITS}d}"
    return " ".join(digits[at : at + 5] for at in range(0, _DIGITS, 5))


def same_fingerprint(one: str, other: str) -> bool:
    """Tell whether two fingerprints are the same whatever stands between the digits."""
    first, second = ("".join(filter(str.isdecimal, text)) for text in (one, other))
    return len(first) == _DIGITS and first == second


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    derived: Any = Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
    return bytes(derived)
