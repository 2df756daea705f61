"""The main window: joins the pages, and holds no rules of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from riskdesk import __version__, clock
from riskdesk.errors import UserError
from riskdesk.services import handed, reminding
from riskdesk.services.completion import Completion
from riskdesk.services.desk import Desk
from riskdesk.services.drafting import Unfinished
from riskdesk.services.importing import ImportResult
from riskdesk.services.listing import Filter
from riskdesk.services.reminders import Reminder, reminders
from riskdesk.services.workbench import Workbench, workbench
from riskdesk.ui.dialogs.export import ExportDialog
from riskdesk.ui.dialogs.hand_over import HandOver
from riskdesk.ui.dialogs.intake import Intake
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.pages.about import AboutPage
from riskdesk.ui.pages.annual import AnnualPage
from riskdesk.ui.pages.hand_off import HandOffPage
from riskdesk.ui.pages.records import RecordsPage
from riskdesk.ui.pages.settings import SettingsPage
from riskdesk.ui.pages.stations import StationsPage, concerns
from riskdesk.ui.pages.statistics import StatisticsPage
from riskdesk.ui.pages.workbench import WorkbenchPage
from riskdesk.ui.widgets.banner import Banner, Way
from riskdesk.ui.widgets.navigation import Navigation
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, chip, named, styled, told, without_argument
from riskdesk.ui.widgets.saving import ask_for_files, ask_for_packages, save_file
from riskdesk.ui.widgets.watermark import mark_training

_EVERY_MINUTE = 60_000  # ms
_A_MOMENT = 100  # ms
_UNSAVED = "unsaved"  # the message of the banner
_LEVELS = {"province": "省级", "city": "市级", "county": "县级", "suo": "所", "station": "监测站"}


class MainWindow(QMainWindow):
    """Pages are made when they are first shown, and told when something was written.

    Signals: `reminded(reminders)` – what should be told outside the window as well; `look_changed()` – theme or font size;
    `unsaved_wanted()` – somebody wants to see what earlier runs left.
    """

    reminded = Signal(object)
    look_changed = Signal()
    training_wanted = Signal()
    unsaved_wanted = Signal()

    def __init__(
        self, desk: Desk, jobs: Jobs, route: Route, command: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._jobs = jobs
        self._route, self._command = route, command
        self._completion = Completion(desk)
        self._hand_over = HandOver(desk, jobs, self)
        self._intake = Intake(desk, jobs, self._hand_over, self)
        self._wanted: Callable[[], object] = str  # what follows once the page that could not be left can be
        self._counted, self._reminders = self._looked()
        self._now = self._counted.deadline.period
        self.setWindowTitle(desk.office.name)
        self.setAcceptDrops(True)
        self._told = ""  # the reminder that the banner tells
        self._pages: dict[str, Page] = {}
        self._makers: dict[str, Callable[[], Page]] = {
            "workbench": self._make_workbench,
            "records": self._make_records,
            "hand_off": self._make_hand_off,
            "statistics": self._make_statistics,
            "annual": self._make_annual,
            "stations": self._make_stations,
            "settings": self._make_settings,
            "about": self._make_about,
        }
        self._lay_out()
        self._add_actions()
        self._hand_over.changed.connect(self.refresh)
        self._hand_over.refused.connect(self._refuse)
        self._hand_over.told.connect(self.tell)
        self._intake.warned.connect(self.warn)
        self._intake.refused.connect(self._refuse)
        self._intake.taken.connect(self._on_taken)
        self._hand_over.returned_wanted.connect(self._show_returned)
        mark_training(desk, self.centralWidget())
        self.show_page("workbench")
        self._minutes = QTimer(self, interval=_EVERY_MINUTE)
        self._minutes.timeout.connect(self._on_minute)
        self._minutes.start()
        QTimer.singleShot(0, self, self._remind)
        # made while nothing is asked for: it is the page that is gone to first, and the largest
        QTimer.singleShot(_A_MOMENT, self, lambda: self._page("records"))

    # --- what the application asks for ---

    @property
    def records(self) -> RecordsPage:
        """The page of records."""
        page = self._page("records")
        assert isinstance(page, RecordsPage)  # noqa: S101 - made so in this class
        return page

    def show_page(self, name: str) -> None:
        """Show a page, unless what is typed on the present one cannot be saved."""
        present = self._stack.currentWidget()
        stays = isinstance(present, Page) and present is self._pages.get(name)
        if isinstance(present, Page) and not stays and not self._may_leave(partial(self.show_page, name)):
            self._navigation.show_chosen(self._name_of(present))
            return
        page = self._page("records" if name == "drafts" else name)
        self._stack.setCurrentWidget(page)
        self._navigation.show_chosen(self._name_of(page))
        self._title.setText(page.title)
        page.take_focus()
        if name == "drafts":
            self.records.show_drafts()

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Look at packages, read forms, and show what taking them would do; packages go first."""
        if paths and self._may_leave(partial(self.import_paths, paths)):
            self._intake.take_in(paths)

    def paste(self) -> None:
        """Show what a block on the clipboard would become."""
        data = QGuiApplication.clipboard().mimeData()
        if data.hasUrls():
            self.import_paths([Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()])
        elif self._may_leave(self.paste):
            self._intake.paste(data.html(), data.text())

    def export(self, period: str) -> None:
        """Show the official form of a period, and write it where a person wants it."""
        if self._may_leave(partial(self.export, period)):
            ExportDialog(self._desk, self._jobs, period or self._now.id, parent=self).open()

    def submit(self, period: str) -> None:
        """Show what handing a period on would do, and do it."""
        if self._may_leave(partial(self.submit, period)):
            self._hand_over.submit(period)

    def make_keys(self) -> None:
        """Make the office's keys, which reports are signed with."""
        self._hand_over.make_keys()

    def tell(self, text: str) -> None:
        """Say something short in the status bar."""
        self.statusBar().showMessage(text, 8000)

    def warn(self, text: str) -> None:
        """Say across the window what must not be overlooked."""
        self._banner.tell(text, text, "amber")

    def tell_unsaved(self, count: int) -> None:
        """Say how many texts of earlier runs wait for a decision, and lead to them; none is nothing to say."""
        text = f"还有 {count} 份上次没有保存的内容没有处理"
        self._banner.take_back(_UNSAVED)
        if count:
            self._banner.tell(_UNSAVED, f"{text}。", "amber", Way("查看", self.unsaved_wanted.emit))
        named(self._unsaved, f"查看：{text}").setText(f"未处理的内容 {count} 份")
        self._unsaved.setVisible(bool(count))

    def resume(self, unfinished: Unfinished) -> None:
        """Go on with what was typed and not saved."""
        self.show_page("records")
        self.records.resume(unfinished)

    def open_forms(self) -> set[str]:
        """Return the ids of the forms that are open, whose journals are nobody's to recover."""
        return {self.records.form.form_id} if "records" in self._pages else set()

    def keep_typing(self) -> None:
        """Bring the journals of the open form and of the open report up to the last key."""
        if "records" in self._pages:
            self.records.form.keep_up()
        if isinstance(page := self._pages.get("annual"), AnnualPage):
            page.keep_up()

    def refresh(self) -> None:
        """Something was written: every page hears of it."""
        self._look_again()
        self._mark_stale()
        self._tell_state()
        self._remind()

    # --- making it ---

    def _lay_out(self) -> None:
        self._navigation = Navigation("风险监控填报", "产品质量安全")
        self._navigation.add("workbench", "工作台", "home")
        self._navigation.add("records", "风险信息", "document")
        self._navigation.add("hand_off", "收发", "package")
        self._navigation.add("statistics", "统计分析", "chart")
        self._navigation.add("annual", "专题报告", "edit")
        if concerns(self._desk.office):
            self._navigation.add("stations", "监测站", "flag")
        self._navigation.add_gap()
        self._navigation.add("settings", "设置", "settings")
        self._navigation.add("about", "关于", "info")
        self._navigation.chosen.connect(self.show_page)
        self._title = styled(QLabel(), "title")
        top = styled(QFrame(), "top")
        line = QHBoxLayout(top)
        line.setContentsMargins(20, 8, 20, 8)
        line.addWidget(self._title)
        line.addStretch(1)
        office = self._desk.office
        line.addWidget(QLabel(office.name))
        line.addWidget(chip(_LEVELS.get(office.level, ""), "blue"))
        self._person = told(name="muted")
        line.addWidget(self._person)
        self._banner = Banner()
        self._stack = QStackedWidget()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for part in (top, self._banner):
            right.addWidget(part)
        right.addWidget(self._stack, 1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        self._fill_status_bar()

    def _fill_status_bar(self) -> None:
        self._state = QLabel()
        self._unsaved = button("", icon="edit", kind="quiet")
        self._unsaved.clicked.connect(self.unsaved_wanted)
        self._unsaved.hide()
        self.statusBar().addWidget(self._state)
        self.statusBar().addPermanentWidget(self._unsaved)
        self.statusBar().addPermanentWidget(QLabel(f"离线可用　·　v{__version__}　"))
        self.statusBar().setSizeGripEnabled(False)
        self._tell_state()

    def _add_actions(self) -> None:
        for keys, slot in (("Ctrl+N", self._new_record), ("F5", self.refresh), ("F1", lambda: self.show_page("about"))):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(without_argument(slot))
            self.addAction(action)

    def _make_workbench(self) -> Page:
        page = WorkbenchPage(self._desk.office, lambda: (self._counted, self._reminders))
        page.new_wanted.connect(self._new_record)
        page.listing_wanted.connect(self._list)
        page.record_wanted.connect(self._open_record)
        page.export_wanted.connect(self.export)
        page.submit_wanted.connect(self.submit)
        page.letters_wanted.connect(self._hand_over.write_letters)
        page.calendar_file_wanted.connect(self._save_calendar_file)
        page.dismiss_wanted.connect(self._dismiss)
        return page

    def _make_records(self) -> Page:
        page = RecordsPage(self._desk, self._now, self._completion)
        page.paste_wanted.connect(self.paste)
        page.import_wanted.connect(self._choose_files)
        page.export_wanted.connect(self.export)
        return page

    def _make_hand_off(self) -> Page:
        page = HandOffPage(self._hand_over.bench)
        page.record_wanted.connect(self._open_record)
        page.submit_wanted.connect(lambda: self.submit(self._now.id))
        page.files_wanted.connect(self._choose_packages)
        return page

    def _make_statistics(self) -> Page:
        page = StatisticsPage(self._desk, self._jobs, self._now)
        page.record_wanted.connect(self._open_record)
        return page

    def _make_annual(self) -> Page:
        page = AnnualPage(self._hand_over.bench)
        page.record_wanted.connect(self._open_record)
        return page

    def _make_stations(self) -> Page:
        page = StationsPage(self._hand_over.bench)
        page.record_wanted.connect(self._open_record)
        return page

    def _make_settings(self) -> Page:
        page = SettingsPage(self._hand_over.bench, self._completion, self._command)
        page.look_changed.connect(self.look_changed)
        return page

    def _make_about(self) -> Page:
        page = AboutPage(self._desk, self._route)
        page.training_wanted.connect(self.training_wanted)
        return page

    def _page(self, name: str) -> Page:
        if name not in self._pages:
            page = self._pages[name] = self._makers[name]()
            page.changed.connect(self.refresh)
            page.wanted.connect(self.show_page)
            page.told.connect(self.tell)
            page.freed.connect(self._on_freed)
            self._stack.addWidget(page)
        return self._pages[name]

    def _name_of(self, page: QWidget) -> str:
        return next(name for name, each in self._pages.items() if each is page)

    # --- what happens ---

    def _new_record(self) -> None:
        self.show_page("records")
        if self._stack.currentWidget() is self._pages.get("records"):
            self.records.new_record()

    def _list(self, given: Filter) -> None:
        self.show_page("records")
        self.records.show_filter(given)

    def _open_record(self, object_id: str) -> None:
        self.show_page("records")
        self.records.open_record(object_id)

    def _show_returned(self, report: str) -> None:
        self.show_page(handed.page_of(self._desk, report))
        page = self._stack.currentWidget()
        if isinstance(page, HandOffPage):
            page.show_returned(report)

    def _choose_files(self) -> None:
        self.import_paths(ask_for_files(self))

    def _choose_packages(self) -> None:
        self.import_paths(ask_for_packages(self))

    def _on_taken(self, result: ImportResult) -> None:
        taken, same = result.taken(), result.counts()["same"]
        self.refresh()
        self.show_page("records")
        drafts = f"，存为草稿 {result.drafts} 条" if result.drafts else ""
        elsewhere = [
            f"{count} 条计入 {period} 期" for period, count in result.by_period().items() if period != self._now.id
        ]
        other = f"。其中{'、'.join(elsewhere)}，不是本期" if elsewhere else ""
        told = f"已导入：新增 {taken['new']} 条，更新 {taken['updated']} 条，相同 {same} 条{drafts}{other}"
        self.tell(told)
        if elsewhere:
            self._banner.tell(f"import {result.id}", told, "blue")

    def _dismiss(self, reminder_id: str) -> None:
        try:
            reminding.dismiss(self._desk, reminder_id)
        except UserError as error:
            self._refuse(error)
        self.refresh()

    def _save_calendar_file(self) -> None:
        from riskdesk.services.reminders import ics

        year = clock.today().year
        try:
            data = ics(self._desk, year)
        except UserError as error:
            self._refuse(error)
            return
        save_file(self, f"报送截止日期_{year}.ics", "日历文件 (*.ics)", data, self.tell)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._banner.tell(f"refused {clock.now()}", str(error), "red")

    def _may_leave(self, wanted: Callable[[], object]) -> bool:
        """Tell whether the present page can be left; if a person decides that it may after all, `wanted` follows."""
        self._wanted = wanted
        present = self._stack.currentWidget()
        return not isinstance(present, Page) or present.may_leave()

    def _on_freed(self) -> None:
        self._wanted()

    def _remind(self) -> None:
        urgent = next((each for each in self._reminders if each.urgent), None)
        if self._told and (urgent is None or urgent.id != self._told):
            self._banner.take_back(self._told)
        self._told = urgent.id if urgent else ""
        if urgent:
            self._banner.tell(
                urgent.id, f"{urgent.title}。{urgent.text}", "red", Way("去处理", partial(self.show_page, urgent.page))
            )
        self.reminded.emit(self._reminders)

    def _on_minute(self) -> None:
        before = self._now
        self._look_again()
        if self._now != before:
            self._mark_stale()
        self._remind()

    def _looked(self) -> tuple[Workbench, Sequence[Reminder]]:
        """Count what the status bar, the workbench and the reminders all tell of."""
        counted = workbench(self._desk)
        return counted, reminders(self._desk, counted)

    def _look_again(self) -> None:
        """Count again; the program may stay open over the due date: from then on the next period is reported."""
        self._counted, self._reminders = self._looked()
        now = self._counted.deadline.period
        if now != self._now:
            self._now = now
            if "records" in self._pages:
                self.records.show_now(now)

    def _mark_stale(self) -> None:
        for page in self._pages.values():
            page.mark_stale()

    def _tell_state(self) -> None:
        self._person.setText(f"填报人 {self._desk.office.person or '未填'}")
        last = self._counted.last_backup
        backup = f"{last:%m-%d %H:%M}" if last else "还没有"
        self._state.setText(f"　本机数据　{self._desk.home}　·　上次备份　{backup}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        QTimer.singleShot(0, partial(self.import_paths, paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        refusing = next((name for name, page in self._pages.items() if not page.may_leave()), "")
        if refusing:
            self.show_page(refusing)
            self._wanted = self.close
            event.ignore()
            return
        self.keep_typing()
        stopped = [self._jobs.cancel_all(), *(page.stop() for page in self._pages.values())]
        event.setAccepted(all(stopped))
        if all(stopped):
            self._minutes.stop()
        else:  # what was begun ends or is taken back; the window is painted meanwhile
            self.tell("正在停止后台工作，随后关闭…")
            QTimer.singleShot(_A_MOMENT, self, self.close)
