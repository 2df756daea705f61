"""A station's sheet of self-assessment and acceptance on paper, with room to sign and stamp."""

from __future__ import annotations

from typing import Final

from riskdesk.documents.assessment_texts import HEADS, AssessmentForm
from riskdesk.documents.typesetting.sheet import WIDTH, Column, new_sheet

_WIDTHS: Final = (112.0, 38.0, 44.0, 44.0, 44.0)
_COLUMNS: Final = (
    Column(_WIDTHS[0]),
    *(Column(width, "centre") for width in _WIDTHS[1:]),
    Column(WIDTH - sum(_WIDTHS)),
)


def render_pdf(form: AssessmentForm) -> bytes:
    """Return the sheet as a PDF."""
    with new_sheet(form.title, form.sheet.unit, form.today, f"{form.sheet.year}年度自评与验收表") as sheet:
        sheet.title(form.title)
        for line in form.heading:
            sheet.paragraph(line, 10.5)
        rows: list[tuple[str, ...]] = []
        for row in form.rows():
            if len(row) > 1:
                rows.append(row)
                continue
            if rows:
                sheet.table(_COLUMNS, HEADS, rows)
            sheet.heading(row[0])
            rows = []
        sheet.table(_COLUMNS, HEADS, rows)
        sheet.space(8)
        for note in form.notes():
            sheet.paragraph(note, 10.5)
        sheet.space(16)
        sheet.boxes(("监测站（签字、盖章）", "市局初核（签字、盖章）", "省局验收（签字、盖章）"))
        return sheet.finish()
