"""接收: the verdict in plain words, what each record would become, and taking all or some of it."""

import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui.hand_over_screens import bench_of, stopping_at
from ui.hierarchy import COUNTY, PASSPHRASE, SUO, Pair, answered, handed_over, reported, taken
from ui.widgets.forms import RECORD, click

from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import heads
from riskdesk.services import entry, handed, key_making, keyring, revoking, taking
from riskdesk.services.handing_over import Way
from riskdesk.services.revoking import Why
from riskdesk.services.setup import set_up
from riskdesk.services.verdicts import Verdict
from riskdesk.ui.dialogs import receive
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.receive import Arrived, ReceiveDialog
from riskdesk.ui.models.plan_rows import verdict_chip
from riskdesk.ui.widgets.plan_details import PlanDetails

HELMET = RECORD.edited(product="电动自行车头盔", content="抽检3批次，1批次冲击吸收性能不合格。")


@pytest.fixture
def opened(pair, window, jobs, told):
    window.show()

    def open_dialog(*paths):
        seen = taking.look_at(pair.county, paths, keyring.unlock(pair.county, PASSPHRASE))
        bench = bench_of(pair.county, jobs)
        bench.held.keep(PASSPHRASE)
        dialog = ReceiveDialog(bench, Arrived(paths, seen, PASSPHRASE), lambda: told.append("taken"), window)
        dialog.open()
        return dialog

    return open_dialog


def words(dialog, row=0):
    return [dialog.files.item(row, column).text() for column in range(dialog.files.columnCount())]


def products(desk):
    return sorted(row.product for row in desk.records.every())


def test_a_good_package_is_shown_row_by_row_and_taken_whole(opened, ended, pair, told):
    _, files = reported(pair, RECORD, HELMET)
    dialog = opened(files[0])
    assert words(dialog)[1] == "可信"
    assert words(dialog)[3:6] == ["坞城所", "2023-05 第 1 次", "新增 2"]
    assert dialog.model.index(0, 2).data() == "坞城所"
    assert dialog.model.index(0, 1).data() == "新增"
    click(dialog._take)
    ended()
    assert products(pair.county) == sorted([RECORD.product, HELMET.product])
    assert dialog._told.text() == "已接收 1 个包，新增 2。"
    assert words(dialog)[1] == "已接收"
    assert told == ["taken"]


def test_rows_that_are_not_ticked_stay_out(opened, ended, pair):
    _, files = reported(pair, RECORD, HELMET)
    dialog = opened(files[0])
    row = next(at for at in range(2) if dialog.model.row(at).record.product == HELMET.product)
    dialog.rows.selectRow(row)
    QTest.keyClick(dialog.rows, Qt.Key.Key_Space)
    assert dialog.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "未勾选"
    click(dialog._take)
    ended()
    assert products(pair.county) == [RECORD.product]


def ticked(dialog, row=0):
    return dialog.files.item(row, 0).checkState() == Qt.CheckState.Checked


def untick_rows(dialog):
    dialog.rows.selectAll()
    QTest.keyClick(dialog.rows, Qt.Key.Key_Space)


