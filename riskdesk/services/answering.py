"""Answers to packages from below: receipt, return with a reason per record, adoption; and what they mean down there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.handoff import HandedState, Told
from riskdesk.domain.revisions import Revision
from riskdesk.errors import InputError
from riskdesk.files import put_new
from riskdesk.services.desk import Desk
from riskdesk.services.handed import can_answer, is_adopted, matters_of
from riskdesk.services.keyring import Keys
from riskdesk.services.packing import EXTENSION, Pack, encrypted, encryption_keys, package_of, packed, workroom
from riskdesk.services.secrecy import is_secret
from riskdesk.services.signers import demand_useful, note_signer
from riskdesk.store.packages import AnsweredRevision, Package

if TYPE_CHECKING:
    from riskdesk.exchange.payload import Answer, Answered

_SHORTEST = 6  # characters of an id that a person gives


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer that was written, and how many records it says what of."""

    file: Path
    package: str
    received: int
    returned: int
    adopted: int


def answer(desk: Desk, keys: Keys, package_id: str, returns: Mapping[str, str], folder: Path) -> Answering:
    """Write the signed answer to a package: `returns` gives the reason by record id (or its beginning).

    It is encrypted if the office's key is known; if it is not, versions of records that are work secrets stay out of it.
    A record that stands in a sealed report of ours is told as adopted, every other one as received. Raises `InputError`
    for a package or record that is not known, a return without a reason, or a certificate that nobody would take, and
    `FileFaultError` if it cannot be written: then nothing is noted.
    """
    from riskdesk.exchange.manifest import PackageKind
    from riskdesk.exchange.payload import ANSWER, Answer, Decision, answer_to_bytes

    demand_useful(desk, keys)
    package = find(desk, package_id)
    records = tuple(_decided(desk, package, returns))
    before = desk.packages.answers_given(desk.office.code, package)
    said = Answer(package.id, package.period, len(before) + 1, clock.now().isoformat(timespec="seconds"), records)
    count = {each: sum(record.decision is each for record in records) for each in Decision}
    recipients, unknown = encryption_keys(desk, [package.sender])
    forked = _forked(desk, records)
    pack = Pack(
        PackageKind.ANSWER,
        [package.sender],
        {ANSWER: answer_to_bytes(said, tuple(_open_ones(forked) if unknown else forked))},
        period=package.period,
        number=said.number,
    )
    name = f"{desk.office.code}_回执_{package.sender}_{package.period}_r{package.number}-{said.number}{EXTENSION}"
    returned = {each.record: each.reason for each in records if each.decision is Decision.RETURNED}
    with packed(desk, keys, pack) as made, workroom(desk) as room:
        source = made.path if unknown else encrypted(made.path, room, name, recipients)
        written = put_new(source, folder / (name if unknown else source.name))
        file, _ = desk.packages.bytes.keep(made.path)  # noted only once the file is really there
        facts = {"about": package.id, "returned": returned}
        noted = package_of(made.manifest, made.id, direction="out", file=file, file_name=name, facts=facts)
        with desk.store.write(desk.office.person, "answer") as writing:
            writing.detail.update(package=package.id, **{str(each): number for each, number in count.items()})
            desk.packages.add(writing, noted)
            note_signer(desk, writing, keys)
    return Answering(written, package.id, count[Decision.RECEIVED], count[Decision.RETURNED], count[Decision.ADOPTED])


def find(desk: Desk, package_id: str) -> Package:
    """Return the package from below with the id, or the one whose id begins so; raise `InputError` otherwise."""
    wanted = package_id.strip().lower()
    found = [
        each
        for each in desk.packages.every("in")
        if len(wanted) >= _SHORTEST and each.id.startswith(wanted) and can_answer(desk, each.kind, each.sender)
    ]
    if len(found) != 1:
        raise InputError(f"没有收到过编号为 {package_id} 的报送包。请在接收记录中核对编号。")
    return found[0]


def said_by(desk: Desk, answer_: Answer, sender: str) -> list[AnsweredRevision]:
    """Return what an answer says of our revisions, as it is noted; nothing if it is about no package of ours to that office."""
    about = desk.packages.get(answer_.package)
    if about is None or about.direction != "out" or sender not in about.receivers:
        return []
    states = {"received": HandedState.RECEIVED, "returned": HandedState.RETURNED, "adopted": HandedState.ADOPTED}
    return [
        AnsweredRevision(
            answer_.package,
            each.revision,
            each.record,
            Told(about.number, sender, answer_.number, states[str(each.decision)]),
            each.reason,
        )
        for each in answer_.records
    ]


def _decided(desk: Desk, package: Package, returns: Mapping[str, str]) -> Iterator[Answered]:
    from riskdesk.exchange.payload import Answered, Decision

    steps = list(matters_of(desk, package))
    reasons = _reasons(returns, {step.object_id for step in steps})
    for step in steps:
        if step.object_id in reasons:
            yield Answered(step.object_id, step.hash, Decision.RETURNED, reasons[step.object_id])
        elif is_adopted(desk, step):
            yield Answered(step.object_id, step.hash, Decision.ADOPTED)
        else:
            yield Answered(step.object_id, step.hash, Decision.RECEIVED)


def _reasons(returns: Mapping[str, str], object_ids: Collection[str]) -> dict[str, str]:
    """Return the reasons by whole ids; those that are given may be cut as long as each means one of the package."""
    reasons = {}
    for named, text in returns.items():
        found = [each for each in object_ids if len(named) >= _SHORTEST and each.startswith(named)]
        if not found:
            raise InputError(f"这个包里没有编号为 {named} 的记录。请在预览中核对编号。")
        if len(found) > 1:
            raise InputError(f"这个包里有 {len(found)} 条记录的编号以 {named} 开头，请把编号写完整。没有写出回执。")
        if not text.strip():
            raise InputError(f"退回 {named} 没有写原因。请写明要补正什么。")
        reasons[found[0]] = text.strip()
    return reasons


def _open_ones(steps: Iterable[Revision]) -> Iterator[Revision]:
    """Leave out the records of which any version is a work secret."""
    kept = list(steps)
    hidden = {step.object_id for step in kept if is_secret(step)}
    return (step for step in kept if step.object_id not in hidden)


def _forked(desk: Desk, records: tuple[Answered, ...]) -> Iterator[Revision]:
    """Give both versions of a record that is returned because there are two, so that its office can decide."""
    from riskdesk.exchange.payload import Decision

    for record in dict.fromkeys(each.record for each in records if each.decision is Decision.RETURNED):
        tips = desk.revisions.tips(record)
        if len(tips) > 1:
            yield from tips
