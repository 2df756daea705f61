"""A station's own sheet of a year with all that is shown beside it, read together as it takes a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from riskdesk.domain.assessment import Measured
from riskdesk.errors import InputError
from riskdesk.services import assessing, reviewing, station_receipts
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed, GivenBack
from riskdesk.services.station_receipts import HandedOn


@dataclass(frozen=True, slots=True)
class Loaded:
    """`seen` is None if there is no sheet of the year; `measured` is what the data say now, `handed` the versions handed on."""

    seen: Assessed | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict)
    last_year: Mapping[str, Decimal | None] = field(default_factory=dict)
    given_back: Mapping[str, Sequence[GivenBack]] = field(default_factory=dict)
    handed: Sequence[HandedOn] = ()


def load(desk: Desk, year: int) -> Loaded:
    """Read the sheet of a year."""
    try:
        seen = reviewing.own(desk, year)
    except InputError:
        return Loaded()
    try:
        last = assessing.find(desk, year - 1).sheet.points()
    except InputError:
        last = {}
    handed = tuple(station_receipts.handed_on(desk, seen.kept.revision))
    return Loaded(seen, assessing.measured(desk, seen.kept.sheet), last, reviewing.given_back(desk, seen), handed)
