"""Whatever is done to the data file behind the program's back, the check finds it and says where."""

import random
import shutil

import pytest
from store.stores import DATA, add, opened, raw
from store.synthetic import AT, record, step, steps

from riskdesk.domain import grams
from riskdesk.domain.records import record_from_body
from riskdesk.errors import StoreError
from riskdesk.store import checking
from riskdesk.store.submissions import Submissions


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A data folder with 120 records, edits, a fork, another kind of object and a sealed report."""
    folder = tmp_path_factory.mktemp("whole")
    pick = random.Random(1)
    with opened(folder) as store:
        first = steps(120)
        add(store, first)
        later = [
            step(record_from_body(each.body).edited(content="改过的内容", brand=""), each.object_id, (each,))
            for each in first[:20]
        ]
        add(store, later)
        add(
            store,
            [step(record_from_body(each.body).edited(brand="又改"), each.object_id, (each,)) for each in later[:10]],
        )
        add(store, [step(record(pick), first[0].object_id, (first[0],)), step(record(pick), kind="review")])
        with store.write("a", "seal") as writing:
            submissions = Submissions(store)
            draft = submissions.put_draft(
                writing, org="o", period="2023-05", kind="month", items=[later[0].hash], at=AT
            )
            submissions.seal(writing, draft.id, nil=False, reason="", at=AT)
        assert checking.problems(store) == []
    with raw(folder) as other:
        other.execute("VACUUM")  # no page is unused
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "home")
    return tmp_path / "home"


def tamper(folder, *statements):
    """Change the file as another tool could, and put the guards back so that it opens."""
    with raw(folder) as other:
        guards = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert other.execute(statement).rowcount != 0, statement
        for _, sql in guards:
            other.execute(sql)


def found(folder):
    with opened(folder) as store:
        return "\n".join(checking.problems(store))


def test_the_check_writes_nothing(folder):
    before = (folder / DATA).read_bytes()
    assert found(folder) == ""
    assert (folder / DATA).read_bytes() == before


MIDDLE = "(SELECT rid FROM revision WHERE rev_no = 2 ORDER BY rid LIMIT 1 OFFSET 3)"  # neither the first nor a winner


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE revision SET body = replace(body, '有限', '无限') WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET author = 'x' WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET body = '{\"schema\":1.5}' WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET body = '[[[' WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET ancestors = '5' WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET state = 'lost' WHERE rid = 7", "的内容与校验值不符"),
        ("UPDATE revision SET body = CAST(x'7b22ff' AS TEXT) WHERE rid = 7", "revisions"),
        ("DELETE FROM revision WHERE rid = 7", "修订缺失 1 条"),
        ("DELETE FROM revision WHERE rid = 100", "引用了不存在的数据"),
        (f"DELETE FROM revision WHERE rid = {MIDDLE}", "修订缺失 1 条"),
        ("DELETE FROM revision WHERE rid = (SELECT max(rid) FROM revision WHERE rev_no = 2 AND kind = 'record') - 1", "先后关系"),
        ("DELETE FROM superseded WHERE hash = (SELECT min(hash) FROM superseded)", "先后关系与修订本身不符（1 处）"),
        ("INSERT INTO superseded SELECT hash, object_id, kind FROM revision WHERE rid = 150", "先后关系与修订本身不符（1 处）"),
        ("UPDATE record SET content = 'x' WHERE rid = 7", "的列表内容与其修订不符"),
        ("UPDATE record SET heads = 3 WHERE rid = 7", "的列表内容与其修订不符"),
        ("UPDATE record SET rev_hash = (SELECT hash FROM revision WHERE rid = 8) WHERE rid = 7", "的列表内容与其修订不符"),
        ("UPDATE record SET important = 1 WHERE rid = 7", "的列表内容与其修订不符"),
        ("UPDATE record SET problems = problems + 1 WHERE rid = 7", "的列表内容与其修订不符"),
        ("UPDATE record SET sealed = 1 WHERE rid = 7", "的列表内容与其修订不符"),
        ("DELETE FROM record WHERE rid = 7", "的列表内容与其修订不符"),
        ("DELETE FROM record", "的列表内容与其修订不符"),
        ("INSERT INTO record SELECT 999, 'z' || substr(object_id, 2), rev_hash, rev_no, heads, org, state, period, unit, product,"
         " enterprise_count_text, enterprise_count, regions_text, content, analysis, suggestion, sources_text, discovered_on,"
         " important, urgent, import_key, search_text, source_codes, changed_at, problems, sealed, handed, counted FROM record WHERE rid = 7", "的列表内容与其修订不符"),
        ("DELETE FROM record_fingerprint WHERE fingerprint = (SELECT max(fingerprint) FROM record_fingerprint)", "指纹与修订不符"),
        ("UPDATE record_fingerprint SET object_id = 'x' WHERE fingerprint = (SELECT max(fingerprint) FROM record_fingerprint)", "指纹与修订不符"),
        ("INSERT INTO record_search (record_search) VALUES ('delete-all')", "搜索索引与记录不符（记录 120 条，索引 0 条）"),
        ("INSERT INTO record_search (rowid, body) VALUES (9999, '多余')", "搜索索引与记录不符（记录 120 条，索引 121 条）"),
        ("UPDATE record SET search_text = search_text || '多' WHERE rid = 100", "搜索索引与记录的文字不符"),
        ("UPDATE audit SET actor = 'x' WHERE seq = 2", "操作日志在第 2 条处被改动或缺失"),
        ("DELETE FROM audit WHERE seq = 2", "操作日志在第 2 条处被改动或缺失"),
        ("DELETE FROM submission_item", "2023-05 第 1 次报送没有内容"),
        ("UPDATE submission_item SET rev_hash = 'x'", "引用了不存在的数据"),
    ],
)  # fmt: skip
def test_a_planted_damage_is_found(folder, damage, told):
    tamper(folder, damage)
    assert told in found(folder)


def test_a_row_that_is_missing_in_the_index_is_found(folder):
    with raw(folder) as other:
        [(rid, text)] = other.execute("SELECT rid, search_text FROM record WHERE rid = 7").fetchall()
        other.execute(
            "INSERT INTO record_search (record_search, rowid, body) VALUES ('delete', ?, ?)",
            (rid, grams.index_terms(text)),
        )
    assert "搜索索引与记录不符（记录 120 条，索引 119 条）" in found(folder)


def test_an_index_entry_with_other_terms_is_found(folder):
    with raw(folder) as other:
        [(rid, text)] = other.execute("SELECT rid, search_text FROM record WHERE rid = 7").fetchall()
        other.execute(
            "INSERT INTO record_search (record_search, rowid, body) VALUES ('delete', ?, ?)",
            (rid, grams.index_terms(text)),
        )
        other.execute("INSERT INTO record_search (rowid, body) VALUES (?, ?)", (rid, grams.index_terms(text[:-9])))
    assert "搜索索引与记录的文字不符" in found(folder)


def test_every_zeroed_page_is_found(folder):
    data = (folder / DATA).read_bytes()
    pages = range(len(data) // 4096)
    missed = []
    for page in random.Random(3).sample(pages, min(len(pages), 80)):
        (folder / DATA).write_bytes(data[: page * 4096] + bytes(4096) + data[(page + 1) * 4096 :])
        try:
            if not found(folder):
                missed.append(page)
        except StoreError:
            pass
    assert missed == []


def test_a_file_that_was_cut_off_is_found(folder):
    data = (folder / DATA).read_bytes()
    for size in (len(data) - 4096, len(data) // 2 // 4096 * 4096, 5000, 512):
        (folder / DATA).write_bytes(data[:size])
        with pytest.raises((StoreError, AssertionError)):
            assert found(folder) == ""


def test_many_problems_of_one_kind_are_cut_short(folder):
    tamper(folder, "UPDATE revision SET author = 'x'")
    with opened(folder) as store:
        assert sum("校验值" in line for line in checking.problems(store)) == 20


def test_flipped_bits_are_found(folder):
    data = (folder / DATA).read_bytes()
    used = [at for at in range(100, len(data)) if data[at]]  # nearly all zeros are bytes that nothing uses
    pick, seen = random.Random(7), 0
    for at in pick.sample(used, 80):
        bad = bytearray(data)
        bad[at] ^= 1 << pick.randrange(8)
        (folder / DATA).write_bytes(bad)
        try:
            seen += bool(found(folder))
        except StoreError:
            seen += 1
    assert seen >= 72, seen
