"""What packages say: unknown fields travel on, old schemas are brought up, bad revisions are put aside one by one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from riskdesk.domain.records import Record, record_to_body
from riskdesk.domain.revisions import revision
from riskdesk.exchange import payload
from riskdesk.exchange.payload import Answer, Answered, Decision, Rejected, Report
from riskdesk.exchange.refusal import Refusal

AT = datetime(2023, 5, 25, tzinfo=UTC)
REPORT = Report("2023-05", "monthly", 1, nil=False, sealed_at="2023-05-25T09:00:00+08:00", items=("a" * 64,))
ANSWER = Answer(
    "b" * 64, "2023-05", 2, "2023-05-26T09:00:00+08:00", (Answered("r1", "a" * 64, Decision.RETURNED, "缺少照片"),)
)


def step(number=1):
    body = record_to_body(Record("2023-05", product=f"充电宝 {number}"))
    return revision(object_id=f"r{number}", kind="record", org="140105-JU", body=body, author="张三", at=AT)


def changed(data, **changes):
    return json.dumps({**json.loads(data), **changes}).encode()


def test_a_report_comes_back_as_it_was():
    assert payload.report_from_bytes(payload.report_to_bytes(REPORT, (step(1), step(2)))) == (
        REPORT,
        [step(1), step(2)],
    )


def test_an_answer_comes_back_as_it_was():
    assert payload.answer_from_bytes(payload.answer_to_bytes(ANSWER)) == (ANSWER, [])
    assert payload.answer_from_bytes(payload.answer_to_bytes(ANSWER, (step(),))) == (ANSWER, [step()])


def test_what_newer_programs_add_travels_on():
    data = changed(payload.report_to_bytes(REPORT, ()), urgency="high", more={"a": [1, None, True]})
    report, _ = payload.report_from_bytes(data)
    again = json.loads(payload.report_to_bytes(report, ()))
    assert (again["urgency"], again["more"]) == ("high", {"a": [1, None, True]})


def test_what_newer_programs_add_to_a_record_travels_on():
    body = {**step().body, "colour": "红"}
    made = revision(object_id="r1", kind="record", org="140105-JU", body=body, author="张三", at=AT)
    _, [found] = payload.report_from_bytes(payload.report_to_bytes(REPORT, (made,)))
    assert found == made
    assert found.body["colour"] == "红"


def test_older_schemas_are_brought_up_one_after_the_other(monkeypatch):
    monkeypatch.setattr(payload, "SCHEMA", 3)
    upgrades = {
        1: lambda old: {**{k: v for k, v in old.items() if k != "month"}, "period": old["month"]},
        2: lambda old: {**old, "kind": old["kind"].lower()},
    }
    monkeypatch.setattr(payload, "UPGRADES", upgrades)
    given = {k: v for k, v in json.loads(payload.report_to_bytes(REPORT, ())).items() if k != "period"}
    old = json.dumps({**given, "schema": 1, "month": "2023-05", "kind": "MONTHLY"}).encode()
    assert payload.report_from_bytes(old)[0] == REPORT


def test_every_older_schema_has_its_upgrade():
    assert set(payload.UPGRADES) == set(range(1, payload.SCHEMA))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": 999}, "too_new"),
        ({"schema": 0}, "payload"),
        ({"schema": True}, "payload"),
        ({"schema": "1"}, "payload"),
        ({"period": 5}, "payload"),
        ({"nil": "no"}, "payload"),
        ({"items": "abc"}, "payload"),
        ({"revisions": {}}, "payload"),
        ({"number": 10**20}, "payload"),
        ({"number": 1.5}, "payload"),
    ],
)
def test_a_payload_is_refused_with(changes, reason):
    with pytest.raises(Refusal) as refused:
        payload.report_from_bytes(changed(payload.report_to_bytes(REPORT, ()), **changes))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b'{"schema":1}', b"[" * 5000, b'{"a":"\\ud800","schema":1}']
)
def test_what_is_no_payload_is_refused(data):
    with pytest.raises(Refusal):
        payload.answer_from_bytes(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "李四"},
        {"hash": "0" * 64},
        {"rev_no": 0},
        {"rev_no": True},
        {"rev_no": 10**9},
        {"ancestors": ["b", "a"]},
        {"ancestors": "ab"},
        {"state": "gone"},
        {"body": []},
        {"body": None},
        {"object_id": 5},
    ],
)
def test_a_bad_revision_is_put_aside_and_the_others_are_kept(changes):
    data = json.loads(payload.report_to_bytes(REPORT, (step(1), step(2))))
    data["revisions"][0].update(changes)
    _, [bad, kept] = payload.report_from_bytes(json.dumps(data).encode())
    assert isinstance(bad, Rejected)
    assert bad.why
    assert kept == step(2)


def test_what_is_no_revision_is_put_aside():
    data = changed(payload.report_to_bytes(REPORT, ()), revisions=[None, 5, "x", {}])
    assert all(isinstance(each, Rejected) for each in payload.report_from_bytes(data)[1])


def test_a_decision_that_is_none_is_refused():
    given = json.loads(payload.answer_to_bytes(replace(ANSWER, note="x")))
    given["records"][0]["decision"] = "burnt"
    with pytest.raises(Refusal):
        payload.answer_from_bytes(json.dumps(given).encode())
