"""Taking in, taking back, answering and counting, as services see it: what a person is told, and what nobody may do."""

import csv

import pytest
from services.quick_offices import CITY, COUNTY, PASSPHRASE, PERIOD, SECOND, SUO, take

from riskdesk.domain.handoff import ReportState
from riskdesk.errors import InputError
from riskdesk.exchange.child import GuardedVerifier
from riskdesk.services import answering, correcting, entry, handed, keyring, receiving, taking, undoing, upkeep
from riskdesk.services.completeness import completeness
from riskdesk.services.opening import Opening, Source


def answer(desk, offices, package, **returns):
    return answering.answer(desk, keyring.unlock(desk, PASSPHRASE), package, returns, offices.usb)


def test_some_records_of_a_package_are_taken_and_the_rest_later_is_offered_again(offices):
    file = offices.seal(SUO, "电热毯", "头盔")
    with offices.desk(COUNTY) as county, GuardedVerifier() as verifier:
        source = Source(file.name, (file,))
        looked = receiving.look(county, Opening(county, source, verifier))
        assert county.records.every() == []
        wanted = next(row.object_id for row in looked.plan.rows if row.record.product == "头盔")
        some = receiving.take(county, Opening(county, source, verifier), chosen=[wanted])
        assert [row.product for row in county.records.every()] == ["头盔"]
        undoing.undo(county, some.run_id)
        [everything] = take(county, file)
        assert everything.plan.counts()["new"] == 2
        assert sorted(row.product for row in county.records.every()) == ["头盔", "电热毯"]
        assert upkeep.check(county) == []


def test_an_import_is_not_taken_back_once_it_stands_in_a_sealed_report(offices):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
    offices.seal(COUNTY)
    reply = offices.call(COUNTY, "undo", one.run_id)
    assert reply.code == 3
    assert "封存的报送，不能撤销" in reply.said
    assert len(offices.call(COUNTY, "list").data) == 1


def test_an_import_is_not_taken_back_once_something_follows_it(offices):
    first = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        [one] = take(county, first)
    with offices.desk(SUO) as suo:
        [row] = suo.records.every()
        correcting.correct(suo, row.id, {"content": "绝缘不合格，共三批"}, "核实后更正")
    second = offices.seal(SUO, reason="更正")
    with offices.desk(COUNTY) as county:
        [two] = take(county, second)
        with pytest.raises(InputError, match="之后又修改过"):
            undoing.undo(county, one.run_id)
        undoing.undo(county, two.run_id)
        undoing.undo(county, one.run_id)
        assert county.records.every() == []
        assert [run.is_undone for run in undoing.imports(county)] == [True, True]
        assert upkeep.check(county) == []


def test_the_reason_of_a_return_is_read_below_and_goes_away_with_the_answer(offices):
    file = offices.seal(SUO, "电热毯", "头盔")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        helmet = next(row.id for row in county.records.every() if row.product == "头盔")
        receipt = answer(county, offices, one.package, **{helmet: "请写明批次"})
    with offices.desk(SUO) as suo:
        [came] = take(suo, receipt.file)
        sent = handed.newest_sent(suo, PERIOD)
        [back] = sent.returned
        assert (back.product, back.reason, back.office) == ("头盔", "请写明批次", "太原市小店区市场监督管理局")
        assert sent.waiting == ()
        undoing.undo(suo, came.run_id)
        assert handed.newest_sent(suo, PERIOD).returned == ()
        assert {row.handed for row in suo.records.every()} == {1}
        assert upkeep.check(suo) == []


def test_answers_out_of_order_and_twice_come_to_the_last_one(offices):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        [row] = county.records.every()
        returned = answer(county, offices, one.package, **{row.id: "请补正"})
        received = answer(county, offices, one.package)
    with offices.desk(SUO) as suo:
        for receipt in (received, returned, received):
            take(suo, receipt.file)
        assert [row.handed for row in suo.records.every()] == [2]
        assert handed.newest_sent(suo, PERIOD).returned == ()


