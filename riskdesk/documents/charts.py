"""Charts drawn with reportlab.graphics: vectors in a PDF, the same rasterised for the screen and for Word; readable in black and white."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final

from reportlab.graphics import renderPDF
from reportlab.graphics.charts.axes import XCategoryAxis, YCategoryAxis
from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.pdfbase.pdfmetrics import stringWidth

from riskdesk.documents.pages import PageImage, page_image
from riskdesk.documents.typesetting import fonts
from riskdesk.domain.blocks import Chart, ChartKind
from riskdesk.paths import resource

WIDTH: Final = 425.0  # points: 150 mm, as wide as the text of an official paper
_FONT, _SIZE, _TITLE_SIZE = fonts.SANS, 9.0, 10.5
_DARK, _LIGHT, _GRID = HexColor("#1f4e8c"), HexColor("#b9cde6"), HexColor("#d0d0d0")
_SHADES = tuple(map(HexColor, ("#f2f6fb", "#cfdff1", "#94b8de", "#4d82bd", "#1f4e8c")))  # light to dark, also in grey
_ROW, _GAP = 22.0, 6.0  # a lying bar with the room around it; between parts
_PLOT = 150.0  # height of a chart with standing parts
_LONGEST = 11  # characters of a label's line
_TILE = 26.0
_FILLS = (_DARK, _LIGHT)
_LINES = ((_DARK, None, "FilledCircle"), (HexColor("#6a6a6a"), (4, 2), "FilledSquare"))  # colour, dashes, mark
_DENSE = 3  # of the shades, from which on white is read better than black


def drawing(chart: Chart, width: float = WIDTH) -> Drawing:
    """Return the chart as a drawing of that width in points; its height follows from what is in it."""
    fonts.register()
    return _MAKERS[chart.kind](chart, width)


def picture(chart: Chart, pixels: int, width: float = WIDTH) -> PageImage:
    """Return the chart as a picture so many pixels wide, as the drawing of that width in points looks."""
    out = BytesIO()
    renderPDF.drawToFile(drawing(chart, width), out, "", autoSize=1)
    return page_image(out.getvalue(), 0, pixels)


def png(chart: Chart, pixels: int = 1240) -> bytes:
    """Return the chart as a PNG file, by default fine enough to be printed 150 mm wide."""
    from PIL import Image

    drawn, out = picture(chart, pixels), BytesIO()
    Image.frombytes("RGB", (drawn.width, drawn.height), drawn.rgb).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(chart: Chart, width: float) -> Drawing:
    """Lying bars, the first label on top; each says its number."""
    labels = [_wrapped(each) for each in chart.labels]
    left = max((_text_width(line) for each in labels for line in each.split("\n")), default=0) + 2 * _GAP
    right = 40 if len(chart.series) == 1 else 100
    plot = HorizontalBarChart()
    drawn = _framed(chart, width, _ROW * len(labels) + _GAP, legend=len(chart.series) > 1)
    _place(plot, left, _GAP, width - left - right, _ROW * len(labels))
    plot.data = [tuple(each or 0 for each in reversed(series.values)) for series in chart.series]
    plot.categoryAxis.categoryNames = list(reversed(labels))
    plot.categoryAxis.style = "stacked"
    plot.barWidth, plot.groupSpacing = _ROW * 0.62, _ROW * 0.38
    _dress_names(plot.categoryAxis)
    most = max((sum(each) for each in zip(*plot.data, strict=True)), default=0)
    plot.valueAxis.valueMin, plot.valueAxis.valueMax = 0, max(1, most)
    plot.valueAxis.visible = 0
    for place in range(len(chart.series)):
        bar = plot.bars[place]
        bar.fillColor, bar.strokeColor, bar.strokeWidth = _FILLS[place], black, 0.4
    drawn.add(plot)
    for row, numbers in enumerate(zip(*plot.data, strict=True)):
        x = left + (width - left - right) * sum(numbers) / max(1, most) + 4
        told = str(sum(numbers))
        if len(numbers) > 1:
            told = f"{chart.series[0].name}{numbers[0]}，共{told}"
        drawn.add(_string(x, _GAP + _ROW * (row + 0.5) - _SIZE * 0.36, told))
    return drawn


def _trend(chart: Chart, width: float) -> Drawing:
    """A line a series; the second is dashed and has hollow marks."""
    plot = HorizontalLineChart()
    drawn = _framed(chart, width, _PLOT + 24, legend=len(chart.series) > 1)
    _place(plot, 32, 22, width - 48, _PLOT - 4)
    plot.data = [tuple(series.values) for series in chart.series]
    plot.categoryAxis.categoryNames = list(chart.labels)
    _dress_names(plot.categoryAxis)
    _dress_values(plot.valueAxis, [each for series in chart.series for each in series.values if each is not None])
    for place in range(len(chart.series)):
        line, (colour, dashes, _) = plot.lines[place], _LINES[place]
        line.strokeColor, line.strokeWidth, line.strokeDashArray = colour, 1.6, dashes
        line.symbol = _mark(place)
    drawn.add(plot)
    return drawn


def _pareto(chart: Chart, width: float) -> Drawing:
    """Standing bars by size, and above them the running share of the whole in per cent."""
    labels = [_wrapped(each, 6) for each in chart.labels]
    numbers = [each or 0 for each in chart.series[0].values]
    below = 12 + max((each.count("\n") + 1 for each in labels), default=1) * _SIZE * 1.2
    plot = VerticalBarChart()
    drawn = _framed(chart, width, _PLOT + below, legend=False)
    _place(plot, 32, below, width - 70, _PLOT - 12)
    plot.data = [tuple(numbers)]
    plot.categoryAxis.categoryNames = labels
    _dress_names(plot.categoryAxis)
    _dress_values(plot.valueAxis, numbers)
    plot.bars[0].fillColor, plot.bars[0].strokeColor, plot.bars[0].strokeWidth = _DARK, black, 0.4
    plot.barLabelFormat = "%d"
    plot.barLabels.fontName, plot.barLabels.fontSize, plot.barLabels.nudge = _FONT, _SIZE, 7
    drawn.add(plot)
    _add_running_share(drawn, plot, numbers)
    return drawn


def _add_running_share(drawn: Drawing, plot: VerticalBarChart, numbers: Sequence[int]) -> None:
    whole, run, last = max(1, sum(numbers)), 0, None
    for place, number in enumerate(numbers):
        run += number
        x = plot.x + plot.width * (place + 0.5) / len(numbers)
        y = plot.y + plot.height * run / whole
        if last is not None:
            drawn.add(Line(*last, x, y, strokeColor=black, strokeWidth=1, strokeDashArray=(3, 2)))
        mark = makeMarker("FilledDiamond", size=5, fillColor=white, strokeColor=black)
        mark.x, mark.y = x, y
        drawn.add(mark)
        last = (x, y)
    for share in (0, 50, 100):
        y = plot.y + plot.height * share / 100 - _SIZE * 0.36
        drawn.add(_string(plot.x + plot.width + 4, y, f"{share}%"))


def _tiles(chart: Chart, width: float) -> Drawing:
    """A square a county where it lies among the others, no boundary map; the darker the more, with its number."""
    grid = _grid()
    values = dict(zip(chart.labels, (each or 0 for each in chart.series[0].values), strict=True))
    columns, rows = max(x for _, x, _ in grid.values()) + 1, max(y for _, _, y in grid.values()) + 1
    size = min(_TILE, width / columns)
    drawn = _framed(chart, width, size * rows + _ROW, legend=False)
    most, left = max(values.values(), default=0), (width - size * columns) / 2
    for code, (name, x, y) in grid.items():
        number = values.get(code, 0)
        shade = _shade(number, most)
        corner = (left + x * size, _ROW + (rows - 1 - y) * size)
        drawn.add(_box(*corner, size - 1.5, size - 1.5, _SHADES[shade]))
        ink = white if shade >= _DENSE else black
        middle = corner[0] + size / 2 - 0.75
        drawn.add(_centred(middle, corner[1] + size * 0.55, _short(name), size * 0.27, ink))
        if number:
            drawn.add(_centred(middle, corner[1] + size * 0.16, str(number), size * 0.34, ink))
    _add_shades(drawn, most, chart.unit)
    return drawn


def _add_shades(drawn: Drawing, most: int, unit: str) -> None:
    """Say below what the shades stand for."""
    x: float = _GAP
    for shade, colour in enumerate(_SHADES):
        low, high = _bounds(shade, most)
        if low > high:
            continue
        drawn.add(_box(x, 4, 12, 9, colour))
        told = f"{low}" if low == high else f"{low}–{high}"
        drawn.add(_string(x + 16, 5, told + unit))
        x += 24 + _text_width(told + unit)


def _shade(number: int, most: int) -> int:
    """Return the shade of a number: 0 alone has the lightest, the greatest the darkest."""
    return 0 if number == 0 else 1 + min(3, (number - 1) * 4 // max(1, most))


def _bounds(shade: int, most: int) -> tuple[int, int]:
    numbers = [number for number in range(most + 1) if _shade(number, most) == shade]
    return (numbers[0], numbers[-1]) if numbers else (1, 0)


@cache
def _grid() -> Mapping[str, tuple[str, int, int]]:
    """Return name, column and row by code of county."""
    with resource("regions/tilegrid.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    first = min(int(row["col"]) for row in rows), min(int(row["row"]) for row in rows)
    return {row["code"]: (row["name"], int(row["col"]) - first[0], int(row["row"]) - first[1]) for row in rows}


def _framed(chart: Chart, width: float, height: float, *, legend: bool) -> Drawing:
    """Return a drawing with the title above room for the plot, and what the series are called."""
    top = _TITLE_SIZE * 1.8 + (_SIZE * 1.6 if legend else 0)
    drawn = Drawing(width, height + top)
    drawn.add(_centred(width / 2, height + top - _TITLE_SIZE * 1.2, f"{chart.title}（{chart.unit}）", _TITLE_SIZE))
    if legend:
        x = width - sum(_text_width(each.name) + 36 for each in chart.series)
        for place, series in enumerate(chart.series):
            if chart.kind is ChartKind.TREND:
                _add_line_sample(drawn, x, height + 6.5, place)
            else:
                drawn.add(_box(x + 4, height + 3, 12, 7, _FILLS[place]))
            drawn.add(_string(x + 22, height + 3, series.name))
            x += _text_width(series.name) + 36
    return drawn


def _place(plot: Any, x: float, y: float, width: float, height: float) -> None:
    plot.x, plot.y, plot.width, plot.height = x, y, width, height


def _dress_names(axis: XCategoryAxis | YCategoryAxis) -> None:
    axis.labels.fontName, axis.labels.fontSize, axis.labels.leading = _FONT, _SIZE, _SIZE * 1.2
    axis.visibleTicks, axis.strokeColor, axis.strokeWidth = 0, black, 0.6


def _dress_values(axis: Any, numbers: Sequence[int]) -> None:
    """Whole numbers from 0 on, five or six of them, with grid lines."""
    step = _step(max(numbers, default=0))
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = step * (max(numbers, default=0) // step + 1)
    axis.labels.fontName, axis.labels.fontSize, axis.labelTextFormat = _FONT, _SIZE, "%d"
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = 1, _GRID, 0.4
    axis.visibleTicks, axis.strokeColor, axis.strokeWidth = 0, black, 0.6


def _step(most: int) -> int:
    size = 1
    while True:
        for each in (1, 2, 5):
            if most <= each * size * 5:
                return each * size
        size *= 10


def _string(x: float, y: float, text: str) -> String:
    return String(x, y, _drawable(text), fontName=_FONT, fontSize=_SIZE, fillColor=black)


def _centred(x: float, y: float, text: str, size: float, ink: Color = black) -> String:
    return String(x, y, _drawable(text), fontName=_FONT, fontSize=size, fillColor=ink, textAnchor="middle")


def _box(x: float, y: float, width: float, height: float, fill: Color) -> Rect:
    made = Rect(x, y, width, height)
    made.fillColor, made.strokeColor, made.strokeWidth = fill, black, 0.3
    return made


def _mark(place: int) -> Any:
    colour, dashes, shape = _LINES[place]
    return makeMarker(shape, size=5, fillColor=white if dashes else colour, strokeColor=colour)


def _add_line_sample(drawn: Drawing, x: float, y: float, place: int) -> None:
    colour, dashes, _ = _LINES[place]
    drawn.add(Line(x, y, x + 18, y, strokeColor=colour, strokeWidth=1.6, strokeDashArray=dashes))
    mark = _mark(place)
    mark.x, mark.y = x + 9, y
    drawn.add(mark)


def _wrapped(text: str, longest: int = _LONGEST) -> str:
    """Return a label in lines of at most so many characters, three of them at most."""
    text = _drawable(text)
    lines = [text[start : start + longest] for start in range(0, len(text), longest)]
    if len(lines) > 2:
        lines = [lines[0], lines[1][:-1] + "…"]
    return "\n".join(lines)


def _drawable(text: str) -> str:
    return fonts.in_sans(text)


def _text_width(text: str) -> float:
    return float(stringWidth(text, _FONT, _SIZE))


def _short(name: str) -> str:
    """Return a county's name without what it is: 小店 for 小店区."""
    return name[:-1] if len(name) > 2 and name[-1] in "县区市" else name


_MAKERS: Mapping[ChartKind, Callable[[Chart, float], Drawing]] = {
    ChartKind.BAR: _bars,
    ChartKind.TREND: _trend,
    ChartKind.PARETO: _pareto,
    ChartKind.STACKED: _bars,
    ChartKind.TILES: _tiles,
}
