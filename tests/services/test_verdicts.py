"""Attacks on what a package means: each is refused with exit code 4 and a sentence, and nothing is written."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from services.quick_offices import (
    CITY,
    COUNTY,
    PASSPHRASE,
    PERIOD,
    SECOND,
    SUO,
)

from riskdesk import clock
from riskdesk.domain.records import Record, record_to_body
from riskdesk.domain.revisions import revision
from riskdesk.exchange import certificates, encryption, keys
from riskdesk.exchange.certificates import Credential
from riskdesk.exchange.container import write_package
from riskdesk.exchange.manifest import Manifest, PackageKind
from riskdesk.exchange.payload import (
    ANSWER,
    REPORT,
    Answer,
    Answered,
    Decision,
    Report,
    answer_to_bytes,
    report_to_bytes,
)
from riskdesk.exchange.pem import to_pem
from riskdesk.exchange.trust import der
from riskdesk.services import keyring, kits, operators, trusting, upkeep
from riskdesk.services.completeness import completeness
from riskdesk.services.roster import add_offices, office_row, roster_of
from riskdesk.store.ids import new_id


def said(product="电热毯", org=SUO, **more):
    body = record_to_body(Record(PERIOD, product=product, content="绝缘不合格"))
    return revision(object_id=new_id(), kind="record", org=org, body=body, author="某人", at=clock.now(), **more)


def report(*steps, number=1, nil=False):
    now = clock.now().isoformat()
    given = Report(PERIOD, "monthly", number, nil, now, tuple(each.hash for each in steps))
    return {REPORT: report_to_bytes(given, steps)}


def forged(offices, code, files, *, to=COUNTY, by=None, crls=(), **head):
    """Write a package with the keys of an office as somebody who has them and no riskdesk would."""
    with offices.desk(code) as desk:
        anchors = trusting.anchors(desk)
        signer = by or keyring.unlock(desk, PASSPHRASE).operator
    given = {
        "uid": new_id(),
        "kind": PackageKind.REPORT,
        "sender": code,
        "receivers": (to,),
        "created": clock.now().isoformat(),
        "app": "another program",
        "period": PERIOD,
    }
    chain = signer.chain or (anchors.own, *anchors.chain)
    carried = {"trust/ca.pem": to_pem(each for each in chain if each not in anchors.roots)} if chain else {}
    carried |= {f"trust/{number:04}.crl": each for number, each in enumerate(crls, 1)}
    target = offices.usb / f"{new_id()}.rdpkg"
    with target.open("w+b") as file:
        write_package(file, Manifest(**{**given, **head}), {**files, **carried}, by=signer, at=clock.now())
    return target


def refused(offices, file, reason, *words, code=COUNTY):
    """The command line must refuse the file, look and receive alike, say so in a sentence, and write nothing."""
    with offices.desk(code) as desk:
        before = desk.store.read("SELECT count(*) FROM revision"), desk.settings.audit_head()
    looked = offices.call(code, "look", file)
    reply = offices.call(code, "receive", file)
    assert (looked.code, reply.code) == (4, 4), reply.said
    [one] = reply.data["files"]
    assert (one["outcome"], one["verdict"]["reason"]) == ("refused", reason), one["verdict"]
    assert looked.data["verdict"] == one["verdict"]
    summary = one["verdict"]["summary"]
    assert summary.endswith("。")
    assert all(word in summary for word in words), summary
    with offices.desk(code) as desk:
        assert (desk.store.read("SELECT count(*) FROM revision"), desk.settings.audit_head()) == before
    return one["verdict"]


def received(offices, file, code=COUNTY, exit_code=0):
    reply = offices.call(code, "receive", file)
    assert reply.code == exit_code, (reply.said, reply.data)
    [one] = reply.data["files"]
    assert one["outcome"] == "taken", one["verdict"]
    return one


def test_a_package_by_another_program_is_taken_if_all_is_right(offices):
    one = received(offices, forged(offices, SUO, report(said())))
    assert (one["new"], one["verdict"]["trust"], one["verdict"]["warnings"]) == (1, "chain", [])


def test_a_replayed_package_is_not_taken_twice(offices):
    file = forged(offices, SUO, report(said()))
    received(offices, file)
    refused(offices, file, "repeated", "已经接收过")


def test_the_same_uid_with_another_content_is_a_forgery(offices):
    uid = new_id()
    received(offices, forged(offices, SUO, report(said()), uid=uid))
    refused(offices, forged(offices, SUO, report(said(), number=2), uid=uid, number=2), "reused", "冒用", "电话")


def test_an_older_report_never_follows_a_newer_one(offices):
    first, second = (forged(offices, SUO, report(said(), number=number), number=number) for number in (1, 2))
    received(offices, second)
    refused(offices, first, "stale", "较早")


def test_nobody_can_send_in_the_name_of_another_office(offices):
    file = forged(offices, SUO, report(said(org=SECOND)), to=CITY, sender=SECOND)
    refused(offices, file, "sender", "冒名", "电话", code=CITY)


def test_a_package_for_somebody_else_is_not_taken(offices):
    refused(offices, forged(offices, SUO, report(said()), to=SECOND), "receiver", "不是发给本单位")


@pytest.mark.parametrize("code", [SECOND, CITY])
def test_a_report_of_an_office_that_is_not_below_is_not_taken(offices, code):
    refused(offices, forged(offices, code, report(said(org=code))), "not_ours", "不是本单位的下级或上级")


def test_the_report_of_an_office_two_levels_below_must_come_through_the_one_between(offices):
    refused(offices, forged(offices, SUO, report(said()), to=CITY), "not_ours", code=CITY)


def strange_operator(offices, code, *, issuer_name=None):
    """An operator of the office by name, certified by a root or an authority that somebody made up."""
    with offices.desk(code) as desk:
        path = keyring.office_path(desk)
    key = keys.new_signing_key()
    root = certificates.self_signed(path if issuer_name is None else issuer_name, key, clock.now())
    mine = keys.new_signing_key()
    authority = certificates.Authority(root, key)
    return Credential(
        mine, certificates.operator_certificate(authority, "某人", mine.public_key(), clock.now()), (der(root),)
    )


def test_a_root_that_nobody_has_compared_is_unknown_and_can_be_compared_by_telephone(offices):
    by = strange_operator(offices, SUO)
    verdict = refused(offices, forged(offices, SUO, report(said()), by=by), "unknown", "没有在本机登记")
    assert len(verdict["fingerprint"].replace(" ", "")) == 30
    assert verdict["signature_valid"]
    assert not verdict["trusted"]


def test_a_forged_issuer_who_bears_the_right_name_is_not_believed(offices):
    """The operator's certificate names the real authority, but another key has signed it."""
    by = strange_operator(offices, SUO)
    with offices.desk(SUO) as desk:
        own = trusting.anchors(desk)
    by = Credential(by.key, by.certificate, (own.own, *own.chain))
    refused(offices, forged(offices, SUO, report(said()), by=by), "unknown")


