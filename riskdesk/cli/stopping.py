"""Ctrl-C while several things are done one after the other: the work stops between two of them, and what was done is told."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from riskdesk.domain.progress import Progress
from riskdesk.errors import Cancelled


class Stopping:
    """A progress that stops the work at its next step after Ctrl-C; a second one interrupts at once.

    So does the first where the work is one step: nothing before it is to be told. What comes after the work is finished.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps: list[int] = []  # how many there were to be, at each
        self._is_over = self._is_asked = False

    def __call__(self, done: int, total: int, text: str = "") -> None:
        if self._is_asked:
            raise Cancelled
        self._steps.append(total)
        self._progress(done, total, text)

    def end_work(self) -> None:
        """Note that all that may be stopped is done."""
        self._is_over = True

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop at the next step."""
        if self._is_asked or (self._steps == [1] and not self._is_over):
            raise KeyboardInterrupt
        self._is_asked = True
        told = "正在写完。" if self._is_over else "正在停下：处理完手上的这一个就停。"
        with contextlib.suppress(RuntimeError, OSError):  # something is being printed right now, or nobody reads it
            print(f"\n{told}再按一次 Ctrl-C 立即中断。", file=sys.stderr, flush=True)


@contextlib.contextmanager
def stopped_by_ctrl_c(progress: Progress) -> Iterator[Stopping]:
    """Give a progress that Ctrl-C stops."""
    stopping = Stopping(progress)
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # in the background of a script it is ignored, as it should be
        yield stopping
        return
    signal.signal(signal.SIGINT, stopping.ask)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, before)
