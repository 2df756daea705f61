"""What an office's own data say to the indicators of the station template, each with what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from riskdesk import clock
from riskdesk.domain.assessment import Measured
from riskdesk.domain.deadlines import deadline
from riskdesk.domain.handoff import HandedState
from riskdesk.domain.records import Credibility, Record, record_from_body
from riskdesk.domain.revisions import heads
from riskdesk.domain.scoring import Answer, Options
from riskdesk.domain.station_template import Indicator
from riskdesk.domain.statistics import Span
from riskdesk.services import annual, trusting
from riskdesk.services.calendar import holidays_of
from riskdesk.services.counting import year_span
from riskdesk.services.desk import Desk
from riskdesk.store.packages import Package
from riskdesk.store.records import RecordRow

_ACCEPTED = (HandedState.RECEIVED, HandedState.ADOPTED)
_IN_TIME = 1  # days from discovery to the urgent report
_PEOPLE = 2  # 主责人 and 备岗
# how many options the default template has; where another has others, nothing is proposed
_OPTIONS: Mapping[str, int] = {"designated_person_count": 3, "key_late_count": 3, "annual_report_status": 4}
_LATE_OPTIONS, _PEOPLE_OPTIONS, _REPORT_OPTIONS = (
    3,
    3,
    4,
)  # how many the default template has; with others nothing is proposed


@dataclass(frozen=True, slots=True)
class _Year:
    """What is looked at: the office's own records and reports of a year."""

    desk: Desk
    year: int
    span: Span
    rows: tuple[RecordRow, ...]
    records: Mapping[str, Record]
    reports: Mapping[str, Sequence[Package]]  # by period, oldest first


def measure(desk: Desk, year: int, indicators: Sequence[Indicator]) -> dict[str, Measured]:
    """Return what the data say to each indicator that names something they can answer."""
    seen = _year(desk, year)
    found = {}
    for each in indicators:
        if each.metric in _METRICS:
            measured = _METRICS[each.metric](seen)
            found[each.code] = _fitting(each, measured)
    return found


def _fitting(indicator: Indicator, measured: Measured) -> Measured:
    """Take a proposed option back if the indicator has other options than the default template."""
    expected = _OPTIONS.get(indicator.metric)
    if expected is not None and not (isinstance(indicator.rule, Options) and len(indicator.rule.options) == expected):
        return Measured(None, measured.text, measured.behind)
    return measured


def _year(desk: Desk, year: int) -> _Year:
    span = year_span(desk, year)
    rows = [row for period in span.periods for row in desk.records.of_period(period.id) if row.org == desk.office.code]
    steps = desk.revisions.of_objects([row.id for row in rows])
    records = {row.id: record_from_body(heads(steps[row.id])[0].body) for row in rows}
    reports = {period.id: desk.packages.of_period(period.id, "out", "report") for period in span.periods}
    return _Year(desk, year, span, tuple(rows), records, reports)


def _designated_people(seen: _Year) -> Measured:
    signers = {each.person for each in trusting.issued(seen.desk) if each.person and not each.revoked_at}
    people = sorted({seen.desk.office.person, *signers} - {""})
    option = 0 if len(people) >= _PEOPLE else 1 if people else 2
    return Measured(Answer(option=option), f"本机登记的经办人和签名人共{len(people)}人：{'、'.join(people) or '无'}")


def _distinct_sources(seen: _Year) -> Measured:
    by_source: dict[str, list[str]] = {}
    for object_id, record in seen.records.items():
        for code in record.source_codes:
            by_source.setdefault(code, []).append(object_id)
    names = seen.desk.reference.vocabulary.sources
    told = "、".join(names.get(code, code) for code in sorted(by_source))
    behind = tuple(dict.fromkeys(each for found in by_source.values() for each in found))
    return Measured(Answer(number=Fraction(len(by_source))), f"覆盖{len(by_source)}类来源：{told or '无'}", behind)


def _accepted_records(seen: _Year) -> Measured:
    behind = tuple(row.id for row in seen.rows if row.handed in _ACCEPTED)
    return Measured(Answer(number=Fraction(len(behind))), f"上级已收到或已采用{len(behind)}条", behind)


def _on_time_rate(seen: _Year) -> Measured:
    holidays, today = holidays_of(seen.desk), clock.today()
    due = {period.id: deadline(period, holidays).due for period in seen.span.periods}
    expected = [each for each, day in due.items() if day < today or seen.reports[each]]
    on_time = [each for each in expected if any(_day(package) <= due[each] for package in seen.reports[each])]
    if not expected:
        return Measured(None, "本年还没有到期的报送期次")
    late = [each for each in expected if each not in on_time]
    told = f"应报{len(expected)}期，按时{len(on_time)}期" + (f"；迟报或未报：{'、'.join(late)}" if late else "")
    return Measured(Answer(number=Fraction(len(on_time), len(expected))), told)


