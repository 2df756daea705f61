"""Walking down one table of a form: its records, its foot, further headings, and a word on what is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from riskdesk.documents.reading.grid import Table, place
from riskdesk.documents.reading.head import Line
from riskdesk.documents.reading.header import Header, arranged, find_header
from riskdesk.documents.reading.headings import HIDDEN
from riskdesk.documents.reading.leftovers import Leftovers
from riskdesk.documents.reading.parts import Parts, RawRow
from riskdesk.documents.reading.rows import Kind, cell, classify
from riskdesk.documents.reading.sections import Section, divide
from riskdesk.documents.reading.values import RowReader
from riskdesk.domain.annex1 import COLUMNS, FIELDS
from riskdesk.domain.filled_form import FormRow, SkippedRow
from riskdesk.domain.problems import Problem
from riskdesk.domain.table_mapping import TableMapping

_REQUIRED = ("product", "content")
_MOST_BELOW = 3  # filled cells of a row below the foot that make a record of it
_NEARLY_ALL = 5  # filled columns of a row that is a record whatever its first cell looks like
_REASONS = {
    Kind.HEADER: "重复的表头",
    Kind.EXAMPLE: "示例行",
    Kind.SUM: "合计行",
    Kind.NIL: "零报告的说明",
    Kind.BANNER: "横贯表格的小标题",
    Kind.REMARK: "标题或说明文字，不是记录",
}
_NO_COLUMN = "文字不在报送表的各列中，没有读入。"
_BELOW = "在表尾（填报人、说明等）之后，没有读入。如是记录，请移到表尾之前。"


class TableReader:
    """Walks down one table from its headings; below the foot of the form a second form may follow."""

    def __init__(self, table: Table, header: Header, mapping: TableMapping | None = None) -> None:
        self._table = table
        self._mapping = mapping
        self._header = header
        self._records = Parts()
        self._wide = _wide_cells(table)
        self._leftovers = Leftovers(table, header)
        self._inside = True
        self._above: Mapping[str, str] = {}
        self._head = [Line(table.name, number + 1, table.rows[number]) for number in range(header.row)]
        self._below: list[Line] = []
        self.sections = [Section(self._head)]
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
        self.sections[-1].lines = self._head + self._below
        self.skipped += self._leftovers.told()

    def _step(self, at: int, row: list[str]) -> int:
        """Take one row; return the last row taken, as headings may have two."""
        kind = classify(row, self._header.columns, self._wide.get(at, ()))
        if kind is Kind.FOOT and self._is_whole(row) and self._filled(row) >= _NEARLY_ALL:
            kind = Kind.RECORD  # a product whose name begins like a line of the foot
        if kind is Kind.HEADER:
            return self._restart(at)
        if kind is Kind.FOOT or not (self._inside or self._is_stray(kind, row)):
            self._outside(at, row, kind)
        elif kind is Kind.RECORD:
            texts = self._reader.raw(row)
            hidden = {name: cell(row, self._header.columns[name]) for name in HIDDEN if name in self._header.columns}
            self._records.add(at, texts, hidden, after_foot=not self._inside)
            self._leftovers.take(at, row, is_record=True)
        elif kind is Kind.BLANK:
            if self._leftovers.take(at, row, is_record=False):
                self._skip(at, _NO_COLUMN)
        else:
            self.nil = self.nil or kind is Kind.NIL
            self._skip(at, _REASONS[kind])
            if kind is Kind.REMARK:
                self._below.append(Line(self._table.name, at + 1, row))
        return at

    def _outside(self, at: int, row: list[str], kind: Kind) -> None:
        """Take a row of the foot or below it."""
        if kind is Kind.FOOT:
            self._inside = False
        elif kind is not Kind.BLANK and self._filled(row) > 1:
            self._skip(at, _BELOW)
        self._below.append(Line(self._table.name, at + 1, row))

    def _is_stray(self, kind: Kind, row: list[str]) -> bool:
        """Say whether a row below the foot is a record; a signature or an explanation is none."""
        if kind is not Kind.RECORD:
            return False
        return self._is_whole(row) or self._filled(row) >= _MOST_BELOW

    def _is_whole(self, row: list[str]) -> bool:
        return all(cell(row, self._header.columns.get(name)).strip() for name in _REQUIRED)

    def _filled(self, row: list[str]) -> int:
        return sum(bool(cell(row, self._header.columns.get(name)).strip()) for name in FIELDS)

    def _restart(self, at: int) -> int:
        again = find_header(self._table.rows[at : at + 2], 0, 1)
        if again is not None:
            self._flush()
            self._divide()
            self._header = replace(again, row=at)
            if self._mapping is not None:
                self._header = arranged(self._table.rows, self._header, self._mapping, self._table.width)
            self._leftovers.begin(self._header)
            self._begin()
        if self._inside:
            self._skip(at, _REASONS[Kind.HEADER])
        self._inside = True
        return at + (again.span - 1 if again else 0)

    def _divide(self) -> None:
        """Begin the section of a second form, unless the headings are only those of a next page."""
        if self._inside:
            return
        self._above = {}
        cut = divide(self._head, self._below)
        if cut < len(self._below):
            self.sections[-1].lines = self._head + self._below[:cut]
            self._head, self._below = self._below[cut:], []
            self.sections.append(Section(self._head))

    def _begin(self) -> None:
        single = {name: (column,) for name, column in self._header.columns.items() if name not in HIDDEN}
        columns: dict[str, tuple[int, ...]] = {**single, **self._header.joined}
        self._reader = RowReader(self._table, columns, _REQUIRED)

    def _flush(self) -> None:
        self.sections[-1].rows += [self._row(record) for record in self._records.records]
        self._records.records.clear()

    def _row(self, record: RawRow) -> FormRow:
        found = self._reader.read(record.row, record.texts, self._above)
        filled = [name for name in FIELDS if found.values.get(name)]
        if filled != ["content"]:  # a text that only goes on is nothing to copy from
            self._above = found.values
        number = record.row + 1
        if record.orphan:
            where = place(self._table.name, number)
            sentence = f"{where}：这是续行，但没有找到它前面的部分，请核对原表是否删行或调整过顺序。"
            found.problems.append(Problem("content", "part", sentence, blocking=True))
        if record.after_foot:
            sentence = f"{place(self._table.name, number)}：在表尾（填报人…）之后，请移到表尾之前。"
            found.problems.append(Problem("content", "after_foot", sentence, blocking=True))
        if record.row in self._table.hidden:
            sentence = f"{place(self._table.name, number)}：这一行在原表中是隐藏的，请核对是否应当报送。"
            found.problems.append(Problem("content", "hidden_row", sentence))
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


def fill_down(table: Table) -> None:
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
