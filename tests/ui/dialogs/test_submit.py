"""上报: what stands in the way is told first; then the files are written, verified, and the passphrase is asked once."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from ui.hand_over_screens import bench_of, stopping_at
from ui.hierarchy import PASSPHRASE, PERIOD, reported
from ui.widgets.forms import FULL, RECORD, click

from riskdesk.services import entry, handed
from riskdesk.services.preferences import keep, preferences
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog
from riskdesk.ui.dialogs.submit import SubmitDialog
from riskdesk.ui.dialogs.unlock import UnlockDialog
from riskdesk.ui.widgets.watermark import Watermark


@pytest.fixture
def parent(app, qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return parent


@pytest.fixture
def opened(pair, parent, jobs, tmp_path, told):
    def open_dialog(desk=None, period=PERIOD):
        dialog = SubmitDialog(bench_of(desk or pair.suo, jobs), period, lambda: told.append("handed"), parent)
        dialog.target.line.setText(str(tmp_path / "U盘"))
        dialog.open()
        return dialog

    return open_dialog


def asked(dialog):
    return next(each for each in dialog.findChildren(UnlockDialog) if each.isVisible())


def lines(dialog):
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def test_a_period_is_reported_and_the_files_are_shown_with_the_slip(opened, ended, pair, tmp_path, told):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    assert "1 条记录，报送至 太原市小店区市场监督管理局" in dialog._told.text()
    click(dialog._submit)
    asked(dialog).passphrase.setText(PASSPHRASE)
    asked(dialog).accept()
    ended()
    ended()
    assert sorted(path.suffix for path in (tmp_path / "U盘").iterdir()) == [".age", ".pdf"]
    assert "签名核验无误" in dialog._done.text()
    assert "交接单.pdf" in dialog._done.text()
    assert dialog._print.isVisible()
    assert told == ["handed"]
    assert [each.package.period for each in handed.sent(pair.suo)] == [PERIOD]


def test_a_wrong_passphrase_is_told_and_nothing_is_sealed(opened, ended, pair):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    click(dialog._submit)
    question = asked(dialog)
    question.passphrase.setText("不是这个口令呀")
    question.accept()
    ended()
    assert question.isVisible()
    assert "口令" in question._trouble.text()
    question.reject()
    assert handed.sent(pair.suo) == []


def test_the_passphrase_is_asked_once_for_a_correction_too(opened, ended, pair):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    dialog._bench.held.keep(PASSPHRASE)
    for _ in range(2):
        click(dialog._submit)
        ended()
        entry.save(pair.suo, RECORD.edited(product="插座", content="插套接触不良。"))
        dialog._look_again()
    assert [each.package.number for each in handed.sent(pair.suo)] == [2, 1]
    assert dialog.findChildren(UnlockDialog) == []
    assert dialog.reason.isVisible()


def test_an_empty_period_is_no_nil_report_until_somebody_says_so(opened, ended, pair):
    dialog = opened()
    assert not dialog._submit.isEnabled()
    assert "空白表不等于零报告" in lines(dialog)
    dialog.nil.setChecked(True)
    assert dialog._submit.isEnabled()
    dialog._bench.held.keep(PASSPHRASE)
    click(dialog._submit)
    ended()
    assert handed.sent(pair.suo)[0].package.nil


@pytest.mark.parametrize("step", ["写出", "读回核验", "写交接单"])
def test_who_cancels_after_the_sealing_hears_that_it_is_sealed_and_nothing_unverified_stays(
    opened, ended, pair, monkeypatch, step
):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    dialog._bench.held.keep(PASSPHRASE)
    with monkeypatch.context() as stopped:
        stopping_at(stopped, step)
        click(dialog._submit)
        ended()
    assert "2023-05 期第 1 次报送已封存，但没有写出并核验：已取消。" in dialog._trouble.text()
    assert "请在“收发—已上报”再次写出" in dialog._trouble.text()
    assert "第 2 次" not in lines(dialog)
    assert [*dialog.target.folder().iterdir()] == [] if step != "写出" else not dialog.target.folder().exists()
    [sent] = handed.sent(pair.suo)
    assert not sent.handed_at
    click(dialog._submit)
    ended()
    assert [each.package.number for each in handed.sent(pair.suo)] == [1]
    assert handed.sent(pair.suo)[0].handed_at


def test_who_cancels_before_the_sealing_hears_that_nothing_was_done(opened, ended, pair, tmp_path, monkeypatch):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    dialog._bench.held.keep(PASSPHRASE)
    stopping_at(monkeypatch, "签名")
    click(dialog._submit)
    ended()
    assert dialog._trouble.text() == "已取消：没有封存，也没有写出文件。"
    assert handed.sent(pair.suo) == []
    assert not (tmp_path / "U盘").exists()


def test_with_nothing_changed_it_says_that_the_same_report_is_written_again(opened, ended, pair, tmp_path, monkeypatch):
    reported(pair)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-29T09:00:00")  # late, which the sealed one is not
    dialog = opened()
    assert "与上次封存的内容相同，将再次写出第 1 次报送" in dialog._told.text()
    assert not dialog.reason.isVisible()
    assert not dialog.late.isVisible()
    dialog._bench.held.keep(PASSPHRASE)
    click(dialog._submit)
    ended()
    assert [each.package.number for each in handed.sent(pair.suo)] == [1]
    assert len([*tmp_path.glob("U盘/*")]) == 2
    scan = tmp_path / "盖章件.jpg"
    scan.write_bytes(b"\xff\xd8\xff picture")
    dialog.scans.add([scan])
    assert "这是第 2 次报送（更正或补充）" in dialog._told.text()
    assert dialog.late.isVisible()


def test_a_late_report_wants_its_reason(opened, ended, pair, monkeypatch):
    entry.save(pair.suo, RECORD)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-29T09:00:00")
    dialog = opened()
    dialog._bench.held.keep(PASSPHRASE)
    click(dialog._submit)
    assert "迟报原因" in dialog._trouble.text()
    dialog.late.setText("等待检验结果")
    click(dialog._submit)
    ended()
    assert handed.sent(pair.suo)[0].package.facts["late"] == "等待检验结果"


def test_a_period_that_is_overdue_and_not_reported_comes_before_the_new_one(opened, ended, pair, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-29T09:00:00")
    entry.save(pair.suo, RECORD)
    dialog = opened(period="2023-06")
    assert dialog.period.currentData() == "2023-05"
    assert "2023-05 期已过截止日期，还没有上报" in lines(dialog)
    dialog.period.setCurrentIndex(dialog.period.findData("2023-06"))
    assert "已过截止日期，还没有上报" not in lines(dialog)
    dialog.period.setCurrentIndex(dialog.period.findData("2023-05"))
    dialog.late.setText("系统故障")
    dialog._bench.held.keep(PASSPHRASE)
    click(dialog._submit)
    ended()
    assert [each.package.period for each in handed.sent(pair.suo)] == ["2023-05"]
    assert opened(period="2023-06").period.currentData() == "2023-06"


def test_a_work_secret_is_confirmed_and_goes_encrypted_only(opened, pair):
    entry.save(pair.suo, FULL)
    dialog = opened()
    assert "工作秘密" in lines(dialog)
    assert not dialog._submit.isEnabled()
    dialog.secrets.setChecked(True)
    assert dialog._submit.isEnabled()
    dialog.encrypt.setChecked(False)
    assert not dialog._submit.isEnabled()


def test_scans_of_the_stamped_paper_go_along(opened, ended, pair, tmp_path):
    entry.save(pair.suo, RECORD)
    scan = tmp_path / "盖章件.jpg"
    scan.write_bytes(b"\xff\xd8\xff picture")
    dialog = opened()
    dialog.scans.add([scan, tmp_path / "说明.txt"])
    assert dialog.scans.paths() == (scan,)
    dialog._bench.held.keep(PASSPHRASE)
    click(dialog._submit)
    ended()
    assert "已上报" in dialog._done.text()


def test_without_keys_the_way_to_make_them_stands_there(opened, desk):
    entry.save(desk, RECORD)
    dialog = opened(desk)
    assert not dialog._submit.isEnabled()
    assert "还没有密钥" in lines(dialog)
    click(dialog._keys)
    assert any(each.isVisible() for each in dialog.findChildren(MakeKeysDialog))


@pytest.mark.parametrize("folder", ["", "报送"])
def test_a_folder_has_to_be_given_in_full(opened, pair, folder):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    dialog.target.line.setText(folder)
    click(dialog._submit)
    assert "完整路径" in dialog._trouble.text()


def test_what_cannot_be_encrypted_is_not_ticked_and_says_why(opened, pair):
    entry.save(pair.suo, RECORD)
    dialog = opened()
    assert (dialog.encrypt.isChecked(), dialog.encrypt.isEnabled()) == (True, True)
    assert not dialog._unencrypted.isVisible()
    entry.save(pair.county, RECORD)
    above = opened(pair.county)
    assert (above.encrypt.isChecked(), above.encrypt.isEnabled()) == (False, False)
    assert above._unencrypted.text() == "不能加密：还没有太原市市场监督管理局的加密公钥。"
    assert above.encrypt.toolTip() == above._unencrypted.text()
    assert "还没有太原市市场监督管理局的加密公钥，这个包不加密" in lines(above)


def test_training_data_is_marked_in_the_dialog_too(opened, pair):
    entry.save(pair.suo, RECORD)
    assert opened().findChildren(Watermark) == []
    keep(pair.suo, replace(preferences(pair.suo), training=True))
    [mark] = opened().findChildren(Watermark)
    assert mark.isVisible()
    assert mark.size() == mark.parentWidget().size()
