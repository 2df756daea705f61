"""What becomes of the revisions in a package, against those that are here: a judgement over sets, whatever their order."""

from __future__ import annotations

from collections.abc import Sequence

from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import Revision, heads


def judge_revision(step: Revision, known: Sequence[Revision]) -> Outcome:
    """Return what taking a revision would mean for its object, of which `known` are the revisions here.

    Older never overwrites newer: what something here follows is stale. What follows all heads updates; what follows only some, or none,
    is a fork for a person. Only the office of origin revises its object.
    """
    if not known:
        return Outcome.NEW
    if any(each.hash == step.hash for each in known):
        return Outcome.SAME
    if any((each.org, each.kind) != (step.org, step.kind) for each in known):
        return Outcome.REJECTED
    if any(step.hash in each.ancestors for each in known):
        return Outcome.STALE
    if all(each.hash in step.ancestors for each in heads(known)):
        return Outcome.UPDATED
    return Outcome.CONFLICT
