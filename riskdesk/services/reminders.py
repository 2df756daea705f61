"""What people are reminded of, the most pressing first; and the year's due dates for other calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from riskdesk import clock
from riskdesk.domain.deadlines import Deadline, days_left, deadline, is_late
from riskdesk.domain.icalendar import Event, calendar_file
from riskdesk.domain.periods import Period
from riskdesk.domain.workdays import Holidays, day_text, weekday_text
from riskdesk.services import calendar, handed, keyring, reminding, year_reminders
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import exported_at
from riskdesk.services.handed import Sent
from riskdesk.services.reminding import Reminder
from riskdesk.services.workbench import Workbench, last_report

__all__ = ["Reminder", "ics", "overdue", "reminders"]
_SOON = 3  # days
_BACKUP_DAYS = 7
_NOVEMBER = 11


def reminders(desk: Desk, counted: Workbench) -> list[Reminder]:
    """Return what there is to be reminded of now, what is overdue first; what was dismissed is left out."""
    found = [
        *_late_period(desk, counted),
        *_urgent_records(counted),
        *_due_period(desk, counted),
        *_handed_on(handed.sent(desk), counted),
        *_old_certificates(desk),
        *year_reminders.annual_report(desk, counted.wishes),
        *year_reminders.assessment(desk, counted.wishes),
        *_unknown_year(counted.holidays),
        *_old_backup(desk, counted.last_backup),
    ]
    unwanted = reminding.dismissed(desk)
    wanted = [each for each in found if not (each.can_dismiss and each.id in unwanted)]
    return sorted(wanted, key=lambda each: not each.urgent)


def ics(desk: Desk, year: int) -> bytes:
    """Return the due dates of a year's periods as an iCalendar file; a date that may still move says 暂定."""
    first = max(f"{year:04}-01", desk.reference.periods.earliest.id)
    found = calendar.deadlines(desk.reference, calendar.holidays_of(desk), first, f"{year:04}-12")
    events = [_event(desk, each) for each in found]
    return calendar_file("产品质量安全风险信息报送", events, clock.now())


def _event(desk: Desk, due: Deadline) -> Event:
    title = f"风险信息报送截止（{due.period.id} 期）{'（暂定）' if due.provisional else ''}"
    text = f"报送期：{due.period.start.isoformat()} 至 {due.period.end.isoformat()}。{due.reason}"
    if due.provisional:
        text += "\n可能的日期：" + "、".join(day_text(day) for day in due.candidates)
    return Event(f"{due.period.id}.{desk.office.code}@riskdesk", due.due, title, text)


def _late_period(desk: Desk, counted: Workbench) -> Iterator[Reminder]:
    due = overdue(desk, counted.deadline.period)
    if due is not None:
        late = -days_left(due, counted.today)
        text = f"{due.period.id} 期应在{day_text(due.due)}前报送，已过 {late} 天，还没有{_handing(counted)}。请尽快报送并说明原因。"
        yield Reminder(f"late:{due.period.id}", "上期逾期未报", text, urgent=True, page="workbench")


def overdue(desk: Desk, now: Period) -> Deadline | None:
    """Return the period before the present one if it is past its due date and was never sealed nor written out.

    One from before this data folder was in use is not asked for.
    """
    before = desk.reference.periods.previous(now)
    if before is None or _is_done(desk, before):
        return None
    due = deadline(before, calendar.holidays_of(desk))
    is_used = _begun(desk).date() <= due.due or bool(desk.records.tally(before.id).records)
    return due if is_used and is_late(due, clock.today()) else None


def _urgent_records(counted: Workbench) -> Iterator[Reminder]:
    overdue = [each for each in counted.urgent if each.overdue]
    if overdue:
        names = "、".join(each.row.product[:12] for each in overdue[:3]) + ("等" if len(overdue) > 3 else "")
        text = f"{len(overdue)} 条重点风险信息登记已超过 {counted.wishes.urgent_hours} 小时：{names}。请立即报送。"
        yield Reminder(f"urgent:{overdue[-1].row.id}", "重点信息超时未报", text, urgent=True, page="records")


