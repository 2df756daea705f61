import os
import re
import subprocess
import sys
import threading
from collections import Counter
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from documents.annex1_forms import DAY, INJECTED, LONG, UNIT, form, mixed_form, row, sample_form, squeezed
from reportlab.pdfbase import ttfonts

from riskdesk.documents import annex1_pdf
from riskdesk.documents.annex1_pdf import render_pdf
from riskdesk.documents.annex1_texts import CONTINUED, NIL
from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import NO_END, NO_START
from riskdesk.domain.annex1 import COLUMNS, TITLE
from riskdesk.errors import Cancelled, FormLimitError

MISSING = "\U00020b9f"  # 𠮟, which no font of ours has


def column_texts(data):
    """The text of the seven columns of the table, page after page, as PDFium finds it by place."""
    columns = [""] * len(COLUMNS)
    document = pypdfium2.PdfDocument(data)
    edges = annex1_pdf._XS
    for number in range(len(document)):
        page = document[number].get_textpage()
        heading = page.search("初步建议").get_next()[0]
        box = page.get_charbox(heading)
        top, bottom = (box[1] + box[3]) / 2 - 19, 57
        if number == len(document) - 1:
            places = list(iter(page.search("填报人：").get_next, None))
            bottom = page.get_charbox(places[-1][0])[3] + 1
        for index in range(len(COLUMNS)):
            columns[index] += page.get_text_bounded(edges[index], bottom, edges[index + 1], top) + "\r\n"
    return columns


