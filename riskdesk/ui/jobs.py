"""Work off the UI thread, with progress, cancel and errors brought back to it.

`work` is a plain function over `services`: it opens its own desk, touches no widget, and calls `progress` between steps. The
callbacks run on the UI thread: all signals belong to the one `Jobs`, which is made there and outlives every job. (A QObject
for each job would have to be deleted while its worker may still be inside `emit`.)
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import Cancelled, UserError

_log = logging.getLogger("riskdesk.ui.jobs")


def _forget(_error: Exception) -> None:
    """A failure that concerns nobody; it is in the log."""


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work and whom to tell; exactly one of `done` and `failed` is called, once."""

    work: Callable[[Progress], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object] = _forget
    progressed: Progress = silent
    stopped: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next step, and `failed` hears `Cancelled`."""
        self.stopped.set()


class Jobs(QObject):
    """Runs jobs one after another, so that two never write to the data file at once."""

    _progressed = Signal(object, int, int, str)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._running: dict[Job, Future[None]] = {}
        self._progressed.connect(self._on_progressed)
        self._ended.connect(self._on_ended)

    def start(self, job: Job) -> Job:
        """Queue a job; its callbacks come later, never from inside this call."""
        self._running[job] = self._pool.submit(self._run, job)
        return job

    def is_busy(self) -> bool:
        """Tell whether a job runs or waits."""
        return bool(self._running)

    def cancel_all(self) -> bool:
        """Ask everything to stop; True once nothing runs any more, so ask again."""
        for job in self._running:
            job.cancel()
        return not self._running

    def stop_all(self, seconds: float = 5) -> bool:
        """Cancel everything and wait; False if something is still running."""
        self.cancel_all()
        return not wait(self._running.values(), seconds).not_done

    def _run(self, job: Job) -> None:  # on a worker thread
        def progress(done: int, total: int, text: str = "") -> None:
            if job.stopped.is_set():
                raise Cancelled
            self._progressed.emit(job, done, total, text)

        result, failure = None, None
        try:
            progress(0, 0)
            result = job.work(progress)
        except Exception as error:  # noqa: BLE001 - whatever a job raises is brought to the UI thread
            failure = error
        self._ended.emit(job, result, failure)

    def _on_progressed(self, job: Job, done: int, total: int, text: str) -> None:
        job.progressed(done, total, text)

    def _on_ended(self, job: Job, result: Any, error: Exception | None) -> None:
        del self._running[job]
        if error is None:
            job.done(result)
            return
        job.failed(error)
        if not isinstance(error, Cancelled | UserError):
            _log.error("job failed: %s", job.work, exc_info=error)
            raise error  # a bug: the crash hook tells it
