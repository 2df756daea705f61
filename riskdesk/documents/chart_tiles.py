"""A chart of Shanxi's counties as tiles that lie as the counties do, without any boundary; the darker the more."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Final

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, black, white

from riskdesk.documents.chart_parts import GAP, ROW, SIZE, box, centred, framed, string, text_width
from riskdesk.domain.blocks import Chart
from riskdesk.paths import resource

SHADES: Final = tuple(
    map(HexColor, ("#f2f6fb", "#cfdff1", "#94b8de", "#4d82bd", "#1f4e8c"))
)  # light to dark, also in grey
_TILE = (38.6, 19.5)  # a county's name and number beside each other
_TILE_SIZE = 10.5
_DENSE = 3  # of the shades, from which on white is read better than black


def tiles(chart: Chart, width: float, stretch: float) -> Drawing:
    """A tile a county where it lies among the others, no boundary map; the darker the more, with its number."""
    places = grid()
    values = dict(zip(chart.labels, chart.series[0].values, strict=True))
    columns, rows = max(x for _, x, _ in places.values()) + 1, max(y for _, _, y in places.values()) + 1
    scale = min(1.0, width / columns / _TILE[0])
    wide, high = _TILE[0] * scale, max(_TILE[1] * stretch, _TILE_SIZE * 1.4) * scale
    drawn = framed(chart, width, high * rows + ROW, legend=False)
    most, left = max((each or 0 for each in values.values()), default=0), (width - wide * columns) / 2
    for code, (name, x, y) in places.items():
        number = values.get(code, 0)
        shade = _shade(number or 0, most)
        corner = left + x * wide, ROW + (rows - 1 - y) * high
        drawn.add(box(*corner, wide - 1.5, high - 1.5, SHADES[shade]))
        told = "" if number == 0 else " ?" if number is None else f" {number}"
        size, ink = _TILE_SIZE * scale, white if shade >= _DENSE else black
        size *= min(1.0, (wide - 2.5) / text_width(_short(name) + told) * SIZE / size)
        middle = corner[0] + wide / 2 - 0.75
        drawn.add(centred(middle, corner[1] + high / 2 - 0.75 - size * 0.36, _short(name) + told, size, ink))
    elsewhere = sum(each or 0 for code, each in values.items() if code not in places)
    _add_shades(drawn, most, chart.unit, elsewhere)
    return drawn


def _add_shades(drawn: Drawing, most: int, unit: str, elsewhere: int) -> None:
    """Say below what the shades stand for, and how many have no tile."""
    x: float = GAP
    for shade, colour in enumerate(SHADES):
        low, high = _bounds(shade, most)
        if low > high:
            continue
        drawn.add(box(x, 4, 12, 9, colour))
        told = f"{low}" if low == high else f"{low}–{high}"
        drawn.add(string(x + 16, 5, told + unit))
        x += 24 + text_width(told + unit)
    if elsewhere:
        drawn.add(string(x + 8, 5, f"不在图上：{elsewhere}{unit}"))


def _shade(number: int, most: int) -> int:
    """Return the shade of a number: 0 alone has the lightest, the greatest the darkest."""
    return 0 if number == 0 else 1 + min(3, (number - 1) * 4 // max(1, most))


def _bounds(shade: int, most: int) -> tuple[int, int]:
    """Return the least and the greatest number of a shade; the least is greater if it has none."""
    return (1 - (-(shade - 1) * most // 4), -(-shade * most // 4)) if shade else (0, 0)


@cache
def grid() -> Mapping[str, tuple[str, int, int]]:
    """Return name, column and row by code of county."""
    with resource("regions/tilegrid.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    first = min(int(row["col"]) for row in rows), min(int(row["row"]) for row in rows)
    return {row["code"]: (row["name"], int(row["col"]) - first[0], int(row["row"]) - first[1]) for row in rows}


def _short(name: str) -> str:
    """Return a county's name without what it is: 小店 for 小店区."""
    return name[:-1] if len(name) > 2 and name[-1] in "县区市" else name
