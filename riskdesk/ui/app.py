"""Starting the window: input method, one instance, data folder, look, recovery of typing, and what happens in the background."""

from __future__ import annotations

import faulthandler
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QProcess, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from riskdesk import clock, logs, paths
from riskdesk.domain.progress import Progress
from riskdesk.errors import Cancelled, UserError
from riskdesk.launch import program_call
from riskdesk.paths import Origin
from riskdesk.services import demo, drafting, upkeep
from riskdesk.services.desk import Desk, has_data, occupied
from riskdesk.services.drafting import Unfinished
from riskdesk.services.preferences import preferences
from riskdesk.services.reminders import Reminder
from riskdesk.ui import theme
from riskdesk.ui.crash import CrashHook
from riskdesk.ui.dialogs.crash_report import CrashReportDialog
from riskdesk.ui.dialogs.first_start import FirstStartDialog
from riskdesk.ui.dialogs.lost_folder import LostFolderDialog
from riskdesk.ui.dialogs.unfinished import CRASH_WORDS, UnfinishedDialog
from riskdesk.ui.icons import program_icon
from riskdesk.ui.input_methods import Route, take_route
from riskdesk.ui.instance import Instance
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.main_window import MainWindow
from riskdesk.ui.tray import Tray
from riskdesk.ui.widgets.working import Working, run_with_progress

_SMALL_SCREEN = 1400  # px: on such screens the window takes all of it
_SIZE = (1366, 768)
_POINTS = 10.5
_BUSY_SECONDS = 1  # a window that waits for another program stands still
_BUG_NOTE = "last-bug.txt"
_FAULTS = "faults.txt"
_UPGRADE_BUG = "升级数据时程序内部出错，数据没有改动。请把数据文件夹中 logs 里的内容发给技术支持。"


def main(home: Path, files: Sequence[Path]) -> int:
    """Open the window on a data folder and import the files; return the exit code when it was closed."""
    route = take_route()
    app = QApplication(["riskdesk"])
    app.setApplicationName("riskdesk")
    app.setApplicationDisplayName("产品质量安全风险信息")
    app.setDesktopFileName("riskdesk")
    _speak_chinese(app)
    theme.apply(app, "system", _POINTS)
    app.setWindowIcon(program_icon())
    with ExitStack() as stack:
        program = Program(app, route, stack)
        QTimer.singleShot(0, lambda: program.begin(home, files))
        return app.exec()


