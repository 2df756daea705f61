"""What people do to the form: merges, examples, sums, nil reports, several sheets, formulas, pictures, hidden columns."""

from datetime import date

import openpyxl
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.errors import UnreadableFileError

TITLES = [column.title for column in COLUMNS]
HEAD = ["填报单位：太原市小店区市场监督管理局", "", "", "", "填报时间：2023年5月24日"]
FOOT = ["填报人：李四", "", "", "", "联系电话：0351-7654321"]


def record(product, content="内容"):
    return [product, "3", "太原市", content, "分析", "建议", "投诉"]


def xlsx(path, *sheets, change=None):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"附件{number}")
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    book.save(path)
    return path


def html(path, rows):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    path.write_text(f"<html><body><table>{cells}</table></body></html>", encoding="utf-8")
    return path


def products(form):
    return [row.values["product"] for row in form.rows]


def codes(form):
    return [(problem.field, problem.code, problem.blocking) for row in form.rows for problem in row.problems]


def test_numbers_dates_and_truth_values_are_text_as_people_see_them(tmp_path):
    row = ["产品", 36.0, "太原", 0.1, True, 1e14, date(2023, 5, 1)]
    [found] = read_form(xlsx(tmp_path / "a.xlsx", [TITLES, row])).rows
    assert list(found.values.values()) == ["产品", "36", "太原", "0.1", "是", "100000000000000", "2023-05-01"]
    assert found.problems == ()


def test_a_long_number_asks_for_a_check(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [TITLES, ["产品", 1, "太原", 140105199001011234, "", "", ""]])
    form = read_form(path)
    assert codes(form) == [("content", "long_number", False)]
    assert "e+" not in form.rows[0].values["content"]
    assert form.rows[0].problems[0].message.startswith("工作表“附件1”第2行D列（风险信息内容）：")


def test_a_count_that_excel_made_a_date_is_told_with_the_date(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [TITLES, ["产品", date(2023, 3, 5), "太原", "内容", "", "", ""]])
    [row] = read_form(path).rows
    assert row.values["enterprise_count_text"] == "3-5"
    assert row.original["enterprise_count_text"] == "2023-03-05"
    assert [(problem.field, problem.code) for problem in row.problems] == [("enterprise_count_text", "date_in_count")]


def test_pictures_errors_and_uncomputed_formulas_are_told_not_stored(tmp_path):
    def change(book):
        sheet = book["附件1"]
        sheet["C2"] = "#N/A"
        sheet["C2"].data_type = "e"
        sheet["D2"] = '=DISPIMG("ID_1",1)'
        sheet["D2"].data_type = "s"
        sheet["E2"] = "=A1&B1"

    form = read_form(xlsx(tmp_path / "a.xlsx", [TITLES, record("产品")], change=change))
    [row] = form.rows
    assert [row.values[name] for name in ("regions_text", "content", "analysis")] == ["", "", ""]
    assert row.original["regions_text"] == "#N/A"
    assert codes(form) == [
        ("regions_text", "cell_error", False),
        ("content", "picture", False),
        ("analysis", "uncomputed", False),
        ("content", "missing", True),
    ]


def test_a_form_without_product_or_content_names_sheet_row_and_column(tmp_path):
    form = read_form(xlsx(tmp_path / "a.xlsx", [["附件1"], TITLES, record(""), record("产品", " \n")]))
    assert codes(form) == [("product", "missing", True), ("content", "missing", True)]
    assert form.rows[0].problems[0].message == "工作表“附件1”第3行A列（涉及产品）：没有填写，请补填。"


def test_tall_cells_are_filled_down_but_blank_rows_stay_blank(tmp_path):
    rows = [TITLES, record("甲"), record(""), record(""), *[[""] * 7] * 3, record("乙")]
    form = read_form(xlsx(tmp_path / "a.xlsx", rows, change=lambda book: book["附件1"].merge_cells("A2:A7")))
    assert products(form) == ["甲", "甲", "甲", "乙"]


def test_examples_sums_banners_and_repeated_headings_are_passed_over_with_a_reason(tmp_path):
    rows = [
        HEAD,
        ["序号", *TITLES, "备注"],
        ["示例", *record("一次性餐盒")],
        ["", *record("（示例）餐盒")],
        ["一、工业产品"],
        [1, *record("甲")],
        ["序号", *TITLES],
        [2, *record("乙")],
        [3],
        ["合计", "", "6"],
        FOOT,
        ["", *record("丙")],
    ]
    form = read_form(xlsx(tmp_path / "a.xlsx", rows, change=lambda book: book["附件1"].merge_cells("A5:H5")))
    assert products(form) == ["甲", "乙", "丙"]
    assert codes(form) == [("content", "after_foot", True)]
    assert [(skipped.row, skipped.reason[:5]) for skipped in form.skipped] == [
        (3, "示例行"),
        (4, "示例行"),
        (5, "横贯表格的"),
        (7, "重复的表头"),
        (10, "合计行"),
    ]
    assert (form.head.unit, form.head.date, form.head.person) == (
        "太原市小店区市场监督管理局",
        date(2023, 5, 24),
        "李四",
    )


