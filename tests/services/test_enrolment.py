"""Keys, certificates and lists through the years: renewed, revoked, handed over, lost, restored."""

import base64
import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from services.quick_offices import CITY, COUNTY, PASSPHRASE, PROVINCE, SECOND, STATION, SUO

from riskdesk.errors import UsageError, VerificationError
from riskdesk.services import anchoring, enrolling, key_folder, key_making, keyring, kits, trusting, upkeep
from riskdesk.services.revoking import Why
from riskdesk.services.setup import set_up

NEW = "140107-JU"
OFFICES = (PROVINCE, CITY, COUNTY, SECOND, SUO, STATION)


@pytest.fixture
def offices(offices, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-20T10:00:00")
    return offices


def person(code):
    return f"{code}的经办人"


def ok(offices, code, *arguments):
    reply = offices.call(code, *arguments)
    assert reply.code == 0, reply.said
    return reply.data


def revoke(offices, code, whom, why="lost"):
    return ok(offices, code, "enrol", "revoke", "--whom", whom, "--why", why, "--out", offices.usb)["file"]


def trust(offices, code, file):
    """Return how far the package's signer is trusted."""
    return offices.call(code, "look", file).data["verdict"]["trust"]


def operators(offices, code):
    return [each["person"] for each in ok(offices, code, "enrol", "state")["operators"]]


def issued(offices, code, whom):
    with offices.desk(code) as desk:
        return [each for each in trusting.issued(desk) if whom in (each.person, each.office)]


def newest_list(offices, code):
    """Return the number of the newest list of the office that it holds, and what it revokes."""
    with offices.desk(code) as desk:
        known = trusting.anchors(desk)
    key = x509.load_der_x509_certificate(known.own).public_key()
    lists = [x509.load_der_x509_crl(each) for each in known.crls]
    own = [each for each in lists if each.is_signature_valid(key)]
    numbered = {each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number: each for each in own}
    return max(numbered), {entry.serial_number for entry in numbered[max(numbered)]}


def asked(offices, code):
    return ok(offices, code, "enrol", "request", "--out", offices.usb)


def approved(offices, code, above):
    one = asked(offices, code)
    return ok(
        offices, above, "enrol", "approve", one["file"], "--fingerprint", one["fingerprint"], "--out", offices.usb
    )["file"]


def replaced(offices, code, above):
    """Give an office new keys, and a certificate of them."""
    reply = offices.call(code, "enrol", "replace", "--out", offices.usb)
    assert reply.code == 0, reply.said
    ok(offices, code, "enrol", "install", approved(offices, code, above))
    return reply


def handed_over(offices):
    """Let the province make its next root; return the update and the number to compare."""
    update = ok(offices, PROVINCE, "enrol", "root", "--out", offices.usb)["file"]
    return update, ok(offices, PROVINCE, "enrol", "state")["fingerprint"]


def set_up_new(offices):
    with set_up(offices.home(NEW), NEW, person="丁", phone="1") as desk:
        key_making.make_keys(desk, PASSPHRASE)


# an office below that is revoked after its package was taken


def test_what_was_taken_before_the_revocation_still_goes_up_inside_and_the_facts_say_so(offices):
    ok(offices, COUNTY, "receive", offices.seal(SUO, "电热毯"))
    revoke(offices, COUNTY, SUO)
    from_county = offices.seal(COUNTY, "头盔")
    ok(offices, CITY, "receive", from_county)
    from_city = offices.seal(CITY)
    assert trust(offices, PROVINCE, from_city) == "chain"
    ok(offices, PROVINCE, "receive", from_city)
    with offices.desk(PROVINCE) as desk:
        told = {each.sender: each.facts["trust"] for each in desk.packages.of_period("2023-05", "in", "report")}
    assert told == {CITY: "chain", COUNTY: "chain", SUO: "revoked"}


# roots that change


def test_an_office_is_enrolled_below_one_that_has_two_roots(offices):
    update, new_root = handed_over(offices)
    ok(offices, CITY, "enrol", "root", update, "--fingerprint", new_root)
    set_up_new(offices)
    kit = approved(offices, NEW, CITY)
    untold = offices.call(NEW, "enrol", "install", kit)
    digits = re.search(r"(\d{5} ){5}\d{5}", untold.said)[0]
    assert untold.code == 2
    refused = offices.call(NEW, "enrol", "install", kit, "--fingerprint", "1" * 30)
    assert refused.code == 4
    refused = offices.call(NEW, "enrol", "install", kit, "--fingerprint", new_root)  # does not lead there
    assert refused.code == 4
    ok(offices, NEW, "enrol", "install", kit, "--fingerprint", digits)
    with offices.desk(NEW) as desk:
        assert len(trusting.anchors(desk).roots) == 1
    assert trust(offices, CITY, offices.seal(NEW, nil=True)) == "chain"


def test_the_next_root_is_made_by_one_whose_certificate_holds(offices, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2026-03-25T09:00:00")
    ok(offices, PROVINCE, "enrol", "operator", "--person", "新人")
    monkeypatch.setenv("RISKDESK_NOW", "2026-09-25T09:00:00")
    refused = offices.call(PROVINCE, "enrol", "root", "--person", person(PROVINCE), "--out", offices.usb)
    assert (refused.code, "已经过期" in refused.said) == (3, True)
    update, _ = handed_over(offices)
    assert ok(offices, CITY, "look", update)["verdict"]["signer"].endswith("新人")


def test_of_two_new_roots_the_one_that_was_compared_is_accepted(offices):
    first, number = handed_over(offices)
    second, newest = handed_over(offices)
    assert first != second
    with offices.desk(CITY) as desk, offices.desk(PROVINCE) as above:
        roots = trusting.anchors(above).roots
        kit = kits.kit_of(above, b"")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kits, "kit_of", lambda *_: replace(kit, roots=roots))
            both = kits.distribute(above, keyring.unlock(above, PASSPHRASE), offices.folder / "both").file
        with pytest.raises(VerificationError):
            anchoring.accept_root(desk, both, "1" * 30)
        assert anchoring.accept_root(desk, both, newest).fingerprint == newest
        assert trusting.anchors(desk).roots == (roots[0], roots[2])
        assert anchoring.accept_root(desk, both, number).fingerprint == number


def test_what_the_old_root_certified_is_revoked_by_the_new_one(offices):
    handed_over(offices)
    package = offices.seal(CITY, nil=True)
    assert trust(offices, PROVINCE, package) == "chain"
    told = revoke(offices, PROVINCE, CITY)
    assert trust(offices, PROVINCE, package) == "revoked"
    with offices.desk(SECOND) as desk, desk.store.write("", "test") as writing:
        given, _ = kits.payload_of(desk, Path(told), "data/enrolment.json", "trust")
        from riskdesk.exchange.enrolment import read_kit

        kits.take_kit(desk, writing, read_kit(given))
    assert trust(offices, SECOND, package) == "revoked"
    with offices.desk(SECOND) as desk, desk.store.write("", "test") as writing:
        trusting.take_crls(desk, writing, [], [])  # as with any package that comes later
    assert trust(offices, SECOND, package) == "revoked"


def test_new_keys_of_an_office_say_that_all_below_have_to_be_enrolled_anew(offices):
    reply = replaced(offices, COUNTY, CITY)
    assert "下级单位" in reply.said
    assert "重新申请" in reply.said
    revoke(offices, CITY, COUNTY, "replaced")  # the old certificate only, and with it all that it certified
    assert trust(offices, CITY, offices.seal(COUNTY, nil=True)) == "chain"
    package = offices.seal(SUO, nil=True)
    update = ok(offices, CITY, "enrol", "distribute", "--out", offices.usb)["file"]
    ok(offices, COUNTY, "receive", update)
    assert trust(offices, COUNTY, package) == "retired"


# revoking


def test_revoking_a_lost_key_leaves_the_newer_one_of_the_same_office(offices):
    replaced(offices, COUNTY, CITY)
    revoke(offices, CITY, COUNTY)
    assert [bool(each.revoked_at) for each in issued(offices, CITY, COUNTY)] == [True, False]
    assert trust(offices, CITY, offices.seal(COUNTY, nil=True)) == "chain"
    revoke(offices, CITY, COUNTY)
    assert trust(offices, CITY, offices.seal(COUNTY, "头盔")) == "revoked"


def test_a_renewed_certificate_of_the_same_lost_key_is_revoked_as_well(offices):
    approved(offices, COUNTY, CITY)
    revoke(offices, CITY, COUNTY)
    assert all(each.revoked_at for each in issued(offices, CITY, COUNTY))


def test_revoking_the_lost_key_of_a_person_leaves_the_renewed_one(offices):
    ok(offices, COUNTY, "enrol", "operator", "--person", person(COUNTY))
    revoke(offices, COUNTY, person(COUNTY))
    assert operators(offices, COUNTY) == [person(COUNTY)]
    assert trust(offices, CITY, offices.seal(COUNTY, nil=True)) == "chain"


def test_the_last_one_who_may_sign_is_not_revoked(offices):
    reply = offices.call(COUNTY, "enrol", "revoke", "--whom", person(COUNTY), "--out", offices.usb)
    assert (reply.code, "请先增加另一名签名人" in reply.said) == (2, True)
    assert not any(each.revoked_at for each in issued(offices, COUNTY, person(COUNTY)))


def test_the_list_that_revokes_its_signer_is_signed_by_one_who_stays(offices):
    ok(offices, COUNTY, "enrol", "operator", "--person", "新人")
    update = revoke(offices, COUNTY, person(COUNTY))
    assert operators(offices, COUNTY) == ["新人"]
    assert trust(offices, SUO, update) == "chain"
    ok(offices, SUO, "receive", update)


def test_certificates_that_the_installation_replaced_are_told_as_replaced_and_revoked_with_the_new_one(offices):
    told = issued(offices, COUNTY, person(COUNTY))
    assert [bool(each.replaced_at) for each in told] == [True, False]
    assert not any(each.revoked_at for each in told)
    ok(offices, COUNTY, "enrol", "operator", "--person", "新人")
    revoke(offices, COUNTY, person(COUNTY))
    assert all(each.revoked_at for each in issued(offices, COUNTY, person(COUNTY)))


# lists after a restore


def restored(offices, code, old):
    shutil.rmtree(offices.home(code))
    shutil.copytree(old, offices.home(code))


def test_a_list_after_a_restore_revokes_what_the_one_before_did(offices):
    old = offices.folder / "old"
    shutil.copytree(offices.home(CITY), old)
    ok(offices, SECOND, "receive", revoke(offices, CITY, COUNTY))
    number, revoked = newest_list(offices, CITY)
    restored(offices, CITY, old)
    ok(offices, CITY, "receive", offices.seal(SECOND, nil=True))  # brings the list back
    ok(offices, CITY, "enrol", "operator", "--person", "乙")
    revoke(offices, CITY, "乙", "left")
    again, now_revoked = newest_list(offices, CITY)
    assert again > number
    assert revoked < now_revoked
    assert all(each.revoked_at for each in issued(offices, CITY, COUNTY))
    assert trust(offices, CITY, offices.seal(COUNTY, nil=True)) == "revoked"


@pytest.mark.parametrize("later", ["10:00:00", "10:00:01"])
def test_a_list_after_a_restore_takes_nothing_back_even_if_the_one_before_never_comes_home(offices, monkeypatch, later):
    ok(offices, CITY, "enrol", "operator", "--person", "乙")
    thief = offices.seal(COUNTY, nil=True)  # signed with what will be revoked
    old = offices.folder / "old"
    shutil.copytree(offices.home(CITY), old)
    ok(offices, SECOND, "receive", revoke(offices, CITY, COUNTY))
    number, revoked = newest_list(offices, CITY)
    restored(offices, CITY, old)
    monkeypatch.setenv("RISKDESK_NOW", f"2023-05-20T{later}")
    update = revoke(offices, CITY, "乙", "left")
    again, now_revoked = newest_list(offices, CITY)
    assert again > number or later == "10:00:00"  # a clock that stands still
    assert not revoked & now_revoked  # it does not know
    assert trust(offices, SECOND, thief) == "revoked"
    ok(offices, SECOND, "receive", update)
    with offices.desk(SECOND) as desk:
        lists = map(x509.load_der_x509_crl, trusting.anchors(desk).crls)
        assert {entry.serial_number for each in lists for entry in each} >= revoked | now_revoked
    assert trust(offices, SECOND, thief) == "revoked"
    ok(offices, CITY, "receive", offices.seal(SECOND, nil=True))  # brings the lost list home
    assert trust(offices, CITY, thief) == "revoked"
    ok(offices, CITY, "enrol", "operator", "--person", "丙")
    ok(offices, SECOND, "receive", revoke(offices, CITY, "丙", "left"))
    for code in (CITY, SECOND):
        with offices.desk(code) as desk:
            assert len([each for each in trusting.anchors(desk).crls if signed_by(each, offices, CITY)]) == 1
    assert trust(offices, SECOND, thief) == "revoked"


def signed_by(crl, offices, code):
    with offices.desk(code) as desk:
        key = x509.load_der_x509_certificate(trusting.anchors(desk).own).public_key()
    return x509.load_der_x509_crl(crl).is_signature_valid(key)


def test_a_list_of_an_office_below_is_kept_when_a_package_of_another_comes(offices):
    ok(offices, COUNTY, "enrol", "operator", "--person", "新人")
    thief = offices.seal(COUNTY, nil=True)  # signed with what will be revoked
    revoke(offices, COUNTY, person(COUNTY))
    ok(offices, CITY, "receive", offices.seal(COUNTY, "头盔"))
    assert trust(offices, CITY, thief) == "revoked"
    ok(offices, CITY, "receive", offices.seal(SECOND, nil=True))
    assert trust(offices, CITY, thief) == "revoked"


def test_a_list_of_an_office_that_another_certified_is_kept_when_a_package_of_another_comes(offices):
    ok(offices, STATION, "enrol", "operator", "--person", "新人")
    thief = offices.seal(STATION, "伪造", to=(PROVINCE, CITY))  # signed with what will be revoked
    revoke(offices, STATION, person(STATION))
    ok(offices, CITY, "receive", offices.seal(STATION, "头盔", to=(PROVINCE, CITY), reason="重报"))
    ok(offices, CITY, "receive", offices.seal(SECOND, nil=True))
    assert trust(offices, CITY, thief) == "revoked"
    assert offices.call(CITY, "receive", thief).code == 4


# what the audit log says of it


def logged(offices, code, action):
    """Return what the log tells of the newest such action, and how long that is."""
    with offices.desk(code) as desk:
        rows = desk.store.read("SELECT detail FROM audit WHERE action = ? ORDER BY seq DESC LIMIT 1", (action,))
        assert upkeep.check(desk) == []
    return json.loads(rows[0][0]), len(rows[0][0])


def test_a_change_of_certificates_is_logged_as_what_was_added_and_removed(offices):
    approved(offices, COUNTY, CITY)
    told, _ = logged(offices, CITY, "approve enrolment")
    [change] = told["settings"]["issued"]
    [one] = change["added"]
    [*_, newest] = issued(offices, CITY, COUNTY)
    digest = hashlib.sha256(base64.b64decode(newest.certificate)).hexdigest()
    assert (one["serial"], one["office"], one["certificate"]) == (newest.serial, COUNTY, digest)
    assert change.keys() == {"added"}


def test_a_revocation_is_logged_with_its_reason_and_not_with_all_there_is(offices):
    revoke(offices, CITY, COUNTY, "closed")
    told, size = logged(offices, CITY, "revoke")
    [change] = told["settings"]["issued"]
    assert [(each["office"], each["reason"]) for each in change["changed"]] == [(COUNTY, "closed")]
    [trusted] = told["settings"]["trust"]
    assert len(trusted["crls"]["added"]) == 1
    assert (told["whom"], told["why"]) == (COUNTY, "closed")
    for n in range(5):
        ok(offices, CITY, "enrol", "operator", "--person", f"签名人{n}")
    revoke(offices, CITY, SECOND, "closed")
    assert logged(offices, CITY, "revoke")[1] < size + 300  # as long, however much is trusted and issued


def test_new_people_and_keys_are_logged_by_name_and_digest(offices):
    ok(offices, COUNTY, "enrol", "operator", "--person", "乙")
    told, _ = logged(offices, COUNTY, "add operator")
    [change] = told["settings"]["keys"]
    [one] = change["added"]
    assert (one["person"], len(one["certificate"]), change.keys()) == ("乙", 64, {"added"})
    replaced(offices, COUNTY, CITY)
    [change] = logged(offices, COUNTY, "make keys")[0]["settings"]["keys"]
    assert {each["person"] for each in change["removed"]} == {person(COUNTY), "乙"}
    assert change["fingerprint"]["old"] != change["fingerprint"]["new"]


# small things


def test_a_renewed_operator_keeps_the_place(offices):
    ok(offices, COUNTY, "enrol", "operator", "--person", "乙")
    ok(offices, COUNTY, "enrol", "operator", "--person", person(COUNTY))
    assert operators(offices, COUNTY) == [person(COUNTY), "乙"]


def test_a_recovery_code_without_keys_is_told_in_a_sentence(offices, monkeypatch):
    set_up(offices.home(NEW), NEW, person="丁").close()
    monkeypatch.setenv("RISKDESK_RECOVERY", "AGE-SECRET-KEY-1WRONG")
    reply = offices.call(NEW, "enrol", "replace", "--out", offices.usb)
    assert reply.code == 2
    assert "建立密钥" in reply.said


def test_a_restored_folder_holds_nothing_of_the_other_office_on_the_stick(offices):
    copies = {}
    for code, product in ((COUNTY, "电热毯"), (SECOND, "头盔")):
        offices.seal(code, product)
        copies[code] = ok(offices, code, "backup", "--to", offices.usb)["file"]
    home = offices.folder / "restored"
    with offices.desk(SECOND) as desk:
        escrow = key_folder.escrow_file(desk.settings, desk.home / "keys").name
        kept = {each.file for each in desk.packages.every("out")}
    assert upkeep.restore(Path(copies[SECOND]), home).problems == ()
    assert [each.name for each in (home / "keys").iterdir()] == [escrow]
    assert {each.name for each in (home / "packages").glob("??/*")} == kept


def test_an_encrypted_package_of_an_unknown_office_is_pinned_with_the_keys(offices):
    set_up_new(offices)
    with offices.desk(CITY) as above, offices.desk(NEW) as desk, desk.store.write("", "test") as writing:
        trusting.add_recipients(desk, writing, trusting.recipients(above))
    package = ok(offices, NEW, "seal", "--period", "2023-05", "--nil", "--out", offices.usb)["package"]
    assert package.endswith(".age")
    number = ok(offices, NEW, "enrol", "state")["fingerprint"]
    ok(offices, CITY, "enrol", "pin", package, "--fingerprint", number)
    assert trust(offices, CITY, package) == "pinned"


def test_the_installation_is_one_entry_of_the_log(offices):
    kit = approved(offices, COUNTY, CITY)
    with offices.desk(COUNTY) as desk:
        [[before]] = desk.store.read("SELECT count(*) FROM audit")
        enrolling.install(desk, keyring.unlock(desk, PASSPHRASE), PASSPHRASE, Path(kit))
        [[after]] = desk.store.read("SELECT count(*) FROM audit")
    assert after == before + 1


def test_without_keys_the_keys_are_asked_for(offices):
    with set_up(offices.home(NEW), NEW, person="丁") as desk, pytest.raises(UsageError):
        keyring.unlock(desk, PASSPHRASE)


def test_why_is_told_for_each_certificate(offices):
    revoke(offices, COUNTY, SUO, "closed")
    assert [Why(each.reason) for each in issued(offices, COUNTY, SUO)] == [Why.CLOSED]
