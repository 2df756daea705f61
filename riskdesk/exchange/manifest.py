"""What a package says of itself: `manifest.json`, canonical JSON; its SHA-256 is the package's id."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.canonical import canonical
from riskdesk.errors import InputError
from riskdesk.exchange.refusal import Refusal

SCHEMA = 1
_DEEPEST = 64  # lists and objects in one another
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a character beyond the first 65,536
_LARGEST = 2**53 - 1  # RFC 8785: what every reader keeps exactly


class PackageKind(StrEnum):
    """What a package is for."""

    REPORT = "report"  # the sealed records of a period
    ANSWER = "answer"  # receipt, return, adoption
    REQUEST = "request"  # an office asks for its certificate
    ENROLMENT = "enrolment"  # the certificate, chain, lists and roster in return
    ASSESSMENT = "assessment"  # a station's sheet, what the offices above make of it, the indicators; yearly reports
    TRUST = "trust"  # newer revocation lists, roster, a new root


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head of a package.

    `uid` is a UUID; `number` counts an office's packages of one kind, period and addressee set from 1; `prev` is the id of the one before ("" for the
    first); `nil` says that there is nothing to report; `audit` is the head of the sender's audit log; `titles` are the file
    names that people know, by entry.
    """

    uid: str
    kind: PackageKind
    sender: str
    receivers: tuple[str, ...]
    created: str
    app: str
    period: str = ""
    number: int = 1
    nil: bool = False
    prev: str = ""
    audit: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    extra: str = ""

    @property
    def created_at(self) -> datetime:
        """When the sender's clock says that it was made."""
        return datetime.fromisoformat(self.created)

    def to_bytes(self) -> bytes:
        """Return the canonical form."""
        return canonical({"schema": SCHEMA, **to_body(self)})


def package_id(data: bytes) -> str:
    """Return the id of the package with these manifest bytes."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest of its bytes; raise `Refusal`."""
    given = read_json(data, "manifest")
    schema = given.pop("schema", None)
    if type(schema) is not int:  # True is one, too
        raise Refusal("manifest", "schema")
    if schema > SCHEMA:
        raise Refusal("too_new", str(schema))
    try:
        found = from_body(Manifest, given)
        if schema != SCHEMA or found.created_at.tzinfo is None or found.number < 1:
            raise Refusal("manifest", "schema, time or number")
    except (InputError, ValueError) as error:
        raise Refusal("manifest", str(error)) from error
    return found


def read_json(data: bytes, reason: str) -> dict[str, Any]:
    """Return a JSON object that has a canonical form: no doubled keys, no floating point numbers; raise `Refusal` with the reason."""
    try:
        given = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_float=_refused,
            parse_constant=_refused,
            parse_int=_integer,
        )
        if not isinstance(given, dict):
            raise Refusal(reason, "no object")
        _check_depth(given)
        _check_characters(data, given)
    except (ValueError, RecursionError) as error:
        raise Refusal(reason, str(error)[:200]) from error
    return given


def _distinct(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _refused(text: str) -> Any:
    raise ValueError(f"number {text[:40]}")


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST:
        raise ValueError("number too large")
    return number


_NESTED = (dict, list)  # a union would be asked twice as long


def _check_depth(value: Any) -> None:
    """Raise `ValueError` over nesting without end."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [
            item
            for each in level
            for item in (each.values() if isinstance(each, dict) else each)
            if isinstance(item, _NESTED)
        ]
        if not level:
            return
    raise ValueError("nested too deeply")


def _check_characters(data: bytes, value: Any) -> None:
    """Raise `ValueError` over half characters, which only an escape can bring into JSON in UTF-8."""
    if _HALF.search(data):
        json.dumps(value, ensure_ascii=False).encode("utf-8")
