"""Joining the rows of a record that was too long for one row of a form written by riskdesk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riskdesk.documents.reading.headings import PART, RECORD_ID, REVISION
from riskdesk.domain.text import clean_line

_MARK = "product"  # holds "（续）" in the rows that continue


@dataclass(slots=True)
class RawRow:
    """The texts of a record before cleaning: a line break at the edge of a part belongs to the text."""

    row: int
    texts: dict[str, str]
    record_id: str = ""
    revision: str = ""
    orphan: bool = False  # continues a record whose beginning is missing
    after_foot: bool = False


class Parts:
    """Takes the rows of one table in their order and gives records."""

    def __init__(self) -> None:
        self.records: list[RawRow] = []
        self._last: dict[str, tuple[RawRow, int]] = {}

    def add(self, row: int, texts: Mapping[str, str], hidden: Mapping[str, str], *, after_foot: bool = False) -> None:
        """Take a row; `hidden` holds the texts of the columns that riskdesk wrote for itself."""
        if not hidden:
            self.records.append(RawRow(row, dict(texts), after_foot=after_foot))
            return
        name, revision = clean_line(hidden.get(RECORD_ID, "")), clean_line(hidden.get(REVISION, ""))
        part_text = clean_line(hidden.get(PART, ""))
        part = int(part_text) if part_text.isascii() and part_text.isdigit() and len(part_text) < 6 else 1
        record, last = self._last.get(name, (None, 0))
        if name and part > 1 and record is not None and part == last + 1:
            for field, text in texts.items():
                if field != _MARK:
                    record.texts[field] += text
        else:
            record = RawRow(row, dict(texts), name, revision, orphan=bool(name) and part > 1, after_foot=after_foot)
            self.records.append(record)
        if name:
            self._last[name] = (record, part)
