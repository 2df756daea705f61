"""What a clerk's trial found: nothing in a form may vanish without a word, and small slips must not cost a record."""

from datetime import date

import openpyxl
import pytest

from riskdesk.documents.reading.form import read_form
from riskdesk.documents.reading.headings import exact, near
from riskdesk.domain.annex1 import COLUMNS, FIELDS
from riskdesk.errors import UnreadableFileError

TITLES = [column.title for column in COLUMNS]
TITLE = "山西省产品质量安全风险信息报送表"
HEAD = ["填报单位：甲所", "", "", "", "填报时间：2023年5月20日"]
FOOT = ["填报人：李四", "", "", "", "联系电话：0351-7654321"]


def record(product, content="内容"):
    return [product, "3", "太原市", content, "分析", "建议", "投诉"]


@pytest.fixture
def read(tmp_path):
    def read(*sheets, change=None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets, 1):
            sheet = book.create_sheet(f"表{number}")
            for row in rows:
                sheet.append(row)
        if change:
            change(book)
        book.save(tmp_path / "a.xlsx")
        return read_form(tmp_path / "a.xlsx")

    return read


def column(form, name):
    return [row.values.get(name) for row in form.rows]


def codes(form):
    return [[(problem.field, problem.code, problem.blocking) for problem in row.problems] for row in form.rows]


def skipped(form):
    return [(each.row, each.reason) for each in form.skipped]


# columns that were not recognised


def test_columns_with_content_and_an_unknown_heading_are_named_once(read):
    titles = ["序号", *TITLES, "生产企业名称", "紧急程度", "备注", "空栏"]
    form = read([HEAD, titles, [1, *record("甲"), "某公司", "急", "", "/"], ["2", *record("乙"), "某厂", "", "已移交"]])
    assert skipped(form) == [(2, "未认出的列：“生产企业名称”、“紧急程度”、“备注”，其中的内容没有读入。")]


def test_a_column_of_numbers_is_not_missed_whatever_it_is_called(read):
    for title in ("序号", "编 号", "No.", ""):
        assert read([[title, *TITLES], ["1", *record("甲")], ["（2）", *record("乙")]]).skipped == ()


def test_a_column_without_heading_is_named_by_its_letter(read):
    form = read([TITLES, [*record("甲"), "已移交执法队"]])
    assert skipped(form) == [(1, "未认出的列：“H列（无标题）”，其中的内容没有读入。")]


def test_the_second_of_two_columns_with_one_meaning_is_named(read):
    form = read([[*TITLES, "来源"], [*record("甲"), "12315"]])
    assert column(form, "sources_text") == ["投诉"]
    assert skipped(form) == [(1, "未认出的列：“来源”，其中的内容没有读入。")]


def test_headings_of_two_rows_are_named_by_the_lower_one(read):
    rows = [
        ["涉及产品", "涉及企业", "", "风险信息内容", "处置", "", "信息来源", "备注"],
        ["", "数量（家）", "区域", "", "结果", "时间", "", ""],
        ["甲", "3", "太原市", "内容", "下架", "5月", "投诉", "急"],
    ]
    form = read(rows)
    assert column(form, "regions_text") == ["太原市"]
    assert skipped(form) == [(1, "未认出的列：“结果”、“时间”、“备注”，其中的内容没有读入。")]


def test_words_beside_the_table_are_told(read):
    form = read([["序号", *TITLES], [1, *record("甲")], ["本月其余各所均未上报数据"]])
    assert skipped(form) == [(3, "文字不在报送表的各列中，没有读入。")]


def test_a_long_list_of_unknown_columns_is_cut(read):
    titles = [*TITLES, *(f"栏目{number}" for number in range(12))]
    [(_, reason)] = skipped(read([titles, [*record("甲"), *["字"] * 12]]))
    assert reason.endswith("“栏目9”等 12 列，其中的内容没有读入。")


def test_traditional_headings_are_read(read):
    titles = ["涉及產品", "涉及企業數量", "涉及區域", "風險信息內容", "信息分析", "初步建議", "信息來源"]
    form = read([titles, record("甲")])
    assert [form.rows[0].values[name] for name in FIELDS] == record("甲")
    assert form.skipped == ()


# slips in headings


def test_one_wrong_letter_in_a_heading_does_not_lose_the_column(read):
    titles = ["涉级产品", "涉及企业数", "涉及地区", "风险信息内客", "信息分折", "初步建意", "信息来愿"]
    assert [read([titles, record("甲")]).rows[0].values[name] for name in FIELDS] == record("甲")


def test_two_headings_that_could_be_one_are_neither(read):
    titles = ["涉级产品", "涉计产品", *TITLES[1:]]
    form = read([titles, ["甲", "乙", *record("")[1:]]])
    assert codes(form) == [[("product", "missing", True)]]
    assert skipped(form) == [(1, "未认出的列：“涉级产品”、“涉计产品”，其中的内容没有读入。")]


