"""Statistics worked out by hand on a few facts, and laws that hold for any."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain import statistics
from riskdesk.domain.facts import Fact, events, records_behind
from riskdesk.domain.periods import Period
from riskdesk.domain.spans import EVENTS, Comparison, Span, month_count, months_text
from riskdesk.domain.statistics_tables import percent
from riskdesk.domain.year_on_year import year_on_year


def period(month):
    return Period(f"2025-{month:02}", date(2025, month, 1), date(2025, month, 28), date(2025, month, 25))


SPAN = Span((period(1), period(2), period(3)))
ALL = Comparison(SPAN.periods, SPAN.periods)


def fact(name, month=1, **more):
    given_ = {
        "id": name, "period": f"2025-{month:02}", "org": "站", "unit": "", "product": "头盔", "regions": (),
        "sources": (), "hazards": (), "important": False, "key": False, "tested": None, "failed": None,
        "enterprises": (), "linked": (), "category": "",
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
        year_on_year([], SPAN, [], ALL),
        year_on_year([], SPAN, [], Comparison(running=SPAN.periods)),
        statistics.listed([], SPAN, "召回", {}),
    ]
    assert all(block.text.endswith("。") for block in blocks)
    assert blocks[0].table.rows[0] == ("风险信息", "0")
    assert blocks[0].unknown == "没有风险信息，各项统计都没有数据。"


def test_shares_are_of_all_and_say_when_they_do_not_add_up():
    facts = [fact("a", sources=("S1", "S2")), fact("b", sources=("S1",)), fact("c")]
    block = statistics.sources(facts, SPAN, {"S1": "甲", "S2": "乙", "S3": "丙"})
    assert block.table.rows == (("甲", "2", "66.7%"), ("乙", "1", "33.3%"))
    assert block.table.behind == (("a", "b"), ("a",))
    assert "3类来源中的2类" in block.text
    assert "其中1条涉及多个来源" in block.text
    assert block.unknown == "1条没有对应到来源类别，未计入。"


def test_a_sum_greater_than_the_whole_is_told_only_where_it_is():
    names = {"S1": "甲", "S2": "乙"}
    greater = statistics.sources([fact("a", sources=("S1", "S2")), fact("b", sources=("S1",))], SPAN, names)
    assert greater.text.endswith("（其中1条涉及多个来源，分别计入，合计3，大于总数2。）")
    equal = statistics.sources([fact("a", sources=("S1", "S2")), fact("b")], SPAN, names)
    assert equal.text.endswith("（其中1条涉及多个来源，分别计入；另有1条没有来源，不在表中。）")
    alone = statistics.sources([fact("a", sources=("S1",)), fact("b")], SPAN, names)
    assert "其中" not in alone.text


def test_all_that_are_equally_frequent_are_named():
    def told(*numbers):
        facts = [
            fact(f"{kind}{n}", hazards=(f"危害{kind}",)) for kind, count in enumerate(numbers) for n in range(count)
        ]
        return statistics.hazards(facts, SPAN).text

    assert "，最多的是“危害0”，3条。" in told(3, 2)
    assert "，最多的是“危害0”、“危害1”，各3条。" in told(3, 3, 1)
    assert "，最多的有4个并列，各2条。" in told(2, 2, 2, 2)
    months = statistics.monthly([fact("a", 1), fact("b", 3)], SPAN)
    assert "最多的是2025年1月、2025年3月，各1条。" in months.text


def test_share_and_running_share_are_of_all_and_the_curve_ends_where_the_classified_ones_do():
    facts = [
        fact("a", hazards=("甲", "乙")), fact("b", hazards=("甲",)), fact("c", hazards=("乙",)), fact("d"),
    ]  # fmt: skip
    block = statistics.hazards(facts, SPAN)
    assert block.table.head == ("危害类别", "数量（条）", "占全部比例")
    assert [row[2] for row in block.table.rows] == ["50.0%", "50.0%"]
    assert (block.chart.series[1].values, block.chart.whole) == ((2, 3), 4)
    assert "占比和累计占比都以全部4条为总数，已归类的占75.0%。" in block.text


def test_a_part_of_the_records_is_named_in_the_sentence_and_in_the_basis():
    span = Span(SPAN.periods, scope="产品含“头盔”的")
    block = statistics.overview([fact("a")], span, str)
    assert block.text.startswith("2025年1月1日至2025年1月28日、2025年2月1日")
    assert "日，产品含“头盔”的，共采集风险信息1条" in block.text
    assert block.basis.endswith("日，产品含“头盔”的，各期风险信息1条")


@pytest.mark.parametrize(
    ("today", "told"), [(date(2025, 3, 5), "（截至3月5日；3月期未结束）"), (date(2025, 3, 29), ""), (None, "")]
)
def test_a_period_that_has_not_ended_is_named(today, told):
    assert Span((period(3),), today=today).text == f"2025年3月1日至2025年3月28日{told}"


def test_months_without_anything_stand_there_with_nothing():
    block = statistics.monthly([fact("a", 1, important=True), fact("b", 3), fact("c", 3, key=True)], SPAN)
    assert block.table.rows == (
        ("2025年1月", "1", "1", "0"),
        ("2025年2月", "0", "0", "0"),
        ("2025年3月", "2", "0", "1"),
    )
    assert block.chart.series[0].values == (1, 0, 2)
    assert "平均每期1.0条，最多的是2025年3月，2条" in block.text


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
    assert sorted(rows) == [("并州厂", "2", "2025年1月、3月"), ("汾河厂", "2", "2025年2月至3月")]


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
    block = year_on_year(ours, SPAN, theirs, ALL)
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
    assert records_behind([one]) == ("a", "b", "c")
    assert (one.id, one.period, set(one.sources), one.tested, one.failed) == ("a", "2025-01", {"S1", "S2"}, 30, 2)
    assert one.important
    assert other.id == "d"


@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        (((20, 1), (10, 9)), (20, 1)),  # the larger of two that state both, as it stands
        (((20, None), (None, 5)), (20, None)),  # no rate that nobody stated
        (((100, None), (10, 2)), (10, 2)),
        (((100, None), (30, None)), (100, None)),
        (((None, 5), (None, None)), (None, 5)),
        (((2, 5), (10, 2)), (10, 2)),  # one that cannot be right counts only where there is no other
        (((2, 5), (10, None)), (2, 5)),
        (((0, 0), (10, None)), (10, None)),
    ],
)
def test_batches_of_an_event_are_those_that_one_record_states(stated, counted):
    (first, second), given_ = stated, [("a", ()), ("b", ("a",))]
    for pair in ((first, second), (second, first)):
        facts = [fact(n, linked=to, tested=t, failed=f) for (n, to), (t, f) in zip(given_, pair, strict=True)]
        [event] = events(facts)
        assert (event.tested, event.failed) == counted


def test_numbers_of_events_say_so_and_have_all_records_behind_them():
    span = Span(SPAN.periods, EVENTS)
    facts = events([fact("a", sources=("S1",)), fact("b", sources=("S1",), linked=("a",)), fact("c", sources=("S2",))])
    block = statistics.sources(facts, span, {"S1": "甲", "S2": "乙"})
    assert block.basis.endswith("各期风险信息2起（3条信息）")
    assert block.table.behind == (("a", "b"), ("c",))
    assert "共采集风险信息2起（3条信息）" in statistics.overview(facts, span, str).text
    compared = year_on_year(facts, span, facts[:1], ALL)
    assert "2起（3条信息），上年同期" in compared.text
    assert compared.table.behind[0] == ("a", "b", "c", "a", "b")


def test_more_failed_than_tested_is_not_counted_and_told():
    facts = [fact("a", tested=2, failed=5), fact("b", tested=10, failed=1), fact("c", tested=0, failed=3)]
    block = statistics.batches(facts, SPAN)
    assert block.table.rows == (("头盔", "10", "1", "10.0%"),)
    assert block.chart.series[1].values == (9,)
    assert block.unknown == "2条不合格批次多于抽检批次，未计入，请核对。"


def test_an_enterprise_named_with_and_without_its_code_is_one_unless_two_have_that_name():
    facts = [
        fact("a", enterprises=(("并州厂", "91X"),)),
        fact("b", enterprises=((" 并州厂", ""),)),
        fact("c", enterprises=(("汾河厂", "91A"),)),
        fact("d", enterprises=(("汾河厂", "91B"),)),
        fact("e", enterprises=(("汾河厂", ""),)),
    ]
    assert [row[:2] for row in statistics.enterprises(facts, SPAN).table.rows] == [("并州厂", "2")]
    assert "列明的企业4家" in statistics.overview(facts, SPAN, str).text


def test_tables_hold_every_row_and_the_chart_of_the_first_ten_is_of_the_whole():
    facts = [fact(f"{kind:02}{n}", hazards=(f"危害{kind:02}",)) for kind in range(14) for n in range(15 - kind)]
    block = statistics.hazards(facts, SPAN)
    assert len(block.table.rows) == 14
    assert sum(map(len, block.table.behind)) == len(facts) == 119
    assert (len(block.chart.labels), sum(block.chart.series[0].values), block.chart.whole) == (10, 105, 119)
    assert block.chart.series[1].values[-1] == 105
    assert block.chart.title == "危害类别分布（前10项）"
    products = [fact(str(n), product=f"产品{n:02}", tested=1, failed=0) for n in range(25)]
    block = statistics.batches(products, SPAN)
    assert (len(block.table.rows), block.chart.title) == (25, "抽检批次（前10项）")


def test_a_place_with_several_codes_in_one_county_is_one():
    facts = [fact("a", regions=("140105", "140105001"))]
    block = statistics.regions(facts, SPAN, lambda code: code[:6], str)
    assert block.table.rows == (("140105", "1", "100.0%"),)
    assert "涉及多个区域" not in block.text


def test_what_is_not_compared_is_named_with_the_reason():
    block = year_on_year(
        [fact("a")], SPAN, [], Comparison(SPAN.periods[:2], SPAN.periods[:2], running=SPAN.periods[2:])
    )
    assert block.text.startswith(
        "2025年1月至2月与2025年1月至2月比较；3月未结束，未比较。本期（2025年1月1日至2025年1月28日"
    )
    nothing = year_on_year([fact("a")], SPAN, [], Comparison(missing=(period(1), period(3))))
    assert "没有上一年同期的完整数据，不作同比：2025年1月、3月没有信息，也没有零报告。" in nothing.text
    assert nothing.table is None


def test_months_are_told_in_runs():
    def of(*ids):
        return [Period(each, date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3)) for each in ids]

    assert months_text(of("2025-01")) == "2025年1月"
    assert months_text(of("2024-11", "2024-12", "2025-01", "2025-03")) == "2024年11月至2025年1月、3月"
    assert months_text(of("2025-12"), 2025) == "12月"


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2025-03-25", "2025-04-24", 1), ("2023-01-01", "2023-04-24", 4), ("2024-12-25", "2025-01-24", 1)],
)
def test_the_length_of_a_period_is_told_in_months(start, end, months):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert month_count(Period("2025-04", first, last, last)) == months


links = st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=3), max_size=13)


@given(links, st.randoms())
def test_events_do_not_depend_on_the_order_and_hold_every_record_once(given_links, pick):
    facts = [fact(f"{n:02}", linked=tuple(f"{other:02}" for other in others)) for n, others in given_links.items()]
    groups = {each.id for each in events(facts)}
    assert sorted(records_behind(events(facts))) == sorted(each.id for each in facts)
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
    told = percent(part, whole)
    assert abs(float(told[:-1]) - 100 * part / whole) <= 0.05 + 1e-9


def test_an_event_tells_of_all_products_and_offices_that_its_records_name():
    facts = events([fact("a", product="甲", unit="A所"), fact("b", 2, product="乙", unit="B所", linked=("a",))])
    block = statistics.overview(facts, Span(SPAN.periods, EVENTS), str)
    assert "涉及产品2种" in block.text
    assert {row[0] for row in block.table.rows} >= {"报送单位：A所", "报送单位：B所"}
