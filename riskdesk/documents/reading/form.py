"""From the tables of a file to a filled-in form: every record with its place, and a word on everything passed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskdesk.documents.reading import header as headers
from riskdesk.documents.reading.grid import Document, Table, place
from riskdesk.documents.reading.head import Line, read_head
from riskdesk.documents.reading.header import PART, RECORD_ID, REVISION, Header, find_header
from riskdesk.documents.reading.mapping import mapped_form, mapping_fit
from riskdesk.documents.reading.parts import Parts, RawRow
from riskdesk.documents.reading.rows import Kind, cell, classify, is_nil
from riskdesk.documents.reading.tables import read_tables
from riskdesk.documents.reading.values import RowReader
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.filled_form import FilledForm, FormHead, FormRow, SkippedRow
from riskdesk.domain.problems import Problem
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError, UnreadableFileError

_HIDDEN = (RECORD_ID, REVISION, PART)
_REQUIRED = ("product", "content")
_REASONS = {
    Kind.HEADER: "重复的表头",
    Kind.EXAMPLE: "示例行",
    Kind.SUM: "合计行",
    Kind.NIL: "零报告的说明",
    Kind.BANNER: "横贯表格的小标题",
}
_NO_HEADER = (
    "没有找到报送表的表头。表头应有以下列中的至少四列："
    + "、".join(column.title for column in COLUMNS)
    + "。如果是其他系统的表格，请准备列对照文件（命令行 --map）后再读。"
)


def read_form(path: Path, mapping: TableMapping | None = None) -> FilledForm:
    """Read a filled-in form, or a foreign table with a mapping, in this process.

    Raise `UnreadableFileError` for a file that cannot be read, `InputError` for a mapping that does not fit; both name
    the file. A hostile file can still end the process: `child.GuardedReader` is for files from outside.
    """
    try:
        if mapping is None:
            return form_of(read_tables(path, headers.fit))
        return mapped_form(read_tables(path, mapping_fit(mapping)), mapping)
    except UnreadableFileError as error:
        raise UnreadableFileError(f"“{path.name}”：{error}") from error
    except InputError as error:
        raise InputError(f"“{path.name}”：{error}") from error


def form_of(document: Document) -> FilledForm:
    """Return the form that the tables hold; raise `UnreadableFileError` if none has the headings."""
    reader = _FormReader(document)
    for table in document.tables:
        reader.take(table)
    return reader.finish()


class _FormReader:
    """Gathers the records of all tables of one file."""

    def __init__(self, document: Document) -> None:
        self._lines = [Line("", 0, [line]) for line in document.lines]
        self._skipped = list(document.skipped)
        self._sections: list[tuple[list[Line], list[FormRow]]] = []
        self._header: Header | None = None
        self._nil = False

    def take(self, table: Table) -> None:
        """Read one table."""
        _fill_down(table)
        header = find_header(table.rows)
        if header is None and table.flows and self._header is not None and table.width == self._header.width:
            header = replace(self._header, row=0, span=0)
        if header is None:
            outside = [Line(table.name, number, row) for number, row in enumerate(table.rows, 1) if row]
            self._sections.append((outside, []))
            if outside and not table.flows:
                self._skipped.append(SkippedRow(table.name, 0, "工作表里没有报送表的表头，没有读入。"))
            return
        self._header = replace(header, width=table.width)
        section = _TableReader(table, header)
        section.read()
        self._skipped += section.skipped
        self._nil = self._nil or section.nil
        self._sections.append((section.outside, section.rows))

    def finish(self) -> FilledForm:
        """Return all that was found."""
        if self._header is None:
            raise UnreadableFileError(_NO_HEADER)
        lines = self._lines + [line for outside, _ in self._sections for line in outside]
        head, bad_date = read_head(lines)
        if bad_date is not None:
            reason = f"填报时间“{head.date_text[:30]}”认不出是哪一天，请在导入时填写。"
            self._skipped.append(SkippedRow(bad_date.sheet, bad_date.row, reason))
        rows = tuple(row for outside, found in self._sections for row in _with_unit(found, outside, head))
        says_nil = self._nil or any(is_nil(text) for line in lines for text in line.cells if text)
        return FilledForm(head, rows, tuple(self._skipped), nil=says_nil and not rows)


def _with_unit(rows: list[FormRow], outside: list[Line], head: FormHead) -> list[FormRow]:
    """Note the unit of a sheet that is another one than that of the file, as where a city puts its counties together."""
    unit = read_head(outside)[0].unit if rows else ""
    if not unit or unit == head.unit:
        return rows
    return [row if row.values.get("unit") else replace(row, values={**row.values, "unit": unit}) for row in rows]


class _TableReader:
    """Walks down one table from its headings; below the foot of the form a second form may follow."""

    def __init__(self, table: Table, header: Header) -> None:
        self._table = table
        self._header = header
        self._records = Parts()
        self._wide = _wide_cells(table)
        self._inside = True
        self.rows: list[FormRow] = []
        self.outside = [Line(table.name, number + 1, table.rows[number]) for number in range(header.row)]
        self.skipped: list[SkippedRow] = []
        self.nil = False

    def read(self) -> None:
        """Read all rows."""
        rows = self._table.rows
        at = self._header.row + self._header.span
        self._begin()
        while at < len(rows):
            row = rows[at]
            if row:
                at = self._step(at, row)
            at += 1
        self._flush()

    def _step(self, at: int, row: list[str]) -> int:
        """Take one row; return the last row taken, as headings may have two."""
        kind = classify(row, self._header.columns, self._wide.get(at, ()))
        if kind is Kind.HEADER:
            return self._restart(at)
        if not self._inside or kind is Kind.FOOT:
            self._inside = False
            self.outside.append(Line(self._table.name, at + 1, row))
            if kind is Kind.RECORD and all(cell(row, self._header.columns.get(name)).strip() for name in _REQUIRED):
                self._skip(at, "在表尾（填报人、说明等）之后，没有读入。如是记录，请移到表尾之前。")
        elif kind is Kind.RECORD:
            texts = self._reader.raw(row)
            hidden = {name: cell(row, self._header.columns[name]) for name in _HIDDEN if name in self._header.columns}
            self._records.add(at, texts, hidden)
        elif kind is not Kind.BLANK:
            self.nil = self.nil or kind is Kind.NIL
            self._skip(at, _REASONS[kind])
        return at

    def _restart(self, at: int) -> int:
        again = find_header(self._table.rows[at : at + 2], 0, 1)
        if again is not None:
            self._flush()
            self._header = replace(again, row=at)
            self._begin()
        if self._inside:
            self._skip(at, _REASONS[Kind.HEADER])
        self._inside = True
        return at + (again.span - 1 if again else 0)

    def _begin(self) -> None:
        columns = {name: (column,) for name, column in self._header.columns.items() if name not in _HIDDEN}
        self._reader = RowReader(self._table, columns, _REQUIRED)

    def _flush(self) -> None:
        self.rows += [self._row(record) for record in self._records.records]
        self._records.records.clear()

    def _row(self, record: RawRow) -> FormRow:
        found = self._reader.read(record.row, record.texts)
        number = record.row + 1
        if record.orphan:
            where = place(self._table.name, number)
            sentence = f"{where}：这是续行，但没有找到它前面的部分，请核对原表是否删行或调整过顺序。"
            found.problems.append(Problem("content", "part", sentence, blocking=True))
        if missing := [name for name in _REQUIRED if name not in found.values]:
            titles = "、".join(column.title for column in COLUMNS if column.field in missing)
            sentence = f"{place(self._table.name, number)}：表格没有“{titles}”列，请补上。"
            found.problems += [Problem(name, "missing", sentence, blocking=True) for name in missing]
        return FormRow(
            self._table.name,
            number,
            found.values,
            found.original,
            record.record_id,
            record.revision,
            tuple(found.problems),
        )

    def _skip(self, at: int, reason: str) -> None:
        self.skipped.append(SkippedRow(self._table.name, at + 1, reason))


def _fill_down(table: Table) -> None:
    """Give every row below a tall cell that cell's text; rows that are blank otherwise stay blank."""
    for first, left, last, _right in table.merged:
        text = cell(table.rows[first], left) if first < last and first < len(table.rows) else ""
        if not text:
            continue
        for number in range(first + 1, min(last + 1, len(table.rows))):
            if not table.rows[number]:
                continue
            row = table.rows[number] = list(table.rows[number])
            row.extend([""] * (left + 1 - len(row)))
            if not row[left]:
                row[left] = text
            if mark := table.marks.get((first, left)):
                table.marks[number, left] = mark


def _wide_cells(table: Table) -> dict[int, set[int]]:
    """Return, by row, the columns where a cell begins that spans at least three columns and half of the table."""
    found: dict[int, set[int]] = {}
    for first, left, last, right in table.merged:
        if right - left + 1 >= max(3, table.width // 2) and last - first < 50:
            for row in range(first, last + 1):
                found.setdefault(row, set()).add(left)
    return found