def test_an_office_cannot_issue_a_certificate_for_its_neighbour(offices):
    with offices.desk(COUNTY) as desk:
        authority = keyring.unlock(desk, PASSPHRASE).authority
        own = trusting.anchors(desk)
    with offices.desk(SECOND) as desk:
        path = keyring.office_path(desk)
    key, mine = keys.new_signing_key(), keys.new_signing_key()
    name = certificates.distinguished_name(path)
    fake = certificates.Authority(certificates.self_signed(path, key, clock.now()), key)
    operator = certificates.operator_certificate(fake, "某人", mine.public_key(), clock.now())
    bridge = certificates.cross_certificate(authority, fake.certificate, clock.now())
    assert bridge.subject == name
    by = Credential(mine, operator, (der(bridge), own.own))
    file = forged(offices, SECOND, report(said(org=SECOND)), to=CITY, by=by)
    with offices.desk(CITY) as desk:
        before = desk.settings.audit_head()
    reply = offices.call(CITY, "receive", file)
    assert reply.code == 4
    [one] = reply.data["files"]
    assert one["verdict"]["reason"] in ("scope", "unknown")
    with offices.desk(CITY) as desk:
        assert desk.settings.audit_head() == before


def revoke(offices, code, whom, why):
    reply = offices.call(code, "enrol", "revoke", "--whom", whom, "--why", why, "--out", offices.usb)
    assert reply.code == 0, reply.said
    return reply.data["file"]


