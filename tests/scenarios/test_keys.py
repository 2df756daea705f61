"""Keys and trust by the command line: asked for, compared, installed, revoked, lost, and offices without a root."""

import pytest
from scenarios.offices import CITY, COUNTY, PASSPHRASE, PROVINCE, SECOND, SUO, Offices

from riskdesk import clock
from riskdesk.exchange import certificates, keys
from riskdesk.exchange.certificates import Authority, Credential
from riskdesk.exchange.container import write_package
from riskdesk.exchange.manifest import Manifest, PackageKind
from riskdesk.exchange.names import Unit
from riskdesk.exchange.payload import REPORT, Report, report_to_bytes
from riskdesk.exchange.trust import der
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """Two offices that nobody has certified."""
    monkeypatch.setenv("RISKDESK_PASSPHRASE", PASSPHRASE)
    offices = Offices(tmp_path)
    offices.usb.mkdir()
    for code in (CITY, COUNTY):
        offices.ok(code, "setup", "--office", code, "--person", "张三")
    return offices


def test_the_number_is_compared_before_anything_is_issued_or_installed(fresh):
    asked = fresh.ok(COUNTY, "enrol", "request", "--out", fresh.usb)
    assert (fresh.usb / f"{COUNTY}_证书申请单.pdf").exists()
    fresh.ok(CITY, "enrol", "keys", "--out", fresh.usb)
    untold = fresh.call(CITY, "enrol", "approve", asked["file"], "--out", fresh.usb)
    assert untold.code == 2
    assert asked["fingerprint"] in untold.said
    other = "0" * 30
    wrong = fresh.call(CITY, "enrol", "approve", asked["file"], "--fingerprint", other, "--out", fresh.usb)
    assert (wrong.code, "核对" in wrong.said) == (4, True)
    kit = fresh.ok(CITY, "enrol", "approve", asked["file"], "--fingerprint", asked["fingerprint"], "--out", fresh.usb)
    forged = fresh.call(COUNTY, "enrol", "install", kit["file"], "--fingerprint", other)
    assert forged.code == 4
    assert not fresh.ok(COUNTY, "enrol", "state")["enrolled"]
    root = fresh.ok(CITY, "enrol", "state")["fingerprint"]
    fresh.ok(COUNTY, "enrol", "install", kit["file"], "--fingerprint", root)
    assert fresh.ok(COUNTY, "enrol", "state")["enrolled"]


def test_an_office_that_is_not_below_gets_no_certificate(fresh):
    asked = fresh.ok(CITY, "enrol", "request", "--out", fresh.usb)
    fresh.ok(COUNTY, "enrol", "keys", "--out", fresh.usb)
    refused = fresh.call(
        COUNTY, "enrol", "approve", asked["file"], "--fingerprint", asked["fingerprint"], "--out", fresh.usb
    )
    assert (refused.code, "上级不是本单位" in refused.said) == (3, True)


def test_an_office_without_a_root_above_is_trusted_once_its_number_was_compared(fresh):
    fresh.ok(CITY, "enrol", "keys", "--out", fresh.usb)
    fresh.ok(COUNTY, "enrol", "keys", "--out", fresh.usb)
    fresh.type_in(COUNTY, "2023-05", 电热毯="绝缘不合格，存在触电风险")
    package = fresh.seal(COUNTY, "2023-05", "--no-encrypt")
    unknown = fresh.call(CITY, "receive", package)
    assert (unknown.code, unknown.data["files"][0]["verdict"]["trust"]) == (4, "unknown")
    number = fresh.ok(COUNTY, "enrol", "state")["fingerprint"]
    assert unknown.data["files"][0]["verdict"]["fingerprint"] == number
    assert fresh.call(CITY, "enrol", "pin", package, "--fingerprint", "1" * 30).code == 4
    fresh.ok(CITY, "enrol", "pin", package, "--fingerprint", number)
    [taken] = fresh.take(CITY, package)
    assert (taken["new"], taken["verdict"]["trust"]) == (1, "pinned")


def test_a_revoked_office_is_refused_everywhere_and_an_old_list_does_not_bring_it_back(offices):
    offices.type_in(SUO, "2023-04", 电热毯="绝缘不合格，存在触电风险")
    before = offices.ok(COUNTY, "enrol", "distribute", "--out", offices.folder / "old")["file"]
    package = offices.seal(SUO, "2023-04")
    offices.ok(COUNTY, "enrol", "revoke", "--whom", SUO, "--why", "lost", "--out", offices.usb)
    refused = offices.call(COUNTY, "receive", package)
    assert (refused.code, refused.data["files"][0]["verdict"]["trust"]) == (4, "revoked")
    offices.call(COUNTY, "receive", before)
    assert offices.call(COUNTY, "receive", package).code == 4
    nil = offices.seal(COUNTY, "2023-04", "--nil")  # carries the list upwards
    offices.take(CITY, nil)
    offices.take(PROVINCE, offices.seal(CITY, "2023-04", "--nil"))
    assert offices.records(COUNTY) == []


