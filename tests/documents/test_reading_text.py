"""Text tables: every encoding, every separating sign, every text comes back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskdesk.documents.reading.cells import read_text
from riskdesk.documents.reading.form import form_of, read_form
from riskdesk.documents.reading.header import fit
from riskdesk.documents.reading.plain import read_text_table
from riskdesk.documents.reading.rows import is_ditto
from riskdesk.domain.annex1 import COLUMNS, FIELDS
from riskdesk.domain.dates import parse_date
from riskdesk.domain.encoding import decode
from riskdesk.domain.text import clean
from riskdesk.errors import InputError, UnreadableFileError

TITLES = [column.title for column in COLUMNS]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def write(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)
    return out.getvalue()


def read(text, encoding="utf-8"):
    return form_of(read_text_table(text.encode(encoding), fit))


anything = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co", "Cc"]), max_size=40)
chinese = st.text(st.sampled_from("风险信息产品，。；“”、=+-@\"',;\t|\n 12３４甲乙_x0041_é😀𬭎\x1f\u200b"), max_size=60)
# error values, shortened numbers and days in place of a count are told, ditto marks resolved: those have tests of their own
cells = st.one_of(anything, chinese).filter(
    lambda text: read_text(text)[1] is None and parse_date(text) is None and "月" not in text and not is_ditto(text)
)
# the first two words keep a row from being an example, a sum, a foot or blank: those have tests of their own
rows = st.lists(st.tuples(cells, cells, cells, cells, cells, cells, cells), min_size=1, max_size=6).map(
    lambda rows: [[f"产品甲{row[0]}乙", row[1], row[2], f"内容甲{row[3]}乙", *row[4:]] for row in rows]
)


@settings(max_examples=150, deadline=None)
@given(rows, st.sampled_from(ENCODINGS), st.sampled_from(",\t;|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_csv_writes_comes_back_cleaned(table, encoding, delimiter, quoting):
    form = read(write([TITLES, *table], delimiter, quoting), encoding)
    wanted = [[clean(text) for text in row] for row in table]
    for row in wanted:
        row[1] = row[1].translate(DIGITS)
    assert [[row.values[field] for field in FIELDS] for row in form.rows] == wanted
    for typed, row in zip(table, form.rows, strict=True):
        for field, text in zip(FIELDS, typed, strict=True):
            assert row.original.get(field, row.values[field]) == text or not clean(text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_found(encoding):
    text = write([TITLES, ["纸尿裤", "3", "太原市", "内容", "", "", "投诉"]])
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\x00\x01" * 500, b"\x00" * 99])
def test_what_is_no_text_is_refused_in_words(data, tmp_path):
    with pytest.raises(InputError, match="不是文本文件"):
        decode(data)
    with pytest.raises(UnreadableFileError, match="不是文本表格"):
        read_text_table(data, fit)


def test_nothing_decodes_to_nothing():
    assert decode(b"") == ""
    assert decode(b"\xef\xbb\xbf") == ""


def test_one_bad_byte_leaves_utf8_readable_and_is_told():
    data = write([TITLES, ["纸尿裤", "3", "太原市", "坏?字", "分析", "建议", "投诉"]]).encode().replace(b"?", b"\xff")
    [row] = form_of(read_text_table(data, fit)).rows
    assert row.values["content"] == "坏\ufffd字"
    assert [(problem.field, problem.code) for problem in row.problems] == [("content", "undecodable")]


def test_the_separator_line_of_excel_is_no_row():
    [row] = read("sep=;\r\n" + write([TITLES, ["纸,尿,裤", "3", "", "a,b,c", "", "", ""]], ";")).rows
    assert (row.row, row.values["product"], row.values["content"]) == (2, "纸,尿,裤", "a,b,c")


def test_commas_in_the_text_do_not_hide_the_real_separator():
    [row] = read(write([TITLES, ["a,b,c,d", "3", "e,f", "g,h,i,j,k", "l,m", "n,o", "p,q"]], "\t")).rows
    assert row.values["content"] == "g,h,i,j,k"


def test_rows_count_as_the_spreadsheet_counts_them():
    text = write([["附件1"], [], TITLES, ["甲", "", "", "一\n二\n三", "", "", ""], ["乙", "", "", "四", "", "", ""]])
    assert [row.row for row in read(text).rows] == [4, 5]


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+86", "-1", "@SUM(A1)", "=1+1", '=HYPERLINK("x")', "_x0041_"])
def test_a_text_like_a_formula_is_a_text(text):
    [row] = read(write([TITLES, ["产品", "1", "", text, text, "", ""]])).rows
    assert row.values["content"] == text
    assert row.problems == ()


def test_a_number_that_excel_shortened_is_told():
    [row] = read(write([TITLES, ["产品", "1", "", "1.40105E+17", "", "", ""]])).rows
    assert [(problem.field, problem.code) for problem in row.problems] == [("content", "long_number")]


def test_a_cell_of_forty_thousand_characters_is_whole():
    long = "风险" * 20_000
    [row] = read(write([TITLES, ["产品", "1", "", long, "", "", ""]])).rows
    assert row.values["content"] == long


def test_an_open_quote_does_not_swallow_the_rest(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(TITLES) + '\n甲,1,,一,,,\n"乙,1,,二,,,\n丙,1,,三,,,\n', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="从第3行起英文引号"):
        read_form(path)


@pytest.mark.parametrize("text", ["3月5日", "2023/3/5", "2023-03-05", "2023年3月5日"])
def test_a_count_that_excel_made_a_date_before_it_wrote_the_text_is_told(text):
    [row] = read(write([TITLES, ["产品", text, "", "内容", "", "", ""]])).rows
    assert (row.values["enterprise_count_text"], row.original["enterprise_count_text"]) == ("3-5", text)
    assert [problem.code for problem in row.problems] == ["date_in_count"]


@pytest.mark.parametrize("text", ["36", "约30家", "3-5", "20230305", "45056", "2023", "2023年以来12家"])
def test_a_count_that_is_no_date_stays(text):
    [row] = read(write([TITLES, ["产品", text, "", "内容", "", "", ""]])).rows
    assert row.values["enterprise_count_text"] == text
    assert row.problems == ()


def test_an_error_value_is_no_text():
    [row] = read(write([TITLES, ["产品", "3", "#N/A", "内容", "#1号楼", "", ""]])).rows
    assert (row.values["regions_text"], row.original["regions_text"], row.values["analysis"]) == ("", "#N/A", "#1号楼")
    assert [(problem.field, problem.code) for problem in row.problems] == [("regions_text", "cell_error")]
