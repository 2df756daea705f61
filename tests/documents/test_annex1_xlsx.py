import os
import re
import subprocess
import sys
from io import BytesIO

import openpyxl
import pytest
from documents.annex1_forms import DAY, INJECTED, LONG, UNIT, form, mixed_form, row, sample_form
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from riskdesk.documents import annex1_xlsx
from riskdesk.documents.annex1_texts import CONTINUED, NIL
from riskdesk.documents.annex1_xlsx import render_xlsx
from riskdesk.documents.cells import CELL_LIMIT, CellWriter, Look, escaped
from riskdesk.domain.annex1 import COLUMNS, FIELDS, TITLE
from riskdesk.errors import Cancelled, FormLimitError


def sheet_of(rendered):
    return openpyxl.load_workbook(BytesIO(rendered.data)).worksheets[0]


def by_openpyxl(rendered):
    return [
        ["" if cell.value is None else unescape(str(cell.value)) for cell in line]
        for line in sheet_of(rendered).iter_rows()
    ]


def by_calamine(rendered):
    (sheet,) = CalamineWorkbook.from_filelike(BytesIO(rendered.data)).sheet_names
    lines = CalamineWorkbook.from_filelike(BytesIO(rendered.data)).get_sheet_by_name(sheet).to_python()
    return [[f"{value:.0f}" if isinstance(value, float) else str(value) for value in line] for line in lines]


def joined(lines):
    """The rows of the table as they were before they were continued: id -> (product, the other six joined)."""
    found = {}
    for line in lines[4:-1]:
        cells, (record_id, revision, part) = line[:7], line[7:10]
        if part == "1":
            assert record_id not in found
            found[record_id] = (revision, cells)
        else:
            assert cells[0] == CONTINUED
            first = found[record_id]
            assert first[0] == revision
            found[record_id] = (revision, [first[1][0], *(a + b for a, b in zip(first[1][1:], cells[1:], strict=True))])
    return found


def wanted(filled):
    return {line.record_id: (line.revision, list(line.cells)) for line in filled.rows}


@pytest.mark.parametrize("read", [by_openpyxl, by_calamine])
@pytest.mark.parametrize(
    "filled",
    [
        sample_form(),
        mixed_form(),
        form([row(number, **dict.fromkeys(FIELDS, text)) for number, text in enumerate(INJECTED, 1)]),
        form([row(1, content="".join(f"第{number}段，不合格。\n" for number in range(4500))[:40_000])]),
        form(
            [
                row(
                    1,
                    content=" " * 40_000 + "甲" + "_x0041_" * 9000,
                    analysis="字" * 700,
                    enterprise_count_text="字" * 200,
                )
            ]
        ),
    ],
    ids=["samples", "mixed", "injected", "40,000 characters", "spaces and escapes"],
)
def test_every_cell_comes_back_as_it_was(filled, read):
    assert joined(read(render_xlsx(filled))) == wanted(filled)


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=1500)
)
def test_any_clean_text_comes_back_however_it_had_to_be_continued(text):
    filled = form([row(1, content=text, suggestion=text * 2)])
    assert joined(by_openpyxl(render_xlsx(filled))) == wanted(filled)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["_", "x", "_x0041_", "x0041_", "_x005F_", "_X0041_", "_x00g1_", "字"]), max_size=8))
def test_what_excel_would_unescape_is_escaped_and_nothing_else(parts):
    text = "".join(parts)
    assert re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), escaped(text)) == text
    assert (escaped(text) == text) == (not re.search(r"_x[0-9A-Fa-f]{4}_", text))


@pytest.mark.parametrize("text", INJECTED)
def test_nothing_becomes_a_formula_an_error_or_a_number(text):
    sheet = sheet_of(render_xlsx(form([row(1, content=text, enterprise_count_text=text)])))
    for cell in (sheet["B5"], sheet["D5"]):
        assert cell.data_type in ("s", "inlineStr")
        assert isinstance(cell.value, str)
        assert cell.number_format == "@"
        assert bool(cell.quotePrefix) == (text[0] in "=+-@")


@pytest.mark.parametrize(("text", "kind"), [("0", "n"), ("18", "n"), ("999999999", "n"), ("1000000000", "s"), ("018", "s"), ("约30", "s"), ("３", "s"), ("3.0", "s"), ("-3", "s"), ("²", "s")])  # fmt: skip
def test_a_count_is_a_number_only_if_it_comes_back_the_same(text, kind):
    cell = sheet_of(render_xlsx(form([row(1, enterprise_count_text=text)])))["B5"]
    assert cell.data_type == kind
    assert str(cell.value) == text


def test_the_form_has_its_words_seven_columns_and_three_hidden_ones():
    sheet = sheet_of(render_xlsx(sample_form()))
    assert [sheet["A1"].value, sheet["A2"].value] == ["附件1", TITLE]
    assert [sheet["A3"].value, sheet["E3"].value] == [f"填报单位：{UNIT}", "填报时间：2023年5月10日"]
    headings = [cell.value for cell in sheet[4]]
    assert headings == [*(column.title for column in COLUMNS), "riskdesk-id", "riskdesk-revision", "riskdesk-part"]
    hidden = [letter for letter in "ABCDEFGHIJ" if sheet.column_dimensions[letter].hidden]
    assert hidden == ["H", "I", "J"]
    last = sheet.max_row
    assert [sheet.cell(last, 1).value, sheet.cell(last, 5).value] == ["填报人：张㛃䶮", "联系电话：0351-0000000"]


