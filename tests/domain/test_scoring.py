"""Points between nothing and the maximum, never fewer for more, and a template that must add up."""

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.scoring import Answer, Linear, LinearDown, Options, PerItem, Steps, number_of
from riskdesk.domain.station_template import template_from_text, template_of
from riskdesk.errors import InputError
from riskdesk.paths import resource

numbers = st.fractions(min_value=0, max_value=1000, max_denominator=10**8)
points = st.decimals(min_value=0, max_value=100, places=1)
positive = st.decimals(min_value="0.1", max_value=1000, places=1)


@pytest.fixture
def data():
    return template_from_text(resource("station/template.json").read_text("utf-8"))


def test_the_default_templates_18_indicators_sum_to_100(data):
    template = template_of(data)
    assert len(template.indicators) == 18
    assert sum(each.max_points for each in template.indicators) == template.total == 100
    assert sum(bool(each.metric) for each in template.indicators) == 10
    assert [each.code for each in template.indicators if each.critical] == ["C3"]


def test_grades_begin_at_their_least_points(data):
    template = template_of(data)
    assert [template.grade(Decimal(total)) for total in ("100", "90", "89.9", "70", "69.9", "0")] == [
        "优秀",
        "优秀",
        "良好",
        "合格",
        "不合格",
        "不合格",
    ]


@pytest.mark.parametrize("step", range(12))
def test_linear_gives_the_share_of_the_points(step):
    assert Linear(Decimal(12), Decimal(6)).points(Answer(number=Fraction(step))) == Decimal(step) / 2


def test_every_indicator_of_the_default_template_can_reach_its_maximum_and_nothing(data):
    for each in template_of(data).indicators:
        given_points = {each.rule.points(answer) for answer in answers(each.rule)}
        assert (min(given_points), max(given_points)) == (0, each.max_points), each.code


def answers(rule):
    if isinstance(rule, Options):
        return [Answer(option=place) for place in range(len(rule.options))]
    if isinstance(rule, PerItem):
        return [Answer(items=frozenset(range(count))) for count in range(len(rule.items) + 1)]
    return [Answer(number=Fraction(number)) for number in ("0", "0.1", "0.5", "1", "3", "6", "24", "1000")]


@given(positive, points, numbers, numbers)
def test_a_greater_number_never_gives_fewer_points_by_a_linear_rule(full, most, one, other):
    rule = Linear(full, most)
    low, high = (rule.points(Answer(number=each)) for each in sorted((one, other)))
    assert 0 <= low <= high <= most


@given(positive, points, numbers, numbers)
def test_a_greater_number_never_gives_more_points_by_a_falling_rule(zero_at, most, one, other):
    rule = LinearDown(zero_at, most)
    low, high = (rule.points(Answer(number=each)) for each in sorted((one, other)))
    assert most >= low >= high >= 0


@given(st.dictionaries(positive, points, min_size=1), numbers, numbers)
def test_a_greater_number_never_gives_fewer_points_by_steps(steps, one, other):
    thresholds, given_points = sorted(steps, reverse=True), sorted(steps.values(), reverse=True)
    rule = Steps(tuple(zip(thresholds, given_points, strict=True)))
    low, high = (rule.points(Answer(number=each)) for each in sorted((one, other)))
    assert 0 <= low <= high <= max(given_points)


@given(st.integers(1, 10), positive, points, st.data())
def test_another_item_never_gives_fewer_points(count, each, most, data):
    rule = PerItem(tuple(map(str, range(count))), each, most)
    items = data.draw(st.frozensets(st.integers(0, count - 1)))
    more = items | {data.draw(st.integers(0, count - 1))}
    assert 0 <= rule.points(Answer(items=items)) <= rule.points(Answer(items=more)) <= most


