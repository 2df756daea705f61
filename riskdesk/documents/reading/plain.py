"""Text tables (.csv, .txt): which sign separates the cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable

from riskdesk.documents.reading.cells import read_text
from riskdesk.documents.reading.grid import NO_CELLS, Document, Mark, Table, cut, cut_rows
from riskdesk.documents.reading.precheck import MOST_CELLS, sparse
from riskdesk.domain.encoding import decode
from riskdesk.errors import InputError, UnreadableFileError

Fit = Callable[[list[list[str]]], int]  # how many wanted headings the first rows of a table hold

_DELIMITERS = ",\t;|"
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_BINARY = "这不是文本表格，可能是程序或数据文件。请选择 .xlsx、.xls、.et、.ods、.csv、.txt 或 .docx 文件。"
_LOOK = 60  # rows


def read_text_table(data: bytes, fit: Fit) -> Document:
    """Return the one table of the text; `fit` helps to find the sign that separates the cells."""
    text = text_of(data)
    if sep := _SEP.match(text):  # Excel's own way to say it, no row to Excel
        return _document(_rows(text[sep.end() :], sep[1]))
    best = max(_DELIMITERS, key=lambda delimiter: _rank(text, delimiter, fit))
    return _document(_rows(text, best))


def text_of(data: bytes) -> str:
    """Return the text of the bytes; raise `UnreadableFileError` for what is no text."""
    try:
        return decode(data)
    except InputError as error:
        raise UnreadableFileError(_BINARY) from error


def _document(rows: list[list[str]]) -> Document:
    table: list[list[str]] = []
    marks: dict[tuple[int, int], Mark] = {}
    size = 0
    for index, row in enumerate(rows):
        texts = []
        for column, value in enumerate(row):
            text, mark = read_text(value)
            if mark:
                marks[index, column] = mark
            texts.append(text)
        size += len(row)
        if size > MOST_CELLS:
            raise sparse()
        table.append(cut(texts) if texts else NO_CELLS)
    cut_rows(table)
    return Document([Table("", table, [], marks)])


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(1 << 27)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)  # noqa: PERF402 - what was read so far tells where the fault is
    except csv.Error as error:
        raise UnreadableFileError(
            f"第{len(rows) + 1}行的内容读不了，请用 Excel/WPS 打开，另存为 .xlsx 后再试。"
        ) from error
    if text.count('"') % 2 and rows and any("\n" in cell for cell in rows[-1]):
        raise UnreadableFileError(
            f'从第{len(rows)}行起英文引号（"）不成对，后面的行会混在一起。请用 Excel/WPS 打开核对，另存为 .xlsx 后再试。'
        )
    return rows


def _rank(text: str, delimiter: str, fit: Fit) -> tuple[int, int, int]:
    """Return how well a sign separates: wanted headings found, rows of the same width, that width."""
    rows: list[list[str]] = []
    csv.field_size_limit(1 << 27)
    for row in csv.reader(io.StringIO(text[:400_000], newline=""), delimiter=delimiter):
        rows.append(row)
        if len(rows) >= _LOOK:
            break
    widths = Counter(len(row) for row in rows if len(row) > 1)
    [(width, often)] = widths.most_common(1) or [(0, 0)]
    return fit(rows), often, width
