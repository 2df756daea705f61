"""Which column of a table is read as what: by its heading, by what a person chose, or guessed from its content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from riskdesk.documents.reading.form import FormReader
from riskdesk.documents.reading.grid import Document, Table
from riskdesk.documents.reading.header import Header, titles_of
from riskdesk.documents.reading.headings import HIDDEN, likely
from riskdesk.domain.annex1 import FIELDS
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.table_mapping import SourceColumn, TableMapping
from riskdesk.errors import InputError

_LOOK = 60  # rows
_SHORT = 20  # characters of a heading that nobody knows, of a count
_HALF = 0.5
_NUMBERED = re.compile(r"\d{1,5}[.、]?")
_SENTENCE = re.compile(r"[。；;，]|\d{2}")
_OF_COUNT, _OF_REGIONS, _OF_SOURCES = "enterprise_count_text", "regions_text", "sources_text"


@dataclass(frozen=True, slots=True)
class Knows:
    """Whether a text names a region, or a source of information."""

    region: Callable[[str], bool]
    source: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What was read, and by which columns."""

    form: FilledForm
    columns: tuple[SourceColumn, ...]


def arrange(document: Document, mapping: TableMapping | None, knows: Knows) -> Arrangement:
    """Read the tables by their headings or as the mapping says; where there are no headings, guess.

    Raise `InputError` if there is nothing that could be a table of records.
    """
    found = _read(document, mapping)
    if found is None and mapping is not None:
        found = _read(document, None)
    if found is None and (guessed := _guess(document, knows)) is not None:
        found = _read(document, guessed)
    if found is None:
        raise InputError("没有找到可以读入的行。请选中报送表的各行（最好连同表头）后再复制。")
    return found


def _read(document: Document, mapping: TableMapping | None) -> Arrangement | None:
    reader = FormReader(document, mapping)
    for table in document.tables:
        reader.take(table)
    if reader.first is None:
        return None
    table, header = reader.first
    return Arrangement(reader.finish(), tuple(_columns(table, header)))


def _columns(table: Table, header: Header) -> list[SourceColumn]:
    fields = {column: name for name, column in header.columns.items()}
    fields |= {column: name for name, joined in header.joined.items() for column in joined}
    found = []
    for column, title in enumerate(titles_of(table.rows, header, table.width)):
        name = fields.get(column, "")
        sample = next(iter(_texts(table, header.row + header.span, column)), "")
        if name not in HIDDEN and (name or sample):
            found.append(SourceColumn(title, name, sample))
    return found


def _texts(table: Table, start: int, column: int) -> list[str]:
    rows = table.rows[start : start + _LOOK]
    return [row[column] for row in rows if column < len(row) and row[column].strip()]


def _guess(document: Document, knows: Knows) -> TableMapping | None:
    """Return what the columns of the largest table may be, None if there is no table."""
    table = max(document.tables, key=lambda each: len(each.rows), default=None)
    if table is None or not any(table.rows):
        return None
    header = Header(0, 0, {})
    row = next((at for at, texts in enumerate(table.rows[:_LOOK]) if texts), 0)
    if _may_be_headings(table.rows[row], knows) and _heads_others(table, row, knows):
        header = Header(row, 1, {})
    titles = titles_of(table.rows, header, table.width)
    bodies = [_texts(table, header.row + header.span, column) for column in range(table.width)]
    fields = _official(bodies) if header.span == 0 else None
    if fields is None:
        fields = _by_content(titles, bodies, knows)
    return TableMapping({name: (titles[column],) for name, column in fields.items()}) if fields else None


def _may_be_headings(row: Sequence[str], knows: Knows) -> bool:
    """Say whether a row that has no known headings looks like headings: several short words and nothing else."""
    texts = [text.strip() for text in row if text.strip()]
    if len(texts) < 2 or len(set(texts)) < len(texts):
        return False
    if any(likely(text) for text in texts):
        return all(len(text) <= _SHORT for text in texts)
    return all(len(text) <= _SHORT and not _SENTENCE.search(text) and not _is_value(text, knows) for text in texts)


def _heads_others(table: Table, row: int, knows: Knows) -> bool:
    """Say whether what stands below is of another kind than the row: known headings, values, much longer texts."""
    if any(likely(text.strip()) for text in table.rows[row]):
        return True
    for column, title in enumerate(table.rows[row]):
        below = _texts(table, row + 1, column)
        if not title.strip():
            continue
        if _length(below) > 2 * len(title) + 2:
            return True
        if _mostly(below, lambda text: bool(_SENTENCE.search(text)) or _is_value(text, knows)):
            return True
    return False


def _is_value(text: str, knows: Knows) -> bool:
    return _counts(text) or knows.region(text) or knows.source(text)


def _counts(text: str) -> bool:
    return len(text) <= _SHORT and parse_enterprise_count(text).number is not None


def _is_numbering(texts: Sequence[str]) -> bool:
    return bool(texts) and all(_NUMBERED.fullmatch(text.strip()) for text in texts)


def _official(bodies: Sequence[Sequence[str]]) -> dict[str, int] | None:
    """Return the seven columns in the order of the form, with or without row numbers before them."""
    if len(bodies) == len(FIELDS) and not _is_numbering(bodies[0]):
        return {name: column for column, name in enumerate(FIELDS)}
    if len(bodies) == len(FIELDS) + 1 and (not bodies[0] or _is_numbering(bodies[0])):
        return {name: column for column, name in enumerate(FIELDS, 1)}
    return None


def _by_content(titles: Sequence[str], bodies: Sequence[Sequence[str]], knows: Knows) -> dict[str, int]:
    free = [column for column, texts in enumerate(bodies) if texts and not (column == 0 and _is_numbering(texts))]
    fields: dict[str, int] = {}

    def give(name: str, column: int | None) -> None:
        if column is not None and name not in fields and column in free:
            fields[name] = column
            free.remove(column)

    for column in list(free):
        if name := likely(titles[column]):
            give(name, column)
    for name, fits in ((_OF_COUNT, _counts), (_OF_SOURCES, knows.source), (_OF_REGIONS, knows.region)):
        give(name, next((column for column in free if _mostly(bodies[column], fits)), None))
    give("content", max(free, key=lambda column: _length(bodies[column]), default=None))
    give("product", next(iter(free), None))
    after = [column for column in free if column > fields.get("content", 0)]
    for name, column in zip(("analysis", "suggestion"), after, strict=False):
        give(name, column)
    return fields


def _mostly(texts: Sequence[str], fits: Callable[[str], bool]) -> bool:
    short = [text for text in texts if len(text) <= 3 * _SHORT]
    return bool(texts) and sum(map(fits, short)) > _HALF * len(texts)


def _length(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / max(1, len(texts))
