"""Whose row it is, what it changes and in which period it counts: the rules of an import, one by one."""

import csv
import json
from datetime import date

import openpyxl
import pytest
from conftest import CORPUS

from riskdesk import clock
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.records import record_from_body
from riskdesk.domain.revisions import heads
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.services import entry, exporting, importing, overview
from riskdesk.services.setup import set_up

ROW = (
    "电热毯",
    "3",
    "太原市小店区",
    "表面温度过高，存在烫伤风险。",
    "控温器失效。",
    "建议监督抽查。",
    "消费者投诉、举报的",
)


def table(path, rows, unit="", day=""):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"填报单位：{unit}", "", "", f"填报时间：{day}", "", "", ""])
        writer.writerow([column.title for column in COLUMNS])
        writer.writerows(rows)
    return path


def outcomes(result):
    return {name: count for name, count in result.counts().items() if count and name != "read"}


def exported(desk, folder, period="2023-05"):
    [file] = exporting.export_period(desk, period, folder, [exporting.Format.XLSX]).files
    return file


def edit(file, changes):
    """Change cells of the first record's row, by column number."""
    book = openpyxl.load_workbook(file)
    for column, value in changes.items():
        book.active.cell(5, column).value = value
    book.save(file)


def record_of(desk):
    [listed] = overview.listed(desk)
    return record_from_body(heads(desk.revisions.of(listed.row.id))[0].body), listed.row.id


def seal(desk):
    with desk.store.write("张三", "seal") as writing:
        items = [row.revision for row in desk.records.of_period("2023-05")]
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period="2023-05", kind="monthly", items=items, at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=False, reason="", at=clock.now())


@pytest.mark.parametrize(
    "unit",
    ["太原市小店区市场监督管理局", "太原市小店区市场监督管理局（盖章）", "小店区市场监管局", "太原市小店区局", ""],
)
def test_our_own_unit_is_ours_in_every_spelling(desk, tmp_path, unit):
    importing.import_files(desk, [table(tmp_path / "0.csv", [ROW], "太原市小店区市场监督管理局")])
    assert outcomes(importing.import_files(desk, [table(tmp_path / "1.csv", [ROW], unit)])) == {"same": 1}
    assert [each.row.unit for each in overview.listed(desk)] == [""]


def test_the_same_row_of_two_other_units_is_two_records_and_each_is_known_again(desk, tmp_path):
    files = [table(tmp_path / f"{unit}.csv", [ROW], unit) for unit in ("坞城所", "平阳路所", "迎泽区市场监管局")]
    assert outcomes(importing.import_files(desk, files)) == {"new": 3}
    assert outcomes(importing.import_files(desk, files)) == {"same": 3}
    assert {each.row.unit for each in overview.listed(desk)} == {"坞城所", "平阳路所", "太原市迎泽区市场监督管理局"}


def test_what_was_typed_is_kept_in_the_log_with_head_nil_and_what_was_passed_over(desk, tmp_path):
    example = ("示例：水杯", *ROW[1:])
    good = table(tmp_path / "a.csv", [example, ROW, ("", *ROW[1:])], "坞城所", "2023年5月20日")
    result = importing.import_files(desk, [good, CORPUS / "forms" / "11_nil2.xlsx"])
    first, nil = desk.imports.files(result.id)
    assert (first.file, first.unit, first.date_text, first.nil) == ("a.csv", "坞城所", "2023年5月20日", 0)
    assert any("示例" in reason for reason in first.skipped)
    assert nil.nil == 1
    rows = desk.imports.rows(result.id)
    assert [(row.row, row.outcome) for row in rows] == [(4, "new"), (5, "rejected")]
    assert rows[1].typed["content"] == ROW[3]


