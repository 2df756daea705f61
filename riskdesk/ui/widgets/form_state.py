"""What the head of the form says became of the record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from riskdesk.domain.problems import Problem
from riskdesk.domain.revisions import heads
from riskdesk.services import entry
from riskdesk.services.desk import Desk
from riskdesk.ui.widgets.editing import Editing


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of the record when it was opened; not asked again at every key."""

    sealed: frozenset[str] = frozenset()
    forked: bool = False


def standing_of(desk: Desk, given: Editing) -> Standing:
    """Look up where the record stands."""
    if not given.object_id:
        return Standing()
    forked = len(heads(entry.history(desk, given.object_id))) > 1
    return Standing(frozenset(desk.submissions.sealed_of(given.object_id)), forked)


def state_of(given: Editing, standing: Standing, still_open: Collection[Problem]) -> tuple[str, str]:
    """Return the state in a word and the tone of its chip."""
    if given.draft_id:
        return "草稿", "grey"
    if not given.object_id:
        return "新", "grey"
    if standing.forked:
        return "有冲突", "red"
    if standing.sealed:
        return ("已封存", "blue") if given.base in standing.sealed else ("有更正", "amber")
    return ("待核", "amber") if still_open else ("已核", "green")
