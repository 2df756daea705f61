"""Making the keys: the passphrase twice, and the recovery sheet before the dialog closes."""

import pytest
from ui.hand_over_screens import bench_of
from ui.widgets.forms import click

from riskdesk.services import keyring
from riskdesk.ui.dialogs import make_keys
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog

WORDS = "苹果 河流 订书钉 云"


@pytest.fixture
def dialog(window, desk, jobs, told):
    window.show()
    dialog = MakeKeysDialog(bench_of(desk, jobs), lambda: told.append("made"), window)
    dialog.open()
    return dialog


def typed(dialog, first, again):
    dialog.first.setText(first)
    dialog.again.setText(again)
    click(dialog._make)


def test_two_different_passphrases_make_no_keys(dialog, desk):
    typed(dialog, WORDS, WORDS + "。")
    assert "不一样" in dialog._trouble.text()
    assert not keyring.has_keys(desk)


def test_an_easy_passphrase_is_refused_with_what_to_do(dialog, ended, desk):
    typed(dialog, "1111", "1111")
    ended()
    assert "口令太短" in dialog._trouble.text()
    assert not keyring.has_keys(desk)


def test_the_dialog_closes_only_with_the_sheet_saved(dialog, ended, told, tmp_path, monkeypatch):
    desk = dialog._desk
    typed(dialog, WORDS, WORDS)
    ended()
    assert keyring.has_keys(desk)
    assert dialog._fingerprint.text() == keyring.state(desk).fingerprint
    dialog.reject()
    assert dialog.isVisible()
    assert "恢复单" in dialog._trouble.text()
    monkeypatch.setattr(make_keys, "ask_for_folder", lambda *_given: tmp_path)
    click(dialog._save)
    assert [path.suffix for path in tmp_path.glob("密钥恢复单*")] == [".pdf"]
    click(dialog._finish)
    assert not dialog.isVisible()
    assert told == ["made"]
    assert dialog._bench.held.text() == WORDS


def test_the_sheet_can_be_given_up_on_purpose_with_a_warning(dialog, ended, told):
    typed(dialog, WORDS, WORDS)
    ended()
    assert not dialog._finish.isEnabled()
    dialog.skipped.setChecked(True)
    assert "再也打不开" in dialog._warning.text()
    click(dialog._finish)
    assert told == ["made"]


def test_it_can_be_put_off(dialog, desk, told):
    click(dialog._later)
    assert not dialog.isVisible()
    assert not keyring.has_keys(desk)
    assert told == []
