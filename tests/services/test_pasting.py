"""A pasted block, or a table with unknown headings, becomes records by columns that a person can change."""

import csv
import json
from dataclasses import replace

import pytest
from conftest import CORPUS

from riskdesk import clock
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError
from riskdesk.services import importing, mappings, overview, pasting

ROW = (
    "电热毯",
    "3",
    "太原市小店区",
    "表面温度过高，存在烫伤风险。",
    "控温器失效。",
    "建议监督抽查。",
    "消费者投诉、举报的",
)
OTHER = ("插座", "约10", "迎泽区", "插孔接触不良，使用中发热冒烟。", "材质差。", "建议约谈。", "网络媒体")


def block(*rows):
    return pasting.source(pasting.pasted("", "".join("\t".join(row) + "\r\n" for row in rows)))


def fields(source):
    return {column.title: column.field for column in source.columns}


def columns_of(row):
    return tuple(row.values.get(column.field, "") for column in COLUMNS)


def test_headings_in_any_order_are_found(desk):
    order = [3, 0, 6, 1, 2, 5, 4]
    rows = [[column.title for column in COLUMNS], ROW, OTHER]
    source = importing.arranged(desk, block(*[[row[at] for at in order] for row in rows]), None)
    assert [columns_of(row) for row in source.form.rows] == [ROW, OTHER]


@pytest.mark.parametrize("numbered", [False, True])
def test_seven_columns_without_headings_are_in_the_order_of_the_form(desk, numbered):
    rows = [((str(number), *row) if numbered else row) for number, row in enumerate((ROW, OTHER), 1)]
    source = importing.arranged(desk, block(*rows), None)
    assert [columns_of(row) for row in source.form.rows] == [ROW, OTHER]


def test_other_columns_are_guessed_by_what_stands_in_them(desk):
    rows = [(row[6], row[3], row[0], row[2], row[1]) for row in (ROW, OTHER)]
    source = importing.arranged(desk, block(*rows), None)
    found = [row.values for row in source.form.rows]
    assert [row["product"] for row in found] == ["电热毯", "插座"]
    assert [row["content"] for row in found] == [ROW[3], OTHER[3]]
    assert [row["regions_text"] for row in found] == [ROW[2], OTHER[2]]
    assert [row["sources_text"] for row in found] == [ROW[6], OTHER[6]]
    assert [row["enterprise_count_text"] for row in found] == ["3", "约10"]


def test_a_guess_can_be_changed_and_columns_be_joined(desk):
    source = importing.arranged(desk, block(("甲", "乙乙乙乙乙", "丙"), ("丁", "戊戊戊戊戊", "己")), None)
    mapping = TableMapping({"product": ("列3",), "content": ("列1", "列2")})
    changed = importing.arranged(desk, source, mapping)
    assert [row.values["content"] for row in changed.form.rows] == ["甲\n乙乙乙乙乙", "丁\n戊戊戊戊戊"]
    assert fields(changed) == {"列1": "content", "列2": "content", "列3": "product"}


def test_a_file_with_unknown_headings_is_read_by_columns_chosen_in_the_preview(desk, tmp_path):
    path = tmp_path / "台账.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("物品", "毛病", "备注一"), ("水壶", "壶身带电，有触电危险。", "x"), ("灯", "漏电伤人。", "")]
        )
    [read] = importing.read_sources([path])
    assert read.form is None
    source = importing.arranged(desk, read, TableMapping({"product": ("物品",), "content": ("毛病",)}))
    assert [row.values for row in source.form.rows] == [
        {"product": "水壶", "content": "壶身带电，有触电危险。"},
        {"product": "灯", "content": "漏电伤人。"},
    ]
    assert [each.title for each in source.columns] == ["物品", "毛病", "备注一"]


def test_a_form_keeps_head_and_foot_when_a_column_is_changed(desk, tmp_path):
    path = tmp_path / "a.csv"
    titles = [column.title for column in COLUMNS]
    titles[4] = "怎么看"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["填报单位：坞城所", "", "", "填报时间：2023年5月20日"], titles, ROW, ["填报人：李四"]]
        )
    [read] = importing.read_sources([path])
    source = importing.arranged(desk, read, None)
    assert "analysis" not in fields(source).values()
    chosen = {column.field: (column.title,) for column in source.columns if column.field}
    source = importing.arranged(desk, source, TableMapping({**chosen, "analysis": ("怎么看",)}))
    assert (source.form.head.unit, source.form.head.person) == ("坞城所", "李四")
    assert [columns_of(row) for row in source.form.rows] == [ROW]


