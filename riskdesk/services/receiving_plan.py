"""What taking a package would do, row by row; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from riskdesk.domain.extracts import Extract
from riskdesk.domain.receiving import judge_revision
from riskdesk.domain.reconcile import FieldDifference, Outcome, differences
from riskdesk.domain.records import Attachment, Record, fingerprint, record_from_body
from riskdesk.domain.revisions import Revision, RevisionState, heads
from riskdesk.errors import InputError
from riskdesk.services import assessment_words, assessments
from riskdesk.services.desk import Desk
from riskdesk.services.opening import Opened
from riskdesk.services.roster import is_meant, roster_of

if TYPE_CHECKING:
    from riskdesk.exchange.enrolment import Kit
    from riskdesk.exchange.findings import ReadReport
    from riskdesk.exchange.names import Unit
    from riskdesk.exchange.payload import Answer, Rejected, Report

_FROM_ANSWERS = frozenset((Outcome.SAME, Outcome.CONFLICT))  # both versions of a fork, nothing else
_NOT_THEIRS = "只有原单位能修改自己的记录"
_NOT_LISTED = "上级报表没有列入"
_HISTORY, _OLDER = "包内有它之后的版本", "本机已有它之后的版本"
_DOUBLED = "本单位已按手工报送表代录同样内容"
CHANGING = (Outcome.NEW, Outcome.UPDATED, Outcome.CONFLICT)


@dataclass(frozen=True)
class PlannedRevision:
    """One revision of a package with its outcome; `now` is what the record says here (None if it is new), `changes` what would be another.

    `step` is what is taken, None for what is rejected. Of a record that can be read there is the `body`, and what is kept of it (`extract`) if it
    is taken from a report; what is no record has a `title`, `evidence` that it refers to, and what it comes to (`told`).
    """

    outcome: Outcome
    object_id: str
    office: str
    body: Mapping[str, Any] | None = None
    extract: Extract | None = None
    now: Record | None = None
    changes: tuple[FieldDifference, ...] = ()
    why: str = ""
    step: Revision | None = None
    title: str = ""
    evidence: tuple[Attachment, ...] = ()
    told: str = ""

    @cached_property
    def record(self) -> Record | None:
        """What the record says as it came."""
        return record_from_body(self.body) if self.body is not None else None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that it refers to."""
        if self.body is not None and "attachments" not in self.body:  # as nearly always
            return ()
        return self.record.attachments if self.record else self.evidence


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a package would do, row by row; what the reports in it say (by package id), or the answer, or the trust.

    `products` are those of our records that an answer is about, by the record's id; of a sheet it is what it is called.
    """

    rows: tuple[PlannedRevision, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)
    answer: Answer | None = None
    products: Mapping[str, str] = field(default_factory=dict)
    kit: Kit | None = None

    @property
    def left(self) -> int:
        """How many revisions would change something here if they were taken."""
        return sum(row.step is not None and row.outcome in CHANGING for row in self.rows)

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes; `read` is their sum."""
        counted = Counter(str(row.outcome) for row in self.rows)
        return {"read": counted.total(), **{str(outcome): counted[str(outcome)] for outcome in Outcome}}

    def decisions(self) -> Counter[str]:
        """Return of how many of our records an answer says what; nothing for other packages."""
        return Counter(str(each.decision) for each in self.answer.records) if self.answer else Counter()


@dataclass(frozen=True, slots=True)
class _Given:
    """A revision as it came, with the office that signed it; `is_listed` unless the office that handed it on left it out.

    `extract` is what is kept of a record in a report; `unreadable` says why it cannot be read.
    """

    step: Revision | Rejected
    office: str
    extract: Extract | None
    unreadable: str
    is_listed: bool = True