class Program(QObject):
    """What lives as long as the window: desk, jobs, crash hook, tray."""

    def __init__(self, app: QApplication, route: Route, stack: ExitStack) -> None:
        super().__init__(app)
        self._app, self._route, self._stack = app, route, stack
        self._logs = Path()
        self._window: MainWindow | None = None
        self._instance: Instance | None = None
        self._wants_keys = False  # somebody who began just now wants to make them
        self._dialog: QDialog | None = None  # what stands there before there is a window
        self._jobs = Jobs(self)
        self._hook = CrashHook(self._on_crashed, self._on_told, self)
        stack.callback(self._hook.release)
        stack.callback(self._jobs.stop_all)

    def begin(self, home: Path, files: Sequence[Path]) -> None:
        """Open the data folder; ask where it is if it is gone, and whose it is if it is new."""
        if has_data(home):
            self._start(home, files)
            return
        origin = paths.origin(home)
        if origin is Origin.USUAL:
            self._ask_whose(home, files)
            return
        lost = self._dialog = LostFolderDialog(
            home,
            origin,
            retried=lambda: self.begin(home, files),
            chosen=lambda folder: self._take_folder(folder, origin, files),
            begun=lambda: self._ask_whose(home, files),
        )
        lost.rejected.connect(self._app.quit)
        lost.open()

    def _take_folder(self, folder: Path, instead_of: Origin, files: Sequence[Path]) -> None:
        """Go on with the folder that a person chose in place of the one that is gone."""
        if not has_data(folder):
            self._ask_whose(folder, files)
            return
        if instead_of in (Origin.CHOSEN, Origin.PORTABLE):  # a shortcut or variable goes on naming the other one
            _remember(folder)
        self._start(folder, files)

    def _ask_whose(self, home: Path, files: Sequence[Path]) -> None:
        def begin(chosen: Path) -> None:
            self._wants_keys = dialog.keys.isChecked()
            self._start(chosen, files)

        dialog = self._dialog = FirstStartDialog(home, begin)
        dialog.rejected.connect(self._app.quit)
        dialog.open()

    def _start(self, home: Path, files: Sequence[Path]) -> None:
        """Be the only window of the data folder, or hand over to the one that is open."""
        self._instance = Instance(home, self)
        if self._instance.hand_over(files):
            self._app.quit()
            return
        try:
            self._stack.enter_context(occupied(home))
        except UserError as error:
            self._refuse(error)
            return
        self._open_desk(home, files)

    def _open_desk(self, home: Path, files: Sequence[Path]) -> None:
        """Open the data for the window; data of an earlier version is upgraded first."""
        try:
            desk = Desk(home, busy_seconds=_BUSY_SECONDS, progress=_not_here)
        except Cancelled:
            self._upgrade(home, files)
            return
        except UserError as error:
            self._refuse(error)
            return
        if paths.origin(home) is Origin.USUAL:
            _remember(home)
        if self._instance is not None:
            self._instance.listen()
            self._instance.called.connect(self._on_called)
        self._open(desk, files)

    def _upgrade(self, home: Path, files: Sequence[Path]) -> None:
        """Upgrade the data in a job and go on; whoever stops it ends the program, and the data is as it was."""
        self._log_in(home)

        def work(progress: Progress) -> None:
            Desk(home, progress=progress).close()

        def done(_none: None) -> None:
            shown.accept()
            self._open_desk(home, files)

        def failed(error: Exception) -> None:
            shown.accept()
            if isinstance(error, Cancelled):
                self._app.quit()
            else:
                self._refuse(error if isinstance(error, UserError) else UserError(_UPGRADE_BUG))

        def progressed(done: int, total: int, text: str = "") -> None:
            shown.progressed(done, total, f"{done} / {total} 条记录" if total else text)

        job = Job(work, done, failed, progressed)
        shown = self._dialog = Working("正在升级数据", job)
        shown.open()
        self._jobs.start(job)

    def _log_in(self, home: Path) -> None:
        if self._logs == home / "logs":  # since the upgrade
            return
        self._logs = home / "logs"
        with suppress(OSError):  # a log that cannot be written keeps nobody from working
            logs.log_to(self._logs)

    def _open(self, desk: Desk, files: Sequence[Path]) -> None:
        self._stack.callback(desk.close)
        self._stack.callback(self._jobs.stop_all)
        self._log_in(desk.home)
        self._apply_look(desk)
        if self._route is Route.FCITX4:
            self._talk_to_fcitx4()  # before there is a window that tells the route
        window = self._window = MainWindow(desk, self._jobs, self._route, program_call("--home", str(desk.home)))
        window.look_changed.connect(lambda: self._apply_look(desk))
        window.training_wanted.connect(lambda: self._open_training(desk))
        self._app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._apply_look(desk))
        _place(window)
        window.show()
        QTimer.singleShot(0, lambda: self._after_first_paint(desk, files))

    def _after_first_paint(self, desk: Desk, files: Sequence[Path]) -> None:
        window = self._window
        if window is None:
            return
        window.unsaved_wanted.connect(lambda: self._offer_unsaved(desk, window))
        self._offer_unsaved(desk, window)
        tray = Tray(program_icon(), self)
        tray.wanted.connect(self._on_page_wanted)
        tray.quit_wanted.connect(window.close)
        self._stack.callback(tray.hide)
        window.reminded.connect(lambda found: self._notify(desk, tray, found))
        with suppress(OSError):  # notes for support that are locked or on a full disk
            self._tell_of_last_bug(window)
        with suppress(OSError):
            self._watch_faults()
        if files:
            window.import_paths(files)
        elif self._wants_keys:
            window.make_keys()
        self._jobs.start(Job(_daily_backup(desk), lambda _none: window.refresh(), self._on_backup_failed))

    def _offer_unsaved(self, desk: Desk, window: MainWindow) -> None:
        """List what earlier runs left; the window says how much of it is not decided yet, and leads back to the list."""
        found = _left_unsaved(desk, window)
        if not found:
            window.tell_unsaved(0)
            return

        def count_again() -> None:
            window.tell_unsaved(len(_left_unsaved(desk, window)))

        def resume(each: Unfinished) -> None:
            window.resume(each)
            count_again()

        dialog = UnfinishedDialog(
            "上次没有保存的内容",
            found,
            resumed=resume,
            dropped=lambda each: drafting.discard(desk, each),
            office=desk.office.name,
            words=CRASH_WORDS,
            parent=window,
        )
        dialog.finished.connect(count_again)
        dialog.open()

    def _notify(self, desk: Desk, tray: Tray, found: Sequence[Reminder]) -> None:
        if preferences(desk).notify:
            tray.remind(found, clock.today().isoformat())

    def _apply_look(self, desk: Desk) -> None:
        wanted = preferences(desk)
        theme.apply(self._app, wanted.theme, wanted.points)

    def _talk_to_fcitx4(self) -> None:
        from riskdesk.ui.fcitx4 import Fcitx4

        try:
            Fcitx4(self._app)
        except (OSError, TimeoutError, KeyError, ValueError, RuntimeError):  # the last: an address that is no socket
            self._route = Route.NONE

    def _on_called(self, files: Sequence[Path]) -> None:
        if self._window is not None:
            self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
            self._window.raise_()
            self._window.activateWindow()
            self._window.import_paths(files)

    def _on_page_wanted(self, page: str) -> None:
        self._on_called([])
        if page and self._window is not None:
            self._window.show_page(page)

    def _on_backup_failed(self, error: Exception) -> None:
        if self._window is not None and isinstance(error, UserError):
            self._window.warn(f"今天的备份没有完成：{error}")

    def _on_crashed(self, details: str) -> None:
        """Tell of a bug first: what follows may fail, too."""
        CrashReportDialog(details, self._logs, self._window).open()
        with suppress(OSError):  # a full disk
            self._logs.mkdir(parents=True, exist_ok=True)
            (self._logs / _BUG_NOTE).write_text(details, "utf-8")
        if self._window is not None:
            self._window.keep_typing()

    def _on_told(self, sentence: str) -> None:
        if self._window is None:
            self._warn("riskdesk", sentence).open()
            return
        self._window.warn(sentence)
        self._window.tell(sentence)  # the line above stays away once it was put away

    def _tell_of_last_bug(self, window: MainWindow) -> None:
        for name in (_BUG_NOTE, _FAULTS):
            note = self._logs / name
            if note.exists() and note.stat().st_size:
                window.warn(f"上次运行时程序内部出错。您的数据没有受影响，详细信息在 {self._logs}，可以发给技术支持。")
                note.replace(note.with_suffix(".old.txt"))

    def _watch_faults(self) -> None:
        """Let Python write down where it was if the machine kills it for a fault."""
        faults = (self._logs / _FAULTS).open("w", encoding="utf-8")
        self._stack.callback(faults.close)
        faulthandler.enable(faults)
        self._stack.callback(faulthandler.disable)

    def _open_training(self, desk: Desk) -> None:
        window, home, office = self._window, paths.training_home(desk.home), desk.office
        if window is None:
            return

        def work(_progress: Progress) -> None:
            if not has_data(home):
                demo.make_training(home, office)

        def start(_done: None) -> None:
            program, *arguments = program_call("--home", str(home))
            QProcess.startDetached(program, arguments)

        run_with_progress(
            window, self._jobs, "准备训练数据", work=work, done=start, failed=lambda error: window.warn(str(error))
        )

    def _refuse(self, error: UserError) -> None:
        """Say why the window cannot be opened, and end with the error's exit code."""
        box = self._warn("riskdesk 不能打开", str(error))
        box.finished.connect(lambda _result: self._app.exit(error.exit_code))
        box.open()

    def _warn(self, title: str, text: str) -> QMessageBox:
        """Return the box that says something while there is no window."""
        box = QMessageBox(QMessageBox.Icon.Warning, title, text)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog = box
        return box


def _not_here(*_told: object, **_named: object) -> None:
    """Stop an upgrade before it begins: it takes long, so it is a job's."""
    raise Cancelled


def _remember(home: Path) -> None:
    with suppress(OSError):  # then it is asked for, or taken for new, next time
        paths.remember_data_home(home)


def _left_unsaved(desk: Desk, window: MainWindow) -> list[Unfinished]:
    try:
        return drafting.left_unsaved(desk, open_forms=window.open_forms())
    except UserError as error:
        window.warn(f"上次没有保存的内容暂时无法读取，没有丢失：{error}")
        return []


def _daily_backup(desk: Desk) -> Callable[[Progress], None]:
    home, reference = desk.home, desk.reference

    def work(_progress: Progress) -> None:
        with Desk(home, reference) as own:
            upkeep.back_up_daily(own, [Path(place) for place in preferences(own).backup_places])

    return work


def _speak_chinese(app: QApplication) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def _place(window: MainWindow) -> None:
    room = window.screen().availableGeometry()
    if room.width() <= _SMALL_SCREEN:
        window.setWindowState(Qt.WindowState.WindowMaximized)
    window.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
