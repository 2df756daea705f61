"""Distinguished names of offices: the way from the province down to the office *is* the name (X.501, RFC 5280).

The province is the organization (O), every level below it one organizational unit (OU), each as "code name"; a person is the
common name (CN). A certificate authority may issue only below its own name (see certificates.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

_LONGEST = 64  # characters, RFC 5280 appendix A


@dataclass(frozen=True, slots=True)
class Unit:
    """An office in a name."""

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"[:_LONGEST].strip()


def distinguished_name(path: Sequence[Unit], person: str = "") -> x509.Name:
    """Return the name of an office, whose `path` begins with the province, or of a person in it."""
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")]
    for number, unit in enumerate(path):
        kind = NameOID.ORGANIZATIONAL_UNIT_NAME if number else NameOID.ORGANIZATION_NAME
        parts.append(x509.NameAttribute(kind, str(unit)))
    if person:
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, _cut(person)))
    return x509.Name(parts)


def _cut(person: str) -> str:
    """The library counts the bytes of a common name."""
    return person.encode()[:_LONGEST].decode(errors="ignore")


def path_of(name: x509.Name) -> tuple[Unit, ...]:
    """Return the offices in a name, the province first; empty if it is no name of ours."""
    wanted = (NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
    texts = [str(part.value) for part in name if part.oid in wanted]
    return tuple(Unit(code, rest) for code, _, rest in (text.partition(" ") for text in texts))


def person_of(name: x509.Name) -> str:
    """Return the person in a name, "" for an office's own."""
    return next((str(part.value) for part in name if part.oid == NameOID.COMMON_NAME), "")
