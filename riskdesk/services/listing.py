"""Long lists for tables: first the row numbers of all that is wanted, in order; then the few rows that are looked at."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from riskdesk.domain.listing import Filter, Order
from riskdesk.services.desk import Desk
from riskdesk.services.overview import Listed, with_states, with_units

__all__ = ["Filter", "Order", "has_units", "ids", "row_id", "rows"]


def ids(desk: Desk, given: Filter, order: Order = Order.ARRIVAL, descending: bool = True) -> array[int]:
    """Return the row numbers of all records that the filter lets through, in order.

    Raises `InputError` if the search text has too many words.
    """
    return desk.lists.ids(given, order, descending=descending)


def row_id(desk: Desk, object_id: str) -> int | None:
    """Return the row number of a record, None if there is none."""
    return desk.lists.row_id(object_id)


def rows(desk: Desk, row_ids: Sequence[int]) -> list[Listed]:
    """Return the records of some row numbers in their order; one that is gone meanwhile is left out."""
    return with_units(desk, with_states(desk.records.of_rows(row_ids)))


def has_units(desk: Desk) -> bool:
    """Tell whether lists hold, or held, records of other units than this office."""
    return desk.lists.has_units()
