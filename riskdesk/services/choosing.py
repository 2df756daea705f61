"""Taking some of what was looked at: a person says for each package whether, and for each record too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskdesk.domain.progress import Progress, silent
from riskdesk.services import receiving
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import forget_volumes, sources
from riskdesk.services.receiving import Received


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
    with GuardedVerifier() as verifier:
        for done, (number, choice) in enumerate(sorted(choices.items())):
            source = found[number]
            progress(done, len(choices), source.name)
            one = receiving.take(
                desk, source, verifier, keys, chosen=choice.records, accept_retired=choice.accept_retired
            )
            if one.run_id:
                forget_volumes(source)
            received.append(one)
    return tuple(received)
