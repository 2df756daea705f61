"""Validation, triage, credit codes and sources: what riskdesk thinks of what was typed."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain import credit_code, triage, validation
from riskdesk.domain.annex1 import COLUMNS, TITLE
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.records import Enterprise, HazardTarget, Record
from riskdesk.domain.vocab import Vocabulary
from riskdesk.paths import resource

TODAY = date(2023, 5, 25)
LISTS = json.loads(resource("vocab/lists.json").read_text("utf-8"))
VOCABULARY = Vocabulary.from_json(LISTS)
WHOLE = Record(
    "2023-05",
    product="电热毯",
    enterprise_count=parse_enterprise_count("3"),
    regions_text="太原市小店区",
    region_codes=("140105",),
    content="表面温度过高，存在烫伤风险。",
    analysis="控温器失效。",
    suggestion="建议监督抽查。",
    sources_text="消费者投诉、举报的",
    source_codes=("S2",),
)


def codes(record):
    return [(each.field, each.code) for each in validation.problems(record, TODAY)]


def test_the_form_is_that_of_the_notice():
    assert LISTS["annex1"]["title"] == TITLE
    assert LISTS["annex1"]["columns"] == [column.title for column in COLUMNS]


def test_a_whole_record_has_no_problems():
    assert codes(WHOLE) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"product": ""}, ("product", "missing")),
        ({"content": " "}, ("content", "missing")),
        ({"analysis": ""}, ("analysis", "missing")),
        ({"enterprise_count": parse_enterprise_count("3-5")}, ("enterprise_count_text", "not_understood")),
        ({"region_codes": ()}, ("regions_text", "not_understood")),
        ({"source_codes": ()}, ("sources_text", "not_understood")),
        ({"content": "字" * 20001}, ("content", "too_long")),
        ({"content": "不好"}, ("content", "too_short")),
        ({"discovered_on": date(2023, 5, 26)}, ("discovered_on", "in_future")),
        ({"discovered_on": date(2023, 5, 1), "occurred_on": date(2023, 5, 2)}, ("occurred_on", "after_discovery")),
        ({"samples_tested": 3, "samples_failed": 4}, ("samples_failed", "more_than_tested")),
        ({"injured": -1}, ("injured", "negative")),
        ({"enterprises": (Enterprise("某厂", "91350100M000100Y44"),)}, ("enterprises", "credit_code")),
        ({"content": "举报人身份证 140105199003071234 反映"}, ("content", "personal_data")),
        ({"analysis": "机密★ 请勿外传"}, ("analysis", "state_secret")),
    ],
)
def test_each_fault_is_found_at_its_field(changes, found):
    assert found in codes(WHOLE.edited(**changes))


def test_only_a_missing_product_or_content_blocks():
    blocking = {each.field for each in validation.problems(Record("2023-05"), TODAY) if each.blocking}
    assert blocking == {"product", "content"}
    assert [each.field for each in validation.problems(Record("2023-05"), TODAY)] == [
        column.field for column in COLUMNS
    ]


def test_a_soft_problem_can_be_accepted_with_a_reason_and_a_blocking_one_cannot():
    [problem] = validation.problems(WHOLE.edited(analysis=""), TODAY)
    assert validation.open_problems(validation.accept(WHOLE.edited(analysis=""), problem, "检验报告未出"), TODAY) == []
    assert len(validation.open_problems(validation.accept(WHOLE.edited(analysis=""), problem, ""), TODAY)) == 1
    [blocking] = validation.problems(WHOLE.edited(product=""), TODAY)
    blocked = validation.accept(WHOLE.edited(product=""), blocking, "不填")
    assert [each.field for each in validation.open_problems(blocked, TODAY)] == ["product"]


def test_an_accepted_problem_is_asked_about_again_when_the_field_says_something_else():
    short = WHOLE.edited(content="不好")
    [problem] = validation.problems(short, TODAY)
    accepted = validation.accept(short, problem, "原文如此")
    assert validation.open_problems(accepted, TODAY) == []
    assert len(validation.open_problems(accepted.edited(content="很坏"), TODAY)) == 1


@pytest.mark.parametrize("code", ["91350100M000100Y43", "911101080828552X33"[:17] + "3"])
def test_right_credit_codes_pass(code):
    expected = code == "91350100M000100Y43"
    assert credit_code.is_credit_code(code) is expected


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_single_wrong_character_of_a_credit_code_is_noticed(place, char):
    right = "91350100M000100Y43"
    wrong = right[:place] + char + right[place + 1 :]
    assert credit_code.is_credit_code(wrong) is (wrong == right)


def test_a_credit_code_is_read_from_full_width_and_spaced_text():
    assert credit_code.normal_credit_code(" ９１350100 m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize("criterion", ["K1", "K2"])
def test_either_key_criterion_makes_a_record_urgent_whatever_else_it_is(criterion):
    judged = triage.triage(
        WHOLE.edited(key_codes=(criterion,), important_codes=("I1",), triage_reason="已造成两人受伤")
    )
    assert judged.level is triage.Level.KEY
    assert criterion in judged.reason
    assert "已造成两人受伤" in judged.reason


def test_important_is_not_key_and_nothing_is_ticked_by_itself():
    assert triage.triage(WHOLE.edited(important_codes=("I4",))).level is triage.Level.IMPORTANT
    dangerous = triage.triage(WHOLE.edited(content="已造成 2 人死亡。", dead=2))
    assert dangerous.level is triage.Level.ORDINARY
    assert [each.code for each in dangerous.suggestions if each.code.startswith("K")] == ["K1"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": "使用中起火，一人烧伤住院"}, "K1"),
        ({"content": "属行业性问题，企业普遍存在"}, "I2"),
        ({"content": "发生爆炸事故"}, "I3"),
        ({"content": "引发网络舆情"}, "I4"),
        ({"source_codes": ("S4",)}, "I6"),
        ({"hazard_targets": (HazardTarget.PERSON,)}, "I1"),
    ],
)
def test_criteria_are_suggested_with_the_reason(changes, code):
    found = {each.code: each.reason for each in triage.triage(WHOLE.edited(**changes)).suggestions}
    assert found[code]


def test_no_casualty_or_a_mere_possibility_suggests_no_key_criterion():
    for content in ("未造成人员伤亡，正在调查", "误食可能导致儿童死亡"):
        suggested = [each.code for each in triage.triage(WHOLE.edited(content=content)).suggestions]
        assert "K1" not in suggested, content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网络及媒体报道的；市场监管部门日常监管中发现的", ("S3", "S6")),
        ("消费者投诉、举报", ("S2",)),
        ("12315平台", ("S2",)),
        ("有关部门通报", ("S4",)),
        ("市场监管部门日常监管", ("S3",)),
        ("检验检测机构检测", ("S5",)),
        ("召回、预警信息", ("S7",)),
        ("产品伤害信息", ("S8",)),
        ("生产者、销售者报告", ("S1",)),
        ("其他有效渠道", ("S9",)),
        ("媒体报道；投诉", ("S2", "S6")),
        ("不知道", ()),
        ("", ()),
    ],
)
def test_typed_sources_are_recognised(text, expected):
    assert VOCABULARY.source_codes(text) == expected


@given(st.sets(st.sampled_from([f"S{n}" for n in range(1, 10)])))
def test_ticked_sources_come_back_from_their_printed_text(ticked):
    ordered = tuple(sorted(ticked))
    assert VOCABULARY.source_codes(VOCABULARY.sources_text(ordered)) == ordered
