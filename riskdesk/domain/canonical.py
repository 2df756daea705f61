"""The one way to write a value down for hashing: canonical JSON (RFC 8785 for the values used here) and SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces.

    Only objects, arrays, strings, integers, booleans and null occur in riskdesk's data, and keys are ASCII: for these the
    result is that of RFC 8785. A float is a bug and raises `TypeError`.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floating point numbers have no canonical form here")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