@pytest.mark.parametrize(
    ("day", "period", "odd"),
    [
        ("2023年5月10日", "2023-04", False),  # the due date of the first period
        ("2023年5月11日", "2023-05", False),
        ("2023年5月25日", "2023-05", False),  # today, the due date
        ("2032年5月10日", "2023-05", True),
        ("2022年12月1日", "2023-05", True),
        ("", "2023-05", False),
    ],
)
def test_the_date_of_the_form_tells_the_period_unless_it_cannot(desk, tmp_path, day, period, odd):
    result = importing.import_files(desk, [table(tmp_path / "a.csv", [ROW], day=day)])
    [planned] = result.files[0].rows
    assert planned.period == period
    assert ("odd_date" in {each.code for each in planned.problems}) is odd
    assert overview.listed(desk)[0].row.period == period


def test_the_day_of_discovery_tells_the_period_and_a_given_period_beats_both(desk, tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["发现日期", *[column.title for column in COLUMNS]])
        writer.writerow(["2023-03-01", *ROW])
    assert importing.plan_import(desk, [path]).files[0].rows[0].period == "2023-04"
    assert importing.plan_import(desk, [path], period="2023-05").files[0].rows[0].period == "2023-05"
    assert overview.listed(desk) == []


def test_a_record_is_not_moved_by_importing_it_for_another_period(desk, tmp_path):
    path = table(tmp_path / "a.csv", [ROW])
    importing.import_files(desk, [path], period="2023-04")
    [planned] = importing.import_files(desk, [path], period="2023-05").files[0].rows
    assert (planned.outcome, planned.period) == ("same", "2023-04")
    assert "2023-04" in next(each.message for each in planned.problems if each.code == "other_period")


def test_codes_put_right_by_a_person_survive_the_import_of_an_unchanged_copy(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [("电热毯", "约30", "城区", *ROW[3:])])])
    record, object_id = record_of(desk)
    assert record.region_codes == ()
    entry.save(desk, record.edited(region_codes=("140302",)), object_id)
    assert outcomes(importing.import_files(desk, [exported(desk, tmp_path)])) == {"same": 1}
    assert record_of(desk)[0].region_codes == ("140302",)