def test_a_slip_counts_only_where_the_column_is_not_there_otherwise(read):
    titles = ["涉级产品", *TITLES]
    form = read([titles, ["乙", *record("甲")]])
    assert column(form, "product") == ["甲"]
    assert skipped(form) == [(1, "未认出的列：“涉级产品”，其中的内容没有读入。")]


def test_a_heading_between_two_titles_is_near_to_none():
    assert near("信息分源") is None
    assert (
        near("涉及产") == near("涉及产品类") == near("（涉及）产品") == near("涉及產品")
        or exact("涉及產品") == "product"
    )
    assert near("产品涉及") is None
    assert near("涉品") is None


# few columns


def test_a_table_with_product_and_content_only_is_a_form(read):
    form = read(
        [
            [TITLE],
            HEAD,
            ["涉及产品", "涉及企业数量", "风险信息内容"],
            ["甲", "5", "起火"],
            ["", "3", "过热"],
            ["乙", "1"],
        ]
    )
    assert column(form, "content") == ["起火", "过热", ""]
    assert codes(form) == [[], [("product", "missing", True)], [("content", "missing", True)]]
    assert set(form.rows[0].values) == {"product", "enterprise_count_text", "content"}
    assert form.head.unit == "甲所"


def test_a_small_form_may_say_that_there_is_nothing_and_repeat_its_headings(read):
    assert read([["产品名称", "主要内容"], ["本月无风险信息"]]).nil
    form = read([["产品名称", "主要内容"], ["甲", "一"], ["产品名称", "主要内容"], ["乙", "二"]])
    assert column(form, "product") == ["甲", "乙"]
    assert skipped(form) == [(3, "重复的表头")]


def test_a_full_heading_row_is_better_than_a_small_one(read):
    form = read([["产品名称", "主要内容"], ["说明", "如何填写"], TITLES, record("甲")])
    assert column(form, "product") == ["甲"]


@pytest.mark.parametrize(
    "rows",
    [
        [["产品名称", "值班内容"], ["甲", "一"]],
        [["本产品名称", "内容"], ["甲", "一"]],
        [["产品名称"], ["内容"], ["甲"]],
        [["涉及产品", "甲", "风险信息内容", "起火"], ["信息分析", "分", "初步建议", "改"]],
        [["涉及产品", "甲", "风险信息内容", "起火"]],
    ],
)
def test_other_tables_and_cards_are_no_small_forms(read, rows):
    with pytest.raises(UnreadableFileError, match="没有找到报送表的表头"):
        read(rows)


# below the foot


def test_a_record_below_the_foot_is_rejected_not_lost(read):
    form = read([HEAD, TITLES, record("甲"), FOOT, record("乙"), ["说明"], record("丙", "")])
    assert column(form, "product") == ["甲", "乙", "丙"]
    assert codes(form) == [
        [],
        [("content", "after_foot", True)],
        [("content", "missing", True), ("content", "after_foot", True)],
    ]
    assert form.rows[1].problems[0].message == "工作表“表1”第5行：在表尾（填报人…）之后，请移到表尾之前。"
    assert form.head.person == "李四"


def test_what_may_be_a_record_below_the_foot_is_told(read):
    form = read([TITLES, record("甲"), FOOT, ["乙", "3"], ["2.“涉及企业数量”填写数量。"]])
    assert [(row, reason[:4]) for row, reason in skipped(form)] == [(4, "在表尾（")]


@pytest.mark.parametrize(
    "words",
    [
        TITLE,
        TITLE + "（2023年5月）",
        "（此表由王秀兰汇总）",
        "附件1",
        "本表一式两份",
        "以上信息均已核实",
        "（续表）",
        "第2页 共3页",
        "以下空白",
    ],
)
def test_titles_and_remarks_between_records_are_no_records(read, words):
    form = read([HEAD, TITLES, record("甲"), [words], record("乙")])
    assert column(form, "product") == ["甲", "乙"]
    assert codes(form) == [[], []]
    assert skipped(form) == [(4, "标题或说明文字，不是记录")]


@pytest.mark.parametrize(
    "row",
    [
        ["电热毯"],
        ["（此表由王秀兰汇总）", "", "", "漏电"],
        ["", "", "", "说明书没有警示，第2页缺失"],
        ["", "", "", "（接上行）温控器失灵"],
        ["", "", "", "（温控器失灵）"],
        ["电热毯", "3", "太原市"],
        ["", "3", "", "漏电"],
        ["", "", "", "时间：5月3日，王某投诉漏电"],
    ],
)
def test_an_incomplete_record_is_rejected_not_lost(read, row):
    form = read([HEAD, TITLES, record("甲"), row, record("乙")])
    assert len(form.rows) == 3
    assert form.skipped == ()
    assert codes(form)[2] == []


def test_a_line_of_signatures_is_the_foot(read):
    form = read([HEAD, TITLES, record("甲"), ["领导签字：", "", "", "日期：2023.5.20", "电话："], ["乙", "3"]])
    assert column(form, "product") == ["甲"]
    assert codes(form) == [[]]


