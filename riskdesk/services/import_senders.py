"""Whether the office that a form names is this one or one below it: only their forms are expected here."""

from __future__ import annotations

from riskdesk import clock
from riskdesk.domain.offices import spelling, without_seal
from riskdesk.services.desk import Desk

_SHORTEST = 3  # characters of an office's name


def stranger(desk: Desk, unit: str) -> str:
    """Return the unit that a form names if it is neither this office nor one below it, else ""."""
    name = without_seal(unit)
    if not name or _is_own(desk, name):
        return ""
    named = desk.reference.roster.named(name)
    expected = _is_own_suo(desk, name) if named is None else named.code in _below(desk)
    return "" if expected else name


def _is_own(desk: Desk, name: str) -> bool:
    """Tell whether it is this office, or a section of it (小店区市场监管局质量监督股)."""
    said, roster = spelling(name), desk.reference.roster
    if said == spelling(desk.office.name):
        return True
    whole = roster.named(name)
    begins = [whole] if whole else [roster.named(said[:end]) for end in range(_SHORTEST, len(said))]
    return any(each is not None and each.code == desk.office.code for each in begins)


def _below(desk: Desk) -> set[str]:
    """Return the codes of all offices that report to this one, at once or through another."""
    roster, today = desk.reference.roster, clock.today()
    found: set[str] = set()
    waiting = [desk.office.code]
    while waiting:
        new = {each.code for each in roster.subordinates(waiting.pop(), today)} - found
        found |= new
        waiting += new
    return found


def _is_own_suo(desk: Desk, name: str) -> bool:
    """Tell of an office that no roster knows whether it is a 所 here: most name no region, the others this one's."""
    own = desk.reference.roster.office(desk.office.code).region_code
    while own.endswith("00"):
        own = own[:-2]
    return name.endswith("所") and all(code.startswith(own) for code in desk.reference.regions.parse(name))
