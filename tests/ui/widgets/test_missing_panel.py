"""谁没报: nil, late, returned and missing told apart, and nothing where nobody is expected."""

import pytest

from riskdesk.domain.handoff import Completeness, Expectation, ReportState
from riskdesk.ui.widgets.missing_panel import MissingPanel


@pytest.fixture
def panel(app, qtbot):
    panel = MissingPanel()
    qtbot.addWidget(panel)
    return panel


def offices(*states):
    return tuple(
        Expectation(f"140105-S{at:02}", f"第{at}所", state, late) for at, (state, late) in enumerate(states, 1)
    )


def test_every_state_is_counted_and_the_missing_are_named(panel):
    found = offices(
        (ReportState.RECEIVED, False),
        (ReportState.RECEIVED, True),
        (ReportState.NIL, False),
        (ReportState.RETURNED, False),
        (ReportState.MISSING, False),
    )
    panel.show_completeness(Completeness("2023-05", found))
    assert panel._rate.text() == "4 / 5 已到　80%"
    assert panel._counts.text() == "已报 4（其中零报告 1、迟报 1、退回 1），未报 1。"
    assert panel._missing.text() == "未报：第5所"
    assert panel._returned.text() == "退回待补正：第4所"
    assert panel._letters.isEnabled()


def test_many_missing_offices_are_cut_short_and_told_in_full_by_the_tip(panel):
    panel.show_completeness(Completeness("2023-05", offices(*[(ReportState.MISSING, False)] * 15)))
    assert panel._missing.text().endswith("第12所等 15 个")
    assert "第15所" in panel._missing.toolTip()


def test_with_all_there_nobody_is_urged(panel):
    panel.show_completeness(Completeness("2023-05", offices((ReportState.NIL, False))))
    assert not panel._letters.isEnabled()
    assert panel._letters.toolTip() == "都已报送，不用催报"
    assert not panel._missing.isVisibleTo(panel)


def test_where_nobody_is_expected_there_is_no_card(panel):
    panel.show()
    panel.show_completeness(Completeness("2023-05", ()))
    assert not panel.isVisible()
