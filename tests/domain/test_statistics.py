"""Statistics worked out by hand on a few facts, and laws that hold for any."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain import statistics
from riskdesk.domain.facts import Fact, events
from riskdesk.domain.periods import Period
from riskdesk.domain.statistics import Span


def period(month):
    return Period(f"2025-{month:02}", date(2025, month, 1), date(2025, month, 28), date(2025, month, 25))


SPAN = Span((period(1), period(2), period(3)))


def fact(name, month=1, **more):
    given_ = {
        "id": name, "period": f"2025-{month:02}", "org": "站", "unit": "", "product": "头盔", "content": "", "regions": (),
        "sources": (), "hazards": (), "important": False, "key": False, "tested": None, "failed": None,
        "enterprises": (), "linked": (),
    }  # fmt: skip
    return Fact(**{**given_, **more})


def test_nothing_is_told_as_nothing_and_divides_by_nothing():
    blocks = [
        statistics.overview([], SPAN, str),
        statistics.monthly([], SPAN),
        statistics.sources([], SPAN, {"S1": "甲"}),
        statistics.regions([], SPAN, str, str),
        statistics.hazards([], SPAN),
        statistics.batches([], SPAN),
        statistics.enterprises([], SPAN),
        statistics.year_on_year([], SPAN, [], SPAN),
        statistics.year_on_year([], SPAN, [], None),
        statistics.listed([], SPAN, "召回"),
    ]
    assert all(block.text.endswith("。") for block in blocks)
    assert blocks[0].table.rows[0] == ("风险信息", "0")


def test_shares_are_of_all_and_say_when_they_do_not_add_up():
    facts = [fact("a", sources=("S1", "S2")), fact("b", sources=("S1",)), fact("c")]
    block = statistics.sources(facts, SPAN, {"S1": "甲", "S2": "乙", "S3": "丙"})
    assert block.table.rows == (("甲", "2", "66.7%"), ("乙", "1", "33.3%"))
    assert block.table.behind == (("a", "b"), ("a",))
    assert "3类来源中的2类" in block.text
    assert "其中1条涉及多个来源" in block.text
    assert block.unknown == "1条没有对应到来源类别，未计入。"


def test_months_without_anything_stand_there_with_nothing():
    block = statistics.monthly([fact("a", 1, important=True), fact("b", 3), fact("c", 3, key=True)], SPAN)
    assert block.table.rows == (
        ("2025年1月", "1", "1", "0"),
        ("2025年2月", "0", "0", "0"),
        ("2025年3月", "2", "0", "1"),
    )
    assert block.chart.series[0].values == (1, 0, 2)
    assert "平均每期1.0条，2025年3月最多，为2条" in block.text


def test_a_failure_rate_is_that_of_records_that_state_both():
    facts = [
        fact("a", tested=10, failed=1),
        fact("b", tested=30, failed=0, product="滑板车"),
        fact("c", tested=100),
        fact("d", failed=7),
        fact("e", tested=0, failed=0),
    ]
    block = statistics.batches(facts, SPAN)
    assert block.table.rows == (("滑板车", "30", "0", "0.0%"), ("头盔", "10", "1", "10.0%"))
    assert "合计抽检40批次，不合格1批次，不合格率2.5%" in block.text
    assert block.unknown.startswith("2条")


def test_enterprises_are_known_by_their_credit_code_whatever_their_name():
    facts = [
        fact("a", 1, enterprises=(("并州厂", "91X"),)),
        fact("b", 3, enterprises=(("并州厂（新名）", "91X"), ("汾河厂", ""))),
        fact("c", 2, enterprises=(("汾河厂 ", ""),)),
        fact("d", 2, enterprises=(("太行厂", ""), ("太行厂", ""))),
    ]
    rows = statistics.enterprises(facts, SPAN).table.rows
    assert sorted(rows) == [("并州厂", "2", "2025年1月、2025年3月"), ("汾河厂", "2", "2025年2月、2025年3月")]


def test_places_outside_any_county_are_told_apart_from_none():
    facts = [fact("a", regions=("140105",)), fact("b", regions=("140100",)), fact("c")]
    block = statistics.regions(facts, SPAN, lambda code: code if code == "140105" else "", lambda code: "小店区")
    assert block.table.rows == (("小店区", "1", "33.3%"),)
    assert block.unknown == "1条只写明市级或更大的区域，1条没有对应到行政区划，未计入。"


@pytest.mark.parametrize(
    ("now", "then", "told"), [(3, 2, "增加1条"), (1, 2, "减少1条"), (2, 2, "持平。"), (1, 0, "增加1条")]
)
def test_the_year_before_is_compared_in_words_and_numbers(now, then, told):
    ours, theirs = [fact(f"n{n}") for n in range(now)], [fact(f"t{n}") for n in range(then)]
    block = statistics.year_on_year(ours, SPAN, theirs, SPAN)
    assert told in block.text
    rate = block.table.rows[0][4]
    assert rate == {(3, 2): "+50.0%", (1, 2): "-50.0%", (2, 2): "0.0%", (1, 0): "—"}[now, then]


def test_records_of_one_event_are_one_whichever_way_they_are_linked():
    facts = [
        fact("b", 2, linked=("a",), sources=("S2",), tested=20),
        fact("a", 1, sources=("S1",), tested=30, failed=2),
        fact("c", 3, linked=("b",), important=True),
        fact("d", 3, linked=("not here",)),
    ]
    one, other = events(facts)
    assert (one.id, one.period, set(one.sources), one.tested, one.failed) == ("a", "2025-01", {"S1", "S2"}, 30, 2)
    assert one.important
    assert other.id == "d"


links = st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=3), max_size=13)


@given(links, st.randoms())
def test_events_do_not_depend_on_the_order_and_hold_every_record_once(given_links, pick):
    facts = [fact(f"{n:02}", linked=tuple(f"{other:02}" for other in others)) for n, others in given_links.items()]
    groups = {each.id for each in events(facts)}
    pick.shuffle(facts)
    assert {each.id for each in events(facts)} == groups
    known = {each.id for each in facts}
    # counted another way: walk along the links, whichever way they point
    near = {each: set() for each in known}
    for each in facts:
        for other in set(each.linked) & known:
            near[each.id].add(other)
            near[other].add(each.id)
    seen, count = set(), 0
    for each in known:
        if each not in seen:
            count += 1
            left = [each]
            while left:
                at = left.pop()
                if at not in seen:
                    seen.add(at)
                    left += near[at]
    assert len(groups) == count


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_rounded_half_up_to_one_decimal(part, whole):
    told = statistics._percent(part, whole)
    assert abs(float(told[:-1]) - 100 * part / whole) <= 0.05 + 1e-9