def test_an_earlier_wording_typed_over_the_newest_copy_is_taken(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    record, object_id = record_of(desk)
    entry.save(desk, record.edited(analysis="待复检。"), object_id)
    file = exported(desk, tmp_path)
    edit(file, {5: ROW[4]})
    assert outcomes(importing.import_files(desk, [file])) == {"updated": 1}
    assert record_of(desk)[0].analysis == ROW[4]


def test_a_copy_whose_hidden_revision_was_lost_reverts_nothing(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    file = exported(desk, tmp_path)
    record, object_id = record_of(desk)
    entry.save(desk, record.edited(analysis="经复检合格。"), object_id)
    edit(file, {9: None, 6: "建议结案。"})
    assert outcomes(importing.import_files(desk, [file])) == {"conflict": 1}
    assert record_of(desk)[0].analysis == "经复检合格。"


def test_what_is_sealed_is_not_changed_by_a_file_even_after_a_correction(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    seal(desk)
    record, object_id = record_of(desk)
    entry.save(desk, record.edited(analysis="更正一。"), object_id, reason="复检")
    file = exported(desk, tmp_path)
    edit(file, {5: "更正二。"})
    assert outcomes(importing.import_files(desk, [file])) == {"conflict": 1}
    assert record_of(desk)[0].analysis == "更正一。"


def test_a_form_of_another_riskdesk_is_known_again_and_its_differences_go_to_a_person(desk, tmp_path):
    """Which of two copies of another office's form is the newer cannot be told, so neither overwrites the other."""
    with set_up(tmp_path / "迎泽", "140106-JU", person="李四") as other:
        importing.import_files(other, [table(tmp_path / "a.csv", [ROW, ("插线板", *ROW[1:])])])
        first = exported(other, tmp_path)
        assert outcomes(importing.import_files(desk, [first])) == {"new": 2}
        listed = overview.listed(other)[0].row
        record = record_from_body(other.revisions.of(listed.id)[0].body)
        entry.save(other, record.edited(analysis="经复检合格。"), listed.id)
        second = exported(other, tmp_path)
    assert outcomes(importing.import_files(desk, [second])) == {"conflict": 1, "same": 1}
    assert outcomes(importing.import_files(desk, [first])) == {"same": 2}
    assert [each.row.analysis for each in overview.listed(desk)] == [ROW[4], ROW[4]]


def test_a_row_copied_in_excel_at_another_office_is_a_record_of_its_own(desk, tmp_path):
    with set_up(tmp_path / "迎泽", "140106-JU", person="李四") as other:
        importing.import_files(other, [table(tmp_path / "a.csv", [ROW])])
        file = exported(other, tmp_path)
    book = openpyxl.load_workbook(file)
    book.active.insert_rows(6)
    for column in range(1, 11):
        book.active.cell(6, column).value = book.active.cell(5, column).value
    book.active.cell(6, 1).value, book.active.cell(6, 4).value = "插座", "插孔接触不良，发热。"
    book.save(file)
    assert outcomes(importing.import_files(desk, [file])) == {"new": 2}
    assert {each.row.product for each in overview.listed(desk)} == {"电热毯", "插座"}
    again = outcomes(importing.import_files(desk, [file]))
    assert again == {"same": 2}, again


@pytest.mark.parametrize("ours", [True, False])
def test_last_months_form_typed_over_for_this_month_is_a_new_record(desk, tmp_path, ours, monkeypatch):
    source = tmp_path / "a.csv"
    with set_up(tmp_path / "迎泽", "140106-JU", person="李四") as other:
        maker = desk if ours else other
        importing.import_files(maker, [table(source, [ROW])], period="2023-05")
        file = exported(maker, tmp_path)
    if not ours:
        assert outcomes(importing.import_files(desk, [file], period="2023-05")) == {"new": 1}
    monkeypatch.setenv("RISKDESK_NOW", "2023-06-19T09:00:00")
    edit(file, {1: "儿童床", 4: "护栏间距过大，存在卡头风险。", 5: "设计缺陷。"})
    book = openpyxl.load_workbook(file)
    book.active["E3"].value = "填报时间：2023年6月19日"
    book.save(file)
    assert outcomes(importing.import_files(desk, [file])) == {"new": 1}
    assert {each.row.product: each.row.period for each in overview.listed(desk)} == {
        "电热毯": "2023-05",
        "儿童床": "2023-06",
    }


def test_a_record_typed_over_with_another_in_the_same_period_is_for_a_person(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    file = exported(desk, tmp_path)
    edit(file, {1: "儿童床", 4: "护栏间距过大，存在卡头风险。"})
    assert outcomes(importing.import_files(desk, [file])) == {"conflict": 1}
    assert overview.listed(desk)[0].row.product == "电热毯"


def test_sorted_columns_and_an_edit_beside_lose_no_record(desk, tmp_path):
    importing.import_files(
        desk, [table(tmp_path / "a.csv", [("甲灯", *ROW[1:]), ("乙灯", *ROW[1:3], "另一件事，漏电。", *ROW[4:])])]
    )
    file = exported(desk, tmp_path)
    book = openpyxl.load_workbook(file)
    rows = [[book.active.cell(row, column).value for column in range(1, 8)] for row in (5, 6)]
    rows[0][3] += "（更正）"
    for row, values in zip((5, 6), reversed(rows), strict=True):
        for column, value in enumerate(values, 1):
            book.active.cell(row, column).value = value
    book.save(file)
    importing.import_files(desk, [file])
    assert {"甲灯", "乙灯"} == {each.row.product for each in overview.listed(desk)}
    assert "另一件事，漏电。" in [each.row.content for each in overview.listed(desk)]


def test_the_same_key_twice_in_one_table_is_for_a_person(desk, tmp_path):
    mapping = TableMapping.from_json(
        {"columns": {"source_ref": "号", "product": "品名", "content": "问题"}, "key": "source_ref"}
    )
    path = tmp_path / "a.csv"
    path.write_text(
        "号,品名,问题\nR-1,水壶,壶身带电危险。\nR-1,插座,插孔接触不良。\nR-1,水壶,壶身带电危险。\n", "utf-8"
    )
    assert outcomes(importing.import_files(desk, [path], mapping)) == {"new": 1, "conflict": 1, "same": 1}
    assert [each.row.product for each in overview.listed(desk)] == ["水壶"]


def test_a_unit_that_no_roster_knows_is_the_same_in_every_spelling(desk, tmp_path):
    for unit, expected in (("坞城市场监管所", {"new": 1}), ("坞城市场监督管理所（盖章）", {"same": 1})):
        assert outcomes(importing.import_files(desk, [table(tmp_path / "a.csv", [ROW], unit)])) == expected


def test_a_second_record_of_a_unit_on_the_same_product_is_pointed_out(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    changed = (*ROW[:3], "表面温度过高，可致烫伤。", *ROW[4:])
    [planned] = importing.import_files(desk, [table(tmp_path / "b.csv", [changed])]).files[0].rows
    assert (planned.outcome, "similar" in {each.code for each in planned.problems}) == ("new", True)


def test_columns_sorted_without_their_hidden_ids_change_no_record(desk, tmp_path):
    importing.import_files(desk, [table(tmp_path / "a.csv", [(name, *ROW[1:]) for name in ("甲灯", "乙灯", "丙灯")])])
    file = exported(desk, tmp_path)
    book = openpyxl.load_workbook(file)
    names = [book.active.cell(row, 1).value for row in (5, 6, 7)]
    for row, name in zip((5, 6, 7), reversed(names), strict=True):
        book.active.cell(row, 1).value = name
    book.save(file)
    assert outcomes(importing.import_files(desk, [file])) == {"same": 3}


def test_the_same_number_in_tables_of_different_systems_is_not_the_same_record(desk, tmp_path):
    rows = [("23-001", "婴儿床", "护栏间距过大，存在卡头风险。")], [("23-001", "充电宝", "外部短路起火。")]
    mappings = []
    for heading, source in (("召回编号", "S7"), ("通报编号", "S4")):
        columns = {"source_ref": heading, "product": "品名", "content": "问题"}
        mappings.append(TableMapping.from_json({"columns": columns, "key": "source_ref", "source": source}))
    for number, (mapping, body) in enumerate(zip(mappings, rows, strict=True)):
        path = tmp_path / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([(mapping.columns["source_ref"][0], "品名", "问题"), *body])
        assert outcomes(importing.import_files(desk, [path], mapping)) == {"new": 1}
    assert {each.row.product for each in overview.listed(desk)} == {"婴儿床", "充电宝"}


def test_a_key_with_other_content_updates_and_older_content_does_not_come_back(desk, tmp_path):
    mapping = TableMapping.from_json(
        {"columns": {"source_ref": "号", "product": "品名", "content": "问题"}, "key": "source_ref"}
    )
    versions = []
    for number, content in enumerate(("护栏间距过大。", "护栏间距过大，已有一人受伤。")):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"号,品名,问题\n7,婴儿床,{content}\n", "utf-8")
        versions.append(path)
    assert outcomes(importing.import_files(desk, [versions[0]], mapping)) == {"new": 1}
    assert outcomes(importing.import_files(desk, [versions[1]], mapping)) == {"updated": 1}
    assert outcomes(importing.import_files(desk, [versions[0]], mapping)) == {"stale": 1}
    assert overview.listed(desk)[0].row.content == "护栏间距过大，已有一人受伤。"


def test_optional_values_are_read_with_their_units_and_what_is_not_understood_is_told(desk, tmp_path):
    given = {
        "columns": {
            "product": "品名", "content": "问题", "injured": "受伤", "dead": "死亡", "important_codes": "重要",
            "samples_tested": "抽检",
        }
    }  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("品名,问题,受伤,死亡,重要,抽检\n灯,漏电致人受伤,3人,若干,I99,十八批次\n", "utf-8")
    [planned] = importing.import_files(desk, [path], TableMapping.from_json(given)).files[0].rows
    record, _ = record_of(desk)
    assert (record.injured, record.samples_tested, record.dead, record.important_codes) == (3, 18, None, ())
    assert {each.field for each in planned.problems if each.code == "not_understood"} == {"dead", "important_codes"}


def test_a_hidden_id_that_names_something_else_is_no_record(desk, tmp_path):
    from riskdesk.domain.revisions import revision

    step = revision(
        object_id="01900000-0000-7000-8000-000000000001", kind="note", org="o", body={}, author="", at=clock.now()
    )
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, [step])
    importing.import_files(desk, [table(tmp_path / "a.csv", [ROW])])
    file = exported(desk, tmp_path)
    edit(file, {8: step.object_id, 1: "电热垫"})
    assert outcomes(importing.import_files(desk, [file])) == {"new": 1}


def test_a_row_of_a_sheet_with_its_own_date_counts_by_that_date(desk, tmp_path):
    book = openpyxl.Workbook()
    for sheet, name, day in (
        (book.active, "5月", "2023年5月20日"),
        (book.create_sheet("4月"), "四月灯", "2023年5月8日"),
    ):
        sheet.append([f"填报时间：{day}"])
        sheet.append([column.title for column in COLUMNS])
        sheet.append([name, *ROW[1:]])
    book.save(tmp_path / "分月.xlsx")
    result = importing.import_files(desk, [tmp_path / "分月.xlsx"])
    assert {planned.row.values["product"]: planned.period for planned in result.files[0].rows} == {
        "5月": "2023-05",
        "四月灯": "2023-04",
    }
    assert date.fromisoformat(result.files[0].rows[1].row.values["form_date"]) == date(2023, 5, 8)


def test_an_import_that_is_cancelled_leaves_nothing(desk, tmp_path):
    class StopError(Exception):
        pass

    def stop(done, total, text=""):
        if text == "b.csv" and done:
            raise StopError

    files = [table(tmp_path / name, [(name, *ROW[1:])]) for name in ("a.csv", "b.csv")]
    with pytest.raises(StopError):
        importing.import_files(desk, files, progress=stop)
    assert overview.listed(desk) == []
    assert json.loads(json.dumps(desk.imports.counts())) == {}


@pytest.mark.parametrize(
    ("unit", "stranger"),
    [
        ("", ""),
        ("太原市小店区市场监督管理局（盖章）", ""),
        ("小店区市场监管局质量监督股", ""),
        ("坞城所", ""),
        ("小店区坞城市场监督管理所", ""),
        ("太原市迎泽区市场监督管理局（盖章）", "太原市迎泽区市场监督管理局"),
        ("迎泽区柳巷市场监管所", "迎泽区柳巷市场监管所"),
        ("太原市市场监督管理局", "太原市市场监督管理局"),
        ("某某公司", "某某公司"),
    ],
)
def test_a_form_of_an_office_that_does_not_report_here_is_told(desk, tmp_path, unit, stranger):
    [file] = importing.plan_import(desk, [table(tmp_path / "a.csv", [ROW], unit)]).files
    assert file.stranger == stranger


def test_a_city_takes_the_forms_of_its_counties_and_their_offices(tmp_path):
    with set_up(tmp_path / "city", "140100-JU", person="李四", phone="0351-0000000") as desk:
        for unit, stranger in (("迎泽区市场监管局", ""), ("大同市平城区市场监督管理局", "大同市平城区市场监督管理局")):
            [file] = importing.plan_import(desk, [table(tmp_path / "a.csv", [ROW], unit)]).files
            assert file.stranger == stranger


@pytest.mark.parametrize(
    ("changed", "doubtful"),
    [
        ({}, False),
        ({3: "漏电"}, True),
        ({3: "1234567"}, True),
        ({3: "------。。"}, True),
        ({0: "***"}, True),
        ({3: "LED灯带漏电"}, False),
    ],
)
def test_a_row_of_signs_or_of_hardly_any_text_is_doubtful_and_says_why(desk, tmp_path, changed, doubtful):
    row = tuple(changed.get(number, text) for number, text in enumerate(ROW))
    [planned] = importing.plan_import(desk, [table(tmp_path / "a.csv", [row])]).files[0].rows
    assert planned.outcome == "new"
    assert planned.is_doubtful is doubtful
    assert bool({each.code for each in planned.problems} & {"too_short", "no_letters"}) is doubtful