def test_it_prints_on_a4_landscape_one_page_wide_with_the_headings_on_every_page():
    sheet = sheet_of(render_xlsx(sample_form()))
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == f"'附件1'!$A$1:$G${sheet.max_row}"
    assert sheet.freeze_panes == "A5"
    assert not sheet.protection.sheet
    assert sheet.oddFooter.center.text == "— &P —"


def test_the_fonts_are_those_of_official_papers_by_name():
    sheet = sheet_of(render_xlsx(sample_form()))
    names = [sheet[place].font.name for place in ("A1", "A2", "A3", "A4", "A5")]
    assert names == ["黑体", "方正小标宋简体", "仿宋_GB2312", "黑体", "仿宋_GB2312"]
    assert sheet["A5"].font.size == 11
    book = openpyxl.load_workbook(BytesIO(render_xlsx(sample_form()).data))
    assert book._fonts[0].name == "宋体"


def test_the_workbook_says_its_schema_and_period():
    book = openpyxl.load_workbook(BytesIO(render_xlsx(sample_form()).data))
    found = {item.name: item.value for item in book.custom_doc_props.props}
    assert found == {"riskdesk.schema": "annex1/1", "riskdesk.period": "2023-05"}
    assert book.properties.title == TITLE
    assert book.properties.creator == UNIT
    assert book.properties.created.date() == book.properties.modified.date() == DAY


def test_heights_follow_the_longest_cell_and_never_pass_what_excel_allows():
    filled = form([row(1), row(2, content="字" * 200), row(3, content="字" * 400), row(4, content=LONG)])
    sheet = sheet_of(render_xlsx(filled))
    heights = [sheet.row_dimensions[number].height for number in range(5, sheet.max_row)]
    assert heights[0] == 30
    assert heights[0] < heights[1] < heights[2] <= 409
    assert max(heights) <= 409
    for line, height in zip(sheet.iter_rows(min_row=5, max_row=sheet.max_row - 1, max_col=7), heights, strict=True):
        for cell, width in zip(line, annex1_xlsx._WIDTHS, strict=True):
            narrow = sum(1.0 if char > "\u00ff" else 0.5 for char in str(cell.value or ""))
            assert narrow * 11 / (width * 6) * 14.3 <= height  # even if every line were full


def test_a_row_too_long_is_continued_and_the_warning_names_it():
    rendered = render_xlsx(form([row(1), row(2, product="长产品", content=LONG)]))
    (warning,) = rendered.warnings
    parts = [line[9] for line in by_openpyxl(rendered)[4:-1]]
    assert parts == ["1", "1", "2", "3", "4", "5"]
    assert "第2条“长产品”" in warning
    assert "5 行" in warning


def test_an_overlong_product_is_kept_whole_and_warned_of():
    rendered = render_xlsx(form([row(1, product="产品名" * 200)]))
    assert by_calamine(rendered)[4][0] == "产品名" * 200
    assert any("过长" in warning for warning in rendered.warnings)


def test_a_text_that_no_cell_can_hold_is_refused_rather_than_cut():
    with pytest.raises(FormLimitError, match="32767"):
        render_xlsx(form([row(1, product="字" * 32_768)]))
    with pytest.raises(FormLimitError):
        render_xlsx(form([row(1, product="😀" * 16_384)]))
    assert CELL_LIMIT == 32_767


def test_what_xml_cannot_hold_is_replaced_and_named():
    rendered = render_xlsx(form([row(1, content="甲\x01\ud800\uffff乙\r\n丙\r丁")], unit="局\x02"))
    assert by_openpyxl(rendered)[4][3] == "甲\ufffd\ufffd\ufffd乙\n丙\n丁"
    (warning,) = rendered.warnings
    for code in ("U+0001", "U+0002", "U+D800", "U+FFFF"):
        assert code in warning


def test_a_nil_report_says_so_across_the_table():
    rendered = render_xlsx(form(nil=True))
    lines = by_openpyxl(rendered)
    assert lines[4] == [NIL, *[""] * 9]
    assert "A5:G5" in {str(merged) for merged in sheet_of(rendered).merged_cells.ranges}
    assert lines[5][0] == "填报人：张㛃䶮"


def test_a_form_without_rows_is_blank_and_no_nil_report():
    lines = by_openpyxl(render_xlsx(form()))
    assert not any(lines[4])
    assert lines[5][0] == "填报人：张㛃䶮"


def test_the_same_form_gives_the_same_bytes_in_every_process():
    script = (
        "import hashlib; from documents.annex1_forms import mixed_form;"
        "from riskdesk.documents.annex1_xlsx import render_xlsx; from riskdesk.documents.annex1_docx import render_docx;"
        "print([hashlib.sha256(render(mixed_form()).data).hexdigest() for render in (render_xlsx, render_docx)])"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            },
        ).stdout
        for seed in ("0", "1", "7")
    }
    assert len(digests) == 1


def test_work_can_be_cancelled():
    def stop(done, total, text=""):
        if done >= 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        render_xlsx(form([row(number) for number in range(300)]), stop)


def test_cells_share_styles_and_only_those_that_need_it_are_quoted():
    sheet = openpyxl.Workbook().worksheets[0]
    writer = CellWriter(sheet)
    look = Look(openpyxl.styles.Font(name="黑体"), openpyxl.styles.Alignment())
    for number, text in enumerate(["甲", "=1", "乙", "@2"], 1):
        writer.text(number, 1, text, look)
    assert [bool(sheet.cell(number, 1).quotePrefix) for number in range(1, 5)] == [False, True, False, True]
    assert {sheet.cell(number, 1).font.name for number in range(1, 5)} == {"黑体"}