def test_what_a_sender_s_columns_mean_is_remembered_for_this_sender_only(desk):
    source = importing.opened(desk, block(("物品", "毛病"), ("水壶", "壶身带电，有触电危险。"), ("灯", "漏电伤人。")))
    mapping = TableMapping({"product": ("毛病",), "content": ("物品",)})
    importing.take(desk, [importing.arranged(desk, source, mapping)])
    again = importing.opened(desk, block(("物品", "毛病"), ("锅", "锅把断裂。")))
    assert fields(again) == {"物品": "content", "毛病": "product"}
    other = importing.opened(desk, block(("物品", "毛病", "号"), ("锅", "锅把断裂。", "9")))
    assert fields(other)["物品"] != "content"


def test_a_first_row_that_is_like_the_others_is_no_heading(desk):
    source = importing.arranged(desk, block(("水壶", "带电"), ("灯", "漏电"), ("锅", "断裂")), None)
    assert len(source.form.rows) == 3


def test_a_block_without_any_row_is_told(desk):
    with pytest.raises(InputError, match="没有可以粘贴的文字"):
        pasting.pasted("", " \t \r\n")


def planned(desk, *rows):
    return [importing.opened(desk, block([column.title for column in COLUMNS], *rows))]


def test_part_of_the_rows_is_taken_and_the_rest_kept_as_drafts(desk):
    importing.take(desk, planned(desk, ROW))
    updated = ("", *ROW[1:])
    third = ("儿童床", *OTHER[1:])
    sources = planned(desk, ROW, OTHER, third, updated)
    plan = importing.plan_forms(desk, sources)
    assert [row.outcome for row in plan.files[0].rows] == ["same", "new", "new", "rejected"]
    result = importing.take(desk, sources, chosen={(0, 1)}, rest_as_drafts=True)
    assert (result.taken(), result.drafts) == ({"new": 1, "updated": 0}, 2)
    assert {each.row.product for each in overview.listed(desk)} == {"电热毯", "插座"}
    assert [each.body.get("product", "") for each in desk.drafts.every()] == ["儿童床", ""]
    assert desk.drafts.every()[1].body["content"] == ROW[3]
    counts = result.counts()
    assert counts["read"] == 4 == sum(count for name, count in counts.items() if name != "read")
    assert [bool(row.object_id) for row in desk.imports.rows(result.id)] == [True, True, False, False]


def test_what_the_columns_mean_is_remembered_with_the_rows_or_neither_is(desk, monkeypatch):
    class FullError(Exception):
        pass

    def full(*_args):
        raise FullError

    source = importing.opened(desk, block(("物品", "毛病"), ("壶身带电，有触电危险。", "水壶")))
    source = importing.arranged(desk, source, TableMapping({"product": ("毛病",), "content": ("物品",)}))
    with monkeypatch.context() as patched:
        patched.setattr(desk.settings, "put", full)
        with pytest.raises(FullError):
            importing.take(desk, [source])
    assert overview.listed(desk) == []
    importing.take(desk, [source])
    importing.take(desk, [source])  # what is remembered already is not written again
    assert mappings.remembered(desk, source.sender) == source.mapping
    assert len(overview.listed(desk)) == 1


def test_the_same_block_left_out_twice_is_one_draft_a_row(desk):
    sources = planned(desk, ROW, OTHER)
    assert importing.take(desk, sources, chosen=set(), rest_as_drafts=True).drafts == 2
    assert importing.take(desk, planned(desk, ROW, OTHER, OTHER), chosen=set(), rest_as_drafts=True).drafts == 0
    assert len(desk.drafts.every()) == 2


