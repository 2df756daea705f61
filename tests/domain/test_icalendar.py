"""Calendar files: every text comes back as it was, no line is too long, no character is cut in two."""

import re
from datetime import date, datetime

import pytest

from riskdesk import clock
from riskdesk.domain.icalendar import Event, calendar_file

AT = datetime(2024, 1, 1, 8, 30, tzinfo=clock.CHINA)


def told(text):
    data = calendar_file("日历", [Event("1@x", date(2024, 12, 31), "标题", text)], AT)
    whole = data.replace(b"\r\n ", b"").decode("utf-8")
    [found] = re.findall(r"^DESCRIPTION:(.*)\r$", whole.split("BEGIN:VALARM")[0], re.MULTILINE)
    return data, found


@pytest.mark.parametrize(
    ("text", "written"),
    [("a,b;c", "a\\,b\\;c"), ("反\\斜", "反\\\\斜"), ("一\n二", "一\\n二"), ("冒号:不变", "冒号:不变")],
)
def test_marks_with_a_meaning_are_escaped(text, written):
    assert told(text)[1] == written


@pytest.mark.parametrize("length", range(15, 90))
def test_lines_are_folded_between_characters(length):
    data, found = told("a" * (length % 4) + "字𬭎" * length)
    assert found == "a" * (length % 4) + "字𬭎" * length
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


def test_the_time_it_was_made_is_told_in_universal_time_and_a_day_ends_with_the_next():
    data = told("x")[0]
    assert b"DTSTAMP:20240101T003000Z\r\n" in data
    assert b"DTSTART;VALUE=DATE:20241231\r\nDTEND;VALUE=DATE:20250101\r\n" in data
