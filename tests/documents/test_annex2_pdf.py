"""The yearly report as a PDF: outline, contents that lead, every text and number in order, nothing torn apart."""

import re
import subprocess
import threading
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest
from documents.annex1_forms import INJECTED, squeezed
from documents.annex2_reports import CHARTS, UNIT, block, full_report, heading_texts, station_report, with_blocks
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from riskdesk.documents.annex2_flow import BOTTOM, LEFT, RIGHT, TOP
from riskdesk.documents.annex2_pdf import laid_out, render_pdf
from riskdesk.documents.annex2_texts import MISSING, column_shares, numeral
from riskdesk.documents.typesetting.breaking import NO_END, NO_START
from riskdesk.domain.annual import new_report
from riskdesk.domain.blocks import BlockKind, Table
from riskdesk.errors import Cancelled

BLANK = new_report("儿童用品", 2025, UNIT)
FRONT = 2  # pages: cover and contents
RARE = "\U00020b9f"  # 𠮟, which no font of ours has


def opened(report):
    return pypdfium2.PdfDocument(render_pdf(report).data)


def page_texts(document):
    return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]


def body(document):
    """The text of the report without cover, contents and page numbers, without white space."""
    return squeezed("".join(re.sub(r"— \d+ —", "", text) for text in page_texts(document)[FRONT:]))


def blocks_of(report):
    return [each for section in report.sections for each in section.blocks]


@pytest.mark.parametrize("report", [full_report(), station_report(), BLANK], ids=["full", "station", "blank"])
def test_the_outline_has_the_headings_in_order_on_their_pages(report):
    document = opened(report)
    found = list(document.get_toc())
    assert [each.get_title() for each in found] == heading_texts(report)
    assert [each.level for each in found] == [int(each.get_title()[0] == "（") for each in found]
    pages = list(laid_out(report).places.values())
    assert [each.get_dest().get_index() for each in found] == [FRONT + page - 1 for page in pages]
    texts = [squeezed(text) for text in page_texts(document)]
    for title, page in zip(heading_texts(report), pages, strict=True):
        assert squeezed(title) in texts[FRONT + page - 1]


def test_the_headings_stand_in_the_text_in_order():
    text = body(opened(station_report()))
    places = [text.index(squeezed(title)) for title in heading_texts(station_report())]
    assert places == sorted(places)


def test_the_contents_name_every_heading_with_its_page_and_lead_there():
    report = full_report()
    contents = squeezed(page_texts(opened(report))[1])
    assert contents.startswith("目录")
    for title, page in zip(heading_texts(report), laid_out(report).places.values(), strict=True):
        assert re.search(rf"{re.escape(squeezed(title))}\.*{page}(?!\d)", contents)
    assert render_pdf(report).data.count(b"/Subtype /Link") == 20


def test_many_added_sections_go_on_in_the_contents_and_in_the_numbers():
    report = full_report()
    for number in range(12):
        report = report.with_added(2, f"新增第{number}节")
        report = report.with_added(4, f"另增第{number}节")
    document = opened(report)
    assert [each.get_title() for each in document.get_toc()] == heading_texts(report)
    assert "（二十）新增第11节" in squeezed("".join(page_texts(document)[1:3]))


