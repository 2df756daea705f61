"""Taking packages one after the other, whole or what a person chose of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import Cancelled, StoreError, UserError
from riskdesk.services import receiving
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Opening, Source, forget_volumes, opened_in_turn
from riskdesk.services.receiving import Received

_LONGEST = 1.0  # seconds that others wait for their own writes


class Stopped(Cancelled):
    """The user stopped it between two packages; what was taken of those `received` is committed, and the others were not touched."""

    def __init__(self, received: tuple[Received, ...]) -> None:
        super().__init__()
        self.received = received


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants of a package: the ids of `records`, None for all; `accept_retired` as in `receiving.take`.

    `package` is its id as it was seen ("" for any), `source` where it lay: a stick that is pulled or filled anew meanwhile brings in
    nothing unseen.
    """

    source: Source
    package: str = ""
    records: frozenset[str] | None = None
    accept_retired: bool = False


def take_chosen(
    desk: Desk, choices: Sequence[Choice], keys: Keys | None, progress: Progress = silent
) -> tuple[Received, ...]:
    """Take packages that `taking.look_at` gave; one that is another by now is not taken, what is wrong with one alone is raised.

    Raises `Stopped` as `take_in_turn` does.
    """
    received = take_in_turn(desk, choices, keys, progress)
    if len(received) == 1 and received[0].error is not None:
        raise received[0].error
    return received


def take_in_turn(
    desk: Desk, choices: Sequence[Choice], keys: Keys | None, progress: Progress = silent
) -> tuple[Received, ...]:
    """Take packages, each for itself: one that cannot be opened or read does not keep the others out, only a data file in trouble.

    Raises `Stopped` if `progress` stops it.
    """
    received: list[Received] = []
    try:
        with opened_in_turn(desk, [each.source for each in choices], keys) as line, _Committing(desk) as committing:
            for done, (choice, opening) in enumerate(zip(choices, line, strict=True)):
                progress(done, len(choices), choice.source.name)
                committing.make_way(opening)
                one = _taken(desk, choice, opening)
                committing.note(choice.source, one)
                received.append(one)
    except Cancelled as stop:  # all is committed by now: if that had failed, it would be its error
        raise Stopped(tuple(received)) from stop
    return tuple(received)


def _taken(desk: Desk, choice: Choice, opening: Opening) -> Received:
    try:
        return receiving.take(
            desk, opening, seen=choice.package, chosen=choice.records, accept_retired=choice.accept_retired
        )
    except StoreError:
        raise
    except UserError as error:
        return Received.failed(choice.source.name, error)


class _Committing:
    """Commits what was taken so often that nobody waits long, and then forgets its volumes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shared = ExitStack()
        self._over: list[Source] = []
        self._since: float | None = None  # when what is not committed yet began

    def __enter__(self) -> Self:
        self._commit = self._shared.enter_context(self._desk.store.share())
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._shared.close()
        if kind is None or issubclass(kind, Cancelled):  # else what was taken last may have been undone
            self._forget()

    def make_way(self, opening: Opening) -> None:
        """Commit unless the next package is soon there to be taken."""
        if not opening.is_at_hand(self._left()):
            self.settle()
        self._since = self._since or time.monotonic()

    def note(self, source: Source, received: Received) -> None:
        """Note what became of a package."""
        if received.run_id or received.verdict.is_final:
            self._over.append(source)
        if not self._left():
            self.settle()

    def settle(self) -> None:
        """Commit."""
        self._commit()
        self._forget()

    def _left(self) -> float:
        """Return the seconds that others may still be made to wait."""
        return _LONGEST if self._since is None else max(0.0, self._since + _LONGEST - time.monotonic())

    def _forget(self) -> None:
        for source in self._over:
            forget_volumes(source)
        self._over, self._since = [], None
