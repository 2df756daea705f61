"""What was handed on and what came: who owes an answer, what came back and why, and what the steps of a period say."""

import pytest
from ui.hierarchy import PASSPHRASE, PERIOD, answered, handed_over, pair_in, reported, taken, took_answer
from ui.widgets.forms import RECORD

from riskdesk.domain.handoff import HandedState, ReportState
from riskdesk.services import entry, exporting, handed, keyring, sealing, undoing
from riskdesk.services.exporting import Format
from riskdesk.services.reminders import reminders
from riskdesk.services.sealing import Wish
from riskdesk.services.workbench import workbench

HELMET = RECORD.edited(product="电动自行车头盔", content="抽检3批次，1批次冲击吸收性能不合格。")


@pytest.fixture
def pair(tmp_path):
    pair = pair_in(tmp_path)
    yield pair
    pair.close()


def titles(desk):
    return [each.title for each in reminders(desk, workbench(desk))]


def steps(desk):
    return {step.title: step.done for step in workbench(desk).steps}


def test_a_report_waits_for_the_answer_of_every_receiver_and_is_reminded_of(pair, monkeypatch):
    package, _ = reported(pair)
    [sent] = handed.sent(pair.suo)
    assert (sent.package.id, sent.waiting, sent.days) == (package.id, ("太原市小店区市场监督管理局",), 0)
    assert sent.counts == {HandedState.SENT: 1}
    assert steps(pair.suo) == {"录入": True, "校核": True, "封存": True, "送出": True, "回执": False}
    assert "没有收到回执" not in titles(pair.suo)
    monkeypatch.setenv("RISKDESK_NOW", "2023-06-02T09:00:00")
    assert handed.sent(pair.suo)[0].days == 8
    assert "没有收到回执" in titles(pair.suo)


def test_what_is_only_sealed_was_not_handed_on(pair):
    entry.save(pair.suo, RECORD)
    keys = keyring.unlock(pair.suo, PASSPHRASE)
    sealing.seal(pair.suo, keys, Wish(PERIOD))
    [sent] = handed.sent(pair.suo)
    assert (sent.handed_at, sent.waiting) == ("", ())
    assert steps(pair.suo) == {"录入": True, "校核": True, "封存": True, "送出": False, "回执": False}


def test_an_answer_ends_the_waiting_and_says_what_became_of_each_record(pair, monkeypatch):
    package, files = reported(pair, RECORD, HELMET)
    taken(pair, files)
    back = next(
        each for each in handed.records_of(pair.county, package_at(pair)) if each.record.product == HELMET.product
    )
    took_answer(pair, answered(pair, package, {back.object_id: "请补充检验报告"}))
    [sent] = handed.sent(pair.suo)
    assert sent.counts == {HandedState.RECEIVED: 1, HandedState.RETURNED: 1}
    assert [(each.product, each.reason) for each in sent.returned] == [("电动自行车头盔", "请补充检验报告")]
    assert sent.waiting == ()
    assert steps(pair.suo)["回执"]
    assert "有退回的记录" in titles(pair.suo)
    monkeypatch.setenv("RISKDESK_NOW", "2023-06-22T09:00:00")
    assert "没有收到回执" not in titles(pair.suo)


def package_at(pair):
    return handed.came(pair.county)[0].package


def test_the_receipt_of_a_nil_report_ends_the_waiting_too(pair):
    package, files = reported(pair, nil=True)
    taken(pair, files)
    assert handed.sent(pair.suo)[0].waiting
    took_answer(pair, answered(pair, package))
    assert handed.sent(pair.suo)[0].waiting == ()
    assert handed.came(pair.county)[0].package.nil


def test_a_report_that_another_followed_waits_for_nothing(pair):
    reported(pair)
    entry.save(pair.suo, HELMET)
    handed_over(pair, reason="补报一条")
    second, first = handed.sent(pair.suo)
    assert (second.package.number, second.is_superseded, bool(second.waiting)) == (2, False, True)
    assert (first.package.number, first.is_superseded, first.waiting) == (1, True, ())


def test_what_came_goes_when_it_is_taken_back_and_tells_whether_it_was_answered(pair):
    package, files = reported(pair)
    taken(pair, files)
    [came] = handed.came(pair.county)
    assert (came.office, came.records, came.answers, came.returned) == ("坞城所", 1, 0, 0)
    undoing.undo(pair.county, came.package.run_id)
    assert handed.came(pair.county) == []
    taken(pair, files)
    answered(pair, package)
    assert handed.came(pair.county)[0].answers == 1


def test_who_has_not_reported_stands_on_the_workbench(pair):
    assert [each.name for each in workbench(pair.county).below.missing] == ["坞城所"]
    _, files = reported(pair, nil=True)
    taken(pair, files)
    below = workbench(pair.county).below
    assert (below.missing, below.count(ReportState.NIL), below.rate) == ((), 1, 100)


def test_with_keys_a_form_that_was_only_exported_is_not_done(pair, tmp_path):
    entry.save(pair.suo, RECORD)
    exporting.export_period(pair.suo, PERIOD, tmp_path / "报送", [Format.XLSX])
    assert "今天截止" in titles(pair.suo)
    handed_over(pair)
    assert "今天截止" not in titles(pair.suo)


def test_an_old_certificate_is_reminded_of_in_time(pair, monkeypatch):
    assert "签名证书到期" not in titles(pair.suo)
    monkeypatch.setenv("RISKDESK_NOW", "2026-04-01T09:00:00")
    assert "签名证书到期" in titles(pair.suo)