def test_a_revoked_office_is_refused_and_an_older_list_does_not_bring_it_back(offices):
    file = forged(offices, SUO, report(said()))
    revoke(offices, COUNTY, SUO, "lost")
    refused(offices, file, "revoked", "已吊销", "电话")
    with offices.desk(COUNTY) as desk:
        authority = keyring.unlock(desk, PASSPHRASE).authority
        before = trusting.anchors(desk).crls
    old = certificates.revocation_list(authority, [], 0, clock.now() - timedelta(days=30)).public_bytes(Encoding.DER)
    refused(offices, forged(offices, SUO, report(said()), crls=[old]), "revoked")
    with offices.desk(COUNTY) as desk:
        assert trusting.anchors(desk).crls == before


def test_an_older_list_in_a_good_package_takes_the_place_of_none(offices):
    revoke(offices, CITY, SECOND, "lost")
    with offices.desk(CITY) as desk:
        authority = keyring.unlock(desk, PASSPHRASE).authority
        before = trusting.anchors(desk).crls
    old = certificates.revocation_list(authority, [], 0, clock.now() - timedelta(days=30)).public_bytes(Encoding.DER)
    received(offices, forged(offices, COUNTY, report(said(org=COUNTY)), to=CITY, crls=[old]), code=CITY)
    with offices.desk(CITY) as desk:
        assert trusting.anchors(desk).crls == before
    refused(offices, forged(offices, SECOND, report(said(org=SECOND)), to=CITY), "revoked", code=CITY)


def test_a_revoked_operator_is_refused_by_those_who_have_the_list(offices):
    file = forged(offices, SUO, report(said()))
    with offices.desk(SUO) as desk:
        keys = keyring.unlock(desk, PASSPHRASE)
        signer = keys.operator
        operators.add_operator(desk, keys, PASSPHRASE, "新人")
    update = revoke(offices, SUO, f"{SUO}的经办人", "lost")
    assert update
    with offices.desk(SUO) as desk:
        crls = trusting.anchors(desk).crls
    assert crls
    later = forged(offices, SUO, report(said()), by=signer, crls=crls)
    refused(offices, later, "revoked", "已吊销")
    assert offices.call(COUNTY, "look", file).code == 0  # the list has not come here: nothing was taken


def test_a_list_that_comes_with_one_package_holds_for_the_next_one_in_the_same_go(offices):
    with offices.desk(SUO) as desk:
        keys = keyring.unlock(desk, PASSPHRASE)
        left = keys.operator
        operators.add_operator(desk, keys, PASSPHRASE, "新人")
    revoke(offices, SUO, f"{SUO}的经办人", "lost")
    with offices.desk(SUO) as desk:
        crls = trusting.anchors(desk).crls
    files = [
        forged(offices, SUO, report(said()), crls=crls),
        forged(offices, SUO, report(said("头盔"), number=2), by=left, number=2),
    ]
    reply = offices.call(COUNTY, "receive", *files)
    told = [(each["outcome"], each["verdict"]["reason"]) for each in reply.data["files"]]
    assert (reply.code, told) == (4, [("taken", ""), ("refused", "revoked")])
    assert [each["product"] for each in offices.call(COUNTY, "list").data] == ["电热毯"]


def test_the_office_above_hears_at_once_whose_key_was_stolen_below(offices):
    with offices.desk(SUO) as desk:
        keys = keyring.unlock(desk, PASSPHRASE)
        stolen = keys.operator
        operators.add_operator(desk, keys, PASSPHRASE, "新人")
    update = revoke(offices, SUO, f"{SUO}的经办人", "lost")
    received(offices, update)
    later = forged(offices, SUO, report(said()), by=stolen)
    refused(offices, later, "revoked", "已吊销")


