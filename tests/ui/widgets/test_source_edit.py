"""信息来源: ticks, detail, and texts that came from elsewhere."""

import pytest
from ui.widgets.forms import click

from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.source_edit import SourceEdit

STANDARD = "消费者投诉、举报的"
DAILY = "市场监管部门日常监管中发现的"


@pytest.fixture
def sources(app, qtbot):
    edit = SourceEdit(Reference().vocabulary)
    qtbot.addWidget(edit)
    edit.show()
    return edit


def test_ticks_are_printed_in_the_words_and_the_order_of_the_notice(sources):
    sources.ticks.tick("S3")
    sources.ticks.tick("S2")
    assert sources.value() == (f"{STANDARD}；{DAILY}", ("S2", "S3"))


def test_the_detail_follows_the_standard_words_and_comes_back_when_opened_again(sources):
    sources.ticks.tick("S2")
    sources.detail.setText("12315工单0023")
    text, codes = sources.value()
    assert text == f"{STANDARD}；12315工单0023"
    sources.put((text, codes))
    assert sources.detail.text() == "12315工单0023"
    assert sources.value() == (text, codes)
    assert not sources.kept.isVisible()


def test_an_imported_text_is_kept_until_the_ticks_change_and_comes_back_with_them(sources):
    sources.put(("12315平台转来；日常巡查", ("S2", "S3")))
    assert sources.value() == ("12315平台转来；日常巡查", ("S2", "S3"))
    assert "12315平台转来；日常巡查" in sources.kept.text()
    sources.ticks.boxes["S3"].click()
    assert sources.value() == (STANDARD, ("S2",))
    sources.ticks.boxes["S3"].click()
    assert sources.value() == ("12315平台转来；日常巡查", ("S2", "S3"))


def test_an_imported_text_can_become_the_detail_of_the_standard_words(sources):
    sources.put(("某平台", ()))
    sources.ticks.tick("S6")
    assert sources.as_detail.isVisible()
    click(sources.as_detail)
    assert sources.value() == ("网络及媒体报道的；某平台", ("S6",))
    assert not sources.as_detail.isVisible()


def test_a_detail_added_to_an_imported_text_keeps_that_text(sources):
    sources.put(("12315平台转来", ("S2",)))
    sources.detail.setText("工单0023")
    assert sources.value() == ("12315平台转来；工单0023", ("S2",))


def test_codes_of_a_newer_version_are_kept(sources):
    sources.put((f"{STANDARD}", ("S2", "S10")))
    assert sources.value() == (STANDARD, ("S2", "S10"))