def test_a_second_form_below_the_first_is_read_with_its_own_columns(tmp_path):
    rows = [HEAD, TITLES, record("甲"), FOOT, [], HEAD, ["序号", *TITLES], [1, *record("乙")], FOOT]
    assert products(read_form(xlsx(tmp_path / "a.xlsx", rows))) == ["甲", "乙"]


def test_two_heading_rows_are_read_together(tmp_path):
    rows = [
        ["序号", "涉及产品", "涉及企业", "", "风险信息内容", "信息分析", "初步建议", "信息来源"],
        ["", "", "数量（家）", "区域", "", "", "", ""],
        [1, *record("甲")],
    ]
    [row] = read_form(xlsx(tmp_path / "a.xlsx", rows)).rows
    assert (row.values["enterprise_count_text"], row.values["regions_text"]) == ("3", "太原市")


def test_sheets_of_other_units_and_hidden_sheets(tmp_path):
    other = [["填报单位：大同市市场监督管理局"], TITLES, record("乙")]

    def change(book):
        book["附件3"].sheet_state = "hidden"

    form = read_form(
        xlsx(
            tmp_path / "a.xlsx",
            [HEAD, TITLES, record("甲")],
            other,
            [TITLES, record("丙")],
            [["填表说明"]],
            change=change,
        )
    )
    assert products(form) == ["甲", "乙"]
    assert [row.values.get("unit") for row in form.rows] == [None, "大同市市场监督管理局"]
    assert [(skipped.sheet, skipped.row) for skipped in form.skipped] == [("附件3", 0), ("附件4", 0)]


@pytest.mark.parametrize(
    "words",
    [
        "无",
        "/",
        "零报告",
        "本月无风险信息",
        "本月无风险信息。",
        "本期无产品质量安全风险信息（零报告）",
        "5月份我局未收集到产品质量安全风险信息",
        "经排查，本辖区暂无重大质量安全隐患",
        "本月未发现可上报的风险信息，零报告",
        "无需上报的信息",
    ],
)
def test_a_nil_report_is_recognised(tmp_path, words):
    form = read_form(xlsx(tmp_path / "a.xlsx", [HEAD, TITLES, [words], [], FOOT]))
    assert form.nil
    assert form.rows == ()
    assert read_form(xlsx(tmp_path / "b.xlsx", [HEAD, TITLES, ["/"] * 7, FOOT])).nil


@pytest.mark.parametrize("words", ["", "如本月无风险信息，请填写“零报告”", "无铅汽油", "无人机坠落伤人情况", "0"])
def test_an_empty_form_is_no_nil_report(tmp_path, words):
    assert not read_form(xlsx(tmp_path / "a.xlsx", [HEAD, TITLES, [words], FOOT])).nil
    assert not read_form(xlsx(tmp_path / "b.xlsx", [HEAD, TITLES, FOOT, [words]])).nil


def test_a_nil_line_beside_records_is_no_nil_report(tmp_path):
    form = read_form(xlsx(tmp_path / "a.xlsx", [TITLES, record("甲"), ["无"]]))
    assert not form.nil
    assert len(form.rows) == 1


def test_hidden_columns_of_our_own_export_identify_and_join_rows(tmp_path):
    rows = [
        [*TITLES, "riskdesk-id", "riskdesk-revision", "riskdesk-part"],
        [*record("甲", "长" * 5 + "\n"), "id-1", "r1", "1"],
        ["（续）", "", "", "短\n尾", "", "", "", "id-1", "r1", "2"],
        [*record("乙"), "id-2", "r2", ""],
        [*record("（续）", "无头"), "id-3", "r3", "2"],
    ]
    form = read_form(xlsx(tmp_path / "a.xlsx", rows))
    assert [(row.row, row.record_id, row.revision) for row in form.rows] == [
        (2, "id-1", "r1"),
        (4, "id-2", "r2"),
        (5, "id-3", "r3"),
    ]
    assert form.rows[0].values["product"] == "甲"
    assert form.rows[0].values["content"] == "长长长长长\n短\n尾"
    assert codes(form) == [("content", "part", True)]


def test_the_head_is_found_in_neighbouring_cells_and_with_notes(tmp_path):
    rows = [
        ["填 报 单 位（盖章）", "_运城市市场监督管理局_", "", "填报时间", date(2023, 5, 24)],
        TITLES,
        record("甲", "联系电话：13800000000"),
        ["联系人及电话：王五 13912345678"],
    ]
    head = read_form(xlsx(tmp_path / "a.xlsx", rows)).head
    assert (head.unit, head.date, head.person, head.phone) == (
        "运城市市场监督管理局",
        date(2023, 5, 24),
        "王五",
        "13912345678",
    )


def test_an_unreadable_date_is_noted(tmp_path):
    form = read_form(xlsx(tmp_path / "a.xlsx", [["填报时间：五月下旬"], TITLES, record("甲")]))
    assert (form.head.date, form.head.date_text) == (None, "五月下旬")
    assert [(skipped.row, "五月下旬" in skipped.reason) for skipped in form.skipped] == [(1, True)]


