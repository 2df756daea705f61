"""The look: contrast, sizes in points, changes at run time, and no text that is cut off."""

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import asdict
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QStyle,
    QStyleOptionSpinBox,
    QTableView,
    QTimeEdit,
    QToolButton,
    QWidget,
)
from ui.screens import DIALOGS, PAGES, Stage, furnish, opened_dialog, opened_window, show_page

from riskdesk.paths import resource
from riskdesk.ui import theme
from riskdesk.ui.widgets.filter_bar import FilterBar
from riskdesk.ui.widgets.navigation import Navigation
from riskdesk.ui.widgets.parts import button

TEXT, BORDER = 4.5, 3.0  # WCAG 2.1, 1.4.3 and 1.4.11
GROUNDS = ("bg", "surface", "surface2", "side", "alt", "sel")
ON_ITS_OWN = (("red", "red_bg"), ("amber", "amber_bg"), ("green", "green_bg"), ("accent", "accent_bg"))
WRITTEN = (
    *product(("text", "muted"), GROUNDS), *product(("faint",), ("bg", "surface", "surface2", "side", "alt")),
    *product(("accent", "red", "amber", "green"), ("bg", "surface", "surface2", "alt")), *ON_ITS_OWN,
    ("on_accent", "accent"), ("on_accent", "accent_h"), ("text", "line"),
)  # fmt: skip
DRAWN = (
    *product(("line2", "accent", "red", "amber"), ("bg", "surface", "surface2")), ("accent", "sel"),
    ("red", "red_bg"), ("amber", "amber_bg"), ("accent", "accent_bg"),
)  # fmt: skip
ENDING = """
import re
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from riskdesk.ui import theme
app = QApplication(["x"])
theme.apply(app, "light", 10.5)
print(re.search(r"url\\(([^)]+)\\)", app.styleSheet())[1])
QTimer.singleShot(0, app.quit)
app.exec()
"""
SCREENS = ((1366, 768, 10.5), (1600, 960, 14.0))


def luminance(colour):
    parts = (part / 255 for part in QColor(colour).getRgb()[:3])
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def poor(tokens, pairs, least):
    found = ((a, b, contrast(getattr(tokens, a), getattr(tokens, b))) for a, b in pairs)
    return [f"{a} on {b}: {ratio:.2f}" for a, b, ratio in found if ratio < least]


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_all_text_can_be_read_on_its_ground(tokens):
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the function itself, by a known value
    assert poor(tokens, WRITTEN, TEXT) == []


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_borders_of_controls_stand_out_from_their_ground(tokens):
    assert poor(tokens, DRAWN, BORDER) == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_style_sheet_is_filled_in_and_its_fonts_are_in_points(qapp, look):
    theme.apply(qapp, look, 12)
    sheet = re.sub(r"/\*.*?\*/", "", qapp.styleSheet(), flags=re.DOTALL)
    assert re.findall(r"@\w+@", sheet) == []
    assert re.findall(r"font(?:-size)?:[^;}]*\dpx", sheet) == []
    assert set(re.findall(r"font-size:([\d.]+)pt", sheet)) >= {"12", "10.8"}


def test_every_picture_that_the_style_sheet_names_exists(app):
    named = re.findall(r"url\(([^)]+)\)", app.styleSheet())
    assert named
    assert [name for name in named if not Path(name).is_file()] == []


@pytest.mark.skipif(os.name == "nt", reason="the temporary folder of Windows is the user's own")
def test_the_pictures_lie_where_no_other_user_can_put_or_change_anything(app):
    folders = {Path(name).parents[1] for name in re.findall(r"url\(([^)]+)\)", app.styleSheet())}
    theme.apply(app, "dark", 12)
    assert {Path(name).parents[1] for name in re.findall(r"url\(([^)]+)\)", app.styleSheet())} == folders
    [folder] = folders
    assert folder.stat().st_mode & 0o077 == 0
    assert folder.stat().st_uid == os.getuid()


def test_the_pictures_go_away_with_the_program():
    ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip()
    assert not Path(ended.stdout.strip()).exists()


