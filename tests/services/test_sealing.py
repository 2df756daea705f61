"""What a report carries and how it may travel: secrets, withdrawals, scans, certificates, and what came before it."""

import datetime as dt
import json
import zipfile

import pytest
from services.quick_offices import CITY, COUNTY, PASSPHRASE, PERIOD, SECOND, SUO, type_in

from riskdesk.domain.records import Marking, Record
from riskdesk.errors import InputError
from riskdesk.exchange import child
from riskdesk.services import (
    approving,
    enrolling,
    entry,
    handed,
    handing_over,
    key_making,
    keyring,
    operators,
    receiving,
    revoking,
    sealing,
    taking,
    undoing,
)
from riskdesk.services.opening import Opening, Source
from riskdesk.services.setup import set_up
from riskdesk.services.workbench import workbench

SECRET = "暗访抽样的安排"


def secret_in(desk, product="电热毯"):
    return entry.save(desk, Record(PERIOD, product=product, content=SECRET, marking=Marking.WORK_SECRET)).object_id


def seal(desk, **wish):
    return sealing.seal(desk, keyring.unlock(desk, PASSPHRASE), sealing.Wish(PERIOD, **wish))


def hand_over(desk, offices, package, **way):
    keys = keyring.unlock(desk, PASSPHRASE)
    return handing_over.hand_over(desk, keys, package, handing_over.Way(offices.usb, **way))


def take(offices, code, *files):
    with offices.desk(code) as desk:
        return taking.take_all(desk, files, keyring.unlock(desk, PASSPHRASE)).packages


def products(offices, code):
    with offices.desk(code) as desk:
        return sorted(row.product for row in desk.records.of_period(PERIOD))


def before(desk, package):
    with zipfile.ZipFile(desk.packages.bytes.place(package.file)) as file:
        return json.loads(file.read("manifest.json")).get("prev", "")


# --- secrets ---


def test_a_work_secret_that_is_sealed_is_never_written_in_clear(offices):
    with offices.desk(SUO) as suo:
        secret_in(suo)
        package = seal(suo, secrets_confirmed=True)
        there = sorted(offices.usb.iterdir())
        with pytest.raises(InputError, match="工作秘密的记录，只能加密报送"):
            hand_over(suo, offices, package, encrypt=False)
        assert sorted(offices.usb.iterdir()) == there
        assert handing_over.handed_over_at(suo, package) == ""
        assert hand_over(suo, offices, package).files[0].name.endswith(".rdpkg.age")


