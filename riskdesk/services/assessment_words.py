"""What a version of a sheet, a review, the indicators or a yearly report is called, and what it comes to, in short."""

from __future__ import annotations

from decimal import Decimal

from riskdesk.domain.annual import AnnualReport
from riskdesk.domain.assessment import COLUMN_TITLES, result, review_from_body, sheet_from_body
from riskdesk.domain.assessment_difference import Difference
from riskdesk.domain.revisions import Revision
from riskdesk.domain.station_template import template_of
from riskdesk.domain.titles import EMPTY
from riskdesk.errors import InputError
from riskdesk.services import annual
from riskdesk.services.assessing import REVIEW, SHEET, TEMPLATE

_UNKNOWN = "自评材料"


def title(step: Revision | None) -> str:
    """Return what a version is called in lists."""
    if step is None:
        return _UNKNOWN
    try:
        if step.kind == SHEET:
            return f"{sheet_from_body(step.body).year}年自评表"
        if step.kind == REVIEW:
            return COLUMN_TITLES[review_from_body(step.body).column]
        if step.kind == annual.KIND:
            return report_title(annual.kept_of(step).report)
    except InputError:
        return _UNKNOWN
    return "指标模板" if step.kind == TEMPLATE else _UNKNOWN


def told(step: Revision) -> str:
    """Return what a version comes to."""
    try:
        if step.kind == SHEET:
            sheet = sheet_from_body(step.body)
            missing = len(sheet.missing())
            outcome = result(sheet.template, sheet.points(), sheet.vetoes)
            return f"自评 {points_text(outcome.total)} 分，{outcome.grade or '没有填完'}" + (
                f"，还缺 {missing} 项" if missing else ""
            )
        if step.kind == REVIEW:
            review = review_from_body(step.body)
            return f"核验 {len(review.judged)} 项，退回 {len(review.returned)} 项。{review.conclusion}"
        if step.kind == annual.KIND:
            return _report_told(annual.kept_of(step).report)
        return f"第 {template_of(step.body['template']).version} 版" if step.kind == TEMPLATE else ""
    except (InputError, KeyError):
        return ""


def points_text(points: Decimal | None) -> str:
    """Return points for people, without idle zeros."""
    return EMPTY if points is None else f"{points.normalize():f}"


def change_words(found: Difference) -> str:
    """Return what an indicator said before and says after."""
    return "；".join(
        f"{each.what} {each.before or each.after}"
        if each.what.endswith("材料")
        else f"{each.what} {each.before or EMPTY} → {each.after or EMPTY}"
        for each in found.changes
    )


def report_title(report: AnnualReport) -> str:
    """Return what a yearly report is called, with who reports."""
    return f"{report.year}年{report.product}专题分析报告（{report.unit}）"


def _report_told(report: AnnualReport) -> str:
    written, to_do = sum(bool(each.text.strip()) for each in report.sections), len(report.to_do())
    told = f"{len(report.sections)} 个小节中 {written} 个有文字"
    return told + (f"，待办 {to_do} 项" if to_do else "，没有待办")
