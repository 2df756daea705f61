"""Taking many files at once, a part of a package, the same matter twice; and what of it counts one level up."""

import contextlib
import errno
import shutil
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from services.quick_offices import CITY, COUNTY, PASSPHRASE, PERIOD, SECOND, SUO, InProcess, sealed, type_in

from riskdesk.domain.handoff import ReportState
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import RevisionState, revision_hash
from riskdesk.errors import Cancelled, PassphraseError, StoreError
from riskdesk.exchange import child, encryption, payload, volumes
from riskdesk.exchange.child import GuardedVerifier
from riskdesk.exchange.refusal import Refusal
from riskdesk.services import (
    choosing,
    correcting,
    entry,
    keyring,
    overview,
    receiving,
    taking,
    trusting,
    undoing,
    upkeep,
)
from riskdesk.services.choosing import Choice, take_chosen
from riskdesk.services.completeness import completeness
from riskdesk.services.desk import DATA_FILE
from riskdesk.services.opening import Opening, Source
from riskdesk.services.roster import add_offices, name_of, office_row, roster_of

SUO_NAME = "坞城市场监督管理所"


def take(desk, *files):
    return taking.take_all(desk, files, None).packages


def take_only(desk, file, product):
    """Take one record of a package."""
    source = Source(file.name, (file,))
    with GuardedVerifier() as verifier:
        looked = receiving.look(desk, Opening(desk, source, verifier))
        wanted = [row.object_id for row in looked.plan.rows if row.record.product == product]
        return receiving.take(desk, Opening(desk, source, verifier), chosen=wanted)


def products(desk):
    return sorted(row.product for row in desk.records.every())


# --- a part of a package ---


def test_the_rest_of_a_package_that_was_taken_in_part_is_taken_later_as_the_same_import(offices):
    file = offices.seal(SUO, "头盔", "电热毯")
    with offices.desk(COUNTY) as county:
        some = take_only(county, file, "头盔")
        assert products(county) == ["头盔"]
        [rest] = take(county, file)
        assert (rest.run_id, rest.plan.counts()["new"], rest.plan.counts()["same"]) == (some.run_id, 1, 1)
        assert any("接收过一部分" in each for each in rest.verdict.warnings)
        assert products(county) == ["头盔", "电热毯"]
        [again] = take(county, file)
        assert (again.run_id, again.verdict.reason) == ("", "repeated")
        assert len(county.packages.every("in")) == 1
        undoing.undo(county, some.run_id)
        assert products(county) == []
        assert upkeep.check(county) == []


def test_what_an_office_left_out_does_not_come_up_in_the_package_that_it_hands_on_whole(offices):
    file = offices.seal(SUO, "头盔", "电热毯")
    with offices.desk(COUNTY) as county:
        take_only(county, file, "头盔")
    first = offices.seal(COUNTY, "取暖器")
    with offices.desk(CITY) as city:
        [one] = take(city, first)
        left_out = [(row.outcome, row.record.product, row.why) for row in one.plan.rows if not row.step]
        assert left_out == [(Outcome.STALE, "电热毯", "上级报表没有列入")]
        assert products(city) == ["取暖器", "头盔"]
        assert take(city, first)[0].verdict.reason == "repeated"
    with offices.desk(COUNTY) as county:
        take(county, file)
    with offices.desk(CITY) as city:
        take(city, offices.seal(COUNTY, reason="补报"))
        assert products(city) == ["取暖器", "头盔", "电热毯"]


def test_what_was_corrected_and_withdrawn_below_comes_up_with_its_history(offices):
    with offices.desk(SUO) as suo:
        helmet, blanket = (step.object_id for step in type_in(suo, "头盔", "电热毯"))
        first = sealed(suo, offices)
        correcting.correct(suo, helmet, {"content": "外壳开裂，共三批"}, "核实后更正")
        second = sealed(suo, offices, reason="更正")
        entry.withdraw(suo, blanket, "误报")
        third = sealed(suo, offices, reason="误报")
    with offices.desk(COUNTY) as county:
        take(county, first, second)
    before = offices.seal(COUNTY)
    with offices.desk(CITY) as city:
        take(city, before)
        assert products(city) == ["头盔", "电热毯"]
        assert len(city.revisions.of(helmet)) == 2
    with offices.desk(COUNTY) as county:
        take(county, third)
    after = offices.seal(COUNTY, reason="撤回一条")
    with offices.desk(CITY) as city:
        take(city, after)
        assert products(city) == ["头盔"]
        assert city.revisions.of(blanket)[-1].state is RevisionState.WITHDRAWN
        assert upkeep.check(city) == []


