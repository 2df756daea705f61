from io import BytesIO

import docx
import pytest
from documents.annex1_forms import DAY, INJECTED, LONG, UNIT, form, mixed_form, row, sample_form
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from riskdesk.documents.annex1_docx import render_docx
from riskdesk.documents.annex1_texts import NIL
from riskdesk.domain.annex1 import COLUMNS, FIELDS, TITLE
from riskdesk.errors import Cancelled


def document_of(rendered):
    return docx.Document(BytesIO(rendered.data))


def table_of(rendered):
    (table,) = document_of(rendered).tables
    return [[cell.text for cell in line.cells] for line in table.rows]


@pytest.mark.parametrize(
    "filled",
    [
        sample_form(),
        mixed_form(),
        form([row(number, **dict.fromkeys(FIELDS, text)) for number, text in enumerate(INJECTED, 1)]),
        form([row(1, content="第一段，不合格。\n" * 4444 + "完。")]),
    ],
    ids=["samples", "mixed", "injected", "40,000 characters"],
)
def test_every_cell_comes_back_as_it_was(filled):
    rendered = render_docx(filled)
    assert rendered.warnings == ()
    assert table_of(rendered) == [[column.title for column in COLUMNS], *(list(line.cells) for line in filled.rows)]


@settings(max_examples=50, deadline=None)
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32),
        max_size=200,
    )
)
def test_any_clean_text_comes_back(text):
    assert table_of(render_docx(form([row(1, content=text)])))[1][3] == text


def test_the_words_around_the_table_are_there():
    document = document_of(render_docx(sample_form()))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "附件1",
        TITLE,
        f"填报单位：{UNIT}\t填报时间：2023年5月10日",
        "填报人：张㛃䶮\t联系电话：0351-0000000",
    ]


def test_the_page_is_a4_landscape_and_as_wide_as_the_table():
    document = document_of(render_docx(sample_form()))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    grid = [int(column.get(qn("w:w"))) for column in document.tables[0]._tbl.tblGrid]
    assert len(grid) == 7
    room = (section.page_width - section.left_margin - section.right_margin) / 635
    assert room - 10 < sum(grid) <= room + 1


def test_only_the_heading_row_repeats():
    rows = document_of(render_docx(sample_form())).tables[0].rows
    repeating = [line._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for line in rows]
    assert repeating == [True] + [False] * 33


@pytest.mark.parametrize(
    ("content", "whole"), [("短。", True), ("字" * 100, True), ("字" * 150, False), ("一\n" * 8, False)]
)
def test_all_but_low_rows_may_break_across_pages(content, whole):
    rows = document_of(render_docx(form([row(1, content=content)]))).tables[0].rows
    assert (rows[1]._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None) == whole


def test_the_fonts_are_those_of_official_papers_by_name():
    document = document_of(render_docx(sample_form()))
    fonts = {node.get(qn("w:eastAsia")) for node in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"黑体", "方正小标宋简体", "仿宋_GB2312"}
    normal = document.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert not [name for name in normal.attrib if "Theme" in name]


def test_the_foot_of_each_page_has_its_number():
    footer = document_of(render_docx(sample_form())).sections[0].footer
    assert [node.text.strip() for node in footer._element.iter(qn("w:instrText"))] == ["PAGE"]
    assert footer.paragraphs[0].text == "— 1 —"


def test_the_last_row_stays_with_the_foot_unless_it_is_long():
    def kept(filled):
        rows = document_of(render_docx(filled)).tables[0].rows
        return [next(line._tr.iter(qn("w:keepNext")), None) is not None for line in rows]

    assert kept(form([row(1), row(2), row(3)])) == [False, False, False, True]
    assert kept(form([row(1), row(2, content=LONG)])) == [False, False, False]


def test_properties_are_those_of_the_form_also_with_a_very_long_unit():
    properties = document_of(render_docx(form([row(1)], unit="局" * 300))).core_properties
    assert properties.author == "局" * 255
    assert (properties.title, properties.comments) == (TITLE, "")
    assert properties.created.date() == properties.modified.date() == DAY


def test_a_nil_report_says_so_across_the_table():
    rendered = render_docx(form(nil=True))
    assert table_of(rendered)[1] == [NIL] * 7  # one cell across the seven columns
    assert len(document_of(rendered).tables[0].rows[1]._tr.tc_lst) == 1


def test_a_form_without_rows_is_blank_and_no_nil_report():
    assert table_of(render_docx(form()))[1] == [""] * 7


def test_what_xml_cannot_hold_is_replaced_and_named():
    rendered = render_docx(form([row(1, content="甲\x01\ud800乙\r\n丙")], person="张\x02三"))
    assert table_of(rendered)[1][3] == "甲\ufffd\ufffd乙\n丙"
    (warning,) = rendered.warnings
    for code in ("U+0001", "U+0002", "U+D800"):
        assert code in warning


def test_work_can_be_cancelled():
    def stop(done, total, text=""):
        if done >= 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        render_docx(form([row(number) for number in range(300)]), stop)
