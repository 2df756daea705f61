"""Encryption of packages on their way (age v1, X25519): to several offices, the sender, and the sender's paper recovery code.

A private key is kept like all others (keys.py) as an X25519 key; age writes the same 32 bytes in Bech32 (BIP 173).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from riskdesk.errors import InputError
from riskdesk.exchange.refusal import Refusal
from riskdesk.files import fault

HEADER = b"age-encryption.org/v1"
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_PREFIX = "age-secret-key-"


def new_identity() -> X25519PrivateKey:
    """Make a key to which others encrypt."""
    return X25519PrivateKey.generate()


def secret_text(identity: X25519PrivateKey) -> str:
    """Return the key as age writes it (AGE-SECRET-KEY-1…), for the paper."""
    data = [bit for byte in identity.private_bytes_raw() for bit in _bits(byte, 8)]
    data += [0] * (-len(data) % 5)
    groups = [int("".join(map(str, data[at : at + 5])), 2) for at in range(0, len(data), 5)]
    checked = [*groups, *_checksum(groups)]
    return f"{_PREFIX}1{''.join(_ALPHABET[each] for each in checked)}".upper()


def recipient(identity: X25519PrivateKey) -> str:
    """Return what others encrypt to (age1…)."""
    return str(_age(identity).to_public())


def encrypt(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file to all recipients, streaming; raise `InputError` naming a recipient that is none."""
    keys = []
    for text in recipients:
        try:
            keys.append(pyrage.x25519.Recipient.from_str(text))
        except pyrage.RecipientError as error:
            raise InputError(f"收件单位的加密公钥“{text[:12]}…”不对。请让该单位重新提交密钥登记。") from error
    try:
        with source.open("rb") as plain, target.open("wb") as secret:
            pyrage.encrypt_io(plain, secret, keys)
    except OSError as error:
        raise fault(target, error) from error


def encrypted_text(text: str, recipients: Sequence[str]) -> bytes:
    """Return a short text encrypted to recipients of ours."""
    keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    return bytes(pyrage.encrypt(text.encode(), keys))


def decrypted_text(data: bytes, secret: str) -> str:
    """Return a short text that was encrypted to the key written as age does; raise `Refusal` if it was not."""
    try:
        identity = pyrage.x25519.Identity.from_str("".join(secret.split()).upper())
        return bytes(pyrage.decrypt(data, [identity])).decode()
    except (pyrage.IdentityError, pyrage.DecryptError, UnicodeDecodeError) as error:
        raise Refusal("encryption", str(error)) from error


def identity_from(secret: str) -> X25519PrivateKey:
    """Return the key that age writes so; its checksum was looked at when age read it."""
    groups = [_ALPHABET.index(each) for each in secret.lower().removeprefix(f"{_PREFIX}1")[:-6]]
    bits = "".join(f"{group:05b}" for group in groups)
    return X25519PrivateKey.from_private_bytes(int(bits[:256], 2).to_bytes(32, "big"))


def is_encrypted(path: Path) -> bool:
    """Tell whether a file begins as an age file does."""
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def decrypt(source: Path, target: Path, identities: Sequence[X25519PrivateKey]) -> None:
    """Decrypt a file, streaming; raise `Refusal` if it is not for us or damaged, leaving nothing of it behind."""
    try:
        with source.open("rb") as secret, target.open("wb") as plain:
            pyrage.decrypt_io(secret, plain, [_age(each) for each in identities])
    except (pyrage.DecryptError, OSError) as error:  # damaged chunks are told as OSError, after a part was written
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:  # the machine's affair, not the file's
            raise fault(target, error) from error
        raise Refusal("encryption", str(error)) from error


def _age(identity: X25519PrivateKey) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(secret_text(identity))


def _bits(number: int, width: int) -> list[int]:
    return [number >> at & 1 for at in range(width - 1, -1, -1)]


def _checksum(data: Sequence[int]) -> list[int]:
    expanded = [ord(each) >> 5 for each in _PREFIX] + [0] + [ord(each) & 31 for each in _PREFIX]
    sum_ = _polymod([*expanded, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    return [sum_ >> 5 * (5 - at) & 31 for at in range(6)]


def _polymod(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate(_GENERATOR):
            check ^= generator if top >> at & 1 else 0
    return check
