"""From the tables of a file to a filled-in form: every record with its place, and a word on everything passed over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskdesk.documents.reading import header as headers
from riskdesk.documents.reading.grid import Document, Table
from riskdesk.documents.reading.head import Line, read_head
from riskdesk.documents.reading.header import Header, find_header, find_mapped
from riskdesk.documents.reading.mapping import mapped_form, mapping_fit
from riskdesk.documents.reading.rows import is_nil
from riskdesk.documents.reading.sections import Section, unread_dates, with_head
from riskdesk.documents.reading.tables import read_tables
from riskdesk.documents.reading.walk import TableReader, fill_down
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.filled_form import FilledForm, SkippedRow
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import HeadingsMissingError, InputError, UnreadableFileError

_NO_HEADER = (
    "没有找到报送表的表头。表头应有以下列中的至少四列："
    + "、".join(column.title for column in COLUMNS)
    + "；只有“涉及产品”和“风险信息内容”两列也可以。如果是其他系统的表格，请准备列对照文件后再读。"
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
        raise type(error)(f"“{path.name}”：{error}") from error
    except InputError as error:
        raise InputError(f"“{path.name}”：{error}") from error


def read_with_cells(path: Path) -> tuple[FilledForm | None, Document]:
    """Read a file as `read_form` does, and give its tables as well; no form if there is a table but no known headings."""
    try:
        document = read_tables(path, headers.fit)
        if any(find_header(table.rows) for table in document.tables) or not any(each.rows for each in document.tables):
            return form_of(document), document
    except UnreadableFileError as error:
        raise type(error)(f"“{path.name}”：{error}") from error
    return None, document


def form_of(document: Document, mapping: TableMapping | None = None) -> FilledForm:
    """Return the form that the tables hold; raise `UnreadableFileError` if none has the headings.

    A mapping says which columns are read as what, in place of what their headings say; it must have no key.
    """
    reader = FormReader(document, mapping)
    for table in document.tables:
        reader.take(table)
    return reader.finish()


class FormReader:
    """Gathers the records of all tables of one file; `first` is the first table with headings, and these."""

    def __init__(self, document: Document, mapping: TableMapping | None = None) -> None:
        self.first: tuple[Table, Header] | None = None
        self._mapping = mapping
        self._lines = [Line("", 0, [line]) for line in document.lines]
        self._skipped = list(document.skipped)
        self._sections: list[Section] = []
        self._header: Header | None = None
        self._nil = False

    def take(self, table: Table) -> None:
        """Read one table."""
        fill_down(table)
        header = self._find(table)
        if header is None and table.flows and self._header is not None and table.width == self._header.width:
            header = replace(self._header, row=0, span=0)
        if header is None:
            outside = [Line(table.name, number, row) for number, row in enumerate(table.rows, 1) if row]
            self._sections.append(Section(outside))
            if outside and not table.flows:
                self._skipped.append(SkippedRow(table.name, 0, "没有报送表的表头，没有读入。"))
            return
        self._header = replace(header, width=table.width)
        self.first = self.first or (table, header)
        reader = TableReader(table, header, self._mapping)
        reader.read()
        self._skipped += reader.skipped
        self._nil = self._nil or reader.nil
        self._sections += reader.sections

    def _find(self, table: Table) -> Header | None:
        if self._mapping is None:
            return find_header(table.rows)
        return find_mapped(table.rows, self._mapping, table.width)

    def finish(self) -> FilledForm:
        """Return all that was found."""
        if self._header is None:
            raise HeadingsMissingError(_NO_HEADER)
        groups = [section.lines for section in self._sections]
        lines = self._lines + [line for group in groups for line in group]
        head, _ = read_head(lines)
        dated = read_head(self._lines)[0].date is None  # what stands above the tables is the date of all of them
        rows = tuple(row for section in self._sections for row in with_head(section, head, dated=dated))
        filled = [section.lines for section in self._sections if section.rows]
        skipped = (*self._skipped, *unread_dates([lines, *filled]))
        says_nil = self._nil or any(is_nil(text) for line in lines for text in line.cells if text)
        return FilledForm(head, rows, skipped, nil=says_nil and not rows)
