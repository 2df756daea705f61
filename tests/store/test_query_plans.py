"""The questions asked all day are answered by an index, not by going through every row."""

import re
from pathlib import Path

import pytest
from store.stores import add, opened, table
from store.synthetic import steps

from riskdesk.domain.listing import Filter, Order, RecordState
from riskdesk.domain.records import fingerprint, record_from_body
from riskdesk.store.lists import Lists
from riskdesk.store.packages import Packages
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions

SCAN = re.compile(r"\bSCAN (revision|record|r|superseded|s|record_fingerprint|audit)\b(?!.*VIRTUAL TABLE)")


@pytest.fixture(scope="module", params=[False, True], ids=["not analyzed", "analyzed"])
def store(request, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("plans")) as store:
        for month in range(24):
            add(store, steps(40, seed=month, period=f"{2023 + month // 12}-{month % 12 + 1:02}"))
        if request.param:
            store.connection.execute("ANALYZE")
        yield store


def plans(store, work):
    """The plan of every question that the work asks."""
    asked = []
    store.connection.set_trace_callback(asked.append)
    try:
        work()
    finally:
        store.connection.set_trace_callback(None)
    selects = [
        sql for sql in asked if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql) and "'delete'" not in sql
    ]
    assert selects
    return {sql: [row[3] for row in table(store, f"EXPLAIN QUERY PLAN {sql}")] for sql in selects}


def step_of(store):
    return next(Revisions(store).every())


def refreshed(store, rev_hash):
    with store.write("", "test") as writing:
        Packages(store, Path()).note_sent(writing, [rev_hash])


HOT = {
    "projecting touched objects": lambda s: add(s, steps(3, seed=5)),
    "one record": lambda s: Records(s).get(step_of(s).object_id),
    "search by two characters": lambda s: Records(s).find("有限"),
    "search by one character": lambda s: Records(s).find("铅"),
    "search by words in a period": lambda s: Records(s).find("有限 生产", period="2023-05"),
    "records of a period": lambda s: Records(s).of_period("2023-05"),
    "records by fingerprints": lambda s: Records(s).ids_by_fingerprints(
        [fingerprint(record_from_body(step_of(s).body))] * 3
    ),
    "records by import keys": lambda s: Records(s).ids_by_import_keys(["k1", "k2"]),
    "history of a record": lambda s: Revisions(s).of(step_of(s).object_id),
    "one revision": lambda s: Revisions(s).by_hash(step_of(s).hash),
    "forks": lambda s: Records(s).forks(),
    "what became of a revision": lambda s: refreshed(s, step_of(s).hash),
}


@pytest.mark.parametrize("name", HOT)
def test_no_hot_question_goes_through_all_rows(store, name):
    asked = plans(store, lambda: HOT[name](store))
    whole = "FROM revision ORDER BY rid"  # `step_of` itself
    asked = {sql: plan for sql, plan in asked.items() if whole not in sql}
    # going through the index of forks is going through the forks; one row from the end of the audit is no scan
    harmless = ("USING INDEX record_fork", "USING COVERING INDEX record_fork")
    bad = {
        sql: plan
        for sql, plan in asked.items()
        if any(SCAN.search(line) and not line.endswith(harmless) for line in plan)
        and "FROM audit ORDER BY seq DESC LIMIT 1" not in sql
    }
    assert bad == {}


def test_the_pattern_would_see_a_scan(store):
    asked = plans(store, lambda: table(store, "SELECT content FROM record r WHERE instr(content, 'x')"))
    assert any(SCAN.search(line) for plan in asked.values() for line in plan)


def test_newest_records_are_read_from_the_end_without_sorting(store):
    for work in (
        lambda: Records(store).find("有限"),
        lambda: Records(store).find("铅"),
        lambda: Records(store).find(""),
    ):
        for plan in plans(store, work).values():
            assert not any("TEMP B-TREE" in line for line in plan), plan


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("given", [Filter(), Filter(period="2023-05"), Filter(source="S1", state=RecordState.CHECKED)])
def test_long_lists_come_from_one_index_alone(store, order, given):
    for plan in plans(store, lambda: Lists(store).ids(given, order, descending=True)).values():
        assert all("USING COVERING INDEX record_list" in line for line in plan), plan