def test_nothing_but_lists_is_taken_of_a_trust_update_from_below(offices):
    with offices.desk(SUO) as desk, desk.store.write("", "test") as writing:
        add_offices(desk, writing, [office_row("140105-S99", "假冒所", "suo", COUNTY)])
        trusting.add_recipients(desk, writing, {CITY: "age1" + "q" * 58})
    with offices.desk(SUO) as desk:
        keys = keyring.unlock(desk, PASSPHRASE)
        update = kits.distribute(desk, keys, offices.usb).file
    with offices.desk(COUNTY) as county:
        before = (len(roster_of(county).offices), trusting.recipients(county), trusting.anchors(county).roots)
    received(offices, update)
    with offices.desk(COUNTY) as county:
        assert (len(roster_of(county).offices), trusting.recipients(county), trusting.anchors(county).roots) == before


def test_one_who_left_harmlessly_is_taken_only_on_a_persons_word(offices):
    file = forged(offices, SUO, report(said()))
    revoke(offices, COUNTY, SUO, "replaced")
    refused(offices, file, "retired", "停用")
    reply = offices.call(COUNTY, "receive", file, "--accept-retired")
    assert (reply.code, reply.data["files"][0]["outcome"]) == (0, "taken")


def test_what_is_encrypted_for_somebody_else_cannot_be_opened(offices):
    plain = forged(offices, SUO, report(said()))
    with offices.desk(SECOND) as desk:
        recipient = trusting.recipients(desk)[SECOND]
    secret = offices.usb / "secret.rdpkg.age"
    encryption.encrypt(plain, secret, [recipient])
    refused(offices, secret, "encryption", "不是加密给本单位")


def answer_about(package, *steps, decision=Decision.RETURNED):
    records = tuple(Answered(each.object_id, each.hash, decision, "请补正") for each in steps)
    return {ANSWER: answer_to_bytes(Answer(package, PERIOD, 1, clock.now().isoformat(), records))}


@pytest.mark.parametrize("code", [SECOND, SUO])
def test_an_answer_of_an_office_that_is_not_above_is_not_taken(offices, code):
    file = forged(offices, code, answer_about("0" * 64), kind=PackageKind.ANSWER)
    refused(offices, file, "not_ours", "不是本单位的下级或上级")


def test_an_answer_about_a_package_that_is_not_ours_does_nothing(offices):
    sealed_file = offices.seal(COUNTY, "电热毯")
    [ours] = offices.call(COUNTY, "list").data
    with offices.desk(COUNTY) as desk:
        [step] = desk.revisions.of(ours["id"])
    received(offices, forged(offices, CITY, answer_about("0" * 64, step), kind=PackageKind.ANSWER))
    assert offices.call(COUNTY, "list").data == [ours]
    taken = received(offices, sealed_file, code=CITY)
    about = taken["package"]
    received(offices, forged(offices, CITY, answer_about(about, step), kind=PackageKind.ANSWER))
    assert offices.call(COUNTY, "list").data[0]["state"] == "returned"


def test_records_of_another_office_in_a_package_are_rejected_row_by_row(offices):
    one = received(offices, forged(offices, SUO, report(said(), said("头盔", org=SECOND))), exit_code=3)
    assert (one["read"], one["new"], one["rejected"]) == (2, 1, 1)
    [why] = [each["why"] for each in one["rows"] if each["outcome"] == "rejected"]
    assert why == "不是签名单位自己的记录"
    assert [each["product"] for each in offices.call(COUNTY, "list").data] == ["电热毯"]


def test_a_record_that_bears_the_id_of_another_offices_record_is_rejected(offices):
    file = forged(offices, COUNTY, report(first := said(org=COUNTY)), to=CITY)
    received(offices, file, code=CITY)
    body = record_to_body(Record(PERIOD, product="假", content="冒名"))
    stolen = revision(object_id=first.object_id, kind="record", org=SECOND, body=body, author="", at=clock.now())
    one = received(offices, forged(offices, SECOND, report(stolen), to=CITY), code=CITY, exit_code=3)
    assert [each["why"] for each in one["rows"]] == ["记录编号与另一单位的记录相同"]
    with offices.desk(CITY) as desk:
        assert [step.hash for step in desk.revisions.every()] == [first.hash]


