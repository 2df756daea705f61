"""The passphrase is kept for the session, and forgotten when nobody needs it for a while."""

import pytest

from riskdesk.ui.widgets.held_passphrase import HeldPassphrase


@pytest.fixture
def held(app):
    return HeldPassphrase()


def test_what_was_typed_is_known_until_it_is_forgotten(held):
    assert held.text() == ""
    held.keep("苹果 河流")
    assert held.text() == "苹果 河流"
    held.forget()
    assert held.text() == ""


def test_it_is_forgotten_after_a_quarter_of_an_hour_without_use(held):
    held.keep("苹果 河流")
    assert held._idle.isActive()
    assert held._idle.interval() == 15 * 60 * 1000
    held._idle.timeout.emit()
    assert held.text() == ""
