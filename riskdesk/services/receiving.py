"""Taking packages in: look first (verdict and plan, nothing is written), then take all or some in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.receiving import judge_revision
from riskdesk.domain.reconcile import FieldDifference, Outcome, differences
from riskdesk.domain.records import Record, record_from_body
from riskdesk.domain.revisions import Revision, heads
from riskdesk.services import trusting
from riskdesk.services.answering import said_by
from riskdesk.services.desk import Desk
from riskdesk.services.enrolment import take_kit
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Opened, Source, opened, packages_inside
from riskdesk.services.verdicts import Verdict, judge_package
from riskdesk.store.connection import Writing
from riskdesk.store.ids import new_id
from riskdesk.store.imports import ImportedFile, ImportedRow
from riskdesk.store.packages import Package

if TYPE_CHECKING:
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.enrolment import Kit
    from riskdesk.exchange.payload import Answer, Rejected, Report
    from riskdesk.exchange.verify import Verified

_TOLERATED = timedelta(days=1)
_SEEN = "latest_seen"  # the newest time that a good package bore


@dataclass(frozen=True, slots=True)
class PlannedRevision:
    """One revision of a package with its outcome; `now` is what the record says here (None if it is new), `changes` what would be another.

    `step` is what is taken, None for what is rejected.
    """

    outcome: Outcome
    object_id: str
    office: str
    record: Record | None
    now: Record | None = None
    changes: tuple[FieldDifference, ...] = ()
    why: str = ""
    step: Revision | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a package would do, row by row; what the reports in it say (by package id), or the answer, or the trust."""

    rows: tuple[PlannedRevision, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)
    answer: Answer | None = None
    kit: Kit | None = None

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes; `read` is their sum."""
        counted = Counter(str(row.outcome) for row in self.rows)
        return {"read": counted.total(), **{str(outcome): counted[str(outcome)] for outcome in Outcome}}


@dataclass(frozen=True, slots=True)
class Looked:
    """A package with its verdict and plan; `package` is its id, `verified` None if it was refused."""

    name: str
    verdict: Verdict
    plan: Plan
    package: str = ""
    verified: Verified | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What taking a package did; `run_id` can be undone, "" if nothing was taken."""

    name: str
    verdict: Verdict
    plan: Plan
    package: str
    run_id: str = ""
    chosen: frozenset[str] | None = None


def look(desk: Desk, source: Source, verifier: GuardedVerifier, keys: Keys | None = None) -> Looked:
    """Verify a package and say what taking it would do; writes nothing into the data file."""
    with _looked(desk, source, verifier, keys) as (looked, _):
        return looked


def take(
    desk: Desk,
    source: Source,
    verifier: GuardedVerifier,
    keys: Keys | None = None,
    *,
    chosen: Collection[str] | None = None,
    accept_retired: bool = False,
) -> Received:
    """Take a package in one transaction, or nothing if its verdict forbids it; `chosen` are the ids of the records wanted, None for all.

    Taking a package again changes nothing. `accept_retired` is a person's word that what was signed before a harmless revocation is good.
    """
    with _looked(desk, source, verifier, keys) as (looked, found):
        if found is None or not looked.verdict.allows(accept_retired=accept_retired):
            return Received(looked.name, looked.verdict, looked.plan, looked.package)
        run_id = _write(desk, found, looked, chosen)
    return Received(
        looked.name, looked.verdict, looked.plan, looked.package, run_id, None if chosen is None else frozenset(chosen)
    )


@contextmanager
def _looked(
    desk: Desk, source: Source, verifier: GuardedVerifier, keys: Keys | None
) -> Iterator[tuple[Looked, Opened | None]]:
    from riskdesk.exchange.refusal import Refusal

    try:
        with opened(desk, source, verifier, keys) as found:
            verdict = judge_package(desk, found.verified)
            plan = _plan(desk, found)
            yield Looked(source.name, verdict, plan, found.verified.id, found.verified), found
    except Refusal as refusal:
        yield Looked(source.name, Verdict.refused(refusal.reason, str(refusal), refusal.detail), Plan()), None


