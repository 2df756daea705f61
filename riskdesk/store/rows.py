"""A revision as the values of a table row and back; shared by what reads through SQLite and what reads raw pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from riskdesk.domain.revisions import Revision, RevisionState, revision_hash, written

REVISION_COLUMNS = "hash, object_id, kind, org, rev_no, state, reason, ancestors, body, author, at"


def revision_to_row(step: Revision) -> tuple[Any, ...]:
    """Return the values in the order of `REVISION_COLUMNS`; raise `ValueError` if the hash does not stand for what the revision says."""
    ancestors, body, proved = written(step)
    if proved != step.hash:
        raise ValueError("not what its hash stands for")
    return (
        step.hash,
        step.object_id,
        step.kind,
        step.org,
        step.rev_no,
        str(step.state),
        step.reason,
        ancestors,
        body,
        step.author,
        step.at,
    )


def revision_from_row(row: Sequence[Any]) -> Revision:
    """Return the revision of the values; raise `ValueError` if they cannot be one."""
    try:
        return _revision(row)
    except (TypeError, RecursionError) as error:
        raise ValueError("not a revision") from error


def _revision(row: Sequence[Any]) -> Revision:
    own_hash, object_id, kind, org, rev_no, state, reason, ancestors, body, author, at = row
    return Revision(
        object_id=object_id,
        kind=kind,
        org=org,
        rev_no=rev_no,
        ancestors=tuple(json.loads(ancestors)),
        state=RevisionState(state),
        reason=reason,
        body=json.loads(body),
        author=author,
        at=at,
        hash=own_hash,
    )


def proved_revision(row: Sequence[Any]) -> Revision | None:
    """Return the revision of the values if its hash proves it, else None."""
    try:
        step = revision_from_row(row)
        return step if revision_hash(step) == step.hash else None
    except (ValueError, TypeError, RecursionError):  # nothing that could ever have been hashed
        return None
