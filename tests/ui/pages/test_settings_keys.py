"""设置—密钥与信任: in which state the office is, and certificates from one office to the other by files and telephone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from ui.hand_over_screens import bench_of
from ui.hierarchy import PASSPHRASE, reported
from ui.widgets.forms import click

from riskdesk.services import approving, enrolling, key_making, keyring, operators, taking, trusting
from riskdesk.services.completion import Completion
from riskdesk.services.setup import set_up
from riskdesk.ui.dialogs import key_dialogs
from riskdesk.ui.dialogs.enrol import ApproveDialog, AskDialog, InstallDialog, PinDialog
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog, ReplaceKeysDialog
from riskdesk.ui.dialogs.roots import AcceptRootDialog, RootDialog
from riskdesk.ui.dialogs.signers import DistributeDialog, RenewalDialog, RevokeDialog, SignerDialog
from riskdesk.ui.pages.settings import SettingsPage

_TAB = 3


@pytest.fixture
def page_of(app, jobs, qtbot):
    kept = []  # qtbot closes them, but keeps none alive

    def show(desk):
        bench = bench_of(desk, jobs)
        bench.held.keep(PASSPHRASE)
        page = SettingsPage(bench, Completion(desk), ["riskdesk"])
        qtbot.addWidget(page)
        kept.append(page)
        page.resize(1150, 700)
        page.show()
        page.tabs.setCurrentIndex(_TAB)
        return page

    return show


def opened(page: QWidget, kind):
    return next(each for each in page.findChildren(kind) if each.isVisible())


def choosing(monkeypatch, file):
    monkeypatch.setattr(key_dialogs, "ask_for_package", lambda *_given: file)


def written(folder, ending):
    return [path for path in folder.iterdir() if path.name.endswith(ending)]


def test_without_keys_there_is_one_thing_to_do(page_of, desk):
    keys = page_of(desk).keys
    assert keys._state.text() == "未建立"
    assert not keys._ask.isEnabled()
    assert keys._ask.toolTip() == "请先建立密钥"
    click(keys._make)
    assert opened(keys.window(), MakeKeysDialog).isVisible()


def test_the_state_tells_who_signs_until_when_and_the_number(page_of, pair):
    keys = page_of(pair.suo).keys
    assert keys._state.text() == "已登记"
    assert "李四（到 2026-05-24）" in keys._about.text()
    assert keys.fingerprint.text() == keyring.state(pair.suo).fingerprint
    assert not keys._renewal.isVisible()
    assert page_of(pair.county).keys._state.text() == "未登记"


def test_renewal_is_told_in_the_last_ninety_days(page_of, pair, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2026-04-01T09:00:00")
    keys = page_of(pair.suo).keys
    assert "天到期" in keys._renewal.text()
    assert keys._renewal.isVisible()


def test_a_certificate_goes_down_after_the_number_was_compared(page_of, ended, pair, tmp_path, monkeypatch):
    below, above = page_of(pair.suo).keys, page_of(pair.county).keys
    click(below._ask)
    asking = opened(below.window(), AskDialog)
    asking.target.line.setText(str(tmp_path / "U盘"))
    click(asking._go)
    ended()
    assert "请念指纹" in below._told.text()
    assert len(written(tmp_path / "U盘", "证书申请单.pdf")) == 1

    [request] = written(tmp_path / "U盘", "证书申请.rdpkg")
    choosing(monkeypatch, request)
    click(above._approve)
    ended()
    approving = opened(above.window(), ApproveDialog)
    approving.target.line.setText(str(tmp_path / "回"))
    assert approving.fingerprint.text() == keyring.state(pair.suo).fingerprint
    click(approving._go)
    assert "先打电话" in approving._trouble.text()
    approving.heard.setText("11111 22222 33333 44444 55555 66666")
    click(approving._go)
    ended()
    assert "不一致" in approving._trouble.text()
    approving.heard.clear()
    approving.same.setChecked(True)
    click(approving._go)
    ended()
    assert "请把它交给坞城所安装" in above._told.text()

    [kit] = written(tmp_path / "回", "证书.rdpkg")
    choosing(monkeypatch, kit)
    click(below._install)
    ended()
    installing = opened(below.window(), InstallDialog)
    assert "以前已经核对过" in "".join(each.text() for each in installing.findChildren(type(installing._trouble)))
    click(installing._go)
    ended()
    assert "证书已安装" in below._told.text()


def test_another_person_may_sign(page_of, ended, pair):
    keys = page_of(pair.suo).keys
    click(keys._signer)
    adding = opened(keys.window(), SignerDialog)
    assert adding.focusWidget() is adding.person
    QTest.keyClick(adding.person, Qt.Key.Key_Tab)
    assert adding.focusWidget() is adding._cancel
    click(adding._go)
    assert "姓名" in adding._trouble.text()
    adding.person.setText("王五")
    click(adding._go)
    ended()
    assert [each.person for each in keyring.state(pair.suo).operators] == ["李四", "王五"]
    assert "王五" in keys._about.text()


def row_of(keys, name, word):
    rows = range(keys.issued.rowCount())
    return next(at for at in rows if [keys.issued.item(at, column).text() for column in (0, 2)] == [name, word])


def test_a_person_gets_a_new_certificate_and_keeps_the_place(page_of, ended, pair):
    keys = page_of(pair.suo).keys
    row_of(keys, "李四", "已更换")  # by the installation
    keys.issued.selectRow(row_of(keys, "李四", "有效"))
    before = keyring.state(pair.suo).operators
    click(keys._renew)
    click(opened(keys.window(), RenewalDialog)._go)
    ended()
    assert "换发证书" in keys._told.text()
    after = keyring.state(pair.suo).operators
    assert [each.person for each in after] == ["李四"]
    assert after != before


def test_only_people_get_new_certificates(page_of, pair):
    keys = page_of(pair.county).keys
    keys.issued.selectRow(row_of(keys, "坞城所", "有效"))
    assert not keys._renew.isEnabled()
    keys.issued.selectRow(row_of(keys, "张三", "有效"))
    assert keys._renew.isEnabled()


def test_the_last_one_who_signs_is_not_revoked(page_of, ended, pair, tmp_path):
    keys = page_of(pair.suo).keys
    keys.issued.selectRow(row_of(keys, "李四", "有效"))
    click(keys._revoke)
    revoking = opened(keys.window(), RevokeDialog)
    revoking.target.line.setText(str(tmp_path / "更新"))
    click(revoking._go)
    ended()
    assert "请先增加另一名签名人" in revoking._trouble.text()


def test_the_next_root_goes_down_and_is_taken_after_a_call(page_of, ended, tmp_path, monkeypatch):
    with (
        set_up(tmp_path / "省局", "140000-JU", person="赵六", phone="1") as province,
        set_up(tmp_path / "市局", "140100-JU", person="王五", phone="1") as city,
    ):
        for desk in (province, city):
            key_making.make_keys(desk, PASSPHRASE)
        asked = enrolling.ask(city, keyring.unlock(city, PASSPHRASE), tmp_path / "way")
        above = keyring.unlock(province, PASSPHRASE)
        kit = approving.approve(province, above, asked.file, asked.fingerprint, tmp_path / "way")
        enrolling.install(
            city, keyring.unlock(city, PASSPHRASE), PASSPHRASE, kit.file, enrolling.root_of(city, kit.file)
        )
        keys = page_of(province).keys
        click(keys._root)
        changing = opened(keys.window(), RootDialog)
        changing.target.line.setText(str(tmp_path / "更新"))
        click(changing._go)
        assert "请先勾选" in changing._trouble.text()
        changing.sure.setChecked(True)
        click(changing._go)
        ended()
        number = keyring.state(province).fingerprint
        assert number in keys._told.text()

        [update] = written(tmp_path / "更新", ".rdpkg")
        choosing(monkeypatch, update)
        below = page_of(city).keys
        click(below._root)
        ended()
        accepting = opened(below.window(), AcceptRootDialog)
        click(accepting._go)
        assert "先打电话" in accepting._trouble.text()
        accepting.heard.setText(number)
        click(accepting._go)
        ended()
        assert "已接受新的根证书" in below._told.text()
        assert len(trusting.anchors(city).roots) == 2
        click(below._root)
        ended()
        assert "没有新的根证书" in below._trouble.text()


def test_a_revoked_office_is_marked_and_refused_from_then_on(page_of, ended, pair, tmp_path):
    _, files = reported(pair)
    keys = page_of(pair.county).keys
    row = next(at for at in range(keys.issued.rowCount()) if keys.issued.item(at, 0).text() == "坞城所")
    keys.issued.selectRow(row)
    click(keys._revoke)
    revoking = opened(keys.window(), RevokeDialog)
    assert revoking.focusWidget() is revoking.reason
    assert not revoking._go.isDefault()
    revoking.target.line.setText(str(tmp_path / "更新"))
    click(revoking._go)
    ended()
    assert keys.issued.item(row, 2).text() == "已吊销"
    assert keys.issued.currentRow() == row
    assert not keys._revoke.isEnabled()
    assert not keys._revoke.hasFocus()
    assert "请发给上级和所有下级单位" in keys._told.text()
    assert len(written(tmp_path / "更新", ".rdpkg")) == 1
    seen = taking.look_at(pair.county, [files[0]], keyring.unlock(pair.county, PASSPHRASE))
    assert str(seen.packages[0].verdict.standing) == "revoked"
    assert any(each.revoked_at for each in trusting.issued(pair.county))


def test_trust_is_handed_down(page_of, ended, pair, tmp_path):
    keys = page_of(pair.county).keys
    click(keys._distribute)
    dialog = opened(keys.window(), DistributeDialog)
    dialog.target.line.setText(str(tmp_path / "更新"))
    click(dialog._go)
    ended()
    [update] = written(tmp_path / "更新", ".rdpkg")
    assert taking.take_all(pair.suo, [update], None).packages[0].run_id


def test_a_file_that_is_no_request_is_refused_in_words(page_of, ended, pair, tmp_path, monkeypatch):
    other = tmp_path / "别的.rdpkg"
    other.write_bytes(b"nothing")
    choosing(monkeypatch, other)
    keys = page_of(pair.county).keys
    click(keys._approve)
    ended()
    assert keys._trouble.text()


def test_an_office_without_a_root_above_is_known_after_a_call(page_of, ended, pair, tmp_path, monkeypatch):
    with set_up(tmp_path / "市局", "140100-JU", person="王五", phone="1") as city:
        key_making.make_keys(city, PASSPHRASE)
        request = enrolling.ask(pair.county, keyring.unlock(pair.county, PASSPHRASE), tmp_path / "申请")
        choosing(monkeypatch, request.file)
        keys = page_of(city).keys
        click(keys._pin)
        ended()
        dialog = opened(keys.window(), PinDialog)
        click(dialog._go)
        assert "先打电话" in dialog._trouble.text()
        dialog.same.setChecked(True)
        click(dialog._go)
        ended()
        assert "已登记 太原市小店区市场监督管理局" in keys._told.text()


def test_lost_keys_are_replaced_and_the_certificate_is_asked_for_again(page_of, ended, pair):
    keys = page_of(pair.suo).keys
    before = keys.fingerprint.text()
    click(keys._replace)
    dialog = opened(keys.window(), ReplaceKeysDialog)
    dialog.first.setText("苹果 河流 订书钉 云")
    dialog.again.setText("苹果 河流 订书钉 云")
    click(dialog._make)
    ended()
    dialog.skipped.setChecked(True)
    click(dialog._finish)
    assert keys.fingerprint.text() != before
    assert keys._state.text() == "未登记"
    assert "重新申请证书" in keys._told.text()


def test_signers_of_one_name_are_told_apart(page_of, pair):
    keys = keyring.unlock(pair.county, PASSPHRASE)
    operators.add_operator(pair.county, keys, PASSPHRASE, "张三")
    shown = page_of(pair.county).keys
    table = shown.issued
    rows = [[table.item(row, at).text() for at in range(table.columnCount())] for row in range(table.rowCount())]
    own = [row for row in rows if row[0] == "张三"]
    assert len(own) >= 1
    assert all(row[1] == "太原市小店区市场监督管理局" for row in own)
    assert len({row[5] for row in rows}) == len(rows)
    assert [row[1] for row in rows if row[0] == "坞城所"] == ["140105-S01"]
