"""What an office's own data say to the indicators of the station template, each with what was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from riskdesk import clock
from riskdesk.domain.assessment import Measured
from riskdesk.domain.deadlines import deadline, is_late
from riskdesk.domain.records import Credibility
from riskdesk.domain.scoring import Answer, Options
from riskdesk.domain.station_template import Indicator
from riskdesk.services import annual, trusting
from riskdesk.services.calendar import holidays_of
from riskdesk.services.desk import Desk
from riskdesk.services.own_year import OwnRecord, OwnReport, OwnYear, own_year
from riskdesk.services.station_receipts import handed_on

_IN_TIME = 1  # days from discovery to the urgent report
_PEOPLE = 2  # 主责人 and 备岗
_NAMED = 5  # products named in a sentence
# how many options the default template has; where another has others, nothing is proposed
_OPTIONS: Mapping[str, int] = {"designated_person_count": 3, "key_late_count": 3, "annual_report_status": 4}


def measure(desk: Desk, year: int, indicators: Sequence[Indicator]) -> dict[str, Measured]:
    """Return what the data say to each indicator that names something they can answer."""
    seen = own_year(desk, year)
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


def _designated_people(seen: OwnYear) -> Measured:
    signers = {each.person for each in trusting.issued(seen.desk) if each.person and not each.revoked_at}
    people = sorted({seen.desk.office.person, *signers} - {""})
    option = 0 if len(people) >= _PEOPLE else 1 if people else 2
    return Measured(Answer(option=option), f"本机登记的经办人和签名人共{len(people)}人：{'、'.join(people) or '无'}")


def _distinct_sources(seen: OwnYear) -> Measured:
    names = seen.desk.reference.vocabulary.sources
    telling = [each for each in seen.active if set(each.record.source_codes) & set(names)]
    codes = sorted({code for each in telling for code in each.record.source_codes if code in names})
    told = "、".join(names[code] for code in codes)
    return Measured(Answer(number=Fraction(len(codes))), f"覆盖{len(codes)}类来源：{told or '无'}", _ids(telling))


def _accepted_records(seen: OwnYear) -> Measured:
    found = [each for each in seen.records if each.accepted]
    told = f"上级已收到或已采用{len(found)}条{_withdrawn(found)}"
    return Measured(Answer(number=Fraction(len(found))), told, _ids(found))


def _on_time_rate(seen: OwnYear) -> Measured:
    holidays, today = holidays_of(seen.desk), clock.today()
    due = {period.id: deadline(period, holidays) for period in seen.periods}
    expected = [each for each, day in due.items() if is_late(day, today) or seen.reports[each]]
    if not expected:
        return Measured(None, "本年还没有到期的报送期次")
    first = {each: min(seen.reports[each], key=lambda report: report.day) for each in expected if seen.reports[each]}
    late = [each for each in expected if each not in first or is_late(due[each], first[each].day)]
    on_time = len(expected) - len(late)
    told = f"应报{len(expected)}期，按时{on_time}期" + (f"；迟报或未报：{'、'.join(late)}" if late else "")
    return Measured(Answer(number=Fraction(on_time, len(expected))), told + _counted_day(first))


def _counted_day(first: Mapping[str, OwnReport]) -> str:
    """Say by which day reports were judged."""
    unnoted = [each for each, report in first.items() if not report.is_noted]
    if not unnoted:
        return "；按写出报送包的日期计" if first else ""
    if len(unnoted) == len(first):
        return "；没有写出报送包的记录，按封存日期计"
    return f"；按写出报送包的日期计，其中{'、'.join(unnoted)}没有写出的记录，按封存日期计"


def _complete_rate(seen: OwnYear) -> Measured:
    records = list(seen.active)
    if not records:
        return Measured(None, "本年没有风险信息")
    lacking = [each for each in records if not all(text.strip() for text in each.record.columns())]
    whole = len(records)
    told = f"{whole}条中七栏齐全{whole - len(lacking)}条"
    return Measured(Answer(number=Fraction(whole - len(lacking), whole)), told, _ids(lacking))


def _key_late_count(seen: OwnYear) -> Measured:
    key = [each for each in seen.records if each.record.key_codes]
    if not key:
        return Measured(Answer(option=0), "全年无重点风险信息")
    undated = [each for each in key if each.record.discovered_on is None]
    if undated:
        told = f"重点风险信息{len(key)}条，其中{len(undated)}条没有填写发现日期，不能判断是否及时报送，请补填后更新或由人判断：{_named(undated)}"
        return Measured(None, told, _ids(undated))
    missed = [each for each in key if each.handed_on is None and _is_over(each, clock.today())]
    late = [each for each in key if each.handed_on is not None and _is_over(each, each.handed_on)]
    told = f"重点风险信息{len(key)}条，其中发现后超过{_IN_TIME}天才报送{len(late)}条，超过{_IN_TIME}天仍未报送{len(missed)}条"
    option = 2 if missed or len(late) > 1 else len(late)
    return Measured(Answer(option=option), told, _ids([*late, *missed]))


def _return_rate(seen: OwnYear) -> Measured:
    handed = [each for each in seen.records if each.is_handed]
    if not handed:
        return Measured(None, "还没有报送过风险信息")
    returned = [each for each in handed if each.was_returned]
    told = f"报送{len(handed)}条{_withdrawn(handed)}，被退回过{len(returned)}条"
    return Measured(Answer(number=Fraction(len(returned), len(handed))), told, _ids(returned))


def _annual_report_status(seen: OwnYear) -> Measured:
    kept = [each for each in annual.reports(seen.desk) if each.report.year == seen.year]
    due = date(seen.year, 12, 31)
    if not kept:
        return Measured(Answer(option=3) if clock.today() > due else None, f"还没有{seen.year}年的专题分析报告")
    newest = max(kept, key=lambda each: each.at)
    report, day, how = newest.report, newest.at[:10], "最后修改于{}；没有用本程序上报，是否已报送请核对"
    if sent := handed_on(seen.desk, newest.revision):
        in_time = [each for each in sent if each.first[:10] <= due.isoformat()]
        judged = max(in_time or sent, key=lambda each: each.first)
        step = seen.desk.revisions.by_hash(judged.revision)
        report = annual.kept_of(step).report if step is not None else report
        day, how = judged.first[:10], "{}上报"
    is_whole = report.is_whole
    told = f"{report.product}专题分析报告，{'内容齐全' if is_whole else '还有待补内容'}，{how.format(day)}"
    if date.fromisoformat(day) > due:
        return Measured(Answer(option=2) if is_whole else None, told)
    return Measured(Answer(option=0 if is_whole else 1), told)


def _confirmed_rate(seen: OwnYear) -> Measured:
    important = [each for each in seen.records if each.record.important_codes]
    if not important:
        return Measured(None, "本年没有重要风险信息")
    found = [each for each in important if each.record.credibility is Credibility.VERIFIED or each.adopted]
    told = f"重要风险信息{len(important)}条{_withdrawn(important)}，其中已核实或被上级采用{len(found)}条"
    return Measured(Answer(number=Fraction(len(found), len(important))), told, _ids(found))


def _adopted_suggestions(seen: OwnYear) -> Measured:
    found = [each for each in seen.records if any(record.suggestion.strip() for record in each.adopted)]
    told = f"上级已采用、写有建议的{len(found)}条{_withdrawn(found)}"
    return Measured(Answer(number=Fraction(len(found))), told, _ids(found))


def _is_over(each: OwnRecord, day: date) -> bool:
    """Tell whether the time in which a key record has to be reported is over on a day."""
    known = each.record.discovered_on
    return known is not None and (day - known).days > _IN_TIME


def _withdrawn(found: Sequence[OwnRecord]) -> str:
    gone = sum(not each.is_active for each in found)
    return f"（含报送后撤回的{gone}条）" if gone else ""


def _named(found: Sequence[OwnRecord]) -> str:
    names = "、".join(f"{each.record.period} {each.record.product or '未填产品'}" for each in found[:_NAMED])
    return names + (f"等{len(found)}条" if len(found) > _NAMED else "")


def _ids(found: Sequence[OwnRecord]) -> tuple[str, ...]:
    return tuple(each.id for each in found)


_METRICS: Mapping[str, Callable[[OwnYear], Measured]] = {
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
