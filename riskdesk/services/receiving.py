"""Taking packages in: look first (verdict and plan, nothing is written), then take all or some in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.reconcile import Outcome
from riskdesk.errors import InputError, UserError
from riskdesk.services import trusting
from riskdesk.services.answering import said_by
from riskdesk.services.desk import Desk
from riskdesk.services.kits import take_kit
from riskdesk.services.opening import Opened, Opening, Source
from riskdesk.services.packing import package_of
from riskdesk.services.receiving_plan import Plan, PlannedRevision, cautions, plan_of
from riskdesk.services.roster import hear
from riskdesk.services.verdicts import LATEST_SEEN, Verdict, is_from_above, is_overtaken, judge_package
from riskdesk.store.connection import Writing
from riskdesk.store.ids import new_id
from riskdesk.store.imports import ImportedFile, ImportedRow
from riskdesk.store.packages import Package

if TYPE_CHECKING:
    from riskdesk.exchange.enrolment import Kit
    from riskdesk.exchange.findings import Verified
    from riskdesk.exchange.names import Unit

__all__ = ["Looked", "Plan", "PlannedRevision", "Received", "look", "take"]

_TOLERATED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """A package with its verdict and plan; `package` is its id, `verified` None if it was refused."""

    source: Source
    verdict: Verdict
    plan: Plan
    package: str = ""
    verified: Verified | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.source.name

    @classmethod
    def failed(cls, source: Source, error: UserError) -> Looked:
        """Return what is known of a file that could not be opened."""
        return cls(source, Verdict.failed(error), Plan())


@dataclass(frozen=True, slots=True)
class Received:
    """What taking a package did; `run_id` can be undone, "" if nothing was taken; `error` is why a file could not be opened."""

    name: str
    verdict: Verdict
    plan: Plan
    package: str
    run_id: str = ""
    chosen: frozenset[str] | None = None
    error: UserError | None = None

    @classmethod
    def failed(cls, name: str, error: UserError) -> Received:
        """Return what became of a file that could not be opened: nothing."""
        return cls(name, Verdict.failed(error), Plan(), "", error=error)


def look(desk: Desk, opening: Opening) -> Looked:
    """Verify a package and say what taking it would do; writes nothing into the data file."""
    with _looked(desk, opening) as (looked, _):
        return looked


def take(
    desk: Desk,
    opening: Opening,
    *,
    seen: str = "",
    chosen: Collection[str] | None = None,
    accept_retired: bool = False,
) -> Received:
    """Take a package in one transaction, or nothing if its verdict forbids it; `chosen` are the ids of the records wanted, None for all.

    Taking a package again changes nothing; what was left out can be taken later, it then belongs to the same import. `accept_retired` is a person's word that what was signed before a harmless revocation is good.
    Raises `InputError` if it is not the package that was `seen` (its id, "" for any).
    """
    with _looked(desk, opening) as (looked, found):
        if found is not None and seen not in ("", looked.package):
            raise InputError(f"文件 {looked.name} 已变，不是刚才查看的包，没有接收。请重新查看。")
        if found is None or not looked.verdict.allows(accept_retired=accept_retired):
            return Received(looked.name, looked.verdict, looked.plan, looked.package)
        run_id = _write(desk, found, looked, chosen)
    return Received(
        looked.name, looked.verdict, looked.plan, looked.package, run_id, None if chosen is None else frozenset(chosen)
    )


@contextmanager
def _looked(desk: Desk, opening: Opening) -> Iterator[tuple[Looked, Opened | None]]:
    from riskdesk.exchange.refusal import Refusal

    try:
        with opening as found:
            plan = plan_of(desk, found)
            verdict = judge_package(desk, found.verified, plan.left, tuple(cautions(desk, found, plan)))
            yield Looked(opening.source, verdict, plan, found.verified.id, found.verified), found
    except Refusal as refusal:
        yield Looked(opening.source, Verdict.refused(refusal.reason, str(refusal), refusal.detail), Plan()), None


def _write(desk: Desk, found: Opened, looked: Looked, chosen: Collection[str] | None) -> str:
    rows = [row for row in looked.plan.rows if row.step and (chosen is None or row.object_id in chosen)]
    attached = list(_attachments(desk, found, rows))
    file, _ = desk.packages.bytes.keep(found.plain)
    before = desk.packages.get(looked.package)
    is_rest = before is not None and not before.outer_id
    run_id = before.run_id if before is not None and is_rest else new_id()
    is_told = looked.plan.kit is not None and is_from_above(desk, found.verified)
    takes_kit = is_told and not is_overtaken(desk, found.verified)
    with desk.store.write(desk.office.person, "receive") as writing:
        for sha256, size, name in attached:
            desk.attachments.note(writing, sha256, size, name)
        steps = [row.step for row in rows if row.step]
        added = [row.step.hash for row in rows if row.step and row.outcome is not Outcome.SAME]
        extracts = {row.step.hash: row.extract for row in rows if row.step and row.extract}
        desk.revisions.add(writing, steps, extracts)
        desk.packages.cover(writing, run_id, [step.hash for step in steps], added)
        for package in _noted(found, looked, run_id, file):
            desk.packages.add(writing, package)
        _take_trust(desk, writing, found.verified)
        if found.verified.inside:
            hear(desk, writing, {unit.code: unit.name for unit in _signers(found.verified)})
        if looked.plan.answer is not None:
            said = said_by(desk, looked.plan.answer, found.verified.manifest.sender)
            desk.packages.note_answers(writing, looked.package, run_id, said)
        if looked.plan.kit is not None:
            (take_kit if takes_kit else _take_lists)(desk, writing, looked.plan.kit)
        if not is_rest:  # else all its rows are in the log
            _log(desk, writing, looked, run_id)
        writing.detail.update(run=run_id, package=looked.package, **looked.plan.counts())
    return run_id


def _attachments(desk: Desk, found: Opened, rows: Sequence[PlannedRevision]) -> Iterator[tuple[str, int, str]]:
    """Copy the attachments of the wanted records in, before anything refers to them."""
    from riskdesk.exchange.contents import open_package

    wanted = {each.sha256: each for row in rows for each in row.attachments}
    for way, verified in found.verified.with_inside():
        entries = {digest: name for name, digest in verified.digests.items() if name.startswith("attach/")}
        if not entries.keys() & wanted.keys():
            continue
        with open_package(found.plain, way) as archive:
            for sha256 in entries.keys() & wanted.keys():
                desk.attachments.keep_chunks(archive.chunks(entries[sha256]), sha256)
                each = wanted.pop(sha256)
                yield sha256, each.size, each.name


def _noted(found: Opened, looked: Looked, run_id: str, file: str) -> Iterator[Package]:
    outer_id = ""
    for way, verified in found.verified.with_inside():
        manifest, report = verified.manifest, looked.plan.reports.get(verified.id)
        facts = {
            "signer": verified.signer.person,
            "trust": str(verified.signer.level),
            "summary": looked.verdict.summary,
            "items": list(report.items)
            if report
            else [row.step.hash for row in looked.plan.rows if row.step and row.title],
            "late": report.late if report else "",
            "sealed_at": report.sealed_at if report else "",
            "reason": report.reason if report else "",
            "about": looked.plan.answer.package if looked.plan.answer else "",
        }
        name = looked.name if not way else way[-1].removeprefix("inner/")
        package = package_of(manifest, verified.id, direction="in", file=file, file_name=name, facts=facts)
        at = clock.now().isoformat(timespec="seconds")
        yield replace(package, run_id=run_id, outer_id=outer_id if way else "", at=at)
        outer_id = outer_id or verified.id


def _take_trust(desk: Desk, writing: Writing, verified: Verified) -> None:
    """Keep newer revocation lists, and the newest time that was seen: the clock here may have been set back."""
    trusting.take_crls(desk, writing, verified.brought.crls, verified.brought.intermediates)
    seen = desk.settings.get(LATEST_SEEN) or ""
    created = verified.manifest.created_at.astimezone(clock.CHINA)
    if created <= clock.now() + _TOLERATED and created.isoformat() > seen:
        desk.settings.put(writing, LATEST_SEEN, created.isoformat())


def _take_lists(desk: Desk, writing: Writing, kit: Kit) -> None:
    """Take only the lists of revoked certificates, which tell themselves which is newer, from a kit that came late or from below."""
    trusting.take_crls(desk, writing, kit.crls, kit.chain)


def _signers(verified: Verified) -> Iterator[Unit]:
    for _, each in verified.with_inside():
        yield from each.signer.path


def _log(desk: Desk, writing: Writing, looked: Looked, run_id: str) -> None:
    desk.imports.log(
        writing,
        run_id=run_id,
        at=clock.now(),
        actor=desk.office.person,
        period=looked.verdict.period,
        files=[_logged_file(looked)],
        rows=[_logged(looked, number, row) for number, row in enumerate(looked.plan.rows, 1)],
    )


def _logged_file(looked: Looked) -> ImportedFile:
    return ImportedFile(looked.name, looked.verdict.office, "", looked.verdict.person, "", int(looked.verdict.nil), ())


def _logged(looked: Looked, number: int, row: PlannedRevision) -> ImportedRow:
    if row.step is not None:  # what it says stands in the revision
        return ImportedRow(looked.name, row.office, number, str(row.outcome), row.object_id, {})
    typed = {"product": row.record.product, "content": row.record.content} if row.record else {"product": row.title}
    return ImportedRow(looked.name, row.office, number, str(row.outcome), row.object_id, typed)