def plan_of(desk: Desk, found: Opened) -> Plan:
    """Return what taking a verified package would do; raise `Refusal` if it does not hold what its manifest says."""
    from riskdesk.exchange.contents import open_package
    from riskdesk.exchange.enrolment import KIT, read_kit
    from riskdesk.exchange.manifest import PackageKind
    from riskdesk.exchange.names import Unit
    from riskdesk.exchange.payload import ANSWER, ASSESSMENT, answer_from_bytes, assessment_from_bytes

    kind, entries = found.verified.manifest.kind, found.verified.digests
    if kind is PackageKind.REPORT:
        return _report_plan(desk, found)
    with open_package(found.plain) as archive:
        if kind is PackageKind.ANSWER and ANSWER in entries:
            answer, steps = answer_from_bytes(archive.read(ANSWER))
            us = Unit(desk.office.code, desk.office.name)
            own = [_Given(step, desk.office.code, None, _unreadable(step)) for step in steps if _is_record(step)]
            others = [step for step in steps if not _is_record(step)]
            rows = (*_judged(desk, own, _FROM_ANSWERS), *_assessments(desk, us, others, _FROM_ANSWERS))
            return Plan(rows, answer=answer, products=dict(_own_ones(desk, answer)))
        if kind is PackageKind.ASSESSMENT and ASSESSMENT in entries:
            steps = assessment_from_bytes(archive.read(ASSESSMENT))
            return Plan(tuple(_assessments(desk, found.verified.signer.office, steps)))
        if kind is PackageKind.TRUST and KIT in entries:
            return Plan(kit=read_kit(archive.read(KIT)))
    return Plan()


def _own_ones(desk: Desk, answer: Answer) -> Iterator[tuple[str, str]]:
    for each in answer.records:
        if (row := desk.records.get(each.record)) is not None:
            yield row.id, row.product
        elif (step := desk.revisions.by_hash(each.revision)) is not None and step.org == desk.office.code:
            yield each.record, assessment_words.title(step)


def _is_record(step: Revision | Rejected) -> bool:
    return not isinstance(step, Revision) or step.kind == "record"


def _unreadable(step: Revision | Rejected) -> str:
    if not isinstance(step, Revision):
        return step.why
    try:
        record_from_body(step.body)
    except InputError as error:
        return str(error)
    return ""


def _given(read: ReadReport, office: str) -> Iterator[_Given]:
    for step in read.steps:
        if isinstance(step, Revision):
            yield _Given(step, office, read.extracts.get(step.hash), read.unreadable.get(step.hash, ""))
        else:
            yield _Given(step, office, None, step.why)


def _assessments(
    desk: Desk,
    signer: Unit,
    steps: Sequence[Revision | Rejected],
    takeable: Collection[Outcome] = frozenset(Outcome),
) -> Iterator[PlannedRevision]:
    """Judge sheets, reviews and indicators of an office, each against those before it.

    What another one in the package follows is history; what has another outcome than the `takeable` is rejected.
    """
    office = signer.code
    known = desk.revisions.of_objects([step.object_id for step in steps if isinstance(step, Revision)])
    matters = {step.hash: _matter(desk, step, office) for step in steps if isinstance(step, Revision)}
    overtaken = {
        (step.object_id, ancestor)
        for step in steps
        if isinstance(step, Revision) and not isinstance(matters[step.hash], InputError)
        for ancestor in step.ancestors
    }
    for step in steps:
        if not isinstance(step, Revision):
            yield PlannedRevision(Outcome.REJECTED, step.object_id, office, why=step.why)
            continue
        matter, here = matters[step.hash], known.setdefault(step.object_id, [])
        outcome = judge_revision(step, here)
        if isinstance(matter, InputError):
            yield PlannedRevision(Outcome.REJECTED, step.object_id, office, why=str(matter))
        elif outcome is Outcome.REJECTED or outcome not in takeable:
            why = "编号与另一单位的内容相同" if outcome is Outcome.REJECTED else _NOT_THEIRS
            yield PlannedRevision(Outcome.REJECTED, step.object_id, office, why=why, title=matter.title)
        else:
            is_history = outcome is not Outcome.SAME and (step.object_id, step.hash) in overtaken
            if not is_history:
                here.append(step)
            told = Outcome.STALE if is_history else outcome
            why = matter.doubt
            row = PlannedRevision(told, step.object_id, office, step=step, title=matter.title, why=why)
            yield replace(row, evidence=matter.attachments, told=matter.told)


def _matter(desk: Desk, step: Revision, office: str) -> assessments.Matter | InputError:
    try:
        return assessments.matter_of(desk, step, office)
    except InputError as error:
        return error


