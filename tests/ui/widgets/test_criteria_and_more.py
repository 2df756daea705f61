"""Criteria, suggestions and the folded panel of optional fields."""

from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from ui.widgets.forms import RECORD

from riskdesk.domain.records import Enterprise, EnterpriseRole, Marking
from riskdesk.services.completion import Completion
from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.criteria_panel import CriteriaPanel
from riskdesk.ui.widgets.enterprise_table import EnterpriseTable
from riskdesk.ui.widgets.more_panel import MorePanel


@pytest.fixture
def criteria(app, qtbot):
    panel = CriteriaPanel(Reference().vocabulary, 24)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def more(app, qtbot, desk):
    panel = MorePanel(desk.reference, Completion(desk))
    qtbot.addWidget(panel)
    panel.show()
    return panel


def labels(widget):
    return [each.text() for each in widget.findChildren(QLabel) if not each.isHidden()]


def test_what_the_content_suggests_is_told_with_its_reason_and_ticked_only_by_its_button(criteria):
    criteria.follow(RECORD)
    assert [each.code for each in criteria.suggested] == ["I3"]
    assert any(text.startswith("建议勾选重要 3，因为内容提到“起火”") for text in labels(criteria))
    assert criteria.important.value() == ()
    next(each for each in criteria.findChildren(QPushButton) if each.text() == "勾选重要 3").click()
    assert criteria.important.value() == ("I3",)
    criteria.follow(RECORD.edited(important_codes=("I3",)))
    assert criteria.suggested == ()


def test_a_key_criterion_says_in_red_that_it_is_reported_at_once(criteria):
    criteria.follow(RECORD)
    assert not any("及时报送" in text for text in labels(criteria))
    criteria.follow(RECORD.edited(key_codes=("K1",)))
    [told] = [each for each in criteria.findChildren(QLabel) if "24 小时" in each.text()]
    assert told.isVisible()
    assert told.objectName() == "err"


def test_the_period_can_be_chosen_only_where_the_day_lies_in_two(more):
    more.follow(RECORD.edited(discovered_on=date(2023, 5, 18)))
    assert not more.blocks["period"].isVisible()
    more.ties["period"].editor.put("2023-05")
    more.follow(RECORD.edited(discovered_on=date(2023, 4, 26)))
    assert more.blocks["period"].isVisible()
    box = more.ties["period"].editor
    assert sorted(box.itemText(row) for row in range(box.count())) == ["2023-04", "2023-05"]
    assert box.value() == "2023-05"
    more.follow(RECORD.edited(discovered_on=date(1999, 1, 1)))
    assert box.value() == "2023-05"


def test_a_work_secret_is_told_to_need_encryption(more):
    more.follow(RECORD)
    assert any("不得录入国家秘密" in text for text in labels(more))
    more.follow(RECORD.edited(marking=Marking.WORK_SECRET))
    assert any("加密" in text for text in labels(more))


def test_enterprises_keep_what_the_table_does_not_show(app, qtbot, desk):
    table = EnterpriseTable(desk.reference)
    qtbot.addWidget(table)
    given = (
        Enterprise("某厂", "91140100MA0GTEST01", EnterpriseRole.PRODUCER, "140105", '{"new":1}'),
        Enterprise("某店", region_code="999999"),
    )
    table.put(given)
    assert table.value() == given
    table.table.item(0, 0).setText("  某某厂 ")
    table.table.item(1, 1).setText("９１14 0100ma0gtest0x")
    table.table.cellWidget(1, 2).setCurrentIndex(2)
    assert table.value()[0].name == "某某厂"
    assert table.value()[0].extra == '{"new":1}'
    assert table.value()[1] == Enterprise("某店", "91140100MA0GTEST0X", EnterpriseRole.SELLER, "999999")


def test_an_empty_row_of_the_table_says_nothing(app, qtbot, desk):
    table = EnterpriseTable(desk.reference)
    qtbot.addWidget(table)
    table.add.click()
    assert table.value() == ()
    table.table.item(0, 0).setText("某厂")
    table.table.item(0, 3).setText("太原市小店区")
    assert table.value() == (Enterprise("某厂", region_code="140105"),)
    table.remove.click()
    assert table.value() == ()
    assert not table.remove.isEnabled()