def test_a_withdrawn_work_secret_is_one_still(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        record = secret_in(suo)
        seal(suo, secrets_confirmed=True)
        entry.withdraw(suo, record, "误报")
        ready = sealing.readiness(suo, sealing.Wish(PERIOD, encrypt=False))
        assert any("只能加密报送" in each for each in ready.hindrances)
        package = seal(suo, secrets_confirmed=True)
        with pytest.raises(InputError, match="只能加密报送"):
            hand_over(suo, offices, package, encrypt=False)


def test_a_work_secret_inside_a_package_from_below_is_one_still(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        record = secret_in(suo)
        first = hand_over(suo, offices, seal(suo, secrets_confirmed=True)).files[0]
        entry.withdraw(suo, record, "误报")
        second = hand_over(suo, offices, seal(suo, secrets_confirmed=True)).files[0]
    take(offices, COUNTY, first, second)
    assert products(offices, COUNTY) == ["头盔"]
    with offices.desk(COUNTY) as county:
        with pytest.raises(InputError, match="下级报送包里有标为工作秘密的记录，只能加密报送"):
            seal(county, encrypt=False, secrets_confirmed=True)
        package = seal(county, secrets_confirmed=True)
        with pytest.raises(InputError, match="只能加密报送"):
            hand_over(county, offices, package, encrypt=False)


def test_without_secrets_a_package_may_travel_in_clear(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        package = seal(suo)
        assert hand_over(suo, offices, package, encrypt=False).files[0].name.endswith(".rdpkg")


# --- what a report carries ---


def test_a_withdrawal_is_carried_even_if_the_report_with_it_was_lost(offices):
    take(offices, CITY, offices.seal(COUNTY, "电热毯", "头盔"))
    with offices.desk(COUNTY) as county:
        wrong = next(row.id for row in county.records.every() if row.product == "电热毯")
        entry.withdraw(county, wrong, "误报")
    offices.seal(COUNTY)  # lost on the way
    take(offices, CITY, offices.seal(COUNTY, "儿童座椅"))
    assert products(offices, CITY) == products(offices, COUNTY) == ["儿童座椅", "头盔"]


def test_a_withdrawal_is_carried_even_if_it_went_to_another_office_before(offices):
    take(offices, CITY, offices.seal(COUNTY, "电热毯", "头盔"))
    with offices.desk(COUNTY) as county:
        wrong = next(row.id for row in county.records.every() if row.product == "电热毯")
        entry.withdraw(county, wrong, "误报")
    offices.seal(COUNTY, to=(SECOND,))
    take(offices, CITY, offices.seal(COUNTY))
    assert products(offices, CITY) == ["头盔"]


def test_the_package_before_is_the_last_one_to_the_same_offices(offices):
    with offices.desk(COUNTY) as county:
        type_in(county, "电热毯")
        first = seal(county)
        aside = seal(county, to=(SECOND,))
        assert before(county, aside) == ""
        type_in(county, "头盔")
        second = seal(county)
        assert before(county, second) == first.id
        assert [each.number for each in (first, aside, second)] == [1, 2, 3]


def test_other_scans_make_the_next_report_and_the_same_ones_do_not(offices, tmp_path):
    scan = tmp_path / "盖章件.jpg"
    scan.write_bytes(b"\xff\xd8 stamped")
    with offices.desk(COUNTY) as county:
        type_in(county, "电热毯")
        first = seal(county)
        second = seal(county, scans=(scan,))
        assert (first.number, second.number) == (1, 2)
        assert seal(county, scans=(scan,)).id == second.id
        with zipfile.ZipFile(county.packages.bytes.place(second.file)) as file:
            assert file.read("report/scan001.jpg") == scan.read_bytes()


def test_nothing_changed_gives_the_same_package(offices):
    with offices.desk(COUNTY) as county:
        type_in(county, "电热毯")
        assert seal(county).id == seal(county).id


# --- certificates ---


def test_what_was_sealed_before_being_enrolled_is_sealed_anew_afterwards(template, offices):
    new = "140107-JU"
    with set_up(offices.home(new), new, person="赵六", phone="0351-1") as office:
        key_making.make_keys(office, PASSPHRASE)
        type_in(office, "电热毯")
        assert (
            "上级还没有签发证书，收件单位要先登记本单位。" in sealing.readiness(office, sealing.Wish(PERIOD)).warnings
        )
        first = seal(office)
        keys = keyring.unlock(office, PASSPHRASE)
        asked = enrolling.ask(office, keys, offices.usb)
        with offices.desk(CITY) as city:
            ours = keyring.unlock(city, PASSPHRASE)
            kit = approving.approve(city, ours, asked.file, asked.fingerprint, offices.usb)
        enrolling.install(office, keys, PASSPHRASE, kit.file, enrolling.root_of(office, kit.file))
        assert not [each for each in sealing.readiness(office, sealing.Wish(PERIOD)).warnings if "签发证书" in each]
        after = seal(office)
        assert (first.number, after.number) == (1, 2)
        file = hand_over(office, offices, after, encrypt=False).files[0]
    [one] = take(offices, CITY, file)
    assert one.plan.counts()["new"] == 1


def test_nothing_is_sealed_with_a_certificate_that_does_not_hold_now(offices, monkeypatch):
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
        monkeypatch.setenv("RISKDESK_NOW", "2026-06-01T09:00:00")
        with pytest.raises(InputError, match="签名证书已经过期"):
            seal(suo)
        monkeypatch.setenv("RISKDESK_NOW", "2023-05-01T09:00:00")
        with pytest.raises(InputError, match="签名证书还没有生效"):
            seal(suo)


def test_nothing_is_sealed_with_a_certificate_that_a_list_which_we_hold_revokes(offices):
    with offices.desk(COUNTY) as county:
        told = revoking.revoke(county, keyring.unlock(county, PASSPHRASE), SUO, revoking.Why.LOST, offices.usb)
    with offices.desk(SUO) as suo:
        [taken] = taking.take_all(suo, [told.file], None).packages
        assert taken.run_id
        type_in(suo, "电热毯")
        with pytest.raises(InputError, match="签名证书已被吊销"):
            seal(suo)


def test_after_the_certificate_is_renewed_the_old_package_is_not_handed_over_again(offices, monkeypatch):
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
        old = seal(suo)
        operators.add_operator(suo, keyring.unlock(suo, PASSPHRASE), PASSPHRASE, keyring.state(suo).operators[0].person)
        assert seal(suo).number == old.number + 1


# --- taking back ---


def test_what_was_sealed_but_never_written_is_not_sent(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
        package = seal(suo)
        step = {each.title: each.done for each in workbench(suo).steps}
        assert (step["封存"], step["送出"]) == (True, False)
        assert handed.newest_sent(suo, PERIOD).handed_at == ""
        hand_over(suo, offices, package)
        assert {each.title: each.done for each in workbench(suo).steps}["送出"]
        assert dt.datetime.fromisoformat(handed.newest_sent(suo, PERIOD).handed_at)


def test_a_package_that_was_handed_on_is_not_taken_back_not_even_a_nil_one(offices):
    [one] = take(offices, COUNTY, offices.seal(SUO, nil=True))
    offices.seal(COUNTY, nil=True)
    with offices.desk(COUNTY) as county, pytest.raises(InputError, match="第 1 次报送封存上报，不能撤销接收"):
        undoing.undo(county, one.run_id)


def test_an_import_from_below_that_a_later_one_followed_names_the_later_one(offices):
    [one] = take(offices, COUNTY, offices.seal(SUO, "电热毯"))
    with offices.desk(SUO) as suo:
        [row] = suo.records.every()
        step = entry.current(suo, row.id)
        entry.save(suo, entry.record_of(step).edited(content="绝缘不合格，共三批"), row.id, reason="更正")
    [two] = take(offices, COUNTY, offices.seal(SUO, reason="更正"))
    with offices.desk(COUNTY) as county:
        with pytest.raises(InputError, match=f"请先撤销后来的那次导入（编号 {two.run_id}）"):
            undoing.undo(county, one.run_id)
        undoing.undo(county, two.run_id)
        undoing.undo(county, one.run_id)


def test_secrets_that_were_not_taken_from_a_package_are_seen_all_the_same(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        secret_in(suo)
        file = hand_over(suo, offices, seal(suo, secrets_confirmed=True)).files[0]
    with offices.desk(COUNTY) as county:
        keys = keyring.unlock(county, PASSPHRASE)
        with child.GuardedVerifier() as verifier:
            source = Source(file.name, (file,))
            looked = receiving.look(county, Opening(county, source, verifier, keys))
            wanted = next(row.object_id for row in looked.plan.rows if row.record.product == "头盔")
            receiving.take(county, Opening(county, source, verifier, keys), chosen=[wanted])
        ready = sealing.readiness(county, sealing.Wish(PERIOD, encrypt=False))
        assert any("只能加密报送" in each for each in ready.hindrances)


# --- what a person reads ---


def test_an_addressee_without_a_key_is_told_by_its_name(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        ready = sealing.readiness(suo, sealing.Wish(PERIOD, to=(COUNTY, "140000-ZD99")))
        assert ready.unknown == ("140000-ZD99",)
        ready = sealing.readiness(suo, sealing.Wish(PERIOD, to=(SECOND,)))
        assert ready.unknown == ("太原市迎泽区市场监督管理局",)
        assert any("还没有太原市迎泽区市场监督管理局的加密公钥" in each for each in ready.warnings)


def test_what_came_from_below_is_to_be_checked_too_and_returned_if_wrong(offices):
    take(offices, COUNTY, offices.seal(SUO, "头盔"))
    with offices.desk(COUNTY) as county:
        [told] = [each for each in sealing.readiness(county, sealing.Wish(PERIOD)).warnings if "待核" in each]
        assert told == "1 条记录待核。其中 1 条由下级报来，要补正的请在“收发”中退回。"
        seen = workbench(county)
        assert seen.unchecked == 1
        assert (seen.steps[1].done, seen.steps[1].note) == (True, "1 条待核（都由下级报来，可以退回）")
        assert [step.title for step in seen.steps if step.current] == ["封存"]
        type_in(county, "电热毯")
        assert [step.title for step in workbench(county).steps if step.current] == ["校核"]


def test_a_second_copy_keeps_its_endings_and_its_slip_bears_its_name(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "头盔")
        package = seal(suo)
        stem = package.file_name.removesuffix(".rdpkg")
        hand_over(suo, offices, package)
        second = [each.name for each in hand_over(suo, offices, package).files]
        assert second == [f"{stem} (2).rdpkg.age", f"{stem} (2)_交接单.pdf"]
        third = [each.name for each in hand_over(suo, offices, package, volume=20_000).files]
        assert third[0] == f"{stem} (3).rdpkg.age.001"
        assert third[-1] == f"{stem} (3)_交接单.pdf"
        plain = hand_over(suo, offices, package, encrypt=False).files[0].name
        assert plain == f"{stem} (4).rdpkg"
