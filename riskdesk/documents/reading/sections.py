"""The forms of one file, each with its own head: several sheets, or several forms one below the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from riskdesk.documents.reading.head import Line, read_head
from riskdesk.documents.reading.rows import is_title
from riskdesk.domain.filled_form import FormHead, FormRow, SkippedRow


@dataclass(slots=True)
class Section:
    """The lines around the records of one form, and the records."""

    lines: list[Line]
    rows: list[FormRow] = field(default_factory=list)


def divide(before: list[Line], between: list[Line]) -> int:
    """Return where, in the lines between two forms, the head of the second begins (their number if it has none).

    `before` are the lines above the first form.
    """
    for at, line in enumerate(between):
        if any(is_title(text) for text in line.cells) or read_head([line])[0].unit:
            return at
    # a foot may bear the date, too: it is that of the next form only if the first has one already
    if read_head(before)[0].date_text:
        dated = (at for at, line in enumerate(between) if read_head([line])[0].date_text)
        return next(dated, len(between))
    return len(between)


def with_head(section: Section, head: FormHead, *, dated: bool) -> list[FormRow]:
    """Return the rows, noting unit and date of their form where they are other ones than those of the file."""
    if not section.rows:
        return []
    own, _ = read_head(section.lines)
    found = {"unit": own.unit} if own.unit not in ("", head.unit) else {}
    if dated and own.date is not None and own.date != head.date:
        found["form_date"] = own.date.isoformat()
    return [_with(row, found) for row in section.rows] if found else section.rows


def _with(row: FormRow, found: dict[str, str]) -> FormRow:
    missing = {name: value for name, value in found.items() if not row.values.get(name)}
    return replace(row, values={**row.values, **missing})


def unread_dates(groups: Iterable[list[Line]]) -> list[SkippedRow]:
    """Return a word on every form whose date is no day; each group holds the lines of one form."""
    found: dict[tuple[str, int], SkippedRow] = {}
    for lines in groups:
        head, line = read_head(lines)
        if line is not None:
            reason = (
                f"填报时间“{head.date_text[:30]}”认不出是哪一天，表中的记录照常读入。"
                "请核对计入的报送期，或在表中改成 2023年5月10日 这样的写法。"
            )
            found.setdefault((line.sheet, line.row), SkippedRow(line.sheet, line.row, reason))
    return list(found.values())
