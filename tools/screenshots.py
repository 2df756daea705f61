#!/usr/bin/env python3
"""Make the pictures in docs/screenshots from a sample office: `python tools/screenshots.py [NAME…]`.

With names only the pictures that begin so. Needs what riskdesk needs, and no screen. Linux only: the data folder may there be
called as on an office's computer.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import screenshot_office as office
import screenshot_reports as reports
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from screenshot_studio import HOME, LOOKS, PICTURES, ROOT, Look, Studio

from riskdesk.paths import resource
from riskdesk.services import drafting, handing_over, keyring, sealing
from riskdesk.services.handing_over import Way
from riskdesk.services.listing import Filter
from riskdesk.services.sealing import Wish
from riskdesk.ui import app as program
from riskdesk.ui import theme
from riskdesk.ui.dialogs.accept_problem import AcceptProblemDialog
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.export import ExportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.history import HistoryDialog
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog
from riskdesk.ui.dialogs.overtaken import OvertakenDialog
from riskdesk.ui.dialogs.receive import ReceiveDialog
from riskdesk.ui.dialogs.submit import SubmitDialog
from riskdesk.ui.dialogs.unfinished import CRASH_WORDS, UnfinishedDialog
from riskdesk.ui.icons import program_icon
from riskdesk.ui.pages.hand_off import HandOffPage
from riskdesk.ui.pages.settings import SettingsPage
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.held_passphrase import HeldPassphrase

_D = TypeVar("_D", bound=QDialog)
CUT = """涉及产品	涉及企业数量	涉及区域	风险信息内容	信息分析	初步建议	来源
家用燃气灶	5	太原市小店区	抽检5批次，2批次熄火保护装置失效。	阀门卡滞，可能引起燃气泄漏。	列入专项抽查。	市场监管部门日常监管中发现的
电热水壶	多家	太原市	接到投诉4起，反映手柄过热、壶盖脱落烫伤。	隔热设计不足。	发布消费提示。	消费者投诉、举报的
安全帽	约30	小店区建筑工地	抽查12批次，3批次冲击吸收性能不合格。	回收料比例过高。	通报住建部门。	检验检测机构检测的
	2	太原市小店区	标称“纯棉”的婴儿睡袋纤维含量不符。			网络及媒体报道的
儿童爬行地垫	6	太原市小店区	抽检儿童爬行地垫6批次，2批次甲酰胺释放量超标，婴幼儿长期接触可能危害健康。	原料中回收料比例过高。	责令下架2批次产品，并通报生产企业所在地。	检验检测机构检测的
"""
FORM = """山西省产品质量安全风险信息报送表
填报单位：小店区平阳路市场监管所,,,填报时间：2023年5月20日
序号,涉及产品,涉及企业数量,涉及区域,风险信息内容,信息分析,初步建议,信息来源
1,电热暖手宝,2,小店区平阳路街道,商场抽查2批次，1批次充电时壳体温度超过85℃。,温控器失效，老年人使用易烫伤。,责令下架，发布消费提示。,日常监管
2,儿童滑板车,约10,小店区,投诉3起，反映折叠锁止机构松脱摔伤儿童。,锁止机构无二次保护。,列入儿童用品专项抽查。,投诉举报
3,插线板,多家,小店区夜市,夜市摊贩销售的插线板插套接触不良，插拔数次后松动发热。,铜片过薄。,,日常监管
填报人：赵志强,,,联系电话：0351-0000002
"""
DETAILS = """Traceback (most recent call last):
  File "riskdesk/ui/pages/records.py", line 214, in _on_row_changed
    self._load(object_id)
