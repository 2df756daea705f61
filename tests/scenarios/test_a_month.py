"""An office's real month by the command line: from filled-in forms to the official documents, and again after edits."""

import csv
import json
import shutil
import tarfile

import openpyxl
import pytest
from conftest import CORPUS

from riskdesk.paths import resource

SAMPLES = resource("samples/samples.csv")
CPSC_MAPPING = {
    "columns": {
        "product": "Name of product",
        "content": ["Hazard Description", "Incidents"],
        "source_ref": "Recall Number",
        "occurred_on": "Date",
    },
    "key": "source_ref",
    "source": "S7",
}


def test_a_form_is_imported_listed_exported_and_its_unchanged_copy_is_the_same(riskdesk, home, tmp_path):
    first = riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)
    assert (first.code, first.data["read"], first.data["new"]) == (0, 5, 5)
    listed = riskdesk("list", "--period", "2023-04", home=home).data
    assert [each["product"] for each in listed][:2] == ["纸尿裤", "食品接触用塑料制品（一次性餐盒）"]
    assert {each["state"] for each in listed} <= {"unchecked", "checked"}
    exported = riskdesk("export", "--period", "2023-04", "--out", tmp_path / "out", home=home)
    assert sorted(path.rsplit(".", 1)[1] for path in exported.data["files"]) == ["docx", "pdf", "xlsx"]
    for file in exported.data["files"]:
        if file.endswith("pdf"):
            continue
        again = riskdesk("import", file, home=home)
        assert (again.code, again.data["same"], again.data["read"]) == (0, 5, 5), file
    assert riskdesk("list", home=home).data == listed
    assert riskdesk("check", home=home).data == {"ok": True, "problems": []}


def test_a_copy_that_was_edited_sorted_and_extended_in_excel_comes_back_as_a_difference(riskdesk, home, tmp_path):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)
    before = {each["id"]: each for each in riskdesk("list", home=home).data}
    [file] = riskdesk("export", "--period", "2023-04", "--out", tmp_path, "--format", "xlsx", home=home).data["files"]
    book = openpyxl.load_workbook(file)
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=9)]
    assert [row[0] for row in rows] == [each["product"] for each in before.values()]
    rows.reverse()
    rows[1][4] = "经复检，确认不合格。"  # one analysis was rewritten
    copied = list(rows[0])  # a row copied as a pattern for another record, with its hidden id
    copied[0], copied[3] = "电热毯", "电热毯表面温度过高，存在烫伤风险。"
    rows.append(copied)
    sheet.insert_rows(10)
    for number, row in enumerate(rows, 5):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    book.save(file)

    planned = riskdesk("import", file, "--dry-run", home=home).data
    assert (planned["same"], planned["updated"], planned["new"], planned["read"]) == (4, 1, 1, 6)
    assert len(riskdesk("list", home=home).data) == 5
    done = riskdesk("import", file, home=home)
    assert done.code == 0
    after = {each["id"]: each for each in riskdesk("list", home=home).data}
    assert len(after) == 6
    changed = [each for key, each in after.items() if key in before and each != before[key]]
    assert [each["analysis"] for each in changed] == ["经复检，确认不合格。"]
    again = riskdesk("import", file, home=home).data
    assert (again["same"] + again["stale"], again["new"], again["updated"]) == (6, 0, 0)


def test_an_old_copy_never_overwrites_what_was_written_since(riskdesk, home, tmp_path):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)

    def export(name):
        [file] = riskdesk(
            "export", "--period", "2023-04", "--out", tmp_path / name, "--format", "xlsx", home=home
        ).data["files"]
        return file

    def edit(file, column, text):
        book = openpyxl.load_workbook(file)
        book.active.cell(5, column).value = text
        book.save(file)

    old, edited, diverged = export("old"), export("edited"), export("diverged")
    edit(edited, 6, "建议立即下架。")
    edit(diverged, 6, "建议约谈企业。")
    assert riskdesk("import", edited, home=home).data["updated"] == 1
    stale = riskdesk("import", old, home=home)
    assert (stale.data["stale"], stale.data["same"], stale.data["updated"]) == (1, 4, 0)
    conflict = riskdesk("import", diverged, home=home)
    assert (conflict.code, conflict.data["conflict"]) == (5, 1)
    assert riskdesk("list", "--find", "立即下架", home=home).data[0]["suggestion"] == "建议立即下架。"


def test_the_same_rows_by_another_way_are_counted_once(riskdesk, home):
    """The same five records arrive as xlsx, as csv in GB 18030, as text, as HTML named .xls, as docx, as xls and as ods."""
    names = (
        "01_std.xlsx",
        "12_gb18030.csv",
        "15_unicode.txt",
        "17_std.docx",
        "20_std.xls",
        "24_std.ods",
        "03_spaces.xlsx",
    )
    done = riskdesk("import", *(CORPUS / "forms" / name for name in names), home=home)
    assert (done.code, done.data["read"], done.data["new"], done.data["same"]) == (0, 35, 5, 30)
    assert [file["read"] for file in done.data["files"]] == [5] * 7
    assert len(riskdesk("list", home=home).data) == 5


