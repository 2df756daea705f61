"""Foreign tables, read by the columns that a mapping names."""

import openpyxl
import pytest

from riskdesk.documents.reading.form import read_form
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError

MAPPING = TableMapping({"product": ("Name",), "content": ("Hazard", "More"), "source_ref": ("No",)}, "source_ref", "S7")


def text(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    return path


def test_columns_are_joined_and_entities_are_characters(tmp_path):
    path = text(tmp_path, "title\n No |Name|Hazard|More\n1|A&amp;B&nbsp;C|fire|\n2|D|burn|two\n|||\n3|E||x\n")
    form = read_form(path, MAPPING)
    assert [(row.row, row.values["source_ref"], row.values["product"], row.values["content"]) for row in form.rows] == [
        (3, "1", "A&B C", "fire"),
        (4, "2", "D", "burn\ntwo"),
        (6, "3", "E", "x"),
    ]
    assert form.rows[0].original == {"product": "A&amp;B&nbsp;C"}
    assert [row.values["source_codes"] for row in form.rows] == ["S7"] * 3


def test_a_blank_key_product_or_content_blocks(tmp_path):
    form = read_form(text(tmp_path, "No,Name,Hazard,More\n,A,fire,\n2,,,\n"), MAPPING)
    assert [[(problem.field, problem.code, problem.blocking) for problem in row.problems] for row in form.rows] == [
        [("source_ref", "missing", True)],
        [("product", "missing", True), ("content", "missing", True)],
    ]
    assert form.rows[0].problems[0].message.startswith("第2行A列（source_ref）")


def test_missing_headings_are_named_with_those_there_are(tmp_path):
    with pytest.raises(
        InputError, match=r"“a.csv”：.*列标题：“Hazard”。表格中现有的列标题：“No”、“Name”、“More”、“hazard”"
    ) as caught:
        read_form(text(tmp_path, "No,Name,More,hazard\n1,A,x,y\n"), MAPPING)
    assert type(caught.value) is InputError


def test_every_sheet_with_the_headings_is_read(tmp_path):
    book = openpyxl.Workbook()
    for name in ("一", "二", "三"):
        sheet = book.create_sheet(name)
        sheet.append(["No", "Name", "Hazard", "More"] if name != "二" else ["x"])
        sheet.append([name, "A", 1.5, 2])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    form = read_form(tmp_path / "a.xlsx", MAPPING)
    assert [(row.sheet, row.values["content"]) for row in form.rows] == [("一", "1.5\n2"), ("三", "1.5\n2")]
    assert [skipped.sheet for skipped in form.skipped] == ["二"]


def test_dates_become_iso(tmp_path):
    mapping = TableMapping({"product": ("Name",), "occurred_on": ("Date",)})
    form = read_form(text(tmp_path, 'Name,Date\nA,"October 30, 2025"\nB,soon\n'), mapping)
    assert [row.values["occurred_on"] for row in form.rows] == ["2025-10-30", ""]
    assert [problem.code for problem in form.rows[1].problems] == ["bad_date"]
    assert "source_codes" not in form.rows[0].values
