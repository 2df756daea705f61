"""What statistics count of a record, and records that tell of one event counted once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from riskdesk.domain.records import LinkKind, Record

_ONE_EVENT = (LinkKind.SAME_SOURCE, LinkKind.CONTINUES)


class Fact(NamedTuple):
    """One record (or one event) as it is counted; `tested` and `failed` are batches, None if not known.

    `enterprises` are pairs of name and credit code ("" if none), `linked` the ids of records that tell of the same event.
    """

    id: str
    period: str
    org: str
    unit: str
    product: str
    content: str
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    hazards: tuple[str, ...]
    important: bool
    key: bool
    tested: int | None
    failed: int | None
    enterprises: tuple[tuple[str, str], ...]
    linked: tuple[str, ...]


def fact_of(object_id: str, org: str, record: Record) -> Fact:
    """Return what is counted of a record that an office keeps."""
    return Fact(
        object_id,
        record.period,
        org,
        record.unit,
        record.product,
        record.content,
        record.region_codes,
        record.source_codes,
        record.hazard_classes,
        bool(record.important_codes),
        bool(record.key_codes),
        record.samples_tested,
        record.samples_failed,
        tuple((each.name, each.credit_code) for each in record.enterprises),
        tuple(each.record_id for each in record.links if each.kind in _ONE_EVENT),
    )


def events(facts: Sequence[Fact]) -> list[Fact]:
    """Return the events that the records tell of: linked ones are one, named by the earliest, with all that any of them says.

    Batches are not added up, as several records of one event tell of the same batches: the largest known number counts.
    """
    leaders = _leaders(facts)
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.id in leaders:
            groups.setdefault(leaders[fact.id], []).append(fact)
    found = []
    for fact in facts:
        group = groups[leaders[fact.id]] if fact.id in leaders else (fact,)
        if group[0] is fact:
            found.append(_merged(group))
    return found


def _leaders(facts: Sequence[Fact]) -> Mapping[str, str]:
    """Return, by id, the one that stands for all that are linked with it, whichever way the links point; without those that are alone."""
    here = {fact.id for fact in facts}
    ties = [(fact.id, other) for fact in facts for other in fact.linked if other in here]
    parent = {each: each for tie in ties for each in tie}

    def leader(each: str) -> str:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for tie in ties:
        first, second = sorted(map(leader, tie))
        parent[second] = first
    return {each: leader(each) for each in parent}


def _merged(group: Sequence[Fact]) -> Fact:
    if len(group) == 1:
        return group[0]
    first = min(group, key=lambda fact: (fact.period, fact.id))
    return first._replace(
        regions=_union(fact.regions for fact in group),
        sources=_union(fact.sources for fact in group),
        hazards=_union(fact.hazards for fact in group),
        important=any(fact.important for fact in group),
        key=any(fact.key for fact in group),
        tested=_most(fact.tested for fact in group),
        failed=_most(fact.failed for fact in group),
        enterprises=tuple(dict.fromkeys(each for fact in group for each in fact.enterprises)),
    )


def _union(given: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_flat(given)))


def _flat(given: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for each in given:
        yield from each


def _most(given: Iterable[int | None]) -> int | None:
    return max((each for each in given if each is not None), default=None)
