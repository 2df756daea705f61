"""Text to index terms and queries to FTS5 expressions: overlapping pairs of characters, so that no word list is needed.

Marks are terms too, and white space is one, so that a phrase of terms stands in the index exactly where the word stands in the
text: the index alone decides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from operator import add

VERSION = f"3/{unicodedata.unidata_version}"  # kept in the data file; another one here rebuilds the index
_PART = re.compile(r"([^\W_]+)|\s+|(.)", re.DOTALL)
_WIDE = [(wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；（）！？"]  # the usual marks of Chinese text
_RUN_AT_END = re.compile(r"[^\W_]{1,2}\Z")
_ALONE = 1  # character


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
    return " ".join(_run_terms(run) if run else _named(mark or " ") for run, mark in _PART.findall(folded_text))


def query_words(query: str) -> list[str]:
    """Return the words of a query, each once; a record is found if its text contains each."""
    whole = query.encode("utf-8", "ignore").decode("utf-8")  # an input method may leave half a character
    return list(dict.fromkeys(folded(whole).split()))


def match_expression(words: list[str]) -> str:
    """Return the FTS5 expression that exactly the records containing all words satisfy; "" for no words."""
    return " AND ".join(map(_phrase, words))


@lru_cache(maxsize=20_000)  # official texts say the same words again and again
def _run_terms(run: str) -> str:
    """Return the terms of letters and digits without a mark between them."""
    return " ".join([*map(add, run, run[1:]), run[-1]])


@cache
def _named(mark: str) -> str:
    """Return the term of a mark: the tokenizer would take some for gaps; no run begins with the dot, so no other term is it."""
    return f"·{ord(mark):x}"


def _phrase(word: str) -> str:
    """Return the terms of a word in their order.

    Where it ends within a run, the text may go on: the last pair says the last character already, and one that stands alone
    is the start of whatever follows.
    """
    terms = index_terms(word).split()
    end = _RUN_AT_END.search(word)
    if end is None:
        return f'"{" ".join(terms)}"'
    if len(end[0]) > _ALONE:
        return f'"{" ".join(terms[:-1])}"'
    return f'"{" ".join(terms)}"*'
