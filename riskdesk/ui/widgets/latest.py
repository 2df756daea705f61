"""Work of which only the newest result is wanted, and none once the widget that wants it has gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.ui.jobs import Job, Jobs


class Latest:
    """Starts jobs for `owner`; a new one, or the end of the owner, cancels the one before and what it would bring."""

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        self._jobs = jobs
        self._job: Job | None = None
        QObject(owner).destroyed.connect(lambda: self.cancel())  # noqa: PLW0108 - keeps this alive

    @property
    def is_busy(self) -> bool:
        """Tell whether a result is still to come."""
        return self._job is not None

    def start(
        self, work: Callable[[Progress], Any], done: Callable[[Any], object], failed: Callable[[UserError], object]
    ) -> None:
        """Start work; `failed` hears what a person can do something about."""

        def on_done(result: Any) -> None:
            if job is self._job:
                self._job = None
                done(result)

        def on_failed(error: Exception) -> None:
            if job is self._job:
                self._job = None
                if isinstance(error, UserError):
                    failed(error)

        self.cancel()
        job = Job(work, on_done, on_failed)
        self._job = self._jobs.start(job)

    def cancel(self) -> None:
        """Let the work stop at its next step; nobody hears of it."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
