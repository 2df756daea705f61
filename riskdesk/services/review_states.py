"""How the indicators of a sheet stand with those who judge it: agreed, given back, or gone on since; and what the station is to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from riskdesk.domain.assessment import COLUMN_TITLES, Column, Result, Review, Sheet, review_from_body
from riskdesk.domain.assessment_difference import Difference, differences
from riskdesk.services import reviewing
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed, GivenBack


class JudgedState(Enum):
    """How an indicator stands in one office's column."""

    UPDATED = auto()  # the station changed it since this office spoke of it
    RETURNED = auto()
    RETURNED_ELSEWHERE = auto()  # by another office
    AGREED = auto()
    CHANGED = auto()  # other points than in the column before
    BLANK = auto()  # the station says nothing
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the province accepted; `is_changed` if the station went on since, `codes` are the indicators that say something else."""

    result: Result
    is_changed: bool
    codes: tuple[str, ...]


def updated(desk: Desk, seen: Assessed, column: Column) -> dict[str, Difference]:
    """Return by indicator what the station changed since the office of a column spoke of it last, or began if it never did."""
    known, now = seen.reviews.get(column), seen.kept.sheet
    if known is None:
        return {}
    looked_at = _looked_at(desk, known.id, [each.code for each in now.template.indicators])
    found: dict[str, Difference] = {}
    for revision in set(looked_at.values()) - {seen.kept.revision}:
        if (before := reviewing.sheet_version(desk, seen.kept.id, revision)) is not None:
            changes = {each.code: each for each in differences(before, now)}
            codes = [code for code, at in looked_at.items() if at == revision and code in changes]
            found |= {code: changes[code] for code in codes if not reviewing.says_the_same(before, now, code)}
    return {code: found[code] for code in looked_at if code in found}


def states(desk: Desk, seen: Assessed, column: Column) -> dict[str, JudgedState]:
    """Return how every indicator stands in a column."""
    known, sheet = seen.reviews.get(column), seen.kept.sheet
    review = known.review if known else Review("", "", column)
    changed, own = updated(desk, seen, column), sheet.points()
    others = {
        code
        for code, each in reviewing.given_back(desk, seen).items()
        if any(one.column is not column and not one.is_mended for one in each)
    }
    before = seen.points(Column.CITY) if column is Column.PROVINCE else {}

    def state(code: str) -> JudgedState:
        if code in changed:
            return JudgedState.UPDATED
        if code in review.returned:
            return JudgedState.RETURNED
        if code in review.judged:
            said = own[code] if before.get(code) is None else before[code]
            return JudgedState.AGREED if review.judged[code].points == said else JudgedState.CHANGED
        if code in others:
            return JudgedState.RETURNED_ELSEWHERE
        return JudgedState.BLANK if own[code] is None else JudgedState.OPEN

    return {code: state(code) for code in own}


def to_mend(sheet: Sheet, given_back: Mapping[str, Sequence[GivenBack]]) -> list[str]:
    """Return what is still to be done to a sheet, for people: what was given back and is not mended, and what is missing."""
    missing = sheet.missing()
    told = []
    for each in sheet.template.indicators:
        start = f"{each.code} {each.name}："
        told += [
            f"{start}{COLUMN_TITLES[one.column]}退回，请补正：{one.reason}"
            for one in given_back.get(each.code, ())
            if not one.is_mended
        ]
        told += [one for one in missing if one.startswith(start)]
    return told


def accepted(desk: Desk, seen: Assessed) -> Accepted | None:
    """Return what the province accepted, None while it has not judged everything or wants something mended."""
    known, outcome = seen.reviews.get(Column.PROVINCE), seen.result(Column.PROVINCE)
    if known is None or outcome is None or not outcome.grade or known.review.returned:
        return None
    return Accepted(outcome, not seen.is_current(Column.PROVINCE), tuple(updated(desk, seen, Column.PROVINCE)))


def _looked_at(desk: Desk, review_id: str, codes: Sequence[str]) -> dict[str, str]:
    """Return by indicator the version of the sheet that a review spoke of last, or that it began with."""
    every = [review_from_body(step.body) for step in desk.revisions.of(review_id)]
    found = dict.fromkeys(codes, every[0].revision)
    for review in every:
        found |= dict.fromkeys((code for code in (*review.judged, *review.returned) if code in found), review.revision)
    return found
