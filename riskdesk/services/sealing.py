"""上报, first half: what a report would hold and what stands in its way, and freezing it as a signed package."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.annex1 import Annex1Form
from riskdesk.domain.deadlines import deadline, is_late
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.records import record_from_body
from riskdesk.domain.revisions import Revision, RevisionState, heads
from riskdesk.errors import InputError, WaitingError
from riskdesk.files import safe_name, told_as_fault
from riskdesk.services import calendar, keyring
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import MONTHLY, form_of
from riskdesk.services.keyring import Keys
from riskdesk.services.overview import RecordState, state_of
from riskdesk.services.packing import (
    EXTENSION,
    Pack,
    Packed,
    encryption_keys,
    entry_ending,
    package_of,
    packed,
)
from riskdesk.services.roster import name_of, roster_of
from riskdesk.services.secrecy import ONLY_ENCRYPTED, holds_secrets, is_secret
from riskdesk.services.signers import note_signer, signed_with, why_useless, would_sign_with
from riskdesk.services.trusting import anchors
from riskdesk.store.packages import Package
from riskdesk.store.records import RecordRow
from riskdesk.store.submissions import Submission

if TYPE_CHECKING:
    from riskdesk.exchange.container import Content

STEPS = 5  # of sealing and handing over, for progress


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be sealed and for whom; `to` is () for the offices above, `scans` are pictures of the stamped paper.

    `late` and `reason` say why a report is late, and why another follows one that was sealed before; `person` is who signs,
    "" for the first of the people who may.
    """

    period: str
    nil: bool = False
    to: tuple[str, ...] = ()
    encrypt: bool = True
    late: str = ""
    reason: str = ""
    scans: tuple[Path, ...] = ()
    secrets_confirmed: bool = False
    person: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What sealing a period would do: its records, what stands in the way, and what a person should know.

    `follows` is the number of the last report of the period; `repeats` that of the one which says the same, so that no other is made.
    """

    period: str
    records: int
    nil: bool
    late: bool
    follows: int
    receivers: tuple[str, ...]
    secrets: int
    hindrances: tuple[str, ...]
    warnings: tuple[str, ...]
    unknown: tuple[str, ...] = ()  # the names of receivers that nothing can be encrypted to
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class _Content:
    """What is sealed: the form, the revisions in its order, those withdrawn since, the id of the report before it to the same offices."""

    form: Annex1Form
    steps: Sequence[Revision]
    gone: Sequence[Revision]
    prev: str

    def own(self, desk: Desk) -> tuple[Revision, ...]:
        """Return the revisions that go into the payload: the others lie in the packages inside."""
        return tuple(step for step in (*self.steps, *self.gone) if step.org == desk.office.code)


def readiness(desk: Desk, wish: Wish) -> Readiness:
    """Say what sealing would do; writes nothing."""
    ready = _looked_over(desk, wish)
    return replace(ready, repeats=_repeated(desk, wish, ready))


def _looked_over(desk: Desk, wish: Wish) -> Readiness:
    period = desk.reference.periods.period(wish.period)
    rows = desk.records.of_period(period.id)
    due = deadline(period, calendar.holidays_of(desk))
    sealed = _sealed(desk, period.id)
    receivers = wish.to or _above(desk)
    secrets, told = _secrets(desk, period.id, _heads(desk, [row.id for row in rows]))
    _, unknown = encryption_keys(desk, receivers) if keyring.has_keys(desk) else ([], list(receivers))
    open_way = not wish.encrypt or bool(unknown)
    hindrances = _hindrances(desk, wish, rows, secrets=told if secrets else "", open_way=open_way)
    names = [name_of(desk, code) for code in unknown]
    warnings = _warnings(desk, rows, names if wish.encrypt else [])
    return Readiness(
        period.id,
        len(rows),
        wish.nil,
        is_late(due, clock.today()),
        max((each.number for each in sealed), default=0),
        tuple(receivers),
        secrets,
        tuple(hindrances),
        tuple(warnings),
        tuple(names),
    )


def seal(desk: Desk, keys: Keys, wish: Wish, progress: Progress = silent) -> Package:
    """Freeze the report of a period and keep its package, signed with the keys; all or nothing."""
    wish = replace(wish, person=keys.person)
    ready = _looked_over(desk, wish)
    if ready.hindrances:
        raise _refused(desk, wish, ready)
    progress(0, STEPS, "核对")
    sealed = _sealed(desk, ready.period)
    last = _last_to(sealed, ready.receivers)
    content = _content(desk, wish, sealed, last)
    facts = _facts(desk, signed_with(keys), wish, content)
    if last is not None and _says(last, wish, facts):
        return last
    with desk.store.write(desk.office.person, "seal") as writing:
        draft = desk.submissions.put_draft(
            writing,
            org=desk.office.code,
            period=ready.period,
            kind=MONTHLY,
            items=[step.hash for step in content.steps],
            at=clock.now(),
        )
        late = (wish.late or "未说明原因") if ready.late else ""
        reason = wish.reason or ("补充或更正" if sealed else "")
        report = desk.submissions.seal(writing, draft.id, nil=wish.nil, reason=reason or late, at=clock.now())
        told = replace(wish, late=late, reason=reason)
        with _package(desk, keys, told, content, sealed=report, progress=progress) as made:
            file, _ = desk.packages.bytes.keep(made.path)
            noted = {**facts, "submission": report.id, "late": late, "reason": reason, "signer": keys.person}
            name = f"{desk.office.code}_{ready.period}_r{report.number}{EXTENSION}"
            package = package_of(made.manifest, made.id, direction="out", file=file, file_name=name, facts=noted)
            desk.packages.add(writing, package)
            note_signer(desk, writing, keys)
        writing.detail.update(period=ready.period, package=package.id, number=report.number, nil=wish.nil)
    return package


def _repeated(desk: Desk, wish: Wish, ready: Readiness) -> int:
    """Return the number of the report that says what is to be sealed, 0 if none does."""
    sealed = _sealed(desk, ready.period)
    last = _last_to(sealed, ready.receivers)
    if last is None or ready.hindrances:
        return 0
    content = _content(desk, wish, sealed, last)
    if [step.hash for step in content.steps] != last.facts["items"]:
        return 0  # scans need not be read
    return last.number if _says(last, wish, _facts(desk, would_sign_with(desk, wish.person), wish, content)) else 0


def _last_to(sealed: Sequence[Package], receivers: tuple[str, ...]) -> Package | None:
    return max((each for each in sealed if each.receivers == receivers), key=lambda each: each.number, default=None)


def _content(desk: Desk, wish: Wish, sealed: Sequence[Package], last: Package | None) -> _Content:
    form = replace(form_of(desk, wish.period), nil=wish.nil)
    steps = _heads(desk, [row.record_id for row in form.rows])
    return _Content(form, steps, _withdrawn_since(desk, sealed), last.id if last else "")


def _says(last: Package, wish: Wish, facts: Mapping[str, object]) -> bool:
    return last.nil == wish.nil and all(last.facts.get(name) == facts[name] for name in facts)


def _facts(desk: Desk, certificates: str, wish: Wish, content: _Content) -> dict[str, object]:
    """Return what a report is known by: one in which all of it is the same need not be made again."""
    inside = _taken_below(desk, wish.period)
    return {
        "items": [step.hash for step in content.steps],
        "inside": [each.id for each in inside],
        "scans": sorted(_digest(scan) for scan in wish.scans),
        "signed_with": certificates,
        "secret": any(map(is_secret, (*content.steps, *content.own(desk))))
        or any(holds_secrets(desk, each) for each in inside),
    }


@contextmanager
def _package(
    desk: Desk, keys: Keys, wish: Wish, what: _Content, *, sealed: Submission, progress: Progress
) -> Iterator[Packed]:
    from riskdesk.exchange.manifest import PackageKind
    from riskdesk.exchange.payload import REPORT, Report, report_to_bytes

    progress(1, STEPS, "生成报送表")
    report = Report(
        period=wish.period,
        kind=MONTHLY,
        number=sealed.number,
        nil=bool(sealed.nil),
        sealed_at=sealed.at,
        items=tuple(step.hash for step in what.steps),
        late=wish.late,
        reason=wish.reason,
        person=desk.office.person,
        phone=desk.office.phone,
    )
    own = what.own(desk)
    titles: dict[str, str] = {}
    files: dict[str, Content] = {REPORT: report_to_bytes(report, own)}
    for name, content, title in (
        *_forms(desk, keys, what.form, wish),
        *_attached(desk, own),
        *_inner(desk, wish.period),
    ):
        files[name], titles[name] = content, title
    pack = Pack(
        PackageKind.REPORT,
        wish.to or _above(desk),
        files,
        titles,
        period=wish.period,
        number=sealed.number,
        nil=bool(sealed.nil),
        prev=what.prev,
    )
    progress(2, STEPS, "签名")
    with packed(desk, keys, pack) as made:
        yield made


def _forms(desk: Desk, keys: Keys, form: Annex1Form, wish: Wish) -> Iterator[tuple[str, Content, str]]:
    """Give people's copies: the official form as xlsx and as a signed PDF, and scans of the stamped paper."""
    from riskdesk.documents.annex1_pdf import render_pdf
    from riskdesk.documents.annex1_xlsx import render_xlsx
    from riskdesk.documents.signature_block import BLOCK_PLACE, BLOCK_SIZE, render_block
    from riskdesk.exchange.pdf_signature import Block, sign_pdf

    name = safe_name(f"{form.unit}_{form.period}_报送表")
    yield "report/annex1.xlsx", render_xlsx(form).data, f"{name}.xlsx"
    (x, y), (width, height) = BLOCK_PLACE, BLOCK_SIZE
    page = render_block(
        f"{desk.office.name}（{desk.office.code}）", keys.person, keyring.own_fingerprint(desk), clock.now()
    )
    block = Block(page, (x, y, x + width, y + height))
    pdf = sign_pdf(render_pdf(form).data, keys.operator, block, reason="月报报送")
    yield "report/annex1.pdf", pdf, f"{name}.pdf"
    for number, scan in enumerate(wish.scans, 1):
        yield f"report/scan{number:03}{entry_ending(scan.name)}", scan, scan.name


