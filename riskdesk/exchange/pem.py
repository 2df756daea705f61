"""Certificates as text (PEM, RFC 7468), and back."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def to_pem(certificates: Iterable[bytes]) -> bytes:
    """Return certificates (DER) as one PEM file."""
    return b"".join(x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in certificates)
