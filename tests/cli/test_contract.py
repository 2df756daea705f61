"""The command line's contract: names, JSON shapes, exit codes, where things are said."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS, COUNTY

from riskdesk import clock
from riskdesk.cli import commands, main
from riskdesk.services.desk import Desk, occupied

TRUTH = json.loads((CORPUS / "forms" / "truth.json").read_text("utf-8"))
NOTICE_2027 = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕8号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


def paste(riskdesk, monkeypatch, home, data, *arguments):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    return riskdesk("calendar", "paste", *arguments, home=home)


def run(*arguments, env=None, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "riskdesk", *map(str, arguments)],
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
    )


def test_setup_answers_with_office_and_home_and_may_be_repeated_for_the_same_office(riskdesk, tmp_path):
    home = tmp_path / "新单位"
    first = riskdesk("setup", "--office", COUNTY, "--person", "张三", home=home)
    assert (first.code, first.data["office"], first.data["home"]) == (0, COUNTY, str(home))
    assert first.data["name"] == "太原市小店区市场监督管理局"
    assert riskdesk("setup", "--office", COUNTY, "--person", "李四", home=home).data["person"] == "李四"
    other = riskdesk("setup", "--office", "140106-JU", home=home)
    assert (other.code, other.data["error"]["code"]) == (2, "RD0002")
    assert "另选一个文件夹" in other.said


def test_an_office_that_is_not_listed_needs_a_name_and_a_parent(riskdesk, tmp_path):
    unnamed = riskdesk("setup", "--office", "140105-S07", home=tmp_path / "a")
    assert unnamed.code == 2
    assert "--name" in unnamed.said
    named = riskdesk("setup", "--office", "140105-S07", "--name", "平阳路所", "--parent", COUNTY, home=tmp_path / "a")
    assert (named.code, named.data["level"], named.data["parent"]) == (0, "suo", COUNTY)
    assert riskdesk("setup", "--office", "X", "--name", "某所", "--parent", "999999-JU", home=tmp_path / "b").code == 2


def test_due_equals_the_right_answers_for_44_months_and_the_first_period(riskdesk):
    answered = riskdesk("due", "--from", "2023-04", "--to", "2026-12")
    assert answered.code == 0
    first, *months = answered.data
    assert (first["period"], first["start"], first["end"], first["due"]) == (
        "2023-04",
        "2023-01-01",
        "2023-04-30",
        "2023-05-10",
    )
    lines = (CORPUS / "deadlines.csv").read_text("utf-8-sig").splitlines()[1:]
    right = [line.split(",") for line in lines]
    assert [[each[key] for key in ("period", "start", "end", "nominal", "due")] for each in months] == [
        [row[0], row[1], row[2], row[3], row[5]] for row in right
    ]
    assert len(months) == 44
    assert not any(each["provisional"] or each["candidates"] for each in answered.data)


def test_2027_is_provisional_with_candidates_until_a_notice_is_pasted(riskdesk, home, monkeypatch):
    before = {each["period"]: each for each in riskdesk("due", "--from", "2027-01", "--to", "2027-12", home=home).data}
    assert all(each["provisional"] and each["due"] in each["candidates"] for each in before.values())
    assert before["2027-04"]["candidates"] == ["2027-04-25", "2027-04-26"]
    assert "2027" in before["2027-04"]["reason"]
    pasted = paste(riskdesk, monkeypatch, home, NOTICE_2027.encode("gb18030"))
    assert (pasted.code, pasted.data["years"]) == (0, [2027])
    assert pasted.data["workdays"]["2027-04-25"] == "劳动节"
    after = {each["period"]: each for each in riskdesk("due", "--from", "2027-01", "--to", "2027-12", home=home).data}
    assert not any(each["provisional"] or each["candidates"] for each in after.values())
    assert after["2027-04"]["due"] == "2027-04-25"  # a Sunday that is worked
    assert after["2027-09"]["due"] == "2027-09-26"  # a Saturday, then a worked Sunday
    assert after["2027-07"]["due"] == "2027-07-26"


def test_a_calendar_file_is_brought_in_as_json_or_as_a_text_in_gb18030(riskdesk, home, tmp_path):
    text = tmp_path / "通知.txt"
    text.write_bytes(NOTICE_2027.encode("gb18030"))
    first = riskdesk("calendar", "import", text, home=home)
    assert (first.code, first.data["years"]) == (0, [2027])
    bad = tmp_path / "坏.json"
    bad.write_text(
        '{"format": "riskdesk-calendar/1", "years": {"2028": {"days_off": {"2028-02-30": "春节"}}}}', "utf-8"
    )
    refused = riskdesk("calendar", "import", bad, home=home)
    assert refused.code == 3
    assert "2028-02-30" in refused.said
    assert riskdesk("calendar", "import", home=home).code == 2
    assert riskdesk("calendar", "import", tmp_path / "没有.json", home=home).code == 3


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_read_gives_every_form_exactly_as_it_was_filled_in(riskdesk, name):
    answered = riskdesk("read", CORPUS / "forms" / name)
    assert answered.code == 0
    fields = ("product", "enterprise_count_text", "regions_text", "content", "analysis", "suggestion", "sources_text")
    assert [{field: each[field] for field in fields} for each in answered.data["records"]] == TRUTH[name]["records"]
    assert answered.data["nil"] is TRUTH[name]["nil"]
    assert set(answered.data["head"]) == {"unit", "date", "person", "phone"}
    assert all({"sheet", "row", "problems"} <= set(each) for each in answered.data["records"])


def test_global_options_stand_before_or_after_the_command(home):
    before = run("--home", home, "--json", "check")
    after = run("check", "--home", home, "--json")
    named = run("check", "--json", env={"RISKDESK_HOME": str(home)})
    assert before.stdout == after.stdout == named.stdout
    assert json.loads(before.stdout) == {"ok": True, "problems": []}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "riskdesk --help"),
        (["list"], 2, "setup"),
        (["export", "--period", "2023-13", "--out", "x"], 2, "setup"),
        (["read", "没有这个文件.xlsx"], 3, "没有这个文件.xlsx"),
        (["due", "--from", "2023-13"], 3, "2023-13"),
        (["due", "--from", "2022-01"], 3, "2022-01"),
        (["restore", "x.db"], 2, "--home"),
        (["restore", "x.db", "--home", "nowhere"], 3, "x.db"),
        (["setup", "--office", "小店区"], 2, "140105-JU"),
        (["list", "--json=x"], 2, "--json 后面不能带内容"),
    ],
)
def test_wrong_usage_and_bad_input_have_their_codes_and_say_what_to_do(tmp_path, arguments, code, said):
    done = run(*arguments, env={"RISKDESK_HOME": str(tmp_path / "nobody")})
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_clock_that_makes_no_sense_is_wrong_usage(tmp_path):
    done = run("due", env={"RISKDESK_NOW": "昨天", "RISKDESK_HOME": str(tmp_path)})
    assert (done.returncode, "RISKDESK_NOW" in done.stderr) == (2, True)


def test_a_second_program_on_the_same_folder_is_refused_and_told_who_has_it(home):
    with occupied(home):
        done = run("list", "--home", home)
    assert done.returncode == 6
    assert f"进程 {os.getpid()}" in done.stderr
    assert run("list", "--home", home).returncode == 0


def test_a_data_file_of_something_else_is_refused(tmp_path):
    (tmp_path / "riskdesk.db").write_bytes(b"not a database at all, just text " * 200)
    done = run("check", "--home", tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (6, False)
    assert "数据文件" in done.stderr


@pytest.mark.may_log
def test_a_bug_is_logged_and_never_shown_as_a_traceback(riskdesk, home, monkeypatch):
    def broken(given):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(main, "COMMANDS", {**commands.COMMANDS, "check": broken})
    done = riskdesk("check", home=home)
    assert done.code == 1
    assert "Traceback" not in done.said
    assert "ZeroDivisionError: oops" in (home / "logs" / "riskdesk.log").read_text("utf-8")


def test_people_read_words_where_programs_read_json(home):
    run("import", CORPUS / "forms" / "01_std.xlsx", "--home", home)
    shown = run("list", "--home", home)
    assert "纸尿裤" in shown.stdout
    assert shown.stdout.strip().endswith("共 5 条")
    assert "读入 5 行" in run("import", CORPUS / "forms" / "01_std.xlsx", "--dry-run", "--home", home).stdout


def test_find_takes_single_characters_several_words_and_signs(riskdesk, home):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)

    def found(text):
        return len(riskdesk("list", "--find", text, home=home).data)

    assert found("盔") == 1
    assert found("临汾 充电宝") == 1
    assert found("（充") == 1
    assert found("gb 4806.7") >= 1
    assert found('"*') == 0
    assert found("没有这种东西") == 0


def test_a_bad_mapping_file_is_refused_naming_what_is_wrong(riskdesk, home, tmp_path):
    table = CORPUS / "forms" / "12_gb18030.csv"
    cases = {
        "{": "JSON",
        "[]": "columns",
        '{"columns": {"nothing": "x"}}': "nothing",
        '{"columns": {"product": "涉及产品"}, "key": "source_ref"}': "source_ref",
        '{"columns": {"product": "涉及产品"}, "source": "S10"}': "S10",
        '{"columns": {"product": 5}}': "product",
    }
    for number, (text, said) in enumerate(cases.items()):
        mapping = tmp_path / f"{number}.json"
        mapping.write_text(text, "utf-8")
        done = riskdesk("import", table, "--map", mapping, home=home)
        assert (done.code, said in done.said) == (3, True), (text, done.said)


def test_an_export_never_overwrites_and_refuses_a_period_that_is_none(riskdesk, home, tmp_path):
    one = riskdesk("export", "--period", "2023-05", "--out", tmp_path, "--format", "xlsx", home=home).data["files"]
    two = riskdesk("export", "--period", "2023-05", "--out", tmp_path, "--format", "xlsx", home=home).data["files"]
    assert one != two
    assert Path(one[0]).read_bytes() == Path(two[0]).read_bytes()
    assert riskdesk("export", "--period", "2023-13", "--out", tmp_path, home=home).code == 3


def test_an_empty_period_is_exported_as_a_blank_form_and_never_as_a_nil_report(riskdesk, home, tmp_path):
    exported = riskdesk("export", "--period", "2023-05", "--out", tmp_path, home=home)
    assert "零报告" in exported.said
    for file in exported.data["files"]:
        if not file.endswith("pdf"):
            read = riskdesk("read", file)
            assert (read.code, read.data["nil"], read.data["records"]) == (0, False, []), file


def test_a_sealed_nil_report_is_exported_in_words(riskdesk, home, tmp_path):
    with Desk(home) as desk, desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period="2023-05", kind="monthly", items=[], at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=True, reason="", at=clock.now())
    exported = riskdesk("export", "--period", "2023-05", "--out", tmp_path, home=home)
    for file in exported.data["files"]:
        if not file.endswith("pdf"):
            read = riskdesk("read", file)
            assert (read.code, read.data["nil"], read.data["records"]) == (0, True, []), file


def test_a_notice_that_is_not_whole_or_does_not_fit_is_refused_until_a_person_confirms_it(riskdesk, home, monkeypatch):
    part = "\n".join(NOTICE_2027.splitlines()[:3]).encode()
    refused = paste(riskdesk, monkeypatch, home, part)
    assert refused.code == 3
    assert "国庆节" in refused.said
    assert "--confirm" in refused.said
    wrong = NOTICE_2027.replace("5月8日（周六）", "5月8日（周日）").encode()
    assert paste(riskdesk, monkeypatch, home, wrong).code == 3
    assert riskdesk("due", "--from", "2027-04", "--to", "2027-04", home=home).data[0]["provisional"]
    confirmed = paste(riskdesk, monkeypatch, home, wrong, "--confirm")
    assert (confirmed.code, bool(confirmed.data["warnings"])) == (0, True)


def test_an_incomplete_or_misspelt_calendar_file_never_makes_a_firm_date(riskdesk, home, tmp_path):
    shipped = riskdesk("due", "--from", "2026-09", "--to", "2026-09", home=home).data
    for number, entry in enumerate(
        ({"day_off": {}}, {}, {"days_off": {"2026-02-30": "春节"}}, {"days_off": {"2026-01-01": "元旦"}})
    ):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps({"format": "riskdesk-calendar/1", "years": {"2026": entry}}), "utf-8")
        assert riskdesk("calendar", "import", file, home=home).code == 3, entry
    assert riskdesk("due", "--from", "2026-09", "--to", "2026-09", home=home).data == shipped


def test_the_notice_brought_in_last_counts_whatever_came_before(riskdesk, home, tmp_path, monkeypatch):
    days = {f"2027-{month:02}-25": "错" for month in range(1, 13)}
    for years in ((2025, 2026, 2027), (2026, 2027), (2027, 2028)):
        file = tmp_path / f"{years}.json"
        entries = {
            str(year): {"days_off": {day.replace("2027", str(year)): name for day, name in days.items()}}
            for year in years
        }
        file.write_text(json.dumps({"format": "riskdesk-calendar/1", "years": entries}), "utf-8")
        assert riskdesk("calendar", "import", file, "--confirm", home=home).code == 0
        assert riskdesk("due", "--from", "2027-05", "--to", "2027-05", home=home).data[0]["due"] == "2027-05-26"
        assert paste(riskdesk, monkeypatch, home, NOTICE_2027.encode()).code == 0
        assert riskdesk("due", "--from", "2027-05", "--to", "2027-05", home=home).data[0]["due"] == "2027-05-25"


def test_setup_again_changes_only_what_is_given(riskdesk, home):
    changed = riskdesk("setup", "--office", COUNTY, "--phone", "0351-1111111", home=home).data
    assert (changed["person"], changed["phone"]) == ("张三", "0351-1111111")


def test_a_data_file_that_is_gone_or_empty_is_not_silently_made_anew(riskdesk, home):
    riskdesk("import", CORPUS / "forms" / "01_std.xlsx", home=home)
    (home / "riskdesk.db").write_bytes(b"")
    for command in (["list"], ["setup", "--office", COUNTY]):
        refused = riskdesk(*command, home=home)
        assert refused.code == 2
        assert "restore" in refused.said
    assert (home / "riskdesk.db").read_bytes() == b""


def test_an_export_onto_a_file_and_a_backup_to_a_stick_that_is_not_there_are_no_bugs(riskdesk, home, tmp_path):
    (tmp_path / "file").write_text("x")
    assert riskdesk("export", "--period", "2023-05", "--out", tmp_path / "file", home=home).code == 6
    missing = riskdesk("backup", "--to", tmp_path / "usb" / "备份", home=home)
    assert (missing.code, "移动存储设备" in missing.said) == (3, True)
    assert not (tmp_path / "usb").exists()


def test_two_offices_share_a_stick_for_their_backups(riskdesk, home, tmp_path, monkeypatch):
    other = tmp_path / "迎泽区局"
    riskdesk("setup", "--office", "140106-JU", home=other)
    for day in range(1, 20):
        monkeypatch.setenv("RISKDESK_NOW", f"2023-06-{day:02}T09:00:00")
        for office in (home, other):
            assert riskdesk("backup", "--to", tmp_path / "U盘", home=office).code == 0
    assert len(list((tmp_path / "U盘").glob("*.db"))) == 38


def test_plain_words_tell_what_was_passed_over_and_what_needs_a_look(home, tmp_path):
    table = tmp_path / "表.csv"
    head = "涉及产品,涉及企业数量,涉及区域,风险信息内容,信息分析,初步建议,信息来源"
    rows = ["示例：电热毯,1,太原市,示例内容,,,", "电热毯,两三家,月球,表面温度过高，存在烫伤风险,,,", "合计,1,,,,,"]
    table.write_text("\n".join([head, *rows]), "utf-8")
    shown = run("import", table, "--home", home).stdout
    for words in ("示例", "合计", "涉及企业数量", "涉及区域", "新增计入 2023-0"):
        assert words in shown, shown
    nil = run("import", CORPUS / "forms" / "11_nil2.xlsx", "--home", home).stdout
    assert "零报告" in nil


def test_an_older_calendar_file_takes_no_day_away_without_a_word(riskdesk, home, tmp_path):
    days = {f"2031-{month:02}-{day:02}": "某节" for month in range(1, 5) for day in (1, 2, 3)}
    full, single = tmp_path / "full.json", tmp_path / "single.json"
    full.write_text(json.dumps({"format": "riskdesk-calendar/1", "years": {"2031": {"days_off": days}}}), "utf-8")
    extra = {"2031": {"known": False, "days_off": {"2031-03-25": "延长"}}}
    single.write_text(json.dumps({"format": "riskdesk-calendar/1", "years": extra}), "utf-8")

    def due():
        return riskdesk("due", "--from", "2031-03", "--to", "2031-03", home=home).data[0]["due"]

    assert riskdesk("calendar", "import", full, home=home).code == 0
    assert (due(), riskdesk("calendar", "import", single, home=home).code) == ("2031-03-25", 0)
    refused = riskdesk("calendar", "import", full, home=home)
    assert (refused.code, "2031-03-25" in refused.said, due()) == (3, True, "2031-03-26")
    assert riskdesk("calendar", "import", full, "--confirm", home=home).code == 0
    assert due() == "2031-03-25"