@given(st.lists(st.tuples(st.text(), points), min_size=1), st.data())
def test_an_option_gives_its_points(options, data):
    place = data.draw(st.integers(0, len(options) - 1))
    assert Options(tuple(options)).points(Answer(option=place)) == options[place][1]


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (Options((("甲", Decimal(1)),)), Answer(option=1)),
        (Options((("甲", Decimal(1)),)), Answer(option=-1)),
        (Options((("甲", Decimal(1)),)), Answer(number=Fraction(1))),
        (PerItem(("甲",), Decimal(1), Decimal(1)), Answer(items=frozenset({1}))),
        (PerItem(("甲",), Decimal(1), Decimal(1)), Answer(number=Fraction(1))),
        (Linear(Decimal(1), Decimal(1)), Answer(option=0)),
        (Linear(Decimal(1), Decimal(1)), Answer(number=Fraction(-1))),
        (LinearDown(Decimal(1), Decimal(1)), Answer()),
        (Steps(((Decimal(0), Decimal(0)),)), Answer()),
    ],
)
def test_an_answer_of_another_kind_is_refused_in_words(rule, answer):
    with pytest.raises(InputError, match="。"):
        rule.points(answer)


@given(
    st.one_of(
        st.builds(Answer, option=st.integers(0, 9)),
        st.builds(Answer, items=st.frozensets(st.integers(0, 9))),
        st.builds(Answer, number=numbers),
    )
)
def test_an_answer_survives_being_stored(answer):
    assert Answer.from_body(json.loads(json.dumps(answer.to_body()))) == answer


@pytest.mark.parametrize(
    "body",
    [
        {},
        5,
        {"option": "x"},
        {"option": True},
        {"number": "1/0"},
        {"number": None},
        {"number": "1e10000000"},
        {"number": "1" * 5000},
        {"number": "1/" + "9" * 5000},
        {"items": 5},
        {"items": ["1"]},
    ],
)
def test_a_stored_answer_that_is_none_is_told_in_words(body):
    with pytest.raises(InputError, match="看不懂"):
        Answer.from_body(body)


def change(data, way, value):
    changed = copy.deepcopy(data)
    target = changed
    for each in way[:-1]:
        target = target[each]
    target[way[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        (("indicators", 0, "max_points"), 6, "A 基础保障"),
        (("indicators", 0, "rule", "options", 0, 1), 6, "指标 A1"),
        (("indicators", 0, "rule", "options", 0, 1), -1, "指标 A1"),
        (("indicators", 4, "rule", "steps"), [[1, 1], [6, 6]], "指标 B2"),
        (("indicators", 4, "rule", "steps"), [], "指标 B2"),
        (("indicators", 6, "rule", "full"), 0, "指标 B4"),
        (("indicators", 6, "rule", "full"), "许多", "数值看不懂"),
        (("indicators", 6, "rule", "type"), "random", "指标 B4"),
        (("indicators", 1, "code"), "A1", "重复"),
        (("grades",), [["优秀", 90]], "等级"),
        (("grades",), [["合格", 70], ["优秀", 90], ["不合格", 0]], "等级"),
        (("total",), 99, "99"),
        (("version",), 0, "version"),
        (("title",), " ", "title"),
        (("indicators",), None, "格式不对"),
        (("dimensions", "F 别的"), 0, ""),
    ],
)
def test_a_template_that_makes_no_sense_is_refused_with_the_place(data, way, value, words):
    changed = change(data, way, value)
    if not words:
        template_of(changed)
        return
    with pytest.raises(InputError, match=words):
        template_of(changed)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "another/1"}'])
def test_what_is_no_template_file_is_refused(text):
    with pytest.raises(InputError, match="模板"):
        template_from_text(text)


def test_numbers_with_a_fraction_keep_a_form_that_can_be_hashed(data):
    assert data["indicators"][10]["rule"]["zero_at"] == "0.3"
    assert Path(resource("station/template.json")).is_file()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", Fraction(12)), ("0.95", Fraction(19, 20)), ("95%", Fraction(19, 20)), ("11/12", Fraction(11, 12))],
)
def test_a_number_is_read_as_people_type_it(typed, number):
    assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["", "十二", "1e9", "1e-9", "1/0", "nan", "inf", "1_0", "0x1", "9" * 17, "%"])
def test_what_is_no_number_is_told_in_words(typed):
    with pytest.raises(InputError, match="看不懂"):
        number_of(typed)
