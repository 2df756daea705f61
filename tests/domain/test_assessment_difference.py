"""Two versions of a sheet are compared in words, by indicator."""

from dataclasses import replace
from fractions import Fraction

import pytest

from riskdesk.domain.assessment import Evidence, Filled, Sheet
from riskdesk.domain.assessment_difference import Change, Difference, differences
from riskdesk.domain.records import Attachment
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import template_from_text
from riskdesk.paths import resource


@pytest.fixture
def empty():
    data = template_from_text(resource("station/template.json").read_text("utf-8"))
    return Sheet("140100-ZD01", "某监测站", 2025, data)


def test_the_same_sheet_differs_in_nothing(empty):
    filled = empty.with_filled("A1", Filled(Answer(option=0)))
    assert differences(filled, filled) == ()
    assert differences(empty, empty.with_filled("A1", Filled())) == ()


def test_answers_are_told_in_words_with_their_points(empty):
    first = empty.with_filled("A1", Filled(Answer(option=1), note="见批复"))
    second = first.with_filled("A1", Filled(Answer(option=2), note="批复已过期"))
    [found] = differences(first, second)
    assert found == Difference(
        "A1",
        "A1 依托主体和技术力量",
        (Change("填报", "具备其一（3 分）", "均不具备（0 分）"), Change("说明", "见批复", "批复已过期")),
    )
    assert differences(empty, first)[0].changes[0].before == ""


def test_what_was_computed_and_why_a_person_says_otherwise_are_told_apart(empty):
    first = empty.with_filled("C1", Filled(Answer(number=Fraction(11, 12)), Answer(number=Fraction(11, 12))))
    second = empty.with_filled("C1", Filled(Answer(number=Fraction(1)), Answer(number=Fraction(11, 12)), "纸质补报"))
    assert [each.what for each in differences(first, second)[0].changes] == ["填报", "理由"]
    assert "11/12" in differences(first, second)[0].changes[0].before


def test_evidence_that_came_and_went_is_named(empty):
    one, two = (Evidence(Attachment(each * 64, f"{each}.pdf", 1), "资质证书") for each in "ab")
    first = empty.with_filled("A1", Filled(evidence=(one,)))
    second = empty.with_filled("A1", Filled(evidence=(replace(two, of=""),)))
    assert differences(first, second)[0].changes == (
        Change("删除材料", "a.pdf（资质证书）", ""),
        Change("增加材料", "", "b.pdf（其他材料）"),
    )


def test_indicators_stand_in_the_order_of_the_template_and_vetoes_last(empty):
    filled = {"D1": Filled(note="丁"), "A1": Filled(note="甲")}
    found = differences(empty, replace(empty, filled=filled, vetoes=("V1",)))
    assert [each.code for each in found] == ["A1", "D1", ""]
    assert "瞒报" in found[-1].changes[0].after
