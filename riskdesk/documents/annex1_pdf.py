"""The official form of Annex 1 as a PDF: A4 landscape, seven columns, rows split between lines where a page ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from riskdesk.documents.annex1_texts import (
    CONTINUED,
    NIL,
    STEP,
    date_text,
    person_text,
    phone_text,
    plain_cells,
    row_name,
    unit_text,
)
from riskdesk.documents.rendered import Rendered
from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Line, break_lines, width_of
from riskdesk.documents.typesetting.canvas import PageCanvas, new_document
from riskdesk.domain.annex1 import ANNEX, COLUMNS, TITLE, Annex1Form
from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import FormLimitError

_PAGE: Final = (841.89, 595.28)  # A4 landscape, points
_LEFT, _RIGHT, _TOP, _BOTTOM = 51.0, _PAGE[0] - 51.0, _PAGE[1] - 60.0, 57.0
_SIZE, _LEADING, _PAD = 10.5, 15.0, 4.0
_BLANK = "\n\n"  # three empty lines to write into by hand
_BIG, _BIG_LEADING = 12.0, 18.0  # 填报单位, 填报人
_SMALL, _SMALL_LEADING = 9.0, 13.0
_CHARACTERS = (7, 4, 6, 19, 13, 9, 7)  # a line of each column holds so many
_WIDTHS = tuple(count * _SIZE + 2 * _PAD + 0.19 for count in _CHARACTERS)
_XS = tuple(accumulate(_WIDTHS, initial=_LEFT))
_DATE_WIDTH = 190.0  # of the right part of the lines above and below the table
_COUNT, _SHORT = 1, (0, 2, 6)  # columns: always centred; centred if one line
_MIDDLE = (0, 1, 2, 6)  # columns that stand in the middle of the row's height
_SMALL_HOLE = 0.35  # of a page may stay empty for a row to be kept whole
_HEAD_LINES, _TAIL_LINES = 3, 2  # a split row leaves at least so many lines here and there
_MOST_LINES = 8  # of 填报单位, 填报人, 联系电话
_NAMED_MISSING = 30  # missing characters named in the note at the foot


def render_pdf(form: Annex1Form, progress: Progress = silent) -> Rendered:
    """Return the form as a PDF; what no font can draw is 〓 on paper, right in the text layer, and in the warnings."""
    with new_document(_PAGE, TITLE, form.unit, form.date) as canvas:
        writer = _Writer(canvas, form)
        writer.write(progress)
        return Rendered(canvas.finish(), writer.warnings(), canvas.page - 1)


class _Writer:
    """One form on its way to paper; `_y` is where the next row begins."""

    def __init__(self, canvas: PageCanvas, form: Annex1Form) -> None:
        self._canvas, self._form = canvas, form
        self._serif, self._sans, self._title = fonts.serif(), fonts.sans(), fonts.title()
        self._missing: dict[str, str] = {}  # character: where it was met first
        self._head = [
            break_lines(self._sans, column.title, _SIZE, width - 2 * _PAD)
            for column, width in zip(COLUMNS, _WIDTHS, strict=True)
        ]
        self._head_height = max(map(len, self._head)) * _LEADING + 8
        self._unit = self._limited(unit_text(form), _RIGHT - _LEFT - _DATE_WIDTH - 12)
        self._person = self._limited(person_text(form), _RIGHT - _LEFT - _DATE_WIDTH - 12)
        self._phone = self._limited(phone_text(form), _DATE_WIDTH)
        self._note_missing("表头表尾")
        self._y = 0.0

    def _limited(self, text: str, width: float) -> list[Line]:
        lines = break_lines(self._serif, text, _BIG, width)
        if len(lines) > _MOST_LINES:
            raise FormLimitError(f"“{text[:20]}……”共 {len(text)} 个字，表格上放不下，请改短后再试。")
        return lines

    def write(self, progress: Progress) -> None:
        rows = self._form.rows
        self._first_top()
        for index, row in enumerate(rows):
            if index % STEP == 0:
                progress(index, len(rows), "正在排版")
            cells = [
                break_lines(self._serif, text, _SIZE, width - 2 * _PAD)
                for text, width in zip(plain_cells(row), _WIDTHS, strict=True)
            ]
            self._note_missing(row_name(index + 1, row))
            self._row(cells, reserve=self._foot_height() if index == len(rows) - 1 else 0.0)
        if self._form.nil:
            self._nil()
        elif not rows:
            self._row([break_lines(self._serif, _BLANK, _SIZE, width) for width in _WIDTHS], self._foot_height())
        self._foot()
        self._end_page()
        progress(len(rows), len(rows), "排版完成")

    def warnings(self) -> tuple[str, ...]:
        if not self._missing:
            return ()
        named = "、".join(f"{_named(char)}（{place}）" for char, place in self._missing.items())
        return (f"字库缺少 {len(self._missing)} 个字符，页面上以“〓”代替，复制和检索不受影响：{named}。",)

    def _note_missing(self, place: str) -> None:
        for char in self._serif.missing:
            self._missing.setdefault(char, place)

    def _first_top(self) -> None:
        canvas, y = self._canvas, _TOP
        canvas.text(_LEFT, y + 8, ANNEX, self._sans, 14)
        y -= 26
        canvas.text((_LEFT + _RIGHT) / 2, y, TITLE, self._title, 22, align="centre")
        y -= 30
        canvas.text(_RIGHT - _DATE_WIDTH, y, date_text(self._form), self._serif, _BIG)
        for line in self._unit:
            canvas.line(_LEFT, y, line, _BIG)
            y -= _BIG_LEADING
        self._column_heads(y + _BIG_LEADING - 10)

    def _next_page(self) -> None:
        self._end_page()
        self._canvas.text(_LEFT, _TOP, TITLE + CONTINUED, self._serif, _SIZE)
        room = (_RIGHT - _LEFT) / 2 / _SIZE
        unit = self._serif.glyphs(unit_text(self._form).replace("\n", " "))
        if width_of(unit) > room:  # it stands in full on the first page
            while width_of(unit) > room - 2:
                unit.pop()
            unit += self._serif.glyphs("……")
        self._canvas.line(_RIGHT, _TOP, unit, _SIZE, align="right")
        self._column_heads(_TOP - 8)

    def _end_page(self) -> None:
        number = self._canvas.page
        text = f"— {number} —"
        if number % 2:
            self._canvas.text(_RIGHT, _BOTTOM - 30, text, self._serif, _BIG, align="right")
        else:
            self._canvas.text(_LEFT, _BOTTOM - 30, text, self._serif, _BIG)
        self._canvas.end_page()

    def _column_heads(self, y: float) -> None:
        height = self._head_height
        for x, width, lines in zip(_XS, _WIDTHS, self._head, strict=False):
            above = (height - len(lines) * _LEADING) / 2
            for number, line in enumerate(lines):
                self._canvas.line(x + width / 2, _baseline(y - above, number), line, _SIZE, align="centre")
        self._canvas.grid(_XS, (y, y - height), 0.8)
        self._y = y - height

    def _row(self, cells: list[list[Line]], reserve: float) -> None:
        """Write a row with `reserve` points left free under its end, going on to further pages as needed."""
        full = _TOP - 8 - self._head_height - _BOTTOM
        started = False
        while True:
            left = max(map(len, cells))
            room = self._y - _BOTTOM
            if _height(left) + reserve <= room:
                self._part(cells, whole=not started)
                return
            fitting = min(int((room - 2 * _PAD) // _LEADING), left - _TAIL_LINES)
            could_wait = not started and _height(left) + reserve <= full and room <= _SMALL_HOLE * full
            if fitting < _HEAD_LINES or could_wait:
                self._next_page()
                continue
            self._part([lines[:fitting] for lines in cells], whole=False)
            cells = [lines[fitting:] for lines in cells]
            cells[0] = [self._serif.glyphs(CONTINUED), *cells[0]]
            started = True
            self._next_page()

    def _part(self, cells: list[list[Line]], *, whole: bool) -> None:
        height = _height(max(map(len, cells)))
        for column, (x, width, lines) in enumerate(zip(_XS, _WIDTHS, cells, strict=False)):
            middle = whole and column in _MIDDLE
            top = self._y - ((height - len(lines) * _LEADING) / 2 if middle else _PAD)
            centred = column == _COUNT or (column in _SHORT and len(lines) == 1)
            for number, line in enumerate(lines):
                baseline = _baseline(top, number)
                if centred:
                    self._canvas.line(x + width / 2, baseline, line, _SIZE, align="centre")
                else:
                    self._canvas.line(x + _PAD, baseline, line, _SIZE)
        self._canvas.grid(_XS, (self._y, self._y - height), 0.5)
        self._y -= height

    def _nil(self) -> None:
        height = 3 * _LEADING
        self._canvas.text(
            (_LEFT + _RIGHT) / 2, _baseline(self._y - _LEADING, 0), NIL, self._serif, _BIG, align="centre"
        )
        self._canvas.grid((_XS[0], _XS[-1]), (self._y, self._y - height), 0.5)
        self._y -= height

    def _foot_height(self) -> float:
        lines = max(len(self._person), len(self._phone))
        return 4 + lines * _BIG_LEADING + len(self._notes()) * _SMALL_LEADING

    def _foot(self) -> None:
        y = self._y - 4
        for x, lines in ((_LEFT, self._person), (_RIGHT - _DATE_WIDTH, self._phone)):
            for number, line in enumerate(lines):
                self._canvas.line(x, y - (number + 1) * _BIG_LEADING, line, _BIG)
        y -= max(len(self._person), len(self._phone)) * _BIG_LEADING + 2
        for number, line in enumerate(self._notes()):
            self._canvas.line(_LEFT, y - (number + 1) * _SMALL_LEADING, line, _SMALL)

    def _notes(self) -> Sequence[Line]:
        if not self._missing:
            return ()
        named = "、".join(f"U+{ord(char):04X}" for char in list(self._missing)[:_NAMED_MISSING])
        more = f"等 {len(self._missing)} 个字符" if len(self._missing) > _NAMED_MISSING else ""
        return break_lines(self._serif, f"注：字库缺字以“〓”代替：{named}{more}", _SMALL, _RIGHT - _LEFT)


def _height(lines: int) -> float:
    return lines * _LEADING + 2 * _PAD


def _baseline(top: float, number: int) -> float:
    return top - number * _LEADING - (_LEADING - _SIZE) / 2 - 0.86 * _SIZE


def _named(char: str) -> str:
    code = f"U+{ord(char):04X}"
    return f"{char} {code}" if char.isprintable() else code
