"""What a command answers: data for `--json`, lines for people, notes for the error stream."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One command's result; `data` is the JSON document, `lines` the same for people, `notes` go to stderr."""

    data: Any
    lines: Sequence[str]
    notes: Sequence[str] = ()
    exit_code: int = 0


class TerminalProgress:
    """Shows progress on stderr when that is a terminal and the work takes longer than half a second."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()

    def __call__(self, done: int, total: int, text: str = "") -> None:
        now = time.monotonic()
        if sys.stderr is None or not sys.stderr.isatty() or now - self._started < 0.5 or now - self._shown < 0.1:
            return
        self._shown = now
        print(f"\r{done}/{total} {text[:40]}\x1b[K", end="", file=sys.stderr, flush=True)
