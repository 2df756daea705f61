"""What was found in a file that somebody filled in: head, rows with their place and faults, and what was passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from riskdesk.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class FormHead:
    """The head and foot of the form as typed; `date` is None when it is missing or cannot be read."""

    unit: str = ""
    date_text: str = ""
    date: date | None = None
    person: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One filled-in row.

    `values` maps field names to cleaned text: the seven of `annex1.FIELDS` where the table has them, and further record
    fields that a heading or a mapping names (`discovered_on`, `unit`, `source_ref`, …). `original` keeps what cleaning
    changed. `sheet` is the sheet's name ("" where a file has none), `row` counts from 1 as spreadsheets do. `record_id` and
    `revision` come from the hidden columns of a form that riskdesk wrote, else "".
    """

    sheet: str
    row: int
    values: Mapping[str, str]
    original: Mapping[str, str] = field(default_factory=dict)
    record_id: str = ""
    revision: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row or sheet (row 0) that holds no record, and why it was passed over."""

    sheet: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """Everything read from one file; `nil` means that the form says in words that there is nothing to report."""

    head: FormHead
    rows: tuple[FormRow, ...]
    skipped: tuple[SkippedRow, ...] = ()
    nil: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Cells as they were copied from a spreadsheet; `merged` as (first row, first column, last row, last column) from 0."""

    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