def _attached(desk: Desk, steps: Sequence[Revision]) -> Iterator[tuple[str, Content, str]]:
    """Give the attachments of the records, each content once."""
    seen: set[str] = set()
    for step in steps:
        for each in record_from_body(step.body).attachments:
            if each.sha256 not in seen:
                seen.add(each.sha256)
                yield f"attach/{len(seen):04}{entry_ending(each.name)}", desk.attachments.place(each.sha256), each.name


def _inner(desk: Desk, period: str) -> Iterator[tuple[str, Content, str]]:
    """Give the packages of the offices below, byte for byte: the chain of custody."""
    for number, package in enumerate(_taken_below(desk, period), 1):
        yield (
            f"inner/{number:04}-{package.sender}{EXTENSION}",
            desk.packages.bytes.place(package.file),
            package.file_name,
        )


def _taken_below(desk: Desk, period: str) -> list[Package]:
    from riskdesk.exchange.manifest import PackageKind

    found = desk.packages.of_period(period, "in", PackageKind.REPORT)
    return [each for each in found if not each.outer_id]


def _withdrawn_since(desk: Desk, sealed: Sequence[Package]) -> list[Revision]:
    """Return the newest revisions of records that stood in any report of the period and lie in the bin now.

    Any, as the last one may have been lost on the way or gone to another office.
    """
    hashes = dict.fromkeys(item for each in sealed for item in each.facts["items"])
    stood = [step for each in hashes if (step := desk.revisions.by_hash(each)) is not None]
    now = _heads(desk, [step.object_id for step in stood])
    return [step for step in now if step.state is RevisionState.WITHDRAWN]


