"""What commands say to people: nothing that did not happen."""

import ast
import re
from pathlib import Path

import riskdesk
from riskdesk.cli.main import main
from riskdesk.services.setup import set_up

TITLES = "涉及产品,涉及企业数量,涉及地区,风险信息内容,信息分析,处置建议,信息来源"


def test_a_form_with_an_unreadable_date_is_not_said_to_be_skipped(tmp_path, capsys):
    form = tmp_path / "五月.csv"
    form.write_text(f"填报时间：五月下旬\n{TITLES}\n头盔,3,太原市,外壳开裂。,无,抽查,消费者投诉\n", "utf-8")
    assert main(["read", str(form)]) == 0
    said = capsys.readouterr().out
    assert "第1行  请留意：填报时间“五月下旬”认不出是哪一天，表中的记录照常读入。" in said
    assert "头盔" in said
    assert "跳过" not in said


def test_a_table_of_another_system_is_refused_with_the_option_that_helps(tmp_path, capsys):
    table = tmp_path / "召回.csv"
    table.write_text("Name,Hazard\nHelmet,cracks\n", "utf-8")
    assert main(["read", str(table)]) == 3
    said = capsys.readouterr().err
    assert "“召回.csv”：没有找到报送表的表头" in said
    assert said.endswith("列对照文件用 riskdesk import 的 --map 给出。\n")


def test_several_tables_refused_together_keep_the_option_that_helps(tmp_path, capsys):
    tables = [tmp_path / name for name in ("一.csv", "二.csv")]
    for table in tables:
        table.write_text("Name,Hazard\nHelmet,cracks\n", "utf-8")
    with set_up(tmp_path / "desk", "140105-JU"):
        pass
    for command in ("receive", "import"):
        assert main([command, *map(str, tables), "--home", str(tmp_path / "desk")]) == 3
        told = capsys.readouterr()
        assert "“一.csv”" in told.out + told.err
        assert "“二.csv”" in told.out + told.err
        assert told.err.endswith("列对照文件用 riskdesk import 的 --map 给出。\n")
        assert (told.out + told.err).count("--map") == 1


def test_only_the_command_line_speaks_of_commands_and_options():
    """What services and below say is shown in the window, too."""
    root = Path(riskdesk.__file__).parent
    spoken = []
    for file in root.rglob("*.py"):
        if "cli" in file.relative_to(root).parts or file.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = re.search(
                    r"(?<!-)--[a-z]+|riskdesk-cli|riskdesk (setup|restore|salvage|check|enrol)\b", node.value
                )
                if found and re.search(r"[\u4e00-\u9fff]", node.value):
                    spoken.append((file.name, found[0], node.value))
    assert spoken == []
