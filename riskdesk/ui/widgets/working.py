"""A window-modal view of a running job: what it does, how far it is, how long it will take, and a way to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.ui import theme
from riskdesk.ui.jobs import Job, Jobs
from riskdesk.ui.widgets.parts import button, named, told

_SHOWN_AFTER = 300  # ms: what is quicker shows nothing
_GUESS_AFTER = 1.0  # s
_MINUTE = 60  # s


class Working(QDialog):
    """Shows one job; Esc and the button ask it to stop, it closes when the job has ended."""

    def __init__(self, title: str, job: Job, parent: QWidget) -> None:
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
        self._told.setText("正在停止…")


def run_with_progress(
    parent: QWidget,
    jobs: Jobs,
    title: str,
    *,
    work: Callable[[Progress], Any],
    done: Callable[[Any], object],
    failed: Callable[[Exception], object],
) -> Job:
    """Run work as a job behind a `Working` dialog: the parent takes no input meanwhile, and is painted all the time."""
    job = Job(work, done, failed)
    shown = Working(title, job, parent)
    timer = QTimer(shown, singleShot=True, interval=_SHOWN_AFTER)
    timer.timeout.connect(shown.open)
    timer.start()
    had_focus = parent.focusWidget()
    parent.setEnabled(False)
    shown.setEnabled(True)  # a child window is disabled along with its parent

    def end() -> None:
        timer.stop()
        parent.setEnabled(True)
        if had_focus is not None:
            had_focus.setFocus()
        shown.done(QDialog.DialogCode.Accepted)
        shown.deleteLater()

    def on_done(result: Any) -> None:
        end()
        done(result)

    def on_failed(error: Exception) -> None:
        end()
        failed(error)

    job.done, job.failed, job.progressed = on_done, on_failed, shown.progressed
    return jobs.start(job)


def _left_text(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"大约还要 {max(1, round(seconds))} 秒"
    return f"大约还要 {round(seconds / _MINUTE)} 分钟"