def _secrets(desk: Desk, period: str, steps: Sequence[Revision]) -> tuple[int, str]:
    """Return how many of the records, withdrawn ones too, or else of the packages inside, are secret, and that in words."""
    gone = [step for step in _withdrawn_since(desk, _sealed(desk, period)) if step.org == desk.office.code]
    if marked := sum(map(is_secret, (*steps, *gone))):
        return marked, f"{marked} 条记录标为工作秘密"
    inside = sum(holds_secrets(desk, each) for each in _taken_below(desk, period))
    return inside, f"{inside} 个下级报送包里有标为工作秘密的记录"


def _warnings(desk: Desk, rows: Sequence[RecordRow], unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"还没有{'、'.join(unknown)}的加密公钥，这个包不加密；请当面交接，不要用普通邮件发送。"
    if keyring.has_keys(desk) and not anchors(desk).is_enrolled:
        yield "上级还没有签发证书，收件单位要先登记本单位。"
    if drafts := desk.drafts.count():
        yield f"还有 {drafts} 份草稿没有保存为记录，不会报送。"
    if unchecked := [row for row in rows if state_of(row) is RecordState.UNCHECKED]:
        below = sum(row.org != desk.office.code for row in unchecked)
        returned = f"其中 {below} 条由下级报来，要补正的请在“收发”中退回。" if below else ""
        yield f"{len(unchecked)} 条记录待核。{returned}"


def _hindrances(desk: Desk, wish: Wish, rows: Sequence[RecordRow], *, secrets: str, open_way: bool) -> Iterator[str]:
    if not keyring.has_keys(desk):
        yield "本单位还没有密钥，不能签名上报。请先在“设置—密钥与信任”中建立密钥。"
    if useless := why_useless(desk, wish.person):
        yield useless
    if wish.nil and rows:
        yield f"{wish.period} 有 {len(rows)} 条记录，不能作零报告。请核对报送期，或去掉零报告。"
    if not wish.nil and not rows:
        yield f"{wish.period} 没有记录。空白表不等于零报告；确实没有风险信息时，请选择零报告。"
    forked = [row for row in desk.records.forks() if row.period == wish.period]
    if forked:
        yield f"{len(forked)} 条记录有两个版本（{forked[0].product[:12]} 等），请先逐条比较、选定后再封存。"
    if secrets and open_way:
        yield f"{secrets}，{ONLY_ENCRYPTED}"
    elif secrets and not wish.secrets_confirmed:
        yield f"{secrets}。请确认可以报送（不得包含国家秘密）后再封存。"
    if not (wish.to or _above(desk)):
        yield "没有上级单位，不需要上报。如要发送给其他单位，请指定收件单位。"


def _refused(desk: Desk, wish: Wish, ready: Readiness) -> InputError | WaitingError:
    told = "\n".join(ready.hindrances)
    forked = any(row.period == wish.period for row in desk.records.forks())
    return WaitingError(told) if forked else InputError(told)


def _sealed(desk: Desk, period: str) -> list[Package]:
    """Return all reports of ours for a period."""
    from riskdesk.exchange.manifest import PackageKind

    return desk.packages.of_period(period, "out", PackageKind.REPORT)


def _above(desk: Desk) -> tuple[str, ...]:
    return roster_of(desk).office(desk.office.code).report_to


def _heads(desk: Desk, object_ids: Sequence[str]) -> list[Revision]:
    known = desk.revisions.of_objects(object_ids)
    return [heads(known[each])[0] for each in dict.fromkeys(object_ids)]


def _digest(scan: Path) -> str:
    with told_as_fault(scan), scan.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
