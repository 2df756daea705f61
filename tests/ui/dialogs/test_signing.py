"""签名人: where several people may sign, the dialogs ask who, stand on whoever did last, and that one signs."""

import pytest
from ui.hand_over_screens import bench_of
from ui.hierarchy import PASSPHRASE, PERIOD, reported, taken
from ui.widgets.forms import RECORD

from riskdesk.services import entry, handed, keyring, operators, taking
from riskdesk.services.signers import last_signer
from riskdesk.ui.dialogs import receive
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.receive import Arrived, ReceiveDialog
from riskdesk.ui.dialogs.signers import DistributeDialog
from riskdesk.ui.dialogs.submit import SubmitDialog

OTHER = "王五"


@pytest.fixture
def open_dialog(window, jobs, pair, told):
    window.show()

    def show(desk, make):
        bench = bench_of(desk, jobs)
        bench.held.keep(PASSPHRASE)
        dialog = make(bench)
        dialog.target.line.setText(str(pair.way / "写出"))
        dialog.open()
        return dialog

    return show


def submit(told, window):
    return lambda bench: SubmitDialog(bench, PERIOD, lambda: told.append("handed"), window)


def answer(pair, told, window):
    return lambda bench: AnswerDialog(bench, handed.came(pair.county)[0], lambda: told.append("answered"), window)


def add_signer(desk, person):
    operators.add_operator(desk, keyring.unlock(desk, PASSPHRASE), PASSPHRASE, person)


def who_signed(desk, file):
    [seen] = taking.look_at(desk, [file], keyring.unlock(desk, PASSPHRASE)).packages
    return seen.verdict.person


def test_with_one_person_nobody_is_asked(open_dialog, pair, told, window):
    dialog = open_dialog(pair.suo, submit(told, window))
    assert not dialog.signer.isVisible()
    assert not dialog.signer.label.isVisible()
    assert dialog.wish().person == "李四"


def test_a_report_is_signed_by_whom_was_chosen_and_the_choice_is_kept(open_dialog, ended, pair, told, window):
    add_signer(pair.suo, OTHER)
    entry.save(pair.suo, RECORD)
    dialog = open_dialog(pair.suo, submit(told, window))
    assert dialog.signer.isVisible()
    assert (dialog.signer.accessibleName(), dialog.signer.person()) == ("签名人", "李四")
    assert dialog.signer.label.buddy() is dialog.signer
    dialog.signer.setCurrentText(OTHER)
    dialog._submit.click()
    ended()
    assert told == ["handed"], dialog._trouble.text()
    [package] = (pair.way / "写出").glob("*.rdpkg*")
    assert who_signed(pair.county, package) == OTHER
    assert last_signer(pair.suo) == OTHER
    assert open_dialog(pair.suo, submit(told, window)).signer.person() == OTHER


def test_one_whose_certificate_has_expired_stands_in_the_way_until_another_is_chosen(
    open_dialog, pair, told, window, monkeypatch
):
    monkeypatch.setenv("RISKDESK_NOW", "2026-03-25T09:00:00")
    add_signer(pair.suo, OTHER)
    monkeypatch.setenv("RISKDESK_NOW", "2026-09-25T09:00:00")
    entry.save(pair.suo, RECORD)
    dialog = open_dialog(pair.suo, submit(told, window))
    assert not dialog._submit.isEnabled()
    dialog.signer.setCurrentText(OTHER)
    assert dialog._submit.isEnabled()


def test_a_receipt_is_signed_by_whom_was_chosen(open_dialog, ended, pair, told, window):
    add_signer(pair.county, OTHER)
    _, files = reported(pair)
    taken(pair, files)
    dialog = open_dialog(pair.county, answer(pair, told, window))
    assert dialog.signer.isVisible()
    dialog.signer.setCurrentText(OTHER)
    dialog._write.click()
    ended()
    assert told == ["answered"], dialog._trouble.text()
    [receipt] = (pair.way / "写出").iterdir()
    assert who_signed(pair.suo, receipt) == OTHER


@pytest.fixture
def first_expired(pair, monkeypatch):
    """Let the first signer of the county expire, and another one hold."""

    def expire():
        monkeypatch.setenv("RISKDESK_NOW", "2026-03-25T09:00:00")
        add_signer(pair.county, OTHER)
        monkeypatch.setenv("RISKDESK_NOW", "2026-09-25T09:00:00")

    return expire


def test_a_trust_update_is_signed_by_the_first_whose_certificate_holds(open_dialog, ended, pair, window, first_expired):
    first_expired()
    dialog = open_dialog(pair.county, lambda bench: DistributeDialog(bench, lambda _told: None, window))
    dialog.accept()
    ended()
    [update] = (pair.way / "写出").iterdir()
    assert who_signed(pair.suo, update) == OTHER


@pytest.fixture
def receiving(pair, jobs, window, monkeypatch):
    """A report that came to the county; receipts go into a folder of its own."""
    _, files = reported(pair)
    seen = taking.look_at(pair.county, files[:1], keyring.unlock(pair.county, PASSPHRASE))
    monkeypatch.setattr(receive, "ask_for_folder", lambda *_: pair.way / "回执")
    window.show()
    arrived = Arrived(tuple(files[:1]), seen, PASSPHRASE)
    dialog = ReceiveDialog(bench_of(pair.county, jobs), arrived, lambda: None, window)
    dialog.open()
    return dialog


def test_receipts_for_what_was_taken_are_signed_by_one_whose_certificate_holds(receiving, ended, pair, first_expired):
    receiving._take.click()
    ended()
    first_expired()
    receiving._bench.held.keep(PASSPHRASE)
    receiving._answer.click()
    ended()
    [receipt] = (pair.way / "回执").iterdir()
    assert who_signed(pair.suo, receipt) == OTHER
