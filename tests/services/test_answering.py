"""Answers on their way down: what nobody else may read, and that nothing is noted of what was not written."""

import shutil
import zipfile

import pytest
from services.quick_offices import COUNTY, PASSPHRASE, PERIOD, SUO, take, type_in

from riskdesk.domain.records import Marking, Record
from riskdesk.errors import FileFaultError, InputError
from riskdesk.services import answering, entry, handed, handing_over, keyring, sealing, trusting, undoing
from riskdesk.services.desk import Desk

SECRETS = ("暗访抽样甲", "暗访抽样乙")


def answer(desk, package, folder, **returns):
    return answering.answer(desk, keyring.unlock(desk, PASSPHRASE), package, returns, folder)


def forked_secret(offices):
    """Let the 所 report two versions of one secret record from two computers; return the last package and the record."""
    with offices.desk(SUO) as suo:
        record = Record(PERIOD, product="电热毯", content="暗访抽样", marking=Marking.WORK_SECRET)
        object_id = entry.save(suo, record).object_id
        base = offices.seal_secretly(suo)
    shutil.copytree(offices.home(SUO), offices.home("second"))
    files = [base]
    for home, text in zip((SUO, "second"), SECRETS, strict=True):
        with Desk(offices.home(home), offices.reference) as desk:
            step = entry.current(desk, object_id)
            entry.save(desk, entry.record_of(step).edited(content=text), object_id, reason="更正")
            files.append(offices.seal_secretly(desk))
    with offices.desk(COUNTY) as county:
        taken = take(county, *files)
    return taken[-1].package, object_id


@pytest.fixture
def secretive(offices, monkeypatch):
    def seal_secretly(desk):
        keys = keyring.unlock(desk, PASSPHRASE)
        package = sealing.seal(desk, keys, sealing.Wish(PERIOD, secrets_confirmed=True))
        return handing_over.hand_over(desk, keys, package, handing_over.Way(offices.usb)).files[0]

    offices.seal_secretly = seal_secretly
    return offices


def test_an_answer_is_encrypted_to_the_office_it_is_for(secretive):
    package, record = forked_secret(secretive)
    with secretive.desk(COUNTY) as county:
        done = answer(county, package, secretive.usb, **{record: "请选定一个版本"})
    assert done.file.name.endswith(".rdpkg.age")
    assert not zipfile.is_zipfile(done.file)
    with secretive.desk(SUO) as suo:
        [one] = take(suo, done.file)
        assert one.run_id
        assert {row.record.content for row in one.plan.rows} == set(SECRETS)


def test_without_the_key_of_the_office_work_secrets_stay_out_of_the_answer(secretive):
    package, record = forked_secret(secretive)
    with secretive.desk(COUNTY) as county:
        known = trusting.recipients(county)
        with county.store.write("test", "test") as writing:
            county.settings.put(writing, "recipients", {code: key for code, key in known.items() if code != SUO})
        done = answer(county, package, secretive.usb, **{record: "请选定一个版本"})
    assert done.file.suffix == ".rdpkg"
    with zipfile.ZipFile(done.file) as file:
        said = file.read("data/answer.json").decode()
    assert "请选定一个版本" in said
    assert not any(text in said for text in SECRETS)
    with secretive.desk(SUO) as suo:
        [one] = take(suo, done.file)
        assert one.run_id


def test_an_answer_that_cannot_be_written_is_not_noted(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    blocked = tmp_path / "U盘"
    blocked.write_text("a file, not a folder")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        with pytest.raises(FileFaultError):
            answer(county, one.package, blocked)
        assert handed.came(county)[0].answers == 0
        assert answer(county, one.package, offices.usb).file.name.endswith("r1-1.rdpkg.age")
        assert handed.came(county)[0].answers == 1


def test_what_was_answered_is_not_taken_back(offices):
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
    file = offices.seal(SUO)
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        answer(county, one.package, offices.usb)
        with pytest.raises(InputError, match="发出 1 次回执，不能撤销接收"):
            undoing.undo(county, one.run_id)
        assert [row.product for row in county.records.every()] == ["电热毯"]


def test_a_beginning_of_an_id_returns_the_one_record_that_it_means_and_no_other(offices, tmp_path):
    file = offices.seal(SUO, "电热毯", "头盔")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        records = [row.id for row in county.records.every()]
    both = records[0][: next(at for at, two in enumerate(zip(*records, strict=True)) if len(set(two)) > 1)]
    assert len(both) >= 6  # ids begin with their time
    out = tmp_path / "回执"
    reply = offices.call(COUNTY, "answer", one.package, "--return", f"{both}=请补充", "--out", out)
    assert reply.code == 3
    assert f"2 条记录的编号以 {both} 开头" in reply.said
    assert not out.exists() or not list(out.iterdir())
    longer = records[0][: len(both) + 1]
    reply = offices.call(COUNTY, "answer", one.package, "--return", f"{longer}=请补充", "--out", out)
    assert (reply.code, reply.data["received"], reply.data["returned"]) == (0, 1, 1)


def test_a_reason_for_a_record_that_is_not_in_the_package_or_none_is_refused(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        [one] = take(county, file)
        [row] = county.records.every()
    for given, told in (("ffffff=请补充", "没有编号为 ffffff 的记录"), (f"{row.id}= ", "没有写原因")):
        reply = offices.call(COUNTY, "answer", one.package, "--return", given, "--out", tmp_path / "回执")
        assert reply.code == 3
        assert told in reply.said