def test_every_icon_that_a_widget_asks_for_is_shipped():
    sources = "".join(path.read_text("utf-8") for path in (resource(".").parent / "riskdesk" / "ui").rglob("*.py"))
    names = set(re.findall(r'icon="(\w+)"', sources)) | set(re.findall(r'\bicon\("(\w+)"', sources))
    assert "add" in names
    assert [name for name in names if not resource(f"icons/{name}.svg").is_file()] == []


def ink(icon, mode=QIcon.Mode.Normal):
    """The token whose colour an icon is painted in: its strongest pixel, as edges are blended."""
    image = icon.pixmap(QSize(40, 40), mode).toImage()
    seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    strongest = max(seen, key=QColor.alpha)
    tokens = {
        name: colour
        for name, colour in asdict(theme.current()).items()
        if name in ("text", "on_accent", "accent", "faint")
    }
    return min(tokens, key=lambda name: far(QColor(tokens[name]), strongest))


def far(one, other):
    return sum(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))


def test_icons_follow_the_theme_at_run_time(app, qtbot):
    plain, primary, quiet = (button("x", icon="add", kind=kind) for kind in ("", "primary", "quiet"))
    for each in (plain, primary, quiet):
        qtbot.addWidget(each)
    buttons, wanted = (plain, primary, quiet), ["text", "on_accent", "accent"]
    assert [ink(each.icon()) for each in buttons] == wanted
    theme.apply(app, "dark", 10.5)
    assert [ink(each.icon()) for each in buttons] == wanted
    assert theme.current() is theme.DARK


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_icon_of_a_disabled_button_is_seen_whatever_its_kind(app, qtbot, look):
    theme.apply(app, look, 10.5)
    for kind in ("", "primary", "quiet"):
        made = button("x", icon="add", kind=kind)
        qtbot.addWidget(made)
        assert ink(made.icon(), QIcon.Mode.Disabled) == "faint"


def test_the_glass_in_the_search_line_follows_the_theme_too(app, desk, qtbot):
    bar = FilterBar(desk, desk.reference.periods.period("2023-05"))
    qtbot.addWidget(bar)
    bar.show()
    theme.apply(app, "dark", 10.5)
    qtbot.waitUntil(lambda: ink(bar.search.actions()[0].icon()) == "text")


def test_a_larger_font_makes_room_for_itself_at_run_time(app, qtbot):
    side = Navigation("风险监控填报", "产品质量安全")
    side.add("workbench", "工作台", "home")
    qtbot.addWidget(side)
    side.show()
    before = side.width()
    theme.apply(app, "light", 14)
    qtbot.waitUntil(lambda: side.width() > before)


@pytest.mark.parametrize("points", [10.5, 14.0])
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("kind", [QSpinBox, QDoubleSpinBox, QTimeEdit])
def test_spin_boxes_have_arrows_that_can_be_seen_and_pressed(app, qtbot, look, points, kind):
    theme.apply(app, look, points)
    box = kind()
    qtbot.addWidget(box)
    if kind is QTimeEdit:
        box.setTime(QTime(12, 30))
    else:
        box.setValue(5)
    box.show()
    box.lineEdit().deselect()
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    image = box.grab().toImage()
    for part in (QStyle.SubControl.SC_SpinBoxUp, QStyle.SubControl.SC_SpinBoxDown):
        place = box.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, box)
        assert place.width() >= points
        assert place.height() >= points
        assert box.rect().contains(place)
        seen = {image.pixelColor(x, y).name() for x in range(*_across(place)) for y in range(*_down(place))}
        assert max(contrast(each, theme.current().surface) for each in seen) > BORDER
        assert not place.intersects(box.lineEdit().geometry())
    before = box.text()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=place.center())
    assert box.text() != before
    assert box.lineEdit().width() >= box.fontMetrics().horizontalAdvance(box.text()) + 4


def _across(place):
    return place.left() + 1, place.right()


def _down(place):
    return place.top() + 1, place.bottom()


@pytest.mark.parametrize("screen", SCREENS, ids=["1366x768", "1600x960"])
def test_the_search_line_has_room_for_what_it_says(app, stage, screen):
    width, height, points = screen
    theme.apply(app, "light", points)
    window = opened_window(stage, width, height)
    window.show_page("records")
    search = window.records.filters.search
    icons_beside = 3 * search.fontMetrics().height()
    needed = search.fontMetrics().horizontalAdvance(search.placeholderText()) + icons_beside
    stage.qtbot.waitUntil(lambda: search.width() >= needed)


