"""The lists that ship with the program, as domain objects; read once for each desk, when first asked for."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from riskdesk.domain.offices import Roster
from riskdesk.domain.periods import PeriodPlan
from riskdesk.domain.regions import RegionTable
from riskdesk.domain.vocab import Vocabulary
from riskdesk.domain.workdays import Holidays
from riskdesk.paths import resource


class Reference:
    """Vocabulary, regions, default offices, period plan and the holidays that were known when the program was made."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.from_json(_json("vocab/lists.json"))

    @cached_property
    def regions(self) -> RegionTable:
        return RegionTable.from_rows(_rows("regions/regions.csv"), _rows("regions/towns.csv"))

    @cached_property
    def roster(self) -> Roster:
        return Roster.from_rows(_rows("offices/offices.csv"))

    @cached_property
    def periods(self) -> PeriodPlan:
        return PeriodPlan.from_json(_json("calendar/periods.json"))

    @cached_property
    def holidays(self) -> Holidays:
        return Holidays.from_json(_json("calendar/holidays.json"))


def _json(name: str) -> Any:
    return json.loads(resource(name).read_text("utf-8"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resource(name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
