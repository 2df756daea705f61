"""What charts are made of: frame with title, unit and legend, texts that the font can draw, boxes, lines, marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.pdfbase.pdfmetrics import stringWidth

from riskdesk.documents.typesetting import fonts
from riskdesk.domain.blocks import Chart, ChartKind

FONT: Final = fonts.SANS
SIZE: Final = 9.0
ROW: Final = 22.0  # a lying bar with the room around it
GAP: Final = 6.0  # between parts
DARK: Final = HexColor("#1f4e8c")
LIGHT: Final = HexColor("#b9cde6")
FILLS: Final = (DARK, LIGHT, HexColor("#7a7a7a"), white)
LINES: Final = (  # colour, dashes, mark
    (DARK, None, "FilledCircle"),
    (HexColor("#6a6a6a"), (4, 2), "FilledSquare"),
    (black, (1, 2), "FilledTriangle"),
)
_TITLE_SIZE = 10.5
_LONGEST = 11  # characters of a label's line


def framed(chart: Chart, width: float, height: float, *, legend: bool) -> Drawing:
    """Return a drawing with the title above room for the plot, and what the series are called."""
    top = _TITLE_SIZE * 1.8 + (SIZE * 1.6 if legend and chart.title else 0)
    drawn = Drawing(width, height + top, initialFontName=FONT)  # else one that is not embedded is named
    if chart.title:
        title = f"{chart.title}（{chart.unit}）"
        size = _TITLE_SIZE * min(1.0, width / (text_width(title) * _TITLE_SIZE / SIZE))
        drawn.add(centred(width / 2, height + top - _TITLE_SIZE * 1.2, title, size))
    else:
        drawn.add(string(0, height + 3, f"单位：{chart.unit}"))
    if legend and chart.kind is ChartKind.PARETO:
        told = f"线：累计占全部{chart.whole}{chart.unit}的比例" if chart.whole else "线：累计占比"
        drawn.add(string(width - text_width(told), height + 3, told))
    elif legend:
        x = width - sum(text_width(each.name) + 36 for each in chart.series)
        for place, series in enumerate(chart.series):
            if chart.kind is ChartKind.TREND:
                _add_line_sample(drawn, x, height + 6.5, place)
            else:
                drawn.add(box(x + 4, height + 3, 12, 7, FILLS[place % len(FILLS)]))
            drawn.add(string(x + 22, height + 3, series.name))
            x += text_width(series.name) + 36
    return drawn


def _add_line_sample(drawn: Drawing, x: float, y: float, place: int) -> None:
    colour, dashes, _ = LINES[place % len(LINES)]
    drawn.add(stroke((x, y), (x + 18, y), colour, dashes))
    made = mark(place)
    made.x, made.y = x + 9, y
    drawn.add(made)


def mark(place: int) -> Any:
    """Return the mark of a series."""
    colour, dashes, shape = LINES[place % len(LINES)]
    return marker(shape, colour, white if dashes else colour)


def marker(shape: str, colour: Color, fill: Color) -> Any:
    """Return a mark to be placed."""
    return makeMarker(shape, size=5, fillColor=fill, strokeColor=colour)  # type: ignore[no-untyped-call]


def stroke(start: tuple[float, float], end: tuple[float, float], colour: Color, dashes: Sequence[int] | None) -> Any:
    """Return a line from one point to another."""
    line: Any = Line(*start, *end, strokeColor=colour, strokeWidth=1.6)
    line.strokeDashArray = dashes
    return line


def box(x: float, y: float, width: float, height: float, fill: Color) -> Rect:
    """Return a rectangle from its lower left corner."""
    made = Rect(x, y, width, height)
    made.fillColor, made.strokeColor, made.strokeWidth = fill, black, 0.3
    return made


def string(x: float, y: float, text: str) -> String:
    """Return a text that begins at a point."""
    return String(x, y, drawable(text), fontName=FONT, fontSize=SIZE, fillColor=black)


def centred(x: float, y: float, text: str, size: float, ink: Color = black) -> String:
    """Return a text around a point."""
    return String(x, y, drawable(text), fontName=FONT, fontSize=size, fillColor=ink, textAnchor="middle")


def wrapped(text: str, longest: int = _LONGEST, most: int = 2) -> str:
    """Return a label in at most so many lines of at most so many characters."""
    text = drawable(text)
    lines = [text[start : start + longest] for start in range(0, len(text), longest)]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return "\n".join(lines)


def drawable(text: str) -> str:
    """Return the text as the font can draw it."""
    return fonts.in_sans(text)


def text_width(text: str) -> float:
    """Return how wide a text is."""
    return float(stringWidth(text, FONT, SIZE))
