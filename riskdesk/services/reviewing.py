"""市局初核 and 省局验收: what an office above makes of a station's sheet, indicator by indicator, with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.assessment import (
    COLUMN_TITLES,
    Column,
    Judged,
    Result,
    Review,
    Sheet,
    check_limits,
    check_review,
    give_back,
    judge,
    result,
    review_from_body,
    review_to_body,
    reviewed_points,
    sheet_from_body,
)
from riskdesk.domain.offices import OfficeLevel, Roster, spelling
from riskdesk.domain.revisions import Revision
from riskdesk.domain.text import clean
from riskdesk.errors import InputError, UsageError
from riskdesk.services import assessing
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.services.standing import own_tip
from riskdesk.store.ids import new_id

STRANGE_TEMPLATE = (
    "自评表所用的指标模板（第 {version} 版）与本机已知的各版都不一致，分值不能直接采信。请向省局核对模板。"
)
_FORKED = (
    "这份自评表有两个互不包含的版本（监测站可能恢复过备份），现在显示的是修改次数较多的一版。监测站核对后再修改一次并重新上报，"
    "两个版本就合在一起；监测站没有另一版的，请先用回执退回这份自评表。"
)
_OWN_FORKED = (
    "这份自评表有两个互不包含的版本（可能恢复过备份，或在两台电脑上填写过），现在显示的是修改次数较多的一版。请在“历次修改”中核对，"
    "再修改一次并重新上报，两个版本就合在一起。"
)
_REVIEW_FORKED = "{title}有两个互不包含的版本（填写单位可能恢复过备份），现在显示的是修改次数较多的一版。填写单位核对后再改一次并发送，两个版本就合在一起。"
_COLUMNS = {OfficeLevel.CITY: Column.CITY, OfficeLevel.PROVINCE: Column.PROVINCE}


@dataclass(frozen=True, slots=True)
class KeptReview:
    """A review as it is kept, by the office that made it."""

    id: str
    revision: str
    office: str
    at: str
    review: Review


@dataclass(frozen=True, slots=True)
class Assessed:
    """A station's sheet with what the offices above made of it, by column; `doubts` are what a person should know before relying on it."""

    kept: assessing.Kept
    reviews: Mapping[Column, KeptReview]
    doubts: tuple[str, ...] = ()

    def points(self, column: Column) -> dict[str, Decimal | None]:
        """Return the points of a column by indicator, None for what is not judged there."""
        sheet = self.kept.sheet
        if column is Column.SELF:
            return sheet.points()
        known = self.reviews.get(column)
        return reviewed_points(known.review, sheet.template) if known else dict.fromkeys(sheet.points())

    def result(self, column: Column) -> Result | None:
        """Return what a column comes to, None if nobody has filled it in."""
        if column is Column.SELF:
            return self.kept.result
        known = self.reviews.get(column)
        if known is None:
            return None
        return result(self.kept.sheet.template, self.points(column), known.review.vetoes)

    def is_current(self, column: Column) -> bool:
        """Tell whether a review is about the sheet as it stands, not about an earlier version."""
        known = self.reviews.get(column)
        return known is not None and known.review.revision == self.kept.revision


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What an office above wants mended in an indicator; `is_mended` once the station has changed it since."""

    column: Column
    reason: str
    is_mended: bool


def assessed(desk: Desk, year: int) -> list[Assessed]:
    """Return the sheets of a year that are here, one a station, with the reviews of the offices that each station reports to."""
    roster, reviews = roster_of(desk), _reviews(desk)
    by_station: dict[str, list[assessing.Kept]] = {}
    for kept in assessing.sheets(desk):
        if kept.sheet.year == year and kept.sheet.station in roster:
            by_station.setdefault(kept.sheet.station, []).append(kept)
    in_force = assessing.template_data(desk)
    found = []
    for station, several in by_station.items():
        latest = max(several, key=lambda each: (each.at, each.id))
        above = {office.code for office in roster.superiors(station, clock.today())}
        about = [each for each in reviews if each.review.sheet == latest.id and each.office in above]
        misfits = {each.id: _misfit(desk, each.review, latest.sheet) for each in about}
        forked = [COLUMN_TITLES[each.review.column] for each in about if len(desk.revisions.tips(each.id)) > 1]
        fitting = {each.review.column: each for each in about if not misfits[each.id]}
        doubts = [*_doubts(desk, roster, latest, len(several)), *filter(None, misfits.values())]
        doubts += [_REVIEW_FORKED.format(title=title) for title in forked]
        if latest.sheet.template_data != in_force and not assessing.is_known_template(desk, latest.sheet.template_data):
            doubts.append(STRANGE_TEMPLATE.format(version=latest.sheet.template.version))
        found.append(Assessed(latest, fitting, tuple(doubts)))
    return found


def _doubts(desk: Desk, roster: Roster, kept: assessing.Kept, several: int) -> Iterator[str]:
    sheet, name = kept.sheet, roster.office(kept.sheet.station).name
    named = roster.named(sheet.unit) if spelling(sheet.unit) != spelling(name) else None
    if named is not None and named.code != sheet.station:
        yield f"自评表写的单位是“{sheet.unit}”，签名的却是 {name}（{sheet.station}）。请向监测站核实。"
    if several > 1:
        yield f"本机有这个监测站同一年度的 {several} 份自评表（监测站可能重新建过），现在显示的是较晚的一份。"
    if len(desk.revisions.tips(kept.id)) > 1:
        yield _OWN_FORKED if sheet.station == desk.office.code else _FORKED


def _misfit(desk: Desk, review: Review, now: Sheet) -> str:
    """Return why a review is not used, "" if it fits the version that it is about, or if that is not here the sheet as it is `now`."""
    seen = sheet_version(desk, review.sheet, review.revision)
    try:
        check_limits(review, now.template) if seen is None else check_review(review, seen)
    except InputError as error:
        return f"收到的{COLUMN_TITLES[review.column]}与自评表不符，没有采用：{error}请让对方重新发送。"
    return ""


def sheet_version(desk: Desk, sheet: str, revision: str) -> Sheet | None:
    """Return a version of a sheet, None if that is not here or no version of it."""
    step = desk.revisions.by_hash(revision)
    if step is None or (step.kind, step.object_id) != (assessing.SHEET, sheet):
        return None
    return sheet_from_body(step.body)


def find(desk: Desk, year: int, station: str) -> Assessed:
    """Return a station's sheet of a year with its reviews; raise `InputError` if it is not here."""
    found = next((each for each in assessed(desk, year) if each.kept.sheet.station == station), None)
    if found is None:
        raise InputError(f"还没有收到 {station} 的 {year} 年自评表。")
    return found


