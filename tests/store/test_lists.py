"""Long lists: what the index answers is what going through every record would give, in every order."""

import random
import sqlite3
from datetime import date
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from store.stores import DATA, add, in_memory, opened, table
from store.synthetic import AT, record, step, steps

from riskdesk.domain import grams
from riskdesk.domain.handoff import HandedState, Told
from riskdesk.domain.listing import Filter, Order, RecordState
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import RevisionState
from riskdesk.domain.triage import Level
from riskdesk.errors import InputError
from riskdesk.store import checking, migrations, queries
from riskdesk.store.lists import Lists
from riskdesk.store.packages import AnsweredRevision, Packages
from riskdesk.store.records import Records
from riskdesk.store.submissions import Submissions


def varied(count=300, seed=3):
    """Records of all periods, levels, sources, units and dates; some in the bin, forked, or edited."""
    pick = random.Random(seed)
    known = []
    for _ in range(count):
        one = record(pick, f"2023-{pick.randint(4, 12):02}").edited(
            source_codes=tuple(sorted(pick.sample(["S1", "S2", "S3", "S9"], pick.randint(0, 3)))),
            important_codes=("I1",) if pick.random() < 0.3 else (),
            key_codes=("K1",) if pick.random() < 0.1 else (),
            region_codes=("140105",) if pick.random() < 0.5 else (),
            unit=pick.choice(("", "坞城所", "平阳路所")),
            discovered_on=date(2023, pick.randint(1, 12), 3) if pick.random() < 0.6 else None,
        )
        if pick.random() < 0.4:
            one = one.edited(region_codes=("140105",), source_codes=("S3",))
        first = step(one)
        known.append(first)
        if pick.random() < 0.1:
            known.append(step(one, first.object_id, (first,), state=RevisionState.WITHDRAWN))
        elif pick.random() < 0.1:
            known += [step(one.edited(brand=name), first.object_id, (first,)) for name in "甲乙"]
    return known


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("lists")) as store:
        known = varied()
        add(store, known)
        with store.write("a", "seal") as writing:
            submissions = Submissions(store)
            items = [each.hash for each in known[:80:2]]
            draft = submissions.put_draft(writing, org="o", period="2023-05", kind="monthly", items=items, at=AT)
            submissions.seal(writing, draft.id, nil=False, reason="", at=AT)
            hand_on(store, writing, items[6:])
        later = [
            step(record(random.Random(1)), each.object_id, (each,))
            for each in known[:20:4]
            if Records(store).get(each.object_id).revision == each.hash
        ]
        add(store, later)
        yield store


def hand_on(store, writing, hashes):
    """Hand revisions on; of each four the first is only sent, the others are answered in three ways."""
    packages = Packages(store, Path("/nowhere"))
    packages.note_sent(writing, hashes)
    told = [(rev, HandedState(1 + number % 4)) for number, rev in enumerate(hashes) if number % 4]
    said = [AnsweredRevision("p", rev, "o", Told(1, "above", 1, state), "") for rev, state in told]
    packages.note_answers(writing, "a" * 64, "", said)


HANDED = {
    HandedState.KEPT: RecordState.SEALED,
    HandedState.SENT: RecordState.SENT,
    HandedState.RECEIVED: RecordState.RECEIVED,
    HandedState.RETURNED: RecordState.RETURNED,
    HandedState.ADOPTED: RecordState.ADOPTED,
}


def every(store):
    rids = [rid for (rid,) in table(store, "SELECT rid FROM record ORDER BY rid")]
    return dict(zip(rids, Records(store).of_rows(rids), strict=True))


def state(store, row):
    sealed = Submissions(store).sealed_of(row.id)
    if row.heads > 1:
        return RecordState.FORKED
    if sealed:
        return HANDED[HandedState(row.handed)] if row.revision in sealed else RecordState.CHANGED
    return RecordState.UNCHECKED if row.problems else RecordState.CHECKED


def level(row):
    return Level.KEY if row.urgent else Level.IMPORTANT if row.important else Level.ORDINARY


def wanted(store, given, rid, row):
    words = queries.query_words(given.find)
    [(text,)] = table(store, "SELECT search_text FROM record WHERE rid = ?", rid)
    return (
        (row.state == "withdrawn") == given.withdrawn
        and given.period in ("", row.period)
        and given.level in (None, level(row))
        and given.state in (None, state(store, row))
        and (not given.source or given.source in row.source_codes.split())
        and all(word in text for word in words)
    )


FILTERS = [
    Filter(),
    Filter(withdrawn=True),
    Filter(period="2023-05"),
    *(Filter(level=each) for each in Level),
    *(Filter(state=each) for each in RecordState),
    Filter(source="S3"),
    Filter(source="S"),
    Filter(find="有限"),
    Filter(find="铅"),
    Filter(find="不合格"),
    Filter(find="。"),
    Filter(find="（销售）的"),
    Filter(find="※"),
    Filter(find="批次，不合格"),
    Filter(find="。 1"),
    Filter(find="充电宝 不合格"),
    Filter(find="绝无此词"),
    Filter(find="有限", withdrawn=True),
    Filter(find="有限公司", level=Level.IMPORTANT, state=RecordState.UNCHECKED),
    Filter(period="2023-06", find="1", source="S9"),
]