def test_a_revision_that_does_not_say_what_its_hash_stands_for_is_rejected(offices):
    good, bad = said(), said("头盔")
    changed = replace(bad, body={**bad.body, "content": "被改过"})
    one = received(offices, forged(offices, SUO, report(good, changed)), exit_code=3)
    assert (one["new"], one["rejected"]) == (1, 1)
    assert [each["why"] for each in one["rows"] if each["outcome"] == "rejected"] == ["内容与校验值不符"]
    with offices.desk(COUNTY) as desk:
        assert upkeep.check(desk) == []


def test_a_record_with_a_wrong_field_is_rejected_with_the_fields_name(offices):
    wrong = revision(
        object_id=new_id(), kind="record", org=SUO, body={"period": PERIOD, "product": 5}, author="", at=clock.now()
    )
    one = received(offices, forged(offices, SUO, report(said(), wrong)), exit_code=3)
    assert (one["new"], one["rejected"]) == (1, 1)
    [why] = [each["why"] for each in one["rows"] if each["outcome"] == "rejected"]
    assert "product" in why
    with offices.desk(COUNTY) as desk:
        assert upkeep.check(desk) == []


def test_a_package_inside_that_its_carrier_has_no_right_to_hand_on_is_refused(offices):
    for inner in (
        forged(offices, SUO, report(said()), by=strange_operator(offices, SUO)),  # signed by nobody we know
        forged(offices, SUO, report(said()), to=SECOND),  # not addressed to the one who carries it
    ):
        outer = forged(offices, COUNTY, {**report(said(org=COUNTY)), "inner/0001-x.rdpkg": inner.read_bytes()}, to=CITY)
        refused(offices, outer, "inner", "不属于", code=CITY)


def test_a_truncated_package_and_something_else_are_no_packages(offices):
    file = forged(offices, SUO, report(said()))
    cut = offices.usb / "cut.rdpkg"
    cut.write_bytes(file.read_bytes()[:-500])
    refused(offices, cut, "zip", "不是完整的报送包")
    other = offices.usb / "照片.jpg"
    other.write_bytes(b"\xff\xd8" * 500)
    refused(offices, other, "not_a_package")


def test_a_report_that_is_not_the_one_on_its_label_is_refused(offices):
    refused(offices, forged(offices, SUO, report(said(), number=2), number=1), "manifest")


def test_a_package_of_the_future_and_a_clock_that_was_set_back_are_warned_of(offices, monkeypatch):
    ahead = (datetime.fromisoformat("2023-05-28T09:00:00+08:00")).isoformat()
    one = received(offices, forged(offices, SUO, report(said()), created=ahead))
    assert any("在今天之后" in each for each in one["verdict"]["warnings"])
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-30T09:00:00")
    received(offices, forged(offices, SUO, report(said(), number=2), number=2))
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-21T09:00:00")
    one = received(offices, forged(offices, SUO, report(said(), number=3), number=3))
    assert any("本机时钟比以前收到的包还早" in each for each in one["verdict"]["warnings"])


def test_two_packages_with_one_number_and_one_that_follows_a_missing_one_are_told_of(offices):
    received(offices, forged(offices, SUO, report(said())))
    one = received(offices, forged(offices, SUO, report(said())))
    assert any("序号相同" in each for each in one["verdict"]["warnings"])
    one = received(offices, forged(offices, SUO, report(said(), number=4), number=4, prev="0" * 64))
    assert any("前一次没有收到" in each for each in one["verdict"]["warnings"])


