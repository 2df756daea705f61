"""A foreign table whose columns a mapping file names: every row below the headings is a record."""

from __future__ import annotations

import html
from collections.abc import Sequence

from riskdesk.documents.reading.grid import Document, Table
from riskdesk.documents.reading.plain import Fit
from riskdesk.documents.reading.values import RowReader, RowValues
from riskdesk.domain.filled_form import FilledForm, FormHead, FormRow, SkippedRow
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError

_LOOK = 40  # rows
_REQUIRED = ("product", "content")
_SOURCES = "source_codes"


def mapping_fit(mapping: TableMapping) -> Fit:
    """Return a function that counts the wanted headings in the best of the first rows."""
    wanted = _wanted(mapping)
    return lambda rows: max((len(wanted & set(_headings(row))) for row in rows[:_LOOK]), default=0)


def mapped_form(document: Document, mapping: TableMapping) -> FilledForm:
    """Return the rows of all tables that have the headings; raise `InputError` naming the missing ones if none has."""
    rows: list[FormRow] = []
    skipped = list(document.skipped)
    found = False
    for table in document.tables:
        at = _find(table, mapping)
        if at is None:
            skipped.append(SkippedRow(table.name, 0, "没有对照文件所写的列标题，没有读入。"))
            continue
        found = True
        rows += _read(table, at, mapping)
    if not found:
        raise _missing(document, mapping)
    return FilledForm(FormHead(), tuple(rows), tuple(skipped))


def _read(table: Table, at: int, mapping: TableMapping) -> list[FormRow]:
    headings = _headings(table.rows[at])
    columns = {name: tuple(headings.index(each.strip()) for each in wanted) for name, wanted in mapping.columns.items()}
    reader = RowReader(table, columns, dict.fromkeys((*_REQUIRED, *([mapping.key] if mapping.key else []))))
    rows = []
    for number in range(at + 1, len(table.rows)):
        row = table.rows[number]
        texts = reader.raw(row) if row else {}
        if not any(text.strip() for text in texts.values()):
            continue
        found = reader.read(number, {name: _plain(text) for name, text in texts.items()})
        for name, text in texts.items():
            if _plain(text) != text:
                found.original[name] = text
        _add_source(found, mapping)
        rows.append(FormRow(table.name, number + 1, found.values, found.original, problems=tuple(found.problems)))
    return rows


def _plain(text: str) -> str:
    """Return the text without the HTML entities that systems leave in their exports."""
    return html.unescape(text).replace("\xa0", " ") if "&" in text or "\xa0" in text else text


def _add_source(found: RowValues, mapping: TableMapping) -> None:
    if mapping.source and not found.values.get(_SOURCES) and not found.values.get("sources_text"):
        found.values[_SOURCES] = mapping.source


def _find(table: Table, mapping: TableMapping) -> int | None:
    wanted = _wanted(mapping)
    return next((at for at, row in enumerate(table.rows[:_LOOK]) if wanted <= set(_headings(row))), None)


def _missing(document: Document, mapping: TableMapping) -> InputError:
    wanted = _wanted(mapping)
    heads = [_headings(row) for table in document.tables for row in table.rows[:_LOOK] if row]
    best: Sequence[str] = max(heads, key=lambda found: (len(wanted & set(found)), len(set(found))), default=())
    there = "、".join(f"“{heading}”" for heading in dict.fromkeys(best) if heading)
    lost = "、".join(f"“{heading}”" for heading in sorted(wanted - set(best)))
    return InputError(
        f"表格中没有对照文件所写的列标题：{lost}。表格中现有的列标题：{there or '（无）'}。请改正对照文件。"
    )


def _wanted(mapping: TableMapping) -> set[str]:
    return {heading.strip() for headings in mapping.columns.values() for heading in headings}


def _headings(row: Sequence[str]) -> list[str]:
    return [text.strip("\ufeff \t\r\n\u3000\xa0") for text in row]