def test_nil_late_returned_missing_and_unsigned_are_told_apart(offices, monkeypatch, tmp_path):
    nil = offices.seal(COUNTY, nil=True)
    form = tmp_path / "杏花岭.csv"
    with form.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["填报单位：太原市杏花岭区市场监督管理局", "", "", "填报时间：2023年5月24日"])
        writer.writerow(["涉及产品", "涉及企业数量", "涉及区域", "风险信息内容", "信息分析", "初步建议", "信息来源"])
        writer.writerow(["取暖器", "2", "杏花岭区", "倾倒后不断电", "开关失效", "责令整改", "1"])
    with offices.desk(CITY) as city:
        assert completeness(city, PERIOD).received == 0
        [(_, typed)] = taking.take_all(city, [form], None).forms
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-29T09:00:00")  # the 25th has passed
    late = offices.seal(SECOND, "安全帽", late="系统故障")
    with offices.desk(CITY) as city:
        taken = taking.take_all(city, [nil, late], None)
        found = completeness(city, PERIOD)
        told = {each.code: (each.state, each.late, each.signed) for each in found.offices}
        assert told[COUNTY] == (ReportState.NIL, False, True)
        assert told[SECOND] == (ReportState.RECEIVED, True, True)
        unsigned = [each for each in found.offices if each.state is not ReportState.MISSING and not each.signed]
        assert [each.name for each in unsigned] == ["太原市杏花岭区市场监督管理局"]
        assert (found.received, len(found.missing)) == (3, len(found.offices) - 3)
        second = next(one for one in taken.packages if one.verdict.office == SECOND)
        [row] = [row for row in city.records.every() if row.product == "安全帽"]
        answer(city, offices, second.package, **{row.id: "请补正"})
        again = {each.code: (each.state, each.late) for each in completeness(city, PERIOD).offices}
        assert again[SECOND] == (ReportState.RETURNED, True)
        undoing.undo(city, typed.id)
        assert completeness(city, PERIOD).received == 2


def test_a_folder_restored_from_a_backup_says_what_to_do_about_its_keys(offices, tmp_path):
    offices.seal(SUO, "电热毯")
    copy = offices.call(SUO, "backup", "--to", tmp_path / "U盘").data["file"]
    restored = offices.folder / "restored"
    assert offices.call("restored", "restore", copy).code == 0
    reply = offices.call("restored", "seal", "--period", PERIOD, "--out", offices.usb)
    assert reply.code == 3
    assert all(word in reply.said for word in ("密钥文件不在数据文件夹中", "请更换密钥", "数据不受影响"))
    assert [each["product"] for each in offices.call("restored", "list").data] == ["电热毯"]
    assert offices.call("restored", "check").code == 0
    assert restored.is_dir()


def test_after_the_keys_are_lost_new_ones_are_made_certified_and_used(offices, tmp_path):
    offices.seal(SUO, "电热毯")
    for file in (offices.home(SUO) / "keys").iterdir():
        file.unlink()
    assert offices.call(SUO, "enrol", "replace", "--out", offices.usb).code == 0
    asked = offices.call(SUO, "enrol", "request", "--out", offices.usb)
    assert asked.code == 0, asked.said
    kit = offices.call(
        COUNTY, "enrol", "approve", asked.data["file"], "--fingerprint", asked.data["fingerprint"], "--out", offices.usb
    )
    assert kit.code == 0, kit.said
    installed = offices.call(SUO, "enrol", "install", kit.data["file"])
    assert installed.code == 0, installed.said
    file = offices.seal(SUO, "头盔")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        assert (one.plan.counts()["new"], str(one.verdict.standing)) == (2, "chain")


def test_what_is_changed_by_hand_after_taking_is_refused_for_the_office_of_origin_alone_revises(offices):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        take(county, file)
        [row] = county.records.every()
        record = entry.record_of(county.revisions.by_hash(row.revision))
        with pytest.raises(InputError):
            entry.save(county, record.edited(content="上级改的"), row.id, base=row.revision)
