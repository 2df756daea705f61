"""Merging is the union of sets: whatever arrives in whatever order, twice or in parts, the same state comes out."""

import contextlib
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store.stores import add, in_memory, table

from riskdesk.domain import grams
from riskdesk.domain.extracts import extract_of
from riskdesk.domain.records import Record, fingerprint, record_from_body, record_to_body
from riskdesk.domain.revisions import RevisionState, heads, revision
from riskdesk.store import checking, projection
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions

QUERIES = ("充电宝", "头", "甲", "乙丙", "电宝 甲")


def object_id(number):
    return f"01900000-0000-7000-8000-{number:012d}"


@st.composite
def objects(draw, number):
    """The history of one object: edits of any earlier revision (forks), joins of two of them, withdrawals."""
    mine = []
    for _ in range(draw(st.integers(1, 5))):
        parents = draw(st.lists(st.sampled_from(mine), min_size=1, max_size=2, unique_by=id)) if mine else []
        said = Record(
            "2023-05",
            product=draw(st.sampled_from(["充电宝", "头盔"])),
            content=draw(st.text("甲乙丙", min_size=1, max_size=3)),
            brand=draw(st.sampled_from(["", "晋华"])),
        )
        mine.append(
            revision(
                object_id=object_id(number),
                kind=draw(st.sampled_from(["record", "record", "record", "review"])),
                org="140105-JU",
                body=record_to_body(said),
                author=draw(st.sampled_from(["张", "李"])),
                at=datetime(2023, 5, draw(st.integers(1, 3)), tzinfo=UTC),
                parents=parents,
                state=draw(st.sampled_from([RevisionState.ACTIVE, RevisionState.ACTIVE, RevisionState.WITHDRAWN])),
            )
        )
    return mine


@st.composite
def strangers(draw, steps):
    """A revision that names one of another object as its ancestor: nonsense, but it must not matter in what order it comes."""
    victim = draw(st.sampled_from(steps))
    body = record_to_body(Record("2023-05", product="头盔", content="甲"))
    return revision(
        object_id=object_id(99),
        kind="record",
        org="x",
        body=body,
        author="",
        at=datetime(2023, 5, 1, tzinfo=UTC),
        parents=[victim],
    )


@st.composite
def histories(draw):
    """Some revisions, grouped into parts that overlap, in two orders, the second with repetitions."""
    steps = [step for number in range(draw(st.integers(1, 4))) for step in draw(objects(number))]
    if draw(st.booleans()):
        steps.append(draw(strangers(steps)))
    parts = draw(st.lists(st.lists(st.sampled_from(steps), max_size=6), min_size=1, max_size=6))
    again = draw(st.lists(st.sampled_from(parts), max_size=4))
    return draw(st.permutations(parts)), draw(st.permutations(parts + again))


def state_of(store):
    """Everything that must not depend on how it came about; `rid` and the time of arrival do."""
    columns = projection.COLUMNS
    return {
        "revisions": sorted(step.hash for step in Revisions(store).every()),
        "superseded": table(store, "SELECT * FROM superseded ORDER BY 1, 2, 3"),
        "records": table(store, f"SELECT {columns} FROM record ORDER BY object_id"),
        "fingerprints": table(store, "SELECT * FROM record_fingerprint ORDER BY 1, 2"),
        "found": {query: sorted(row.id for row in Records(store).find(query, limit=1000)) for query in QUERIES},
    }


def taken_in(store, parts):
    for part in parts:
        add(store, part)
    return state_of(store)


def taken_in_with_extracts(store, parts):
    """Take them in, what is kept of every other record having been read elsewhere."""
    for part in parts:
        add(store, part, {step.hash: extract_of(step.body, step.at) for step in part[::2] if step.kind == "record"})
    return state_of(store)


def assert_the_laws_hold(history):
    first_order, second_order = history
    with contextlib.ExitStack() as stores:
        one, two, three, four, half, rest = (stores.enter_context(in_memory()) for _ in range(6))
        once = taken_in(one, first_order)
        assert taken_in(two, second_order) == once, "order or repetition matters"
        assert taken_in(three, [[step for part in first_order for step in part]]) == once, "grouping matters"
        assert taken_in_with_extracts(four, second_order) == once, "it matters where the extracts were made"
        middle = len(first_order) // 2
        taken_in(half, first_order[:middle])
        taken_in(rest, first_order[middle:])
        ours, theirs = list(Revisions(half).every()), list(Revisions(rest).every())
        assert taken_in(half, [theirs]) == taken_in(rest, [ours]) == once, "A with B is not B with A"
        for store in (one, two, three, four, half):
            assert_projections_are_right(store)
            order = [row.id for row in Records(store).every()]
            with store.write("", "rebuild"):
                projection.rebuild(store.connection)
            assert state_of(store) == once, "rebuilt is not the same as kept up to date"
            assert [row.id for row in Records(store).every()] == order, "a rebuild changes the order of the records"
            assert_projections_are_right(store)


