"""The one way to write a value down for hashing: canonical JSON (RFC 8785 for the values used here) and SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
quoted = json.encoder.encode_basestring  # a text as it stands in canonical JSON


def canonical(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces.

    Only objects, arrays, strings, integers, booleans and null occur in riskdesk's data, and keys are ASCII: for these the
    result is that of RFC 8785. A float is a bug and raises `TypeError`.
    """
    return canonical_text(value).encode("utf-8")


def canonical_text(value: Any) -> str:
    """Return the canonical form as text."""
    _refuse_floats(value)
    return _ENCODER.encode(value)


def canonical_texts(texts: Iterable[str]) -> str:
    """Return the canonical form of a list of texts, which hold nothing else that would have to be looked for."""
    return f"[{','.join(map(quoted, texts))}]"


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse_floats(value: Any) -> None:
    level = [value]
    while level:
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, float):
                raise TypeError("floating point numbers have no canonical form here")
            if isinstance(item, dict):
                deeper += [each for each in item.values() if type(each) is not str]  # most are texts
            elif isinstance(item, list | tuple):
                deeper += [each for each in item if type(each) is not str]
        level = deeper
