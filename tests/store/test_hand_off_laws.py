"""Packages are taken, taken back and taken again: what stands is what was typed here or is in an import that stands."""

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.stores import add, in_memory, table
from store.test_merge_laws import QUERIES, histories, object_id, state_of

from riskdesk.domain.records import record_from_body
from riskdesk.domain.revisions import heads
from riskdesk.store import checking, projection
from riskdesk.store.imports import Imports
from riskdesk.store.packages import Packages
from riskdesk.store.records import Records
from riskdesk.store.revisions import Revisions
from riskdesk.store.undoing import Undoing

NOW = datetime(2023, 5, 25, tzinfo=UTC)
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class Office:
    """A store that takes packages in and takes them back as services/receiving.py and services/undoing.py do."""

    store: object
    typed: set = field(default_factory=set)
    runs: dict = field(default_factory=dict)  # id to what it was about, None if it was taken back
    bodies: dict = field(default_factory=dict)

    def type_in(self, steps):
        add(self.store, steps)
        self.typed |= {step.hash for step in steps}
        self.bodies |= {step.hash: step.body for step in steps}

    def take(self, steps):
        run = object_id(len(self.runs))
        here = self.standing()
        with self.store.write("某人", "receive") as writing:
            Revisions(self.store).add(writing, steps)
            added = [step.hash for step in steps if step.hash not in here]
            Packages(self.store, Path()).cover(writing, run, [step.hash for step in steps], added)
            Imports(self.store).log(writing, run_id=run, at=NOW, actor="某人", period="2023-05", files=[], rows=[])
        self.runs[run] = {step.hash for step in steps}
        self.bodies |= {step.hash: step.body for step in steps}
        return run

    def undo(self, run):
        undoing = Undoing(self.store)
        with self.store.write("某人", "undo import") as writing:
            undoing.undo(writing, run, undoing.brought(run), NOW.isoformat())
        self.runs[run] = None

    def fail(self, steps):
        """Begin to take a package, and fail; nothing of it is left."""
        with contextlib.suppress(ValueError), self.store.write("某人", "receive") as writing:
            Revisions(self.store).add(writing, steps)
            raise ValueError

    def standing(self):
        return {each for (each,) in table(self.store, "SELECT hash FROM standing_revision")}

    def wanted(self):
        return self.typed.union(*(each for each in self.runs.values() if each))


def assert_is_as_it_should_be(office, every_step):
    store = office.store
    assert office.standing() == office.wanted(), "something else stands"
    kept = {step.hash: step.body for step in Revisions(store).every()}
    assert kept == office.bodies, "something that was typed is lost"
    assert checking.problems(store) == []
    state = state_of(store)
    with in_memory() as plain:
        add(plain, [step for step in every_step if step.hash in office.wanted()])
        assert {**state, "revisions": None} == {**state_of(plain), "revisions": None}, "another way, another state"
    texts = dict(table(store, "SELECT object_id, search_text FROM record WHERE state = 'active'"))
    for query in QUERIES:
        scanned = {known for known, text in texts.items() if all(word in text for word in query.split())}
        assert {row.id for row in Records(store).find(query, limit=1000)} == scanned, "search is not a scan"
    for row in Records(store).every():
        own = [step for step in Revisions(store).of(row.id) if step.kind == "record"]
        assert row.revision == heads(own)[0].hash
    with store.write("", "rebuild"):
        projection.rebuild(store.connection)
    assert state_of(store) == state, "rebuilt is not the same as kept up to date"


@LAWS
@given(histories(), st.data())
def test_taking_taking_back_and_taking_again_in_any_order_lose_nothing(history, data):
    parts, again = history
    every_step = [step for part in parts for step in part]
    with in_memory() as store:
        office = Office(store)
        office.type_in(data.draw(st.sampled_from(parts)))
        for part in again:
            office.take(part)
            standing = [run for run, about in office.runs.items() if about is not None]
            for run in data.draw(st.lists(st.sampled_from(standing), max_size=2, unique=True)):
                office.undo(run)
            assert office.standing() == office.wanted()
        assert_is_as_it_should_be(office, every_step)
        for part in data.draw(st.permutations(parts)):
            office.take(part)
        assert office.standing() == {step.hash for step in every_step}, "what was hidden does not come back"
        assert_is_as_it_should_be(office, every_step)


@LAWS
@given(histories(), st.data())
def test_packages_that_share_commits_leave_the_same_as_those_that_do_not(history, data):
    parts, again = history
    with in_memory() as store:
        office = Office(store)
        office.type_in(data.draw(st.sampled_from(parts)))
        with store.share() as commit:
            for part in again:
                if data.draw(st.booleans()):
                    office.fail(data.draw(st.sampled_from(parts)))
                office.take(part)
                standing = [run for run, about in office.runs.items() if about is not None]
                for run in data.draw(st.lists(st.sampled_from(standing), max_size=2, unique=True)):
                    office.undo(run)
                if data.draw(st.booleans()):
                    commit()
                    assert checking.problems(store) == []
        assert_is_as_it_should_be(office, [step for part in parts for step in part])


@LAWS
@given(histories())
def test_taking_everything_back_leaves_what_was_typed_here_and_hides_the_rest(history):
    parts, again = history
    with in_memory() as store, in_memory() as alone:
        office, before = Office(store), Office(alone)
        office.type_in(parts[0])
        before.type_in(parts[0])
        for run in [office.take(part) for part in again]:
            office.undo(run)
        assert office.standing() == {step.hash for step in parts[0]}
        assert {**state_of(store), "revisions": None} == {**state_of(alone), "revisions": None}
        hidden = {step.hash for part in again for step in part} - office.standing()
        assert {each for (each,) in table(store, "SELECT hash FROM hidden_revision")} == hidden
        for rev_hash in hidden:
            assert Revisions(store).by_hash(rev_hash) is None
        assert_is_as_it_should_be(office, [step for part in parts for step in part])


@pytest.mark.parametrize("first", [0, 1])
def test_what_two_imports_brought_stays_until_both_are_taken_back(first):
    steps = [step for step in _two_records() if step.kind == "record"]
    with in_memory() as store:
        office = Office(store)
        runs = [office.take(steps), office.take(steps[:1])]
        office.undo(runs[first])
        assert steps[0].hash in office.standing()
        office.undo(runs[1 - first])
        assert Records(store).every() == []
        assert_is_as_it_should_be(office, steps)


def test_what_was_typed_here_is_never_hidden_by_taking_back_a_package_that_says_the_same():
    steps = _two_records()
    with in_memory() as store:
        office = Office(store)
        office.type_in(steps[:1])
        office.undo(office.take(steps))
        assert [row.revision for row in Records(store).every()] == [steps[0].hash]


def _two_records():
    from store.synthetic import steps

    found = steps(2)
    assert len({record_from_body(each.body).content for each in found}) == 2
    return found
