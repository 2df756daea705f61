"""The yearly report: what it says equals a count done another way, and what people wrote stays theirs."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import docx
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from services.station_year import PRODUCT, STATION, STATION_NAME, typed_in
from services.test_completeness import form

from riskdesk import clock
from riskdesk.domain.annual import HEADINGS, AnnualReport, new_report
from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.facts import fact_of
from riskdesk.domain.records import Enterprise, Link, LinkKind, Record
from riskdesk.domain.text import with_plain_line_ends
from riskdesk.domain.triage import Level
from riskdesk.errors import InputError
from riskdesk.services import annual, annual_typing, drafting, entry, importing, statistics, upkeep
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up
from riskdesk.store.packages import Package

NOW = "2025-12-26T09:00:00"
TITLES = [
    "产品简介",
    "行业概况",
    "主要成分及加工工艺",
    "一年来国家、本省产品质量监督抽查情况",
    "一年来国家、本省产品风险监测情况",
    "一年来国内外、本省召回情况",
    "一年来消费者投诉反映的质量安全问题",
    "一年来国内外舆情与风险预警情况",
    "行业内产品质量潜规则或普遍认同的质量安全风险隐患",
    "行业新业态，新技术，新产品，市场最新动态等带来的苗头性风险",
    "相关产品标准更新、实施中存在的问题",
    "质量问题原因分析",
    "风险因素的来源及危害",
    "实施监督抽查",
    "组织执法检查",
    "开展专项整治",
]


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    """A station's folder with two years of records, and those of the second year by id."""
    folder = tmp_path_factory.mktemp("station") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", NOW)
        with set_up(folder, STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
            typed = typed_in(desk, 2024, 2025)
            report = annual.new(desk, PRODUCT, 2025)
    return folder, typed, report


@pytest.fixture
def station(two_years, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", NOW)
    with Desk(two_years[0]) as desk:
        yield desk


@pytest.fixture
def this_year(two_years):
    """The records of the year that count: two of them tell of one event."""
    _, typed, _ = two_years
    found = of_year(typed)
    [follower] = [each for each, record in found.items() if record.links]
    [link] = found[follower].links
    first = found[link.record_id]
    other = found[follower]
    stating = max(first, other, key=lambda each: (each.samples_failed is not None, each.samples_tested or 0))
    merged = replace(
        first,
        source_codes=tuple({*first.source_codes, *other.source_codes}),
        enterprises=tuple({each.name: each for each in (*first.enterprises, *other.enterprises)}.values()),
        samples_tested=stating.samples_tested,
        samples_failed=stating.samples_failed,
    )
    return {each: merged if each == link.record_id else record for each, record in found.items() if each != follower}


def of_year(typed):
    """The records of the year as they were typed."""
    return {each: record for each, record in typed.items() if record.period.startswith("2025")}


def block(report, code, kind):
    [found] = [each for each in report.section(code).blocks if each.kind is kind]
    return found


def test_a_new_report_has_the_sixteen_headings_of_the_notice():
    report = new_report(PRODUCT, 2025, STATION_NAME)
    assert [each.title for each in report.sections] == TITLES
    assert len(HEADINGS) == 16
    assert report.title == "山西省儿童用品质量安全形势\n专题分析报告"


def test_the_months_add_up_to_what_was_typed(two_years, this_year):
    _, typed, kept = two_years
    table = block(kept.report, "2.1", BlockKind.MONTHLY).table
    counted = Counter(record.period for record in this_year.values())
    assert [int(row[1]) for row in table.rows] == [counted[f"2025-{month:02}"] for month in range(1, 13)]
    behind = [each for row in table.behind for each in row]
    assert sorted(behind) == sorted(of_year(typed))


def test_sources_are_counted_under_each_of_them(two_years, this_year, station):
    _, _, kept = two_years
    names = station.reference.vocabulary.sources
    counted = Counter(names[code] for record in this_year.values() for code in record.source_codes)
    table = block(kept.report, "2.2", BlockKind.SOURCES).table
    assert {row[0]: int(row[1]) for row in table.rows} == counted
    assert f"合计{sum(counted.values())}，大于总数{len(this_year)}" in block(kept.report, "2.2", BlockKind.SOURCES).text


def test_batches_count_only_where_both_numbers_are_known(two_years, this_year):
    _, _, kept = two_years
    both = [each for each in this_year.values() if each.samples_tested and each.samples_failed is not None]
    half = [each for each in this_year.values() if (each.samples_tested is None) != (each.samples_failed is None)]
    found = block(kept.report, "2.1", BlockKind.BATCHES)
    assert sum(int(row[1]) for row in found.table.rows) == sum(each.samples_tested for each in both)
    assert sum(int(row[2]) for row in found.table.rows) == sum(each.samples_failed for each in both)
    assert half
    assert found.unknown.startswith(f"{len(half)}起只列明")


def test_enterprises_that_several_records_name_are_listed_with_them(two_years, this_year):
    _, _, kept = two_years
    counted = Counter(name for record in this_year.values() for name in {each.name for each in record.enterprises})
    table = block(kept.report, "3.1", BlockKind.ENTERPRISES).table
    assert {row[0]: int(row[1]) for row in table.rows} == {name: n for name, n in counted.items() if n > 1}


def test_the_year_before_is_compared_by_its_days(two_years, this_year):
    _, typed, kept = two_years
    before = [each for each in typed.values() if each.period.startswith("2024") and not each.links]
    found = block(kept.report, "3.1", BlockKind.YEAR_ON_YEAR)
    assert found.table.rows[0][1:3] == (str(len(before)), str(len(this_year)))
    assert "2024年12月25日至2025年12月24日" in found.text
    assert "2023年12月25日至2024年12月24日" in found.text


def test_complaints_recalls_and_media_are_listed_record_by_record(two_years):
    _, typed, kept = two_years
    for code, sources in (("2.3", {"S7"}), ("2.4", {"S2"}), ("2.5", {"S6", "S8"})):
        wanted = {each for each, record in of_year(typed).items() if sources & set(record.source_codes)}
        table = block(kept.report, code, BlockKind.RECORDS).table
        assert {row[3] for row in table.rows} == {typed[each].content for each in wanted}
        assert {behind for (behind,) in table.behind} == wanted
        assert [row[0] for row in table.rows] == [str(number) for number in range(1, len(wanted) + 1)]


def test_a_first_year_is_not_compared_with_nothing(station):
    found = annual.blocks_of(station, new_report(PRODUCT, 2024, STATION_NAME))
    [same] = [each for each in found["3.1"] if each.kind is BlockKind.YEAR_ON_YEAR]
    assert "没有上一年同期的完整数据" in same.text
    assert same.table is None


def test_only_records_of_the_product_count_if_words_are_given(station, this_year):
    found = annual.blocks_of(station, new_report("儿童滑板车", 2025, STATION_NAME, ("滑板车",)))
    wanted = sum(record.product == "儿童滑板车" for record in this_year.values())
    assert found["2.1"][0].table.rows[0][1] == str(wanted)


def test_every_number_says_which_records_of_which_days_it_is_of(two_years, this_year):
    _, typed, kept = two_years
    blocks = [each for section in kept.report.sections for each in section.blocks]
    assert len(blocks) == 11
    assert all(each.basis.startswith("依据：2024年12月25日至2025年12月24日") for each in blocks)
    assert block(kept.report, "2.1", BlockKind.OVERVIEW).basis.endswith(
        f"{len(this_year)}起（{len(of_year(typed))}条信息）"
    )


def test_refreshing_takes_new_records_in_and_leaves_the_text_alone(station, two_years):
    _, _, kept = two_years
    text = "一、原因有三：\n（1）设计；\r\n（2）材料 \t——\n\n（3）……\u3000"
    written = annual.save(station, kept, kept.report.with_text("3.1", text).with_added(2, "网络销售情况"))
    assert annual.refresh(station, written) == written
    before = block(written.report, "2.1", BlockKind.MONTHLY).table.rows[-1][1]
    record = next(iter(typed_records(station)))
    entry.save(station, record.edited(period="2025-12", content="新发现一起"))
    fresh = annual.refresh(station, written)
    assert fresh.revision != written.revision
    text = text.replace("\r\n", "\n")
    assert block(fresh.report, "2.1", BlockKind.MONTHLY).table.rows[-1][1] == str(int(before) + 1)
    assert fresh.report.section("3.1").text == text
    assert [each.text for each in fresh.report.sections] == [each.text for each in written.report.sections]
    assert [each.revision for each in annual.versions(station, fresh)] == [
        kept.revision,
        written.revision,
        fresh.revision,
    ]
    assert upkeep.check(station) == []


def typed_records(desk):
    return [entry.record_of(entry.current(desk, row.id)) for row in desk.records.of_period("2025-12")]


awkward = st.sampled_from(("\r\n", "\r", "\x0b", "\u2028", "\u2029", "\ud83d", "\udfff", "\u3000", "\n\n", "甲"))
texts = st.text(max_size=60) | st.lists(awkward, max_size=12).map("".join)
computed = st.builds(Block, st.sampled_from(BlockKind), texts, texts, texts)


@given(st.lists(texts, min_size=16, max_size=16), st.dictionaries(st.sampled_from(list(HEADINGS)), st.tuples(computed)))
def test_refreshing_never_changes_a_character_that_a_person_wrote(written, blocks):
    report = new_report(PRODUCT, 2025, STATION_NAME)
    kept = [with_plain_line_ends(text) for text in written]
    assert [with_plain_line_ends(text) for text in kept] == kept
    for code, text in zip(HEADINGS, kept, strict=True):
        report = report.with_text(code, text)
    fresh = report.refreshed(blocks)
    assert [each.text for each in fresh.sections] == kept
    assert [each.blocks for each in fresh.sections] == [blocks.get(code, ()) for code in HEADINGS]
    assert from_body(AnnualReport, to_body(fresh)) == fresh


def test_a_text_is_kept_as_typed_but_for_line_ends_and_halves_of_characters(station):
    kept = annual.new(station, "轮椅", 2025)
    typed = "　　第一段。\r\n\u2028第二段\x0b坏\ud800字。\u2029末行\n"
    saved = annual.write(station, kept.id, {"1.1": typed})
    assert saved.report.section("1.1").text == "　　第一段。\n\n第二段\n坏字。\n末行\n"
    assert annual.write(station, kept.id, {"1.1": typed}) == saved
    assert annual.refresh(station, saved) == saved
    [version] = [each for each in annual.reports(station) if each.id == kept.id]
    assert version == saved


def test_a_report_without_keywords_says_that_it_counts_everything(station):
    report = annual.new(station, "安全帽", 2025).report
    told = "未设关键词，统计本单位全部产品的记录"
    overview = block(report, "2.1", BlockKind.OVERVIEW)
    assert f"日，{told}，共采集风险信息" in overview.text
    assert all(f"，{told}，各期" in each.basis for section in report.sections for each in section.blocks)
    assert ("2.1", f"“{TITLES[3]}”的总体情况：{told}，请核对是否都属于“安全帽”。") in annual.to_do(report)
    some = annual.new(station, "童车", 2025, ("滑板车", "推车")).report
    assert "，产品或类别含“滑板车”或“推车”的，共采集" in block(some, "2.1", BlockKind.OVERVIEW).text
    assert not [text for _, text in annual.to_do(some) if "关键词" in text]


def test_the_day_of_an_export_is_printed_and_without_one_its_month(station, tmp_path):
    kept = annual.new(station, "儿童雨衣", 2025)
    for day, printed in ((date(2025, 12, 31), "2025年12月31日"), (None, "2025年12月")):
        files, _ = annual.export(kept, tmp_path, ["docx", "pdf"], day=day)
        words, pdf = docx.Document(str(files[0])), pypdfium2.PdfDocument(files[1])
        assert words.paragraphs[3].text == printed
        assert [each.text for each in words.paragraphs][-1] == printed
        for page in (pdf[0], pdf[len(pdf) - 1]):
            assert re.search(rf"{printed}\s", page.get_textpage().get_text_range() + "\n")


def test_what_was_saved_by_somebody_else_in_the_meantime_is_not_overwritten(station):
    kept = annual.new(station, "头盔", 2025)
    annual.save(station, kept, kept.report.with_text("1.1", "甲写的"))
    with pytest.raises(InputError, match="已被修改"):
        annual.save(station, kept, kept.report.with_text("1.1", "乙写的"))


def test_one_report_a_product_and_year(station):
    annual.new(station, "书包", 2025)
    with pytest.raises(InputError, match="已经有了"):
        annual.new(station, " 书包 ", 2025)
    with pytest.raises(InputError, match="没有 2024 年“书包”"):
        annual.find(station, "书包", 2024)
    assert annual.find(station, "书包", 2025).report.product == "书包"


@pytest.mark.parametrize("year", [2022, 2027])
def test_a_year_that_has_no_periods_is_refused(station, year):
    with pytest.raises(InputError, match=f"{year} 年还没有开始"):
        annual.new(station, "台灯", year)


def test_sections_may_be_added_only_where_the_notice_says_so():
    report = new_report(PRODUCT, 2025, STATION_NAME)
    for part in (1, 3, 5):
        with pytest.raises(InputError, match="只能在"):
            report.with_added(part, "别的")
    with pytest.raises(InputError, match="标题"):
        report.with_added(2, " ")
    more = report.with_added(2, "网络销售情况").with_added(4, "加强宣传").with_added(2, "进出口情况")
    assert [each.code for each in more.of_part(2)] == [*(f"2.{n}" for n in range(1, 9)), "2.9", "2.10"]
    assert [each.title for each in more.of_part(4)][-1] == "加强宣传"
    assert more.without("2.9").with_added(2, "出口情况").of_part(2)[-1].code == "2.11"
    with pytest.raises(InputError, match="不能删除"):
        more.without("2.8")


def test_what_is_still_to_be_done_is_told():
    report = new_report(PRODUCT, 2025, STATION_NAME)
    assert len(report.to_do()) == 16
    unknown = Block(BlockKind.HAZARDS, "危害类别", "", "", "3条没有填写危害类别，未计入。")
    told = report.with_text("1.1", "简介").refreshed({"3.2": (unknown,)}).to_do()
    assert "“产品简介”还没有文字。" not in told
    assert "“风险因素的来源及危害”的危害类别：3条没有填写危害类别，未计入。" in told


# --- the same numbers without reading a text ---


def test_the_facts_of_the_list_are_those_of_the_records(station):
    records = {each.id: entry.record_of(entry.current(station, each.id)) for each in station.records.every()}
    read = {each: fact_of(each, STATION, record) for each, record in of_year(records).items()}
    listed = {each.id: each for each in station.records.facts([f"2025-{month:02}" for month in range(1, 13)])}
    assert listed == read
    assert len(read) > 50


@pytest.mark.parametrize("by_events", [False, True])
def test_statistics_count_lines_or_events(station, by_events):
    whole = statistics.blocks(station, statistics.Wish("2025-01", "2025-12", by_events=by_events))
    lines = len([each for each in station.records.every() if each.period.startswith("2025")])
    found = int(whole[0].table.rows[0][1])
    assert found == lines - by_events
    assert ("起" in whole[0].text) == by_events


def test_statistics_are_narrowed_by_product_region_and_level(station):
    def counted(**wish):
        [overview, *_] = statistics.blocks(station, statistics.Wish("2025-01", "2025-12", **wish))
        return set(overview.table.behind[0])

    every = {
        each.id: entry.record_of(entry.current(station, each.id))
        for each in station.records.every()
        if each.period.startswith("2025")
    }
    assert counted(product="滑板车") == {each for each, record in every.items() if "滑板车" in record.product}
    assert counted(region="140105") == {each for each, record in every.items() if "140105" in record.region_codes}
    in_taiyuan = {each for each, record in every.items() if any(code[:4] == "1401" for code in record.region_codes)}
    assert counted(region="140100") == in_taiyuan
    assert counted(level=Level.KEY) == {each for each, record in every.items() if record.key_codes}
    parts = [counted(level=level) for level in Level]
    assert sum(map(len, parts)) == len(every) == len(set().union(*parts))


def test_statistics_of_periods_that_are_none_are_refused(station):
    with pytest.raises(InputError, match="请对调"):
        statistics.blocks(station, statistics.Wish("2025-12", "2025-01"))


@pytest.fixture
def own(desk):
    """A report of an office without records."""
    return annual.new(desk, PRODUCT, 2023)


def test_texts_are_written_into_the_report_as_it_stands_now(desk, own):
    annual.save(desk, own, own.report.with_added(4, "加强宣传"))
    written = annual.write(desk, own.id, {"1.1": "滑板车是儿童常用的代步玩具。"})
    assert written.report.section("4.4").title == "加强宣传"
    assert written.report.section("1.1").text == "滑板车是儿童常用的代步玩具。"
    assert annual.current(desk, own.id) == written
    with pytest.raises(InputError, match=r"没有“4\.9”这一节"):
        annual.write(desk, own.id, {"4.9": "无"})


def test_a_report_that_is_not_there_is_told(desk):
    with pytest.raises(InputError, match="重新选择"):
        annual.current(desk, "0190")


def test_the_outline_is_numbered_as_printed(own):
    first, second, third, fourth = annual.outline(own.report.with_added(4, "加强宣传"))
    assert (first.title, first.sections[2]) == ("一、产品概况", ("1.3", "（三）主要成分及加工工艺"))
    assert [each.is_open for each in (first, second, third, fourth)] == [False, True, False, True]
    assert fourth.sections[-1] == ("4.4", "（四）加强宣传")


def test_what_is_to_do_leads_to_its_section(own):
    found = annual.to_do(own.report)
    assert tuple(text for _, text in found) == own.report.to_do()
    assert found[0] == ("1.1", "“产品简介”还没有文字。")
    assert annual.to_do(own.report.with_text("1.1", "简介"))[0][0] == "1.2"


def test_what_was_typed_and_not_saved_is_found_again(desk, own):
    text = "刹车距离过长\ud83d"  # half a character, as an input method may leave it
    journal = annual_typing.journal(desk, "form", own.id, own.revision)
    journal.type({"1.1": text, "1.2": ""}, clock.now())
    [found] = annual_typing.left(desk, own)
    assert dict(found.texts) == {"1.1": "刹车距离过长"}
    assert annual_typing.left(desk, own, open_form="form") == []
    assert annual_typing.left(desk, annual.new(desk, "电热毯", 2023)) == []
    saved = annual.write(desk, own.id, found.texts)
    assert annual_typing.left(desk, saved) == []
    assert list((desk.journals / "annual").iterdir()) == []


def test_typing_in_a_report_is_no_unsaved_record(desk, own):
    annual_typing.journal(desk, "form", own.id, own.revision).type({"1.1": "简介"}, clock.now())
    assert drafting.left_unsaved(desk) == []


def test_discarded_texts_stay_in_the_audit_log(desk, own):
    annual_typing.journal(desk, "form", own.id, own.revision).type({"1.1": "写了一半的简介"}, clock.now())
    [found] = annual_typing.left(desk, own)
    annual_typing.discard(desk, found)
    assert annual_typing.left(desk, own) == []
    assert any("写了一半的简介" in detail for (detail,) in desk.store.read("SELECT detail FROM audit"))


# --- what the reviewer of the numbers found ---


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A station without records."""
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        yield desk


def typed_record(desk, period="2025-05", product="头盔", content="外壳开裂", **more):
    return entry.save(desk, Record(period, product=product, content=content, **more)).object_id


def counted(desk, first, last, kind, **more):
    [found] = [each for each in statistics.blocks(desk, statistics.Wish(first, last, **more)) if each.kind is kind]
    return found


def test_the_report_lists_records_with_their_own_text_and_counts_events(fresh):
    first = typed_record(fresh, content="抽检发现", source_codes=("S5",), samples_tested=20)
    link = (Link(LinkKind.SAME_SOURCE, first),)
    more = {"content": "孩子受伤", "source_codes": ("S2",), "samples_failed": 5, "links": link}
    second = typed_record(fresh, "2025-06", "儿童头盔", **more)
    report = annual.new(fresh, "头盔", 2025).report
    overview, _, batches = report.section("2.1").blocks
    assert overview.basis.endswith("1起（2条信息）")
    assert overview.table.behind[0] == (first, second)
    assert "不计算不合格率" in batches.text
    assert batches.unknown.startswith("1起只列明抽检或不合格批次之一")
    [complaints] = report.section("2.4").blocks
    assert complaints.table.rows == (("1", "2025年6月", "儿童头盔", "孩子受伤"),)
    assert complaints.table.behind == ((second,),)


def test_an_event_is_counted_once_under_exactly_one_level(fresh):
    first = typed_record(fresh, content="首报")
    typed_record(fresh, content="续报", key_codes=("K1",), links=(Link(LinkKind.CONTINUES, first),))

    def number(**more):
        overview = counted(fresh, "2025-05", "2025-05", BlockKind.OVERVIEW, by_events=True, **more)
        return int(overview.table.rows[0][1])

    assert [number(level=each) for each in (Level.KEY, Level.IMPORTANT, Level.ORDINARY)] == [1, 0, 0]
    assert number() == 1


def test_an_event_belongs_to_a_product_if_one_of_its_records_names_it(fresh):
    first = typed_record(fresh, product="电动车", category="交通用具", region_codes=("140105",))
    typed_record(fresh, product="头盔", links=(Link(LinkKind.CONTINUES, first),), region_codes=("140106",))
    for more in ({"product": "头盔"}, {"product": "电动"}, {"product": "交通"}, {"region": "140106"}):
        overview = counted(fresh, "2025-05", "2025-05", BlockKind.OVERVIEW, by_events=True, **more)
        assert overview.basis.endswith("1起（2条信息）")
    found = annual.blocks_of(fresh, new_report("交通用具", 2025, STATION_NAME, ("交通",)))
    assert found["2.1"][0].basis.endswith("1起（2条信息）")


def test_a_year_with_a_month_of_which_nothing_is_known_is_not_compared(fresh):
    typed_record(fresh, "2024-12")
    for month in range(1, 7):
        typed_record(fresh, f"2025-{month:02}")
    found = counted(fresh, "2025-01", "2025-06", BlockKind.YEAR_ON_YEAR)
    assert "2024年1月至5月没有信息，也没有零报告；2025年6月未结束，未比较" in found.text
    assert found.table is None


def test_only_months_that_have_ended_are_compared_and_a_nil_report_is_known(fresh):
    for month in (1, 2, 3, 5):
        typed_record(fresh, f"2024-{month:02}")
    nil(fresh, "2024-04")
    for month in range(1, 7):
        typed_record(fresh, f"2025-{month:02}", content="甲")
        typed_record(fresh, f"2025-{month:02}", content="乙")
    found = counted(fresh, "2025-01", "2025-06", BlockKind.YEAR_ON_YEAR)
    assert found.text.startswith("2025年1月至5月与2024年1月至5月比较；6月未结束，未比较。")
    assert found.table.rows[0] == ("风险信息", "4", "10", "+6", "+150.0%")
    assert "本期（2024年12月25日至2025年5月24日）10条，上年同期（2023年12月25日至2024年5月24日）4条" in found.text
    assert len(found.chart.labels) == 5


def nil(desk, period):
    with desk.store.write("示例", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=STATION, period=period, kind="monthly", items=[], at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=True, reason="", at=clock.now())


def test_a_nil_report_from_below_is_known_whether_a_package_or_a_form(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2024-07-10T09:00:00")
    with set_up(tmp_path / "city", "140100-JU", person="示例") as city:
        for month in ("2024-05", "2024-06"):
            typed_record(city, month)
        found = counted(city, "2024-05", "2024-06", BlockKind.YEAR_ON_YEAR)
        assert "2023年5月至6月没有信息，也没有零报告" in found.text
        importing.import_files(city, [form(tmp_path)], period="2023-05")
        package = Package(
            "a" * 64, "", "", "in", "report", "u", "140105-JU", ("140100-JU",), "2023-06", 1, True,
            "2023-06-25T09:00:00+08:00", "2023-06-25T10:00:00+08:00", "0" * 64, "a.rdpkg", {"items": []},
        )  # fmt: skip
        with city.store.write("示例", "test") as writing:
            city.packages.add(writing, package)
        found = counted(city, "2024-05", "2024-06", BlockKind.YEAR_ON_YEAR)
        assert found.table.rows[0][1:] == ("0", "2", "+2", "—")


def test_own_months_without_record_and_nil_report_are_told(fresh):
    for period in ("2024-03", "2024-04", "2025-03"):
        typed_record(fresh, period)
    found = counted(fresh, "2025-03", "2025-04", BlockKind.YEAR_ON_YEAR)
    assert found.table.rows[0][1:3] == ("2", "1")
    assert found.unknown == "2025年4月没有信息，也没有零报告，按没有信息比较。"


def test_four_months_are_not_compared_with_one(fresh):
    for number, period in enumerate(("2023-04",) * 6 + ("2024-04",) * 2 + ("2023-05", "2024-05")):
        typed_record(fresh, period, content=f"第{number}条")
    alone = counted(fresh, "2024-04", "2024-04", BlockKind.YEAR_ON_YEAR)
    assert "2024年4月与上年同期长短不同，未比较" in alone.text
    assert alone.table is None
    both = counted(fresh, "2024-04", "2024-05", BlockKind.YEAR_ON_YEAR)
    assert both.text.startswith("2024年5月与2023年5月比较；4月与上年同期长短不同，未比较。")
    assert both.table.rows[0][1:3] == ("1", "1")
    first = counted(fresh, "2023-05", "2023-06", BlockKind.YEAR_ON_YEAR)
    assert "2023年5月至6月的上年同期早于最早的期次" in first.text


def test_tables_hold_more_than_twenty_rows(fresh):
    for year, month in [(2023, m) for m in range(5, 13)] + [(2024, m) for m in range(1, 13)] + [(2025, 1)]:
        typed_record(fresh, f"{year}-{month:02}", f"产品{year}{month}", samples_tested=10, samples_failed=1)
    monthly = counted(fresh, "2023-05", "2025-06", BlockKind.MONTHLY)
    assert (len(monthly.table.rows), len(set(monthly.chart.labels))) == (26, 26)
    assert len(counted(fresh, "2023-05", "2025-06", BlockKind.BATCHES).table.rows) == 21


def test_page_and_report_know_an_enterprise_by_its_code_and_by_its_name(fresh):
    code = "91140100MA0K0K0K0X"
    typed_record(fresh, content="a", enterprises=(Enterprise("并州玩具厂", code),))
    typed_record(fresh, content="b", enterprises=(Enterprise("并州玩具厂"),))
    found = counted(fresh, "2025-05", "2025-05", BlockKind.ENTERPRISES)
    assert found.table.rows == (("并州玩具厂", "2", "2025年5月"),)


def test_what_has_no_text_and_a_year_without_records_are_to_be_done(fresh):
    report = annual.new(fresh, "头盔", 2025).report
    for each in report.sections:
        report = report.with_text(each.code, "有")
    assert not report.is_whole
    report = report.with_added(2, "新增一节")
    told = annual.to_do(report)
    assert ("2.9", "“新增一节”还没有文字。") in told
    assert ("2.1", f"“{TITLES[3]}”的总体情况：没有风险信息，各项统计都没有数据。") in told
    typed_record(fresh)
    filled = report.refreshed(annual.blocks_of(fresh, report))
    assert not filled.is_whole
    assert filled.with_text("2.9", "有").is_whole


def test_what_is_asked_for_is_named_in_every_sentence_basis_chart_and_file(fresh):
    typed_record(fresh, product="滑板车", region_codes=("140105",), source_codes=("S1",), hazard_classes=("窒息",))
    typed_record(fresh, product="头盔", key_codes=("K1",))
    wish = statistics.Wish("2025-05", "2025-06", "滑板", "140100", Level.ORDINARY)
    told = "产品或类别含“滑板”、区域在太原市、级别为一般的"
    found = statistics.blocks(fresh, wish)
    assert all(told in each.text and f"，{told}，" in each.basis for each in found)
    assert all(each.chart.title.endswith(f"：{told}") for each in found if each.chart)
    overview = found[0]
    assert overview.text.startswith(
        f"2025年4月25日至2025年6月24日（截至6月10日；6月期未结束），{told}，共采集风险信息1条"
    )
    assert statistics.file_name(fresh, wish, "统计", ".xlsx") == "统计_2025-05至2025-06_一般_太原市_滑板.xlsx"
    whole = statistics.blocks(fresh, statistics.Wish("2025-05", "2025-06"))
    assert not any("产品或类别" in each.text + each.basis for each in whole)
    odd = statistics.Wish("2025-05", "2025-06", "滑/板")
    assert statistics.file_name(fresh, odd, "统计", ".xlsx") == "统计_2025-05至2025-06_滑_板.xlsx"