def own(desk: Desk, year: int) -> Assessed:
    """Return this station's own sheet of a year with its reviews; raise `InputError` if there is none."""
    kept = assessing.find(desk, year)
    return next((each for each in assessed(desk, year) if each.kept.id == kept.id), Assessed(kept, {}))


def points_of_last_year(desk: Desk, seen: Assessed) -> dict[str, Decimal | None]:
    """Return what the same station gave itself in the year before, by indicator; nothing if that sheet is not here."""
    known = assessed(desk, seen.kept.sheet.year - 1)
    return next((each.kept.sheet.points() for each in known if each.kept.sheet.station == seen.kept.sheet.station), {})


def export(desk: Desk, seen: Assessed, folder: Path, formats: Sequence[str]) -> tuple[Path, ...]:
    """Write the sheet with all its columns as xlsx, pdf, or both, under names that no file bears yet."""
    reviews = {column: each.review for column, each in seen.reviews.items()}
    return assessing.export(desk, seen.kept, folder, formats, reviews)


def points(desk: Desk, seen: Assessed, code: str, given: Judged) -> Assessed:
    """Judge one indicator; raise `InputError` beyond its maximum, or without a reason for a difference from the column before."""
    column = own_column(desk)
    before = seen.points(Column.CITY)[code] if column is Column.PROVINCE and code in seen.points(Column.CITY) else None
    if before is None:
        before = seen.points(Column.SELF).get(code)
    said = replace(given, reason=clean(given.reason))
    review = judge(_begun(desk, seen, column), seen.kept.sheet.template.indicator(code), said, before)
    return _saved(desk, seen, review)


def returned(desk: Desk, seen: Assessed, code: str, reason: str) -> Assessed:
    """Give one indicator back to the station; raise `InputError` without a reason."""
    review = _begun(desk, seen, own_column(desk))
    return _saved(desk, seen, give_back(review, seen.kept.sheet.template.indicator(code), clean(reason)))


def accept_rest(desk: Desk, seen: Assessed) -> Assessed:
    """Take over the points of the column before for everything that is neither judged nor given back, here or there."""
    column = own_column(desk)
    review = _begun(desk, seen, column)
    own, city = seen.points(Column.SELF), seen.points(Column.CITY)
    waiting = {code for code, each in given_back(desk, seen).items() if any(not one.is_mended for one in each)}
    for code, said in own.items():
        known = city[code] if column is Column.PROVINCE and city[code] is not None else said
        if known is not None and code not in review.judged and code not in {*review.returned, *waiting}:
            review = replace(review, judged={**review.judged, code: Judged(known)})
    return _saved(desk, seen, review)


