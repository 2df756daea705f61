"""The visible block of a signed PDF: who signed, when, with which key. It says that it is no official seal."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from riskdesk.documents.paper_texts import moment_text
from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import Line, break_lines
from riskdesk.documents.typesetting.canvas import PageCanvas, new_document

BLOCK_SIZE: Final[tuple[int, int]] = (420, 38)  # points
BLOCK_PLACE: Final[tuple[int, int]] = (
    211,
    15,
)  # lower left corner on Annex 1: a strip that its foot and page number leave free
TITLE: Final = "数字签名（非公章）"
_DARK_BLUE: Final = (0.05, 0.1, 0.4)
_TITLE_WIDTH, _TITLE_SIZE = 92.0, 9.0
_SIZE, _LEADING, _SMALLER = 8.5, 1.3, 0.95
_PAD = 4.0


def render_block(office: str, person: str, fingerprint: str, at: datetime) -> bytes:
    """Return the block as a PDF of one page of `BLOCK_SIZE`; a long name makes its letters smaller."""
    width, height = BLOCK_SIZE
    texts = (f"单位：{office}", f"经办人：{person}　时间：{moment_text(at)}", f"指纹：{fingerprint}")
    with new_document(BLOCK_SIZE, TITLE, office, at.date()) as canvas:
        canvas.frame(0.5, 0.5, width - 1, height - 1, 0.7, colour=_DARK_BLUE)
        canvas.text(_TITLE_WIDTH / 2, height / 2 - 0.36 * _TITLE_SIZE, TITLE, fonts.sans(), _TITLE_SIZE, align="centre")
        canvas.frame(_TITLE_WIDTH, 0.5, 0, height - 1, 0.5, colour=_DARK_BLUE)
        _write(canvas, texts, width - _TITLE_WIDTH - 2 * _PAD, height - _PAD)
        canvas.end_page()
        return canvas.finish()


def _write(canvas: PageCanvas, texts: tuple[str, ...], width: float, room: float) -> None:
    face, size = fonts.serif(), _SIZE
    while (lines := _lines(face, texts, size, width)) and len(lines) * size * _LEADING > room:
        size *= _SMALLER
    leading = size * _LEADING
    top = (BLOCK_SIZE[1] + len(lines) * leading) / 2
    for number, line in enumerate(lines):
        y = top - (number + 0.5) * leading - 0.36 * size
        canvas.line(_TITLE_WIDTH + _PAD, y, line, size)


def _lines(face: fonts.Stack, texts: tuple[str, ...], size: float, width: float) -> list[Line]:
    return [line for text in texts for line in break_lines(face, text, size, width)]
