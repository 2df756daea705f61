"""Charts drawn with reportlab.graphics: vectors in a PDF, the same rasterised for the screen and for Word; readable in black and white."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import accumulate, pairwise
from math import ceil
from typing import Any, Final

from reportlab.graphics import renderPDF
from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, black, white

from riskdesk.documents.chart_parts import (
    FILLS,
    FONT,
    GAP,
    LIGHT,
    LINES,
    ROW,
    SIZE,
    centred,
    drawable,
    framed,
    mark,
    marker,
    string,
    stroke,
    text_width,
    wrapped,
)
from riskdesk.documents.chart_tiles import grid, tiles
from riskdesk.documents.pages import PageImage, page_image
from riskdesk.documents.typesetting import fonts
from riskdesk.domain.blocks import Chart, ChartKind

WIDTH: Final = 425.0  # points: 150 mm, as wide as the text of an official paper
LEAST_STRETCH: Final = 0.7  # less high, texts would touch
_GRID = HexColor("#d0d0d0")
_PLOT = 130.0  # height of a chart with standing parts
_UNKNOWN, _NOTHING = "未填", "没有数据"


def drawing(chart: Chart, width: float = WIDTH, stretch: float = 1.0) -> Drawing:
    """Return the chart as a drawing of that width in points; its height follows from what is in it.

    A chart without a title, as where a caption stands below it, says its unit alone. With a `stretch` down to `LEAST_STRETCH` it gets
    less high, its texts keep their size.
    """
    fonts.register()
    if not chart.labels or not chart.series:
        drawn = framed(chart, width, ROW, legend=False)
        drawn.add(centred(width / 2, GAP, _NOTHING, SIZE))
        return drawn
    return _MAKERS[chart.kind](chart, width, stretch)


def picture(chart: Chart, pixels: int, width: float = WIDTH, stretch: float = 1.0) -> PageImage:
    """Return the chart as a picture so many pixels wide, as the drawing of that width in points looks."""
    out = BytesIO()
    renderPDF.drawToFile(drawing(chart, width, stretch), out, "", autoSize=1)
    return page_image(out.getvalue(), 0, pixels)


def png(chart: Chart, pixels: int = 1240, stretch: float = 1.0) -> bytes:
    """Return the chart as a PNG file, by default fine enough to be printed 150 mm wide."""
    from PIL import Image

    drawn, out = picture(chart, pixels, stretch=stretch), BytesIO()
    Image.frombytes("RGB", (drawn.width, drawn.height), drawn.rgb).save(out, "PNG", optimize=True)
    return out.getvalue()


def label_names(chart: Chart) -> tuple[str, ...]:
    """Return the labels as people read them: the names of counties for their codes."""
    if chart.kind is not ChartKind.TILES:
        return chart.labels
    return tuple(grid()[each][0] if each in grid() else each for each in chart.labels)


def _bars(chart: Chart, width: float, stretch: float) -> Drawing:
    """Lying bars, the first label on top; each says its number."""
    labels = [wrapped(each) for each in chart.labels]
    left = max((text_width(line) for each in labels for line in each.split("\n")), default=0) + 2 * GAP
    right = 40 if len(chart.series) == 1 else 100
    plot: Any = HorizontalBarChart()
    high = ROW if any("\n" in each for each in labels) else ROW * stretch
    drawn = framed(chart, width, high * len(labels) + GAP, legend=len(chart.series) > 1)
    _place(plot, left, GAP, width - left - right, high * len(labels))
    plot.data = [tuple(each or 0 for each in reversed(series.values)) for series in chart.series]
    plot.categoryAxis.categoryNames = list(reversed(labels))
    plot.categoryAxis.style = "stacked"
    plot.barWidth, plot.groupSpacing = high * 0.62, high * 0.38
    _dress_names(plot.categoryAxis)
    most = max((sum(each) for each in zip(*plot.data, strict=True)), default=0)
    plot.valueAxis.valueMin, plot.valueAxis.valueMax = 0, max(1, most)
    plot.valueAxis.visible = 0
    for place in range(len(chart.series)):
        bar = plot.bars[place]
        bar.fillColor, bar.strokeColor, bar.strokeWidth = FILLS[place % len(FILLS)], black, 0.4
    drawn.add(plot)
    for row, numbers in enumerate(reversed(list(zip(*(each.values for each in chart.series), strict=True)))):
        x = left + (width - left - right) * sum(each or 0 for each in numbers) / max(1, most) + 4
        drawn.add(string(x, GAP + high * (row + 0.5) - SIZE * 0.36, _told(chart, numbers)))
    return drawn


def _told(chart: Chart, numbers: Sequence[int | None]) -> str:
    """Return what stands behind a bar."""
    known = [each for each in numbers if each is not None]
    if len(known) < len(numbers):
        return _UNKNOWN
    return f"{chart.series[0].name}{known[0]}，共{sum(known)}" if len(known) > 1 else str(known[0])


def _trend(chart: Chart, width: float, stretch: float) -> Drawing:
    """A line a series, those after the first dashed and with hollow marks."""
    plot: Any = HorizontalLineChart()
    drawn = framed(chart, width, _PLOT * stretch + 24, legend=len(chart.series) > 1)
    _place(plot, 32, 22, width - 48, _PLOT * stretch - 4)
    plot.data = [tuple(series.values) for series in chart.series]
    plot.categoryAxis.categoryNames = _thinned([drawable(each) for each in chart.labels], plot.width)
    _dress_names(plot.categoryAxis)
    _dress_values(plot.valueAxis, [each for series in chart.series for each in series.values if each is not None])
    for place in range(len(chart.series)):
        plot.lines[place].strokeColor = None  # reportlab fails where a point has no neighbour
    drawn.add(plot)
    for place, series in enumerate(chart.series):
        _add_line(drawn, plot, place, series.values)
    return drawn


def _add_line(drawn: Drawing, plot: Any, place: int, values: Sequence[int | None]) -> None:
    """Draw the line of a series and its marks, with gaps where nothing is known."""
    colour, dashes, _ = LINES[place % len(LINES)]
    width, height = plot.width / len(values), plot.height / plot.valueAxis.valueMax
    points = [
        None if value is None else (plot.x + width * (at + 0.5), plot.y + height * value)
        for at, value in enumerate(values)
    ]
    for start, end in pairwise(points):
        if start and end:
            drawn.add(stroke(start, end, colour, dashes))
    for point in filter(None, points):
        made = mark(place)
        made.x, made.y = point
        drawn.add(made)


def _pareto(chart: Chart, width: float, stretch: float) -> Drawing:
    """Standing bars by size, their numbers at their ends, and the running share of the whole in per cent as a line."""
    room = int((width - 70) / len(chart.labels) / SIZE)  # characters below a bar
    labels = [wrapped(each, max(2, min(6, room)), 3) for each in chart.labels]
    numbers = [each or 0 for each in chart.series[0].values]
    below = 12 + max((each.count("\n") + 1 for each in labels), default=1) * SIZE * 1.2
    plot = VerticalBarChart()
    drawn = framed(chart, width, _PLOT * stretch + below, legend=True)
    _place(plot, 32, below, width - 70, _PLOT * stretch - 12)
    plot.data = [tuple(numbers)]
    plot.categoryAxis.categoryNames = labels
    _dress_names(plot.categoryAxis)
    _dress_values(plot.valueAxis, numbers)
    plot.bars[0].fillColor, plot.bars[0].strokeColor, plot.bars[0].strokeWidth = LIGHT, black, 0.4
    drawn.add(plot)
    heights = _add_running_share(drawn, plot, _running(chart), chart.whole or sum(numbers))
    for place, number in enumerate(chart.series[0].values):
        x = plot.x + plot.width * (place + 0.5) / len(numbers)
        end = plot.y + plot.height * (number or 0) / plot.valueAxis.valueMax
        told = _UNKNOWN if number is None else str(number)
        is_crossed = -4 < heights[place] - end < SIZE + 6  # by the line, where the number would stand
        is_high = end - plot.y > SIZE * 1.8
        drawn.add(centred(x, end - SIZE - 5 if is_crossed and is_high else end + 3, told, SIZE))
    return drawn


def _running(chart: Chart) -> list[int]:
    """Return how many the first so many labels have together."""
    if len(chart.series) > 1:
        return [each or 0 for each in chart.series[1].values]
    return list(accumulate(each or 0 for each in chart.series[0].values))


def _add_running_share(drawn: Drawing, plot: VerticalBarChart, running: Sequence[int], whole: int) -> list[float]:
    """Draw the line; return how high it is above each bar."""
    last, heights = None, []
    for place, run in enumerate(running):
        x = plot.x + plot.width * (place + 0.5) / len(running)
        y = plot.y + plot.height * min(1.0, run / max(1, whole))
        if last is not None:
            drawn.add(stroke(last, (x, y), black, (3, 2)))
        made = marker("FilledDiamond", black, white)
        made.x, made.y = x, y
        drawn.add(made)
        last = (x, y)
        heights.append(y)
    for share in (0, 50, 100):
        y = plot.y + plot.height * share / 100 - SIZE * 0.36
        drawn.add(string(plot.x + plot.width + 4, y, f"{share}%"))
    return heights


def _place(plot: Any, x: float, y: float, width: float, height: float) -> None:
    plot.x, plot.y, plot.width, plot.height = x, y, width, height


def _dress_names(axis: Any) -> None:
    axis.labels.fontName, axis.labels.fontSize, axis.labels.leading = FONT, SIZE, SIZE * 1.2
    axis.visibleTicks, axis.strokeColor, axis.strokeWidth = 0, black, 0.6


def _dress_values(axis: Any, numbers: Sequence[int]) -> None:
    """Whole numbers from 0 on, five or six of them, with grid lines."""
    step = _step(max(numbers, default=0))
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = step * (max(numbers, default=0) // step + 1)
    axis.labels.fontName, axis.labels.fontSize, axis.labelTextFormat = FONT, SIZE, "%d"
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = 1, _GRID, 0.4
    axis.visibleTicks, axis.strokeColor, axis.strokeWidth = 0, black, 0.6


def _step(most: int) -> int:
    size = 1
    while True:
        for each in (1, 2, 5):
            if most <= each * size * 5:
                return each * size
        size *= 10


def _thinned(labels: Sequence[str], width: float) -> list[str]:
    """Return labels of which, where they would overlap, only every second, third … is left."""
    widest = max(map(text_width, labels))
    every = max(1, ceil((widest + 3) * len(labels) / width))
    return [label if place % every == 0 else "" for place, label in enumerate(labels)]


_MAKERS: Mapping[ChartKind, Callable[[Chart, float, float], Drawing]] = {
    ChartKind.BAR: _bars,
    ChartKind.TREND: _trend,
    ChartKind.PARETO: _pareto,
    ChartKind.STACKED: _bars,
    ChartKind.TILES: tiles,
}