def _report_plan(desk: Desk, found: Opened) -> Plan:
    """Put the report and those of the packages inside together; a revision that came several ways counts once."""
    given: dict[str, _Given] = {}
    inner: list[Revision] = []
    reports: dict[str, Report] = {}
    for (way, verified), read in zip(found.verified.with_inside(), found.reports, strict=True):
        reports[verified.id] = read.report
        for number, each in enumerate(_given(read, verified.signer.office.code)):
            key = each.step.hash if isinstance(each.step, Revision) else f"{verified.id} {number}"
            if way and isinstance(each.step, Revision) and key not in given:
                inner.append(each.step)
            given.setdefault(key, each)
    for left_out in _left_out(reports[found.verified.id].items, inner):
        given[left_out] = replace(given[left_out], is_listed=False)
    return Plan(tuple(_with_doubles(desk, _judged(desk, list(given.values())))), reports)


def _left_out(items: Collection[str], inner: Sequence[Revision]) -> set[str]:
    """Return which revisions of the packages inside the outermost report neither names nor follows.

    Packages are handed on whole, so what an office took only a part of still lies in them. A report does not name what was
    withdrawn; a withdrawal was left out if the report still names what it withdraws.
    """
    named = set(items)
    wanted = [
        step
        for step in inner
        if step.hash in named or (step.state is RevisionState.WITHDRAWN and not named.intersection(step.ancestors))
    ]
    history = {ancestor for step in wanted for ancestor in step.ancestors}
    return {step.hash for step in inner} - {step.hash for step in wanted} - history


def _judged(
    desk: Desk, given: Sequence[_Given], takeable: Collection[Outcome] = frozenset(Outcome)
) -> tuple[PlannedRevision, ...]:
    """Judge every revision; what has another outcome than the `takeable` is rejected.

    What another one that is taken follows is history. What is rejected overtakes nothing.
    """
    known = desk.revisions.of_objects([each.step.object_id for each in given if isinstance(each.step, Revision)])
    growing = {object_id: list(steps) for object_id, steps in known.items()}
    screened = [_screened(each, growing, takeable) for each in given]
    overtaken = {
        (step.object_id, ancestor)
        for each in screened
        if each.given.is_listed and not each.why and isinstance(step := each.given.step, Revision)
        for ancestor in step.ancestors
    }
    return tuple(_planned(each, known, overtaken) for each in screened)


@dataclass(frozen=True, slots=True)
class _Screened:
    """A revision that came, and why it is rejected, "" if it is not."""

    given: _Given
    why: str


def _screened(given: _Given, known: dict[str, list[Revision]], takeable: Collection[Outcome]) -> _Screened:
    """Say whether one revision is rejected; unless it is, or was left out, add it to what is known, so that the next one of its record is judged after it."""
    step = given.step
    if not isinstance(step, Revision) or given.unreadable:
        return _Screened(given, given.unreadable)
    here = known.setdefault(step.object_id, [])
    why = _why_rejected(step, given.office, judge_revision(step, here), takeable)
    if not why and given.is_listed:
        here.append(step)
    return _Screened(given, why)


def _planned(
    screened: _Screened, known: dict[str, list[Revision]], overtaken: Collection[tuple[str, str]]
) -> PlannedRevision:
    """Say what taking one revision does, and add it to what is known.

    What another in the same package follows (`overtaken`, by record) changes nothing and is not known: that one is told as new or updated.
    """
    given, why = screened.given, screened.why
    step, office, extract = given.step, given.office, given.extract
    if not isinstance(step, Revision):
        return PlannedRevision(Outcome.REJECTED, step.object_id, office, why=why)
    body = step.body if step.kind == "record" and not given.unreadable else None
    if why:
        return PlannedRevision(Outcome.REJECTED, step.object_id, office, body, why=why)
    here = known.setdefault(step.object_id, [])
    outcome = judge_revision(step, here)
    if outcome is not Outcome.SAME and not given.is_listed:
        return PlannedRevision(Outcome.STALE, step.object_id, office, body, why=_NOT_LISTED)
    if outcome is not Outcome.SAME and (step.object_id, step.hash) in overtaken:
        return PlannedRevision(Outcome.STALE, step.object_id, office, body, extract, why=_HISTORY, step=step)
    now = record_from_body(heads(here)[0].body) if here else None
    why = _OLDER if outcome is Outcome.STALE else ""
    row = PlannedRevision(outcome, step.object_id, office, body, extract, now, why=why, step=step)
    if now and row.record and outcome in (Outcome.UPDATED, Outcome.CONFLICT):
        row = replace(row, changes=tuple(differences(now, row.record)))
    here.append(step)
    return row