def conclude(desk: Desk, seen: Assessed, text: str) -> Assessed:
    """Write the opinion that stands below the sheet."""
    return _saved(desk, seen, replace(_begun(desk, seen, own_column(desk)), conclusion=clean(text)))


def veto(desk: Desk, seen: Assessed, codes: Sequence[str]) -> Assessed:
    """State which vetoes hold in this office's column; raise `InputError` for one that the template lacks."""
    vetoes = assessing.vetoes_of(seen.kept.sheet.template, codes)
    return _saved(desk, seen, replace(_begun(desk, seen, own_column(desk)), vetoes=vetoes))


def given_back(desk: Desk, seen: Assessed) -> dict[str, tuple[GivenBack, ...]]:
    """Return by indicator what was given back in the reviews that are here."""
    found: dict[str, tuple[GivenBack, ...]] = {}
    for column, known in seen.reviews.items():
        looked_at = sheet_version(desk, seen.kept.id, known.review.revision)
        for code, reason in known.review.returned.items():
            is_mended = looked_at is not None and not says_the_same(looked_at, seen.kept.sheet, code)
            found[code] = (*found.get(code, ()), GivenBack(column, reason, is_mended))
    return found


def own_column(desk: Desk) -> Column:
    """Return the column that this office fills in; raise `UsageError` if it has none."""
    column = _COLUMNS.get(OfficeLevel(desk.office.level))
    if column is None:
        raise UsageError("初核由市局填写，验收由省局填写。")
    return column


def _begun(desk: Desk, seen: Assessed, column: Column) -> Review:
    """Return the office's review to go on with, of the sheet as it stands now.

    What the station changed since and was given back is looked at anew; so are points that would now differ without a reason.
    """
    known = seen.reviews.get(column)
    if known is None:
        return Review(seen.kept.id, seen.kept.revision, column)
    before, now = sheet_version(desk, seen.kept.id, known.review.revision), seen.kept.sheet
    if known.review.revision == seen.kept.revision or before is None:
        return replace(known.review, revision=seen.kept.revision)
    own = now.points()
    judged = {
        code: each
        for code, each in known.review.judged.items()
        if says_the_same(before, now, code) or each.reason.strip() or each.points == own.get(code)
    }
    returned = {code: why for code, why in known.review.returned.items() if says_the_same(before, now, code)}
    return replace(known.review, revision=seen.kept.revision, judged=judged, returned=returned)


def says_the_same(one: Sheet, other: Sheet, code: str) -> bool:
    """Tell whether people say the same to an indicator in two versions, whatever was computed."""
    return replace(one.of(code), computed=None) == replace(other.of(code), computed=None)


def _saved(desk: Desk, seen: Assessed, review: Review) -> Assessed:
    known = seen.reviews.get(review.column)
    if known is not None and known.review == review:
        return seen
    object_id = known.id if known else _own_review(desk, seen, review.column) or new_id()
    tips = [each.hash for each in desk.revisions.tips(object_id)]
    if (known.revision not in tips) if known else tips:
        raise InputError(f"这份{COLUMN_TITLES[review.column]}在您填写期间已被修改，这次没有保存。请刷新后再填写。")
    step = assessing.step_of(desk, assessing.REVIEW, object_id, review_to_body(review))
    with desk.store.write(desk.office.person, "review assessment") as writing:
        writing.detail.update(review=object_id, revision=step.hash)
        desk.revisions.add(writing, [step])
    return replace(seen, reviews={**seen.reviews, review.column: _kept(step)})


def _own_review(desk: Desk, seen: Assessed, column: Column) -> str:
    """Return the id of the review of this office that is here by now, "" if there is none."""
    own = (each for each in _reviews(desk) if each.office == desk.office.code and each.review.column is column)
    return next((each.id for each in own if each.review.sheet == seen.kept.id), "")


def _reviews(desk: Desk) -> list[KeptReview]:
    own = desk.office.code
    steps = (
        own_tip(desk, desk.revisions.tips(each.object_id)) if each.org == own else each
        for each in desk.revisions.newest_of_kind(assessing.REVIEW)
    )
    return sorted(map(_kept, steps), key=lambda each: (each.at, each.id))


def _kept(step: Revision) -> KeptReview:
    return KeptReview(step.object_id, step.hash, step.org, step.at, review_from_body(step.body))
