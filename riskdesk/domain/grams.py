"""How texts are searched: cut into overlapping pairs of characters, so that no word list is needed.

Marks are terms too, and white space is one, so that a phrase of terms stands in the index exactly where the word stands in the
text: the index alone decides.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add

VERSION = f"3/{unicodedata.unidata_version}"  # kept in the data file; another one here rebuilds the index
_PART = re.compile(r"[^\W_]+|\s+|.", re.DOTALL)
_REMEMBERED = 20_000
_WIDE = [(wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；（）！？"]  # the usual marks of Chinese text


def folded(text: str) -> str:
    """Return the text as it is compared: compatibility forms unified (NFKC), case folded (`lower` looks at neighbours)."""
    for wide, narrow in _WIDE:  # to unify a text that has nothing left to unify costs nothing
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).casefold()


def index_terms(folded_text: str) -> str:
    """Return the terms of a text, separated by spaces.

    They are the pairs of every run of letters and digits, with its last character alone; every mark; and where there is
    white space, one term for it.
    """
    return " ".join(map(_TERMS.__getitem__, _PART.findall(folded_text)))


class _Terms(dict[str, str]):
    """The terms of a run of letters and digits, of white space, of a mark; remembered, as official texts say the same again and again."""

    def __missing__(self, part: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[part] = terms = _run_terms(part) if part[0].isalnum() else _named(part[0])
        return terms


_TERMS = _Terms()


def _run_terms(run: str) -> str:
    return " ".join([*map(add, run, run[1:]), run[-1]])


def _named(mark: str) -> str:
    """Return the term of a mark: the tokenizer would take some for gaps; no run begins with the dot, so no other term is it."""
    return f"·{ord(' ' if mark.isspace() else mark):x}"
