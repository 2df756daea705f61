"""What an office program makes of our files."""

import os
import re
import shutil
import subprocess
from collections import Counter

import pypdfium2
import pytest
from documents.annex1_forms import LONG, form, mixed_form, row, squeezed

from riskdesk.documents.annex1_docx import render_docx
from riskdesk.documents.annex1_texts import NIL
from riskdesk.documents.annex1_xlsx import render_xlsx
from riskdesk.domain.annex1 import TITLE

CROWDED = form(
    row(
        number, **dict.fromkeys(("content", "analysis", "suggestion"), f"【{number}】{LONG[: 40 * number]}〔{number}〕")
    )
    for number in range(1, 9)
)


@pytest.fixture(scope="session")
def converted(tmp_path_factory):
    """The pages of our files as LibreOffice prints them, by file name."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed: apt-get install libreoffice-calc libreoffice-writer"
    folder = tmp_path_factory.mktemp("office")
    files = {
        "mixed.xlsx": render_xlsx(mixed_form()),
        "mixed.docx": render_docx(mixed_form()),
        "crowded.xlsx": render_xlsx(CROWDED),
        "nil.xlsx": render_xlsx(form(nil=True)),
        "nil.docx": render_docx(form(nil=True)),
    }
    found = {}
    for extension in ("xlsx", "docx"):
        names = [name for name in files if name.endswith(extension)]
        for name in names:
            (folder / name).write_bytes(files[name].data)
        subprocess.run(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder / extension), *(str(folder / name) for name in names)],
            check=True, capture_output=True, timeout=170, env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        for name in names:
            document = pypdfium2.PdfDocument((folder / extension / name).with_suffix(".pdf"))
            found[name] = [document[number].get_textpage() for number in range(len(document))]
            sizes = {tuple(map(round, document[number].get_size())) for number in range(len(document))}
            assert sizes <= {(842, 595), (842, 596)}
    return found


def texts(pages):
    """The texts of the pages; PDFium gives a hyphen at the end of a line as U+FFFE."""
    return [page.get_text_range().replace("\ufffe", "-") for page in pages]


def fitting(text):
    """The text as a multiset of those characters that do not depend on the fonts of this machine."""
    return Counter(
        char for char in squeezed(text) if char.isascii() or "\u4e00" <= char <= "\u9fa5" or char in "，。；：（）"
    )


@pytest.mark.parametrize("name", ["mixed.xlsx", "mixed.docx"])
def test_the_text_of_all_cells_is_printed(converted, name):
    cells = "".join("".join(line.cells) for line in mixed_form().rows)
    assert not fitting(cells) - fitting("".join(texts(converted[name])))


@pytest.mark.parametrize("name", ["mixed.xlsx", "mixed.docx"])
def test_the_ends_of_the_longest_cells_are_not_cut_off(converted, name):
    text = squeezed("".join(texts(converted[name])))
    assert "长文到此为止" in text
    for line in mixed_form().rows[:33]:
        assert re.findall("[\u4e00-\u9fa5]{3,}", line.cells[3])[-1][-3:] in text


def test_no_line_of_a_crowded_sheet_reaches_into_the_next_row(converted):
    """What a cell cannot show is still in the PDF's text, so places are compared: the text is centred in its row."""
    cells = "".join("".join(line.cells) for line in CROWDED.rows)
    assert not fitting(cells) - fitting("".join(texts(converted["crowded.xlsx"])))
    compared = 0
    for page in converted["crowded.xlsx"]:
        for number in range(1, 8):
            ends, starts = places(page, f"〔{number}〕"), places(page, f"【{number + 1}】")
            for end in ends:
                for start in starts:
                    assert end[1] > start[3], f"row {number} reaches into the next one"
                    compared += 1
    assert compared >= 27


def places(page, text):
    search = page.search(text)
    return [page.get_charbox(index) for index, _ in iter(search.get_next, None)]


@pytest.mark.parametrize(("name", "least", "most"), [("mixed.xlsx", 6, 14), ("mixed.docx", 8, 14)])
def test_the_form_has_as_many_pages_as_expected_each_with_headings_and_number(converted, name, least, most):
    pages = texts(converted[name])
    assert least <= len(pages) <= most
    assert TITLE in pages[0]
    for number, page in enumerate(pages, 1):
        assert "初步建议" in page
        assert f"— {number} —" in page
    assert "填报人：" in pages[-1]
    assert "联系电话：0351-0000000" in pages[-1]


def test_the_hidden_columns_are_not_printed(converted):
    text = "".join(texts(converted["mixed.xlsx"]))
    assert "riskdesk" not in text
    assert mixed_form().rows[0].revision not in text


@pytest.mark.parametrize("name", ["nil.xlsx", "nil.docx"])
def test_a_nil_report_is_one_page(converted, name):
    (page,) = texts(converted[name])
    assert NIL in page
