"""Ctrl-C while several things are done one after the other: the work stops between two of them, and what was done is told."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from riskdesk.domain.progress import Progress
from riskdesk.errors import Cancelled


@contextlib.contextmanager
def stopped_by_ctrl_c(progress: Progress) -> Iterator[Progress]:
    """Give a progress that stops the work at its next step after Ctrl-C; a second one interrupts at once.

    So does the first where the work is one step: nothing before it is to be told.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # in the background of a script it is ignored, as it should be
        yield progress
        return
    stop = _Stop(progress)
    signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Stop:
    """A progress that is asked to stop by a signal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps = 0
        self.is_asked = False

    def __call__(self, done: int, total: int, text: str = "") -> None:
        if self.is_asked:
            raise Cancelled
        self._steps = total
        self._progress(done, total, text)

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop at the next step."""
        if self.is_asked or self._steps == 1:
            raise KeyboardInterrupt
        self.is_asked = True
        with contextlib.suppress(RuntimeError):  # something else is being printed right now
            print("\n正在停下：处理完手上的这一个就停。再按一次 Ctrl-C 立即中断。", file=sys.stderr, flush=True)
