"""What became of the versions of a sheet or a review that were handed on: 已导出、已收到、已退回, office by office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskdesk.domain.handoff import HandedState
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.store.packages import AnsweredRevision, Package


@dataclass(frozen=True, slots=True)
class Reply:
    """What an office that it was addressed to says of a version; SENT while it says nothing. `reason` is why it was given back."""

    office: str
    state: HandedState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A version that was handed on, `first` and last `at` (ISO 8601), and what those say whom it was addressed to."""

    revision: str
    first: str
    at: str
    replies: tuple[Reply, ...]


def handed_on(desk: Desk, revision: str) -> list[HandedOn]:
    """Return the versions of a thing of ours that were handed on, the last first; `revision` is the newest one."""
    newest = desk.revisions.by_hash(revision)
    if newest is None:
        return []
    versions = {newest.hash, *newest.ancestors}
    sent: dict[str, list[Package]] = {}
    for package in desk.packages.every("out"):
        if package.kind == "assessment":
            items = reversed(package.facts.get("items") or ())  # a version stands after its history
            if version := next((each for each in items if each in versions), ""):
                sent.setdefault(version, []).append(package)
    return [_handed_on(desk, each, packages) for each, packages in sent.items()]


def _handed_on(desk: Desk, version: str, packages: Sequence[Package]) -> HandedOn:
    last: dict[str, AnsweredRevision] = {}
    for each in sorted(desk.packages.answers_about(version), key=lambda each: (each.told.report, each.told.number)):
        last[each.told.sender] = each
    roster = roster_of(desk)
    addressed = dict.fromkeys(code for package in packages for code in package.receivers)
    return HandedOn(
        version,
        packages[-1].created,
        packages[0].created,
        tuple(
            Reply(
                roster.name_of(code),
                last[code].told.state if code in last else HandedState.SENT,
                last[code].reason if code in last else "",
            )
            for code in addressed
        ),
    )
