"""Text to index terms and queries to FTS5 expressions: overlapping pairs of characters, so that no word list is needed."""

from __future__ import annotations

import re
import unicodedata

VERSION = f"2/{unicodedata.unidata_version}"  # kept in the data file; another one here rebuilds the index
_RUN = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return the text as it is compared: compatibility forms unified (NFKC), case folded (`lower` looks at neighbours)."""
    return unicodedata.normalize("NFKC", text).casefold()


def index_terms(folded_text: str) -> str:
    """Return the pairs of every run of letters and digits, the last character alone too, separated by spaces."""
    terms: list[str] = []
    for run in _RUN.findall(folded_text):
        terms += [run[start : start + 2] for start in range(len(run))]
    return " ".join(terms)


def query_words(query: str) -> list[str]:
    """Return the words of a query, each once; a record is found if its text contains each."""
    whole = query.encode("utf-8", "ignore").decode("utf-8")  # an input method may leave half a character
    return list(dict.fromkeys(folded(whole).split()))


def is_exact(word: str) -> bool:
    """Tell whether the index alone decides about a word: one or two characters are a term, or the start of one."""
    return len(word) <= 2 and _RUN.fullmatch(word) is not None


def match_expression(words: list[str]) -> str:
    """Return the FTS5 expression that every record containing all words satisfies; "" if it cannot narrow the search."""
    parts: list[str] = []
    for run in (run for word in words for run in _RUN.findall(word)):
        parts += [f'"{run}"*'] if len(run) == 1 else [f'"{run[at : at + 2]}"' for at in range(len(run) - 1)]
    return " AND ".join(dict.fromkeys(parts))
