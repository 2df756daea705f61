"""Who signs: chosen among the people of the office, told wherever the signature is seen, refused in words if it cannot be."""

import json
import zipfile

import pypdfium2
import pytest
from services.quick_offices import CITY, COUNTY, PASSPHRASE, PERIOD, SUO, type_in

from riskdesk.errors import FileFaultError, UsageError
from riskdesk.services import answering, handing_over, keyring, trusting
from riskdesk.services.signers import holding_signer, last_signer, likely_signer, signers, why_useless

FIRST, SECOND_ONE = f"{SUO}的经办人", "王五"


@pytest.fixture
def two(offices):
    """The market office with another person who may sign, and a record."""
    assert offices.call(SUO, "enrol", "operator", "--person", SECOND_ONE).code == 0
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
    return offices


def seal(offices, *more, code=SUO):
    return offices.call(code, "seal", "--period", PERIOD, "--no-encrypt", "--out", offices.usb, *more)


def text_of(pdf):
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_the_name_of_who_signs_stands_in_the_certificate_on_the_slip_and_on_the_form(two):
    done = seal(two, "--person", SECOND_ONE)
    assert done.code == 0, done.said
    package, slip = done.data["files"]
    assert two.call(COUNTY, "look", package).data["verdict"]["signer"].endswith(SECOND_ONE)
    assert SECOND_ONE in text_of(slip)
    assert FIRST not in text_of(slip)
    with zipfile.ZipFile(package) as archive:
        pdf = archive.read("report/annex1.pdf")
        assert json.loads(archive.read("data/records.json"))["person"] == FIRST  # who filled the form in
    form = two.folder / "form.pdf"
    form.write_bytes(pdf)
    assert two.call(COUNTY, "look", form).data["verdict"]["signer"].endswith(SECOND_ONE)


def test_a_slip_written_later_names_who_signed_the_package(two):
    with two.desk(SUO) as suo:
        from riskdesk.services import sealing

        package = sealing.seal(suo, keyring.unlock(suo, PASSPHRASE, SECOND_ONE), sealing.Wish(PERIOD))
        files = handing_over.hand_over(suo, keyring.unlock(suo, PASSPHRASE), package, handing_over.Way(two.usb)).files
    assert SECOND_ONE in text_of(files[-1])


def test_without_a_name_the_first_one_signs_and_whoever_signed_last_is_remembered(two):
    with two.desk(SUO) as suo:
        assert signers(suo) == (FIRST, SECOND_ONE)
        assert last_signer(suo) == FIRST
    seal(two, "--person", SECOND_ONE)
    with two.desk(SUO) as suo:
        assert last_signer(suo) == SECOND_ONE
    done = seal(two)
    assert two.call(COUNTY, "look", done.data["package"]).data["verdict"]["signer"].endswith(FIRST)


def test_a_receipt_is_signed_by_whom_it_says(two):
    assert two.call(COUNTY, "enrol", "operator", "--person", "赵六").code == 0
    package = seal(two).data["package"]
    taken = two.call(COUNTY, "receive", package, "--receipt-to", two.usb, "--person", "赵六").data["files"][0]
    assert two.call(SUO, "look", taken["receipt"]).data["verdict"]["signer"].endswith("赵六")
    again = two.call(COUNTY, "answer", taken["package"], "--person", f"{COUNTY}的经办人", "--out", two.usb).data
    assert two.call(SUO, "look", again["receipt"]).data["verdict"]["signer"].endswith(f"{COUNTY}的经办人")


def test_a_person_who_may_not_sign_is_refused_with_those_who_may(two):
    refused = seal(two, "--person", "钱七")
    assert refused.code == 2
    assert "没有名叫“钱七”的签名人" in refused.said
    assert f"{FIRST}、{SECOND_ONE}" in refused.said
    assert "Traceback" not in refused.said


def test_a_person_whose_certificate_was_revoked_is_told_when(two):
    two.call(SUO, "enrol", "revoke", "--whom", SECOND_ONE, "--why", "left", "--out", two.usb)
    refused = seal(two, "--person", SECOND_ONE)
    assert refused.code == 2
    assert f"签名人 {SECOND_ONE} 的证书已于 2023-05-25 吊销" in refused.said
    with two.desk(SUO) as suo:
        assert last_signer(suo) == FIRST
        with pytest.raises(UsageError):
            keyring.unlock(suo, PASSPHRASE, SECOND_ONE)


def test_only_the_one_whose_certificate_has_expired_cannot_sign(two, monkeypatch):
    package = seal(two).data["package"]
    taken = two.call(COUNTY, "receive", package).data["files"][0]["package"]
    assert two.call(COUNTY, "enrol", "operator", "--person", "赵六").code == 0
    monkeypatch.setenv("RISKDESK_NOW", "2026-03-25T09:00:00")
    for code, person in ((SUO, SECOND_ONE), (COUNTY, "赵六")):
        assert two.call(code, "enrol", "operator", "--person", person).code == 0
    monkeypatch.setenv("RISKDESK_NOW", "2026-09-25T09:00:00")
    refused = seal(two)
    assert refused.code == 3
    assert f"签名人 {FIRST} 的签名证书已经过期" in refused.said
    refused = two.call(COUNTY, "answer", taken, "--out", two.usb)
    assert (refused.code, "已经过期" in refused.said) == (3, True)
    assert seal(two, "--person", SECOND_ONE, "--late", "换证书").code == 0
    assert two.call(COUNTY, "answer", taken, "--person", "赵六", "--out", two.usb).code == 0
    with two.desk(SUO) as suo:
        assert why_useless(suo) != ""
        assert why_useless(suo, SECOND_ONE) == ""


