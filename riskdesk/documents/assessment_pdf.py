"""A station's sheet of self-assessment and acceptance on paper, with room to sign and stamp."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from riskdesk.documents.assessment_texts import HEADS, SIGNATURES, AssessmentForm
from riskdesk.documents.typesetting.sheet import WIDTH, Column, new_sheet

_WIDTHS: Final = (96.0, 34.0, 36.0, 36.0, 36.0)
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
        for title, rows in _parts(form):
            sheet.table(_COLUMNS, HEADS, rows, title)
        sheet.space(8)
        for note in form.notes():
            sheet.paragraph(note, 10.5)
        sheet.space(16)
        sheet.boxes(SIGNATURES)
        return sheet.finish()


def _parts(form: AssessmentForm) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Give the rows of each dimension with its title; the totals follow the last."""
    title, rows = "", list[tuple[str, ...]]()
    for row in form.rows():
        if len(row) > 1:
            rows.append(row)
            continue
        if rows:
            yield title, rows
        title, rows = row[0], []
    yield title, rows
