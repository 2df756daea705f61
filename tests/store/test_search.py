"""Searching finds exactly what a scan of the texts finds, newest first, whatever is typed into the box."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.stores import add, in_memory, opened, table
from store.synthetic import record, step, steps

from riskdesk.domain import grams
from riskdesk.domain.records import Record
from riskdesk.domain.revisions import RevisionState
from riskdesk.errors import InputError
from riskdesk.store import projection, queries
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions

ODD = (
    "ＬＥＤ台灯（充电宝）20℃导体电阻",
    "型号ＡＢＣ－１２３ 与 abc-123、Abc_123",
    "含𬭎、𫓧、𠮟，铅≤0.1%；㎎/㎏ ½ ①②③",
    "邻苯二甲酸酯“DEHP”含量0.12%～3.5%，见GB 6675.1—2014",
    "café ÀÉÎ Straße ΑΣΟΦΟΣ Ⅵ ﬁn ｶﾞﾗｽ 中·文",
    "a AND b OR c NOT d NEAR(e f) \"引号\" '单' * ^ -x col:val {x y}",
    "3C-认证\n第二行\t制表",
)


def scan(store, query, period=""):
    """The ids of all active records whose text holds every word, newest first: the truth."""
    words = grams.folded(query.replace("\ud800", "")).split()
    rows = table(store, "SELECT object_id, search_text, period FROM record WHERE state = 'active' ORDER BY rid DESC")
    return [known for known, text, own in rows if all(word in text for word in words) and (not period or own == period)]


def found(store, query, **more):
    return [row.id for row in Records(store).find(query, **{"limit": 10_000, **more})]


@pytest.fixture(scope="module")
def filled():
    pick = random.Random(5)
    with in_memory() as store:
        known = steps(400, seed=3) + steps(100, seed=4, period="2023-06")
        known += [step(Record("2023-06", product="其他", content=text)) for text in ODD for _ in range(3)]
        add(store, known)
        later = []
        for old in pick.sample(known, 150):
            withdrawn = pick.random() < 0.4
            state = RevisionState.WITHDRAWN if withdrawn else RevisionState.ACTIVE
            said = record(pick).edited(content=pick.choice(ODD) + "改")
            later.append(step(said, old.object_id, (old,), state=state))
        add(store, later)
        yield store


def test_every_fragment_of_one_to_five_characters_finds_what_a_scan_finds(filled):
    pick = random.Random(11)
    texts = ["\n".join((*row.columns(), row.unit)) for row in Records(filled).every()]
    texts += [grams.folded(text) for text in texts] + list(ODD) * 40
    queries = set()
    while len(queries) < 1500:
        text = pick.choice(texts)
        start = pick.randrange(len(text))
        queries.add(text[start : start + pick.randint(1, 5)])
    hits = 0
    for query in queries:
        truth = scan(filled, query)
        assert found(filled, query) == truth, query
        hits += bool(truth)
    assert hits > 1000


def test_several_words_must_all_be_there_in_any_place(filled):
    pick = random.Random(12)
    texts = [row.content for row in Records(filled).every()]
    for _ in range(300):
        text = pick.choice(texts)
        words = []
        for _ in range(pick.randint(2, 4)):
            start = pick.randrange(len(text))
            words.append(text[start : start + pick.randint(1, 4)])
        query = pick.choice((" ", "\u3000", "  ", "\n")).join(words)
        assert found(filled, query) == scan(filled, query), query


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(
        st.text(max_size=12),
        st.text("\"'*^-+:(){}[]\\%_ ANDORNT充电铅x1\u0000𬭎", max_size=14),
        st.builds(
            " ".join,
            st.lists(st.sampled_from(["AND", "OR", "NOT", "NEAR(", '"', "充电宝", "*", "铅*", "-x", "body:铅"])),
        ),
    )
)
def test_no_query_is_an_error_and_none_finds_anything_else_than_a_scan(filled, query):
    assert found(filled, query) == scan(filled, query)


@pytest.mark.parametrize(
    "query",
    [
        "AND",
        "OR",
        "NOT",
        '"',
        '""',
        "*",
        "铅*",
        "NEAR(a b)",
        "-x",
        "col:val",
        "^a",
        "'; DROP TABLE record; --",
        "{x y}",
        "\x00",
        "%",
        "_",
        "、",
        "（",
        "\ud800",
    ],
)
def test_what_looks_like_an_instruction_is_text(filled, query):
    assert found(filled, query) == scan(filled, query)


@pytest.mark.parametrize(
    "same", [("ＬＥＤ", "led"), ("１２３", "123"), ("ⅵ", "VI"), ("strasse", "STRASSE"), ("ΑΣ", "ας"), ("ガラス", "ｶﾞﾗｽ")]
)
def test_width_and_case_do_not_matter(filled, same):
    assert found(filled, same[0]) == found(filled, same[1]) != []


def test_rare_characters_beyond_the_basic_plane_are_found(filled):
    for query in ("𬭎", "𫓧", "含𬭎", "、𠮟", "𠮟"):
        assert found(filled, query) == scan(filled, query) != []


def test_the_newest_come_first_and_no_more_than_asked(filled):
    everything = scan(filled, "")
    assert found(filled, "") == everything
    assert found(filled, "", limit=7) == everything[:7]
    assert found(filled, "有限", limit=5) == scan(filled, "有限")[:5]
    assert found(filled, "铅", limit=3) == scan(filled, "铅")[:3]
    assert found(filled, "、", limit=3) == scan(filled, "、")[:3]


def test_a_search_can_be_kept_to_one_period(filled):
    for query in ("", "有限", "铅", "、"):
        assert found(filled, query, period="2023-06", limit=20) == scan(filled, query, "2023-06")[:20]
    assert found(filled, "有限", period="2024-01") == []


def test_a_withdrawn_record_is_not_found_and_found_again_when_it_is_back():
    with in_memory() as store:
        first = step(Record("2023-05", product="头盔", content="甲醛"))
        gone = step(
            Record("2023-05", product="头盔", content="甲醛"), first.object_id, (first,), state=RevisionState.WITHDRAWN
        )
        back = step(Record("2023-05", product="头盔", content="乙醛"), first.object_id, (gone,))
        add(store, [first])
        assert found(store, "甲醛") == [first.object_id]
        add(store, [gone])
        assert found(store, "甲醛") == []
        add(store, [back])
        assert (found(store, "甲醛"), found(store, "乙醛")) == ([], [first.object_id])


def test_a_whole_paragraph_is_a_query_too(filled):
    text = Records(filled).every()[0].content
    assert found(filled, text) == scan(filled, text) != []
    assert found(filled, text * 60) == []


def test_too_many_words_are_refused_with_a_sentence(filled):
    assert found(filled, "甲 " * 5000) == scan(filled, "甲")
    with pytest.raises(InputError, match="搜索词太多"):
        found(filled, " ".join(str(n) for n in range(1001)))


def test_an_index_made_by_another_version_is_made_anew_when_the_file_is_opened(tmp_path, monkeypatch):
    with opened(tmp_path) as store:
        add(store, [step(Record("2023-05", product="头盔", content="甲醛"))])
    monkeypatch.setattr(projection, "VERSION", "later")
    monkeypatch.setattr(grams, "index_terms", lambda text: "早 晚 " + text[:1])
    monkeypatch.setattr(queries, "match_expression", lambda words: '"晚"')
    with opened(tmp_path) as store:
        assert len(found(store, "甲醛")) == 1
        assert table(store, "SELECT action FROM audit ORDER BY seq DESC LIMIT 1") == [("reproject",)]
        audited = table(store, "SELECT count(*) FROM audit")
    with opened(tmp_path) as store:
        assert table(store, "SELECT count(*) FROM audit") == audited
        assert len(list(Revisions(store).every())) == 1
