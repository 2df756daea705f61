"""Dates, numbers and words as people type them."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from riskdesk.ui.widgets.typed_edits import DateEdit, IntegerEdit, WordsEdit, read_day

TODAY = date(2023, 5, 25)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5.20", date(2023, 5, 20)),
        ("5月20日", date(2023, 5, 20)),
        ("５/２０", date(2023, 5, 20)),
        ("2023年5月20日", date(2023, 5, 20)),
        ("2023-5-20", date(2023, 5, 20)),
        ("12.31", date(2022, 12, 31)),  # what is reported has happened
        ("2.29", date(2020, 2, 29)),
        ("5.32", None),
        ("5月", None),
        ("上周", None),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(typed, day):
    assert read_day(typed, TODAY) == day


def test_ctrl_d_writes_today_and_ctrl_z_takes_it_back(app, qtbot):
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.setText("5.20")
    QTest.keyClick(edit, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert (edit.text(), edit.value()) == ("2023年5月25日", TODAY)
    edit.undo()
    assert edit.text() == "5.20"


def test_a_number_is_a_number_or_nothing_but_never_zero_by_itself(app, qtbot):
    edit = IntegerEdit()
    qtbot.addWidget(edit)
    assert (edit.value(), edit.unread(), edit.placeholderText()) == (None, "", "未填")
    for typed, number in (("3", 3), ("３人", 3), ("十二批次", 12), ("0", 0), ("1,200", 1200), ("-1", -1)):
        edit.setText(typed)
        assert (edit.value(), edit.unread()) == (number, "")
    edit.setText("几个")
    assert edit.value() is None
    assert "不是整数" in edit.unread()


def test_words_are_parted_by_any_usual_mark(app, qtbot):
    edit = WordsEdit()
    qtbot.addWidget(edit)
    edit.setText("过充、 跌落，标识;；")
    assert edit.value() == ("过充", "跌落", "标识")
    edit.put(("过充", "跌落"))
    assert edit.text() == "过充、跌落"