def test_303_files_of_recalls_give_902_records_and_nothing_the_second_time(riskdesk, home, tmp_path):
    with tarfile.open(CORPUS / "cpsc_recalls_csv_303files.tgz") as archive:
        archive.extractall(tmp_path / "recalls", filter="data")
    files = sorted((tmp_path / "recalls").rglob("*.csv"))
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps(CPSC_MAPPING), "utf-8")
    first = riskdesk("import", *files, "--map", mapping, home=home)
    counts = {name: first.data[name] for name in ("read", "new", "same", "updated", "stale", "conflict", "rejected")}
    assert counts == {"read": 2636, "new": 902, "same": 1734, "updated": 0, "stale": 0, "conflict": 0, "rejected": 0}
    assert first.code == 0
    second = riskdesk("import", *files, "--map", mapping, home=home)
    assert (second.data["same"], second.data["read"]) == (2636, 2636)
    assert len(riskdesk("list", home=home).data) == 902
    assert riskdesk("check", home=home).data["ok"]


def test_one_file_that_cannot_be_read_keeps_the_whole_import_out(riskdesk, home, tmp_path):
    broken = tmp_path / "坏表.xlsx"
    broken.write_bytes((CORPUS / "forms" / "01_std.xlsx").read_bytes()[:3000])
    done = riskdesk("import", CORPUS / "forms" / "12_gb18030.csv", broken, home=home)
    assert done.code == 3
    assert "坏表.xlsx" in done.said
    assert riskdesk("list", home=home).data == []


def test_rows_without_product_or_content_are_rejected_with_their_place_and_kept_in_the_log(riskdesk, home, tmp_path):
    table = tmp_path / "缺项.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["涉及产品", "涉及企业数量", "涉及区域", "风险信息内容", "信息分析", "初步建议", "信息来源"])
        writer.writerow(["电热毯", "3", "太原市小店区", "表面温度过高，存在烫伤风险。", "", "", "消费者投诉、举报的"])
        writer.writerow(["", "3", "太原市小店区", "内容有了，产品没写。", "", "", ""])
    done = riskdesk("import", table, home=home)
    assert (done.code, done.data["new"], done.data["rejected"]) == (3, 1, 1)
    [rejected] = [row for row in done.data["rows"] if row["outcome"] == "rejected"]
    assert rejected["row"] == 3
    assert any(each["blocking"] and "涉及产品" in each["message"] for each in rejected["problems"])


def test_all_33_samples_keep_every_character_through_import_and_export(riskdesk, home, tmp_path):
    done = riskdesk("import", SAMPLES, "--map", resource("samples/mapping.json"), home=home)
    assert (done.code, done.data["new"]) == (0, 33)
    with SAMPLES.open(encoding="utf-8-sig", newline="") as file:
        truth = {row["风险信息内容"]: row for row in csv.DictReader(file)}
    listed = riskdesk("list", home=home).data
    assert len(listed) == 33
    for each in listed:
        row = truth[each["content"]]
        assert [
            each[name] for name in ("product", "enterprise_count_text", "regions_text", "analysis", "suggestion")
        ] == [row[name] for name in ("涉及产品", "涉及企业数量", "涉及区域", "信息分析", "初步建议")]
    assert [each["urgent"] for each in listed].count(True) == 1


def test_a_backup_is_restored_to_a_new_folder_with_every_record(riskdesk, home, tmp_path):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)
    before = riskdesk("list", home=home).data
    backup = riskdesk("backup", "--to", tmp_path / "U盘", home=home)
    shutil.rmtree(home)
    restored = riskdesk("restore", backup.data["file"], home=tmp_path / "新文件夹")
    assert restored.code == 0
    assert riskdesk("list", home=restored.data["home"]).data == before
    assert riskdesk("check", home=restored.data["home"]).data["ok"]


def test_a_data_file_that_no_longer_opens_is_salvaged(riskdesk, home, tmp_path):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)
    before = riskdesk("list", home=home).data
    data = bytearray((home / "riskdesk.db").read_bytes())
    data[:4096] = bytes(4096)
    (home / "riskdesk.db").write_bytes(data)
    refused = riskdesk("list", home=home)
    assert refused.code == 6
    assert "salvage" in refused.said
    saved = riskdesk("salvage", home / "riskdesk.db", home=tmp_path / "抢救")
    assert (saved.code, saved.data["revisions"]) == (0, 5)
    riskdesk("setup", "--office", "140105-JU", home=tmp_path / "抢救")
    assert riskdesk("list", home=tmp_path / "抢救").data == before


def test_the_demo_offices_hold_records_and_pass_their_check(riskdesk, tmp_path):
    homes = riskdesk("demo", tmp_path / "demo").data["homes"]
    assert set(homes) == {"140000-JU", "140100-JU", "140105-JU", "140106-JU", "140105-S01", "140100-ZD01"}
    counts = {code: len(riskdesk("list", home=home).data) for code, home in homes.items()}
    assert sum(counts.values()) == 33 + 5  # the samples, and what two filled-in forms hold
    assert counts["140105-JU"] > 5
    assert all(riskdesk("check", home=home).data["ok"] for home in homes.values())
    assert riskdesk("demo", tmp_path / "demo").code == 2


@pytest.mark.parametrize("name", ["11_nil2.xlsx"])
def test_a_nil_report_is_read_as_such_and_gives_no_record(riskdesk, home, name):
    read = riskdesk("read", CORPUS / "forms" / name)
    assert (read.code, read.data["nil"], read.data["records"]) == (0, True, [])
    done = riskdesk("import", CORPUS / "forms" / name, home=home)
    assert (done.code, done.data["read"], done.data["files"][0]["nil"]) == (0, 0, True)
