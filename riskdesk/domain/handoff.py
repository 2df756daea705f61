"""What became of what was handed on: 已导出、已收到、已退回、已采用, whatever order, repetition or delay the answers came in.

Our reports of a period are numbered, and an addressee's answers to each of them; only the last answer to the last report counts. So
the state follows from the set of answers, and a late or repeated one does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class HandedState(IntEnum):
    """What became of one revision; the numbers are stored."""

    KEPT = 0  # never handed on
    SENT = 1
    RECEIVED = 2
    RETURNED = 3
    ADOPTED = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer of an addressee (`sender`) says of one revision; `report` is the number of our report that it is about."""

    report: int
    sender: str
    number: int
    state: HandedState


def handed_state(*, is_sent: bool, told: Iterable[Told]) -> HandedState:
    """Return the state of a revision that is (not) in a package of ours, after all the answers that are here.

    Of an addressee's answers the last one to the last report counts. One return among several addressees wants work, so it goes before all
    else; adopted by one is adopted.
    """
    if not is_sent:
        return HandedState.KEPT
    last: dict[str, Told] = {}
    for each in told:
        known = last.get(each.sender)
        if known is None or (each.report, each.number, each.state) > (known.report, known.number, known.state):
            last[each.sender] = each
    states = {each.state for each in last.values()}
    for state in (HandedState.RETURNED, HandedState.ADOPTED, HandedState.RECEIVED):
        if state in states:
            return state
    return HandedState.SENT


class ReportState(IntEnum):
    """What a report of an office for a period is, from above: nothing yet, late, returned …"""

    MISSING = 0
    RECEIVED = 1
    NIL = 2
    RETURNED = 3


@dataclass(frozen=True, slots=True)
class Expectation:
    """An office whose report is expected, and what came; `late` tells whether it came after the due date."""

    code: str
    name: str
    state: ReportState
    late: bool = False
    at: str = ""
    package: str = ""
    signed: bool = True


@dataclass(frozen=True, slots=True)
class Completeness:
    """Who reported for a period and who did not, in the order of the roster."""

    period: str
    offices: tuple[Expectation, ...]

    @property
    def received(self) -> int:
        """How many reported, nil reports and late ones among them; a returned one counts as received."""
        return sum(each.state is not ReportState.MISSING for each in self.offices)

    def count(self, state: ReportState) -> int:
        """Return how many are in a state."""
        return sum(each.state is state for each in self.offices)

    @property
    def late(self) -> int:
        """How many came late."""
        return sum(each.late for each in self.offices)

    @property
    def missing(self) -> tuple[Expectation, ...]:
        """Those that did not report."""
        return tuple(each for each in self.offices if each.state is ReportState.MISSING)

    @property
    def rate(self) -> int:
        """The share of those that reported in per cent, rounded down, so that 100 means all; 100 if none is expected."""
        return 100 * self.received // len(self.offices) if self.offices else 100
