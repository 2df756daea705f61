"""A paper that flows down A4 pages: title, paragraphs, tables, codes to compare, boxes to sign in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import accumulate
from typing import Final, NamedTuple

from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Line, Typeface, break_lines, width_of
from riskdesk.documents.typesetting.canvas import Align, PageCanvas, new_document

_PAGE: Final = (595.28, 841.89)  # A4, points
_LEFT, _RIGHT, _TOP, _BOTTOM = 68.0, _PAGE[0] - 68.0, _PAGE[1] - 68.0, 68.0
WIDTH: Final = _RIGHT - _LEFT
SIZE: Final = 12.0
_LEADING = 1.6  # times the size
_ROW_LEADING = 1.45 * SIZE
_RISE = 0.36  # of the size: from the baseline to the middle of a character
_PAD = 5.0
_LABEL = 92.0
_SMALL = 9.0
_TITLE = 22.0
_TITLE_SHRINKS_TO = 16.0


class Column(NamedTuple):
    """A column of a table: how wide in points, and where its text stands."""

    width: float
    align: Align = "left"


class Sheet:
    """One paper on its way; get it from `new_sheet`. Everything that is added goes below what was added before."""

    def __init__(self, canvas: PageCanvas, foot: str) -> None:
        self._canvas, self._foot = canvas, foot
        self._serif, self._sans, self._bold = fonts.serif(), fonts.sans(), fonts.title()
        self._y = _TOP

    def title(self, text: str) -> None:
        """Write the title, smaller if that keeps it on one line."""
        em = width_of(self._bold.glyphs(text))
        size = max(_TITLE_SHRINKS_TO, min(_TITLE, WIDTH / em))
        for line in break_lines(self._bold, text, size, WIDTH):
            self._put(line, size, "centre")
        self.space(14)

    def heading(self, text: str) -> None:
        """Write what the next part is about; it never stands alone at the end of a page."""
        self.space(12)
        self._need(5 * SIZE * _LEADING)
        for line in break_lines(self._sans, text, SIZE, WIDTH):
            self._put(line, SIZE)
        self.space(3)

    def paragraph(self, text: str, size: float = SIZE, align: Align = "left") -> None:
        """Write a text; one that stands right keeps two characters of room there, as 落款 does."""
        for line in break_lines(self._serif, text, size, WIDTH - (2 * size if align == "right" else 0)):
            self._put(line, size, align)

    def points(self, texts: Sequence[str]) -> None:
        """Write numbered points, their lines below each other."""
        hang = 2 * SIZE
        for number, text in enumerate(texts, 1):
            for at, line in enumerate(break_lines(self._serif, text, SIZE, WIDTH - hang)):
                y = self._next_line(SIZE)
                if at == 0:
                    self._canvas.text(_LEFT, y, f"{number}.", self._serif, SIZE)
                self._canvas.line(_LEFT + hang, y, line, SIZE)

    def space(self, points: float) -> None:
        self._y -= points

    def fields(self, rows: Sequence[tuple[str, str]]) -> None:
        """Draw a table of names and values; an empty value is said to be missing."""
        columns = (Column(_LABEL), Column(WIDTH - _LABEL))
        for name, value in rows:
            self._row(columns, [self._broken(self._sans, name, _LABEL), self._value(value, columns[1].width)])

    def table(
        self, columns: Sequence[Column], heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = ""
    ) -> None:
        """Draw a table, its title above it; its heads stand again on every further page.

        A row that has room on a page is not split, and title and heads stand with the first.
        """
        first = [self._broken(self._sans, head, each.width) for each, head in zip(columns, heads, strict=True)]
        body = [
            [self._broken(self._serif, text, each.width) for each, text in zip(columns, row, strict=True)]
            for row in rows
        ]
        above = _height(first) + (4 * SIZE if title else 0)
        tallest = _TOP - _BOTTOM - above
        self._need(above + min(_height(body[0]) if body else 0, tallest))
        if title:
            self.heading(title)
        self._row(columns, first)
        for cells in body:
            if _height(cells) <= tallest and self._y - _height(cells) < _BOTTOM:
                self._next_page()
                self._row(columns, first)
            self._row(columns, cells, first)

    def code(self, lead: str, groups: Sequence[str], columns: int, size: float, qr: str = "") -> None:
        """Draw a frame with groups of characters as from a typewriter, row by row, and the QR code of `qr` beside them.

        `lead` stands above the groups, in the same type.
        """
        lines = [self._sans.glyphs(group) for group in groups]
        first = self._sans.glyphs(lead)
        pitch = (max(glyph.width for line in [first, *lines] for glyph in line) + 0.06) * size
        leading, picture = 1.75 * size, 118.0 if qr else 0.0
        rows = -(-len(lines) // columns) + bool(lead)
        height = max(rows * leading + 2 * _PAD, picture)
        self._need(height)
        top, room = self._y, WIDTH - picture
        advance = (max(map(len, lines)) + 1) * pitch
        x = _LEFT + (room - (columns * advance - pitch)) / 2
        y = top - (height - rows * leading) / 2 - 0.5 * leading - _RISE * size
        if lead:
            self._canvas.spaced(x, y, first, size, pitch)
            y -= leading
        for number, line in enumerate(lines):
            self._canvas.spaced(x + number % columns * advance, y - number // columns * leading, line, size, pitch)
        if qr:
            self._canvas.qr_code(_RIGHT - picture, top - (height + picture) / 2, qr, picture)
        self._canvas.frame(_LEFT, top - height, WIDTH, height, 0.8)
        self._y -= height

    def boxes(self, labels: Sequence[str], height: float = 66.0) -> None:
        """Draw boxes beside each other to sign or stamp in."""
        self._need(height)
        width = WIDTH / len(labels)
        xs = list(accumulate([width] * len(labels), initial=_LEFT))
        for x, label in zip(xs, labels, strict=False):
            for number, line in enumerate(self._broken(self._serif, label, width)):
                self._canvas.line(x + _PAD, self._y - (number + 1) * SIZE * 1.3, line, SIZE)
        self._canvas.grid(xs, (self._y, self._y - height), 0.5)
        self._y -= height

    def finish(self) -> bytes:
        """End the last page and return the paper."""
        self._end_page()
        return self._canvas.finish()

    def _value(self, text: str, width: float) -> list[Line]:
        return self._broken(self._serif, text.strip() or "未填", width)

    def _broken(self, face: Typeface, text: str, width: float) -> list[Line]:
        return break_lines(face, text, SIZE, width - 2 * _PAD)

    def _row(self, columns: Sequence[Column], cells: list[list[Line]], heads: Sequence[list[Line]] = ()) -> None:
        """Draw a row, split between lines where a page ends; `heads` go on top of the next one."""
        while True:
            left = max(map(len, cells))
            fitting = min(left, int((self._y - _BOTTOM - 2 * _PAD) // _ROW_LEADING))
            if fitting < min(left, 2):
                self._next_page()
                if heads:
                    self._part(columns, heads)
                continue
            self._part(columns, [lines[:fitting] for lines in cells])
            if fitting == left:
                return
            cells = [lines[fitting:] for lines in cells]

    def _part(self, columns: Sequence[Column], cells: Sequence[Sequence[Line]]) -> None:
        height = _height(cells)
        xs = list(accumulate((each.width for each in columns), initial=_LEFT))
        for x, column, lines in zip(xs, columns, cells, strict=False):
            top = self._y - (height - len(lines) * _ROW_LEADING) / 2
            shift = {"left": _PAD, "centre": column.width / 2, "right": column.width - _PAD}[column.align]
            for number, line in enumerate(lines):
                y = top - (number + 0.5) * _ROW_LEADING - _RISE * SIZE
                self._canvas.line(x + shift, y, line, SIZE, align=column.align)
        self._canvas.grid(xs, (self._y, self._y - height), 0.5)
        self._y -= height

    def _put(self, line: Line, size: float, align: Align = "left") -> None:
        x = {"left": _LEFT, "centre": _PAGE[0] / 2, "right": _RIGHT - 2 * size}[align]
        self._canvas.line(x, self._next_line(size), line, size, align=align)

    def _next_line(self, size: float) -> float:
        self._need(size * _LEADING)
        self._y -= size * _LEADING
        return self._y + 0.44 * size

    def _need(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self._next_page()

    def _next_page(self) -> None:
        self._end_page()
        self._y = _TOP

    def _end_page(self) -> None:
        text = f"{self._foot}　第 {self._canvas.page} 页"
        self._canvas.text(_PAGE[0] / 2, 40, text, self._serif, _SMALL, align="centre")
        self._canvas.end_page()


def _height(cells: Sequence[Sequence[Line]]) -> float:
    return max(map(len, cells)) * _ROW_LEADING + 2 * _PAD


@contextmanager
def new_sheet(title: str, author: str, day: date, foot: str) -> Iterator[Sheet]:
    """Open a paper; `foot`, a short one, stands at the foot of every page, before its number."""
    with new_document(_PAGE, title, author, day) as canvas:
        yield Sheet(canvas, foot)
