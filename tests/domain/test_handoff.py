"""What answers mean: all sequences of up to four answers from two addressees; who reported, counted in per cent."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.handoff import Completeness, Expectation, HandedState, ReportState, Told, handed_state

SAYINGS = (HandedState.RECEIVED, HandedState.RETURNED, HandedState.ADOPTED)
ANSWERS = [Told(1, sender, number, state) for sender in ("city", "province") for number in (1, 2) for state in SAYINGS]


def state(answers):
    return handed_state(is_sent=True, told=answers)


def meant(answers):
    """The same, said in another way: the last word of each addressee, a return first, then adoption."""
    words = set()
    for sender in {each.sender for each in answers}:
        own = [each for each in answers if each.sender == sender]
        newest = max(each.number for each in own)
        words.add(max(each.state for each in own if each.number == newest))
    if HandedState.RETURNED in words:
        return HandedState.RETURNED
    return max(words, default=HandedState.SENT)


@pytest.mark.parametrize("length", range(5))
def test_every_sequence_of_answers_gives_the_state_that_the_last_word_of_each_addressee_means(length):
    by_set = {}
    for answers in itertools.product(ANSWERS, repeat=length):
        found = state(answers)
        assert found == by_set.setdefault(frozenset(answers), meant(answers)), "order or repetition matters"


def test_an_answer_that_comes_late_changes_nothing():
    for first, second in itertools.permutations(ANSWERS, 2):
        if first.sender == second.sender and first.number < second.number:
            assert state([second, first]) == state([second]) == second.state


def test_what_was_never_handed_on_is_kept_whatever_somebody_says_of_it():
    for answers in itertools.product(ANSWERS, repeat=2):
        assert handed_state(is_sent=False, told=answers) is HandedState.KEPT


def test_one_return_among_two_addressees_wants_work_until_it_is_taken_back():
    adopted, returned = Told(1, "city", 1, HandedState.ADOPTED), Told(1, "province", 1, HandedState.RETURNED)
    assert state([adopted, returned]) is HandedState.RETURNED
    assert state([adopted, returned, Told(1, "province", 2, HandedState.RECEIVED)]) is HandedState.ADOPTED


@given(st.lists(st.tuples(st.sampled_from(ReportState), st.booleans()), max_size=150))
def test_the_counts_add_up_and_all_is_said_only_of_all(given_):
    offices = tuple(
        Expectation(f"o{n}", "", state_, late and state_ is not ReportState.MISSING)
        for n, (state_, late) in enumerate(given_)
    )
    found = Completeness("2023-05", offices)
    assert sum(found.count(each) for each in ReportState) == len(offices)
    assert found.received + len(found.missing) == len(offices)
    assert found.late <= found.received
    assert 0 <= found.rate <= 100
    assert (found.rate == 100) == (not found.missing)
    if offices and not found.received:
        assert found.rate == 0


def test_an_answer_to_a_later_report_counts_before_one_to_an_earlier_report():
    returned, received = Told(1, "city", 2, HandedState.RETURNED), Told(2, "city", 1, HandedState.RECEIVED)
    for told in ([returned, received], [received, returned]):
        assert handed_state(is_sent=True, told=told) is HandedState.RECEIVED