def test_numerals():
    assert [numeral(each) for each in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_cover_and_end_name_title_year_unit_and_day(monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2026-01-08T09:00:00")
    texts = page_texts(opened(full_report()))
    for words in ("山西省儿童用品质量安全形势\r\n专题分析报告", "（2025年度）", UNIT, "2025年12月26日"):
        assert words in texts[0]
    assert squeezed(texts[-1]).split("—")[0].endswith(f"{UNIT}2025年12月26日")
    assert squeezed(page_texts(opened(BLANK))[-1]).split("—")[0].endswith(f"{UNIT}2026年1月")


@pytest.mark.parametrize("report", [full_report(), station_report()], ids=["full", "station"])
def test_every_text_and_number_of_every_block_is_printed(report):
    text = body(opened(report))
    for each in blocks_of(report):
        assert squeezed(each.text) in text
        assert squeezed(each.basis.removeprefix("依据：")) in text
        assert squeezed(each.unknown) in text
        for row in each.table.rows if each.table else ():
            missing = Counter(squeezed("".join(row))) - Counter(text)
            assert not missing


def test_charts_are_vectors_whose_words_and_numbers_can_be_searched():
    data = render_pdf(full_report()).data
    assert b"/Subtype /Image" not in data
    text = body(pypdfium2.PdfDocument(data))
    for chart in CHARTS:
        assert chart.title in text
        assert f"单位：{chart.unit}" in text
    for words in ("不合格28，共310", "消费者投诉、举报的", "迎泽10", "100%"):
        assert words in text


def test_all_fonts_are_embedded(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(render_pdf(full_report()).data)
    lines = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert len(lines) >= 3
    for line in lines:
        assert re.match(r"[A-Z]{6}\+Noto", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


@pytest.mark.parametrize("text", ["短。", "很长的一段，一页也写不下。" * 200], ids=["short", "long"])
def test_text_stays_within_the_margins_of_official_papers_and_pages_are_numbered(text):
    document = opened(station_report().with_text("1.1", text))
    assert (round(LEFT / mm), round((595.28 - RIGHT) / mm), round((841.89 - TOP) / mm), round(BOTTOM / mm)) == (
        28,
        26,
        37,
        35,
    )
    for number, page in enumerate(list(document)[FRONT:], 1):
        assert tuple(map(round, page.get_size())) == (595, 842)
        text = page.get_textpage()
        foot = text.search(f"— {number} —").get_next()
        x = text.get_charbox(foot[0])[0]
        assert (x > 300) == (number % 2 == 1)
        for index in set(range(text.count_chars())) - set(range(foot[0], foot[0] + foot[1])):
            left, bottom, right, top = text.get_charbox(index)
            if right > left:
                assert left > LEFT - 1
                assert right < RIGHT + 1
                assert bottom > BOTTOM - 1
                assert top < TOP + 1


def test_no_printed_line_starts_or_ends_wrongly():
    words = "（一）按“GB 6675.1-2014《玩具安全》”检验，不合格3项；详见表1、图2……第（二）项：“磁体”、小零件！" * 30
    lines = [line for text in page_texts(opened(BLANK.with_text("1.1", words)))[FRONT:] for line in text.splitlines()]
    assert len(lines) > 30
    assert [
        line for line in lines if line.strip() and (line[0] in NO_START - {"—"} or line.rstrip()[-1] in NO_END)
    ] == []


@pytest.mark.parametrize("length", range(0, 700, 9))
def test_wherever_a_page_ends_headings_captions_and_rows_keep_company(length):
    """The text before them is longer and longer, so that the page ends at every place."""
    table = Table(("项目", "数量"), tuple((f"第{row}行", str(row)) for row in range(1, 41)))
    report = BLANK.with_text("1.1", "一" * length)
    report = with_blocks(report.with_text("1.2", "二" * 200), "1.2", block(table=table, chart=CHARTS[0]))
    texts = [squeezed(text) for text in page_texts(opened(report))[FRONT:]]
    for text in texts:
        bare = text.split("—")[0]
        assert not bare.endswith(("行业概况", "主要成分及加工工艺", "产品简介", "overview概要", "项目数量"))
        if "表1overview" in bare:
            assert "第1行1第2行2第3行3" in bare
        if "图1信息来源分布" in bare:
            assert "举报的" in bare
        assert "项目数量第40行40" not in bare
        if "第1行1" not in bare and "第40行40" in bare:
            assert bare.startswith("项目数量")


@pytest.mark.parametrize("count", range(0, 60, 3))
def test_the_signature_never_stands_alone_on_a_page(count):
    report = full_report().with_text("4.3", "文" * 20 + "字" * 27 * count)
    last = squeezed(page_texts(opened(report))[-1])
    assert not last.startswith(UNIT)


def test_a_cell_longer_than_a_page_is_printed_whole():
    words = "".join(f"第{number}段，样品不合格。" for number in range(600))
    table = Table(("序号", "内容"), (("1", words), ("2", "此后")))
    text = body(opened(with_blocks(full_report(), "2.1", block(table=table))))
    assert words in text.replace("序号内容", "")
    assert "2此后" in text


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Mn", "Mc", "Me"]), max_size=150))
@example("".join(each for each in INJECTED if "\n" not in each))
@example("<b>&amp;</b>%()\\")
def test_any_text_can_be_printed(text):
    rendered = render_pdf(BLANK.with_text("1.1", f"甲乙丙{text}丁戊己"))
    found = body(pypdfium2.PdfDocument(rendered.data))
    assert "甲乙丙" in found
    assert "丁戊己" in found
    plain = [char for char in text if "\u4e00" <= char <= "\u9fa5" or (char.isascii() and char.isalnum())]
    assert not Counter(plain) - Counter(found)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
@example("甲\x00乙\x01\ud800丙\u2028😀👨‍👩‍👧")
def test_nothing_that_people_can_type_or_paste_breaks_the_writer(text):
    report = replace(new_report(f"产品{text}", 2025, f"单位{text}"), day="2025-12-26").with_text("1.1", text)
    report = report.with_added(2, f"节{text}")
    table = Table((f"头{text}", "乙"), ((text, "1"), ("", text)))
    chart = replace(CHARTS[0], title=text, labels=(text, "乙"))
    assert render_pdf(with_blocks(report, "2.1", block(title=text, text=text, table=table, chart=chart))).pages >= 5


def test_a_missing_character_is_warned_of_and_named_at_the_end():
    rendered = render_pdf(full_report().with_text("1.1", f"当事人甲{RARE}乙"))
    [warning] = rendered.warnings
    assert "U+20B9F" in warning
    document = pypdfium2.PdfDocument(rendered.data)
    assert f"当事人甲{RARE}乙" in body(document)
    assert "字库缺字以“〓”代替：U+20B9F" in squeezed(page_texts(document)[-1])
    assert render_pdf(full_report()).warnings == ()


def test_what_nobody_wrote_says_so_and_what_was_left_out_is_not_there():
    assert body(opened(BLANK)).count(MISSING) == 16
    report = full_report()
    assert MISSING not in body(opened(report))
    section = report.section("2.1")
    changed = report.with_section(replace(section, left_out=(BlockKind.SOURCES,)))
    text = body(opened(changed))
    assert "sources" not in text
    assert f"表1{section.blocks[1].title}" in text


def test_columns_fill_the_width_and_the_narrow_ones_keep_their_texts_on_a_line():
    table = Table(("序号", "期次", "内容"), (("1", "2025年10月", "很长的内容" * 40), ("2", "2025年1月", "短")))
    widths = column_shares(table, 40)
    assert sum(widths) == pytest.approx(40)
    assert widths[1] > 6
    assert widths[2] > 25
    crowded = column_shares(Table(("甲", "乙"), (("很长的内容" * 4, "很长的内容" * 50),)), 40)
    assert sum(crowded) == pytest.approx(40)
    assert 8 < crowded[0] < 12
    many = column_shares(Table(tuple("甲乙丙丁戊己庚辛壬癸"), (("很长的内容",) * 10,)), 40)
    assert many == pytest.approx([4] * 10)
    assert sum(many) == pytest.approx(40)


def test_the_same_report_gives_the_same_bytes_also_from_two_threads():
    alone = render_pdf(full_report()).data
    found = []
    threads = [threading.Thread(target=lambda: found.append(render_pdf(full_report()).data)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 2


def test_metadata_is_that_of_the_report():
    rendered = render_pdf(full_report())
    document = pypdfium2.PdfDocument(rendered.data)
    found = document.get_metadata_dict()
    assert (found["Title"], found["Author"]) == ("山西省儿童用品质量安全形势专题分析报告", UNIT)
    assert found["CreationDate"].startswith("D:20251226")
    assert rendered.pages == len(document)


def test_work_can_be_cancelled_and_is_told_to_its_end():
    def stop(done, total, text=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        render_pdf(full_report(), stop)
    told = []
    render_pdf(full_report(), lambda done, total, text="": told.append((done, total)))
    assert all(before <= after for before, after in pairwise(told))
    assert told[-1][0] == told[-1][1]