def test_a_row_that_is_taken_takes_the_draft_that_equals_it_with_it(desk):
    importing.take(desk, planned(desk, ROW, OTHER), chosen=set(), rest_as_drafts=True)
    [first, second] = desk.drafts.every()
    importing.take(desk, planned(desk, ROW, OTHER), chosen={(0, 1)}, rest_as_drafts=True)
    left, gone = (first, second) if second.body["product"] == OTHER[0] else (second, first)
    assert [each.id for each in desk.drafts.every()] == [left.id]
    [(detail,)] = desk.store.read("SELECT detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert json.loads(detail)["dropped_drafts"] == {gone.id: gone.body}


def test_a_draft_that_was_worked_on_stays_when_its_row_is_taken(desk):
    importing.take(desk, planned(desk, ROW), chosen=set(), rest_as_drafts=True)
    [draft] = desk.drafts.every()
    with desk.store.write("张三", "draft") as writing:
        desk.drafts.put(writing, replace(draft, body={**draft.body, "analysis": "另有说明。"}), clock.now())
    importing.take(desk, planned(desk, ROW))
    assert [each.id for each in desk.drafts.every()] == [draft.id]


def test_what_was_taken_is_told_by_period(desk):
    [source] = planned(desk, ROW, OTHER)
    importing.take(desk, [source], "2023-04", chosen={(0, 0)})
    result = importing.take(desk, [source, *planned(desk, ("灯", *ROW[1:]))])
    assert importing.plan_forms(desk, [source]).by_period() == {}
    assert result.by_period() == {"2023-05": 2}


def test_rows_left_out_leave_nothing_but_the_log(desk):
    sources = planned(desk, ROW, OTHER)
    result = importing.take(desk, sources, chosen=set())
    assert overview.listed(desk) == []
    assert desk.drafts.every() == []
    assert len(desk.imports.rows(result.id)) == 2


def test_a_draft_of_a_change_belongs_to_its_record(desk):
    mapping = TableMapping({"product": ("品",), "content": ("内",), "source_ref": ("号",)}, "source_ref")
    for content in ("第一种说法。", "第二种说法。"):
        source = replace(
            importing.arranged(desk, block(("号", "品", "内"), ("7", "灯", content)), mapping), mapping=mapping
        )
        result = importing.take(desk, [source], chosen={(0, 0)} if "一" in content else set(), rest_as_drafts=True)
    [draft] = desk.drafts.every()
    [listed] = overview.listed(desk)
    assert (draft.object_id, draft.base_hash) == (listed.row.id, listed.row.revision)
    assert draft.body["content"] == "第二种说法。"
    assert [row.outcome for row in result.files[0].rows] == ["updated"]
    assert listed.row.content == "第一种说法。"


def test_a_draft_that_cannot_be_written_takes_nothing(desk, monkeypatch):
    class FullError(Exception):
        pass

    def full(*_args):
        raise FullError

    monkeypatch.setattr(desk.drafts, "put", full)
    with pytest.raises(FullError):
        importing.take(desk, planned(desk, ROW, OTHER), chosen={(0, 0)}, rest_as_drafts=True)
    assert overview.listed(desk) == []


def test_the_same_text_in_other_widths_and_spaces_is_the_same_record(desk):
    importing.take(desk, planned(desk, (*ROW[:3], "表面温度１２０℃，存在（烫伤）风险。", *ROW[4:])))
    near = ("电热 毯", *ROW[1:3], "表面温度 120℃,存在(烫伤)风险。", *ROW[4:])
    result = importing.take(desk, planned(desk, near, near))
    assert [row.outcome for row in result.files[0].rows] == ["same", "same"]
    assert (
        importing.take(desk, planned(desk, (*near[:3], "表面温度 12℃,存在(烫伤)风险。", *near[4:]))).counts()["new"]
        == 1
    )


@pytest.mark.parametrize("said", ["本月无", "本月无风险信息", "零报告", "5月无", "本期无。"])
def test_a_product_cell_that_says_there_is_nothing_is_a_nil_statement(desk, said):
    [source] = planned(desk, (said, "0", "太原市小店区", "", "", "", ""))
    assert (source.form.rows, source.form.nil) == ((), True)


def test_a_product_whose_name_only_begins_so_is_a_record(desk):
    [source] = planned(desk, ("无线充电器", *ROW[1:]), ("本月无", *ROW[1:]))
    assert len(source.form.rows) == 2


def test_an_update_and_a_conflict_say_what_differs(desk):
    mapping = TableMapping({"product": ("品",), "content": ("内",), "source_ref": ("号",)}, "source_ref")

    def take(*rows):
        source = importing.arranged(desk, block(("号", "品", "内"), *rows), mapping)
        return importing.take(desk, [source]).files[0].rows

    take(("7", "灯", "第一种说法。"))
    [updated, conflict] = take(("7", "灯", "第二种说法。"), ("7", "灯具", "第三种说法。"))
    assert "“风险信息内容”原为“第一种说法。”，改为“第二种说法。”" in [each.message for each in updated.problems]
    [told] = [each.message for each in conflict.problems if each.code == "conflict"]
    assert "2023-05" in told
    assert "“灯”" in told
    assert "“涉及产品”、“风险信息内容”" in told


def test_initial_opinion_is_a_heading_for_the_suggestion(desk):
    titles = [column.title.replace("初步建议", "初步意见") for column in COLUMNS]
    source = importing.opened(desk, block(titles, ROW))
    assert fields(source)["初步意见"] == "suggestion"


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(tmp_path):
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(b"PK\3\4 not a workbook")
    found, trouble = importing.read_readable([broken, CORPUS / "forms" / "01_std.xlsx"])
    assert [each.path.name for each in found] == ["01_std.xlsx"]
    assert "坏的.xlsx" in trouble
    assert importing.read_readable([CORPUS / "forms" / "01_std.xlsx"])[1] == ""
