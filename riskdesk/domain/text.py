"""Cleaning of typed and pasted text, the same everywhere it enters (requirements 7)."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# control, bidi, zero-width and variation characters, byte order marks, lone surrogates, non-characters
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LONE = re.compile("[\ud800-\udfff]")
# U+2E80..2EF3 that NFKC leaves alone; texts copied from some PDFs hold them in place of the ideographs
_PAIRS = (  # radical, ideograph, radical, ideograph …
    "⺀冫⺁厂⺂乛⺃𠄌⺄乚⺅亻⺆冂⺇𠘨⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒"
    "⺳网⺴罒⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马"
    "⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_CJK_RADICALS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_EDGES = " \t\n\u3000\u00a0"


def clean(text: str) -> str:
    """Return the text as riskdesk keeps it: NFC, line ends as LF, no invisible characters, edges trimmed.

    Full-width digits stay as typed in running text (they are read, see `ascii_digits`); radicals become ideographs.
    """
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
    text = _RADICAL.sub(lambda found: _ideograph(found[0]), text)
    return unicodedata.normalize("NFC", text).strip(_EDGES)


def with_plain_line_ends(text: str) -> str:
    """Return the text with LF at the end of its lines and without lone surrogates, otherwise as it was typed."""
    return _LONE.sub("", _LINE_ENDS.sub("\n", text))


def clean_line(text: str) -> str:
    """Clean a value that is one line on paper (names, phones, numbers): line breaks and runs of space become one space."""
    return re.sub(r"[ \t\n\u3000\u00a0]+", " ", clean(text)).strip()


def ascii_digits(text: str) -> str:
    """Return the text with full-width and other compatibility characters folded (NFKC), for reading numbers and dates."""
    return unicodedata.normalize("NFKC", text)


def _ideograph(radical: str) -> str:
    return _CJK_RADICALS.get(radical) or unicodedata.normalize("NFKC", radical)
