"""回执和退回: a return wants a reason; everything else is told as received."""

import pytest
from PySide6.QtWidgets import QLabel
from ui.dialogs.test_history import seal
from ui.hand_over_screens import bench_of
from ui.hierarchy import PASSPHRASE, reported, taken, took_answer
from ui.widgets.forms import RECORD, click

from riskdesk.services import handed
from riskdesk.ui.dialogs.answer import AnswerDialog

HELMET = RECORD.edited(product="电动自行车头盔", content="抽检3批次，1批次冲击吸收性能不合格。")


@pytest.fixture
def opened(pair, window, jobs, told):
    window.show()

    def open_dialog():
        bench = bench_of(pair.county, jobs)
        bench.held.keep(PASSPHRASE)
        dialog = AnswerDialog(bench, handed.came(pair.county)[0], lambda: told.append("answered"), window)
        dialog.target.line.setText(str(pair.way / "回执"))
        dialog.open()
        return dialog

    return open_dialog


def row_of(dialog, product):
    return next(row for row in range(dialog.table.rowCount()) if dialog.table.item(row, 0).text() == product)


def test_a_return_without_a_reason_is_not_written(opened, pair):
    _, files = reported(pair)
    taken(pair, files)
    dialog = opened()
    dialog.returned.setChecked(True)
    click(dialog._write)
    assert "写明原因" in dialog._trouble.text()
    assert not (pair.way / "回执").exists()


def test_one_record_is_returned_and_the_others_are_received(opened, ended, pair, told):
    _, files = reported(pair, RECORD, HELMET)
    taken(pair, files)
    dialog = opened()
    dialog.table.selectRow(row_of(dialog, HELMET.product))
    dialog.reason.setText("请补充检验报告")
    dialog.reason.textEdited.emit("请补充检验报告")
    assert dialog.returned.isChecked()
    assert dialog.table.item(row_of(dialog, HELMET.product), 1).text() == "退回"
    click(dialog._write)
    ended()
    assert "收到 1 条、退回 1 条" in dialog._told.text()
    assert told == ["answered"]
    [file] = (pair.way / "回执").iterdir()
    took_answer(pair, file)
    [back] = handed.sent(pair.suo)[0].returned
    assert (back.product, back.reason) == (HELMET.product, "请补充检验报告")


def test_a_return_can_be_taken_back_before_it_is_written(opened, pair):
    _, files = reported(pair)
    taken(pair, files)
    dialog = opened()
    dialog.reason.setText("请补充")
    dialog.reason.textEdited.emit("请补充")
    dialog.returned.setChecked(False)
    assert dialog.table.item(0, 1).text() == "收到"
    assert dialog.reason.text() == ""


def test_what_will_be_answered_as_adopted_says_so(opened, ended, pair):
    _, files = reported(pair)
    taken(pair, files)
    seal(pair.county)
    dialog = opened()
    assert dialog.table.item(0, 1).text() == "采用"
    dialog.reason.textEdited.emit("请补充")
    assert dialog.table.item(0, 1).text() == "退回"
    dialog.returned.setChecked(False)
    assert dialog.table.item(0, 1).text() == "采用"
    click(dialog._write)
    ended()
    assert "采用 1 条" in dialog._told.text()


def test_a_nil_report_gets_its_receipt(opened, ended, pair):
    _, files = reported(pair, nil=True)
    taken(pair, files)
    dialog = opened()
    assert "零报告" in "".join(each.text() for each in dialog.findChildren(QLabel))
    assert not dialog.returned.isEnabled()
    click(dialog._write)
    ended()
    assert "收到零报告" in dialog._told.text()


def test_a_stations_sheet_is_returned_with_a_reason(province, window, jobs, told, ended):
    window.show()
    bench = bench_of(province, jobs)
    bench.held.keep(PASSPHRASE)
    [came] = handed.came(province)
    dialog = AnswerDialog(bench, came, lambda: told.append("answered"), window)
    dialog.target.line.setText(str(province.home.parent / "回执"))
    dialog.open()
    assert dialog.table.item(0, 0).text() == "2025年自评表"
    assert "自评 5" in dialog.versions.toPlainText()
    assert any("2025年自评表" in each.text() for each in dialog.findChildren(QLabel))
    dialog.reason.setText("缺附表")
    dialog.reason.textEdited.emit("缺附表")
    click(dialog._write)
    ended()
    assert "退回 1 条" in dialog._told.text()
    assert handed.came(province)[0].returned == 1
