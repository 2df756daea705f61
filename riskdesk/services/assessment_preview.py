"""What a sheet, a review or the indicators that came say, line by line, before they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riskdesk.domain.assessment import (
    COLUMN_TITLES,
    Review,
    Sheet,
    result,
    review_from_body,
    reviewed_points,
    sheet_from_body,
)
from riskdesk.domain.assessment_difference import Difference, differences
from riskdesk.domain.revisions import Revision
from riskdesk.domain.station_template import template_of
from riskdesk.errors import InputError
from riskdesk.services import reviewing
from riskdesk.services.assessing import REVIEW, SHEET, TEMPLATE, Kept
from riskdesk.services.assessment_words import change_words, points_text
from riskdesk.services.desk import Desk


def lines(desk: Desk, step: Revision | None) -> tuple[str, ...]:
    """Return what is to be said of a version, () for what is none of these."""
    if step is None:
        return ()
    try:
        if step.kind == SHEET:
            return tuple(_sheet_lines(desk, step))
        if step.kind == REVIEW:
            return tuple(_review_lines(desk, review_from_body(step.body)))
        if step.kind == TEMPLATE:
            made = template_of(step.body["template"])
            return (
                f"{made.title}，第 {made.version} 版，{len(made.indicators)} 项指标，满分 {points_text(made.total)} 分。",
            )
    except (InputError, KeyError):
        return ()
    return ()


def _sheet_lines(desk: Desk, step: Revision) -> Iterator[str]:
    sheet = sheet_from_body(step.body)
    outcome = result(sheet.template, sheet.points(), sheet.vetoes)
    yield f"单位：{sheet.unit}（{sheet.station}）　年度：{sheet.year} 年　修改人：{step.author}"
    decided = f"（{outcome.decided_by}）" if outcome.decided_by else ""
    yield f"自评合计 {points_text(outcome.total)} 分，{outcome.grade or '没有填完，还没有等级'}{decided}"
    if blank := [code for code, points in sheet.points().items() if points is None]:
        yield f"未填的指标 {len(blank)} 项：{'、'.join(blank)}"
    if missing := sheet.missing():
        yield f"还缺的内容 {len(missing)} 处。"
    if open_ := _still_returned(desk, step, sheet):
        yield f"退回后还没有补正的指标 {len(open_)} 项：{'、'.join(open_)}"
    yield from _changes(desk, step, sheet)


def _still_returned(desk: Desk, step: Revision, sheet: Sheet) -> list[str]:
    """Return which indicators were given back and say the same in this version."""
    known = next((each for each in reviewing.assessed(desk, sheet.year) if each.kept.id == step.object_id), None)
    if known is None:
        return []
    came = replace(known, kept=Kept(step.object_id, step.hash, step.author, step.at, sheet))
    return [code for code, each in reviewing.given_back(desk, came).items() if not all(one.is_mended for one in each)]


def _changes(desk: Desk, step: Revision, sheet: Sheet) -> Iterator[str]:
    here = [each for each in desk.revisions.tips(step.object_id) if each.kind == SHEET]
    if not here:
        return
    if any(each.hash == step.hash for each in here):
        yield "与本机现有的一版相同。"
        return
    found = differences(sheet_from_body(here[0].body), sheet)
    yield f"与本机现有的一版相比，{_count(found)}"
    yield from (f"{each.title}：{change_words(each)}" for each in found)


def _count(found: Sequence[Difference]) -> str:
    if not found:
        return "填写的内容没有变化。"
    return f"有变化的 {len(found)} 项：{'、'.join(each.code or each.title for each in found)}"


def _review_lines(desk: Desk, review: Review) -> Iterator[str]:
    title = COLUMN_TITLES[review.column]
    known = desk.revisions.by_hash(review.revision)
    if known is None or known.kind != SHEET:
        yield f"{title}：核验 {len(review.judged)} 项；对应的自评表还没有收到，不能算出合计。"
        yield from (f"退回 {code}：{reason}" for code, reason in review.returned.items())
    else:
        sheet = sheet_from_body(known.body)
        outcome = result(sheet.template, reviewed_points(review, sheet.template), review.vetoes)
        yield f"单位：{sheet.unit}（{sheet.station}）　年度：{sheet.year} 年"
        state = outcome.grade or f"核验了 {len(review.judged)} 项，还没有等级"
        yield f"{title}合计 {points_text(outcome.total)} 分，{state}"
        names = {each.code: each.name for each in sheet.template.indicators}
        yield from (f"退回 {code} {names.get(code, '')}：{reason}" for code, reason in review.returned.items())
        own = sheet.points()
        for code, judged in review.judged.items():
            if judged.points != own.get(code):
                was, now = points_text(own.get(code)), points_text(judged.points)
                yield f"{code} {names.get(code, '')}：自评 {was}，{title} {now}。{judged.reason}"
    if review.conclusion:
        yield f"意见：{review.conclusion}"
