"""What long lists of records are narrowed to and ordered by, and the state that a list shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from riskdesk.domain.triage import Level


class RecordState(StrEnum):
    """待核、已核、已封存、已导出、已收到、已退回、已采用、封存后有更正、版本冲突; lists by state follow this order."""

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    SEALED = "sealed"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    ADOPTED = "adopted"
    CHANGED = "changed"
    FORKED = "forked"


class Order(StrEnum):
    """What a list is ordered by; records that are equal in it stand newest first."""

    ARRIVAL = "arrival"
    PRODUCT = "product"
    UNIT = "unit"
    LEVEL = "level"
    STATE = "state"
    PERIOD = "period"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records a list shows: every part that is given holds for each of them; `withdrawn` shows the bin instead."""

    period: str = ""
    find: str = ""
    level: Level | None = None
    source: str = ""
    state: RecordState | None = None
    withdrawn: bool = False
