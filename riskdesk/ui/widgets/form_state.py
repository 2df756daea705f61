"""What the head of the form says became of the record: the words of the list, and a draft or new one besides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from riskdesk.domain.problems import Problem
from riskdesk.services.desk import Desk
from riskdesk.services.handed import returns_of
from riskdesk.services.overview import RecordState, state_of_record
from riskdesk.ui.models.record_table import STATES
from riskdesk.ui.widgets.editing import Editing

_AS_TYPED = (None, RecordState.UNCHECKED, RecordState.CHECKED)  # what is typed now decides


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of the record when it was opened, saved or handed on; not asked again at every key."""

    state: RecordState | None = None
    returned: str = ""  # who gave it back, and why


def standing_of(desk: Desk, given: Editing) -> Standing:
    """Look up where the record stands."""
    if not given.object_id:
        return Standing()
    returned = "\n".join(f"{each.office}退回：{each.reason}" for each in returns_of(desk, given.object_id))
    return Standing(state_of_record(desk, given.object_id), returned)


def state_in_words(given: Editing, standing: Standing, still_open: Collection[Problem]) -> tuple[str, str]:
    """Return the state in a word and the tone of its chip."""
    if given.draft_id:
        return "草稿", "grey"
    if not given.object_id:
        return "新", "grey"
    if standing.state in _AS_TYPED:
        return STATES[RecordState.UNCHECKED if still_open else RecordState.CHECKED]
    return STATES[standing.state]
