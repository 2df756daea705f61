"""Charts as pictures, for the screen and to be copied; tables as workbooks. Slow the first time: not for the window's thread."""

from __future__ import annotations

from riskdesk.documents.pages import PageImage
from riskdesk.domain.blocks import Block, Chart

__all__ = ["PageImage", "chart_image", "chart_png", "workbook"]


def chart_image(chart: Chart, pixels: int, points: float = 0) -> PageImage:
    """Return a chart as a picture so many pixels wide; drawn `points` wide if given, else as wide as in a report."""
    from riskdesk.documents.charts import WIDTH, picture

    return picture(chart, pixels, points or WIDTH)


def chart_png(chart: Chart) -> bytes:
    """Return a chart as a PNG file that can be printed."""
    from riskdesk.documents.charts import png

    return png(chart)


def workbook(blocks: tuple[Block, ...]) -> bytes:
    """Return the tables of the blocks as xlsx, a sheet each, with their sentences and what they are of."""
    from riskdesk.documents.blocks_xlsx import render_blocks

    return render_blocks(blocks)
