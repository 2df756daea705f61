"""A table on its way into the clipboard: cells stay in their places, nothing becomes a formula."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.blocks import Table
from riskdesk.domain.table_texts import as_html, as_tsv


class Cells(HTMLParser):
    """What stands in the cells, by row, and which are marked as text."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.as_text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
            self.as_text.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.as_text[-1].append("mso-number-format:'\\@'" in (dict(attrs).get("style") or ""))

    def handle_data(self, data):
        self.rows[-1][-1] += data


TABLE = Table(("企业", "数量"), (("=HYPERLINK(1)", "12"), ("@甲<b>", "+3"), ("-乙\t丙\n丁", "-4.0%"), ("+86", "+a")))


def test_cells_that_look_like_formulas_are_text_and_numbers_stay_numbers():
    assert as_tsv(TABLE).split("\n") == [
        "企业\t数量", "'=HYPERLINK(1)\t12", "'@甲<b>\t+3", "'-乙 丙 丁\t-4.0%", "+86\t'+a",
    ]  # fmt: skip


def test_the_same_as_a_table_that_word_and_excel_take():
    cells = Cells(as_html(TABLE))
    assert cells.rows == [
        ["企业", "数量"],
        ["=HYPERLINK(1)", "12"],
        ["@甲<b>", "+3"],
        ["-乙 丙 丁", "-4.0%"],
        ["+86", "+a"],
    ]
    assert cells.as_text == [[True, True], [True, False], [True, False], [True, False], [False, True]]


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8) | st.sampled_from(
    ("a\tb", "c\r\nd", "=1+1", " =2")
)


@given(st.lists(st.tuples(words, words), max_size=5))
def test_every_cell_keeps_its_place(rows):
    table = Table(("甲", "乙"), tuple(rows))
    lines = [line.split("\t") for line in as_tsv(table).split("\n")]
    assert len(lines) == len(rows) + 1
    assert {len(line) for line in lines} == {2}
    assert not [cell for line in lines for cell in line if cell.startswith("=")]
    assert [len(row) for row in Cells(as_html(table)).rows] == [2] * len(lines)


@pytest.mark.parametrize("cell", ["0", "-1", "+150.0%", "3.5"])
def test_numbers_are_not_guarded(cell):
    assert as_tsv(Table((cell,), ())) == cell
