"""What was done and can be undone, as values: every state of something that is edited, and the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timeline(Generic[T]):
    """`now` is the state shown, `past` and `future` lead away from it; `key` is what the last step changed."""

    now: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()
    key: str = ""

    def then(self, state: T, key: str = "") -> Timeline[T]:
        """Return the timeline after a step; steps in a row with the same key, as typing in one field is, are one step."""
        if state == self.now:
            return self
        goes_on = bool(key) and key == self.key
        return Timeline(state, self.past if goes_on else (*self.past, self.now), (), key)

    def undone(self) -> Timeline[T]:
        """Return the timeline one step back, itself at the beginning."""
        if not self.past:
            return self
        return Timeline(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redone(self) -> Timeline[T]:
        """Return the timeline one step on, itself at the end."""
        if not self.future:
            return self
        return Timeline(self.future[0], (*self.past, self.now), self.future[1:])

    def paused(self) -> Timeline[T]:
        """Return the timeline in which the next step is one of its own, whatever it changes."""
        return replace(self, key="")
