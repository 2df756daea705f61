"""A monitoring station's sheet of a year: what it says of itself (自评), what the city (初核) and the province (验收) make of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.records import Attachment
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import Indicator, Template, template_of
from riskdesk.errors import InputError

SCHEMA = 1
YEARS = range(2000, 2100)
_POINTS = re.compile(r"[0-9]{1,4}([.][0-9]{1,2})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Column(StrEnum):
    """Whose points: 自评、市局初核、省局验收."""

    SELF = "self"
    CITY = "city"
    PROVINCE = "province"


COLUMN_TITLES: Mapping[Column, str] = {Column.SELF: "自评", Column.CITY: "市局初核", Column.PROVINCE: "省局验收"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the station's own data say to an indicator; `answer` is None where they cannot tell.

    `text` says how it was counted, `behind` are the ids of the records that were counted; reports are named in the text.
    """

    answer: Answer | None
    text: str
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves something; `of` is which of the required ones it is, "" for another."""

    attachment: Attachment
    of: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the station fills in for one indicator: its answer, what was computed, and why it says something else."""

    answer: Answer | None = None
    computed: Answer | None = None
    reason: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A station's sheet of a year; it keeps the template it is filled by, as JSON values, whatever becomes of the template."""

    station: str
    unit: str
    year: int
    template_data: Mapping[str, Any]
    filled: Mapping[str, Filled] = field(default_factory=dict)
    vetoes: tuple[str, ...] = ()

    @property
    def template(self) -> Template:
        """The template it is filled by."""
        return template_of(self.template_data)

    def of(self, code: str) -> Filled:
        """Return what is filled in for an indicator."""
        return self.filled.get(code, Filled())

    def with_filled(self, code: str, filled: Filled) -> Sheet:
        """Return the sheet with one indicator filled in; raise `InputError` if its rule wants another answer."""
        indicator = self.template.indicator(code)
        if filled.answer is not None:
            try:
                indicator.rule.points(filled.answer)
            except InputError as error:
                raise InputError(f"指标 {code} {indicator.name}：{error}") from error
        return replace(self, filled={**self.filled, code: filled})

    def points(self) -> dict[str, Decimal | None]:
        """Return the points of every indicator, None for what is not answered."""
        return {
            each.code: None if (answer := self.of(each.code).answer) is None else each.rule.points(answer)
            for each in self.template.indicators
        }

    def missing(self) -> list[str]:
        """Return what is still to be filled in, for people."""
        return [
            f"{each.code} {each.name}：{what}" for each in self.template.indicators for what in self._missing(each.code)
        ]

    def _missing(self, code: str) -> Iterator[str]:
        filled, indicator = self.of(code), self.template.indicator(code)
        if filled.answer is None:
            yield "还没有填写"
        elif filled.computed is not None and filled.answer != filled.computed and not filled.reason.strip():
            yield "填写的与系统计算的不同，请说明理由"
        have = {each.of for each in filled.evidence if each.attachment.size}
        if lacking := [each for each in indicator.evidence if each not in have and "由系统生成" not in each]:
            yield f"缺少证明材料“{'”“'.join(lacking)}”"


@dataclass(frozen=True, slots=True)
class Judged:
    """The points that an office above gives to one indicator, and why they differ from what was said before."""

    points: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What the city or the province makes of one version of a sheet (`revision` is its hash); `returned` says by indicator what is to be mended."""

    sheet: str
    revision: str
    column: Column
    judged: Mapping[str, Judged] = field(default_factory=dict)
    returned: Mapping[str, str] = field(default_factory=dict)
    vetoes: tuple[str, ...] = ()
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a column comes to: the total so far, the grade ("" while something is missing), and what decides it besides points."""

    total: Decimal
    grade: str
    is_complete: bool
    decided_by: str = ""


def result(template: Template, points: Mapping[str, Decimal | None], vetoes: Iterable[str] = ()) -> Result:
    """Return what the points of a column come to.

    A veto decides alone. A critical indicator without any points leaves at most the grade before the last.
    """
    total = sum((each for each in points.values() if each is not None), Decimal(0))
    is_complete = all(points.get(each.code) is not None for each in template.indicators)
    hit = [each for each in template.vetoes if each.code in set(vetoes)]
    if hit:
        return Result(total, hit[0].result, is_complete, f"否决项 {hit[0].code}：{hit[0].text}")
    if not is_complete:
        return Result(total, "", is_complete)
    names = [each.name for each in template.grades]
    grade = template.grade(total)
    failed = [each for each in template.indicators if each.critical and not points[each.code]]
    if failed and len(names) > 1 and names.index(grade) < len(names) - 2:
        return Result(total, names[-2], is_complete, f"关键指标 {failed[0].code} {failed[0].name} 得 0 分")
    return Result(total, grade, is_complete)


def reviewed_points(review: Review, template: Template) -> dict[str, Decimal | None]:
    """Return the points of every indicator in a review, None for what is not judged."""
    found = {each.code: review.judged.get(each.code) for each in template.indicators}
    return {code: None if judged is None else judged.points for code, judged in found.items()}