ValueError: not a region code: 14010X
"""


# --- the pages ---


def _workbench(studio: Studio) -> None:
    studio.window.show_page("workbench")
    studio.window.setFocus()
    studio.shoot("workbench")


def _records(studio: Studio) -> None:
    studio.choose(office.KEY_PRODUCT)
    studio.window.records.table.setFocus()
    studio.shoot("records")


def _problems(studio: Studio) -> None:
    studio.choose(office.OPEN_PRODUCT)
    studio.window.records.form.go_to_problem()
    studio.shoot("problems")


def _more(studio: Studio) -> None:
    studio.choose(office.KEY_PRODUCT)
    body = studio.window.records.form.body
    body.disclosure.open()
    studio.settle()
    body.go(body.blocks["discovered_on"])
    body.verticalScrollBar().setValue(body.disclosure.y())
    studio.shoot("more")
    body.go(body.blocks["product"])


def _completion(studio: Studio) -> None:
    studio.choose(office.KEY_PRODUCT)
    page = studio.window.records
    page.new_record()
    studio.window.activateWindow()
    page.form.focus_first()
    QTest.keyClicks(page.form.body.printed.ties["product"].editor.target, "cdq")
    studio.shoot("completion")
    page.form.discard()


def _search(studio: Studio) -> None:
    studio.window.show_page("records")
    page = studio.window.records
    page.show_filter(Filter())
    page.filters.show_period("")
    page.filters.search.setText("充电")
    studio.shoot("search")
    page.filters.clear()


def _settings(studio: Studio) -> None:
    studio.window.show_page("settings")
    [page] = studio.window.findChildren(SettingsPage)
    names = ("office", "deadlines", "calendar", "keys", "data", "look", "codes")
    for number, name in enumerate(names):
        page.tabs.setCurrentIndex(number)
        studio.shoot(f"settings_{name}")


def _about(studio: Studio) -> None:
    studio.window.show_page("about")
    studio.shoot("about")


def _statistics(studio: Studio) -> None:
    reports.show_statistics(studio.window)
    studio.settle()
    reports.show_statistics(studio.window)
    studio.shoot("statistics")


def _annual(studio: Studio) -> None:
    reports.show_report(studio.desk, studio.window)
    studio.shoot("annual")


def _stations(studio: Studio) -> None:
    station = reports.StationWindow(Path("demo") / reports.STATION, studio.reference, studio.window.size())
    studio.settle()
    studio.keep("stations", station.picture())
    station.close()


# --- the dialogs ---


def _first_start(studio: Studio) -> None:
    dialog = FirstStartDialog(Path(r"C:\Users\lixuemei\AppData\Local\riskdesk\data"), print)
    dialog.offices.search.setText("xdq")
    dialog.person.setText("李雪梅")
    dialog.phone.setText("0351-0000000")
    dialog.show()
    studio.settle()
    studio.keep("first_start", dialog.grab())  # there is no window yet
    dialog.reject()


def _paste(studio: Studio) -> None:
    studio.window.show_page("records")
    copied = QMimeData()
    copied.setText(CUT.replace("\n", "\r\n"))
    QApplication.clipboard().setMimeData(copied)
    studio.window.paste()
    studio.shoot_dialog("paste", _open(studio, ImportPreview))
    QApplication.clipboard().clear()  # what Python put there must not outlive it


def _import_file(studio: Studio) -> None:
    studio.window.show_page("records")
    form = Path("平阳路所5月报送表.csv")
    form.write_text(FORM, "utf-8-sig")
    studio.window.import_paths([form])
    studio.settle()
    studio.shoot_dialog("import", _open(studio, ImportPreview))


def _export(studio: Studio) -> None:
    studio.window.show_page("records")
    studio.window.export(office.PERIOD)
    dialog = _open(studio, ExportDialog)
    dialog.folder.setText(r"D:\风险信息报送")
    studio.shoot_dialog("export", dialog)


def _make_keys(studio: Studio) -> None:
    studio.window.show_page("workbench")
    dialog = MakeKeysDialog(Bench(studio.desk, studio.jobs, HeldPassphrase(studio.window)), print, studio.window)
    dialog.open()
    studio.shoot_dialog("make_keys", dialog)


def _submit(studio: Studio) -> None:
    studio.window.show_page("workbench")
    studio.window.submit(office.PERIOD)
    dialog = _open(studio, SubmitDialog)
    dialog.target.line.setText(r"E:\风险信息报送")
    studio.shoot_dialog("submit", dialog)


def _receive(studio: Studio) -> None:
    """Take what the 所 reported, and answer it."""
    studio.window.show_page("hand_off")
    studio.window._hand_over.bench.held.keep(office.PASSPHRASE)
    studio.window.import_paths([office.let_report(Path("demo"), studio.reference, Path("U盘").absolute())])
    dialog = _open(studio, ReceiveDialog)
    studio.shoot_dialog("receive", dialog, closing=False)
    dialog._take.click()
    studio.settle()
    dialog.reject()
    studio.settle()
    [page] = studio.window.findChildren(HandOffPage)
    page.tabs.setCurrentIndex(1)
    page._answer.click()
    answer = _open(studio, AnswerDialog)
    answer.reason.setText("请补充检验报告编号")
    answer.reason.textEdited.emit(answer.reason.text())
    answer.target.line.setText(r"E:\风险信息报送")
    studio.shoot_dialog("answer", answer)


def _hand_off(studio: Studio) -> None:
    """Show what was reported and what came."""
    keys = keyring.unlock(studio.desk, office.PASSPHRASE)
    package = sealing.seal(studio.desk, keys, Wish(office.PERIOD, secrets_confirmed=True))
    handing_over.hand_over(studio.desk, keys, package, Way(Path("U盘").absolute()))
    studio.window.refresh()
    studio.window.show_page("hand_off")
    [page] = studio.window.findChildren(HandOffPage)
    for number, name in enumerate(("hand_off_sent", "hand_off_received")):
        page.tabs.setCurrentIndex(number)
        studio.shoot(name)


def _history(studio: Studio) -> None:
    studio.choose(office.CHANGED_PRODUCT)
    studio.window.records.show_history()
    dialog = _open(studio, HistoryDialog)
    dialog.table.selectRow(1)
    studio.shoot_dialog("history", dialog)


def _drafts(studio: Studio) -> None:
    studio.window.show_page("records")
    studio.window.records.show_drafts()
    studio.shoot_dialog("drafts", _open(studio, UnfinishedDialog))


def _recovery(studio: Studio) -> None:
    studio.window.show_page("workbench")
    office.leave_typing(studio.desk)
    found = drafting.left_unsaved(studio.desk, open_forms=studio.window.open_forms())
    dialog = UnfinishedDialog(
        "上次没有保存的内容", found, resumed=print, dropped=print, words=CRASH_WORDS, parent=studio.window
    )
    dialog.open()
    studio.shoot_dialog("recovery", dialog)
    for each in found:
        drafting.discard(studio.desk, each)


def _bin(studio: Studio) -> None:
    studio.window.show_page("records")
    studio.window.records.show_bin()
    studio.shoot_dialog("bin", _open(studio, QDialog))


def _accept(studio: Studio) -> None:
    studio.choose(office.OPEN_PRODUCT)
    body = studio.window.records.form.body
    studio.window.activateWindow()
    studio.window.records.form.go_to_problem()
    studio.settle()
    body.accept_here()
    dialog = _open(studio, AcceptProblemDialog)
    dialog.reason.setText("来源材料未提供，正在核实")
    studio.shoot_dialog("accept", dialog)


def _overtaken(studio: Studio) -> None:
    object_id = studio.choose(office.CHANGED_PRODUCT)
    form = studio.window.records.form
    fields = form.body.printed
    fields.analysis.setPlainText("原料中回收料比例过高，生产时发泡剂残留。")
    fields.suggestion.setPlainText("发布消费提示，并列入儿童用品专项抽查。")
    office.change_elsewhere(studio.desk, object_id)
    form.save()
    dialog = _open(studio, OvertakenDialog)
    studio.shoot_dialog("overtaken", dialog)
    form.discard()


def _crash(studio: Studio) -> None:
    studio.window.show_page("records")
    dialog = CrashReportDialog(DETAILS, HOME / "logs", studio.window)
    dialog.open()
    studio.shoot_dialog("crash", dialog)


def _open(studio: Studio, kind: type[_D]) -> _D:
    studio.settle()
    return next(each for each in studio.window.findChildren(kind) if each.isVisible())


Shot = Callable[[Studio], None]
PAGES: Sequence[tuple[str, Shot]] = (
    ("workbench", _workbench), ("records", _records), ("problems", _problems), ("settings", _settings), ("about", _about),
)  # fmt: skip
MAIN_DIALOGS: Sequence[tuple[str, Shot]] = (
    ("first_start", _first_start), ("paste", _paste), ("export", _export), ("history", _history), ("make_keys", _make_keys),
    ("submit", _submit),
)  # fmt: skip
LAST: Sequence[tuple[str, Shot]] = (
    ("receive", _receive),
    ("hand_off", _hand_off),
    ("statistics", _statistics),
    ("annual", _annual),
    ("stations", _stations),
)  # they write: what comes after would show it
OTHERS: Sequence[tuple[str, Shot]] = (
    ("more", _more), ("search", _search), ("import", _import_file), ("drafts", _drafts), ("recovery", _recovery), ("bin", _bin),
    ("accept", _accept), ("crash", _crash), ("completion", _completion), ("overtaken", _overtaken),
)  # fmt: skip


def main() -> int:
    """Make the pictures, each look in a process of its own, as each has a screen of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only pictures that begin so")
    parser.add_argument("--look", choices=[look.name for look in LOOKS], help="only this look")
    given = parser.parse_args()
    if given.look:
        [look] = (each for each in LOOKS if each.name == given.look)
        with tempfile.TemporaryDirectory() as workshop:
            os.chdir(workshop)
            os.environ.update(HOME=workshop, XDG_DATA_HOME=workshop, XDG_CONFIG_HOME=workshop)
            app = _application(look)  # lives longer than any of its windows
            take(app, look, given.names)
            os.chdir(ROOT)
        return 0
    command = [sys.executable, __file__, *given.names, "--look"]
    return max(subprocess.call([*command, look.name]) for look in LOOKS)


def take(app: QApplication, look: Look, wanted: Sequence[str]) -> None:
    """Make the pictures of one look."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    studio = Studio(app, office.make(Path("demo"), HOME), look, wanted)
    for name, shot in (*PAGES, *MAIN_DIALOGS, *(OTHERS if look is LOOKS[0] else ()), *LAST):
        if studio.wants(name):
            shot(studio)
    studio.close()


def _application(look: Look) -> QApplication:
    screen = {"name": "screen", "x": 0, "y": 0, "width": look.width, "height": look.height}
    Path("screen.json").write_text(json.dumps({"screens": [screen]}), "ascii")
    os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=screen.json"
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"
    app = QApplication(["riskdesk"])
    app.setWindowIcon(program_icon())
    number = QFontDatabase.addApplicationFont(str(resource("fonts/RiskSansSC-Regular.ttf")))
    for family in theme.FAMILIES:  # the same letters on every machine that makes the pictures
        QFont.insertSubstitutions(family, QFontDatabase.applicationFontFamilies(number))
    program._speak_chinese(app)
    return app


if __name__ == "__main__":
    sys.exit(main())
