"""Rows that nobody sees in the spreadsheet are read, and a person hears of it."""

import re
import zipfile

import openpyxl
import pytest

from riskdesk.documents.reading.child import GuardedReader
from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import COLUMNS


def record(product):
    return [product, "3", "太原市", "内容有五个字", "分析", "建议", "投诉"]


@pytest.fixture
def book(tmp_path):
    book = openpyxl.Workbook()
    for row in ([column.title for column in COLUMNS], *map(record, "甲乙丙")):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_a_hidden_row_of_a_workbook_is_pointed_out(book):
    rows = read_form(book).rows
    assert [[each.code for each in row.problems] for row in rows] == [[], ["hidden_row"], []]
    assert "第3行" in rows[1].problems[0].message
    assert not rows[1].problems[0].blocking


def test_the_cells_that_come_through_the_guard_know_it_too(book):
    with GuardedReader() as reader:
        form, document = reader.read_with_cells(book)
    assert form == read_form(book)
    assert document.tables[0].hidden == {2}


def test_a_hidden_row_of_an_open_document_is_pointed_out(tmp_path):
    from conftest import CORPUS

    source, target = CORPUS / "forms" / "24_std.ods", tmp_path / "a.ods"
    plain = read_form(source).rows
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "content.xml":
                data = re.sub(rb"<table:table-row ", b'<table:table-row table:visibility="collapse" ', data)
            new.writestr(name, data)
    assert [[each.code for each in row.problems] for row in read_form(target).rows] == [["hidden_row"]] * len(plain)
