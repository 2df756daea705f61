"""Annex 2 laid out on A4 pages as GB/T 9704 has it: 22 lines of 28.9 points, nothing torn apart that belongs together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Final

from riskdesk.documents import annex2_texts as texts
from riskdesk.documents import charts
from riskdesk.documents.annex2_texts import Figure, Heading, Item, Missing, Note, NumberedTable, Paragraph
from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Line, Typeface, break_lines, visible, width_of
from riskdesk.documents.typesetting.canvas import PageCanvas
from riskdesk.domain.progress import Progress

PAGE: Final = (595.28, 841.89)  # A4, points
LEFT: Final = 79.37
RIGHT: Final = PAGE[0] - 73.70
TOP: Final = PAGE[1] - 104.88
BOTTOM: Final = 99.21
WIDTH: Final = RIGHT - LEFT
SIZE: Final = 16.0
LEADING: Final = 28.9
RISE: Final = 0.36  # of the size: from the baseline to the middle of a character
_INDENT = "　　"
_CAPTION, _CAPTION_LEADING = 12.0, 22.0
_CELL, _CELL_LEADING, _PAD, _PAD_SIDE = 10.5, 15.0, 3.0, 5.0
_NOTE, _NOTE_LEADING = 10.5, 16.0
_SPACE = 8.0  # above and below what is no text
_MOST_SPREAD = 2.5  # characters that a line may lack to be spread to the full width
_KEPT_WHOLE = 0.25  # of a page: tables up to that height are not divided
_STRETCHES = (1.0, 0.9, 0.8, charts.LEAST_STRETCH)  # of figures, until one fits
_KEPT_FIRST = 3  # of a longer one so many rows stand together under the head
_LONG_ROW = 12  # lines, above which a row may be divided
_ALONE = 5 * _CELL_LEADING  # a last row higher than that may stand alone on a page
_NAMED_MISSING = 30  # missing characters named in the note at the end

Command = Callable[[PageCanvas], None]


class Flow:
    """The report on its way down the pages; `pages` holds what is to be done on each, `places` the page of each heading.

    So that no page stays half empty, a figure may come before its table, and be made less high: `items` are in the order in which they were set,
    `stretches` say how high the figures are, by their captions. `spare` points are left free at the foot of every page.
    """

    def __init__(self, items: Sequence[Item], spare: float = 0.0) -> None:
        self.pages: list[list[Command]] = [[]]
        self.places: dict[str, int] = {}
        self.items = list(items)
        self.stretches: dict[str, float] = {}
        self._serif, self._sans, self._bold = fonts.serif(), fonts.sans(), fonts.title()
        self._tables: dict[int, _Grid] = {}
        self._y, self._bottom = TOP, BOTTOM + spare

    def fill(self, unit: str, day: str, progress: Progress) -> None:
        """Lay out everything, at the end the unit and the day."""
        total = len(self.items)
        for index in range(total):
            progress(index, total, "正在排版")
            self._prefer_figure(index)
            match item := self.items[index]:
                case Heading():
                    self._heading(index, item)
                case Paragraph():
                    self._paragraph(item.text, 3 * LEADING if index == total - 1 else 0.0)
                case Missing():
                    self._missing(item)
                case NumberedTable():
                    self._table(index, item)
                case Figure():
                    self._figure(index, item)
                case Note():
                    self._note(item.text)
        self._signature(unit, day)
        if missing := self.missing():
            self._note(_missing_note(missing))
        progress(total, total, "排版完成")

    def missing(self) -> list[str]:
        """Return the characters that no font can draw, in the order in which they were met."""
        faces = (self._serif, self._sans, self._bold)
        return list(dict.fromkeys(char for face in faces for char in face.missing))

    def _heading(self, index: int, item: Heading) -> None:
        lines = self._indented(self._sans if item.level == 1 else self._bold, item.text)
        self._need(self._least(index))
        self.places[item.name] = len(self.pages)
        self._do(partial(_bookmark, item=item, y=self._y))
        for number, line in enumerate(lines):
            self._line(line, SIZE, LEADING, indent=0.0 if number else 2 * SIZE)

    def _paragraph(self, text: str, reserve: float) -> None:
        """Write a paragraph; never a single line of it alone on a page; `reserve` is kept free below its end."""
        lines = self._indented(self._serif, text)
        for number, line in enumerate(lines):
            left = len(lines) - number
            together = min(left, 3) if number == 0 and left < 4 else 1 + (number == 0 or left == 2)
            self._need(together * LEADING + (reserve if together >= left else 0.0))
            indent = 0.0 if number else 2 * SIZE
            lacking = WIDTH - indent - width_of(visible(line)) * SIZE
            spread = lacking if left > 1 and 0 < lacking < _MOST_SPREAD * SIZE else 0.0
            self._line(line, SIZE, LEADING, indent=indent, spread=spread)

    def _missing(self, item: Missing) -> None:
        self._need(LEADING)
        y = self._y - LEADING / 2
        width = width_of(self._sans.glyphs(item.text)) * SIZE
        self._do(partial(PageCanvas.frame, x=LEFT + 2 * SIZE - 3, y=y - 12, width=width + 6, height=24, line_width=1.2))
        self._line(self._sans.glyphs(item.text), SIZE, LEADING, indent=2 * SIZE)

    def _prefer_figure(self, index: int) -> None:
        """Set a figure before its table where it fits now and would not below the table."""
        match self.items[index : index + 2]:
            case [NumberedTable(), Figure() as figure]:
                grid, room = self._grid(index), self._y - self._bottom
                table = _SPACE + _CAPTION_LEADING + grid.height(len(grid.rows))
                least = self._figure_height(figure, charts.LEAST_STRETCH) + self._note_height(index + 2)
                if room - table < least <= room and self._y < TOP:
                    self.items[index : index + 2] = reversed(self.items[index : index + 2])
                    self._tables[index + 1] = self._tables.pop(index)

    def _figure_height(self, item: Figure, stretch: float) -> float:
        return charts.drawing(item.chart, stretch=stretch).height + _SPACE + _CAPTION_LEADING

    def _figure(self, index: int, item: Figure) -> None:
        room = self._y - self._bottom - self._note_height(index + 1)
        fitting = [each for each in _STRETCHES if self._figure_height(item, each) <= room]
        self.stretches[item.caption] = stretch = fitting[0] if fitting else 1.0
        drawn = charts.drawing(item.chart, stretch=stretch)
        if not fitting:
            self._need(self._least(index))
        self._y -= _SPACE + drawn.height
        self._do(partial(PageCanvas.drawing, x=LEFT + (WIDTH - drawn.width) / 2, y=self._y, drawing=drawn))
        self._caption(item.caption)

    def _table(self, index: int, item: NumberedTable) -> None:
        grid, reserve = self._grid(index), self._note_height(index + 1)
        self._need(self._least(index))
        self._y -= _SPACE
        self._caption(item.caption)
        last = len(grid.rows)
        for row in range(last + 1):
            below = _row_height(max(map(len, grid.row(last)))) if row == last - 1 else 0.0  # no last row stands alone
            self._row(grid, row, min(below, _ALONE) + (reserve if row >= last - 1 else 0.0))

    def _row(self, grid: _Grid, row: int, reserve: float) -> None:
        """Draw a row (0 is the head) with `reserve` left free below it; a long one is divided where a page ends."""
        cells = grid.row(row)
        while True:
            left = max(map(len, cells))
            room = int((self._y - self._bottom - 2 * _PAD) // _CELL_LEADING)
            if _row_height(left) + reserve <= self._y - self._bottom:
                self._part(grid, cells)
                return
            if left > _LONG_ROW and room > 2:
                fitting = min(room, left - 2)
                self._part(grid, [lines[:fitting] for lines in cells])
                cells = [lines[fitting:] for lines in cells]
            self._next_page()
            self._part(grid, grid.head)

    def _part(self, grid: _Grid, cells: Sequence[Sequence[Line]]) -> None:
        height = _row_height(max(map(len, cells)))
        self._do(partial(_draw_row, grid=grid, cells=cells, y=self._y, height=height))
        self._y -= height

    def _caption(self, text: str) -> None:
        for line in break_lines(self._sans, text, _CAPTION, WIDTH):
            self._line(line, _CAPTION, _CAPTION_LEADING, indent=(WIDTH - width_of(visible(line)) * _CAPTION) / 2)

    def _note(self, text: str) -> None:
        self._y -= _SPACE / 2
        for line in break_lines(self._serif, text, _NOTE, WIDTH):
            self._need(_NOTE_LEADING)
            self._line(line, _NOTE, _NOTE_LEADING)
        self._y -= _SPACE / 2

    def _signature(self, unit: str, day: str) -> None:
        self._need(3 * LEADING)
        self._y -= LEADING
        for text, after in ((unit, 2.0), (day, 4.0)):
            room = WIDTH - after * SIZE
            for line in break_lines(self._serif, text, SIZE, room):
                self._need(LEADING)
                self._line(line, SIZE, LEADING, indent=room - width_of(visible(line)) * SIZE)

    def _least(self, index: int) -> float:
        """Return the height that an item needs on the page where it begins."""
        match self.items[index]:
            case Heading(level=level, text=text):
                face = self._sans if level == 1 else self._bold
                below = self._least(index + 1) if index + 1 < len(self.items) else 0.0
                return len(self._indented(face, text)) * LEADING + below
            case NumberedTable():
                grid = self._grid(index)
                above = _SPACE + _CAPTION_LEADING
                whole = above + grid.height(len(grid.rows)) + self._note_height(index + 1)
                return whole if whole <= _KEPT_WHOLE * (TOP - self._bottom) else above + grid.height(_KEPT_FIRST)
            case Figure() as figure:
                return self._figure_height(figure, charts.LEAST_STRETCH) + self._note_height(index + 1)
            case Note():
                return self._note_height(index)
            case Paragraph(text=text):
                lines = len(self._indented(self._serif, text))
                return LEADING * (lines if lines < 4 else 2)
            case _:
                return LEADING

    def _note_height(self, index: int) -> float:
        """Return the height of the item if it is a note, else 0."""
        item = self.items[index] if index < len(self.items) else None
        if not isinstance(item, Note):
            return 0.0
        return _SPACE / 2 + len(break_lines(self._serif, item.text, _NOTE, WIDTH)) * _NOTE_LEADING

    def _grid(self, index: int) -> _Grid:
        item = self.items[index]
        if index not in self._tables and isinstance(item, NumberedTable):
            self._tables[index] = _Grid(item, self._sans, self._serif)
        return self._tables[index]

    def _indented(self, face: Typeface, text: str) -> list[Line]:
        """Return the lines of a text, the first two characters shorter."""
        first, *others = break_lines(face, _INDENT + text, SIZE, WIDTH)
        return [first[len(_INDENT) :], *others]

    def _line(self, line: Line, size: float, leading: float, indent: float = 0.0, spread: float = 0.0) -> None:
        self._y -= leading
        y = self._y + leading / 2 - RISE * size
        self._do(partial(PageCanvas.line, x=LEFT + indent, y=y, line=line, size=size, spread=spread))

    def _need(self, height: float) -> None:
        if self._y - height < self._bottom - 0.01 and self._y < TOP:
            self._next_page()

    def _next_page(self) -> None:
        self.pages.append([])
        self._y = TOP

    def _do(self, command: Command) -> None:
        self.pages[-1].append(command)


class _Grid:
    """A table broken into lines: `head` and `rows` hold the lines of their cells."""

    def __init__(self, item: NumberedTable, head_face: Typeface, face: Typeface) -> None:
        table = item.table
        room = WIDTH - 2 * _PAD_SIDE * len(table.head)
        widths = [each * _CELL for each in texts.column_shares(table, room / _CELL)]
        self.xs = list(accumulate((each + 2 * _PAD_SIDE for each in widths), initial=LEFT))
        self.centred = texts.is_centred(table)
        self.head = _broken(head_face, table.head, widths)
        self.rows = [_broken(face, row, widths) for row in table.rows]

    def row(self, number: int) -> list[list[Line]]:
        """Return the head for 0, else a row."""
        return self.rows[number - 1] if number else self.head

    def height(self, rows: int) -> float:
        """Return the height of the head with so many rows."""
        return sum(_row_height(max(map(len, cells))) for cells in (self.head, *self.rows[:rows]))


def _broken(face: Typeface, cells: Sequence[str], widths: Sequence[float]) -> list[list[Line]]:
    return [
        break_lines(face, "\n".join(texts.lines(cell)), _CELL, width + 0.01)
        for cell, width in zip(cells, widths, strict=True)
    ]


def _row_height(lines: int) -> float:
    return lines * _CELL_LEADING + 2 * _PAD


def _draw_row(canvas: PageCanvas, grid: _Grid, cells: Sequence[Sequence[Line]], y: float, height: float) -> None:
    for column, lines in enumerate(cells):
        left, right = grid.xs[column], grid.xs[column + 1]
        top = y - (height - len(lines) * _CELL_LEADING) / 2
        centred = grid.centred[column] or cells is grid.head
        for number, line in enumerate(lines):
            baseline = top - (number + 0.5) * _CELL_LEADING - RISE * _CELL
            if centred:
                canvas.line((left + right) / 2, baseline, line, _CELL, align="centre")
            else:
                canvas.line(left + _PAD_SIDE, baseline, line, _CELL)
    canvas.grid(grid.xs, (y, y - height), 0.5)


def _bookmark(canvas: PageCanvas, item: Heading, y: float) -> None:
    canvas.bookmark(item.name, item.text, item.level - 1, y)


def _missing_note(missing: Sequence[str]) -> str:
    named = "、".join(f"U+{ord(char):04X}" for char in missing[:_NAMED_MISSING])
    more = f"等 {len(missing)} 个字符" if len(missing) > _NAMED_MISSING else ""
    return f"注：字库缺字以“〓”代替：{named}{more}"
