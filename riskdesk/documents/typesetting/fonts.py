"""The fonts of our PDFs: which of them draws a character, and 〓 where none of them can.

reportlab's writer of /ToUnicode is wrong beyond U+FFFF; `correct_text_layer` puts a right one in its place while a
document is being saved.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

from reportlab.pdfbase import pdfmetrics, ttfonts

from riskdesk.documents.typesetting.breaking import Glyph
from riskdesk.paths import resource

SERIF: Final = "RiskSerif"
SANS: Final = "RiskSans"
SUBSTITUTE: Final = "〓"
_TITLE, _EMOJI = "RiskTitle", "RiskEmoji"
_FILES = {
    SERIF: "RiskSerifSC-Regular.ttf",
    _TITLE: "RiskSerifSC-Bold.ttf",
    SANS: "RiskSansSC-Regular.ttf",
    _EMOJI: "NotoEmoji-Regular.ttf",
}
_TAB = "    "
_CMAP_BLOCK = 100  # entries a bfchar block may have at most


class _Font(ttfonts.TTFont):
    """A font that can show 〓 for a character it lacks; searching and copying still give the character itself.

    (Marked text with /ActualText would do it too, but PDFium, and so Chrome, loses all beyond U+FFFF in it.)
    """

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, str(resource(f"fonts/{file}")), shapable=False)
        self._lent: set[int] = set()

    def has(self, char: str) -> bool:
        code = ord(char)
        return code in self.face.charToGlyph and code not in self._lent and not _is_control(char)

    def width(self, char: str) -> float:
        """Return the width in em."""
        return float(self.face.getCharWidth(ord(char))) / 1000  # type: ignore[no-untyped-call]

    def lend(self, char: str) -> None:
        face, code, substitute = self.face, ord(char), ord(SUBSTITUTE)
        self._lent.add(code)
        face.charToGlyph[code] = face.charToGlyph[substitute]
        face.charWidths[code] = face.charWidths[substitute]


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs")  # NotoEmoji has a glyph for U+0000


def register() -> None:
    """Make the fonts known to reportlab, once in a process (0.2 s)."""
    known = set(pdfmetrics.getRegisteredFontNames())
    for name, file in _FILES.items():
        if name not in known:
            pdfmetrics.registerFont(_Font(name, file))


class Stack:
    """Fonts in the order they are asked for a character. `missing`: the characters none of them had, in order."""

    def __init__(self, *names: str) -> None:
        register()
        self._fonts: list[_Font] = [cast("_Font", pdfmetrics.getFont(name)) for name in names]
        self._known: dict[str, Glyph] = {}
        self.missing: dict[str, None] = {}

    def glyphs(self, text: str) -> list[Glyph]:
        known = self._known
        return [known.get(char) or self._find(char) for char in text]

    def _find(self, char: str) -> Glyph:
        glyph = self._known[char] = self._tab() if char == "\t" else self._in_fonts(char) or self._substitute(char)
        return glyph

    def _in_fonts(self, char: str) -> Glyph | None:
        for font in self._fonts:
            if font.has(char):
                return Glyph(char, char, font.fontName, font.width(char))
        return None

    def _substitute(self, char: str) -> Glyph:
        self.missing[char] = None
        font = next(font for font in self._fonts if font.has(SUBSTITUTE))
        if _is_control(char):  # it has no place in a text layer either
            return Glyph(char, SUBSTITUTE, font.fontName, font.width(SUBSTITUTE))
        font.lend(char)
        return Glyph(char, char, font.fontName, font.width(char))

    def _tab(self) -> Glyph:
        font = self._fonts[0]
        return Glyph("\t", _TAB, font.fontName, len(_TAB) * font.width(" "))


def serif() -> Stack:
    """Return the stack for running text."""
    return Stack(SERIF, _EMOJI)


def title() -> Stack:
    """Return the stack for the titles of forms."""
    return Stack(_TITLE, SERIF, _EMOJI)


def sans() -> Stack:
    """Return the stack that stands for 黑体."""
    return Stack(SANS, SERIF, _EMOJI)


def in_sans(text: str) -> str:
    """Return the text with 〓 for what the sans font alone cannot draw, for what is drawn by others' code."""
    register()
    font = cast("_Font", pdfmetrics.getFont(SANS))
    return "".join(char if char == "\n" or font.has(char) else SUBSTITUTE for char in text)


@contextmanager
def correct_text_layer() -> Iterator[None]:
    """Let reportlab write right /ToUnicode maps; to be held only by who holds the one PDF job."""
    before = ttfonts.makeToUnicodeCMap
    ttfonts.makeToUnicodeCMap = _to_unicode_cmap
    try:
        yield
    finally:
        ttfonts.makeToUnicodeCMap = before


def _to_unicode_cmap(fontname: str, subset: Sequence[int]) -> str:
    entries = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset) if char
    ]
    blocks = [entries[start : start + _CMAP_BLOCK] for start in range(0, len(entries), _CMAP_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{fontname} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])
