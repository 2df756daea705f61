"""A window-modal view of a running job: what it does, how far it is, how long it will take, and a way to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from riskdesk.domain.progress import Progress
from riskdesk.ui import theme
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.widgets.parts import button, named, told

_SHOWN_AFTER = 300  # ms: what is quicker shows nothing
_GUESS_AFTER = 1.0  # s
_MINUTE = 60  # s


class Working(QDialog):
    """Shows one job; Esc and the button ask it to stop, it closes when the job has ended."""

    def __init__(self, title: str, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self._job = job
        self._began = time.monotonic()
        self._told = QLabel(f"{title}…", wordWrap=True)
        self._told.setMinimumWidth(theme.letter(self) * 60)
        self._bar = named(QProgressBar(textVisible=False), "进度")
        self._left = told(name="muted")
        self._stop = button("取消(&C)", name="取消正在进行的工作")
        self._stop.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self._told, self._bar, self._left):
            layout.addWidget(part)
        layout.addWidget(self._stop, alignment=Qt.AlignmentFlag.AlignRight)
        self._bar.setRange(0, 0)

    def progressed(self, done: int, total: int, text: str = "") -> None:
        """Show how far the job is; `total` 0 means that nobody knows."""
        if self._job.stopped.is_set():
            return
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if text:
            self._told.setText(f"{self.windowTitle()}：{text}")
        passed = time.monotonic() - self._began
        if total and done and passed > _GUESS_AFTER:
            self._left.setText(_left_text(passed / done * (total - done)))

    def reject(self) -> None:
        """Ask the job to stop; the dialog stays until it has."""
        self._job.cancel()
        self._stop.setEnabled(False)
        self._stop.setToolTip("正在停止")
        self._told.setText("正在停止…")


class _Held(QObject):
    """Keeps whoever began the work until it has ended: takes no input, does not close, is not deleted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self._parent = parent
        self._focus: QWidget | None = parent.focusWidget()
        self._was_visible = parent.isVisible()
        self._deleted_on_close = parent.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parent.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        parent.setEnabled(False)
        if isinstance(parent, QDialog):  # the main window stops all work when it is closed
            parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def let_go(self) -> bool:
        """Give the parent back as it was; False if it is gone."""
        parent = self._parent
        if not isValid(parent):
            return False
        parent.removeEventFilter(self)
        parent.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=self._deleted_on_close)
        parent.setEnabled(True)
        if isinstance(parent, QDialog) and self._was_visible and _is_free(parent):
            parent.show()  # closed by the program meanwhile: how the work ended is to be seen
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        return True


def _is_free(dialog: QDialog) -> bool:
    """Tell whether a dialog can be shown: not if the window that it belongs to is closed."""
    above: QWidget | None = dialog.parentWidget()
    return above is None or above.isVisible()


def run_with_progress(
    parent: QWidget,
    jobs: Jobs,
    title: str,
    *,
    work: Callable[[Progress], Any],
    done: Callable[[Any], object],
    failed: Callable[[Exception], object],
) -> Job:
    """Run work as a job behind a `Working` dialog: the parent takes no input meanwhile, and is painted all the time.

    A dialog that is the parent stays open until the job has ended; if the parent is gone all the same, nothing is told to it.
    """
    job = Job(work, done, failed)
    shown = Working(title, job, parent)
    timer = QTimer(shown, singleShot=True, interval=_SHOWN_AFTER)
    timer.timeout.connect(shown.open)
    timer.start()
    held = _Held(parent)
    shown.setEnabled(True)  # a child window is disabled along with its parent

    def end(tell: Callable[[Any], object], what: Any) -> None:
        if isValid(shown):
            timer.stop()
            shown.done(QDialog.DialogCode.Accepted)
            shown.deleteLater()
        if held.let_go():
            tell(what)

    def on_progressed(done: int, total: int, text: str = "") -> None:
        if isValid(shown):
            shown.progressed(done, total, text)

    job.done, job.failed, job.progressed = partial(end, done), partial(end, failed), on_progressed
    return jobs.start(job)


def _left_text(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"大约还要 {max(1, round(seconds))} 秒"
    return f"大约还要 {round(seconds / _MINUTE)} 分钟"
