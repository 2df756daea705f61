"""Taking some of what was looked at: a person says for each package whether, and for each record too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import UserError
from riskdesk.services import receiving
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import forget_volumes, opened_in_turn, sources
from riskdesk.services.receiving import Received
from riskdesk.services.taking import told_of_one


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants of a package: the ids of `records`, None for all; `accept_retired` as in `receiving.take`."""

    records: frozenset[str] | None = None
    accept_retired: bool = False


def take_chosen(
    desk: Desk, paths: Sequence[Path], choices: Mapping[int, Choice], keys: Keys | None, progress: Progress = silent
) -> tuple[Received, ...]:
    """Take packages, each for itself; `choices` are by the place of the package among those that `taking.look_at` gave for these paths."""
    from riskdesk.exchange.child import GuardedVerifier

    found, _ = sources(desk, paths)
    received = []
    wanted = sorted(choices)
    with (
        GuardedVerifier() as verifier,
        opened_in_turn(desk, [found[number] for number in wanted], verifier, keys) as line,
    ):
        for done, (number, opening) in enumerate(zip(wanted, line, strict=True)):
            source, choice = opening.source, choices[number]
            progress(done, len(choices), source.name)
            try:
                one = receiving.take(desk, opening, chosen=choice.records, accept_retired=choice.accept_retired)
            except UserError as error:
                one = Received.failed(source.name, told_of_one(error, is_single=len(choices) == 1))
            if one.run_id or one.verdict.is_final:
                forget_volumes(source)
            received.append(one)
    return tuple(received)
