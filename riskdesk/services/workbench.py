"""What an office sees first: the period that is due, how far it is, what cannot wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from riskdesk import clock
from riskdesk.domain.deadlines import Cutoff, Deadline, days_left, deadline, is_late, suggested_cutoffs
from riskdesk.domain.handoff import Completeness
from riskdesk.domain.periods import Period
from riskdesk.domain.workdays import Holidays
from riskdesk.services import calendar, keyring
from riskdesk.services.completeness import completeness
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import MONTHLY
from riskdesk.services.handed import Sent, newest_sent
from riskdesk.services.preferences import Preferences, preferences
from riskdesk.services.roster import name_of
from riskdesk.store.backup import newest_backup
from riskdesk.store.records import RecordRow, Tally
from riskdesk.store.submissions import Submission

_HOUR = 3600
_AHEAD = 4  # periods


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a period's work; `current` is the first that is not done."""

    title: str
    done: bool
    current: bool
    note: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """A record of 重点 that stands in no sealed report, with the hours since it was first registered."""

    row: RecordRow
    registered_at: datetime
    hours: float
    overdue: bool


@dataclass(frozen=True, slots=True)
class Workbench:
    """The state of the period that is reported now; counts are of its records that are not in the bin.

    `holidays` and `wishes` are what it was counted with, `ahead` the due dates of the periods after it, `below` says who of the offices
    below has reported.
    """

    deadline: Deadline
    today: date
    days_left: int
    late: bool
    superior: str
    cutoffs: tuple[tuple[Cutoff, datetime], ...]
    steps: tuple[Step, ...]
    entered: int
    entered_before: int
    unchecked: int
    forked: int
    important: int
    key: int
    drafts: int
    urgent: tuple[Urgent, ...]
    last_backup: datetime | None
    ahead: tuple[Deadline, ...]
    holidays: Holidays
    wishes: Preferences
    has_keys: bool
    below: Completeness


def workbench(desk: Desk) -> Workbench:
    """Return what the office sees first, as of now."""
    holidays, today, wishes = calendar.holidays_of(desk), clock.today(), preferences(desk)
    period = calendar.reported_now(desk.reference, holidays, today)
    before = desk.reference.periods.previous(period)
    due, tally = deadline(period, holidays), desk.records.tally(period.id)
    is_own = bool(tally.unchecked) and desk.lists.has_unchecked(period.id, desk.office.code)
    return Workbench(
        deadline=due,
        today=today,
        days_left=days_left(due, today),
        late=is_late(due, today),
        superior=_superior(desk),
        cutoffs=suggested_cutoffs(due, wishes.cutoffs),
        steps=_steps(tally, last_report(desk, period), newest_sent(desk, period.id), is_own=is_own),
        entered=tally.records,
        entered_before=desk.records.tally(before.id).records if before else 0,
        unchecked=tally.unchecked,
        forked=tally.forked,
        important=tally.important,
        key=tally.key,
        drafts=desk.drafts.count(),
        urgent=urgent(desk, wishes.urgent_hours),
        last_backup=last_backup(desk),
        ahead=tuple(calendar.ahead(desk.reference, holidays, period, _AHEAD)),
        holidays=holidays,
        wishes=wishes,
        has_keys=keyring.has_keys(desk),
        below=completeness(desk, period.id),
    )


def last_report(desk: Desk, period: Period) -> Submission | None:
    """Return the newest sealed report of this office for a period."""
    reports = desk.submissions.of_period(period.id)
    sealed = [each for each in reports if (each.org, each.kind, each.status) == (desk.office.code, MONTHLY, "sealed")]
    return max(sealed, key=lambda each: each.number, default=None)


def urgent(desk: Desk, allowed_hours: int) -> tuple[Urgent, ...]:
    """Return the records of 重点 that stand in no sealed report: those past their time first, then the oldest."""
    now, found = clock.now(), []
    for row, at in desk.records.urgent_unsealed():
        registered = _moment(at, now)
        hours = (now - registered).total_seconds() / _HOUR
        found.append(Urgent(row, registered, hours, hours > allowed_hours))
    return tuple(sorted(found, key=lambda each: each.registered_at))


def last_backup(desk: Desk) -> datetime | None:
    """Return when the newest regular copy was made, None if there is none."""
    made = newest_backup(desk.backups)
    return made.replace(tzinfo=clock.CHINA) if made else None


def _moment(at: str, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:  # written by some other program
        return otherwise
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.CHINA)


def _superior(desk: Desk) -> str:
    return name_of(desk, desk.office.parent)


def _steps(tally: Tally, report: Submission | None, sent: Sent | None, *, is_own: bool) -> tuple[Step, ...]:
    """Return the steps; `is_own` says that this office itself has records to check: others are returned, and hold nothing up."""
    nil = report is not None and bool(report.nil)
    checked = bool(tally.records) and not is_own and not tally.forked
    since = tally.unsealed if report is not None else 0  # came or changed after the report was sealed
    is_handed = sent is not None and bool(sent.handed_at) and not since
    planned = (
        ("录入", bool(tally.records) or nil, _entered_note(tally, nil=nil)),
        ("校核", checked or (nil and not tally.records), _checked_note(tally, is_own=is_own)),
        ("封存", report is not None and not since, _sealed_note(report, since)),
        ("送出", is_handed, _sent_note(sent)),
        ("回执", is_handed and sent is not None and not sent.waiting, _answer_note(sent)),
    )
    current = next((number for number, (_, done, _) in enumerate(planned) if not done), len(planned))
    return tuple(Step(title, done, number == current, note) for number, (title, done, note) in enumerate(planned))


def _checked_note(tally: Tally, *, is_own: bool) -> str:
    unchecked = "待核" if is_own else "待核（都由下级报来，可以退回）"
    waiting = ((tally.unchecked, unchecked), (tally.forked, "有两个版本"))
    return "、".join(f"{count} 条{word}" for count, word in waiting if count)


def _sealed_note(report: Submission | None, since: int) -> str:
    if report is None:
        return "核对无误后封存"
    if since:
        return f"封存后又有 {since} 条新增或更正，还没有报送，请再次上报"
    return f"第 {report.number} 次报送已封存"


def _sent_note(sent: Sent | None) -> str:
    return f"第 {sent.package.number} 次报送包已写出" if sent and sent.handed_at else "用“上报”写出报送包"


def _answer_note(sent: Sent | None) -> str:
    if sent is None or not sent.handed_at:
        return "送出后等待回执"
    if sent.waiting:
        return f"等待{'、'.join(sent.waiting)}的回执"
    return f"退回 {len(sent.returned)} 条" if sent.returned else "已收到回执"


def _entered_note(tally: Tally, *, nil: bool) -> str:
    if tally.records:
        return f"已录入 {tally.records} 条"
    return "零报告" if nil else "本期还没有记录"