@pytest.mark.parametrize("given", FILTERS, ids=str)
def test_a_filter_lets_through_what_going_through_all_records_finds(store, given):
    expected = [rid for rid, row in every(store).items() if wanted(store, given, rid, row)]
    for order in Order:
        found = Lists(store).ids(given, order, descending=False)
        assert sorted(found) == expected
    assert list(Lists(store).ids(given, Order.ARRIVAL, descending=True)) == expected[::-1]


def test_every_filter_finds_something_so_that_the_comparison_means_something(store):
    counts = [len(Lists(store).ids(given, Order.ARRIVAL, descending=True)) for given in FILTERS]
    assert [FILTERS[at].find or FILTERS[at].source for at, count in enumerate(counts) if not count] == [
        "S",
        "※",
        "绝无此词",
    ]


@pytest.mark.parametrize("word", ["不合格", "格（", "）合", "x_y", "0.1", "（灯）", "a\u0301b", "·28", "格·", "\x00"])
def test_a_word_is_found_where_it_stands_whole_and_only_there(tmp_path, word):
    broken = ["\n".join((word[:at], word[at:])) for at in range(1, len(word))]
    apart = [f"{word[:at]}、隔{word[at:]}" for at in range(1, len(word))]
    torn = " ".join(word[at : at + 2] for at in range(len(word)))  # all its pairs, but not in a row
    whole = [word, f"前{word}后", f"（{word}）", f"甲 {word} 乙", f"1{word}1", word * 3, f"{torn}\n{word}"]
    texts = [*broken, *apart, word[::-1], *whole]
    with opened(tmp_path) as store:
        add(store, [step(Record("2023-05", product="某某", content=text)) for text in texts])
        expected = [row for row, text in enumerate(texts, 1) if grams.folded(word) in grams.folded(text)]
        assert list(Lists(store).ids(Filter(find=word), Order.ARRIVAL, descending=False)) == expected
        assert len(expected) >= len(whole)


@settings(max_examples=60, deadline=None)
@hypothesis.given(st.lists(st.text("不合格1a_（）.·\u0301\n 2é\x00", max_size=12), max_size=8), st.data())
def test_any_piece_of_any_text_is_found_in_exactly_the_texts_that_hold_it(contents, data):
    with in_memory() as store:
        add(store, [step(Record("2023-05", product="某", content=text)) for text in contents])
        held = dict(table(store, "SELECT rid, search_text FROM record"))
        for text in held.values():
            start = data.draw(st.integers(0, len(text)))
            piece = text[start : data.draw(st.integers(start, len(text)))]
            words = queries.query_words(piece)
            expected = [rid for rid, other in held.items() if all(word in other for word in words)]
            assert list(Lists(store).ids(Filter(find=piece), Order.ARRIVAL, descending=False)) == expected


def test_a_list_asked_for_again_shows_what_was_written_since_by_whomever(tmp_path):
    found = partial(Lists.ids, given=Filter(find="灯"), order=Order.PRODUCT, descending=False)
    lamps = [step(Record("2023-05", product=name, content="内容")) for name in ("甲灯", "乙灯", "丙灯")]
    with opened(tmp_path) as store, opened(tmp_path) as other:
        asked = Lists(store)
        add(store, lamps[:1])
        assert list(found(asked)) == [1]
        add(store, lamps[1:2])
        assert list(found(asked)) == [1, 2]
        add(other, lamps[2:])
        assert list(found(asked)) == [3, 1, 2]
        with store.write("a", "gone") as writing:
            writing.connection.execute("UPDATE record SET state = 'withdrawn' WHERE rid = 1")
        assert list(found(asked)) == [3, 2]


def test_what_a_caller_does_to_a_list_does_not_change_the_next(store):
    asked = Lists(store)
    before = list(asked.ids(Filter(), Order.DATE, descending=True))
    asked.ids(Filter(), Order.DATE, descending=True).pop()
    assert list(asked.ids(Filter(), Order.DATE, descending=True)) == before


def keys(store, order):
    rank = {Level.KEY: 0, Level.IMPORTANT: 1, Level.ORDINARY: 2}
    states = list(RecordState)
    return {
        Order.PRODUCT: lambda row: row.product.encode("gb18030"),
        Order.UNIT: lambda row: row.unit.encode("gb18030"),
        Order.LEVEL: lambda row: rank[level(row)],
        Order.STATE: lambda row: states.index(state(store, row)),
        Order.PERIOD: lambda row: row.period,
        Order.DATE: lambda row: row.discovered_on,
    }[order]


