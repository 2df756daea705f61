"""What is typed into a search to an FTS5 expression over the index of terms (`domain/grams.py`)."""

from __future__ import annotations

import re

from riskdesk.domain import grams

_RUN_AT_END = re.compile(r"[^\W_]{1,2}\Z")
_ALONE = 1  # character


def query_words(query: str) -> list[str]:
    """Return the words of a query, each once; a record is found if its text contains each."""
    whole = query.encode("utf-8", "ignore").decode("utf-8")  # an input method may leave half a character
    return list(dict.fromkeys(grams.folded(whole).split()))


def match_expression(words: list[str]) -> str:
    """Return the FTS5 expression that exactly the records containing all words satisfy; "" for no words."""
    return " AND ".join(map(_phrase, words))


def _phrase(word: str) -> str:
    """Return the terms of a word in their order.

    Where it ends within a run, the text may go on: the last pair says the last character already, and one that stands alone
    is the start of whatever follows.
    """
    terms = grams.index_terms(word).split()
    end = _RUN_AT_END.search(word)
    if end is None:
        return f'"{" ".join(terms)}"'
    if len(end[0]) > _ALONE:
        return f'"{" ".join(terms[:-1])}"'
    return f'"{" ".join(terms)}"*'
