import random
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riskdesk.documents.typesetting import fonts
from riskdesk.documents.typesetting.breaking import NO_END, NO_START, break_lines, line_starts, visible, width_of

SIZE = 10.5
SPACES = " \t　"
WIDTHS = (42.2, 73.7, 94.7, 199.7)
PIECES = [
    *"，。、；：？！”’）》」』】〕〉…—～·％‰℃“‘（《「『【〔〈￥＄$([{)]}!%,.:;?/\"'~的了是中国山西省产品质量安全",
    *(
        "检验",
        "不合格",
        "——",
        "……",
        "12.6 mg/dm²",
        "GB 4806.7-2016",
        "SX-2023-YQ-000123",
        "0351-7680221",
        "https://a.cn/b?c=d&e=f",
    ),
    *(
        "DN25×3.5mm",
        "25℃",
        " ",
        "  ",
        "　",
        "\t",
        "\n",
        "don't",
        "（GB/T 1234）",
        "“一老一小”",
        "①儿童；②老人",
        "１２３４",
        "Ünïcödé",
        "😀",
        "𬭎𫖯",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@pytest.fixture(scope="module")
def serif():
    return fonts.serif()


def strings(lines):
    return ["".join(glyph.char for glyph in line) for line in lines]


def is_latin(char):
    return "!" <= char <= "~"


def is_in_code(char):
    return is_latin(char) or "０" <= char <= "９"


def wrong(text, at):
    """Whether a line must not end at this place, by the rules alone."""
    head, after = text[:at].rstrip(SPACES), text[at]
    if not head or after in SPACES:
        return True
    before, spaced = head[-1], len(head) < at
    if before == "/" and not spaced and is_in_code(after) and after not in NO_START:
        return False
    wrong_start = after in NO_START and not (spaced and after in "\"'")
    return wrong_start or (before in NO_END and not (spaced and before in "\"'"))


def assert_well_broken(face, text, width):
    lines = break_lines(face, text, SIZE, width)
    assert "".join(strings(lines)) == text.replace("\n", "")
    for line in lines:
        assert width_of(visible(line)) * SIZE <= width + 0.01 or len(visible(line)) == 1
    for paragraph in text.split("\n"):
        parts = strings(break_lines(face, paragraph, SIZE, width))
        for part, following in pairwise(parts):
            assert following[0] not in SPACES, "a line starts with the space of the line before"
            so_far = part + following[0]
            if wrong(so_far, len(part)):  # then no place before it is right
                assert all(wrong(so_far, at) for at in range(1, len(part))), f"{part!r} | {following!r}"


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(WIDTHS))
@example("！" * 50, 42.2)
@example("１２３４/１２３４", 73.7)
@example("（" * 50 + "甲", 42.2)
@example(" " * 200 + "甲乙丙丁戊己庚辛" + " " * 200, 42.2)
def test_no_line_starts_or_ends_wrongly_nothing_is_lost_and_none_is_too_wide(text, width):
    assert_well_broken(fonts.serif(), text, width)


def test_a_corpus_like_the_forms_is_broken_rightly_everywhere(serif):
    chance = random.Random(3)
    breaks = 0
    for _ in range(300):
        text = "".join(chance.choices(PIECES, k=80))
        for width in WIDTHS:
            assert_well_broken(serif, text, width)
            breaks += len(break_lines(serif, text, SIZE, width))
    assert breaks > 10_000


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=80))
def test_any_text_comes_back_whole(text):
    lines = break_lines(fonts.serif(), text, SIZE, 60)
    assert "".join(strings(lines)) == text


@pytest.mark.parametrize(
    "word", ["GB4806.7-2016", "SX-2023-YQ-000123", "0351-7680221", "DN25×3.5mm", "12.6", "Ünïcödé", "１２３４５６"]
)
def test_words_numbers_and_codes_stay_whole_if_they_fit(serif, word):
    for before in range(12):
        text = "样" * before + word + "检" * 12
        lines = strings(break_lines(serif, text, SIZE, 110))
        assert len(lines) > 1
        assert any(word in line for line in lines)


def test_a_code_longer_than_the_line_is_cut_after_its_signs(serif):
    lines = strings(break_lines(serif, "https://www.example.gov.cn/articles/2023-05/products-quality.html", SIZE, 110))
    assert len(lines) > 2
    assert all(line[-1] in "-/_@&=?.+,:;" for line in lines[:-1])


def test_an_ellipsis_and_a_dash_are_never_cut_apart(serif):
    for before in range(1, 20):
        for sign in ("……", "——"):
            lines = strings(break_lines(serif, "甲" * before + sign + "乙" * 9, SIZE, 73.7))
            assert any(sign in line for line in lines)


def test_paragraphs_and_indents_are_kept(serif):
    assert strings(break_lines(serif, "　　一、甲\n\n  二", SIZE, 200)) == ["　　一、甲", "", "  二"]
    assert strings(break_lines(serif, "", SIZE, 200)) == [""]


def test_a_tab_is_as_wide_as_four_spaces(serif):
    (line,) = break_lines(serif, "\t", SIZE, 200)
    (spaces,) = break_lines(serif, "    ", SIZE, 200)
    assert width_of(line) == pytest.approx(width_of(spaces))


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(WIDTHS))
def test_the_starts_of_lines_are_offsets_into_the_text(text, width):
    face = fonts.serif()
    starts = line_starts(face, text, SIZE, width)
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert [piece.removesuffix("\n") for piece in pieces] == strings(break_lines(face, text, SIZE, width))
