import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.text import ascii_digits, clean, clean_line, with_plain_line_ends


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc\x0bd", "a\nb\nc\nd"),
        ("\ufeff风险\u200b信息\u202e\u2066", "风险信息"),
        ("甲\x00\x07\x1b醛\x85超标", "甲醛\n超标"),
        ("坏\ud800字", "坏字"),
        ("⻛险⽤⼈⻝品", "风险用人食品"),
        ("e\u0301", "é"),
        (" \u3000 两头有空格\t\n", "两头有空格"),
        ("１２３号", "１２３号"),
        ("", ""),
    ],
)
def test_typed_text_is_kept_without_what_nobody_can_see(typed, kept):
    assert clean(typed) == kept


def test_every_radical_of_the_two_unicode_blocks_that_stands_for_an_ideograph_becomes_it():
    for code in [*range(0x2E80, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)]:
        if chr(code) not in "⺈⺟":  # two shapes without an ideograph of their own
            assert not 0x2E80 <= ord(clean(chr(code))[0]) <= 0x2FD5, hex(code)


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_leaves_nothing_invisible(text):
    kept = clean(text)
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert not [char for char in kept if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]


@given(st.text())
def test_a_line_has_no_breaks_and_no_double_spaces(text):
    line = clean_line(text)
    assert "\n" not in line
    assert "  " not in line


def test_full_width_digits_are_read():
    assert ascii_digits("２０２３年５月") == "2023年5月"


def test_long_texts_keep_all_but_their_line_ends_and_halves_of_characters():
    assert with_plain_line_ends("　　甲\r\n乙\u2028丙\u2029丁\x0b戊\r\n\n") == "　　甲\n乙\n丙\n丁\n戊\n\n"
    assert with_plain_line_ends("坏\ud83d字😀\u200b ⻛") == "坏字😀\u200b ⻛"
