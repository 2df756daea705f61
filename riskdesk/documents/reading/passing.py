"""The cells of a file as JSON values, to be passed from the reading process to the one that shows them."""

from __future__ import annotations

from typing import Any

from riskdesk.documents.reading.clipboard import MOST_COLUMNS, MOST_ROWS
from riskdesk.documents.reading.grid import Document, Mark, Table
from riskdesk.domain.filled_form import SkippedRow


def document_to_json(document: Document) -> dict[str, Any] | None:
    """Return the tables, None if they are too large to be shown column by column."""
    if sum(len(table.rows) for table in document.tables) > MOST_ROWS:
        return None
    if any(table.width > MOST_COLUMNS for table in document.tables):
        return None
    return {
        "tables": [_table_to_json(table) for table in document.tables],
        "lines": document.lines,
        "skipped": [[each.sheet, each.row, each.reason] for each in document.skipped],
    }


def document_from_json(given: dict[str, Any]) -> Document:
    """Return what `document_to_json` was given."""
    tables = [_table_from_json(each) for each in given["tables"]]
    return Document(tables, given["lines"], [SkippedRow(*each) for each in given["skipped"]])


def _table_to_json(table: Table) -> dict[str, Any]:
    marks = [[row, column, str(mark)] for (row, column), mark in table.marks.items()]
    return {
        "name": table.name,
        "rows": table.rows,
        "merged": table.merged,
        "marks": marks,
        "flows": table.flows,
        "width": table.width,
        "hidden": sorted(table.hidden),
    }


def _table_from_json(given: dict[str, Any]) -> Table:
    merged = [(first, left, last, right) for first, left, last, right in given["merged"]]
    marks = {(row, column): Mark(mark) for row, column, mark in given["marks"]}
    return Table(
        given["name"], given["rows"], merged, marks, given["flows"], given["width"], frozenset(given["hidden"])
    )