def _plan(desk: Desk, found: Opened) -> Plan:
    from riskdesk.exchange.contents import open_package
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind
    from riskdesk.exchange.payload import ANSWER, answer_from_bytes

    kind, entries = found.verified.manifest.kind, found.verified.digests
    if kind is PackageKind.REPORT:
        return _report_plan(desk, found)
    with open_package(found.plain) as archive:
        if kind is PackageKind.ANSWER and ANSWER in entries:
            answer, steps = answer_from_bytes(archive.read(ANSWER))
            return Plan(_judged(desk, [(step, desk.office.code) for step in steps]), answer=answer)
        if kind is PackageKind.TRUST and KIT in entries:
            return Plan(kit=read_kit(archive.read(KIT)))
    return Plan()


def _report_plan(desk: Desk, found: Opened) -> Plan:
    """Read the report and those of the packages inside; a revision that came several ways counts once."""
    reports: dict[str, Report] = {}
    given: dict[str, tuple[Revision | Rejected, str]] = {}
    for way, verified in packages_inside(found.verified):
        report, steps = _read_report(found, way, verified)
        reports[verified.id] = report
        for number, step in enumerate(steps):
            key = step.hash if isinstance(step, Revision) else f"{verified.id} {number}"
            given.setdefault(key, (step, verified.signer.office.code))
    return Plan(_judged(desk, list(given.values())), reports)


def _read_report(found: Opened, way: Sequence[str], verified: Verified) -> tuple[Report, list[Revision | Rejected]]:
    from riskdesk.exchange.contents import open_package
    from riskdesk.exchange.payload import REPORT, report_from_bytes
    from riskdesk.exchange.refusal import Refusal

    if REPORT not in verified.digests:
        raise Refusal("payload", "no report")
    with open_package(found.plain, way) as archive:
        report, steps = report_from_bytes(archive.read(REPORT))
    manifest = verified.manifest
    if (report.period, report.number, report.nil) != (manifest.period, manifest.number, manifest.nil):
        raise Refusal("manifest", "not the report that the manifest names")
    return report, steps


def _judged(desk: Desk, given: Sequence[tuple[Revision | Rejected, str]]) -> tuple[PlannedRevision, ...]:
    known = desk.revisions.of_objects([step.object_id for step, _ in given if isinstance(step, Revision)])
    overtaken = {ancestor for step, _ in given if isinstance(step, Revision) for ancestor in step.ancestors}
    return tuple(_planned(step, office, known, overtaken) for step, office in given)


def _planned(
    step: Revision | Rejected, office: str, known: dict[str, list[Revision]], overtaken: Collection[str]
) -> PlannedRevision:
    """Judge one revision and add it to what is known, so that the next one of its record is judged after it.

    What another in the same package follows (`overtaken`) is history and changes nothing.
    """
    if not isinstance(step, Revision):
        return PlannedRevision(Outcome.REJECTED, step.object_id, office, None, why=step.why)
    record = record_from_body(step.body) if step.kind == "record" else None
    if step.org != office or record is None:
        why = "不是签名单位自己的记录" if step.org != office else "不认识的内容"
        return PlannedRevision(Outcome.REJECTED, step.object_id, office, record, why=why)
    here = known.setdefault(step.object_id, [])
    outcome = judge_revision(step, here)
    if outcome is Outcome.REJECTED:
        return PlannedRevision(outcome, step.object_id, office, record, why="记录编号与另一单位的记录相同")
    if step.hash in overtaken and outcome is not Outcome.SAME:
        return PlannedRevision(Outcome.STALE, step.object_id, office, record, step=step)
    now = record_from_body(heads(here)[0].body) if here else None
    changes = tuple(differences(now, record)) if now and outcome in (Outcome.UPDATED, Outcome.CONFLICT) else ()
    here.append(step)
    return PlannedRevision(outcome, step.object_id, office, record, now, changes, step=step)


