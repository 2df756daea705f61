"""What `receive` and `look` tell by command: what was taken when somebody stops them, what an answer says, and how to decide."""

import contextlib
import shutil
import signal
import sqlite3

import pytest
from conftest import CORPUS
from services.quick_offices import CITY, COUNTY, PERIOD, SECOND, SUO, InProcess, sealed, type_in

from riskdesk.cli.main import main
from riskdesk.errors import Cancelled, StoreError
from riskdesk.exchange import child, volumes
from riskdesk.services import choosing, correcting, receipts, taking
from riskdesk.services.choosing import Choice, Stopped, take_chosen
from riskdesk.services.desk import DATA_FILE

GARBAGE = b"PK\x03\x04" + b"\0" * 200


@pytest.fixture(autouse=True)
def heard():
    """Let Ctrl-C be heard as in a terminal: what runs the tests may have it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def said(offices, capsys):
    """Return what a command says to people, after its exit code."""

    def run(code, *arguments):
        done = main(["--home", str(offices.home(code)), *map(str, arguments)])
        told = capsys.readouterr()
        return done, told.out, told.err

    return run


def listed(offices, code):
    return sorted(each["product"] for each in offices.call(code, "list").data)


def interrupted(monkeypatch, at, times=1):
    """Let Ctrl-C come while the package of that number is verified."""

    class Interrupted(InProcess):
        fetched = 0

        def fetch(self):
            Interrupted.fetched += 1
            if Interrupted.fetched == at:
                for _ in range(times):
                    signal.raise_signal(signal.SIGINT)
            return super().fetch()

    monkeypatch.setattr(child, "GuardedVerifier", Interrupted)


# --- Ctrl-C ---


def test_ctrl_c_tells_what_was_taken_and_how_many_were_not_touched(offices, tmp_path, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔"), tmp_path / "三.rdpkg", tmp_path / "四.xlsx"
    for each in files[2:]:
        each.write_bytes(GARBAGE)
    interrupted(monkeypatch, at=2)
    reply = offices.call(CITY, "receive", *files, "--receipt-to", tmp_path / "回执")
    assert reply.code == 130
    told = [(each["file"], each["outcome"]) for each in reply.data["files"]]
    assert told == [(files[0].name, "taken"), (files[1].name, "taken")]
    assert reply.data["untouched"] == [files[2].name, files[3].name]
    assert "处理了 2 个包或表格，其余 2 个没有接收" in reply.said
    assert {each["receipt"] for each in reply.data["files"]} == set(map(str, (tmp_path / "回执").iterdir()))
    assert listed(offices, CITY) == ["头盔", "插座"]
    assert offices.call(CITY, "check").code == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_says_the_same_in_words(offices, said, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    interrupted(monkeypatch, at=1)
    code, out, err = said(CITY, "receive", *files)
    assert code == 130
    assert f"{files[0].name}：" in out
    assert "读入 1 条：新增 1" in out
    assert files[1].name not in out
    assert "其余 1 个没有接收，可以再次接收" in err
    assert listed(offices, CITY) == ["插座"]
    assert offices.call(CITY, "receive", files[1]).data["files"][0]["outcome"] == "taken"


def test_ctrl_c_during_the_last_one_leaves_nothing_out(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    interrupted(monkeypatch, at=2)
    reply = offices.call(CITY, "receive", *files)
    assert (reply.code, reply.data["untouched"], len(reply.data["files"])) == (0, [], 2)


@pytest.mark.parametrize(("count", "times"), [(1, 1), (2, 2)])
def test_ctrl_c_in_the_only_package_and_a_second_one_interrupt_at_once(offices, monkeypatch, count, times):
    files = [offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")][:count]
    interrupted(monkeypatch, at=1, times=times)
    reply = offices.call(CITY, "receive", *files)
    assert (reply.code, reply.data) == (130, None)
    assert "已中断" in reply.said
    assert listed(offices, CITY) == []
    assert offices.call(CITY, "check").code == 0


def test_ctrl_c_in_the_last_form_tells_all_and_writes_receipts(offices, tmp_path, monkeypatch):
    files, form = [offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")], tmp_path / "表.csv"
    form.write_bytes((CORPUS / "forms" / "12_gb18030.csv").read_bytes())
    do = taking.import_files

    def pressed(*given):
        signal.raise_signal(signal.SIGINT)
        return do(*given)

    monkeypatch.setattr(taking, "import_files", pressed)
    reply = offices.call(CITY, "receive", *files, form, "--receipt-to", tmp_path / "回执")
    assert [each["outcome"] for each in reply.data["files"]] == ["taken", "taken", "unsigned"]
    assert reply.data["untouched"] == []
    assert len(list((tmp_path / "回执").iterdir())) == 2


def test_ctrl_c_while_the_receipt_of_the_only_package_is_written_finishes_it(offices, tmp_path, monkeypatch):
    write = receipts.write_receipts

    def pressed(*given):
        signal.raise_signal(signal.SIGINT)
        return write(*given)

    monkeypatch.setattr(receipts, "write_receipts", pressed)
    reply = offices.call(CITY, "receive", offices.seal(COUNTY, "插座"), "--receipt-to", tmp_path / "回执")
    assert reply.code == 0
    assert [reply.data["files"][0]["receipt"]] == [str(each) for each in (tmp_path / "回执").iterdir()]
    assert "正在写完" in reply.said


class Gone:
    """A stream whose reader went away."""

    encoding = "utf-8"

    def write(self, _text):
        raise BrokenPipeError

    def flush(self):
        raise BrokenPipeError

    def isatty(self):
        return False


def test_ctrl_c_that_nobody_reads_of_stops_the_work_all_the_same(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    interrupted(monkeypatch, at=1)
    heard = signal.raise_signal

    def unread(number):
        with monkeypatch.context() as patch:
            patch.setattr("sys.stderr", Gone())
            heard(number)

    monkeypatch.setattr(signal, "raise_signal", unread)
    reply = offices.call(CITY, "receive", *files)
    assert (reply.code, reply.data["untouched"]) == (130, [files[1].name])


def test_who_does_not_read_the_answer_has_its_exit_code_all_the_same(offices, tmp_path, monkeypatch):
    bad = tmp_path / "坏.rdpkg"
    bad.write_bytes(GARBAGE)
    monkeypatch.setattr("sys.stdout", Gone())
    assert main(["--home", str(offices.home(CITY)), "receive", str(bad)]) != 0


def test_ctrl_c_stays_ignored_in_the_background_of_a_script(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    interrupted(monkeypatch, at=1)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert offices.call(CITY, "receive", *files).code == 0
    finally:
        signal.signal(signal.SIGINT, before)


# --- stopping, by command and in the window ---


def stop_after(count):
    def stop(done, *_):
        if done == count:
            raise Cancelled

    return stop


def test_who_stops_in_the_window_hears_what_was_taken_and_its_volumes_are_forgotten(offices, tmp_path):
    file, other = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    parts = volumes.split(file, tmp_path, file.stat().st_size // 2)
    with offices.desk(CITY) as city:
        seen = taking.look_at(city, [*parts, other], None).packages
        sources = sorted((each.source for each in seen), key=lambda each: not each.is_gathered)
        with pytest.raises(Stopped) as stop:
            take_chosen(city, list(map(Choice, sources)), None, stop_after(1))
        [taken] = stop.value.received
        assert taken.run_id
        assert city.packages.get(taken.package)
    assert [each for each in (offices.home(CITY) / "volumes").rglob("*") if each.is_file()] == []
    assert listed(offices, CITY) == ["插座"]


def test_stopping_between_two_forms_keeps_the_first(offices, tmp_path):
    forms = [tmp_path / "一.csv", tmp_path / "二.csv"]
    for form, product in zip(forms, ("插座", "头盔"), strict=True):
        head = "涉及产品,涉及企业数量,涉及区域,风险信息内容,信息分析,初步建议,信息来源"
        form.write_text(f"{head}\n{product},,,外壳开裂，缓冲层缺失,,,\n", encoding="utf-8-sig")
    with offices.desk(COUNTY) as county:
        done = taking.take_all(county, forms, None, stop_after(1))
    assert ([path for path, _ in done.forms], done.untouched) == ([forms[0]], ("二.csv",))
    assert listed(offices, COUNTY) == ["插座"]


def test_nothing_is_told_as_taken_if_the_commit_at_the_stop_fails(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    monkeypatch.setattr(choosing, "_LONGEST", 1000.0)
    with contextlib.closing(sqlite3.connect(offices.home(CITY) / DATA_FILE)) as other:

        def stop(done, *_):
            if done == 1:  # another program reads, so that nothing can be committed
                other.execute("BEGIN")
                other.execute("SELECT count(*) FROM record").fetchone()
                raise Cancelled

        city = offices.desk(CITY)
        city.store.connection.execute("PRAGMA busy_timeout = 10")
        with city, pytest.raises(StoreError):
            taking.take_all(city, files, None, stop)
    assert listed(offices, CITY) == []


# --- what cannot be believed ---


def test_nothing_is_counted_of_what_cannot_be_believed(offices, said, tmp_path):
    file = offices.seal(SUO, "电热毯")
    broken = tmp_path / "坏.rdpkg"
    broken.write_bytes(file.read_bytes()[:-500])
    code, out, _ = said(COUNTY, "look", broken)
    assert code == 4
    assert "读入" not in out
    assert "读入" not in said(COUNTY, "receive", broken, tmp_path / "没有.rdpkg")[1]
    assert offices.call(COUNTY, "look", broken).data["plan"]["read"] == 0
    assert "读入 1 条" in said(COUNTY, "look", file)[1]


def test_programs_hear_whether_it_was_signed_and_whether_it_could_be_read(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    broken = tmp_path / "坏.rdpkg"
    broken.write_bytes(GARBAGE)
    reply = offices.call(COUNTY, "receive", broken, tmp_path / "没有.rdpkg", file, file)
    told = [(each["outcome"], each["signed"]) for each in reply.data["files"]]
    assert sorted(told) == [("failed", False), ("refused", False), ("refused", True), ("taken", True)]


# --- answers ---


def test_a_receipt_tells_what_it_decides(offices, said, tmp_path):
    file = offices.seal(SUO, "头盔", "电热毯", "取暖器")
    one = offices.call(COUNTY, "receive", file).data["files"][0]
    assert one["answer"] is None
    helmet = next(each["record"] for each in one["rows"] if each["product"] == "头盔")
    wanted = ("answer", one["package"], "--return", f"{helmet}=请写明批次", "--out", tmp_path)
    receipt = offices.call(COUNTY, *wanted).data["receipt"]
    decided = "回执：收到 2 条，退回 1 条（头盔：请写明批次），采用 0 条"
    code, out, _ = said(SUO, "look", receipt)
    assert (code, decided in out.splitlines(), "读入" in out) == (0, True, False)
    shutil.copytree(offices.home(SUO), offices.home("second"))
    assert decided in said("second", "receive", receipt)[1]
    answer = offices.call(SUO, "receive", receipt).data["files"][0]["answer"]
    assert (answer["about"], answer["received"], answer["returned"], answer["adopted"]) == (one["package"], 2, 1, 0)
    [returned] = [each for each in answer["records"] if each["decision"] == "returned"]
    assert returned == {"record": helmet, "product": "头盔", "decision": "returned", "reason": "请写明批次"}


def test_a_report_without_records_is_still_counted(offices, said):
    with offices.desk(SUO) as suo:
        file = sealed(suo, offices, nil=True)
    assert "读入 0 条" in said(COUNTY, "receive", file)[1]


def test_what_went_on_in_the_same_package_is_told_as_history(offices, said):
    first = offices.seal(SUO, "头盔")
    with offices.desk(SUO) as suo:
        [row] = suo.records.every()
        correcting.correct(suo, row.id, {"content": "共三批"}, "核实后更正")
    said(COUNTY, "receive", first, offices.seal(SUO, reason="更正"))
    assert "头盔：旧内容，包内有它之后的版本" in said(CITY, "receive", offices.seal(COUNTY))[1]


@pytest.mark.parametrize("content", [b"%PDF-1.7 a slip", b"text", b""])
def test_what_is_no_package_is_told_as_that_before_anything_looks_into_it(offices, tmp_path, monkeypatch, content):
    file = tmp_path / "选错了.rdpkg"
    file.write_bytes(content)
    monkeypatch.setattr(InProcess, "begin", None)
    reply = offices.call(COUNTY, "receive", file)
    assert reply.code == 4
    assert reply.data["files"][0]["verdict"]["reason"] == "not_a_package"


# --- two versions ---


@pytest.fixture
def forked(offices):
    """A record that two computers of the 所 changed apart from each other: its id, the first report and the two after it."""
    with offices.desk(SUO) as suo:
        [step] = type_in(suo, "头盔")
        first = sealed(suo, offices)
    shutil.copytree(offices.home(SUO), offices.home("second"))
    files = []
    for code, content in (SUO, "甲"), ("second", "乙"):
        with offices.desk(code) as desk:
            correcting.correct(desk, step.object_id, {"content": content}, "核实后更正")
            files.append(sealed(desk, offices, reason="更正"))
    return step.object_id, first, files


def test_two_versions_from_below_are_told_with_the_command_that_returns_them(offices, said, forked):
    record, first, (one, other) = forked
    offices.call(COUNTY, "receive", first, one)
    looked = offices.call(COUNTY, "look", other)
    wanted = f"riskdesk answer {looked.data['package'][:12]} --return {record}=原因"
    assert (looked.code, record in looked.said, f"接收后，记录 {record}" in looked.said) == (5, True, True)
    code, _, err = said(COUNTY, "receive", other)
    assert (code, record in err, wanted in err, "--keep" in err) == (5, True, True, False)
    code, out, err = said(COUNTY, "list")
    assert (code, "版本冲突" in out, record in err, "--return" in err) == (0, True, True, True)
    code, _, err = said(COUNTY, "seal", "--period", PERIOD, "--out", offices.usb)
    assert (code, "riskdesk list" in err) == (5, True)


def test_two_versions_of_an_own_record_are_told_with_the_command_that_decides(offices, said, forked, tmp_path):
    record, first, files = forked
    package = offices.call(COUNTY, "receive", first, *files).data["files"][-1]["package"]
    wanted = ("answer", package, "--return", f"{record}=请选定一个版本", "--out", tmp_path)
    receipt = offices.call(COUNTY, *wanted).data["receipt"]
    code, out, err = said(SUO, "receive", receipt)
    assert (code, "退回 1 条（头盔：请选定一个版本）" in out) == (5, True)
    assert (record in err, f"riskdesk correct {record} --keep 版本编号 --reason 原因" in err, "--return" in err) == (
        True,
        True,
        False,
    )
    assert "--keep" in said(SUO, "list")[2]
    versions = offices.call(SUO, "correct", record).said
    assert ("“甲”而不是“乙”" in versions) or ("“乙”而不是“甲”" in versions)
    kept = offices.call(SUO, "list").data[0]["revision"]
    assert offices.call(SUO, "correct", record, "--keep", kept, "--reason", "选定").code == 0
    assert said(SUO, "list")[2] == ""
