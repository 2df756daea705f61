"""What commands say to people: nothing that did not happen."""

from riskdesk.cli.main import main

TITLES = "涉及产品,涉及企业数量,涉及地区,风险信息内容,信息分析,处置建议,信息来源"


def test_a_form_with_an_unreadable_date_is_not_said_to_be_skipped(tmp_path, capsys):
    form = tmp_path / "五月.csv"
    form.write_text(f"填报时间：五月下旬\n{TITLES}\n头盔,3,太原市,外壳开裂。,无,抽查,消费者投诉\n", "utf-8")
    assert main(["read", str(form)]) == 0
    said = capsys.readouterr().out
    assert "第1行  请留意：填报时间“五月下旬”认不出是哪一天，表中的记录照常读入。" in said
    assert "头盔" in said
    assert "跳过" not in said
