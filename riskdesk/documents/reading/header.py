"""Finding the heading row of the form, however the headings are written, ordered and spaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from riskdesk.documents.reading.headings import HIDDEN, LONGEST, exact, likely, near, similar
from riskdesk.domain.annex1 import FIELDS
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.domain.text import clean_line

_LEAST = 4  # fields that make a heading row
_CORE = ("product", "content")  # these two make one as well, if nothing is better
_LOOK = 40  # rows


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are: first row (counted from 0), how many rows, and the column of each field found.

    `unknown` are the headings that mean no field, by column; `joined` are the columns that a mapping joins for a field.
    """

    row: int
    span: int
    columns: Mapping[str, int]
    unknown: Mapping[int, str] = field(default_factory=dict)
    width: int = 0
    joined: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def find_header(rows: Sequence[Sequence[str]], start: int = 0, stop: int = _LOOK) -> Header | None:
    """Return the best heading row, of one row or two, or None."""
    best: Header | None = None
    best_score = _LEAST - 0.5
    for row in range(start, min(stop, len(rows))):
        for span in (1, 2):
            columns = _columns(rows[row : row + span])
            score = _score(columns) - (0.1 if span == 2 else 0)
            if score > best_score:
                best, best_score = _header(rows, row, span, columns), score
    return best or _small_header(rows, start, stop)


def titles_of(rows: Sequence[Sequence[str]], header: Header, width: int) -> list[str]:
    """Return a name for every column: its heading, 列1, 列2 … where there is none, a number behind one that comes again."""
    titles: list[str] = []
    for column in range(width):
        texts = [clean_line(_at(row, column)) for row in rows[header.row : header.row + header.span]]
        title = next((text for text in reversed(texts) if text), "") or unnamed(column)
        again = titles.count(title)
        titles.append(f"{title}（{again + 1}）" if again else title)
    return titles


def unnamed(column: int) -> str:
    """Return the name of a column without a heading."""
    return f"列{column + 1}"


def find_mapped(rows: Sequence[Sequence[str]], mapping: TableMapping, width: int) -> Header | None:
    """Return where a table has the headings that the mapping names, with the columns that it gives to the fields."""
    found = find_header(rows)
    if found is not None:
        return arranged(rows, found, mapping, width)
    if mapping.titles() <= {unnamed(column) for column in range(width)}:
        return arranged(rows, Header(0, 0, {}), mapping, width)
    for row in range(min(_LOOK, len(rows))):
        plain = Header(row, 1, {})
        if mapping.titles() <= set(titles_of(rows, plain, width)):
            return arranged(rows, plain, mapping, width)
    return None


def arranged(rows: Sequence[Sequence[str]], header: Header, mapping: TableMapping, width: int) -> Header:
    """Return the header with its columns as the mapping gives them; unchanged if it has not all of these headings."""
    titles = titles_of(rows, header, width)
    if not mapping.titles() <= set(titles):
        return header
    joined = {name: tuple(titles.index(title) for title in wanted) for name, wanted in mapping.columns.items()}
    columns = {name: column for name, column in header.columns.items() if name in HIDDEN}
    columns |= {name: each[0] for name, each in joined.items()}
    known = {*columns.values(), *(column for each in joined.values() for column in each)}
    unknown = {at: title for at, title in enumerate(titles) if at not in known and title != unnamed(at)}
    return replace(header, columns=columns, joined=joined, unknown=unknown)


def is_header(row: Sequence[str]) -> bool:
    """Say whether a row within the table is a heading row (again)."""
    short = [text for text in row if 1 < len(text) <= LONGEST]
    others = len(short) - _LEAST  # cells that may be no headings
    found: set[str] = set()
    for text in short:
        if others < 0:
            return False
        name = likely(text)
        if name in FIELDS:
            found.add(name)
        else:
            others -= 1
    return len(found) >= _LEAST


def repeats(row: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Say whether a row holds the headings of few columns again: every filled cell is the heading of its own column."""
    if not all(_core(row, name, columns.get(name)) for name in _CORE):
        return False
    return all(exact(_at(row, column)) == name for name, column in columns.items() if _at(row, column).strip())


def fit(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns of the form the best heading row has."""
    found = find_header(rows)
    return _score(found.columns) if found else 0


def _small_header(rows: Sequence[Sequence[str]], start: int, stop: int) -> Header | None:
    """Return a row with the headings of product and content, and less than the usual number of others."""
    best: Header | None = None
    for row in range(start, min(stop, len(rows))):
        texts = rows[row]
        if not {"product", "content"} <= {exact(text) for text in texts}:
            continue
        columns = _columns([texts])
        if _heads_columns(rows[row + 1 :], columns) and (best is None or _score(columns) > _score(best.columns)):
            best = _header(rows, row, 1, columns)
    return best


def _heads_columns(below: Sequence[Sequence[str]], columns: Mapping[str, int]) -> bool:
    """Say whether there is something below, and not other headings as in a card where labels stand beside values."""
    filled = False
    for row in below:
        for name in _CORE:
            text = _at(row, columns[name])
            if exact(text) in FIELDS and exact(text) != name:
                return False
            filled = filled or bool(text.strip())
    return filled


def _header(rows: Sequence[Sequence[str]], row: int, span: int, columns: Mapping[str, int]) -> Header:
    known = set(columns.values())
    unknown: dict[int, str] = {}
    for texts in rows[row : row + span]:  # the lower heading says more
        unknown.update({at: clean_line(text) for at, text in enumerate(texts) if at not in known and text.strip()})
    return Header(row, span, columns, unknown)


def _score(columns: Mapping[str, int]) -> int:
    return sum(name in columns for name in FIELDS)


def _columns(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    width = max(map(len, rows), default=0)
    columns: dict[str, int] = {}
    wanted = [_candidates([_at(row, column) for row in rows]) for column in range(width)]
    for look in (exact, near, similar):
        taken = set(columns.values())
        free = [(at, texts) for at, texts in enumerate(wanted) if at not in taken]
        found = [(at, next((name for text in texts if (name := look(text))), None)) for at, texts in free]
        often = Counter(name for _, name in found)
        for column, name in found:
            if name and name not in columns and (look is not near or often[name] == 1):
                columns[name] = column
    return columns


def _candidates(texts: list[str]) -> list[str]:
    """Return the lower heading, both read together, the upper one."""
    return [texts[0]] if len(texts) == 1 else [texts[1], texts[0] + texts[1], texts[0]]


def _core(row: Sequence[str], name: str, column: int | None) -> bool:
    return column is not None and exact(_at(row, column)) == name


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""