# --- the same matter twice ---


def test_a_package_after_the_typed_form_of_the_same_office_says_which_import_to_take_back(offices):
    file = offices.seal(SUO, "电热毯")
    form = offices.call(SUO, "export", "--period", PERIOD, "--out", offices.usb, "--format", "xlsx").data["files"][0]
    typed = offices.call(COUNTY, "receive", form).data["files"][0]
    one = offices.call(COUNTY, "receive", file).data["files"][0]
    [row] = one["rows"]
    assert row["outcome"] == "new"
    assert f"代录同样内容（导入 {typed['import']}），请撤销那次导入" in row["why"]
    assert any("代录" in each for each in one["verdict"]["warnings"])
    assert offices.call(COUNTY, "undo", typed["import"]).code == 0
    assert len(offices.call(COUNTY, "list").data) == 1


def test_a_typed_form_after_the_package_of_the_same_office_brings_nothing_new(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    form = offices.call(SUO, "export", "--period", PERIOD, "--out", offices.usb, "--format", "xlsx").data["files"][0]
    offices.call(COUNTY, "receive", file)
    with_id = offices.call(COUNTY, "receive", form).data["files"][0]
    assert (with_id["new"], with_id["same"]) == (0, 1)
    plain = tmp_path / "手工.csv"
    text = f"填报单位：{SUO_NAME}（盖章）,,,填报时间：2023年5月20日\n"
    text += "涉及产品,涉及企业数量,涉及区域,风险信息内容,信息分析,初步建议,信息来源\n"
    plain.write_text(text + "电热毯,,,外壳开裂，缓冲层缺失,,,\n", encoding="utf-8-sig")
    without = offices.call(COUNTY, "receive", plain).data["files"][0]
    assert (without["new"], without["same"]) == (0, 1)
    assert len(offices.call(COUNTY, "list").data) == 1


# --- many files ---


def test_one_file_that_cannot_be_opened_does_not_keep_the_others_out(offices, tmp_path, monkeypatch):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        secret = tmp_path / "secret.rdpkg.age"
        encryption.encrypt(file, secret, [trusting.recipients(county)[COUNTY]])
    unreadable = tmp_path / "坏.xlsx"
    unreadable.write_bytes(b"PK\x03\x04" + b"\0" * 200)
    monkeypatch.delenv("RISKDESK_PASSPHRASE")
    reply = offices.call(COUNTY, "receive", secret, unreadable, tmp_path / "没有.rdpkg", file)
    told = {each["file"]: (each["outcome"], each["verdict"]["reason"]) for each in reply.data["files"]}
    assert told == {
        secret.name: ("failed", "error"),
        unreadable.name: ("failed", "error"),
        "没有.rdpkg": ("failed", "error"),
        file.name: ("taken", ""),
    }
    assert reply.code == 3
    summaries = "".join(each["verdict"]["summary"] for each in reply.data["files"])
    assert all(word in summaries for word in ("口令", "坏.xlsx", "找不到"))
    assert len(offices.call(COUNTY, "list").data) == 1


def test_an_encrypted_file_alone_asks_for_the_passphrase_and_so_does_looking_at_several(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        secret = tmp_path / "secret.rdpkg.age"
        encryption.encrypt(file, secret, [trusting.recipients(county)[COUNTY]])
        with pytest.raises(PassphraseError):
            take(county, secret)
        with pytest.raises(PassphraseError):
            taking.look_at(county, [secret, file], None)
        package = taking.look_at(county, [file], None).packages[0].package
        done = take_chosen(county, [Choice(Source(each.name, (each,)), package) for each in (secret, file)], None)
        assert [bool(each.run_id) for each in done] == [False, True]
        assert "口令" in done[0].verdict.summary


@pytest.mark.parametrize("ending", [".txt", ".xlsx", ".zip", ""])
def test_a_package_is_known_by_its_content_whatever_its_name(offices, tmp_path, ending):
    file = offices.seal(SUO, "电热毯")
    renamed = tmp_path / f"{file.name}{ending}"
    renamed.write_bytes(file.read_bytes())
    secret = tmp_path / f"secret{ending}"
    with offices.desk(COUNTY) as county:
        encryption.encrypt(file, secret, [trusting.recipients(county)[COUNTY]])
        assert taking.sorted_out([renamed, secret]) == taking.Sorted((), (renamed, secret), ())
        assert take(county, renamed)[0].run_id


class Told:
    """A verifier that tells what is asked of it, and what of the copies is there when it ends."""

    def __init__(self, workroom, answer):
        self.workroom, self.answer = workroom, answer
        self.begun = self.copies_at_end = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.copies_at_end = len(list(self.workroom.iterdir()))

    def begin(self, *_):
        self.begun += 1

    def has_read(self, seconds):
        return True

    def fetch(self):
        raise self.answer


def test_ctrl_c_while_a_package_is_verified_begins_no_other(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    told = Told(offices.home(CITY) / "workroom", KeyboardInterrupt())
    monkeypatch.setattr(child, "GuardedVerifier", lambda: told)
    with offices.desk(CITY) as city, pytest.raises(KeyboardInterrupt):
        taking.take_all(city, files, None)
    assert told.begun == 1
    assert list(told.workroom.iterdir()) == []


def test_what_verifies_ends_before_the_copy_that_it_may_be_reading_is_removed(offices, monkeypatch):
    files = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    told = Told(offices.home(CITY) / "workroom", Refusal("zip"))
    monkeypatch.setattr(child, "GuardedVerifier", lambda: told)

    def stop(done, *_):
        if done == 1:
            raise Cancelled

    with offices.desk(CITY) as city:
        done = taking.take_all(city, files, None, stop)
    assert ([each.name for each in done.packages], done.untouched) == ([files[0].name], (files[1].name,))
    assert (told.begun, told.copies_at_end) == (2, 1)
    assert list(told.workroom.iterdir()) == []


class Watched(InProcess):
    """A verifier that is as slow as is said, and notes how many records another program saw whenever it was asked to wait."""

    def __init__(self, home, *, is_slow):
        super().__init__()
        self._home, self._is_slow, self.seen = home, is_slow, []

    def begin(self, *given):
        super().begin(*given)
        self.waits = []

    def has_read(self, seconds):
        self.waits.append(seconds)
        return not self._is_slow

    def fetch(self):
        with contextlib.closing(sqlite3.connect(self._home / DATA_FILE)) as other:
            self.seen += other.execute("SELECT count(*) FROM record").fetchone()
        return super().fetch()


def test_the_next_package_is_begun_before_what_came_of_this_one_is_read(offices, monkeypatch):
    files, begun = [offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")], []

    class Ordered(InProcess):
        def begin(self, *given):
            super().begin(*given)
            begun.append("begun")

        def fetch(self):
            fetched = super().fetch()
            read, fetched.read = fetched.read, lambda: begun.append("read") or read()
            return fetched

    monkeypatch.setattr(child, "GuardedVerifier", Ordered)
    with offices.desk(CITY) as city:
        assert all(one.run_id for one in take(city, *files))
    assert begun == ["begun", "begun", "read", "read"]


def test_a_full_disk_while_the_next_package_is_begun_does_not_cost_this_one(offices, monkeypatch):
    files, mkdir = [offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")], Path.mkdir

    def full(folder, *given, **named):
        if folder.parent.name == "workroom" and any(folder.parent.glob("*")):
            raise OSError(errno.ENOSPC, "full")
        mkdir(folder, *given, **named)

    with offices.desk(CITY) as city:
        monkeypatch.setattr(Path, "mkdir", full)
        first, second = take(city, *files)
    assert (bool(first.run_id), second.run_id) == (True, "")
    assert "磁盘空间不足" in second.verdict.summary


@pytest.mark.parametrize(
    ("is_slow", "longest", "seen"),
    [(False, 60, [0, 0, 0]), (True, 60, [0, 1, 2]), (False, 0, [0, 1, 2])],
    ids=["together", "while the next one is waited for", "after a second"],
)
def test_what_was_taken_is_committed_before_others_wait_long(offices, monkeypatch, is_slow, longest, seen):
    files = [offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔"), offices.seal(COUNTY, "充电宝", reason="补充")]
    told = Watched(offices.home(CITY), is_slow=is_slow)
    monkeypatch.setattr(child, "GuardedVerifier", lambda: told)
    monkeypatch.setattr(choosing, "_LONGEST", longest)
    with offices.desk(CITY) as city:
        assert all(one.run_id for one in take(city, *files))
        assert products(city) == ["充电宝", "头盔", "插座"]
    assert told.seen == seen
    assert all(0 <= each <= longest for each in told.waits)


def test_nobody_waits_for_a_package_that_cannot_be_opened(offices, tmp_path, monkeypatch):
    good, secret = offices.seal(COUNTY, "插座"), tmp_path / "secret.rdpkg"
    told = Watched(offices.home(CITY), is_slow=True)
    monkeypatch.setattr(child, "GuardedVerifier", lambda: told)
    with offices.desk(CITY) as city:
        encryption.encrypt(good, secret, [trusting.recipients(city)[CITY]])
        assert [bool(one.run_id) for one in take(city, good, secret, secret)] == [True, False, False]
        assert told.waits == []
        assert upkeep.check(city) == []


def test_a_folder_or_a_missing_file_keeps_no_other_out_and_is_told(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    files = taking.sorted_out([tmp_path, file, tmp_path / "没有.xlsx"])
    assert files.packages == (file,)
    (_, folder), (_, missing) = files.refused
    assert "是文件夹" in str(folder)
    assert "找不到" in str(missing)


# --- what follows something in the same package ---


@pytest.fixture
def followed(monkeypatch):
    """Let the only revision of a package be followed by one with this change."""

    def follow(body, **change):
        with_a_follower = partial(_with_a_follower, payload.report_to_bytes, body, change)
        monkeypatch.setattr(payload, "report_to_bytes", with_a_follower)

    return follow


def _with_a_follower(write, body, change, report, revisions):
    [one] = revisions
    ancestors = tuple(sorted((*one.ancestors, one.hash)))
    follower = replace(one, rev_no=one.rev_no + 1, ancestors=ancestors, body={**one.body, **body}, **change)
    follower = replace(follower, hash=revision_hash(follower))
    return write(replace(report, items=(follower.hash,)), (one, follower))


@pytest.mark.parametrize(
    ("body", "change", "why"),
    [
        ({"marking": "secret_of_tomorrow"}, {}, "marking"),
        ({}, {"org": SECOND}, "不是签名单位自己的记录"),
        ({}, {"kind": "poem"}, "不认识的内容"),
    ],
)
def test_what_is_rejected_overtakes_nothing(offices, followed, body, change, why):
    followed(body, **change)
    file = offices.seal(COUNTY, "头盔")
    with offices.desk(CITY) as city:
        [done] = take(city, file)
        first, second = done.plan.rows
        assert (first.outcome, second.outcome, why in second.why) == (Outcome.NEW, Outcome.REJECTED, True)
        assert products(city) == ["头盔"]
        assert done.plan.left == 1
        assert take(city, file)[0].plan.left == 0


def test_a_fork_and_what_follows_it_in_the_same_package_are_told_as_one_conflict(offices, followed):
    with offices.desk(COUNTY) as county:
        [first] = type_in(county, "头盔")
        file = sealed(county, offices)
    shutil.copytree(offices.home(COUNTY), offices.home("other"))  # the office goes on with two computers
    with offices.desk("other") as other, offices.desk(CITY) as city:
        correcting.correct(other, first.object_id, {"content": "甲"}, "核实后更正")
        take(city, file, sealed(other, offices, reason="更正"))
    followed({"content": "丙"})
    with offices.desk(COUNTY) as county:
        correcting.correct(county, first.object_id, {"content": "乙"}, "核实后更正")
        fork = sealed(county, offices, reason="更正")
    with offices.desk(CITY) as city:
        rows = take(city, fork)[0].plan.rows
        assert [row.outcome for row in rows] == [Outcome.STALE, Outcome.CONFLICT]
        assert [(each.field, each.before, each.after) for each in rows[-1].changes] == [("content", "甲", "丙")]


# --- volumes ---


def in_volumes(file, folder):
    return volumes.split(file, folder, file.stat().st_size // 2)


def gathered(offices, code=COUNTY):
    return [each for each in (offices.home(code) / "volumes").rglob("*") if each.is_file()]


def test_volumes_of_a_package_that_will_never_be_taken_are_forgotten(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    parts = in_volumes(file, tmp_path)
    with offices.desk(COUNTY) as county:
        take(county, file)
        assert take(county, *parts)[0].verdict.reason == "repeated"
        assert gathered(offices) == []
        taking.look_at(county, parts, None)
        assert gathered(offices) == []
    with offices.desk(CITY) as city:
        assert take(city, *parts)[0].verdict.reason == "receiver"
        assert gathered(offices, CITY) == []


def test_volumes_of_a_package_over_which_the_verifier_dies_wait_for_another_try(offices, tmp_path, monkeypatch):
    parts = in_volumes(offices.seal(SUO, "电热毯"), tmp_path)
    with offices.desk(COUNTY) as county:
        with monkeypatch.context() as patch:
            patch.setattr(child, "GuardedVerifier", lambda: Told(offices.home(COUNTY) / "workroom", Refusal("died")))
            [one] = take(county, *parts)
        assert (one.verdict.reason, len(gathered(offices))) == ("died", len(parts))
        assert take(county, *parts)[0].run_id


def test_what_is_ticked_is_taken_though_the_stick_was_pulled_and_nothing_else(offices, tmp_path):
    other, file = offices.seal(SECOND, "头盔"), offices.seal(COUNTY, "插座")
    parts = volumes.split(file, tmp_path, file.stat().st_size * 2)
    with offices.desk(CITY) as city:
        seen = taking.look_at(city, [*parts, other], None).packages
        for part in parts:
            part.unlink()
        [done] = take_chosen(city, [chosen(each) for each in seen if each.verdict.office == COUNTY], None)
        assert (done.verdict.office, bool(done.run_id), products(city)) == (COUNTY, True, ["插座"])


def chosen(looked):
    return Choice(looked.source, looked.package)


def test_a_file_that_became_another_package_since_it_was_seen_is_not_taken(offices):
    first, second = offices.seal(COUNTY, "插座"), offices.seal(SECOND, "头盔")
    with offices.desk(CITY) as city:
        seen = taking.look_at(city, [first, second], None).packages
        first.write_bytes(offices.seal(COUNTY, "灯泡", reason="重报").read_bytes())
        done = take_chosen(city, list(map(chosen, seen)), None)
        assert [bool(each.run_id) for each in done] == [False, True]
        assert "已变" in done[0].verdict.summary
        assert "重新查看" in done[0].verdict.summary
        assert products(city) == ["头盔"]


def test_volumes_wait_for_the_passphrase(offices, tmp_path):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        secret = tmp_path / "secret.rdpkg.age"
        encryption.encrypt(file, secret, [trusting.recipients(county)[COUNTY]])
        *parts, last = in_volumes(secret, tmp_path)
        assert taking.take_all(county, parts, None).waiting
        with pytest.raises(PassphraseError):
            take(county, last)
        [one] = taking.take_all(county, [last], keyring.unlock(county, PASSPHRASE)).packages
        assert one.run_id
        assert gathered(offices) == []


def test_a_volume_that_was_damaged_here_is_asked_for_again(offices, tmp_path):
    first, *rest = in_volumes(offices.seal(SUO, "电热毯"), tmp_path)
    with offices.desk(COUNTY) as county:
        take(county, first)
        [kept] = gathered(offices)
        kept.write_bytes(b"")
        kept.with_name("002.part").write_bytes(b"cut off")
        nil = offices.seal(SUO, "头盔")
        told = {each.name: each.verdict.reason for each in take(county, *rest, nil)}
        assert sorted(told.values()) == ["", "error"]
        [one] = take(county, first, *rest)
        assert one.verdict.reason in ("", "stale")
        assert gathered(offices) == []


# --- who has not reported ---


def test_a_report_to_us_that_came_only_inside_another_package_counts(offices):
    """A city that a 所 also sends to: here the 所 names the city beside its county."""
    with offices.desk(SUO) as suo:
        type_in(suo, "电热毯")
        file = sealed(suo, offices, to=(COUNTY, CITY))
    with offices.desk(COUNTY) as county:
        take(county, file)
    up = offices.seal(COUNTY)
    with offices.desk(CITY) as city:
        assert take(city, up)[0].run_id
        with city.store.write("某人", "offices") as writing:
            add_offices(city, writing, [{**office_row(SUO, SUO_NAME, "suo", COUNTY), "report_to": [COUNTY, CITY]}])
        told = {each.code: each.state for each in completeness(city, PERIOD).offices}
        assert told[SUO] is ReportState.RECEIVED


# --- the same package among the files twice ---


def test_the_second_copy_of_a_package_is_told_as_such_before_anything_is_taken(offices, tmp_path):
    file = offices.seal(SUO, "头盔", "电热毯")
    copy = tmp_path / "同一个包.rdpkg"
    copy.write_bytes(file.read_bytes())
    with offices.desk(COUNTY) as county:
        first, second = taking.look_at(county, [file, copy], None).packages
        assert (first.verdict.freshness, first.plan.counts()["new"]) == ("new", 2)
        assert (second.verdict.freshness, second.verdict.reason) == ("repeated", "twice")
        assert (second.plan.counts()["new"], second.plan.counts()["same"]) == (0, 2)
        assert second.verdict.summary == f"与前面的 {file.name} 是同一个包，只接收一次，不会重复计入。"
        assert second.plan.left == 0


def test_a_package_that_was_taken_before_is_told_as_such_in_the_preview(offices):
    file = offices.seal(SUO, "头盔", "电热毯")
    with offices.desk(COUNTY) as county:
        take(county, file)
        [again] = taking.look_at(county, [file], None).packages
        assert again.verdict.freshness == "repeated"
        assert (again.plan.counts()["new"], again.plan.counts()["same"]) == (0, 2)


def test_an_office_two_levels_below_is_called_by_the_name_in_its_certificate(offices):
    file = offices.seal(SUO, "电热毯")
    with offices.desk(COUNTY) as county:
        take(county, file)
    file = offices.seal(COUNTY, "插座")
    with offices.desk(CITY) as city:
        assert SUO not in roster_of(city)
        take(city, file)
        listed = overview.with_units(city, overview.with_states(city.records.every()))
        assert {each.row.product: each.unit for each in listed}["电热毯"] == SUO_NAME
        assert name_of(city, SUO) == SUO_NAME
        assert SUO not in roster_of(city)
        assert upkeep.check(city) == []


def test_volumes_of_a_package_that_a_full_disk_undid_stay(offices, tmp_path):
    small = in_volumes(offices.seal(COUNTY, "插座"), tmp_path)
    large = in_volumes(offices.seal(SECOND, *(f"头盔{number}" for number in range(300))), tmp_path)
    with offices.desk(CITY) as city:
        connection = city.store.connection
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 100}")
        with pytest.raises(StoreError, match="磁盘已满"):
            taking.take_all(city, [*small, *large], None)
        assert products(city) == []
        assert len(gathered(offices, CITY)) == len(small) + len(large)
        connection.execute("PRAGMA max_page_count = 1073741823")
        taken = take(city, small[0], large[0])
        assert all(one.run_id for one in taken)
        assert len(products(city)) == 301
        assert gathered(offices, CITY) == []
        assert upkeep.check(city) == []
