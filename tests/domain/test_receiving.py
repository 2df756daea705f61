"""What a revision in a package means for what is here: one judgement, whatever the order in which everything came."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from riskdesk.domain.receiving import judge_revision
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import heads, revision

AT = datetime(2023, 5, 1, tzinfo=UTC)


@st.composite
def histories(draw):
    """The revisions of one object, each following some earlier ones."""
    steps = []
    for number in range(draw(st.integers(1, 7))):
        parents = draw(st.lists(st.sampled_from(steps), max_size=2, unique_by=id)) if steps else []
        steps.append(
            revision(object_id="x", kind="record", org="o", body={"n": number}, author="", at=AT, parents=parents)
        )
    return steps


@st.composite
def arrivals(draw):
    """A revision, and what is here already, in any order."""
    steps = draw(histories())
    return draw(st.sampled_from(steps)), draw(st.lists(st.sampled_from(steps), unique_by=lambda each: each.hash))


def hashes(steps):
    return {each.hash for each in steps}


@settings(deadline=None, max_examples=400)
@given(arrivals(), st.randoms(use_true_random=False))
def test_the_outcome_says_what_becomes_of_the_heads(arrival, pick):
    step, known = arrival
    outcome = judge_revision(step, known)
    mixed = known * 2
    pick.shuffle(mixed)
    assert judge_revision(step, mixed) is outcome, "order or repetition matters"
    before, after = hashes(heads(known)), hashes(heads([*known, step]))
    expected = {
        Outcome.SAME: step.hash in hashes(known) and after == before,
        Outcome.NEW: not known and after == {step.hash},
        Outcome.STALE: step.hash not in hashes(known) and after == before,
        Outcome.UPDATED: bool(known) and after == {step.hash} != before,
        Outcome.CONFLICT: len(after) > 1 and step.hash in after - before,
        Outcome.REJECTED: False,
    }
    assert [each for each, holds in expected.items() if holds] == [outcome]


@settings(deadline=None, max_examples=200)
@given(histories(), st.randoms(use_true_random=False))
def test_after_everything_came_in_any_order_nothing_is_news_and_the_heads_are_the_same(steps, pick):
    here = []
    for step in pick.sample(steps, len(steps)):
        judge_revision(step, here)
        here.append(step)
    assert heads(here) == heads(steps)
    assert {judge_revision(step, here) for step in steps} == {Outcome.SAME}
    tips = heads(steps)
    for step in steps:
        told = judge_revision(step, tips)
        assert told is (Outcome.SAME if step in tips else Outcome.STALE)


@given(arrivals(), st.sampled_from(["org", "kind"]))
def test_a_record_of_another_office_or_kind_is_rejected_unless_it_is_here_already(arrival, name):
    step, known = arrival
    stranger = replace(step, hash="0" * 64, **{name: "another"})
    assert judge_revision(stranger, known) is (Outcome.REJECTED if known else Outcome.NEW)
