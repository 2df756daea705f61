"""Parts of a report that are computed from records: sentence, table and chart, with the records behind every row and what is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """How numbers are drawn."""

    BAR = "bar"  # one bar a label, lying, the longest first
    TREND = "trend"  # a line over months, one a series
    PARETO = "pareto"  # standing bars by size and the line of their running share
    STACKED = "stacked"  # one bar a label, divided by series
    TILES = "tiles"  # a square a county, the darker the more; labels are region codes


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one name, one for each label of the chart; None where nothing is known."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: `labels` as printed (for tiles: GB/T 2260 codes of counties), `unit` of the numbers.

    `whole` is what a running share is of, None for the sum of what is drawn; the share's numbers are a second series, if labels overlap.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "条"
    whole: int | None = None
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed in rows; `behind` are the ids of the records behind each row, in the order of the rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    behind: tuple[tuple[str, ...], ...] = ()
    extra: str = ""


class BlockKind(StrEnum):
    """What a block tells."""

    OVERVIEW = "overview"
    MONTHLY = "monthly"
    SOURCES = "sources"
    REGIONS = "regions"
    HAZARDS = "hazards"
    BATCHES = "batches"
    ENTERPRISES = "enterprises"
    YEAR_ON_YEAR = "year_on_year"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Block:
    """One computed part.

    `text` is its sentence, `basis` says which records of which days, `unknown` what could not be counted and why ("" if nothing). `at` is
    when it was computed, ISO 8601 with offset.
    """

    kind: BlockKind
    title: str
    text: str
    basis: str
    unknown: str = ""
    table: Table | None = None
    chart: Chart | None = None
    at: str = ""
    extra: str = ""
