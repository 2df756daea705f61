"""Revisions: the append-only, content-hashed steps of every object; merging offices is the union of their sets.

Heads of an object are its revisions that no other names as an ancestor; the winner is the head with the greatest
(rev_no, hash). More than one head is a fork for a person to decide. Neither order, nor repetition, nor grouping of what
arrives can matter, as all of this is computed from a set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from riskdesk.domain.canonical import canonical_text, canonical_texts, quoted


class RevisionState(StrEnum):
    """Whether the object is in use or in the bin (nothing is deleted for good)."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of one object.

    `ancestors` are the hashes of all revisions it follows, sorted; `org` the office of origin, the only one to revise the
    object; `body` JSON values that are never rewritten; `reason` why a sealed or withdrawn object changed, else "";
    `author` the person; `at` ISO 8601 with offset, for people only: nothing is ordered by it.
    """

    object_id: str
    kind: str
    org: str
    rev_no: int
    ancestors: tuple[str, ...]
    state: RevisionState
    reason: str
    body: dict[str, Any]
    author: str
    at: str
    hash: str


def revision(
    *,
    object_id: str,
    kind: str,
    org: str,
    body: dict[str, Any],
    author: str,
    at: datetime,
    parents: Iterable[Revision] = (),
    state: RevisionState = RevisionState.ACTIVE,
    reason: str = "",
) -> Revision:
    """Make the revision that follows `parents` (none: the first; several: it joins a fork)."""
    known = list(parents)
    ancestors = {parent.hash for parent in known}.union(*(parent.ancestors for parent in known))
    unhashed = Revision(
        object_id=object_id,
        kind=kind,
        org=org,
        rev_no=1 + max((parent.rev_no for parent in known), default=0),
        ancestors=tuple(sorted(ancestors)),
        state=state,
        reason=reason,
        body=body,
        author=author,
        at=at.isoformat(timespec="seconds"),
        hash="",
    )
    return replace(unhashed, hash=revision_hash(unhashed))


class Written(NamedTuple):
    """A revision written down: the canonical JSON of its ancestors and its body, and the hash that it must bear."""

    ancestors: str
    body: str
    hash: str


def written(step: Revision) -> Written:
    """Write a revision down; the hash is the SHA-256 of the canonical JSON of all its other fields."""
    ancestors, body = canonical_texts(step.ancestors), canonical_text(step.body)
    whole = (
        f'{{"ancestors":{ancestors},"at":{quoted(step.at)},"author":{quoted(step.author)},"body":{body}'
        f',"kind":{quoted(step.kind)},"object_id":{quoted(step.object_id)},"org":{quoted(step.org)}'
        f',"reason":{quoted(step.reason)},"rev_no":{step.rev_no:d},"state":{quoted(str(step.state))}}}'
    )
    return Written(ancestors, body, hashlib.sha256(whole.encode("utf-8")).hexdigest())


def revision_hash(step: Revision) -> str:
    """Return the hash that the revision must bear."""
    return written(step).hash


def heads(steps: Iterable[Revision]) -> list[Revision]:
    """Return the heads of one object, the winner first."""
    known = list(steps)
    superseded = {ancestor for step in known for ancestor in step.ancestors}
    return sorted(
        (step for step in known if step.hash not in superseded),
        key=lambda step: (step.rev_no, step.hash),
        reverse=True,
    )
