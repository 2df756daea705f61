"""What statistics count of a record, and records that tell of one event counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from riskdesk.domain.records import LinkKind, Record

_ONE_EVENT = (LinkKind.SAME_SOURCE, LinkKind.CONTINUES)


class Fact(NamedTuple):
    """One record (or one event) as it is counted; `tested` and `failed` are batches that one record states, None if not known.

    `enterprises` are pairs of name and credit code ("" if none), `linked` the ids of records that tell of the same event. Of an event, `also` are
    the ids of the records besides that which names it, `names` what these call their product and its category; `products` and `reporters` (unit,
    code of the office) are those of all its records.
    """

    id: str
    period: str
    org: str
    unit: str
    product: str
    sources: tuple[str, ...]
    important: bool
    key: bool
    regions: tuple[str, ...]
    hazards: tuple[str, ...]
    tested: int | None
    failed: int | None
    enterprises: tuple[tuple[str, str], ...]
    linked: tuple[str, ...]
    category: str
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    reporters: tuple[tuple[str, str], ...] = ()

    def tells_of(self, words: Iterable[str]) -> bool:
        """Tell whether one of the words stands in a product or category."""
        text = "\n".join((self.product, self.category, *self.names))
        return any(word in text for word in words)


def fact_of(object_id: str, org: str, record: Record) -> Fact:
    """Return what is counted of a record that an office keeps."""
    return Fact(
        object_id,
        record.period,
        org,
        record.unit,
        record.product,
        record.source_codes,
        bool(record.important_codes),
        bool(record.key_codes),
        record.region_codes,
        record.hazard_classes,
        record.samples_tested,
        record.samples_failed,
        tuple((each.name, each.credit_code) for each in record.enterprises),
        tuple(each.record_id for each in record.links if each.kind in _ONE_EVENT),
        record.category,
    )


def events(facts: Sequence[Fact]) -> list[Fact]:
    """Return the events that the records tell of: linked ones are one, named by the earliest, with all that any of them says.

    Batches are not added up, as several records of one event tell of the same batches, nor put together from several records.
    """
    leaders = _leaders(facts)
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.id in leaders:
            groups.setdefault(leaders[fact.id], []).append(fact)
    found = []
    for fact in facts:
        if fact.id not in leaders:
            found.append(fact)
        elif (group := groups[leaders[fact.id]])[0] is fact:
            found.append(_merged(group))
    return found


def records_behind(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Return the ids of all records that the facts stand for."""
    if record_count(facts) == len(facts):  # all at once, as there may be very many
        return tuple([fact.id for fact in facts])
    return tuple(each for fact in facts for each in (fact.id, *fact.also))


def record_count(facts: Sequence[Fact]) -> int:
    """Return how many records the facts stand for."""
    return len(facts) + sum(map(len, [fact.also for fact in facts if fact.also]))


def enterprise_keys(facts: Iterable[Fact]) -> dict[tuple[str, str], str]:
    """Return by what each enterprise that is named is known: its credit code, else the only code its name ever has, else its name."""
    given = {each for named in {fact.enterprises for fact in facts} for each in named}
    codes: dict[str, set[str]] = {}
    for name, code in given:
        if code.strip():
            codes.setdefault(name.strip(), set()).add(_code(code))
    keys = {}
    for name, code in given:
        known = codes.get(name.strip(), set())
        keys[name, code] = _code(code) or (next(iter(known)) if len(known) == 1 else name.strip())
    return keys


def _code(code: str) -> str:
    return code.strip().upper()


def _leaders(facts: Sequence[Fact]) -> Mapping[str, str]:
    """Return, by id, the one that stands for all that are linked with it, whichever way the links point; without those that are alone."""
    linking = [fact for fact in facts if fact.linked]
    here = {fact.id for fact in facts} if linking else set()
    ties = [(fact.id, other) for fact in linking for other in fact.linked if other in here]
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
    first, *others = group = sorted(group, key=lambda fact: (fact.period, fact.id))
    stating = max(group, key=_stated)
    return first._replace(
        regions=_union(fact.regions for fact in group),
        sources=_union(fact.sources for fact in group),
        hazards=_union(fact.hazards for fact in group),
        important=any(fact.important for fact in group),
        key=any(fact.key for fact in group),
        tested=stating.tested,
        failed=stating.failed,
        enterprises=tuple(dict.fromkeys(each for fact in group for each in fact.enterprises)),
        also=records_behind(others),
        names=_union((fact.product, fact.category) for fact in others),
        products=tuple(dict.fromkeys(fact.product for fact in group if fact.product)),
        reporters=tuple(dict.fromkeys((fact.unit, fact.org) for fact in group)),
    )


def _stated(fact: Fact) -> tuple[int, int, int]:
    """Return how much a record says of batches: best is one that states both and can be right, then one that states both, then the larger."""
    tested, failed = fact.tested or 0, fact.failed or 0
    if tested and fact.failed is not None:
        return 3 if failed <= tested else 2, tested, failed
    return 1 if tested else 0, tested, failed


def _union(given: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(given)))