def test_a_package_of_which_nothing_is_ticked_loses_its_own_tick_and_has_all_of_it_again_with_it(opened, pair):
    _, files = reported(pair, RECORD, HELMET)
    dialog = opened(files[0])
    untick_rows(dialog)
    assert not ticked(dialog)
    assert "已勾选 0 个" in dialog._told.text()
    assert not dialog._take.isEnabled()
    dialog.files.setFocus()
    QTest.keyClick(dialog.files, Qt.Key.Key_Space)
    assert ticked(dialog)
    told = [dialog.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert told == ["已勾选", "已勾选"]
    QTest.keyClick(dialog.files, Qt.Key.Key_Space)
    dialog.rows.selectRow(0)
    QTest.keyClick(dialog.rows, Qt.Key.Key_Space)
    assert ticked(dialog)
    assert len(dialog._choices()[0].records) == 1


def test_what_was_not_ticked_is_told_as_not_taken(opened, ended, pair):
    _, first = reported(pair, RECORD)
    entry.save(pair.suo, HELMET)
    _, second = handed_over(pair, reason="补报")
    dialog = opened(first[0], second[0])
    untick_rows(dialog)
    click(dialog._take)
    ended()
    assert [words(dialog, row)[1] for row in range(2)] == ["未接收", "已接收"]
    assert dialog._told.text() == "已接收 1 个包，新增 2，未接收 1 个包（可以再次接收）。"


def test_who_stops_it_between_two_packages_sees_which_is_in(opened, ended, pair, told, monkeypatch):
    _, first = reported(pair, RECORD)
    entry.save(pair.suo, HELMET)
    _, second = handed_over(pair, reason="补报")
    dialog = opened(first[0], second[0])
    stopping_at(monkeypatch, second[0].name)
    click(dialog._take)
    ended()
    assert [words(dialog, row)[1] for row in range(2)] == ["已接收", "未接收"]
    assert dialog._told.text() == "已接收 1 个包，新增 1，未接收 1 个包（可以再次接收）。"
    assert products(pair.county) == [RECORD.product]
    assert told == ["taken"]


def test_who_stops_it_before_the_first_package_may_take_them_as_before(opened, ended, pair, monkeypatch):
    _, files = reported(pair, RECORD)
    dialog = opened(files[0])
    with monkeypatch.context() as stopped:
        stopping_at(stopped, files[0].name)
        click(dialog._take)
        ended()
    assert products(pair.county) == []
    assert dialog._take.isVisible()
    click(dialog._take)
    ended()
    assert products(pair.county) == [RECORD.product]


def test_records_left_out_of_a_package_are_counted(opened, ended, pair):
    _, files = reported(pair, RECORD, HELMET)
    dialog = opened(files[0])
    dialog.rows.selectRow(0)
    QTest.keyClick(dialog.rows, Qt.Key.Key_Space)
    click(dialog._take)
    ended()
    assert dialog._told.text() == "已接收 1 个包，新增 1，1 条没有勾选，未接收。"


def test_enter_presses_the_button_that_has_the_focus(opened, ended, pair, qtbot):
    _, files = reported(pair)
    dialog = opened(files[0])
    click(dialog._take)
    ended()
    assert dialog._answer.isDefault()
    dialog._close.setFocus()
    QTest.keyClick(dialog._close, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_what_is_no_record_has_headings_of_its_own(opened, pair):
    _, files = reported(pair)
    dialog = opened(files[0])
    looked = dialog._looked()
    assert dialog.model.headerData(3, Qt.Orientation.Horizontal) == "涉及产品"
    sheet = replace(looked, verdict=replace(looked.verdict, kind="assessment"))
    dialog.model.show_package(0, sheet, may_take=True)
    assert [dialog.model.headerData(each, Qt.Orientation.Horizontal) for each in (3, 4)] == ["材料", "内容"]


def test_a_correction_shows_what_each_field_was_and_is(opened, pair):
    _, files = reported(pair)
    taken(pair, files)
    [row] = pair.suo.records.every()
    entry.save(pair.suo, RECORD.edited(analysis="电芯短路。"), row.id, base=row.revision, reason="更正分析")
    _, files = handed_over(pair, reason="更正分析")
    dialog = opened(files[0])
    assert dialog.model.row(0).outcome is Outcome.UPDATED
    told = dialog.details.toPlainText()
    assert "原为：采用回收电芯，缺少过充保护电路。" in told
    assert "现为：电芯短路。" in told
    assert "更正原因：更正分析" in told


def test_a_damaged_file_is_refused_beside_a_good_one(opened, ended, pair, tmp_path):
    _, files = reported(pair)
    broken = tmp_path / "传坏了.rdpkg"
    broken.write_bytes(pair.suo.packages.bytes.place(handed.sent(pair.suo)[0].package.file).read_bytes()[:-20])
    dialog = opened(files[0], broken)
    assert words(dialog, 1)[1] == "损坏或被改"
    assert not dialog.files.item(1, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable
    click(dialog._take)
    ended()
    assert dialog._told.text().startswith("已接收 1 个包")


@pytest.mark.parametrize("reason", ["died", "limits"])
def test_a_package_that_was_not_verified_to_its_end_is_not_called_damaged(reason):
    assert verdict_chip(Verdict.refused(reason, "")) == ("没有核验完", "amber")


def test_a_package_that_was_taken_before_changes_nothing(opened, pair):
    _, files = reported(pair)
    taken(pair, files)
    dialog = opened(files[0])
    assert words(dialog)[1] == "已接收过"
    assert not dialog._take.isEnabled()


def test_an_unknown_office_is_told_with_the_number_to_compare(opened, pair, tmp_path):
    with set_up(tmp_path / "别处", "140106-S01", name="柳巷所", parent="140106-JU", person="王五", phone="1") as other:
        key_making.make_keys(other, PASSPHRASE)
        _, files = reported(Pair(pair.county, other, pair.way))
    dialog = opened(files[0])
    assert words(dialog)[1] == "单位未知"
    assert "逐组核对" in dialog.details.toPlainText()
    assert dialog._looked().verdict.fingerprint in dialog.details.toPlainText()
    assert not dialog._take.isEnabled()


def test_a_certificate_that_ended_harmlessly_wants_a_word(opened, ended, pair):
    _, files = reported(pair)
    revoking.revoke(pair.county, keyring.unlock(pair.county, PASSPHRASE), SUO, Why.REPLACED, pair.way)
    dialog = opened(files[0])
    assert words(dialog)[1] == "证书已停用"
    assert not dialog._take.isEnabled()
    dialog.retired.setChecked(True)
    click(dialog._take)
    ended()
    assert products(pair.county) == [RECORD.product]


def test_a_revoked_certificate_is_never_taken(opened, pair):
    _, files = reported(pair)
    revoking.revoke(pair.county, keyring.unlock(pair.county, PASSPHRASE), SUO, Why.LOST, pair.way)
    dialog = opened(files[0])
    assert words(dialog)[1] == "已吊销"
    assert not dialog.retired.isVisible()
    assert not dialog._take.isEnabled()


def test_volumes_wait_for_each_other(opened, pair, tmp_path):
    entry.save(pair.suo, RECORD)
    _, files = handed_over(pair, way=Way(pair.way, volume=40_000))
    volumes = [each for each in files if each.suffix != ".pdf"]
    assert len(volumes) > 1
    dialog = opened(volumes[-1])
    assert "还缺第 1" in dialog._waiting.text()
    dialog.reject()
    dialog = opened(*volumes[:-1])
    assert words(dialog)[1] == "可信"


def test_receipts_are_written_for_what_was_taken(opened, ended, pair, tmp_path, monkeypatch):
    _, files = reported(pair)
    dialog = opened(files[0])
    click(dialog._take)
    ended()
    monkeypatch.setattr(receive, "ask_for_folder", lambda *_given: tmp_path / "回执")
    click(dialog._answer)
    ended()
    [receipt] = (tmp_path / "回执").iterdir()
    assert receipt.name.startswith(f"{COUNTY}_回执_{SUO}")
    assert "请送给对应单位" in dialog._told.text()
    assert handed.came(pair.county)[0].answers == 1


def test_the_carrier_is_never_touched(opened, ended, pair, tmp_path):
    _, files = reported(pair)
    copy = tmp_path / "U盘" / "随便叫什么.bin"
    copy.parent.mkdir()
    shutil.copy2(files[0], copy)
    before = (copy.read_bytes(), copy.stat().st_mtime_ns)
    dialog = opened(copy)
    click(dialog._take)
    ended()
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before


def test_the_same_package_chosen_twice_is_counted_once(opened, ended, pair, tmp_path):
    _, files = reported(pair, RECORD, HELMET)
    copy = tmp_path / f"副本{files[0].name}"
    shutil.copy2(files[0], copy)
    dialog = opened(files[0], copy)
    assert [words(dialog, row)[1] for row in range(2)] == ["可信", "重复的一份"]
    assert [words(dialog, row)[5] for row in range(2)] == ["新增 2", "相同 2"]
    assert "可以接收 1 个" in dialog._told.text()
    click(dialog._take)
    ended()
    assert dialog._told.text() == "已接收 1 个包，新增 2。"


def test_a_package_that_was_taken_before_counts_nothing_as_new(opened, pair):
    _, files = reported(pair, RECORD, HELMET)
    taken(pair, files)
    dialog = opened(files[0])
    assert words(dialog)[5] == "相同 2"
    assert {dialog.model.index(row, 1).data() for row in range(2)} == {"相同"}


def test_receipts_go_back_to_where_the_packages_came_from(opened, ended, pair, tmp_path, monkeypatch):
    _, files = reported(pair)
    stick = tmp_path / "U盘"
    stick.mkdir()
    shutil.copy2(files[0], stick)
    dialog = opened(stick / files[0].name)
    click(dialog._take)
    ended()
    begun = []
    monkeypatch.setattr(receive, "ask_for_folder", lambda _parent, _title, start: begun.append(start))
    click(dialog._answer)
    assert begun == [stick]
    later = AnswerDialog(dialog._bench, handed.came(pair.county)[0], lambda: None, dialog)
    assert later.target.line.text() == str(stick)


def test_columns_are_as_wide_as_the_names_of_offices(opened, pair):
    _, files = reported(pair)
    dialog = opened(files[0])
    office = 2
    needed = dialog.rows.fontMetrics().horizontalAdvance(dialog.model.index(0, office).data())
    assert dialog.rows.columnWidth(office) > needed
    content, why = (dialog.rows.columnWidth(column) for column in (4, 5))
    assert content > 2 * why  # there is nothing to tell
    assert dialog.files.columnWidth(3) > dialog.files.fontMetrics().horizontalAdvance(words(dialog)[3])


def test_an_answer_names_the_office_and_the_products_and_no_codes(pair, window, jobs):
    package, files = reported(pair, RECORD, HELMET)
    taken(pair, files)
    ids = {row.product: row.id for row in pair.suo.records.every()}
    file = answered(pair, package, {ids[HELMET.product]: "请补充检验报告"})
    seen = taking.look_at(pair.suo, (file,), keyring.unlock(pair.suo, PASSPHRASE))
    dialog = ReceiveDialog(bench_of(pair.suo, jobs), Arrived((file,), seen, PASSPHRASE), lambda: None, window)
    told = dialog.details.toPlainText()
    assert f"退回 {HELMET.product} 请补充检验报告" in told
    assert f"已收到 {RECORD.product}" in told
    assert not [each for each in ids.values() if each[:8] in told]


def test_what_comes_back_stands_first_and_after_taking_it_the_way_there_is_offered(pair, window, jobs, ended):
    package, files = reported(pair, RECORD, HELMET)
    taken(pair, files)
    ids = {row.product: row.id for row in pair.suo.records.every()}
    last = handed.sent(pair.suo)[0].package.facts["items"][-1]
    product = entry.record_of(pair.suo.revisions.by_hash(last)).product  # it stands last in the answer
    file = answered(pair, package, {ids[product]: "请补充检验报告"})
    seen = taking.look_at(pair.suo, (file,), keyring.unlock(pair.suo, PASSPHRASE))
    window.show()
    dialog = ReceiveDialog(bench_of(pair.suo, jobs), Arrived((file,), seen, PASSPHRASE), lambda: None, window)
    dialog.open()
    assert words(dialog)[5] == "退回 1、已收到 1"
    rows = [[dialog.model.index(row, column).data() for column in (1, 3, 5)] for row in range(2)]
    assert rows[0] == ["退回", product, "请补充检验报告"]
    assert rows[1][0] == "已收到"
    assert dialog.model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) is None
    assert not dialog._returned.isVisible()
    click(dialog._take)
    ended()
    assert dialog._told.text() == "已接收 1 个包，退回 1 条。"
    wanted = []
    dialog.returned_wanted.connect(wanted.append)
    click(dialog._returned)
    assert wanted == [package.id]
    assert not dialog.isVisible()


def test_both_versions_in_an_answer_bear_the_name_of_their_office(pair, window, jobs):
    package, files = reported(pair)
    taken(pair, files)
    [row] = pair.suo.records.every()
    first = entry.current(pair.suo, row.id)
    for at, text in ((pair.suo, "这里的分析。"), (pair.county, "别处的分析。")):
        step = entry.next_revision(pair.suo, RECORD.edited(analysis=text), row.id, parents=[first], reason="更正")
        with at.store.write("测试", "receive") as writing:
            at.revisions.add(writing, [step])
            for other in heads(pair.suo.revisions.of(row.id)):
                if at is pair.county and at.revisions.by_hash(other.hash) is None:
                    at.revisions.add(writing, [other])
    file = answered(pair, package, {row.id: "两个版本，请选定"})
    seen = taking.look_at(pair.suo, (file,), keyring.unlock(pair.suo, PASSPHRASE))
    dialog = ReceiveDialog(bench_of(pair.suo, jobs), Arrived((file,), seen, PASSPHRASE), lambda: None, window)
    assert [dialog.model.index(0, column).data() for column in (1, 2)] == ["退回", "太原市小店区市场监督管理局"]
    assert {dialog.model.index(at, 2).data() for at in range(1, dialog.model.rowCount())} == {"坞城所"}


def test_reasons_of_packages_inside_are_told_by_office_apart_from_the_outer_one(pair, app, qtbot):
    _, files = reported(pair)
    [looked] = taking.look_at(pair.county, files[:1], keyring.unlock(pair.county, PASSPHRASE)).packages
    outer, inner = looked.verified, [replace(looked.verified, id=each) for each in ("a", "b")]
    report = looked.plan.reports[outer.id]
    reports = {
        outer.id: replace(report, late="外层停电"),
        "a": replace(report, number=1, late="所里停电"),
        "b": replace(report, number=2, reason="补报 1 条"),
    }
    whole = replace(
        looked,
        verified=replace(outer, inside=dict(zip("ab", inner, strict=True))),
        plan=replace(looked.plan, reports=reports),
    )
    details = PlanDetails()
    qtbot.addWidget(details)
    details.show_parts(whole, None)
    lines = details.toPlainText().splitlines()
    assert "迟报原因：外层停电" in lines
    assert "内含下级的 2 个报送包：坞城所 2 个" in lines
    assert "坞城所：2023-05 期第 1 次迟报原因：所里停电；2023-05 期第 2 次更正原因：补报 1 条" in lines


def test_what_is_no_record_is_told_in_full(pair, app, qtbot):
    _, files = reported(pair)
    [looked] = taking.look_at(pair.county, files[:1], keyring.unlock(pair.county, PASSPHRASE)).packages
    title = f"2025年自评表（{'山西省产品质量安全风险监测站' * 4}）"
    row = replace(looked.plan.rows[0], body=None, now=None, title=title, told="")
    details = PlanDetails()
    qtbot.addWidget(details)
    details.show_parts(looked, row, ("自评合计 82.5 分，合格", "有变化的 1 项：A2"))
    lines = details.toPlainText().splitlines()
    assert lines[-3:] == [title, "自评合计 82.5 分，合格", "有变化的 1 项：A2"]
