"""Bringing together what two people made of one record: where they differ, whose change stands alone, what comes of choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from riskdesk.domain.reconcile import differences
from riskdesk.domain.records import AcceptedProblem, Record

_READ_FROM = {"region_codes": "regions_text", "source_codes": "sources_text"}
_FOLLOWING = ("accepted", "original")  # said about other fields, so they go with those


class Side(StrEnum):
    """Whose content: what is being typed, or what is saved now."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """Fields that differ and are chosen together; `side` is who alone changed them, None if a person has to choose."""

    fields: tuple[str, ...]
    side: Side | None

    @property
    def name(self) -> str:
        """The field that it is called by."""
        return self.fields[0]


def clashes(base: Record | None, mine: Record, theirs: Record) -> list[Clash]:
    """Return where two records differ that were made from `base`, None if that is not known."""
    names = [each.field for each in differences(mine, theirs) if each.field not in _FOLLOWING]
    groups = (
        (name, *(code for code, text in _READ_FROM.items() if text == name and code in names))
        for name in names
        if _READ_FROM.get(name) not in names
    )
    return [Clash(group, _alone(base, mine, theirs, group)) for group in groups]


def merged(base: Record | None, mine: Record, theirs: Record, chosen: Mapping[str, Side]) -> Record:
    """Return the record that has of every clash, by its name, the side that was chosen."""
    sides = {name: chosen[each.name] for each in clashes(base, mine, theirs) for name in each.fields}
    taken = {name: getattr(theirs, name) for name, side in sides.items() if side is Side.THEIRS}
    accepted = tuple(_accepted(base, mine, theirs, sides))
    return mine.edited(**taken, accepted=accepted, original=_original(mine, theirs, sides))


def _alone(base: Record | None, mine: Record, theirs: Record, names: tuple[str, ...]) -> Side | None:
    if base is None:
        return None
    was = _values(base, names)
    if _values(theirs, names) == was:
        return Side.MINE
    return Side.THEIRS if _values(mine, names) == was else None


def _values(record: Record, names: tuple[str, ...]) -> list[Any]:
    return [getattr(record, name) for name in names]


def _accepted(
    base: Record | None, mine: Record, theirs: Record, sides: Mapping[str, Side]
) -> Iterator[AcceptedProblem]:
    """Go with the field where one was chosen; elsewhere keep what either gave and none took back."""
    known = {(each.field, each.code) for each in base.accepted} if base else set()
    by_side = {
        side: {(each.field, each.code): each for each in record.accepted}
        for side, record in ((Side.MINE, mine), (Side.THEIRS, theirs))
    }
    for key in dict.fromkeys([*by_side[Side.MINE], *by_side[Side.THEIRS]]):
        side = sides.get(key[0].partition(".")[0])
        if side is not None:
            found = by_side[side].get(key)
        elif key in known and any(key not in each for each in by_side.values()):
            found = None
        else:
            found = by_side[Side.MINE].get(key) or by_side[Side.THEIRS].get(key)
        if found is not None:
            yield found


def _original(mine: Record, theirs: Record, sides: Mapping[str, Side]) -> dict[str, str]:
    both = {**theirs.original, **mine.original}
    of = {Side.MINE: mine.original, Side.THEIRS: theirs.original}
    return {name: text for name, text in both.items() if name not in sides} | {
        name: of[side][name] for name, side in sides.items() if name in of[side]
    }