def _write(desk: Desk, found: Opened, looked: Looked, chosen: Collection[str] | None) -> str:
    rows = [row for row in looked.plan.rows if row.step and (chosen is None or row.object_id in chosen)]
    attached = list(_attachments(desk, found, rows))
    file, _ = desk.packages.bytes.keep(found.plain)
    run_id, at = new_id(), clock.now()
    with desk.store.write(desk.office.person, "receive") as writing:
        for sha256, size, name in attached:
            desk.attachments.note(writing, sha256, size, name)
        steps = [row.step for row in rows if row.step]
        added = [row.step.hash for row in rows if row.step and row.outcome is not Outcome.SAME]
        desk.revisions.add(writing, steps)
        desk.packages.cover(writing, run_id, [step.hash for step in steps], added)
        for package in _noted(found, looked, run_id, file):
            desk.packages.add(writing, package)
        _take_trust(desk, writing, found.verified)
        if looked.plan.answer is not None:
            said = said_by(desk, looked.plan.answer, found.verified.manifest.sender)
            desk.packages.note_answers(writing, looked.package, run_id, said)
        if looked.plan.kit is not None:
            take_kit(desk, writing, looked.plan.kit)
        desk.imports.log(
            writing,
            run_id=run_id,
            at=at,
            actor=desk.office.person,
            period=found.verified.manifest.period,
            files=[_logged_file(looked)],
            rows=[_logged(looked, number, row) for number, row in enumerate(looked.plan.rows, 1)],
        )
        writing.detail.update(run=run_id, package=looked.package, **looked.plan.counts())
    return run_id


def _attachments(desk: Desk, found: Opened, rows: Sequence[PlannedRevision]) -> Iterator[tuple[str, int, str]]:
    """Copy the attachments of the wanted records in, before anything refers to them."""
    from riskdesk.exchange.contents import open_package

    wanted = {each.sha256: each for row in rows if row.record for each in row.record.attachments}
    for way, verified in packages_inside(found.verified):
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
    for way, verified in packages_inside(found.verified):
        manifest, report = verified.manifest, looked.plan.reports.get(verified.id)
        facts = {
            "signer": verified.signer.person,
            "trust": str(verified.signer.level),
            "summary": looked.verdict.summary,
            "items": list(report.items) if report else [],
            "late": report.late if report else "",
            "sealed_at": report.sealed_at if report else "",
            "reason": report.reason if report else "",
            "about": looked.plan.answer.package if looked.plan.answer else "",
        }
        yield Package(
            id=verified.id,
            run_id=run_id,
            outer_id=outer_id if way else "",
            direction="in",
            kind=str(manifest.kind),
            uid=manifest.uid,
            sender=manifest.sender,
            receivers=manifest.receivers,
            period=manifest.period,
            number=manifest.number,
            nil=manifest.nil,
            created=manifest.created,
            at=clock.now().isoformat(timespec="seconds"),
            file=file,
            file_name=looked.name if not way else way[-1].removeprefix("inner/"),
            facts=facts,
        )
        outer_id = outer_id or verified.id


def _take_trust(desk: Desk, writing: Writing, verified: Verified) -> None:
    """Keep newer revocation lists, and the newest time that was seen: the clock here may have been set back."""
    trusting.take_crls(desk, writing, verified.brought.crls, verified.brought.intermediates)
    seen = desk.settings.get(_SEEN) or ""
    created = verified.manifest.created_at.astimezone(clock.CHINA)
    if created <= clock.now() + _TOLERATED and created.isoformat() > seen:
        desk.settings.put(writing, _SEEN, created.isoformat())


def _logged_file(looked: Looked) -> ImportedFile:
    return ImportedFile(looked.name, looked.verdict.office, "", looked.verdict.person, "", int(looked.verdict.nil), ())


def _logged(looked: Looked, number: int, row: PlannedRevision) -> ImportedRow:
    typed = {"product": row.record.product, "content": row.record.content} if row.record else {}
    return ImportedRow(looked.name, row.office, number, str(row.outcome), row.object_id, typed)
