"""The program is killed at any moment: what it acknowledged is there, an import is there wholly or not at all."""

import csv
import io
import itertools
import random
import shutil
import sqlite3
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from crash.children import Child, moments

from riskdesk.domain.records import Record
from riskdesk.domain.revisions import RevisionState
from riskdesk.errors import UserError
from riskdesk.services import entry, importing, upkeep
from riskdesk.services.desk import DATA_FILE, Desk, occupied
from riskdesk.services.reference import Reference
from riskdesk.services.setup import set_up
from riskdesk.store.journal import unsaved

OFFICE = "140105-JU"
ROWS = 12
KILLS = 200
FAST = 20  # how many seconds of typing pass in one: two lost seconds are a tenth of one here


@pytest.fixture(scope="module")
def reference():
    return Reference()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    home = tmp_path_factory.mktemp("template") / "home"
    set_up(home, OFFICE, person="示例").close()
    return home


def table(number):
    """A filled-in table whose rows say which import they belong to."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["涉及产品", "涉及企业数量", "涉及区域", "风险信息内容", "信息分析", "初步建议", "信息来源"])
    for row in range(ROWS):
        writer.writerow(["头盔", "3", "太原市", f"第{number}次第{row}行，外壳开裂，缓冲层缺失。", "无", "抽查", "1"])
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """What the real reader makes of such a table."""
    path = tmp_path_factory.mktemp("forms") / "form.csv"
    path.write_bytes(table("N"))
    return importing.read_files([path])


def of_number(forms, number):
    [form] = forms
    rows = [
        replace(row, values={**row.values, "content": row.values["content"].replace("N", str(number))})
        for row in form.rows
    ]
    return [replace(form, rows=tuple(rows))]


def typed_and_saved(desk, name, pick, tell):
    """Type a record key by key, save it, and perhaps change, withdraw and take it back."""
    journal = entry.journal(desk, name)
    record = Record("2023-05", product="头盔")
    text = ""
    for _ in range(pick.randint(5, 25)):
        text += pick.choice("裂开缺失缓冲层外壳")
        record = record.edited(content=text)
        journal.type({"content": text}, entry.clock.now())
        tell(f"typed {name} {len(text)} {entry.time.monotonic()}")
        time.sleep(0.001)
    step = entry.save(desk, record)
    tell(f"saved {step.hash}")
    journal.close()
    if pick.random() < 0.5:
        step = entry.save(desk, record.edited(brand="晋华"), step.object_id, base=step.hash)
        tell(f"saved {step.hash}")
    if pick.random() < 0.3:
        tell(f"saved {entry.withdraw(desk, step.object_id, '重复').hash}")
        tell(f"saved {entry.take_back(desk, step.object_id).hash}")


def work(home, reference, forms, cycle):
    def run(tell):
        entry.time = SimpleNamespace(monotonic=lambda: time.monotonic() * FAST)
        pick = random.Random(cycle)
        with occupied(home), Desk(home, reference) as desk:
            for number in itertools.count():
                if pick.random() < 0.4:
                    name = f"{cycle}-{number}"
                    importing.read_files = lambda *_, name=name: of_number(forms, name)
                    result = importing.import_files(desk, [home / f"{name}.csv"])
                    assert result.counts()["new"] == ROWS
                    tell(f"imported {name}")
                else:
                    typed_and_saved(desk, f"{cycle}-{number}", pick, tell)

    return run


def imported(desk):
    """How many rows of every import are in the log, and how many records say that they belong to it."""
    rows = desk.store.read("SELECT file, count(*), count(DISTINCT object_id) FROM import_row GROUP BY file")
    return {file.removesuffix(".csv"): (count, objects) for file, count, objects in rows}


def assert_nothing_is_lost(home, reference, told):
    with occupied(home), Desk(home, reference) as desk:
        assert upkeep.check(desk) == []
        log = imported(desk)
        assert set(log.values()) <= {(ROWS, ROWS)}
        for number in log:
            assert len(desk.records.find(f"第{number}次第")) == ROWS
        records = [row for row in desk.records.every() if "次第" in row.content]
        assert len(records) == ROWS * len(log)
        counts = "SELECT (SELECT count(*) FROM audit WHERE action = 'import'), (SELECT count(*) FROM import_run)"
        [(audited, runs)] = desk.store.read(counts)
        assert audited == runs
        typed = {}
        left = {each.id: each.body["content"] for each in unsaved(desk.journals)}
        saved = set()
        for line in told:
            what, *rest = line.split(" ")
            if what == "saved":
                step = desk.revisions.by_hash(rest[0])
                assert step is not None, "an acknowledged save is lost"
                saved.add(step.body.get("content"))
            elif what == "imported":
                assert rest[0] in log, "an acknowledged import is lost"
            else:
                typed.setdefault(rest[0], []).append((int(rest[1]), float(rest[2])))
        everything = saved | {row.content for row in desk.records.every()}
        return [seconds_lost(known, left.get(name), everything) for name, known in typed.items()]


def seconds_lost(typed, left, everything):
    """How many seconds of acknowledged typing are neither in the journal nor saved."""
    if left is None:
        longest = max(length for length, _ in typed)
        assert any(content and len(content) >= longest for content in everything), "a typed text is lost"
        return 0.0
    lost = [moment for length, moment in typed if length > len(left)]
    return typed[-1][1] - lost[0] if lost else 0.0


def test_whatever_was_acknowledged_is_there_after_a_kill(template, tmp_path, reference, forms):
    lost, told_in_all = [], 0
    home = tmp_path / "home"
    for cycle, moment in enumerate(moments(2023, KILLS, 0.0, 0.22)):
        if cycle % 10 == 0:
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(template, home)
        told = Child(work(home, reference, forms, cycle)).kill_after(moment)
        lost += assert_nothing_is_lost(home, reference, told)
        told_in_all += len(told)
    assert max(lost) <= 2.0
    assert told_in_all > 10 * KILLS


def test_an_import_that_reads_its_files_is_there_wholly_or_not_at_all(template, tmp_path, reference):
    home, outcomes = tmp_path / "home", []
    shutil.copytree(template, home)
    for cycle, moment in enumerate(moments(7, 12, 0.5, 1.6)):
        files = [tmp_path / f"r{cycle}-{n}.csv" for n in range(3)]
        for n, file in enumerate(files):
            file.write_bytes(table(f"r{cycle}-{n}"))

        def run(tell, files=files):
            with occupied(home), Desk(home, reference) as desk:
                importing.import_files(desk, files)
                tell("done")

        told = Child(run).kill_after(moment)
        assert_nothing_is_lost(home, reference, [])
        with Desk(home, reference) as desk:
            there = sum(f"r{cycle}-{n}" in imported(desk) for n in range(3))
        assert there in (0, 3)
        assert there == 3 or not told
        outcomes.append(there)
    assert 3 in outcomes


def test_setting_up_can_be_killed_and_done_again(tmp_path, reference):
    seen = set()
    for cycle, moment in enumerate(moments(3, 40, 0.0, 0.08)):
        home = tmp_path / f"home-{cycle}"

        def run(tell, home=home):
            with occupied(home):
                set_up(home, OFFICE, person="示例").close()
            tell("done")

        told = Child(run).kill_after(moment)
        data = home / DATA_FILE
        seen.add("done" if told else "begun" if data.exists() else "nothing")
        if not told and data.exists():
            try:
                Desk(home, reference).close()
            except UserError:
                seen.add("asked to set up again")
        with occupied(home), set_up(home, OFFICE, person="示例") as desk:
            assert upkeep.check(desk) == []
    assert "done" in seen


def test_a_backup_can_be_killed_and_leaves_no_file_that_looks_finished(template, tmp_path, reference, forms):
    home = tmp_path / "home"
    shutil.copytree(template, home)
    with Desk(home, reference) as desk:
        for number in range(15):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(importing, "read_files", lambda *_, number=number: of_number(forms, number))
                importing.import_files(desk, [home / f"{number}.csv"])
    for moment in moments(5, 20, 0.0, 0.05):

        def run(tell):
            with Desk(home, reference) as desk:
                while True:
                    upkeep.back_up(desk)
                    tell("done")

        Child(run).kill_after(moment)
        for copy in (home / "backups").glob("*.db"):
            connection = sqlite3.connect(copy)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM record").fetchone() == (15 * ROWS,)
            connection.close()
            copy.unlink()
    with Desk(home, reference) as desk:
        assert upkeep.check(desk) == []
        assert desk.records.every()[0].state == RevisionState.ACTIVE
