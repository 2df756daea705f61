"""Names that begin with, contain or are abbreviated by what somebody types, found fast enough to be asked at every key."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

_GAP = "[^\n]*"  # what a typed space stands for
_LONGEST = 50  # characters; nobody types a longer name to find it


class Names:
    """Finds the places of names in a sequence; the sequence should hold the preferred ones first.

    `initials` gives the letters that a character may be abbreviated by: the first letters of all its readings. A typed letter
    stands for itself and for every character that it abbreviates, so that 小dq finds 小店区, too; a typed space for anything.
    """

    def __init__(self, names: Sequence[str], initials: Callable[[str], Iterable[str]]) -> None:
        lines = [_folded(name) for name in names]
        self._text = "\n" + "\n".join(lines) + "\n"
        self._starts = []
        at = 1
        for line in lines:
            self._starts.append(at)
            at += len(line) + 1
        self._by_letter: dict[str, str] = {}
        for character in sorted(set(self._text)):
            for letter in initials(character):
                self._by_letter[letter] = self._by_letter.get(letter, "") + character

    def find(self, typed: str) -> Iterator[tuple[int, int]]:
        """Yield rank and place of every matching name once: those that are what is typed, begin with it, contain it, and those
        that are abbreviated by it.
        """
        word = _folded(typed).strip()[:_LONGEST]
        if not word:
            yield from ((0, place) for place in range(len(self._starts)))
            return
        seen: set[int] = set()
        literal = _GAP.join(map(re.escape, word.split()))
        abbreviated = _GAP.join("".join(map(self._pattern, part)) for part in word.split())
        patterns = (f"\n{literal}(?=\n)", f"\n{literal}", literal, f"\n{abbreviated}", abbreviated)
        for rank, pattern in enumerate(patterns):
            for found in re.finditer(pattern, self._text):
                place = bisect_right(self._starts, found.end() - 1) - 1
                if place not in seen:
                    seen.add(place)
                    yield rank, place

    def _pattern(self, character: str) -> str:
        meant = self._by_letter.get(character, "")
        return f"[{re.escape(character)}{re.escape(meant)}]" if meant else re.escape(character)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("\n", " ")).casefold().replace("\n", " ")
