"""A list of ticks with long wordings, for keyboard, mouse and screen reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from ui.widgets.forms import click, press

from riskdesk.ui.widgets.tick_list import TickList, Wording

LONG = "影响范围大，可能造成巨大经济损失、影响产业发展安全、危及经济社会发展安全或社会安定的产品质量安全问题"


@pytest.fixture
def window(app, qtbot):
    window = QWidget()
    window.ticks = TickList([("A", "其一"), ("B", LONG), ("C", "A&B")])
    window.after = QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(window.ticks)
    layout.addWidget(window.after)
    qtbot.addWidget(window)
    window.resize(300, 300)
    window.show()
    window.activateWindow()
    window.ticks.target.setFocus()
    return window


def test_digits_tick_and_untick_and_move_the_focus(window):
    press(window, Qt.Key.Key_2)
    assert window.ticks.value() == ("B",)
    assert window.ticks.boxes["B"].hasFocus()
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_9)
    assert window.ticks.value() == ()


def test_arrows_move_and_space_ticks(window):
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Space)
    assert window.ticks.value() == ("B",)
    press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Up)
    assert window.ticks.boxes["C"].hasFocus()


def test_tab_leaves_the_list_from_wherever_it_is_and_comes_back_there(window):
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Tab)
    assert window.after.hasFocus()
    press(window, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.ticks.boxes["B"].hasFocus()


def test_a_click_on_the_wording_ticks(window):
    wording = window.findChildren(Wording)[1]
    click(wording)
    assert window.ticks.value() == ("B",)


def test_long_wordings_wrap_and_are_read_out_in_full(window):
    wording = window.findChildren(Wording)[1]
    assert wording.width() < window.width()
    assert wording.height() > 2 * wording.fontMetrics().lineSpacing()
    assert window.ticks.boxes["B"].accessibleName() == f"2 {LONG}"
    assert window.ticks.boxes["C"].accessibleName() == "3 A&B"