@pytest.mark.parametrize("order", [order for order in Order if order is not Order.ARRIVAL])
@pytest.mark.parametrize("descending", [False, True])
def test_equal_records_stand_newest_first_and_those_without_a_value_last(store, order, descending):
    found = list(Lists(store).ids(Filter(), order, descending=descending))
    rows, key = every(store), keys(store, order)
    newest_first = sorted(found, reverse=True)
    expected = sorted(newest_first, key=lambda rid: key(rows[rid]), reverse=descending)
    if order is Order.DATE:
        expected = [rid for rid in expected if rows[rid].discovered_on] + [
            rid for rid in newest_first if not rows[rid].discovered_on
        ]
    assert found == expected


def test_products_are_ordered_by_their_reading(tmp_path):
    with opened(tmp_path) as store:
        add(
            store,
            [
                step(Record("2023-05", product=name, content="内容内容"))
                for name in ("水泥", "电热毯", "安全帽", "LED灯")
            ],
        )
        found = Lists(store).ids(Filter(), Order.PRODUCT, descending=False)
        assert [row.product for row in Records(store).of_rows(found)] == ["LED灯", "安全帽", "电热毯", "水泥"]


def test_rows_come_in_the_order_asked_for_and_without_those_that_are_none(store):
    rids = [rid for (rid,) in table(store, "SELECT rid FROM record")]
    random.Random(1).shuffle(rids)
    found = Records(store).of_rows([*rids, 10**9])
    assert [row.id for row in found] == [
        table(store, "SELECT object_id FROM record WHERE rid = ?", rid)[0][0] for rid in rids
    ]


def test_too_many_words_are_refused_with_a_sentence(store):
    with pytest.raises(InputError, match="搜索词太多"):
        Lists(store).ids(Filter(find=" ".join(f"词{n}" for n in range(101))), Order.ARRIVAL, descending=True)


def test_problems_are_counted_as_of_the_day_of_the_revision(tmp_path):
    with opened(tmp_path) as store:
        ahead = Record("2023-05", product="电热毯", content="温控失效", discovered_on=date(2023, 6, 1))
        now = step(ahead, at=AT)
        add(store, [now, step(ahead, at=AT.replace(month=7))])
        counts = [row.problems for row in Records(store).every()]
        assert counts[0] == counts[1] + 1
        assert [row.changed_at[:7] for row in Records(store).every()] == ["2023-05", "2023-07"]


def test_a_file_of_the_first_version_gets_the_new_columns_when_it_is_opened(tmp_path, monkeypatch):
    known = varied(60)
    with opened(tmp_path) as store:
        add(store, known)
        hits = Lists(store).ids(Filter(find="不合格"), Order.ARRIVAL, descending=True)
        rows = table(store, "SELECT * FROM record ORDER BY object_id")
    with sqlite3.connect(tmp_path / DATA) as old:  # as the first version left it
        old.executescript(
            """
            DROP INDEX record_list; DROP INDEX record_counted;
            ALTER TABLE record DROP COLUMN counted;
            ALTER TABLE record DROP COLUMN source_codes; ALTER TABLE record DROP COLUMN changed_at;
            ALTER TABLE record DROP COLUMN problems; ALTER TABLE record DROP COLUMN sealed;
            ALTER TABLE record DROP COLUMN handed;
            DROP VIEW standing_revision;
            DROP TABLE package; DROP TABLE run_revision; DROP TABLE undone_run; DROP TABLE hidden_revision;
            DROP TABLE answered; DROP TABLE handed_revision;
            CREATE INDEX record_period ON record(period, org);
            DROP TABLE record_search;
            CREATE VIRTUAL TABLE record_search USING fts5(body, content='', tokenize='ascii', detail=none);
            DELETE FROM _sqlite_migrations WHERE name <> 'm001_first_shape';
            UPDATE meta SET value = '1/' || substr(value, 3) WHERE key = 'projection';
            PRAGMA user_version = 1;
            """
        )
    old.close()
    with opened(tmp_path) as store:
        assert table(store, "SELECT * FROM record ORDER BY object_id") == rows
        assert len(Lists(store).ids(Filter(find="不合格"), Order.ARRIVAL, descending=True)) == len(hits) > 0
        assert checking.problems(store) == []
    assert [path.name[:17] for path in (tmp_path / "backups").iterdir()] == ["before-m002_lists"]
    assert len(migrations.migrations._migrations) == 5


def test_what_a_report_seals_is_noted_in_the_lists_and_comes_back_by_a_rebuild(tmp_path):
    with opened(tmp_path) as store:
        known = steps(3)
        add(store, known)
        with store.write("a", "seal") as writing:
            draft = Submissions(store).put_draft(
                writing, org="o", period="2023-05", kind="monthly", items=[each.hash for each in known[:2]], at=AT
            )
        assert [row.sealed for row in Records(store).every()] == [0, 0, 0]
        with store.write("a", "seal") as writing:
            Submissions(store).seal(writing, draft.id, nil=False, reason="", at=AT)
        add(store, [step(record(random.Random(9)), known[1].object_id, (known[1],))])
        assert [row.sealed for row in Records(store).every()] == [1, 2, 0]
        assert checking.problems(store) == []
