"""Taking some of what was looked at: a person says for each package whether, and for each record too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import UserError
from riskdesk.services import receiving
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Source, forget_volumes, opened_in_turn
from riskdesk.services.receiving import Received
from riskdesk.services.taking import told_of_one


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants of a package: the ids of `records`, None for all; `accept_retired` as in `receiving.take`.

    `package` is its id as it was seen, `source` where it lay: a stick that is pulled or filled anew meanwhile brings in nothing unseen.
    """

    source: Source
    package: str
    records: frozenset[str] | None = None
    accept_retired: bool = False


def take_chosen(
    desk: Desk, choices: Sequence[Choice], keys: Keys | None, progress: Progress = silent
) -> tuple[Received, ...]:
    """Take packages that `taking.look_at` gave, each for itself; one that is another by now is not taken."""
    received = []
    with opened_in_turn(desk, [each.source for each in choices], keys) as line:
        for done, (choice, opening) in enumerate(zip(choices, line, strict=True)):
            progress(done, len(choices), choice.source.name)
            try:
                one = receiving.take(
                    desk, opening, seen=choice.package, chosen=choice.records, accept_retired=choice.accept_retired
                )
            except UserError as error:
                one = Received.failed(choice.source.name, told_of_one(error, is_single=len(choices) == 1))
            if one.run_id or one.verdict.is_final:
                forget_volumes(choice.source)
            received.append(one)
    return tuple(received)
