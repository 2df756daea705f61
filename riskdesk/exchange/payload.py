"""What reports and answers say: JSON with a schema number; what newer programs add is kept, what older ones wrote is brought up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.canonical import canonical
from riskdesk.domain.revisions import Revision, RevisionState, revision_hash
from riskdesk.errors import InputError
from riskdesk.exchange.manifest import read_json
from riskdesk.exchange.refusal import Refusal

SCHEMA = 1
REPORT, ANSWER, ASSESSMENT = "data/records.json", "data/answer.json", "data/assessment.json"
T = TypeVar("T")

# by the schema that a payload has: makes that of the next schema of it; pure functions, never edited once shipped
UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
_TEXTS = ("object_id", "kind", "org", "reason", "author", "at", "hash")


@dataclass(frozen=True, slots=True)
class Report:
    """A sealed report of a period: its records as revision hashes in their order.

    `revisions` holds those that the sender made itself; the others lie in the packages inside. `late` says why it comes after the due
    date, `reason` why it follows an earlier one (更正). `sealed_at` is ISO 8601 with offset.
    """

    period: str
    kind: str
    number: int
    nil: bool
    sealed_at: str
    items: tuple[str, ...] = ()
    late: str = ""
    reason: str = ""
    person: str = ""
    phone: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A revision in a package that cannot be taken: its record's id as given ("" if none) and why."""

    object_id: str
    why: str


class Decision(StrEnum):
    """What the level above says of a record."""

    RECEIVED = "received"
    RETURNED = "returned"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Answered:
    """The decision on one record as it stood in the package (`revision` is the hash); a return has a reason."""

    record: str
    revision: str
    decision: Decision
    reason: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one package; of several to the same package the one with the greatest `number` counts."""

    package: str
    period: str
    number: int
    answered_at: str
    records: tuple[Answered, ...] = ()
    note: str = ""
    extra: str = ""


def report_to_bytes(report: Report, revisions: tuple[Revision, ...]) -> bytes:
    """Return the payload of a report."""
    steps = [_revision_to_json(step) for step in revisions]
    return canonical({"schema": SCHEMA, **to_body(report), "revisions": steps})


def report_from_bytes(data: bytes) -> tuple[Report, list[Revision | Rejected]]:
    """Return a report and its revisions, of which what they are about (`body`) is still to be read; raise `Refusal`."""
    return _with_revisions(Report, data)


def answer_to_bytes(answer: Answer, revisions: tuple[Revision, ...] = ()) -> bytes:
    """Return the payload of an answer; `revisions` are both versions of records that are returned because there are two."""
    steps = [_revision_to_json(step) for step in revisions]
    return canonical({"schema": SCHEMA, **to_body(answer), "revisions": steps})


def answer_from_bytes(data: bytes) -> tuple[Answer, list[Revision | Rejected]]:
    """Return an answer and the revisions in it; raise `Refusal`."""
    return _with_revisions(Answer, data)


def assessment_to_bytes(revisions: tuple[Revision, ...]) -> bytes:
    """Return the payload of an assessment: sheets, reviews, indicators as revisions."""
    return canonical({"schema": SCHEMA, "revisions": [_revision_to_json(step) for step in revisions]})


def assessment_from_bytes(data: bytes) -> list[Revision | Rejected]:
    """Return the revisions of an assessment; raise `Refusal`."""
    return _revisions(_read(data))


def _with_revisions(kind: type[T], data: bytes) -> tuple[T, list[Revision | Rejected]]:
    given = _read(data)
    return _typed(kind, {name: each for name, each in given.items() if name != "revisions"}), _revisions(given)


def _revisions(given: Mapping[str, Any]) -> list[Revision | Rejected]:
    steps = given.get("revisions", [])
    if not isinstance(steps, list):
        raise Refusal("payload", "revisions")
    return [_revision(each) for each in steps]


def _read(data: bytes) -> dict[str, Any]:
    """Return a payload as of the present schema, without its number."""
    given = read_json(data, "payload")
    schema = given.pop("schema", None)
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise Refusal("payload", "schema")
    if schema > SCHEMA:
        raise Refusal("too_new", str(schema))
    for older in range(schema, SCHEMA):
        given = UPGRADES[older](given)
    return given


def _typed(kind: type[T], given: dict[str, Any]) -> T:
    try:
        found = from_body(kind, given)
    except InputError as error:
        raise Refusal("payload", str(error)) from error
    if getattr(found, "number", 1) < 1:
        raise Refusal("payload", "number")
    return found


def _revision_to_json(step: Revision) -> dict[str, Any]:
    return {
        **{name: getattr(step, name) for name in _TEXTS},
        "rev_no": step.rev_no,
        "ancestors": list(step.ancestors),
        "state": str(step.state),
        "body": step.body,
    }


def _revision(given: Any) -> Revision | Rejected:
    object_id = given.get("object_id", "") if isinstance(given, dict) else ""
    try:
        step = Revision(
            **{name: _text(given[name]) for name in _TEXTS},
            rev_no=_number(given["rev_no"]),
            ancestors=tuple(_text(each) for each in given["ancestors"]),
            state=RevisionState(given["state"]),
            body=_object(given["body"]),
        )
        if revision_hash(step) != step.hash or step.ancestors != tuple(sorted(set(step.ancestors))):
            return Rejected(step.object_id, "内容与校验值不符")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Rejected(str(object_id), f"格式不对（{type(error).__name__}）")
    return step


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("object expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100_000:
        raise ValueError("number out of range")
    return value