def _complete_rate(seen: _Year) -> Measured:
    if not seen.rows:
        return Measured(None, "本年没有风险信息")
    lacking = tuple(row.id for row in seen.rows if not all(text.strip() for text in row.columns()))
    whole = len(seen.rows)
    told = f"{whole}条中七栏齐全{whole - len(lacking)}条"
    return Measured(Answer(number=Fraction(whole - len(lacking), whole)), told, lacking)


def _key_late_count(seen: _Year) -> Measured:
    key = [row for row in seen.rows if row.urgent]
    first = _first_handed_on(seen)
    late = tuple(row.id for row in key if _is_late(seen.records[row.id], first.get(row.id)))
    told = (
        f"重点风险信息{len(key)}条，其中发现后超过{_IN_TIME}天才报送或尚未报送{len(late)}条"
        if key
        else "全年无重点风险信息"
    )
    return Measured(Answer(option=min(2, len(late))), told, late)


def _return_rate(seen: _Year) -> Measured:
    handed = [row for row in seen.rows if row.handed]
    if not handed:
        return Measured(None, "还没有报送过风险信息")
    steps = seen.desk.revisions.of_objects([row.id for row in handed])
    returned = tuple(
        row.id
        for row in handed
        if any(
            said.told.state is HandedState.RETURNED
            for step in steps[row.id]
            for said in seen.desk.packages.answers_about(step.hash)
        )
    )
    told = f"报送{len(handed)}条，被退回过{len(returned)}条"
    return Measured(Answer(number=Fraction(len(returned), len(handed))), told, returned)


def _annual_report_status(seen: _Year) -> Measured:
    kept = [each for each in annual.reports(seen.desk) if each.report.year == seen.year]
    due = date(seen.year, 12, 31)
    if not kept:
        return Measured(Answer(option=3) if clock.today() > due else None, f"还没有{seen.year}年的专题分析报告")
    newest = max(kept, key=lambda each: each.at)
    is_whole, is_late = not newest.report.to_do(), datetime.fromisoformat(newest.at).date() > due
    told = f"{newest.report.product}专题分析报告，{'内容齐全' if is_whole else '还有待补内容'}，最后修改于{newest.at[:10]}；是否已报送请核对"
    if is_late:
        return Measured(Answer(option=2) if is_whole else None, told)
    return Measured(Answer(option=0 if is_whole else 1), told)


def _confirmed_rate(seen: _Year) -> Measured:
    important = [each for each, record in seen.records.items() if record.important_codes]
    if not important:
        return Measured(None, "本年没有重要风险信息")
    behind = tuple(each for each in important if seen.records[each].credibility is Credibility.VERIFIED)
    told = f"重要风险信息{len(important)}条，其中已核实{len(behind)}条"
    return Measured(Answer(number=Fraction(len(behind), len(important))), told, behind)


def _adopted_suggestions(seen: _Year) -> Measured:
    behind = tuple(row.id for row in seen.rows if row.handed == HandedState.ADOPTED and row.suggestion.strip())
    return Measured(Answer(number=Fraction(len(behind))), f"上级已采用、写有建议的{len(behind)}条", behind)


def _first_handed_on(seen: _Year) -> dict[str, date]:
    """Return when each record stood in a report for the first time."""
    found: dict[str, date] = {}
    for packages in seen.reports.values():
        for package in sorted(packages, key=_day):
            for each in package.facts["items"]:
                step = seen.desk.revisions.by_hash(each)
                if step is not None:
                    found.setdefault(step.object_id, _day(package))
    return found


def _is_late(record: Record, handed_on: date | None) -> bool:
    known = record.discovered_on
    return known is not None and ((handed_on or clock.today()) - known).days > _IN_TIME


def _day(package: Package) -> date:
    return datetime.fromisoformat(package.created).date()


_METRICS: Mapping[str, Callable[[_Year], Measured]] = {
    "designated_person_count": _designated_people,
    "distinct_sources": _distinct_sources,
    "accepted_records": _accepted_records,
    "on_time_rate": _on_time_rate,
    "complete_rate": _complete_rate,
    "key_late_count": _key_late_count,
    "return_rate": _return_rate,
    "annual_report_status": _annual_report_status,
    "confirmed_rate": _confirmed_rate,
    "adopted_suggestions": _adopted_suggestions,
}
