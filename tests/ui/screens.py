"""Every page and dialog of the program on real data, for tests that look at all of them."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from ui.hand_over_screens import HAND_OVER
from ui.station_screens import STATIONS
from ui.widgets.forms import FULL, RECORD

from riskdesk.domain.problems import Problem
from riskdesk.paths import Origin
from riskdesk.services import attaching, drafting, entry, merging, pasting, previewing
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.accept_problem import AcceptProblemDialog
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.dialogs.bin import BinDialog
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.export import ExportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.history import HistoryDialog
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.dialogs.lost_folder import LostFolderDialog
from riskdesk.ui.dialogs.overtaken import OvertakenDialog
from riskdesk.ui.dialogs.unfinished import CRASH_WORDS, UnfinishedDialog
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.main_window import MainWindow
from riskdesk.ui.widgets.working import Working

SETTINGS = ("office", "deadlines", "calendar", "keys", "data", "look", "codes")
PAGES = (
    "workbench",
    "records",
    "an open record",
    "hand_off",
    "statistics",
    "annual",
    *(f"settings: {name}" for name in SETTINGS),
    "about",
)
DIALOGS = (
    "first start", "export", "import preview", "history", "bin", "drafts", "recovery", "accept problem", "crash report",
    "lost folder", "upgrade", "preview of a PDF", "preview of a picture", "preview of another file", "working",
    "overtaken", *HAND_OVER, *STATIONS,
)  # fmt: skip
_TITLES = ("涉及产品", "涉及企业数量（家）", "涉及地区", "风险信息内容", "信息分析", "处置建议", "信息来源")


@dataclass(frozen=True)
class Stage:
    """What screens are shown on."""

    desk: Desk
    jobs: Jobs
    qtbot: object
    folder: Path
    shown: list[QWidget] = field(default_factory=list)  # qtbot closes them, but keeps none alive


def furnish(desk, folder):
    """Give an office records of all kinds, drafts, a bin, a history and attachments; return the record with a history."""
    first = entry.save(desk, RECORD)
    files = (attaching.attach(desk, each) for each in (picture_in(folder), pdf_in(desk, folder), other_in(folder)))
    entry.save(desk, RECORD.edited(brand="某牌", attachments=tuple(files)), first.object_id)
    entry.save(desk, FULL.edited(product="电动自行车头盔", key_codes=("K1",)))
    entry.save(desk, RECORD.edited(product="电热毯", analysis="", suggestion=""))
    entry.withdraw(desk, entry.save(desk, RECORD.edited(product="纸尿裤")).object_id, "重复录入")
    drafting.keep(desk, RECORD.edited(product="插座", content=""))
    drafting.keep(desk, RECORD.edited(product="", content="头盔开裂。"))
    return first


def opened_window(stage, width=1366, height=768):
    """The main window, shown."""
    window = MainWindow(stage.desk, stage.jobs, Route.NONE, ["riskdesk"])
    stage.qtbot.addWidget(window)
    stage.shown.append(window)
    window.resize(width, height)
    window.show()
    stage.qtbot.waitExposed(window)
    window.activateWindow()
    return window


def show_page(window, name, record):
    """Show a page of `PAGES`; return what is to be looked at besides the frame of the window."""
    page, _, tab = name.partition(": ")
    if page == "an open record":
        window.show_page("records")
        window.records.model.listed(0)  # as when the list was painted
        window._open_record(record.object_id)
        window.records.form.body.disclosure.open()
        return window._pages["records"]
    window.show_page(page)
    if tab:
        window._pages[page].tabs.setCurrentIndex(SETTINGS.index(tab))
    return window._pages[page]


def opened_dialog(stage, name, record):
    """Show a dialog of `DIALOGS` on a parent that is deleted after the test."""
    parent = QWidget()
    stage.qtbot.addWidget(parent)
    stage.shown.append(parent)
    parent.resize(1366, 768)
    parent.show()
    dialog = _dialog(stage, name, record, parent)
    dialog.open()
    stage.qtbot.waitExposed(dialog)
    if name == "export":
        stage.qtbot.waitUntil(lambda: dialog.pages._pages > 0, timeout=20_000)
    if name.startswith("preview of"):
        stage.qtbot.waitUntil(lambda: not stage.jobs.is_busy(), timeout=20_000)
    if name == "import preview":
        stage.qtbot.waitUntil(lambda: dialog._job is None, timeout=20_000)
    dialog.activateWindow()
    return dialog


def _dialog(stage, name, record, parent):
    desk, told = stage.desk, []
    if maker := (HAND_OVER | STATIONS).get(name):
        return maker(stage, parent)
    text = (
        "\t".join(_TITLES)
        + "\r\n头盔\t约3\t太原市\t外壳开裂，缓冲层缺失。\t无\t抽查\t消费者投诉、举报的\r\n\t1\t太原市\t无产品\r\n"
    )
    files = entry.record_of(entry.current(desk, record.object_id)).attachments
    makers = {
        "first start": lambda: FirstStartDialog(stage.folder / "new", told.append, parent),
        "lost folder": lambda: LostFolderDialog(
            stage.folder / "U盘" / "数据",
            Origin.CHOSEN,
            retried=lambda: None,
            chosen=told.append,
            begun=lambda: None,
            parent=parent,
        ),
        "upgrade": lambda: Working("正在升级数据", Job(lambda _progress: None, told.append)),
        "export": lambda: ExportDialog(desk, stage.jobs, "2023-05", parent),
        "import preview": lambda: ImportPreview(
            desk, stage.jobs, [pasting.source(pasting.pasted("", text))], told.append, parent
        ),
        "history": lambda: HistoryDialog(desk, record.object_id, restored=told.append, parent=parent),
        "bin": lambda: BinDialog(desk, taken_back=told.append, parent=parent),
        "drafts": lambda: _unfinished(desk, parent),
        "recovery": lambda: _unfinished(desk, parent, words=CRASH_WORDS),
        "accept problem": lambda: AcceptProblemDialog(
            Problem("analysis", "missing", "未填写“信息分析”，请补充"), told.append, parent
        ),
        "crash report": lambda: CrashReportDialog("ValueError: 某处", Path("/home/某/logs"), parent),
        "preview of a picture": lambda: AttachmentPreviewDialog(desk, stage.jobs, files[0], parent),
        "preview of a PDF": lambda: AttachmentPreviewDialog(desk, stage.jobs, files[1], parent),
        "preview of another file": lambda: AttachmentPreviewDialog(desk, stage.jobs, files[2], parent),
        "overtaken": lambda: _overtaken(desk, record, parent),
        "working": lambda: Working("读取文件", Job(lambda _progress: None, told.append), parent),
    }
    return makers[name]()


def _unfinished(desk, parent, **more):
    nothing = {"resumed": lambda _each: None, "dropped": lambda _each: None}
    return UnfinishedDialog("没有保存的内容", drafting.drafts(desk), **nothing, **more, parent=parent)


def _overtaken(desk, record, parent):
    """Somebody else saved the brand and the analysis; here the analysis and the suggestion were typed."""
    entry.save(desk, RECORD.edited(analysis="对方的分析。", brand="某牌"), record.object_id)
    mine = RECORD.edited(analysis="我的分析。", suggestion="我的建议。")
    found = merging.overtaken(desk, mine, record.object_id, record.hash)
    return OvertakenDialog(desk, found, merged=lambda *_given: None, kept=lambda: None, parent=parent)


def picture_in(folder):
    """A small picture file."""
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    path = folder / "现场照片.png"
    assert image.save(str(path))
    return path


def pdf_in(desk, folder):
    """A PDF file of one page."""
    path = folder / "检验报告.pdf"
    path.write_bytes(previewing.pdf_of(desk, "2023-05"))
    return path


def other_in(folder):
    """A file that cannot be shown."""
    path = folder / "说明.wps"
    path.write_bytes(b"no picture")
    return path
