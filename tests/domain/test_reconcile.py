from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.enterprise_count import EnterpriseCount
from riskdesk.domain.reconcile import Brought, Outcome, differences, judge
from riskdesk.domain.records import Record, SourceDetail, record_to_body
from riskdesk.domain.revisions import RevisionState, heads, revision

ID = "01900000-0000-7000-8000-000000000001"


def step(product, parents=(), state=RevisionState.ACTIVE):
    body = record_to_body(Record("2023-05", product=product, content="内容"))
    return revision(
        object_id=ID,
        kind="record",
        org="o",
        body=body,
        author="a",
        at=datetime(2023, 5, 1, tzinfo=UTC),
        parents=parents,
        state=state,
    )


FIRST = step("甲")
SECOND = step("乙", [FIRST])
NONE = frozenset()


def test_what_the_record_says_now_is_the_same():
    assert judge([FIRST, SECOND], Brought({"product": "乙"}), None, NONE) is Outcome.SAME


def test_what_the_record_once_said_is_stale():
    assert judge([FIRST, SECOND], Brought({"product": "甲"}), None, NONE) is Outcome.STALE
    assert judge([FIRST, SECOND], Brought({"product": "甲"}), FIRST.hash, NONE) is Outcome.STALE


def test_something_else_made_from_the_newest_is_an_update():
    assert judge([FIRST, SECOND], Brought({"product": "丙"}), SECOND.hash, NONE) is Outcome.UPDATED
    assert judge([FIRST], Brought({"product": "丙"}), None, NONE) is Outcome.UPDATED


def test_something_else_made_from_an_older_one_is_for_a_person():
    assert judge([FIRST, SECOND], Brought({"product": "丙"}), FIRST.hash, NONE) is Outcome.CONFLICT


def test_a_change_of_what_is_sealed_forked_or_in_the_bin_is_for_a_person():
    assert judge([FIRST], Brought({"product": "丙"}), FIRST.hash, frozenset({FIRST.hash})) is Outcome.CONFLICT
    assert judge([FIRST, SECOND, step("丁", [FIRST])], Brought({"product": "丙"}), None, NONE) is Outcome.CONFLICT
    binned = step("甲", [FIRST], RevisionState.WITHDRAWN)
    assert judge([FIRST, binned], Brought({"product": "丙"}), binned.hash, NONE) is Outcome.CONFLICT
    assert judge([FIRST, binned], Brought({"product": "甲"}), None, NONE) is Outcome.STALE


def test_an_earlier_wording_typed_over_the_newest_is_an_update():
    assert judge([FIRST, SECOND], Brought({"product": "甲"}), SECOND.hash, NONE) is Outcome.UPDATED


def test_a_copy_that_does_not_tell_its_revision_changes_only_a_record_that_never_changed():
    assert judge([FIRST], Brought({"product": "丙"}), "", NONE) is Outcome.UPDATED
    assert judge([FIRST, SECOND], Brought({"product": "丙"}), "", NONE) is Outcome.CONFLICT


def test_a_correction_of_what_was_sealed_stays_for_a_person_however_often_it_was_corrected():
    third = step("丙", [FIRST, SECOND])
    assert judge([FIRST, SECOND, third], Brought({"product": "丁"}), third.hash, {FIRST.hash}) is Outcome.CONFLICT


def test_codes_that_a_person_put_right_are_no_news_while_the_text_is_the_same():
    record = Record(
        "2023-05", regions_text="城区", region_codes=("140302",), enterprise_count=EnterpriseCount("约30", 35)
    )
    row = {"regions_text": "城区", "region_codes": (), "enterprise_count": EnterpriseCount("约30", 30)}
    assert Brought(row, frozenset({"region_codes"})).news(record) == {}
    other = {"regions_text": "太原市", "region_codes": ("140100",)}
    assert Brought(other, frozenset({"region_codes"})).news(record) == other
    assert Brought({"source_codes": ("S1",)}).news(record) == {"source_codes": ("S1",)}


def test_a_source_detail_is_joined_and_not_replaced():
    record = Record("2023-05", source_detail=SourceDetail(publisher="某局", reference="旧号"))
    brought = Brought({"source_detail": SourceDetail(reference="新号")})
    assert brought.news(record) == {"source_detail": SourceDetail(publisher="某局", reference="新号")}


@given(st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=6), st.sampled_from("甲乙丙"))
def test_an_older_content_is_never_an_update(products, typed):
    steps = []
    for product in products:
        steps.append(step(product, steps[-1:]))
    outcome = judge(steps, Brought({"product": typed}), None, NONE)
    assert outcome is (
        Outcome.SAME if typed == products[-1] else Outcome.STALE if typed in products else Outcome.UPDATED
    )


def test_a_merge_of_two_heads_leaves_one():
    left, right = step("左", [FIRST]), step("右", [FIRST])
    assert len(heads([FIRST, left, right])) == 2
    merged = step("合", [left, right])
    assert heads([right, merged, FIRST, left]) == [merged]
    assert set(merged.ancestors) == {FIRST.hash, left.hash, right.hash}


def test_differences_name_the_fields():
    one, other = Record("2023-05", product="甲"), Record("2023-06", product="甲", content="x")
    assert [(each.field, each.before, each.after) for each in differences(one, other)] == [
        ("period", "2023-05", "2023-06"),
        ("content", "", "x"),
    ]