def _due_period(desk: Desk, counted: Workbench) -> Iterator[Reminder]:
    due, left = counted.deadline, counted.days_left
    period = due.period
    if _is_done(desk, period):
        return
    when = f"{day_text(due.due)}（{weekday_text(due.due)}{'，暂定' if due.provisional else ''}）"
    if left == 0:
        text = f"{period.id} 期今天截止，还没有{_handing(counted)}。"
        yield Reminder(f"today:{period.id}", "今天截止", text, urgent=True, page="workbench")
    elif 0 < left <= _SOON:
        text = f"{period.id} 期在{when}截止，还有 {left} 天。"
        yield Reminder(f"due:{period.id}", "即将截止", text, urgent=False, page="workbench")
    yield from _own_cutoff(desk, counted)


def _handing(counted: Workbench) -> str:
    return "上报" if counted.has_keys else "导出报送"


def _is_done(desk: Desk, period: Period) -> bool:
    """A form that was written out counts only while the office cannot sign."""
    if last_report(desk, period) is not None:
        return True
    return bool(exported_at(desk, period.id)) and not keyring.has_keys(desk)


def _handed_on(reports: Sequence[Sent], counted: Workbench) -> Iterator[Reminder]:
    """Records that came back, and reports to which nobody answers."""
    back = [each for report in reports for each in report.returned]
    if back:
        names = "、".join(each.product[:12] for each in back[:3]) + ("等" if len(back) > 3 else "")
        text = f"{len(back)} 条被上级退回：{names}。请按退回原因补正后重新上报。"
        yield Reminder(f"returned:{len(back)}:{back[0].object_id}", "有退回的记录", text, urgent=False, page="hand_off")
    for each in reports:
        if each.waiting and each.days >= counted.wishes.answer_days:
            text = f"{each.package.period} 期第 {each.package.number} 次报送已 {each.days} 天没有收到{'、'.join(each.waiting)}的回执。请电话询问是否收到。"
            yield Reminder(f"unanswered:{each.package.id}", "没有收到回执", text, urgent=False, page="hand_off")


def _old_certificates(desk: Desk) -> Iterator[Reminder]:
    state = keyring.state(desk)
    if state is not None and state.needs_renewal:
        ended = state.days_left < 0
        when = "已经过期" if ended else f"还有 {state.days_left} 天到期"
        text = f"签名人的证书{when}。请在“设置—密钥与信任”中更新，否则上报的包上级不能接收。"
        yield Reminder(f"certificate:{ended}", "签名证书到期", text, urgent=ended, page="settings")


def _own_cutoff(desk: Desk, counted: Workbench) -> Iterator[Reminder]:
    """The cut-off of this office's own level, from the day before it."""
    now, due = clock.now().replace(tzinfo=None), counted.deadline
    for cutoff, moment in counted.cutoffs:
        if str(cutoff.level) != desk.office.level or now < moment - timedelta(days=1):
            continue
        when, passed = f"{day_text(moment)}{moment:%H:%M}", now > moment
        text = f"{due.period.id} 期的内部截止时间{'已过' if passed else '为'}：{when}。请尽快核对、报送。"
        yield Reminder(f"cutoff:{due.period.id}", "内部截止", text, urgent=passed, page="workbench")


def _unknown_year(holidays: Holidays) -> Iterator[Reminder]:
    today = clock.today()
    years = [today.year, *([today.year + 1] if today.month >= _NOVEMBER else [])]
    for year in years:
        if year not in holidays.years:
            text = f"还没有 {year} 年的放假安排，截止日期为暂定。请导入日历文件，或粘贴国务院办公厅放假通知全文。"
            yield Reminder(f"calendar:{year}", f"缺少 {year} 年日历", text, urgent=False, page="settings")


def _old_backup(desk: Desk, made: datetime | None) -> Iterator[Reminder]:
    now = clock.now()
    since = made if made and made <= now else _begun(desk)
    if (days := (now - since).days) >= _BACKUP_DAYS:
        told = f"最近一次备份是 {days} 天前。" if since is made else "还没有备份。"
        yield Reminder("backup", "请备份数据", f"{told}请插入移动存储设备并备份。", urgent=False, page="settings")


def _begun(desk: Desk) -> datetime:
    """Return when this data folder was begun."""
    return datetime.fromisoformat(desk.settings.begun_at())
