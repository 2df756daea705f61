"""Tables as text that word processors and spreadsheets take from the clipboard; nothing in them becomes a formula."""

from __future__ import annotations

import re
from html import escape

from riskdesk.domain.blocks import Table

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%?", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@")
_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
_GUARD = "'"  # spreadsheets take what follows as text
_AS_TEXT = " style=\"mso-number-format:'\\@'\""  # else 2025年1月 becomes a date
_PAGE = '<html><head><meta charset="utf-8"></head><body><table border="1" cellspacing="0" cellpadding="4">{}</table></body></html>'


def as_tsv(table: Table) -> str:
    """Return the table with tabs between the cells and a row a line."""
    return "\n".join("\t".join(map(_guarded, row)) for row in (table.head, *table.rows))


def as_html(table: Table) -> str:
    """Return the table as a page of HTML."""
    head = _row("th", table.head)
    return _PAGE.format(head + "".join(_row("td", row) for row in table.rows))


def _row(tag: str, cells: tuple[str, ...]) -> str:
    told = (f"<{tag}{'' if _NUMBER.fullmatch(each) else _AS_TEXT}>{escape(_flat(each))}</{tag}>" for each in cells)
    return f"<tr>{''.join(told)}</tr>"


def _guarded(cell: str) -> str:
    flat = _flat(cell)
    return _GUARD + flat if flat.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(flat) else flat


def _flat(cell: str) -> str:
    return _BREAKS.sub(" ", cell).strip()
