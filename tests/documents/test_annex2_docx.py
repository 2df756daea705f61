"""The yearly report in Word: real headings, every text and number, pictures with words, and what LibreOffice makes of it."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import docx
import pypdfium2
import pytest
from documents.annex1_forms import INJECTED, squeezed
from documents.annex2_reports import CHARTS, DAY, UNIT, block, full_report, heading_texts, station_report, with_blocks
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riskdesk.documents.annex2_docx import SPARE, render_docx
from riskdesk.documents.annex2_pdf import laid_out
from riskdesk.documents.annex2_texts import MISSING
from riskdesk.domain.annual import HEADINGS, new_report
from riskdesk.domain.blocks import BlockKind, Table
from riskdesk.errors import Cancelled

AWKWARD = (
    *INJECTED,
    "甲\x01乙\x0b丙",
    "<w:p>&amp;]]>",
    "😀👨‍👩‍👧𠮟𬭎",
    "行一\r\n行二\r行三",
    "\u2028\x85",
    "　　缩进\t制表",
)
BLANK = new_report("儿童用品", 2025, UNIT)


def document_of(report):
    return docx.Document(BytesIO(render_docx(report).data))


def paragraphs(document, *styles):
    """The texts of the paragraphs outside tables and the table of contents, of those styles if any are named."""
    return [each.text for each in document.paragraphs if not styles or each.style.name in styles]


def contents_lines(document):
    [field] = document.element.body.iter(qn("w:sdtContent"))
    return [
        "".join(node.text if node.tag == qn("w:t") else "\t" for node in paragraph.iter(qn("w:t"), qn("w:tab")))
        for paragraph in field.findall(qn("w:p"))
    ]


def cells(document):
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def test_the_sixteen_headings_are_real_headings_with_numbers_in_order():
    document = document_of(full_report())
    found = [(each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith("Heading")]
    wanted = heading_texts(full_report())
    assert [text for _, text in found] == wanted
    assert len([text for style, text in found if style == "Heading 2"]) == 16
    assert [text for style, text in found if style == "Heading 1"] == [wanted[0], wanted[4], wanted[13], wanted[16]]
    levels = {name: document.styles[name].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) for name, _ in found}
    assert levels == {"Heading 1": "0", "Heading 2": "1"}


def test_added_sections_go_on_counting_up_to_twenty():
    report = full_report()
    for number in range(12):
        report = report.with_added(2, f"新增第{number}节")
    found = paragraphs(document_of(report), "Heading 2")
    assert "（九）新增第0节" in found
    assert "（二十）新增第11节" in found
    assert found == [each for each in heading_texts(report) if each[0] == "（"]


def test_the_contents_are_a_field_filled_before_and_lead_to_the_headings():
    report = full_report()
    document = document_of(report)
    pages = laid_out(report, SPARE).places
    lines = contents_lines(document)
    assert lines[0] == "目　录"
    assert lines[1:] == [f"{text}\t{page}" for text, page in zip(heading_texts(report), pages.values(), strict=True)]
    fields = [node.text.split()[0] for node in document.element.body.iter(qn("w:instrText"))]
    assert fields == ["TOC", *["PAGEREF"] * 20]
    kinds = [node.get(qn("w:fldCharType")) for node in document.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 21
    anchors = [node.get(qn("w:anchor")) for node in document.element.body.iter(qn("w:hyperlink"))]
    assert anchors == [node.get(qn("w:name")) for node in document.element.body.iter(qn("w:bookmarkStart"))]


def test_cover_and_end_name_title_year_unit_and_day():
    document = document_of(full_report())
    texts = paragraphs(document)
    assert texts[:4] == ["山西省儿童用品质量安全形势\n专题分析报告", "（2025年度）", UNIT, "2025年12月26日"]
    assert paragraphs(document, "落款") == [UNIT, "2025年12月26日"]
    assert document.styles["落款"].element.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"


def test_where_no_day_is_settled_the_month_of_printing_stands(monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2026-01-08T09:00:00")
    assert paragraphs(document_of(BLANK), "落款")[1] == "2026年1月"
    assert document_of(BLANK).core_properties.created.isoformat()[:10] == "2025-12-31"


def test_the_page_is_that_of_official_papers():
    for section in document_of(full_report()).sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(each.mm) for each in margins] == [37, 35, 28, 26]


def test_styles_name_the_fonts_of_official_papers_and_no_theme():
    document = document_of(full_report())
    wanted = {
        "Normal": ("仿宋_GB2312", 16),
        "Body Text": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "toc 1": ("黑体", 14),
    }
    for name, (font, size) in wanted.items():
        style = document.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert style.font.size.pt == size
    for part in (document.styles.element, document.element, document.sections[-1].footer._element):
        for fonts in part.iter(qn("w:rFonts")):
            assert not [each for each in fonts.attrib if "heme" in each]
    body = document.styles["Body Text"].element.pPr
    assert body.find(qn("w:spacing")).get(qn("w:line")) == "578"
    assert body.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"
    assert body.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_word_opens_it_as_a_file_of_its_own_time():
    settings_ = document_of(full_report()).settings.element
    [mode] = [each for each in settings_.iter(qn("w:compatSetting")) if each.get(qn("w:name")) == "compatibilityMode"]
    assert mode.get(qn("w:val")) == "15"


def test_styles_that_point_at_each_other_are_all_there():
    root = document_of(full_report()).styles.element
    known = {style.get(qn("w:styleId")) for style in root.findall(qn("w:style"))}
    for name in ("w:basedOn", "w:next", "w:link"):
        assert {each.get(qn("w:val")) for each in root.iter(qn(name))} <= known


def test_the_report_is_numbered_from_one_right_on_odd_and_left_on_even_pages_but_not_the_cover():
    document = document_of(full_report())
    cover, report = document.sections
    assert document.settings.odd_and_even_pages_header_footer
    assert cover._sectPr.find(qn("w:footerReference")) is None
    assert report._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    for footer, side in ((report.footer, "right"), (report.even_page_footer, "left")):
        [paragraph] = footer.paragraphs
        assert paragraph.text == "— 1 —"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert [node.text.strip() for node in footer._element.iter(qn("w:instrText"))] == ["PAGE"]


@pytest.mark.parametrize("report", [full_report(), station_report()], ids=["full", "station"])
def test_every_number_of_every_table_is_in_the_file(report):
    wanted = [[list(each.table.head), *map(list, each.table.rows)] for each in blocks_of(report) if each.table]
    assert cells(document_of(report)) == wanted


def blocks_of(report):
    return [each for section in report.sections for each in section.blocks]


@pytest.mark.parametrize("report", [full_report(), station_report()], ids=["full", "station"])
def test_sentences_bases_and_what_is_unknown_are_there(report):
    document = document_of(report)
    texts, notes = paragraphs(document, "Body Text"), paragraphs(document, "表注")
    assert len(notes) == len(blocks_of(report))
    for each, note in zip(blocks_of(report), notes, strict=True):
        assert any(text.startswith(each.text) for text in texts)
        assert each.basis.removeprefix("依据：") in note
        assert each.unknown in note


def test_tables_and_figures_are_numbered_through_the_report_and_named_in_the_text():
    document = document_of(station_report())
    captions = paragraphs(document, "Caption")
    for name in ("表", "图"):
        numbers = [int(re.match(rf"{name}(\d+)　\S", each)[1]) for each in captions if each.startswith(name)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 6
    assert "详见表2、图1。" in "".join(paragraphs(document, "Body Text"))
    assert len(set(captions)) == len(captions)


def test_tables_have_a_grid_as_wide_as_the_text_a_repeated_head_and_whole_rows():
    document = document_of(station_report())
    for table in document.tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert sum(grid) == 8844
        assert min(grid) > 600
        heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)
    assert document.styles["表格文字"].element.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"


def test_a_row_longer_than_a_page_may_break():
    table = Table(("序号", "内容"), (("1", "很长的内容。" * 800), ("2", "短")))
    [found] = document_of(with_blocks(full_report(), "2.1", block(table=table))).tables
    whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in found.rows]
    assert whole == [True, False, True]


def test_pictures_are_150_mm_wide_single_spaced_and_say_their_numbers():
    document = document_of(full_report())
    assert len(document.inline_shapes) == len(CHARTS)
    for shape, chart in zip(document.inline_shapes, CHARTS, strict=True):
        assert round(shape.width.mm) == 150
        told = shape._inline.docPr.get("descr")
        assert chart.title in told
        assert all(("未填" if value is None else str(value)) in told for value in chart.series[0].values)
        paragraph = shape._inline.getparent().getparent().getparent()
        assert paragraph.style == "AnnexFigure"
    assert "迎泽区 10" in document.inline_shapes[4]._inline.docPr.get("descr")
    identities = [shape._inline.docPr.get("id") for shape in document.inline_shapes]
    assert len(set(identities)) == len(identities)
    spacing = document.styles["图"].element.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("240", "auto")


def test_a_block_that_people_left_out_is_not_printed_and_not_counted():
    report = full_report()
    section = report.section("2.1")
    kept = [each for each in section.blocks if each.kind is not BlockKind.SOURCES]
    changed = report.with_section(replace(section, left_out=(BlockKind.SOURCES,)))
    document = document_of(changed)
    assert len(document.tables) == len(document.inline_shapes) == len(kept)
    text = document.element.xpath("string(.)")
    assert "sources" not in text
    assert paragraphs(document, "Caption")[0] == f"表1　{kept[0].title}"


def test_what_nobody_wrote_says_so_visibly():
    document = document_of(BLANK)
    found = [each for each in document.paragraphs if each.text == MISSING]
    assert len(found) == 16
    assert all(each.runs[0].font.highlight_color is not None for each in found)
    assert MISSING not in paragraphs(document_of(full_report()))
    only_left_out = with_blocks(BLANK, "1.1", block()).section("1.1")
    left_out = BLANK.with_section(replace(only_left_out, left_out=(BlockKind.OVERVIEW,)))
    assert paragraphs(document_of(left_out)).count(MISSING) == 16
    assert paragraphs(document_of(with_blocks(BLANK, "1.1", block()))).count(MISSING) == 15


def test_each_line_of_a_text_is_a_paragraph_and_blank_ones_are_none():
    report = BLANK.with_text("1.1", "第一段。\n\n　　第二段。\r\n第三段。\r   \n")
    texts = paragraphs(document_of(report), "Body Text")
    assert texts[:3] == ["第一段。", "第二段。", "第三段。"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
@example("".join(AWKWARD))
@example("\n".join(AWKWARD))
def test_any_text_comes_back_character_by_character_or_is_warned_of(text):
    report = BLANK.with_text("1.1", text).with_text("1.2", "此后")
    rendered = render_docx(with_blocks(report, "1.3", block(table=Table(("甲", "乙"), (("1", text),)))))
    document = docx.Document(BytesIO(rendered.data))
    illegal = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    wanted = re.sub(illegal, "\ufffd", text)
    assert bool(re.search(illegal, text)) == bool(rendered.warnings)
    texts = paragraphs(document, "Body Text")
    found = "".join(texts[: texts.index("此后")])
    assert squeezed(found) == (squeezed(wanted) or MISSING * (not text.strip(" \t\u3000\r\n")))
    [table] = cells(document)
    assert table[1][1] == wanted.replace("\r\n", "\n").replace("\r", "\n")


def test_awkward_names_come_back():
    report = replace(new_report("儿童<&>\x01用品", 2025, "局\x02<&>" * 60), sections=(BLANK.sections[0],)).with_text(
        "1.1", "文"
    )
    rendered = render_docx(report)
    document = docx.Document(BytesIO(rendered.data))
    assert document.paragraphs[0].text == "山西省儿童<&>\ufffd用品质量安全形势\n专题分析报告"
    assert len(document.core_properties.author) == 255
    assert "U+0001" in rendered.warnings[0]


def test_the_same_report_gives_the_same_bytes_at_any_time(monkeypatch):
    first = render_docx(full_report()).data
    monkeypatch.setattr(time, "time", lambda: 1_900_000_000)
    assert render_docx(full_report()).data == first


def test_work_can_be_cancelled_and_is_told_to_its_end():
    def stop(done, total, text=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        render_docx(full_report(), stop)
    told = []
    render_docx(full_report(), lambda done, total, text="": told.append((done, total)))
    assert all(before <= after for before, after in pairwise(told))
    assert told[-1][0] == told[-1][1]


@pytest.fixture(scope="session")
def converted(tmp_path_factory):
    """The sample station's report as LibreOffice prints it: the PDF document."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed: apt-get install libreoffice-writer"
    folder = tmp_path_factory.mktemp("annex2")
    file = folder / "report.docx"
    file.write_bytes(render_docx(station_report()).data)
    subprocess.run(
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
         'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}', "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=170, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return pypdfium2.PdfDocument(file.with_suffix(".pdf"))


def test_libreoffice_finds_the_headings_in_order_as_headings(converted):
    found = [(each.level, each.get_title()) for each in converted.get_toc()]
    assert [title for _, title in found] == heading_texts(station_report())
    assert [level for level, _ in found] == [0 if title[0] != "（" else 1 for _, title in found]


def test_libreoffice_prints_every_text_and_number(converted):
    text = squeezed("".join(page.get_textpage().get_text_range().replace("\ufffe", "-") for page in converted))
    for code, heading in HEADINGS.items():
        assert squeezed(heading.title) in text, code
    assert text.count("按GB6675.1-2014检验") == 48
    for each in blocks_of(station_report()):
        assert squeezed(each.basis.removeprefix("依据：")) in text
        for row in each.table.rows if each.table else ():
            assert all(squeezed(cell) in text for cell in row)
    assert MISSING not in text
    assert DAY[:4] in text


def test_libreoffice_numbers_the_pages_of_the_report_and_fills_them(converted):
    pages = [page.get_textpage().get_text_range() for page in converted]
    assert 10 <= len(pages) <= 22
    for number, page in enumerate(pages[2:], 1):
        assert f"— {number} —" in page
    assert "— " not in pages[0] + pages[1]


def test_libreoffice_shows_a_page_number_behind_every_entry_of_the_contents(converted):
    contents = squeezed(converted[1].get_textpage().get_text_range())
    for title in heading_texts(station_report()):
        assert re.search(rf"{re.escape(squeezed(title))}\.*…*\d", contents), title
