"""Whose form it is: the unit that a form names, as the office of the roster that people mean by it."""

from __future__ import annotations

from functools import cache

from riskdesk.domain.offices import spelling, without_seal
from riskdesk.services.desk import Desk


class Units:
    """Knows this office and the roster; what a record keeps is "" for this office itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.kept = cache(self._kept)

    def _kept(self, unit: str) -> str:
        """Return the unit as a record keeps it: "" for this office, the roster's name, else as typed without its seal marks."""
        office = self._desk.office
        if not unit or spelling(unit) == spelling(office.name):
            return ""
        named = self._desk.reference.roster.named(unit)
        if named is None:
            return without_seal(unit)
        return "" if named.code == office.code else named.name
