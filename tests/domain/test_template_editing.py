"""The indicator template is edited as a value: what is not meant stays, and what is wrong is told with its place."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskdesk.domain import template_editing as editing
from riskdesk.domain.canonical import canonical
from riskdesk.domain.station_template import template_from_text, template_of
from riskdesk.domain.template_checking import Part, Place, check, problem, sums, whole_sum
from riskdesk.domain.timeline import Timeline
from riskdesk.errors import InputError
from riskdesk.paths import resource
from riskdesk.services import measuring

A, B = "A 基础保障", "B 动态监测能力"


@pytest.fixture
def data():
    return template_from_text(resource("station/template.json").read_text("utf-8"))


def codes(data):
    return [each["code"] for each in data["indicators"]]


def test_the_default_template_has_no_problem(data):
    assert problem(data) is None
    assert all(each.is_right for each in [*sums(data), whole_sum(data)])


def test_every_metric_that_the_data_answer_is_offered():
    assert editing.METRICS.keys() == measuring._METRICS.keys()
    assert {code: each.options for code, each in editing.METRICS.items() if each.options} == measuring._OPTIONS


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("12", 12, "12"), (" １２ ", 12, "12"), ("0.50", "0.5", "0.5"), ("95%", "0.95", "0.95"), ("100％", 1, "1"),
        ("1e2", 100, "100"), ("", "", ""), ("很多", "很多", "很多"), ("NaN", "NaN", "NaN"), ("-3", -3, "-3"),
    ],
)  # fmt: skip
def test_numbers_are_kept_in_one_form_and_what_cannot_be_read_as_typed(typed, kept, shown):
    assert editing.number(typed) == kept
    assert editing.shown(kept) == shown


def test_shares_are_shown_in_percent():
    assert editing.shown("0.3", "return_rate") == "30%"
    assert editing.number(editing.shown("0.3", "return_rate")) == "0.3"


def test_a_wrong_sum_is_told_with_its_dimension(data):
    wrong = editing.changed(data, 0, max_points=6)
    found = problem(wrong)
    assert "合计 16 分，应为 15 分" in found.text
    assert found.place == Place(Part.DIMENSION, 0)
    assert not sums(wrong)[0].is_right
    mended = editing.changed(wrong, 1, max_points=4)
    assert "A2" in problem(mended).text  # it still gives 5 points for an option
    assert problem(mended).place == Place(Part.INDICATOR, 1)


@pytest.mark.parametrize(
    ("change", "said", "place"),
    [
        (lambda data: editing.changed(data, 3, max_points="很多"), "指标 B1", Place(Part.INDICATOR, 3)),
        (lambda data: editing.changed(data, 3, max_points=""), "没有填写", Place(Part.INDICATOR, 3)),
        (lambda data: editing.changed(data, 3, name=""), "“名称”没有填写", Place(Part.INDICATOR, 3)),
        (lambda data: editing.changed(data, 3, code="A1"), "重复", Place(Part.INDICATOR, 3)),
        (lambda data: {**data, "title": " "}, "“标题”", Place(Part.GENERAL)),
        (lambda data: {**data, "total": 90}, "应为 90", Place(Part.GENERAL)),
        (lambda data: {**data, "grades": [["优", 90], ["良", 60]]}, "从 0 分起", Place(Part.GRADES)),
        (lambda data: {**data, "grades": [["优", 90], ["优", 0]]}, "重复", Place(Part.GRADES)),
        (lambda data: editing.vetoes_put(data, [("V1", "", "不合格")]), "“情形”", Place(Part.VETOES)),
        (lambda data: editing.vetoes_put(data, [("V1", "甲", "不合格")] * 2), "重复", Place(Part.VETOES)),
        (lambda data: {**data, "dimensions": {**data["dimensions"], B: "x"}}, "看不懂", Place(Part.DIMENSION, 1)),
        (lambda data: editing.rule_changed(data, 0, options=[["", 5]]), "没有写", Place(Part.INDICATOR, 0)),
        (lambda data: editing.rule_changed(data, 2, items=["甲", ""]), "没有写", Place(Part.INDICATOR, 2)),
        (lambda data: editing.rule_changed(data, 4, steps=[[1, 1], [2, 2]]), "从高到低", Place(Part.INDICATOR, 4)),
        (lambda data: editing.ruled(data, 7, "options"), "是数值", Place(Part.INDICATOR, 7)),
    ],
)  # fmt: skip
def test_the_first_thing_wrong_is_told_with_its_place(data, change, said, place):
    found = problem(change(data))
    assert said in found.text
    assert found.place == place
    with pytest.raises(InputError):
        check(change(data))


def test_wordings_that_are_numbers_in_the_file_are_taken_as_words(data):
    put = editing.rule_changed(data, 0, options=[[2, 5], [1, 3], [0, 0]])
    put = {**editing.rule_changed(put, 2, items=[1, 2]), "grades": [[1, 90], [2, 0]]}
    assert problem(put) is None


def test_an_added_indicator_stands_last_in_its_dimension_with_a_code_of_its_own(data):
    more, at = editing.added(data, B)
    assert (codes(more)[at - 1 : at + 2], at) == (["B4", "B5", "C1"], 7)
    assert problem(more) is None  # no points yet
    gone, beside = editing.deleted(more, at)
    assert gone["indicators"] == data["indicators"]
    assert beside == 6


def test_after_a_deletion_the_next_of_the_dimension_is_looked_at(data):
    assert editing.deleted(data, 0)[1] == 0
    assert editing.deleted(data, 2)[1] == 1
    lonely = {**data, "indicators": data["indicators"][:4]}
    assert editing.deleted(lonely, 3)[1] == 2


def test_indicators_move_within_their_dimension_only(data):
    moved, at = editing.moved(data, 0, 1)
    assert (codes(moved)[:3], at) == (["A2", "A1", "A3"], 1)
    assert editing.moved(data, 2, 1) == (data, 2)
    assert editing.moved(data, 0, -1) == (data, 0)


def test_an_indicator_goes_to_the_end_of_another_dimension(data):
    put, at = editing.belonging(data, 0, B)
    assert codes(put)[at] == "A1"
    assert codes(put)[:7] == ["A2", "A3", "B1", "B2", "B3", "B4", "A1"]
    assert editing.belonging(data, 0, A) == (data, 0)


def test_a_dimension_is_renamed_with_its_indicators_and_never_into_another(data):
    put = editing.dimension_renamed(data, A, "甲 基础")
    assert editing.dimensions(put)[0] == "甲 基础"
    assert problem(put) is None
    for wanted in ("", "　", B):
        with pytest.raises(InputError):
            editing.dimension_renamed(data, A, wanted)


def test_dimensions_are_added_and_deleted_while_they_are_empty(data):
    one, _ = editing.dimension_added(data)
    two, at = editing.dimension_added(one)
    assert editing.dimensions(two)[at - 1 :] == ["新维度", "新维度2"]
    filled, place = editing.added(two, "新维度2")
    assert codes(filled)[place] == "新1"
    with pytest.raises(InputError, match="还有指标"):
        editing.dimension_deleted(filled, "新维度2")
    assert editing.dimension_deleted(editing.dimension_deleted(two, "新维度2"), "新维度") == data


@pytest.mark.parametrize("kind", editing.RULES)
@pytest.mark.parametrize("at", [0, 2, 4, 6, 10])
def test_every_rule_can_become_every_other_and_is_whole_at_once(data, at, kind):
    by_people = editing.answered_by(data, at, "")
    put = editing.ruled(by_people, at, kind)
    assert problem(put) is None
    assert put["indicators"][at]["rule"]["type"] == kind
    assert put["indicators"][at]["rule"].get("note") == data["indicators"][at]["rule"].get("note")
    assert editing.ruled(put, at, kind) == put


def test_the_metric_stands_in_the_rule_too_as_in_the_default(data):
    put = editing.answered_by(data, 4, "accepted_records")
    assert (put["indicators"][4]["auto_metric"], put["indicators"][4]["rule"]["metric"]) == ("accepted_records",) * 2
    bare = editing.answered_by(put, 4, "")
    assert bare["indicators"][4]["auto_metric"] is None
    assert "metric" not in bare["indicators"][4]["rule"]


NEWER = {"of_a_newer_version": [1, {"x": None}]}
STEPS = {
    "name": lambda data, at: editing.changed(data, at, name="别的"),
    "rule": lambda data, at: editing.rule_changed(data, at, note="别的"),
    "kind": lambda data, at: editing.ruled(data, at, "linear"),
    "metric": lambda data, at: editing.answered_by(data, at, "return_rate"),
    "add": lambda data, at: editing.added(data, data["indicators"][at]["dimension"])[0],
    "move": lambda data, at: editing.moved(data, at, 1)[0],
    "belong": lambda data, at: editing.belonging(data, at, editing.dimensions(data)[1])[0],
    "rename": lambda data, at: editing.dimension_renamed(data, data["indicators"][at]["dimension"], "改名"),
    "dimension": lambda data, _at: editing.dimension_added(data)[0],
    "vetoes": lambda data, _at: editing.vetoes_put(
        data, [(each["code"], "别的", each["result"]) for each in data["veto"]]
    ),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 17)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_fields_that_are_not_known_survive_and_nothing_given_is_touched(steps):
    given_data = template_from_text(resource("station/template.json").read_text("utf-8"))
    given_data.update(NEWER)
    for each in [*given_data["indicators"], *given_data["veto"], *(one["rule"] for one in given_data["indicators"])]:
        each.update(NEWER)
    before, now = copy.deepcopy(given_data), given_data
    for name, at in steps:
        if name == "rename" and "改名" in now["dimensions"]:
            continue
        now = STEPS[name](now, at)
    assert given_data == before
    assert json.loads(canonical(now)) == json.loads(json.dumps(now))
    found = [now, *now["veto"], *(each for each in now["indicators"] if each["name"] != "新指标")]
    found += [each["rule"] for each in found if "rule" in each]
    assert all(each["of_a_newer_version"] == NEWER["of_a_newer_version"] for each in found)
    assert len([each for each in now["indicators"] if each["name"] != "新指标"]) == 18
    assert {each["dimension"] for each in now["indicators"]} <= now["dimensions"].keys()


def test_an_edited_template_is_one_for_the_domain_as_well(data):
    put = editing.rule_changed(editing.changed(data, 0, max_points="5.5"), 0, options=[["有", "5.5"], ["无", 0]])
    put = {**put, "dimensions": {**put["dimensions"], A: "15.5"}, "total": "100.5"}
    assert problem(put) is None
    assert str(template_of(put).indicator("A1").max_points) == "5.5"


# --- undo and redo ---


def test_typing_in_one_field_is_undone_at_once():
    line = Timeline("").then("a", "name").then("ab", "name").then("abc", "points")
    assert line.undone().now == "ab"
    assert line.undone().undone().now == ""
    assert line.undone().undone().undone() == line.undone().undone()
    assert line.undone().redone().now == "abc"
    assert line.redone() is line


def test_a_pause_begins_another_step_and_a_new_one_forgets_what_was_undone():
    line = Timeline("").then("a", "name").paused().then("ab", "name")
    assert line.undone().now == "a"
    assert line.undone().then("x").future == ()
    assert line.then("ab") is line
