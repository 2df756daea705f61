"""Every page and dialog can be used by keyboard alone and is told by a screen reader."""

from collections import defaultdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox, QLabel, QRadioButton, QTabBar, QWidget
from ui.screens import DIALOGS, PAGES, Stage, furnish, opened_dialog, opened_window, show_page

_MOST = 300  # presses of Tab before it is said never to come back


@pytest.fixture
def stage(app, desk, jobs, qtbot, tmp_path):
    return Stage(desk, jobs, qtbot, tmp_path)


@pytest.fixture(params=[*PAGES, *DIALOGS])
def screen(request, stage):
    """A window or dialog of the program, on real data."""
    record = furnish(stage.desk, stage.folder)
    if request.param in DIALOGS:
        yield opened_dialog(stage, request.param, record)
        return
    window = opened_window(stage)
    show_page(window, request.param, record)
    yield window


def visible(screen):
    return [each for each in screen.findChildren(QWidget) if each.isVisible() and each.window() is screen]


def focusable(screen):
    """What the keyboard or a click gives the focus to."""
    return [
        each
        for each in visible(screen)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus and each.isEnabled() and each.focusProxy() is None
    ]


def told(widget):
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r}"


def spoken(widget):
    """What a screen reader says of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def mnemonic(widget):
    """The letter that chooses a widget together with Alt, if it has one."""
    if isinstance(widget, QLabel):
        text = widget.text() if widget.buddy() is not None else ""
    elif isinstance(widget, QAbstractButton):
        text = widget.text()
    else:
        text = widget.title() if isinstance(widget, QGroupBox) else ""
    return QKeySequence.mnemonic(text).toString()


def by_arrow(widget):
    """The other choices of a group are reached by arrow keys from the one that is chosen."""
    return isinstance(widget, QRadioButton) and not widget.isChecked() and widget.group().checkedButton() is not None


def test_a_screen_reader_has_a_name_for_whatever_can_have_the_focus(screen):
    assert [told(each) for each in focusable(screen) if not spoken(each)] == []


def test_tab_reaches_everything_and_comes_back(screen):
    wanted = {each for each in focusable(screen) if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not by_arrow(each)}
    first = next(each for each in focusable(screen) if each in wanted)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is first
    reached = []
    while len(reached) < _MOST:
        reached.append(QApplication.focusWidget())
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            break
    assert QApplication.focusWidget() is first, f"caught at {told(reached[-1])}"
    assert [told(each) for each in wanted - set(reached)] == []


def test_a_button_that_cannot_be_pressed_says_why(screen):
    silent = [
        told(each)
        for each in visible(screen)
        if isinstance(each, QAbstractButton)
        and not each.isEnabled()
        and not each.objectName().startswith("qt_")
        and not each.toolTip()
    ]
    assert silent == []


def test_no_two_accelerators_collide(screen):
    """Those of a part that is hidden now count as well, where what it lies in is shown: it may appear."""
    letters = defaultdict(list)
    for each in screen.findChildren(QWidget):
        above = each.parentWidget()
        if each.window() is screen and above is not None and above.isVisible() and (letter := mnemonic(each)):
            letters[letter].append(each)
        if isinstance(each, QTabBar) and each.isVisible():
            for number in range(each.count()):
                assert not QKeySequence.mnemonic(each.tabText(number)).toString()
    assert {letter: [each.text() for each in those] for letter, those in letters.items() if len(those) > 1} == {}