def _why_rejected(step: Revision, office: str, outcome: Outcome, takeable: Collection[Outcome]) -> str:
    """Return why a revision cannot be taken, "" if it can."""
    if step.org != office:
        return "不是签名单位自己的记录"
    if step.kind != "record":
        return "不认识的内容"
    if outcome is Outcome.REJECTED:
        return "记录编号与另一单位的记录相同"
    return "" if outcome in takeable else _NOT_THEIRS


def _with_doubles(desk: Desk, rows: Sequence[PlannedRevision]) -> Iterator[PlannedRevision]:
    """Say of new records that this office has already typed in on behalf of their unit what they say."""
    prints = [row.extract.fingerprint if row.extract and row.outcome is Outcome.NEW else "" for row in rows]
    found = desk.records.ids_by_fingerprints(list(filter(None, prints)))
    known = desk.revisions.of_objects([each for ids in found.values() for each in ids])
    for row, print_ in zip(rows, prints, strict=True):
        ids = found.get(print_, ())
        double = next((tip for each in ids if (tip := _typed_for(desk, row, known.get(each, ()))) is not None), None)
        yield row if double is None else replace(row, why=_told_double(desk, double))


def _typed_for(desk: Desk, row: PlannedRevision, steps: Sequence[Revision]) -> Revision | None:
    """Return the newest of the revisions if it is ours, says what the row says, and is kept on behalf of the row's office."""
    if not steps or row.extract is None or row.step is None or row.step.state is RevisionState.WITHDRAWN:
        return None
    tip = heads(steps)[0]
    if tip.org != desk.office.code or tip.org == row.office or tip.state is RevisionState.WITHDRAWN:
        return None
    kept = record_from_body(tip.body)
    same = fingerprint(kept) == row.extract.fingerprint and is_meant(roster_of(desk), kept.unit, row.office)
    return tip if same else None


def _told_double(desk: Desk, tip: Revision) -> str:
    run = desk.imports.run_of(tip.hash)
    if not run:
        return f"{_DOUBLED}，请把代录的一条放入回收站，以免重复"
    return f"{_DOUBLED}（导入 {run}），请撤销那次导入，以免重复"


def cautions(desk: Desk, found: Opened, plan: Plan) -> Iterator[str]:
    """Tell what a person should know before a package is taken, besides what its verdict says."""
    yield from dict.fromkeys(row.why for row in plan.rows if row.title and row.step and row.why)
    if lacking := _lacking(desk, found, plan):
        yield f"有 {len(lacking)} 份证明材料不在包内，本机也没有，无法查看：{'、'.join(lacking)}。请让对方重新发送。"
    doubles = sum(row.why.startswith(_DOUBLED) for row in plan.rows)
    if doubles:
        yield f"其中 {doubles} 条与本单位代录的记录内容相同，接收后会有两份。请按各条的说明撤销代录的导入。"
    about = desk.packages.get(plan.answer.package) if plan.answer else None
    if plan.answer and (about is None or about.direction != "out"):
        yield "本机没有这份回执所说的报送包（可能恢复过备份），记录的状态没有改变。"


def _lacking(desk: Desk, found: Opened, plan: Plan) -> list[str]:
    """Return the names of the files that a sheet refers to and that neither came nor are here."""
    brought = {digest for _, verified in found.verified.with_inside() for digest in verified.digests.values()}
    wanted = {each.sha256: each for row in plan.rows if row.step for each in row.evidence}
    return [
        each.name
        for sha256, each in wanted.items()
        if sha256 not in brought and not desk.attachments.place(sha256).is_file()
    ]