def test_an_answer_never_revises_what_only_its_receiver_may_revise(offices):
    """The county makes a newer revision in the name of the 所 and sends it down; only both versions of a fork are taken."""
    received(offices, offices.seal(SUO, "电热毯"))
    [ours] = offices.call(SUO, "list").data
    with offices.desk(SUO) as desk:
        [step] = desk.revisions.of(ours["id"])
        [package] = desk.packages.every("out")
    body = record_to_body(Record(PERIOD, product="电热毯", content="上级伪造的内容"))
    newer = revision(
        object_id=ours["id"], kind="record", org=SUO, body=body, author="某人", at=clock.now(), parents=[step]
    )
    said_ = Answer(package.id, PERIOD, 1, clock.now().isoformat())
    for number, steps in enumerate(((newer,), (newer, twin_of(step)), (said(),)), 1):
        files = {ANSWER: answer_to_bytes(replace(said_, number=number), steps)}
        file = forged(offices, COUNTY, files, to=SUO, kind=PackageKind.ANSWER, number=number)
        reply = offices.call(SUO, "receive", file)
        rows = reply.data["files"][0]["rows"]
        assert {each["outcome"] for each in rows} <= {"rejected", "conflict"}, rows
        assert rows[0]["why"] == "只有原单位能修改自己的记录"
        assert offices.call(SUO, "list").data[0]["product"] == "电热毯"
        with offices.desk(SUO) as desk:
            assert newer.hash not in {each.hash for each in desk.revisions.every()}


def twin_of(step):
    """Another first revision of the same record, as a second computer of the office would have made it."""
    body = {**step.body, "content": "另一台电脑上的内容"}
    return revision(object_id=step.object_id, kind="record", org=step.org, body=body, author="某人", at=clock.now())


def test_an_answer_about_a_package_that_is_not_here_any_more_says_that_nothing_changed(offices):
    one = received(offices, forged(offices, CITY, answer_about("0" * 64), kind=PackageKind.ANSWER))
    assert any("没有改变" in each for each in one["verdict"]["warnings"])


def closed(offices, code, office, day):
    with offices.desk(code) as desk, desk.store.write("某人", "offices") as writing:
        row = office_row(office, roster_of(desk).office(office).name, "county", CITY)
        add_offices(desk, writing, [{**row, "valid_to": day}])


def test_an_office_that_was_closed_since_reports_the_periods_before_and_no_later_ones(offices, monkeypatch):
    closed(offices, CITY, SECOND, "2023-05-31")
    monkeypatch.setenv("RISKDESK_NOW", "2023-06-05T09:00:00")
    received(offices, forged(offices, SECOND, report(said(org=SECOND)), to=CITY), code=CITY)
    later = Report("2023-07", "monthly", 1, True, clock.now().isoformat())
    file = forged(offices, SECOND, {REPORT: report_to_bytes(later, ())}, to=CITY, period="2023-07", nil=True)
    assert refused(offices, file, "impostor", code=CITY)["expected_sender"] is False


def test_numbers_that_fall_back_after_a_restored_backup_are_taken_and_told_of(offices, monkeypatch):
    for number in (1, 2, 3):
        received(offices, forged(offices, SUO, report(said(), number=number), number=number))
    old = forged(offices, SUO, report(said(), number=2), number=2)
    refused(offices, old, "stale")
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T09:00:00")
    one = received(offices, forged(offices, SUO, report(said("头盔"), number=2), number=2))
    assert any("序号倒退" in each for each in one["verdict"]["warnings"])
    refused(offices, old, "stale")
    with offices.desk(COUNTY) as desk:
        [found] = [each for each in completeness(desk, PERIOD).offices if each.code == SUO]
        assert found.package == one["package"]


def test_an_older_trust_update_that_comes_late_brings_lists_and_nothing_else(offices, monkeypatch):
    old = offices.call(CITY, "enrol", "distribute", "--out", offices.usb / "old").data["file"]
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T09:00:00")
    with offices.desk(CITY) as desk, desk.store.write("某人", "keys") as writing:
        trusting.add_recipients(desk, writing, {SECOND: trusting.recipients(desk)[COUNTY]})
    new = offices.call(CITY, "enrol", "distribute", "--out", offices.usb / "new").data["file"]
    assert offices.call(COUNTY, "receive", new).code == 0
    with offices.desk(COUNTY) as desk:
        before = trusting.recipients(desk)[SECOND]
    late = offices.call(COUNTY, "receive", old)
    assert any("只采用其中的吊销名单" in each for each in late.data["files"][0]["verdict"]["warnings"])
    with offices.desk(COUNTY) as desk:
        assert trusting.recipients(desk)[SECOND] == before