def page_texts(data):
    document = pypdfium2.PdfDocument(data)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def poppler(tmp_path, data, *command):
    file = tmp_path / "form.pdf"
    file.write_bytes(data)
    return subprocess.run(
        [command[0], *command[1:], str(file), *(["-"] if command[0] == "pdftotext" else [])],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


def expected_columns(filled):
    return ["".join(squeezed(line.cells[index]) for line in filled.rows) for index in range(len(COLUMNS))]


@pytest.mark.parametrize(
    "filled",
    [
        sample_form(),
        mixed_form(),
        form([row(1, content=LONG), row(2, content=LONG[:2000], analysis=LONG)]),
        form([row(number) for number in range(1, 60)]),
        form([row(number, content=text, product=text, sources_text=text) for number, text in enumerate(INJECTED, 1)]),
    ],
    ids=["samples", "mixed", "long", "short rows", "injected"],
)
def test_every_character_of_every_cell_is_in_its_column_in_order(filled):
    found = [squeezed(text) for text in column_texts(render_pdf(filled).data)]
    found[0] = found[0].replace(CONTINUED, "")
    assert found == expected_columns(filled)


def test_poppler_finds_every_character_too(tmp_path):
    filled = mixed_form()
    rendered = render_pdf(filled)
    found = Counter(squeezed(poppler(tmp_path, rendered.data, "pdftotext", "-layout")))
    wanted = Counter("".join("".join(line.cells) for line in filled.rows) + filled.unit + filled.person + filled.phone)
    assert not Counter(squeezed("".join(wanted.elements()))) - found


def test_forty_thousand_characters_in_a_cell_all_come_back():
    text = "".join(f"第{number}段，样品不合格。" for number in range(4000))[:40_000]
    assert len(text) == 40_000
    rendered = render_pdf(form([row(1, content=text)]))
    assert rendered.pages > 60
    assert squeezed(column_texts(rendered.data)[3]) == text


def test_supplementary_characters_and_emoji_are_right_in_the_text_layer(tmp_path):
    rendered = render_pdf(form([row(1, content="𬭎𫖯龘㑇𠅤😀")]))
    assert rendered.warnings == ()
    assert "𬭎𫖯龘㑇𠅤😀" in squeezed(column_texts(rendered.data)[3])
    assert "𬭎𫖯龘㑇𠅤😀" in poppler(tmp_path, rendered.data, "pdftotext")


@pytest.mark.parametrize("char", [MISSING, "ก", "\U0002f00a"])
def test_a_missing_character_is_shown_as_a_geta_mark_and_stays_itself_in_the_text_layer(char, tmp_path):
    rendered = render_pdf(form([row(1, content=f"当事人甲{char}乙")]))
    (warning,) = rendered.warnings
    assert f"U+{ord(char):04X}" in warning
    assert "第1条" in warning
    assert f"当事人甲{char}乙" in squeezed(column_texts(rendered.data)[3])
    assert f"甲{char}乙" in poppler(tmp_path, rendered.data, "pdftotext")
    assert f"注：字库缺字以“〓”代替：U+{ord(char):04X}" in squeezed(page_texts(rendered.data)[0])
    with_mark = render_pdf(form([row(1, content="当事人甲〓乙")])).data
    assert picture_of_content(rendered.data) == picture_of_content(with_mark)
    assert picture_of_content(rendered.data) != picture_of_content(
        render_pdf(form([row(1, content="当事人甲国乙")])).data
    )


def picture_of_content(data):
    image = pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil()
    return image.crop((400, 300, 800, 380)).tobytes()


def test_what_no_text_layer_can_hold_is_shown_and_warned_of():
    rendered = render_pdf(form([row(1, content="甲\x00\ud800乙")]))
    assert "U+0000" in rendered.warnings[0]
    assert "U+D800" in rendered.warnings[0]
    assert "甲〓〓乙" in squeezed(column_texts(rendered.data)[3])
    rendered.warnings[0].encode()


def test_all_fonts_are_embedded_subsets_and_helvetica_is_not_there(tmp_path):
    data = render_pdf(mixed_form()).data
    lines = poppler(tmp_path, data, "pdffonts").splitlines()[2:]
    assert len(lines) > 5
    for line in lines:
        assert re.match(r"[A-Z]{6}\+Noto", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line  # embedded, subset, with a text layer
    assert b"Helvetica" not in data


def test_no_printed_line_starts_or_ends_wrongly_or_leaves_its_column():
    data = render_pdf(mixed_form()).data
    lines = [line for text in column_texts(data) for line in text.splitlines() if line.strip()]
    assert len(lines) > 500
    starts = "".join(NO_START - set("/\"'"))
    assert [line for line in lines if line[0] in starts or line.rstrip()[-1] in NO_END] == []
    for left, right in pairwise(annex1_pdf._XS):
        assert all(left - 0.1 < x < right + 0.1 for x in characters_between(data, left, right))


def characters_between(data, left, right):
    """The left and right edges of the visible characters of the first page whose middle lies in a column."""
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    for index in range(page.count_chars()):
        box = page.get_charbox(index, loose=True)
        in_table = 57 < box[1] < 440
        if in_table and left < (box[0] + box[2]) / 2 < right and chr(pdfium_c.FPDFText_GetUnicode(page, index)).strip():
            yield from (box[0], box[2])


def test_the_first_page_has_all_the_words_of_the_form():
    text = page_texts(render_pdf(sample_form()).data)[0]
    for words in ("附件1", TITLE, f"填报单位：{UNIT}", "填报时间：2023年5月10日", "— 1 —"):
        assert words in text
    for column in COLUMNS:
        assert column.title in squeezed(text)
    assert "序号" not in text


def test_each_further_page_repeats_title_unit_and_headings_and_the_last_has_the_foot():
    rendered = render_pdf(sample_form())
    texts = page_texts(rendered.data)
    assert rendered.pages == len(texts) > 3
    for number, text in enumerate(texts[1:], 2):
        assert text.startswith(TITLE + CONTINUED)
        assert f"填报单位：{UNIT}" in text
        assert "信息来源" in text
        assert f"— {number} —" in text
    assert "填报人：张㛃䶮" in texts[-1]
    assert "联系电话：0351-0000000" in texts[-1]
    assert not any("填报人：" in text for text in texts[:-1])


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = pypdfium2.PdfDocument(render_pdf(sample_form()).data)
    for number in range(1, len(document) + 1):
        page = document[number - 1].get_textpage()
        x = page.get_charbox(page.search(f"— {number} —").get_next()[0])[0]
        assert (x > 700) == (number % 2 == 1)


def test_a_nil_report_says_so_across_the_table():
    rendered = render_pdf(form(nil=True))
    (text,) = page_texts(rendered.data)
    assert NIL in text
    assert "填报人：张㛃䶮" in text


def test_a_form_without_rows_is_blank_and_no_nil_report():
    (text,) = page_texts(render_pdf(form()).data)
    assert "零报告" not in text
    assert "填报人：张㛃䶮" in text


@pytest.mark.parametrize("lines", range(1, 60))
def test_the_foot_never_stands_without_a_row(lines):
    """The last row ends anywhere on the page."""
    filled = form([row(1), row(2, content="\n".join(f"第{number}行" for number in range(lines)))])
    data = render_pdf(filled).data
    document = pypdfium2.PdfDocument(data)
    page = document[len(document) - 1].get_textpage()
    text = page.get_text_range()
    assert f"第{lines - 1}行" in text
    foot = page.get_charbox(page.search("填报人：").get_next()[0])
    assert foot[1] > 40
    assert squeezed(column_texts(data)[3]) == expected_columns(filled)[3]


def test_pages_are_used_and_no_line_runs_over_the_foot_of_the_page():
    document = pypdfium2.PdfDocument(render_pdf(form([row(n, content=LONG[:700]) for n in range(1, 20)])).data)
    for number in range(len(document) - 1):
        page = document[number].get_textpage()
        bottoms = [page.get_charbox(index)[1] for index in range(page.count_chars())]
        in_table = [bottom for bottom in bottoms if bottom > 45]
        assert 55 < min(in_table) < 57 + 0.36 * 440, f"page {number + 1}"


def test_a_continued_row_says_so_in_its_first_column():
    columns = column_texts(render_pdf(form([row(1, product="长文产品", content=LONG)])).data)
    assert squeezed(columns[0]) == "长文产品" + CONTINUED * columns[0].count(CONTINUED)
    assert columns[0].count(CONTINUED) >= 3


def test_a_head_that_leaves_no_room_for_rows_is_refused_and_a_long_one_is_not_cut():
    with pytest.raises(FormLimitError, match="填报单位"):
        render_pdf(form([row(1)], unit="局" * 2000))
    unit = "".join(f"第{number}市场监督管理所、" for number in range(20))
    rendered = render_pdf(form([row(number, content=LONG[:600]) for number in range(1, 4)], unit=unit))
    texts = page_texts(rendered.data)
    assert squeezed(unit) in squeezed(texts[0]).replace("填报时间：2023年5月10日", "")
    assert "……" in texts[1].splitlines()[0]


def test_the_same_form_gives_the_same_bytes_in_every_process():
    script = (
        "import hashlib,sys; from documents.annex1_forms import mixed_form;"
        "from riskdesk.documents.annex1_pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(mixed_form()).data).hexdigest())"
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
        for seed in ("0", "7")
    }
    assert len(digests) == 1


def test_a_missing_character_in_an_earlier_document_does_not_change_a_later_one():
    before = render_pdf(sample_form())
    assert render_pdf(form([row(1, content=MISSING)])).warnings
    assert render_pdf(form([row(1, content=MISSING)])).warnings
    assert render_pdf(sample_form()) == before


def test_metadata_is_that_of_the_form():
    document = pypdfium2.PdfDocument(render_pdf(sample_form()).data)
    found = document.get_metadata_dict()
    assert (found["Title"], found["Author"]) == (TITLE, UNIT)
    assert found["CreationDate"] == found["ModDate"] == f"D:{DAY:%Y%m%d}000000+08'00'"
    assert b"/Lang (zh-CN)" in render_pdf(sample_form()).data


def test_work_can_be_cancelled_and_the_next_one_goes_on():
    def stop(done, total, text=""):
        if done >= 100:
            raise Cancelled

    big = form([row(number) for number in range(1000)])
    with pytest.raises(Cancelled):
        render_pdf(big, stop)
    assert render_pdf(form([row(1)])).pages == 1


def test_progress_is_told_often_and_ends_at_the_total():
    told = []
    render_pdf(form([row(number) for number in range(250)]), lambda done, total, text="": told.append((done, total)))
    steps = [done for done, _ in told]
    assert steps == sorted(steps)
    assert max(after - before for before, after in pairwise(steps)) <= 100
    assert told[-1] == (250, 250)


def test_two_documents_at_once_do_not_disturb_each_other():
    filled = mixed_form()
    alone = render_pdf(filled).data
    found = []
    threads = [threading.Thread(target=lambda: found.append(render_pdf(filled).data)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 3


def test_the_patch_of_reportlab_holds_only_while_a_document_is_saved():
    before = ttfonts.makeToUnicodeCMap
    assert before.__module__ == "reportlab.pdfbase.ttfonts"
    with fonts.correct_text_layer():
        written = ttfonts.makeToUnicodeCMap("F", [0, *range(0x4E00, 0x4E00 + 250), 0x2CB4E])
    assert ttfonts.makeToUnicodeCMap is before
    assert "<FB> <D872DF4E>" in written
    assert [int(count) for count in re.findall(r"(\d+) beginbfchar", written)] == [100, 100, 51]
