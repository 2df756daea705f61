"""Two people changed one record: what differs, whose change stands alone, and what comes of their choices."""

from riskdesk.domain.merging import Side, clashes, merged
from riskdesk.domain.records import AcceptedProblem, Record

BASE = Record("2023-05", product="头盔", content="外壳开裂。", analysis="原来的分析。", original={"product": " 头盔"})


def told(base, mine, theirs):
    return {each.fields: each.side for each in clashes(base, mine, theirs)}


def test_a_field_is_chosen_for_who_alone_changed_it_and_for_nobody_if_both_did():
    mine = BASE.edited(analysis="我的分析。", brand="甲牌", model="X1")
    theirs = BASE.edited(analysis="他的分析。", content="外壳开裂两处。", model="X1")
    assert told(BASE, mine, theirs) == {("content",): Side.THEIRS, ("analysis",): None, ("brand",): Side.MINE}


def test_without_a_known_beginning_every_field_has_to_be_chosen():
    assert told(None, BASE.edited(brand="甲牌"), BASE) == {("brand",): None}


def test_codes_are_chosen_together_with_the_text_that_they_were_read_from():
    mine = BASE.edited(regions_text="太原市小店区", region_codes=("140105",))
    theirs = BASE.edited(region_codes=("140106",))
    assert told(BASE, mine, theirs) == {("regions_text", "region_codes"): None}
    assert told(BASE, BASE, theirs) == {("region_codes",): Side.THEIRS}
    chosen = {"regions_text": Side.THEIRS}
    assert merged(BASE, mine, theirs, chosen).region_codes == ("140106",)
    assert merged(BASE, mine, theirs, chosen).regions_text == ""


def test_the_record_that_comes_of_it_has_of_each_field_what_was_chosen():
    mine = BASE.edited(analysis="我的分析。", brand="甲牌")
    theirs = BASE.edited(analysis="他的分析。", content="外壳开裂两处。")
    chosen = {"analysis": Side.MINE, "brand": Side.MINE, "content": Side.THEIRS}
    assert merged(BASE, mine, theirs, chosen) == mine.edited(content="外壳开裂两处。")


def test_reasons_given_by_both_are_kept_and_one_taken_back_stays_so():
    first, second, third = (AcceptedProblem(name, "missing", "核实中") for name in ("suggestion", "analysis", "brand"))
    base = BASE.edited(accepted=(third,))
    mine, theirs = BASE.edited(accepted=(first,)), base.edited(accepted=(third, second))
    assert clashes(base, mine, theirs) == []
    assert merged(base, mine, theirs, {}).accepted == (first, second)


def test_reasons_and_what_was_typed_at_first_go_with_the_field():
    mine = BASE.edited(
        product="头盔A", accepted=(AcceptedProblem("product", "x", "我的"),), original={"product": "头盔 A"}
    )
    theirs = BASE.edited(product="头盔B", accepted=(AcceptedProblem("product", "x", "他的"),), original={})
    both = merged(BASE, mine, theirs, {"product": Side.THEIRS})
    assert ([each.reason for each in both.accepted], both.original) == (["他的"], {})
    both = merged(BASE, mine, theirs, {"product": Side.MINE})
    assert ([each.reason for each in both.accepted], both.original) == (["我的"], {"product": "头盔 A"})
