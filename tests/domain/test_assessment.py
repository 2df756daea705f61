"""What a sheet comes to: totals, grades, vetoes, critical indicators, and reviews that give reasons."""

import copy
from decimal import Decimal
from fractions import Fraction

import pytest

from riskdesk.domain.assessment import (
    Column,
    Evidence,
    Filled,
    Judged,
    Review,
    Sheet,
    judge,
    result,
    review_from_body,
    review_to_body,
    reviewed_points,
    sheet_from_body,
    sheet_to_body,
)
from riskdesk.domain.records import Attachment
from riskdesk.domain.scoring import Answer, Options, PerItem
from riskdesk.domain.station_template import template_from_text, template_of
from riskdesk.errors import InputError
from riskdesk.paths import resource


@pytest.fixture
def data():
    return template_from_text(resource("station/template.json").read_text("utf-8"))


@pytest.fixture
def sheet(data):
    return Sheet("140100-ZD01", "某监测站", 2025, data)


def best(rule):
    """The answer that has all points."""
    if isinstance(rule, Options):
        return Answer(option=max(range(len(rule.options)), key=lambda place: rule.options[place][1]))
    if isinstance(rule, PerItem):
        return Answer(items=frozenset(range(len(rule.items))))
    return max((Answer(number=Fraction(number)) for number in (0, 1000)), key=rule.points)


def filled_by_the_best(sheet):
    for each in sheet.template.indicators:
        sheet = sheet.with_filled(each.code, Filled(best(each.rule)))
    return sheet


def outcome(sheet, vetoes=()):
    return result(sheet.template, sheet.points(), vetoes)


def test_an_empty_sheet_has_no_grade_and_says_what_is_missing(sheet):
    found = outcome(sheet)
    assert (found.total, found.grade, found.is_complete) == (0, "", False)
    assert sum("还没有填写" in each for each in sheet.missing()) == 18


def test_the_best_sheet_has_100_points(sheet):
    found = outcome(filled_by_the_best(sheet))
    assert (found.total, found.grade, found.is_complete) == (100, "优秀", True)


def test_a_veto_decides_alone(sheet):
    found = outcome(filled_by_the_best(sheet), ["V2"])
    assert (found.total, found.grade) == (100, "不合格")
    assert found.decided_by.startswith("否决项 V2")


def test_a_critical_indicator_without_points_leaves_at_most_a_pass(sheet):
    late = filled_by_the_best(sheet).with_filled("C3", Filled(Answer(option=2)))
    found = outcome(late)
    assert (found.total, found.grade) == (95, "合格")
    assert "C3" in found.decided_by
    partly = filled_by_the_best(sheet).with_filled("C3", Filled(Answer(option=1)))
    assert outcome(partly).grade == "优秀"


def test_another_answer_than_the_rule_wants_is_refused_with_the_indicator(sheet):
    with pytest.raises(InputError, match="指标 B2 信息来源渠道覆盖：请填写数值"):
        sheet.with_filled("B2", Filled(Answer(option=0)))
    with pytest.raises(InputError, match="没有指标“Z9”"):
        sheet.with_filled("Z9", Filled())


def test_an_answer_that_differs_from_the_data_wants_a_reason(sheet):
    filled = Filled(Answer(number=Fraction(6)), Answer(number=Fraction(4)))
    assert "B2 信息来源渠道覆盖：填写的与系统计算的不同，请说明理由" in sheet.with_filled("B2", filled).missing()
    with_reason = Filled(Answer(number=Fraction(6)), Answer(number=Fraction(4)), "另有两类未录入系统")
    assert not any(each.startswith("B2") for each in sheet.with_filled("B2", with_reason).missing())


def test_required_evidence_is_asked_for_until_it_is_there(sheet):
    only = Evidence(Attachment("a" * 64, "批复.pdf", 10), "建站批复或协议")
    told = [
        each
        for each in sheet.with_filled("A1", Filled(Answer(option=0), evidence=(only,))).missing()
        if each[:2] == "A1"
    ]
    assert told == ["A1 依托主体和技术力量：缺少证明材料“资质证书”“专家名单及回避声明”"]


def test_what_the_program_itself_can_prove_is_not_asked_for(sheet):
    told = [each for each in sheet.missing() if each[:2] == "C1"]
    assert told == ["C1 月报按时报送率：还没有填写"]


def test_a_sheet_and_a_review_survive_being_stored(sheet):
    evidence = (Evidence(Attachment("a" * 64, "批复.pdf", 10), "建站批复或协议"),)
    full = filled_by_the_best(sheet).with_filled(
        "B2", Filled(Answer(number=Fraction(11, 12)), Answer(number=Fraction(1, 3)), "理由", "说明", evidence)
    )
    assert sheet_from_body(sheet_to_body(full)) == full
    review = Review(
        "id", "hash", Column.CITY, {"A1": Judged(Decimal("4.5"), "缺一份")}, {"A2": "补任命文件"}, ("V1",), "同意"
    )
    assert review_from_body(review_to_body(review)) == review


def test_a_template_that_changes_later_leaves_a_sheet_as_it_was(sheet, data):
    full = filled_by_the_best(sheet)
    stored = sheet_to_body(full)
    changed = copy.deepcopy(data)
    changed["version"] = 2
    changed["indicators"][0]["rule"]["options"][0][1] = 4
    assert template_of(changed).version == 2
    again = sheet_from_body(stored)
    assert (again.template.version, outcome(again).total) == (1, 100)


def test_a_review_says_why_it_differs(sheet):
    template = sheet.template
    a1 = template.indicator("A1")
    review = Review("id", "hash", Column.CITY)
    same = judge(review, a1, Judged(Decimal(5)), Decimal(5))
    assert reviewed_points(same, template)["A1"] == 5
    assert reviewed_points(same, template)["A2"] is None
    with pytest.raises(InputError, match="请写明理由"):
        judge(review, a1, Judged(Decimal(3)), Decimal(5))
    assert judge(review, a1, Judged(Decimal(3), "证书过期"), Decimal(5)).judged["A1"].reason == "证书过期"
    for points in ("5.1", "-1", "NaN"):
        with pytest.raises(InputError, match="0 到 5"):
            judge(review, a1, Judged(Decimal(points), "理由"), Decimal(5))


@pytest.mark.parametrize(
    "body", [{}, {"station": "a", "unit": "b", "year": "x", "template": {}, "filled": {}, "vetoes": []}]
)
def test_a_stored_sheet_that_is_none_is_told_in_words(body):
    with pytest.raises(InputError, match="自评表的数据不完整"):
        sheet_from_body(body)
    with pytest.raises(InputError, match="核验表的数据不完整"):
        review_from_body(body)
