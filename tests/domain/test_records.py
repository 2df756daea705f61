import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.canonical import canonical, digest
from riskdesk.domain.enterprise_count import CountQualifier, EnterpriseCount, parse_enterprise_count
from riskdesk.domain.records import (
    AcceptedProblem,
    Attachment,
    Credibility,
    Enterprise,
    EnterpriseRole,
    HazardTarget,
    Link,
    LinkKind,
    Marking,
    Record,
    SourceDetail,
    Trend,
    content_hash,
    record_from_body,
    record_to_body,
)
from riskdesk.errors import InputError

TEXT = st.text(max_size=20)
DATES = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
COUNTS = st.none() | st.integers(0, 10**6)
CODES = st.lists(st.sampled_from(["S1", "S7", "I2", "K1", "140105"]), max_size=3).map(tuple)
RECORDS = st.builds(
    Record,
    period=st.just("2023-05"),
    product=TEXT,
    enterprise_count=st.builds(EnterpriseCount, TEXT, COUNTS, st.none() | st.sampled_from(CountQualifier)),
    content=TEXT,
    region_codes=CODES,
    discovered_on=DATES,
    enterprises=st.lists(
        st.builds(Enterprise, TEXT, TEXT, st.none() | st.sampled_from(EnterpriseRole)), max_size=2
    ).map(tuple),
    hazard_targets=st.lists(st.sampled_from(HazardTarget), max_size=2).map(tuple),
    dead=COUNTS,
    source_detail=st.builds(SourceDetail, TEXT, DATES, TEXT, TEXT),
    trend=st.none() | st.sampled_from(Trend),
    credibility=st.none() | st.sampled_from(Credibility),
    marking=st.none() | st.sampled_from(Marking),
    links=st.lists(st.builds(Link, st.sampled_from(LinkKind), TEXT), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, TEXT, TEXT, st.integers(0, 10**9)), max_size=2).map(tuple),
    accepted=st.lists(st.builds(AcceptedProblem, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    original=st.dictionaries(st.sampled_from(["product", "content"]), st.text(min_size=1, max_size=5)),
)


@given(RECORDS)
def test_a_record_comes_back_from_its_canonical_form_as_it_was(record):
    body = json.loads(canonical(record_to_body(record)))
    assert record_from_body(body) == record
    assert content_hash(record_from_body(body)) == content_hash(record)


@given(RECORDS, RECORDS)
def test_two_records_have_the_same_hash_exactly_when_they_say_the_same(one, other):
    assert (content_hash(one) == content_hash(other)) == (one == other)


def test_an_empty_field_does_not_change_the_hash_and_zero_is_not_empty():
    assert record_to_body(Record("2023-05", product="电热毯")) == {
        "schema": 1,
        "period": "2023-05",
        "product": "电热毯",
    }
    assert record_to_body(Record("2023-05", dead=0))["dead"] == 0


def test_fields_of_a_newer_version_travel_on_inside_and_outside():
    body = {
        "schema": 1,
        "period": "2023-05",
        "product": "水泥",
        "new_field": {"a": [1]},
        "source_detail": {"url": "u", "newer": 1},
    }
    record = record_from_body(body)
    assert record.product == "水泥"
    assert record_to_body(record.edited(product="钢筋")) == {**body, "product": "钢筋"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"period": 5}, "period"),
        ({"period": "2023-05", "dead": "3"}, "dead"),
        ({"period": "2023-05", "dead": True}, "dead"),
        ({"period": "2023-05", "discovered_on": "5月"}, "discovered_on"),
        ({"period": "2023-05", "trend": "sideways"}, "trend"),
        ({"period": "2023-05", "enterprises": [{"credit_code": "x"}]}, "Enterprise"),
        ({"period": "2023-05", "region_codes": "140105"}, "region_codes"),
        ({}, "Record"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_naming_the_field(body, named):
    with pytest.raises(InputError, match=named):
        record_from_body(body)


def test_floating_point_numbers_have_no_canonical_form():
    with pytest.raises(TypeError):
        digest({"a": [1.5]})


def test_the_canonical_form_is_fixed():
    assert canonical({"b": "é\n\u2028", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"é\\n\u2028"}'.encode()


@pytest.mark.parametrize(
    ("text", "number", "qualifier"),
    [
        ("36", 36, "exact"), ("３家", 3, "exact"), ("三家", 3, "exact"), ("两家企业", 2, "exact"), ("一百零五", 105, "exact"),
        ("1,200家", 1200, "exact"), ("约30", 30, "about"), ("30家左右", 30, "about"), ("30余家", 30, "at_least"),
        ("十多家", 10, "at_least"), ("不少于5家", 5, "at_least"), ("5家以上", 5, "at_least"), ("多家", None, "unknown"),
        ("两三家", None, None), ("七八家", None, None), ("一百二", None, None), ("一百二十", 120, "exact"), ("一千零五", 1005, "exact"),
        ("待查", None, "unknown"), ("/", None, "unknown"), ("3-5", None, None), ("见附件", None, None), ("", None, None),
        ("0", 0, "exact"),
    ],
)  # fmt: skip
def test_enterprise_counts_are_read_as_people_write_them(text, number, qualifier):
    count = parse_enterprise_count(text)
    assert (count.number, count.qualifier) == (number, qualifier)
    assert count.text == text
