"""The page 关于: the self-test of Chinese input, and what support wants to know."""

import getpass

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from ui.widgets.forms import commit

from riskdesk import __version__
from riskdesk.ui.input_methods import Route
from riskdesk.ui.pages.about import AboutPage


@pytest.fixture
def opened(app, desk, qtbot):
    """Open the page as with one way of input."""

    def open_page(route=Route.SYSTEM):
        page = AboutPage(desk, route)
        qtbot.addWidget(page)
        page.resize(1000, 700)
        page.show()
        return page

    return open_page


def button_of(page, name):
    return next(each for each in page.findChildren(QPushButton) if each.accessibleName() == name)


def test_the_self_test_says_that_chinese_arrived(opened):
    page = opened()
    page.trial.setFocus()
    commit(page.trial, "汉字")
    assert page._result.text() == "中文输入正常。"


def test_the_self_test_says_that_only_letters_arrived(opened, qtbot):
    page = opened()
    qtbot.keyClicks(page.trial, "hanzi")
    assert page._result.text() == "还没有收到汉字。"
    page.trial.clear()
    assert page._result.text() == ""


def test_the_route_is_told_and_without_one_what_to_do(opened, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    texts = [each.text() for each in opened(Route.FCITX4).findChildren(QLabel)]
    assert "当前输入方式：fcitx4（经 D-Bus）" in texts
    assert not any("安装并启动" in text for text in texts)
    assert any("安装并启动" in each.text() for each in opened(Route.NONE).findChildren(QLabel))


def test_what_is_copied_for_support_names_versions_and_nothing_personal(opened, desk):
    page = opened(Route.FCITX5)
    button_of(page, "复制环境信息").click()
    copied = QGuiApplication.clipboard().text()
    assert f"riskdesk {__version__}" in copied
    assert "输入法 fcitx5" in copied
    for personal in (desk.office.name, desk.office.person, desk.office.phone, str(desk.home), f"/{getpass.getuser()}"):
        assert personal not in copied


def test_the_training_mode_is_asked_for(opened, qtbot):
    page = opened()
    with qtbot.waitSignal(page.training_wanted):
        button_of(page, "打开训练模式").click()


def test_the_data_folder_stands_there_to_be_copied(opened, desk):
    [place] = [each for each in opened().findChildren(QLabel) if each.text() == str(desk.home)]
    assert place.textInteractionFlags() & place.textInteractionFlags().TextSelectableByMouse


@pytest.mark.parametrize("key", ["F8", "F9", "Enter（导出窗口中）"])
def test_the_keys_that_people_ask_for_stand_in_the_table(opened, key):
    assert f"<b>{key}</b>" in [each.text() for each in opened().findChildren(QLabel)]