def test_sizes_out_of_reason_are_brought_back_into_it(app):
    theme.apply(app, "light", 200)
    assert app.font().pointSizeF() == theme.LARGEST
    theme.apply(app, "light", 1)
    assert app.font().pointSizeF() == theme.SMALLEST


def test_system_means_light_or_dark_as_the_desktop_says(app):
    assert theme.is_dark("dark")
    assert not theme.is_dark("light")
    assert isinstance(theme.is_dark("system"), bool)


@pytest.mark.parametrize("kind", [QTableView, QPlainTextEdit, QPushButton])
def test_any_widget_can_be_polished_again(app, qtbot, kind):
    widget = kind()
    qtbot.addWidget(widget)
    theme.repolish(widget)


def cut_off(root):
    """The texts below a widget that have less room than they need, once it is laid out."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    found = []
    for each in root.findChildren(QWidget):
        if not isinstance(each, QLabel | QPushButton | QCheckBox | QRadioButton | QToolButton) or not each.isVisible():
            continue
        if not each.text() or isinstance(each.parent(), QLineEdit):  # the pictures inside a line edit have no text
            continue
        if isinstance(each, QLabel) and each.wordWrap():
            needed, has = each.heightForWidth(each.width()), each.height()
        else:
            needed, has = each.sizeHint().width(), each.width()
        if needed > has + 2:
            found.append(f"{type(each).__name__} {each.text()!r} needs {needed} has {has}")
        elif each.sizeHint().height() > each.height() + 2 and not (isinstance(each, QLabel) and each.wordWrap()):
            found.append(
                f"{type(each).__name__} {each.text()!r} is {each.height()} high, {each.sizeHint().height()} wanted"
            )
    return found


def too_wide(root):
    """The parts of a page that can be seen only by scrolling sideways."""
    areas = [each for each in root.findChildren(QScrollArea) if each.isVisible() and each.widgetResizable()]
    return [type(each.widget()).__name__ for each in areas if each.horizontalScrollBar().maximum() > 0]


class Rounds(QObject):
    """Says when the layouts that were asked for have been made: they come before a timer that starts now."""

    over = Signal()

    def __init__(self, parent):
        super().__init__(parent)
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, self.over.emit))


@pytest.fixture
def stage(app, desk, jobs, qtbot, tmp_path):
    yield Stage(desk, jobs, qtbot, tmp_path)
    theme.apply(app, "light", 10.5)


def looked_at(stage, window, record):
    """What is cut off on each page."""
    found = {}
    for name in PAGES:
        page = show_page(window, name, record)
        with stage.qtbot.waitSignal(Rounds(page).over):
            pass
        with contextlib.suppress(stage.qtbot.TimeoutError):  # nested layouts take a few more rounds
            stage.qtbot.waitUntil(lambda: not cut_off(window) + too_wide(window), timeout=2000)
        found[name] = cut_off(window) + too_wide(window)
    return {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize("screen", SCREENS, ids=["1366x768", "1600x960"])
def test_no_text_of_any_page_is_cut_off(app, stage, screen):
    width, height, points = screen
    theme.apply(app, "light", points)
    record = furnish(stage.desk, stage.folder)
    window = opened_window(stage, width, height)
    assert looked_at(stage, window, record) == {}
    assert (window.width(), window.height()) == (width, height)


def test_no_text_is_cut_off_when_the_font_grows_while_the_window_is_open(app, stage):
    record = furnish(stage.desk, stage.folder)
    window = opened_window(stage, 1600, 960)
    assert looked_at(stage, window, record) == {}
    theme.apply(app, "light", 14)
    assert looked_at(stage, window, record) == {}


@pytest.mark.parametrize("points", [10.5, 14.0])
@pytest.mark.parametrize("name", DIALOGS)
def test_no_text_of_any_dialog_is_cut_off(app, stage, name, points):
    theme.apply(app, "light", points)
    dialog = opened_dialog(stage, name, furnish(stage.desk, stage.folder))
    assert cut_off(dialog) == []