def test_a_record_with_labels_in_it_is_no_foot(read):
    form = read([HEAD, TITLES, ["生产日期：2023", "", "", "时间：5月，漏电"], record("乙")])
    assert column(form, "content") == ["时间：5月，漏电", "内容"]
    assert codes(form) == [[], []]


# ditto


@pytest.mark.parametrize(
    "sign", ["同上", " 同上 ", "“同上”", '"同上"', "（同上）", "同上。", "〃", "″", '"', "”", "同上行"]
)
def test_a_ditto_sign_stands_for_the_row_above(read, sign):
    form = read([[*TITLES, "发现日期"], [*record("甲", "漏电"), "2023.5.8"], [sign] * 8, [sign, "5", *[sign] * 6]])
    first, second, third = (row.values for row in form.rows)
    assert second == first
    assert first["discovered_on"] == "2023-05-08"
    assert third == {**first, "enterprise_count_text": "5"}
    assert form.rows[1].original == dict.fromkeys(first, sign)
    assert codes(form) == [[], [], []]


def test_ditto_with_nothing_above_blocks_where_it_matters(read):
    form = read(
        [
            [*TITLES, "发现日期"],
            ["同上", "同上", "太原市", "同上", "同上", "", "投诉", "同上"],
            ["同上", *record("")[1:]],
        ]
    )
    blocked = [("product", "ditto", True), ("enterprise_count_text", "ditto", False), ("content", "ditto", True)]
    assert codes(form)[0] == [*blocked, ("analysis", "ditto", False), ("discovered_on", "ditto", False)]
    assert form.rows[0].values["discovered_on"] == ""
    assert codes(form)[1] == [("product", "ditto", True)]
    assert (
        form.rows[0].problems[0].message
        == "工作表“表1”第2行A列（涉及产品）：写的是“同上”，但上一行没有可用的内容，请写明。"
    )


def test_ditto_looks_past_examples_banners_and_loose_lines_but_not_into_another_table(read):
    rows = [
        TITLES,
        ["示例", *record("例")[1:]],
        record("甲"),
        [TITLE],
        ["", "", "", "接上行"],
        ["同上", *record("")[1:3], "乙的内容"],
    ]
    form = read(rows, [TITLES, ["同上", *record("", "丙")[1:]]])
    assert column(form, "product") == ["甲", "", "甲", "同上"]
    assert codes(form)[3] == [("product", "ditto", True)]


def test_ditto_does_not_reach_into_the_form_above(read):
    form = read([TITLES, record("甲"), FOOT, [TITLE], TITLES, ["同上", *record("", "乙")[1:]]])
    assert codes(form) == [[], [("product", "ditto", True)]]


# several forms


def test_each_sheet_has_its_own_date(read):
    form = read(
        [HEAD, TITLES, record("甲")],
        [["填报单位：甲所", "", "填报时间：2023年4月20日"], TITLES, record("乙")],
        [TITLES, record("丙")],
    )
    assert form.head.date == date(2023, 5, 20)
    assert column(form, "form_date") == [None, "2023-04-20", None]
    assert column(form, "unit") == [None, None, None]


def test_forms_below_each_other_have_their_own_unit_and_date(read):
    second = [[TITLE], ["填报单位：乙所", "", "", "", "填报时间：2023年6月20日"], TITLES, record("乙"), FOOT]
    third = [["填报时间：2023年7月20日"], TITLES, record("丙")]
    form = read([[TITLE], HEAD, TITLES, record("甲"), FOOT, *second, *third])
    assert column(form, "unit") == [None, "乙所", None]
    assert column(form, "form_date") == [None, "2023-06-20", "2023-07-20"]
    assert [row for row, _ in skipped(form)] == []
    assert (form.head.unit, form.head.person) == ("甲所", "李四")


def test_a_date_in_the_foot_belongs_to_the_form_above_it(read):
    foot = ["填报人：李四", "", "填报时间：2023年5月20日"]
    form = read([["填报单位：甲所"], TITLES, record("甲"), foot, TITLES, record("乙")])
    assert form.head.date == date(2023, 5, 20)
    assert column(form, "form_date") == [None, None]


def test_every_unreadable_date_is_told(read):
    form = read([HEAD, TITLES, record("甲")], [["填报时间：五月下旬"], TITLES, record("乙")])
    assert skipped(form) == [
        (
            1,
            "填报时间“五月下旬”认不出是哪一天，表中的记录照常读入。请核对计入的报送期，或在表中改成 2023年5月10日 这样的写法。",
        )
    ]
    assert form.skipped[0].sheet == "表2"


def test_what_is_said_of_a_whole_sheet_reads_well_behind_its_name(read):
    def change(book):
        book["表2"].sheet_state = "hidden"

    form = read([HEAD, TITLES, record("甲")], [TITLES, record("乙")], [["填表说明"]], change=change)
    assert [(each.sheet, each.row, each.reason) for each in form.skipped] == [
        ("表2", 0, "已被隐藏，没有读入。如需读入，请在 Excel/WPS 中取消隐藏后再试。"),
        ("表3", 0, "没有报送表的表头，没有读入。"),
    ]
