"""Annex 2, the yearly report, as a PDF: cover, contents, the report with an outline, charts as vectors."""

from __future__ import annotations

from riskdesk.documents.annex2_flow import BOTTOM, LEADING, LEFT, PAGE, RIGHT, RISE, SIZE, TOP, WIDTH, Flow
from riskdesk.documents.annex2_texts import CONTENTS, Heading, day_text, file_day, items, lines, year_text
from riskdesk.documents.rendered import Rendered
from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Typeface, break_lines, visible, width_of
from riskdesk.documents.typesetting.canvas import PageCanvas, new_document
from riskdesk.domain.annual import AnnualReport
from riskdesk.domain.progress import Progress, silent

_TITLE, _TITLE_LEADING = 22.0, 36.0
_TITLE_Y, _UNIT_Y = PAGE[1] - 245.0, 245.0
_NUMBER = 14.0
_ENTRY, _ENTRY_LEADING = 14.0, 24.0
_NUMBER_ROOM = 36.0  # for dots and page number of an entry, at least


def render_pdf(report: AnnualReport, progress: Progress = silent) -> Rendered:
    """Return the report as a PDF; what no font can draw is 〓 on paper, and named at the end and in the warnings."""
    title = "".join(lines(report.title))
    with new_document(PAGE, title, report.unit, file_day(report)) as canvas:
        found = items(report)
        flow = Flow(found)
        flow.fill(report.unit, day_text(report), progress)
        _cover(canvas, report)
        _contents(canvas, [each for each in found if isinstance(each, Heading)], flow)
        for number, page in enumerate(flow.pages, 1):
            for command in page:
                command(canvas)
            _page_number(canvas, number)
            canvas.end_page()
        return Rendered(canvas.finish(), _warnings(flow), canvas.page - 1)


def laid_out(report: AnnualReport, spare: float = 0.0) -> Flow:
    """Return where everything stands if so many points are left free on every page: the pages of headings, order and heights of figures."""
    with new_document(PAGE, "", "", file_day(report)):  # the fonts serve one document at a time
        flow = Flow(items(report), spare)
        flow.fill(report.unit, day_text(report), silent)
        return flow


def _cover(canvas: PageCanvas, report: AnnualReport) -> None:
    y = _TITLE_Y
    for line in break_lines(fonts.title(), report.title, _TITLE, WIDTH):
        canvas.line(PAGE[0] / 2, y, line, _TITLE, align="centre")
        y -= _TITLE_LEADING
    canvas.text(PAGE[0] / 2, y - 8, year_text(report), fonts.serif(), SIZE, align="centre")
    y = _UNIT_Y
    for text in (report.unit, day_text(report)):
        for line in break_lines(fonts.serif(), text, SIZE, WIDTH):
            canvas.line(PAGE[0] / 2, y, line, SIZE, align="centre")
            y -= LEADING
    canvas.end_page()


def _contents(canvas: PageCanvas, headings: list[Heading], flow: Flow) -> None:
    canvas.text(PAGE[0] / 2, TOP - 28, "　".join(CONTENTS), fonts.sans(), SIZE, align="centre")
    y = TOP - 44
    sans, serif = fonts.sans(), fonts.serif()
    for each in headings:
        indent = 2 * _ENTRY * (each.level - 1)
        face: Typeface = sans if each.level == 1 else serif
        broken = break_lines(face, each.text, _ENTRY, WIDTH - indent - _NUMBER_ROOM)
        if y - len(broken) * _ENTRY_LEADING < BOTTOM:
            canvas.end_page()
            y = TOP
        canvas.link(each.name, LEFT, y - len(broken) * _ENTRY_LEADING, WIDTH, len(broken) * _ENTRY_LEADING)
        for line in broken:
            y -= _ENTRY_LEADING
            baseline = y + _ENTRY_LEADING / 2 - RISE * _ENTRY
            canvas.line(LEFT + indent, baseline, line, _ENTRY)
        start = LEFT + indent + width_of(visible(broken[-1])) * _ENTRY
        _leader(canvas, serif, start, baseline, str(flow.places[each.name]))
    canvas.end_page()


def _leader(canvas: PageCanvas, face: Typeface, start: float, y: float, number: str) -> None:
    """Write dots and the number of a page behind an entry."""
    end = RIGHT - width_of(face.glyphs(number)) * _ENTRY
    [dot] = face.glyphs(".")
    count = int((end - start - 8) / (dot.width * _ENTRY))
    canvas.line(end - 4, y, [dot] * count, _ENTRY, align="right")
    canvas.text(RIGHT, y, number, face, _ENTRY, align="right")


def _page_number(canvas: PageCanvas, number: int) -> None:
    """Write the number at the foot, on odd pages right, on even ones left, a character from the edge."""
    y = BOTTOM - 7 * 72 / 25.4 - 10
    text = f"— {number} —"
    if number % 2:
        canvas.text(RIGHT - _NUMBER, y, text, fonts.serif(), _NUMBER, align="right")
    else:
        canvas.text(LEFT + _NUMBER, y, text, fonts.serif(), _NUMBER)


def _warnings(flow: Flow) -> tuple[str, ...]:
    missing = flow.missing()
    if not missing:
        return ()
    named = "、".join(f"{char} U+{ord(char):04X}" if char.isprintable() else f"U+{ord(char):04X}" for char in missing)
    return (f"字库缺少 {len(missing)} 个字符，页面上以“〓”代替：{named}。",)
