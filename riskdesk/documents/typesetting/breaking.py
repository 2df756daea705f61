"""Where a line of Chinese may end: GB/T 15834 for punctuation; Latin words, numbers and codes stay whole if they fit.

Every character of a text comes back in exactly one line, but for the line feeds, which end lines. Spaces at the end of
a line hang: they belong to it and do not count for its width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

NO_START: Final = frozenset(
    "!%),.:;?]}~/\"'¢°·»ˇˉ–—―‖’”…‰′″›℃∶、。〃々〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．／：；？］｀｜｝～￠🏻🏼🏽🏾🏿"
)
NO_END: Final = frozenset("$([{/\"'£¥«‘‹“〈《「『【〔〖〝﹙﹛﹝＂＄＇（／［｛￡￥")
_SPACES = frozenset(" \t\u3000")
_IN_WORDS = frozenset("\u00a0×÷±°²³µ–\u2011≈≤≥℃㎎㎏㎜㎝㎞㎡")
_GOOD_ENDS = frozenset("-/_@&=?.+,:;")  # where a word too long for a line is best cut
_QUOTES = frozenset("\"'＂＇")  # open or close; beside a space it is clear which
_SPACE, _WORD, _STAYS, _LEADS, _QUOTE = 1, 2, 4, 8, 16


class Glyph(NamedTuple):
    """A character as it is set: what is written for it, in which font, its width in em."""

    char: str
    shown: str
    font: str
    width: float


Line = Sequence[Glyph]


class Typeface(Protocol):
    """Whatever can say how wide the characters of a text are."""

    def glyphs(self, text: str) -> list[Glyph]: ...


class _Kinds(dict[str, int]):
    """What is known of a character, found once."""

    def __missing__(self, char: str) -> int:
        kind = _SPACE if char in _SPACES else 0
        kind |= _WORD if _in_word(char) else 0
        kind |= _STAYS if char in NO_START or unicodedata.category(char)[0] == "M" else 0
        kind |= _LEADS if char in NO_END else 0
        kind |= _QUOTE if char in _QUOTES else 0
        self[char] = kind
        return kind


def _in_word(char: str) -> bool:
    if char in _IN_WORDS or "!" <= char <= "~" or "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ":
        return True
    return "\u00a1" <= char < "\u2000" and unicodedata.category(char)[0] in "LNM"


_KINDS = _Kinds()


def break_lines(face: Typeface, text: str, size: float, width: float) -> list[Line]:
    """Return the lines of a text set in `size` points, none wider than `width` points (a single character may be)."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        glyphs = face.glyphs(paragraph)
        cuts = [0, *_cuts(glyphs, width / size), len(glyphs)]
        lines.extend(glyphs[start:end] for start, end in pairwise(cuts))
    return lines


def line_starts(face: Typeface, text: str, size: float, width: float) -> list[int]:
    """Return the offsets in the text at which its lines start; the first is 0."""
    starts: list[int] = []
    offset = 0
    for paragraph in text.split("\n"):
        starts.append(offset)
        starts.extend(offset + cut for cut in _cuts(face.glyphs(paragraph), width / size))
        offset += len(paragraph) + 1
    return starts


def visible(line: Line) -> Line:
    """Return the line without the spaces that hang at its end."""
    end = len(line)
    while end and _KINDS[line[end - 1].char] & _SPACE:
        end -= 1
    return line[:end]


def width_of(line: Line) -> float:
    """Return the width of a line in em."""
    return sum(glyph.width for glyph in line)


def _cuts(glyphs: Line, limit: float) -> list[int]:
    if width_of(glyphs) <= limit:
        return []
    kinds = [_KINDS[glyph.char] for glyph in glyphs]
    cuts: list[int] = []
    start = 0
    while (start := _line_end(glyphs, kinds, start, limit + 1e-6)) < len(glyphs):
        cuts.append(start)
    return cuts


def _line_end(glyphs: Line, kinds: list[int], start: int, limit: float) -> int:
    width, last = 0.0, start
    before, spaced = _LEADS, False  # nothing is cut off after an indent
    for index in range(start, len(glyphs)):
        kind = kinds[index]
        width += glyphs[index].width
        if kind & _SPACE:
            spaced = True
            continue
        if index > start and _may_part(before, kind, spaced=spaced) and (spaced or not before & kind & _WORD):
            last = index
        if width > limit and index > start:
            return last if last > start else _forced_end(glyphs, kinds, start, index)
        before, spaced = kind, False
    return len(glyphs)


def _may_part(before: int, after: int, *, spaced: bool) -> bool:
    """Whether a line may end between two characters that are not spaces, with spaces between them or not."""
    leads = before & _LEADS and not (spaced and before & _QUOTE)
    stays = after & _STAYS and not (spaced and after & _QUOTE)
    return not (leads or stays)


def _forced_end(glyphs: Line, kinds: list[int], start: int, limit: int) -> int:
    """Return where to cut what cannot be kept whole: after a sign within a code, else between any two characters."""
    last = 0
    for index in range(limit, start, -1):
        before, after = kinds[index - 1], kinds[index]
        if glyphs[index - 1].char == "/" and after & _WORD:
            before &= ~_LEADS  # in an address
        if (before | after) & _SPACE or not _may_part(before, after, spaced=False):
            continue
        if glyphs[index - 1].char in _GOOD_ENDS and index - start > 0.4 * (limit - start):
            return index
        last = last or index
    return last or limit
