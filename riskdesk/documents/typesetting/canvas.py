"""A PDF page to write on: one document at a time, the same bytes for the same content.

Coordinates are points from the lower left corner; text stands on its baseline.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from typing import Final, Literal

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas

from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Line, Typeface, visible, width_of

Align = Literal["left", "centre", "right"]
Colour = tuple[float, float, float]
BLACK: Final[Colour] = (0.0, 0.0, 0.0)
_QUIET = 4  # modules of white around a QR code
_JOB = threading.Lock()  # a font object of reportlab serves one document at a time


class PageCanvas:
    """The pages of one document; get it from `new_document`."""

    def __init__(self, size: tuple[float, float], title: str, author: str, day: date) -> None:
        fonts.register()
        self._file = BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.SERIF,  # type: ignore[arg-type]  # the stubs say float; without it Helvetica gets in
            lang="zh-CN",
        )
        _set_time(self._canvas, day)
        self._canvas.setTitle(_encodable(title))
        self._canvas.setAuthor(_encodable(author))
        self._canvas.setSubject(_encodable(title))
        self._canvas.setCreator("riskdesk")
        self._canvas.setProducer("riskdesk")
        self.page = 1

    def text(self, x: float, y: float, text: str, face: Typeface, size: float, *, align: Align = "left") -> None:
        """Write one line at its left end, centre or right end."""
        self.line(x, y, face.glyphs(text), size, align=align)

    def line(self, x: float, y: float, line: Line, size: float, *, align: Align = "left", spread: float = 0.0) -> None:
        """Write a line that has been broken; the spaces that hang at its end are left out.

        `spread` points are added, evenly, between its characters.
        """
        line = visible(line)
        if align != "left":
            x -= width_of(line) * size / (2 if align == "centre" else 1)
        words = self._canvas.beginText(x, y)
        gaps = sum(len(glyph.shown) for glyph in line) - 1
        if spread and gaps > 0:
            words.setCharSpace(spread / gaps)
        for font, run in groupby(line, attrgetter("font")):
            words.setFont(font, size)
            words.textOut("".join(glyph.shown for glyph in run))
        if spread and gaps > 0:
            words.setCharSpace(0)  # it would go on in later lines
        self._canvas.drawText(words)

    def drawing(self, x: float, y: float, drawing: Drawing) -> None:
        """Draw a drawing, as vectors, from its lower left corner."""
        renderPDF.draw(drawing, self._canvas, x, y)

    def bookmark(self, name: str, title: str, level: int, y: float) -> None:
        """Mark a place of this page, for links and in the outline; `level` counts from 0."""
        self._canvas.bookmarkHorizontal(name, 0, y)
        self._canvas.addOutlineEntry(_encodable(title), name, level)

    def link(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Make a rectangle lead to a bookmark, of this page or any other."""
        self._canvas.linkRect("", name, (x, y, x + width, y + height), relative=0, thickness=0)

    def grid(self, xs: Sequence[float], ys: Sequence[float], line_width: float) -> None:
        """Draw a line through every x and every y, from the first to the last."""
        self._canvas.setLineWidth(line_width)
        self._canvas.grid(list(xs), list(ys))

    def spaced(self, x: float, y: float, line: Line, size: float, pitch: float) -> None:
        """Write a line as a typewriter does: every character in the middle of `pitch` points of its own."""
        for number, glyph in enumerate(line):
            self.line(x + (number + 0.5) * pitch, y, [glyph], size, align="centre")

    def frame(
        self, x: float, y: float, width: float, height: float, line_width: float, *, colour: Colour = BLACK
    ) -> None:
        """Draw a rectangle from its lower left corner."""
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(line_width)
        self._canvas.rect(x, y, width, height)
        self._canvas.restoreState()

    def qr_code(self, x: float, y: float, text: str, size: float) -> None:
        """Draw a QR code of 15 % redundancy, its quiet zone within `size`, from its lower left corner."""
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        module = size / (len(code.modules) + 2 * _QUIET)
        outline = self._canvas.beginPath()  # one shape, so that no seams show between its parts
        for row, modules in enumerate(code.modules):
            column = _QUIET
            for dark, run in groupby(map(bool, modules)):
                length = len(list(run))
                if dark:
                    top = y + size - (row + _QUIET) * module
                    outline.rect(x + column * module, top - module, length * module, module)
                column += length
        self._canvas.drawPath(outline, stroke=0, fill=1)

    def end_page(self) -> None:
        self._canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        """Return the document; the last page must have been ended."""
        with fonts.correct_text_layer():
            self._canvas.save()
        return self._file.getvalue()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _set_time(canvas: Canvas, day: date) -> None:
    """Date the document; reportlab's `invariant` would say 2000-01-01, SOURCE_DATE_EPOCH would be for the process."""
    stamp = canvas._doc._timeStamp  # type: ignore[attr-defined]  # not in the stubs
    stamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    stamp.dhh, stamp.dmm = 8, 0


@contextmanager
def new_document(size: tuple[float, float], title: str, author: str, day: date) -> Iterator[PageCanvas]:
    """Open a document, `size` in points; waits until no other one is open in this process."""
    with _JOB:
        yield PageCanvas(size, title, author, day)