def test_a_date_column_gives_iso_dates_and_tells_what_is_none(tmp_path):
    rows = [
        [*TITLES, "发现日期"],
        [*record("甲"), "2023.5.8"],
        [*record("乙"), "上周"],
        [*record("丙"), date(2023, 5, 9)],
    ]
    form = read_form(xlsx(tmp_path / "a.xlsx", rows))
    assert [row.values["discovered_on"] for row in form.rows] == ["2023-05-08", "", "2023-05-09"]
    assert form.rows[1].original["discovered_on"] == "上周"
    assert codes(form) == [("discovered_on", "bad_date", False)]


def test_a_file_without_the_headings_says_what_was_looked_for(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"“a.xlsx”：没有找到报送表的表头.*涉及产品.*列对照文件"):
        read_form(xlsx(tmp_path / "a.xlsx", [["姓名", "电话"], ["张三", "1"]]))


def test_html_spans_breaks_and_entities(tmp_path):
    rows = [TITLES, ["甲<br>型", "3", "太原", "a&nbsp;&lt;b&gt;", "<p>一</p><p>二</p>", "  建\n  议 ", "<img src=x>"]]
    path = html(tmp_path / "a.xls", rows)
    path.write_text(path.read_text("utf-8").replace("<td>涉及产品", "<td rowspan=1 colspan=1>涉及产品"), "utf-8")
    form = read_form(path)
    assert list(form.rows[0].values.values()) == ["甲\n型", "3", "太原", "a\xa0<b>", "一\n\n二", "建 议", ""]
    assert codes(form) == [("sources_text", "picture", False)]


def test_html_tall_cells_move_their_neighbours(tmp_path):
    cells = "".join(f"<td>{title}</td>" for title in TITLES)
    rest = "<td>3</td><td>太原</td><td>{}</td><td></td><td></td><td></td></tr>"
    page = f"<p>填报单位：甲局</p><table><tr>{cells}</tr><tr><td rowspan=2>甲</td>{rest.format('一')}<tr>{rest.format('二')}</table>"
    path = tmp_path / "a.html"
    path.write_text(page, encoding="gb18030")
    form = read_form(path)
    assert [(row.values["product"], row.values["content"]) for row in form.rows] == [("甲", "一"), ("甲", "二")]
    assert form.head.unit == "甲局"


def docx(path, *tables, before=(), change=None):
    document = Document()
    for line in before:
        document.add_paragraph(line)
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        document.add_paragraph("")
    if change:
        change(document)
    document.save(path)
    return path


def test_word_tables_continue_over_pages_and_paragraphs_are_the_head(tmp_path):
    path = docx(
        tmp_path / "a.docx",
        [TITLES, record("甲")],
        [record("乙"), record("丙")],
        [["无关", "表格"]],
        before=["附件1", "填报单位：甲局\t填报时间：2023年5月24日"],
    )
    form = read_form(path)
    assert products(form) == ["甲", "乙", "丙"]
    assert [(row.sheet, row.row) for row in form.rows] == [("表格1", 2), ("表格2", 1), ("表格2", 2)]
    assert (form.head.unit, form.head.date) == ("甲局", date(2023, 5, 24))


def test_word_changes_are_read_as_accepted_and_inner_tables_left_out(tmp_path):
    def change(document):
        cell = document.tables[0].cell(1, 3)
        run = "<w:r><w:t>{}</w:t></w:r>"
        cell.paragraphs[0]._p.append(parse_xml(f"<w:ins {nsdecls('w')}>{run.format('新')}</w:ins>"))
        cell.paragraphs[0]._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
        cell.paragraphs[0]._p.append(parse_xml(f"<w:moveFrom {nsdecls('w')}>{run.format('搬走')}</w:moveFrom>"))
        inner = document.tables[0].cell(1, 4).add_table(1, 1)
        inner.cell(0, 0).text = "里面的表"
        deleted = document.tables[0].rows[2]._tr
        deleted.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))

    form = read_form(docx(tmp_path / "a.docx", [TITLES, record("甲"), record("删"), record("乙")], change=change))
    assert products(form) == ["甲", "乙"]
    assert form.rows[0].values["content"] == "内容新"
    assert form.rows[0].values["analysis"] == "分析"
    assert form.rows[0].sheet == ""


def test_word_merges_go_down_and_across(tmp_path):
    def change(document):
        table = document.tables[0]
        table.cell(1, 0).merge(table.cell(3, 0))
        table.cell(4, 0).merge(table.cell(4, 6))

    rows = [TITLES, record("甲"), record(""), record(""), ["无其他"] + [""] * 6]
    form = read_form(docx(tmp_path / "a.docx", rows, change=change))
    assert products(form) == ["甲"] * 3
    assert [(skipped.row, skipped.reason) for skipped in form.skipped] == [(5, "横贯表格的小标题")]


def test_blank_formatted_rows_cost_nothing(tmp_path):
    def change(book):
        sheet = book["附件1"]
        for row in range(3, 65_537):
            sheet.cell(row, 1).number_format = "@"

    form = read_form(xlsx(tmp_path / "a.xlsx", [TITLES, record("甲")], change=change))
    assert products(form) == ["甲"]
    assert form.skipped == ()