def assert_projections_are_right(store):
    assert checking.problems(store) == []
    steps = [step for step in Revisions(store).every() if step.kind == "record"]
    by_object = {}
    for step in steps:
        by_object.setdefault(step.object_id, []).append(step)
    records = {row.id: row for row in map(Records(store).get, by_object)}
    for known, history in by_object.items():
        tips = heads(history)
        assert (records[known].revision, records[known].heads) == (tips[0].hash, len(tips)), "another winner"
        assert Revisions(store).of(known)[-1].rev_no >= tips[0].rev_no
    texts = dict(table(store, "SELECT object_id, search_text FROM record WHERE state = 'active'"))
    for query in QUERIES:
        scanned = {known for known, text in texts.items() if all(word in text for word in query.split())}
        assert {row.id for row in Records(store).find(query, limit=1000)} == scanned, "search is not a scan"
    typed = {fingerprint(record_from_body(step.body)) for step in steps}
    assert set(Records(store).ids_by_fingerprints(sorted(typed))) == typed, "a typed value is lost"


def test_an_extract_at_hand_is_what_lists_show():
    step = revision(
        object_id=object_id(1),
        kind="record",
        org="140105-JU",
        body=record_to_body(Record("2023-05", product="头盔", content="甲")),
        author="张",
        at=datetime(2023, 5, 1, tzinfo=UTC),
    )
    with in_memory() as store:
        add(store, [step], {step.hash: extract_of(step.body, step.at)._replace(product="读在别处")})
        assert [row.product for row in Records(store).every()] == ["读在别处"]
        assert checking.problems(store) != []


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_order_repetition_and_grouping_never_matter(history):
    assert_the_laws_hold(history)


@contextlib.contextmanager
def last_arrival_wins(monkeypatch):
    mutant = projection._WINNERS.replace("ORDER BY r.rev_no DESC, r.hash DESC", "ORDER BY r.rid DESC")
    assert mutant != projection._WINNERS
    with monkeypatch.context() as patch:
        patch.setattr(projection, "_WINNERS", mutant)
        yield


@contextlib.contextmanager
def only_present_ones_are_superseded(monkeypatch):
    real_add = Revisions.add

    def add_some(self, writing, steps, extracts=None):
        added = real_add(self, writing, steps, extracts)
        known = "SELECT 1 FROM revision r WHERE r.hash = superseded.hash"
        writing.connection.execute(f"DELETE FROM superseded WHERE NOT EXISTS ({known})")
        return added

    with monkeypatch.context() as patch:
        patch.setattr(Revisions, "add", add_some)
        yield


@contextlib.contextmanager
def any_object_supersedes(monkeypatch):
    mutant = re.sub(r" AND s.object_id = r.object_id AND s.kind = r.kind", "", projection._WINNERS)
    assert mutant != projection._WINNERS
    with monkeypatch.context() as patch:
        patch.setattr(projection, "_WINNERS", mutant)
        yield


@contextlib.contextmanager
def the_index_forgets_to_forget(monkeypatch):
    real = grams.index_terms
    with monkeypatch.context() as patch:
        patch.setattr(grams, "index_terms", lambda text: real(text)[: len(text) // 2 * 2])
        yield


@pytest.mark.parametrize(
    ("mutant", "noticed"),
    [
        (last_arrival_wins, "matters|another winner|A with B"),
        (only_present_ones_are_superseded, "matters"),
        (any_object_supersedes, "matters|checking.problems"),
        (the_index_forgets_to_forget, "search is not a scan"),
    ],
)
def test_a_store_that_breaks_a_law_is_noticed(mutant, noticed, monkeypatch):
    law = settings(
        max_examples=500,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(given(histories())(assert_the_laws_hold))
    with mutant(monkeypatch), pytest.raises(AssertionError, match=noticed):
        law()


def test_records_keep_the_order_in_which_they_came_whatever_their_ids_say():
    body = record_to_body(Record("2023-05", product="头盔", content="甲"))
    at = datetime(2023, 5, 1, tzinfo=UTC)
    steps = [
        revision(object_id=object_id(n), kind="record", org="o", body=body, author="", at=at) for n in (5, 3, 9, 1)
    ]
    with in_memory() as store:
        add(store, steps)
        assert [row.id[-1] for row in Records(store).every()] == ["5", "3", "9", "1"]
        with store.write("", "rebuild"):
            projection.rebuild(store.connection)
        assert [row.id[-1] for row in Records(store).every()] == ["5", "3", "9", "1"]
        assert [row.id[-1] for row in Records(store).find("头盔", limit=3)] == ["1", "9", "3"]
