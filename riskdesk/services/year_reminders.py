"""What is due once a year: the yearly report, the stations' sheets, and the judging of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from riskdesk import clock
from riskdesk.domain.assessment import COLUMN_TITLES, Column
from riskdesk.domain.canonical import digest
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.yearly import Cycle, begun, report_cycle, sheet_cycle
from riskdesk.services import annual_exports, reviewing
from riskdesk.services.assessing import SHEET
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import Preferences
from riskdesk.services.reminding import Reminder
from riskdesk.services.reviewing import Assessed
from riskdesk.store.packages import Package

_SHOWN = 3  # names


def annual_report(desk: Desk, wishes: Preferences) -> Iterator[Reminder]:
    """Remind of the yearly report until one of the year was written out; one from before this data folder was in use is not asked for."""
    today = clock.today()
    for cycle in begun(today, wishes.annual_due, report_cycle):
        is_late = today > cycle.due
        if annual_exports.is_exported(desk, cycle.year) or (is_late and not _is_used(desk, cycle)):
            continue
        text = f"{cycle.year} 年年度风险监测报告应在 {cycle.due.isoformat()} 前完成，{_left(cycle.due)}。"
        text += "请尽快写好，导出或上报。" if is_late else ""
        title = "年度报告逾期" if is_late else "年度报告"
        yield Reminder(f"annual:{cycle.year}", title, text, today >= cycle.due, "annual", is_late)


def assessment(desk: Desk, wishes: Preferences) -> Iterator[Reminder]:
    """Remind a station of its sheet until it has handed one on, a city and the province of the sheets that wait for them."""
    if not wishes.acceptance_due:
        return
    cycle = next(iter(begun(clock.today(), wishes.acceptance_due, sheet_cycle)), None)
    if cycle is None:
        return
    if desk.office.level == OfficeLevel.STATION:
        yield from _own_sheet(desk, cycle)
    elif desk.office.level in (OfficeLevel.CITY, OfficeLevel.PROVINCE):
        yield from _sheets_to_judge(desk, cycle)


def _own_sheet(desk: Desk, cycle: Cycle) -> Iterator[Reminder]:
    today = clock.today()
    handed = (each for each in desk.packages.every("out") if each.kind == "assessment")
    is_done = any(_is_sheet_of(desk, each, cycle) for each in handed)
    is_late = today > cycle.due
    if not is_done and (not is_late or _begun_on(desk) <= cycle.due):
        text = f"自评表应在 {cycle.due.isoformat()} 前填好并上报，{_left(cycle.due)}。"
        title = "监测站自评逾期" if is_late else "监测站自评"
        yield Reminder(f"acceptance:{cycle.due.year}", title, text, today >= cycle.due, "stations", is_late)


def _sheets_to_judge(desk: Desk, cycle: Cycle) -> Iterator[Reminder]:
    column, today = reviewing.own_column(desk), clock.today()
    found = (seen for year in (cycle.due.year - 1, cycle.due.year) for seen in reviewing.assessed(desk, year))
    sheets = [seen.kept for seen in found if _waits(seen, column)]
    if sheets:
        waiting = [each.sheet.unit for each in sheets]
        names = "、".join(waiting[:_SHOWN]) + ("等" if len(waiting) > _SHOWN else "")
        is_late = today > cycle.due
        title = COLUMN_TITLES[column]
        due = f"自评验收的日期是 {cycle.due.isoformat()}，{_left(cycle.due)}。"
        text = f"{due}收到的自评表中有 {len(waiting)} 份等待{title}：{names}。"
        name = f"{title}逾期" if is_late else title
        asked = digest(sorted(each.revision for each in sheets))[:12]  # what comes later is reminded of again
        yield Reminder(f"judging:{cycle.due.year}:{asked}", name, text, today >= cycle.due, "stations", is_late)


def _waits(seen: Assessed, column: Column) -> bool:
    """Tell whether something in a sheet is to be judged: what was given back waits for the station."""
    outcome, known = seen.result(column), seen.reviews.get(column)
    if outcome is None or known is None or not seen.is_current(column):
        return True
    return not outcome.is_complete and not known.review.returned


def _is_sheet_of(desk: Desk, package: Package, cycle: Cycle) -> bool:
    """Tell whether a package holds the sheet of a turn: one of the year in which it is due, or of the year before, made since the turn before."""
    if datetime.fromisoformat(package.created).date() <= cycle.due.replace(year=cycle.due.year - 1):
        return False
    steps = filter(None, map(desk.revisions.by_hash, package.facts.get("items") or ()))
    return any(step.kind == SHEET and step.body["year"] in (cycle.due.year - 1, cycle.due.year) for step in steps)


def _left(due: date) -> str:
    days = (due - clock.today()).days
    return f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"


def _is_used(desk: Desk, cycle: Cycle) -> bool:
    """Tell whether this data folder was in use by the due date, or holds records of the year."""
    periods = (f"{cycle.year}-{month:02}" for month in range(1, 13))
    return _begun_on(desk) <= cycle.due or any(desk.records.tally(each).records for each in periods)


def _begun_on(desk: Desk) -> date:
    return datetime.fromisoformat(desk.settings.begun_at()).date()