# what others would not take is not written


COUNTY_ONE, HELD_ONE = f"{COUNTY}的经办人", "赵六"


@pytest.fixture
def expired(two, monkeypatch):
    """A county and a market office whose first signer has expired, and the second has not; return what asks the county for a certificate."""
    for code, person in ((SUO, SECOND_ONE), (COUNTY, HELD_ONE)):
        monkeypatch.setenv("RISKDESK_NOW", "2026-03-25T09:00:00")
        assert two.call(code, "enrol", "operator", "--person", person).code == 0
    asked = two.call(SUO, "enrol", "request", "--out", two.usb).data
    monkeypatch.setenv("RISKDESK_NOW", "2026-09-25T09:00:00")
    return asked


def approve(two, asked, *more):
    number = ("--fingerprint", asked["fingerprint"])
    return two.call(COUNTY, "enrol", "approve", asked["file"], *number, "--out", two.usb, *more)


def signer_of(two, file):
    return two.call(SUO, "look", file).data["verdict"]["signer"]


def test_certificates_and_lists_are_signed_by_the_first_whose_certificate_holds(two, expired):
    made = [
        approve(two, expired),
        two.call(COUNTY, "enrol", "distribute", "--out", two.usb),
        two.call(COUNTY, "enrol", "revoke", "--whom", SUO, "--out", two.usb),
        two.call(COUNTY, "enrol", "revoke", "--whom", COUNTY_ONE, "--out", two.usb),
    ]
    assert [(each.code, signer_of(two, each.data["file"]).endswith(HELD_ONE)) for each in made] == [(0, True)] * 4


def test_nothing_is_issued_or_revoked_by_one_whose_certificate_has_expired(two, expired):
    before = two.call(COUNTY, "enrol", "state").data
    refused = [
        approve(two, expired, "--person", COUNTY_ONE),
        two.call(COUNTY, "enrol", "distribute", "--person", COUNTY_ONE, "--out", two.usb),
        two.call(COUNTY, "enrol", "revoke", "--whom", SUO, "--person", COUNTY_ONE, "--out", two.usb),
        two.call(COUNTY, "enrol", "revoke", "--whom", HELD_ONE, "--out", two.usb),  # only the expired one would stay
    ]
    assert [(each.code, "已经过期" in each.said) for each in refused] == [(3, True)] * 4
    assert two.call(COUNTY, "enrol", "state").data == before
    with two.desk(COUNTY) as county:
        assert not any(each.revoked_at for each in trusting.issued(county))


def test_a_receipt_is_signed_by_whoever_signed_last_if_that_certificate_holds(two, expired):
    with two.desk(COUNTY) as county:
        assert (holding_signer(county), last_signer(county), likely_signer(county)) == (HELD_ONE, COUNTY_ONE, HELD_ONE)


def test_receipts_that_cannot_be_signed_or_written_are_told_before_anything_is_taken(two, expired):
    package = seal(two, "--person", SECOND_ONE, "--late", "换证书").data["package"]
    no_folder = two.folder / "file"
    no_folder.write_bytes(b"")
    refused = two.call(COUNTY, "receive", package, "--receipt-to", two.usb, "--person", COUNTY_ONE)
    assert (refused.code, "已经过期" in refused.said) == (3, True)
    assert two.call(COUNTY, "receive", package, "--receipt-to", no_folder).code == 6
    with two.desk(COUNTY) as county:
        assert county.packages.every("in") == []
    [taken] = two.call(COUNTY, "receive", package, "--receipt-to", two.usb).data["files"]
    assert signer_of(two, taken["receipt"]).endswith(HELD_ONE)


def test_a_receipt_that_fails_keeps_nothing_out_and_is_told_with_its_file(two, monkeypatch):
    package = seal(two).data["package"]
    write = answering.put_new

    def full(source, target):
        raise FileFaultError("磁盘空间不足")

    monkeypatch.setattr(answering, "put_new", full)
    reply = two.call(COUNTY, "receive", package, "--receipt-to", two.usb)
    [taken] = reply.data["files"]
    assert (reply.code, taken["outcome"], taken["receipt"], taken["receipt_trouble"]) == (
        3,
        "taken",
        "",
        "磁盘空间不足",
    )
    monkeypatch.setattr(answering, "put_new", write)
    assert two.call(COUNTY, "answer", taken["package"], "--out", two.usb).code == 0


def test_without_keys_nobody_signs(desk):
    assert (signers(desk), last_signer(desk), why_useless(desk)) == ((), "", "")


def test_an_office_with_one_person_is_not_asked_who(offices):
    with offices.desk(CITY) as city:
        assert signers(city) == (f"{CITY}的经办人",)
        assert keyring.unlock(city, PASSPHRASE).person == f"{CITY}的经办人"
