"""People's copies of a yearly report, which lie in its package beside what programs read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.revisions import Revision
from riskdesk.files import safe_name
from riskdesk.services import annual


def copies(steps: Sequence[Revision], progress: Progress = silent) -> Iterator[tuple[str, bytes, str]]:
    """Give entry, content and name for people of the report that stands last among the revisions; nothing if there is none.

    It bears the day on which that version was made, unless it has one of its own.
    """
    kept = next((annual.kept_of(step) for step in reversed(steps) if step.kind == annual.KIND), None)
    if kept is None:
        return
    report = replace(kept.report, day=kept.report.day or kept.at[:10])
    from riskdesk.documents.annex2_docx import render_docx
    from riskdesk.documents.annex2_pdf import render_pdf

    name = safe_name(f"{report.unit}_{report.year}_{report.product}质量安全形势专题分析报告")
    for ending, render in (("docx", render_docx), ("pdf", render_pdf)):
        yield f"report/annex2.{ending}", render(report, progress).data, f"{name}.{ending}"
