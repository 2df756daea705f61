"""How long work says where it is and hears that it should stop; the same for services, commands and windows."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by the work between steps; raises `Cancelled` if the user asked to stop."""

    def __call__(self, done: int, total: int, text: str = "") -> None: ...


def silent(done: int, total: int, text: str = "") -> None:
    """Progress for callers that do not care."""
