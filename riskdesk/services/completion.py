"""What a form offers while somebody types: products, categories, regions and offices, by their text or pinyin initials."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, Generic, TypeVar

from riskdesk.domain.matching import Names
from riskdesk.domain.regions import Region
from riskdesk.domain.text import clean_line
from riskdesk.paths import resource
from riskdesk.services.desk import Desk

T = TypeVar("T")

_FRESH = 100  # products
_LEVELS = ("pseudo", "province", "city", "county", "town")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its text, its code if it has one, and what stands beside it in grey."""

    text: str
    code: str = ""
    detail: str = ""


class Completion:
    """Offers choices; a window keeps one, so that nothing is read twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = 0  # the last row whose product is known
        self._fresh: list[str] = []  # products used since the history was read, the newest first

    def products(self, typed: str, limit: int = 12) -> list[Choice]:
        """Return products that match: own ones before the catalogue's, often used ones first."""
        history = self._history
        for product, _, last in self._desk.records.products(self._seen):
            self._seen = max(self._seen, last)
            self.learn(product)
        own = _Offer([(name, name) for name in self._fresh])
        found = sorted([*own.ranked(typed, limit), *history.ranked(typed, limit)], key=itemgetter(0))
        names = list(dict.fromkeys(name for _, name in found))[:limit]
        return [self._product(name) for name in names]

    def learn(self, product: str) -> None:
        """Take note that a product was just used."""
        if name := clean_line(product):
            self._fresh = [name, *(each for each in self._fresh if each != name)][:_FRESH]

    def category_of(self, product: str) -> Choice | None:
        """Return the category of a product, its code being the focus group; None if the catalogue does not tell.

        What a Chinese name ends with says what the thing is, so the longest known ending decides.
        """
        name = clean_line(product)
        known = max((each for each in self._catalogue if name.endswith(each)), key=len, default="")
        return Choice(self._catalogue[known].detail, self._catalogue[known].code) if known else None

    def categories(self) -> tuple[str, ...]:
        """Return the categories of the national catalogue."""
        return tuple(self._content["categories_2023_national_catalogue_13_of_14"])

    def regions(self, typed: str, limit: int = 12) -> list[Choice]:
        """Return regions that match by their own name or by that and what they lie in, larger ones first."""
        return self._regions.find(typed, limit)

    def offices(self, typed: str, limit: int = 50) -> list[Choice]:
        """Return offices that match by name or code."""
        return self._offices.find(typed, limit)

    @cached_property
    def _history(self) -> _Offer[str]:
        """The products of all records, those used most and last first, then the catalogue's."""
        used: dict[str, tuple[int, int]] = {}
        for product, count, last in self._desk.records.products():
            self._seen = max(self._seen, last)
            if name := clean_line(product):
                known, at = used.get(name, (0, 0))
                used[name] = (known + count, max(at, last))
        names = sorted(used, key=used.__getitem__, reverse=True)
        return _Offer([(name, name) for name in [*names, *self._catalogue]])

    def _product(self, name: str) -> Choice:
        known = self._catalogue.get(name) or self.category_of(name)
        if known is None:
            return Choice(name)
        return known if known.text == name else Choice(name, known.code, known.text)

    @cached_property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(resource("vocab/catalogue.json").read_text("utf-8"))
        return content

    @cached_property
    def _catalogue(self) -> dict[str, Choice]:
        """Return the choice for every name and alias of the catalogue."""
        known: dict[str, Choice] = {}
        for product in self._content["focus_products"]:
            group = product["focus_group"].partition("_")[0]
            for name in (product["name"], *product["aliases"]):
                known.setdefault(name, Choice(name, group, product["category_guess"]))
        return known

    @cached_property
    def _regions(self) -> _Offer[Choice]:
        """Own names stand before names with what a region lies in, so that what lies in it follows the region typed."""
        table = self._desk.reference.regions
        own, placed = [], []
        for region in sorted(table.regions.values(), key=lambda each: _LEVELS.index(each.level)):
            around = self._around(region)
            choice = Choice(f"{region.name}（{around}）" if around else region.name, region.code, region.kind)
            own.append((region.name, choice))
            if around:
                placed += [(f"{around}{region.name}", choice), (f"{around.replace('市', '')}{region.name}", choice)]
        return _Offer([*own, *placed])

    def _around(self, region: Region) -> str:
        """Return what a county or town lies in; many share a name."""
        if region.level not in ("county", "town"):
            return ""
        return self._desk.reference.regions.full_name(region.parent)

    @cached_property
    def _offices(self) -> _Offer[Choice]:
        offices = {office.code: office for office in self._desk.reference.roster.offices}
        pairs = []
        for office in offices.values():
            above = offices.get(next(iter(office.report_to), ""))
            choice = Choice(office.name, office.code, above.name if above else "")
            pairs += [(office.name, choice), (office.code, choice)]
        return _Offer(pairs)


class _Offer(Generic[T]):
    """What can be chosen, under one or more names each."""

    def __init__(self, pairs: Sequence[tuple[str, T]]) -> None:
        self._choices = [choice for _, choice in pairs]
        self._names = Names([name for name, _ in pairs], initials())

    def find(self, typed: str, limit: int) -> list[T]:
        return [choice for _, choice in self.ranked(typed, limit)]

    def ranked(self, typed: str, limit: int) -> list[tuple[int, T]]:
        found: dict[T, int] = {}
        for rank, place in self._names.find(typed):
            if len(found) >= limit:
                break
            found.setdefault(self._choices[place], rank)
        return [(rank, choice) for choice, rank in found.items()]


@cache
def initials() -> Callable[[str], Sequence[str]]:
    """Return what gives the first letters of all readings of a character; its table is loaded when first asked for."""
    # single characters are enough for initials: without its dictionary of phrases the library loads in a tenth of the time
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin.constants import PINYIN_DICT

    def letters(character: str) -> tuple[str, ...]:
        readings = PINYIN_DICT.get(ord(character), "").split(",")
        firsts = (unicodedata.normalize("NFD", reading)[:1] for reading in readings)
        return tuple(dict.fromkeys(first for first in firsts if first))

    return letters