def test_what_somebody_signed_before_leaving_is_taken_only_on_a_persons_word(offices):
    offices.type_in(SECOND, "2023-04", 电热毯="绝缘不合格，存在触电风险")
    package = offices.seal(SECOND, "2023-04")
    signer = offices.ok(SECOND, "enrol", "state")["operators"][0]["person"]
    offices.ok(SECOND, "enrol", "operator", "--person", "新人")
    update = offices.ok(SECOND, "enrol", "revoke", "--whom", signer, "--why", "left", "--out", offices.usb)
    assert [each["person"] for each in offices.ok(SECOND, "enrol", "state")["operators"]] == ["新人"]
    assert update["file"]
    nil = offices.seal(SECOND, "2023-05", "--nil")
    offices.take(CITY, nil)
    refused = offices.call(CITY, "receive", package)
    assert (refused.code, refused.data["files"][0]["verdict"]["trust"]) == (4, "retired")
    [taken] = offices.take(CITY, "--accept-retired", package)
    assert taken["new"] == 1


def test_lost_keys_lose_no_data_and_the_paper_opens_what_was_encrypted_before(offices, monkeypatch):
    offices.type_in(SUO, "2023-04", 电热毯="绝缘不合格，存在触电风险")
    package = offices.seal(SUO, "2023-04")
    monkeypatch.setenv("RISKDESK_PASSPHRASE", "记错了的 口令 一二三")
    lost = offices.call(COUNTY, "receive", package)
    assert (lost.code, "口令不对" in lost.said) == (3, True)
    assert offices.records(COUNTY) == []
    monkeypatch.setenv("RISKDESK_RECOVERY", offices.secret(COUNTY))
    offices.ok(COUNTY, "enrol", "replace", "--out", offices.usb)
    assert not offices.ok(COUNTY, "enrol", "state")["enrolled"]
    [taken] = offices.take(COUNTY, package)
    assert taken["new"] == 1
    monkeypatch.setenv("RISKDESK_RECOVERY", "AGE-SECRET-KEY-1WRONG")
    wrong = offices.call(COUNTY, "enrol", "replace", "--out", offices.usb)
    assert (wrong.code, "恢复码不对" in wrong.said) == (3, True)


def test_a_new_root_holds_at_once_for_those_who_know_the_old_one_and_alone_once_it_was_compared(offices):
    update = offices.ok(PROVINCE, "enrol", "root", "--out", offices.usb)
    offices.type_in(COUNTY, "2023-04", 电热毯="绝缘不合格，存在触电风险")
    offices.take(CITY, offices.seal(COUNTY, "2023-04"))
    from_city = offices.seal(CITY, "2023-04")
    [taken] = offices.take(PROVINCE, from_city)
    assert (taken["new"], taken["verdict"]["trust"]) == (1, "chain")
    receipt = offices.ok(PROVINCE, "answer", taken["package"], "--out", offices.usb)["receipt"]
    offices.take(CITY, receipt)  # signed below the new root, which the city does not know yet
    number = offices.ok(PROVINCE, "enrol", "state")["fingerprint"]
    untold = offices.call(CITY, "enrol", "root", update["file"])
    assert (untold.code, number in untold.said) == (2, True)
    assert offices.call(CITY, "enrol", "root", update["file"], "--fingerprint", "2" * 30).code == 4
    assert offices.ok(CITY, "enrol", "root", update["file"], "--fingerprint", number)["fingerprint"] == number
    assert offices.call(CITY, "enrol", "root", "--out", offices.usb).code == 2


def test_an_office_that_certifies_another_code_below_itself_is_an_impostor(offices):
    with Desk(offices.home(COUNTY)) as desk:
        county = keyring.unlock(desk, PASSPHRASE)
        known = trusting.anchors(desk)
        path = (*keyring.office_path(desk), Unit(SECOND, "太原市迎泽区市场监督管理局"))
        key, person = keys.new_signing_key(), keys.new_signing_key()
        own = certificates.office_certificate(county.authority, path, key.public_key(), clock.now())
        signer = certificates.operator_certificate(Authority(own, key), "冒名者", person.public_key(), clock.now())
        forged = Credential(person, signer, (der(own), known.own, *known.chain))
    manifest = Manifest(
        "u" * 36, PackageKind.REPORT, SECOND, (CITY,), clock.now().isoformat(), "x", period="2023-04", nil=True
    )
    report = Report("2023-04", "monthly", 1, nil=True, sealed_at=clock.now().isoformat())
    file = offices.folder / "forged.rdpkg"
    with file.open("w+b") as target:
        write_package(target, manifest, {REPORT: report_to_bytes(report, ())}, by=forged, at=clock.now())
    refused = offices.call(CITY, "receive", file)
    assert (refused.code, refused.data["files"][0]["verdict"]["reason"]) == (4, "impostor")
    assert SECOND in offices.ok(CITY, "missing", "--period", "2023-04")["missing"]