def judge(review: Review, indicator: Indicator, given: Judged, before: Decimal | None) -> Review:
    """Return the review with the points of one indicator, which had `before` in the column before.

    Raises `InputError` beyond the maximum, or without a reason for a difference.
    """
    if not given.points.is_finite() or not 0 <= given.points <= indicator.max_points:
        raise InputError(f"指标 {indicator.code} {indicator.name} 的得分应在 0 到 {indicator.max_points} 之间。")
    if not _POINTS.fullmatch(_plain(given.points)):
        raise InputError(f"指标 {indicator.code} {indicator.name} 的得分最多保留两位小数。")
    if given.points != before and not given.reason.strip():
        known = "未填" if before is None else f"{before.normalize():f}"
        raise InputError(f"指标 {indicator.code} {indicator.name} 的得分与上一栏（{known}）不同，请写明理由。")
    returned = {code: why for code, why in review.returned.items() if code != indicator.code}
    return replace(review, judged={**review.judged, indicator.code: given}, returned=returned)


def check_limits(review: Review, template: Template) -> None:
    """Raise `InputError` for a review that gives what the template does not know, or more than it allows."""
    for code in (*review.judged, *review.returned):
        template.indicator(code)
    for code, judged in review.judged.items():
        indicator = template.indicator(code)
        if judged.points > indicator.max_points:
            raise InputError(f"指标 {code} {indicator.name} 的得分应在 0 到 {indicator.max_points} 之间。")
    if strangers := set(review.vetoes) - {each.code for each in template.vetoes}:
        raise InputError(f"模板中没有否决项“{'、'.join(sorted(strangers))}”。")
    if not all(reason.strip() for reason in review.returned.values()):
        raise InputError("退回的指标没有写明原因。")


def check_review(review: Review, sheet: Sheet) -> None:
    """Raise `InputError` for a review that the version of the sheet which it is about does not allow."""
    check_limits(review, sheet.template)
    own = sheet.points()
    silent = [
        code for code, judged in review.judged.items() if judged.points != own[code] and not judged.reason.strip()
    ]
    if review.column is Column.CITY and silent:
        raise InputError(f"指标 {silent[0]} 的得分与自评不同，但没有写明理由。")


def give_back(review: Review, indicator: Indicator, reason: str) -> Review:
    """Return the review with one indicator given back to the station; raise `InputError` without a reason."""
    if not reason.strip():
        raise InputError(f"退回指标 {indicator.code} {indicator.name} 请写明原因。")
    points = {code: each for code, each in review.judged.items() if code != indicator.code}
    return replace(review, judged=points, returned={**review.returned, indicator.code: reason.strip()})


def sheet_to_body(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet as JSON values."""
    return {
        "schema": SCHEMA,
        "station": sheet.station,
        "unit": sheet.unit,
        "year": sheet.year,
        "template": dict(sheet.template_data),
        "filled": {code: _filled_to_body(each) for code, each in sheet.filled.items()},
        "vetoes": list(sheet.vetoes),
    }


def sheet_from_body(body: Mapping[str, Any]) -> Sheet:
    """Return the sheet of its JSON values; raise `InputError`."""
    try:
        return Sheet(
            _text(body["station"]),
            _text(body["unit"]),
            _year(body["year"]),
            dict(body["template"]),
            {code: _filled_from_body(each) for code, each in body["filled"].items()},
            tuple(map(_text, body["vetoes"])),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"自评表的数据不完整：{error}") from error


def review_to_body(review: Review) -> dict[str, Any]:
    """Return the review as JSON values."""
    return {
        "schema": SCHEMA,
        "sheet": review.sheet,
        "revision": review.revision,
        "column": str(review.column),
        "judged": {
            code: {"points": _plain(each.points), "reason": each.reason} for code, each in review.judged.items()
        },
        "returned": dict(review.returned),
        "vetoes": list(review.vetoes),
        "conclusion": review.conclusion,
    }


def review_from_body(body: Mapping[str, Any]) -> Review:
    """Return the review of its JSON values; raise `InputError`."""
    try:
        return Review(
            _text(body["sheet"]),
            _text(body["revision"]),
            Column(body["column"]),
            {code: Judged(_points(each["points"]), _text(each["reason"])) for code, each in body["judged"].items()},
            {code: _text(reason) for code, reason in body["returned"].items()},
            tuple(map(_text, body["vetoes"])),
            _text(body["conclusion"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"核验表的数据不完整：{error}") from error


def _filled_to_body(filled: Filled) -> dict[str, Any]:
    body: dict[str, Any] = {"reason": filled.reason, "note": filled.note}
    if filled.answer is not None:
        body["answer"] = filled.answer.to_body()
    if filled.computed is not None:
        body["computed"] = filled.computed.to_body()
    body["evidence"] = [{"of": each.of, "attachment": to_body(each.attachment)} for each in filled.evidence]
    return body


def _filled_from_body(body: Mapping[str, Any]) -> Filled:
    return Filled(
        Answer.from_body(body["answer"]) if "answer" in body else None,
        Answer.from_body(body["computed"]) if "computed" in body else None,
        _text(body["reason"]),
        _text(body["note"]),
        tuple(Evidence(_attachment(each["attachment"]), _text(each["of"])) for each in body["evidence"]),
    )


def _attachment(body: Mapping[str, Any]) -> Attachment:
    found = from_body(Attachment, body)
    if not _SHA256.fullmatch(found.sha256):
        raise ValueError("SHA-256 expected")
    return found


def _year(value: Any) -> int:
    if type(value) is not int or value not in YEARS:
        raise ValueError("year expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _points(value: Any) -> Decimal:
    if not _POINTS.fullmatch(_text(value)):
        raise ValueError("points expected")
    return Decimal(value)


def _plain(points: Decimal) -> str:
    return f"{points:f}"
