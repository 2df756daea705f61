"""The commands of a station's year: assess (self-assessment), and annual (the yearly report)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from riskdesk.cli.annual_commands import annual_command, handed_data, year_of
from riskdesk.cli.opening import open_desk
from riskdesk.cli.output import Answer
from riskdesk.cli.passphrase import ask_passphrase
from riskdesk.domain.assessment import COLUMN_TITLES, Column, Judged
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.revisions import Revision
from riskdesk.domain.scoring import Answer as Said
from riskdesk.domain.scoring import Options, PerItem, number_of
from riskdesk.domain.station_template import Indicator, answer_text, template_of
from riskdesk.domain.text import ascii_digits
from riskdesk.errors import InputError, UsageError
from riskdesk.services import assessing, assessments, keyring, reviewing, station_overview, station_receipts
from riskdesk.services.desk import Desk
from riskdesk.services.station_overview import StationYear


def _assess(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        return _ASSESS[given.action](desk, given)


def _assess_new(desk: Desk, given: argparse.Namespace) -> Answer:
    return _sheet(desk, assessing.new(desk, year_of(given)))


def _assess_show(desk: Desk, given: argparse.Namespace) -> Answer:
    return _sheet(desk, assessing.find(desk, year_of(given)))


def _assess_score(desk: Desk, given: argparse.Namespace) -> Answer:
    """Compute anew, then fill in what is given as CODE=VALUE."""
    kept = assessing.refresh(desk, assessing.find(desk, year_of(given)))
    for code, value in _pairs(given.set):
        said = _said(kept.sheet.template.indicator(code), value)
        kept = assessing.fill(desk, kept, code, said, reason=given.reason, note=given.note)
    if given.veto is not None:
        kept = assessing.veto(desk, kept, [each for each in given.veto.split(",") if each])
    return _sheet(desk, kept)


def _assess_attach(desk: Desk, given: argparse.Namespace) -> Answer:
    if given.file is None or not given.indicator:
        raise UsageError("用法：riskdesk assess attach --year 年份 --indicator 指标 [--of 要求的材料] --file 文件")
    kept = assessing.find(desk, year_of(given))
    return _sheet(desk, assessing.attach(desk, kept, given.indicator, given.file.absolute(), given.of))


def _assess_review(desk: Desk, given: argparse.Namespace) -> Answer:
    """Judge or give back indicators of a station's sheet, as the city or the province."""
    seen = _seen(desk, given)
    for code, value in _pairs(given.set):
        try:
            judged = Judged(Decimal(value), given.reason)
        except InvalidOperation as error:
            raise InputError(f"指标 {code} 的得分“{value}”不是数值。") from error
        seen = reviewing.points(desk, seen, code, judged)
    for code, reason in _pairs(given.returns):
        seen = reviewing.returned(desk, seen, code, reason)
    if given.accept_rest:
        seen = reviewing.accept_rest(desk, seen)
    if given.conclude is not None:
        seen = reviewing.conclude(desk, seen, given.conclude)
    return _side_by_side([station_overview.station_year(seen)], year_of(given))


def _assess_list(desk: Desk, given: argparse.Namespace) -> Answer:
    """Tell of all stations, those that have handed in nothing too."""
    return _side_by_side(station_overview.stations(desk, year_of(given)), year_of(given))


def _assess_send(desk: Desk, given: argparse.Namespace) -> Answer:
    """Hand on the own sheet, the own review of a station's sheet, or the indicators."""
    if given.out is None:
        raise UsageError("请用 --out 指定写到哪个文件夹。")
    steps, receivers = _to_hand_on(desk, given)
    keys = keyring.unlock(desk, ask_passphrase(), given.person)
    made = assessments.hand_on(desk, keys, steps, receivers, given.out.absolute())
    data = {"file": str(made.file), "receivers": list(receivers), "warnings": list(made.warnings)}
    return Answer(data, [f"已写出 {made.file}"], made.warnings)


def _to_hand_on(desk: Desk, given: argparse.Namespace) -> tuple[list[Revision], tuple[str, ...]]:
    if desk.office.level == OfficeLevel.STATION:
        return assessments.own_sheet(desk, year_of(given))
    if given.station:
        return assessments.own_review(desk, _seen(desk, given))
    return assessments.own_template(desk)


def _seen(desk: Desk, given: argparse.Namespace) -> reviewing.Assessed:
    if not given.station:
        raise UsageError("请用 --station 指定监测站的单位代码。")
    return reviewing.find(desk, year_of(given), given.station)


def _pairs(given: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    for each in given or ():
        code, equals, value = each.partition("=")
        if not equals:
            raise UsageError(f"“{each}”应写成 指标=内容，例如 A1=1、A3=1,2,5、E2=3。")
        yield code.strip(), value.strip()


def _side_by_side(found: Sequence[StationYear], year: int) -> Answer:
    data, lines = [], []
    for each in found:
        columns = {column: _column(each.seen, column) if each.seen else None for column in Column}
        row = {"station": each.code, "unit": each.unit, "year": year, "columns": columns, "doubts": list(each.doubts)}
        data.append(row)
        told = [
            f"{COLUMN_TITLES[column]} {outcome.total} {outcome.grade or '未完成'}"
            for column in Column
            if (outcome := each.result(column)) is not None
        ]
        lines.append("　".join((each.unit, *(told or [station_overview.MISSING]))))
        lines += [f"　注意：{doubt}" for doubt in each.doubts]
    return Answer(data, lines or ["没有监测站。"])


def _column(seen: reviewing.Assessed, column: Column) -> dict[str, Any] | None:
    outcome, known = seen.result(column), seen.reviews.get(column)
    if outcome is None:
        return None
    return {
        "total": str(outcome.total),
        "grade": outcome.grade,
        "complete": outcome.is_complete,
        "decided_by": outcome.decided_by,
        "points": {code: None if one is None else str(one) for code, one in seen.points(column).items()},
        "returned": dict(known.review.returned) if known else {},
        "current": column is Column.SELF or seen.is_current(column),
    }


def _assess_export(desk: Desk, given: argparse.Namespace) -> Answer:
    if given.out is None:
        raise UsageError("请用 --out 指定导出到哪个文件夹。")
    kept = assessing.find(desk, year_of(given))
    seen = reviewing.own(desk, year_of(given))
    files = reviewing.export(desk, seen, given.out.absolute(), given.format or ["xlsx", "pdf"])
    return Answer({"files": [str(each) for each in files]}, [f"已导出 {each}" for each in files], kept.sheet.missing())


def _assess_template(desk: Desk, given: argparse.Namespace) -> Answer:
    """Tell of the template in force, write it out, or put another in force."""
    if given.file is not None:
        assessing.change_template(desk, given.file.absolute())
    found = template_of(assessing.template_data(desk))
    files = [assessing.export_template(desk, given.out.absolute() / "监测站指标模板.json")] if given.out else []
    data = {
        "id": found.id,
        "version": found.version,
        "title": found.title,
        "total": str(found.total),
        "indicators": [
            {"code": each.code, "name": each.name, "max": str(each.max_points)} for each in found.indicators
        ],
        "files": [str(each) for each in files],
    }
    lines = [
        f"{found.title}（第 {found.version} 版）",
        *(f"{each.code} {each.name}　{each.max_points} 分" for each in found.indicators),
    ]
    return Answer(data, [*lines, *(f"已导出 {each}" for each in files)])


def _said(indicator: Indicator, value: str) -> Said:
    """Return an answer as typed: the number of an option or of items (from 1), else a number or a share like 11/12 or 80%."""
    try:
        if isinstance(indicator.rule, Options):
            return Said(option=int(value) - 1)
        if isinstance(indicator.rule, PerItem):
            return Said(items=frozenset(int(each) - 1 for each in value.split(",") if each.strip()))
        return Said(number=number_of(ascii_digits(value).replace(" ", "")))
    except ValueError as error:
        raise InputError(f"指标 {indicator.code} 的内容“{value}”看不懂。请填选项或条目的序号，或数值。") from error


def _sheet(desk: Desk, kept: assessing.Kept) -> Answer:
    sheet, found = kept.sheet, kept.result
    points, measured = sheet.points(), assessing.measured(desk, sheet)
    doubts = reviewing.own(desk, sheet.year).doubts
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "max": str(each.max_points),
            "points": None if points[each.code] is None else str(points[each.code]),
            "said": answer_text(each, sheet.of(each.code).answer),
            "computed": measured[each.code].text if each.code in measured else "",
            "behind": list(measured[each.code].behind) if each.code in measured else [],
            "reason": sheet.of(each.code).reason,
            "evidence": [one.attachment.name for one in sheet.of(each.code).evidence],
        }
        for each in sheet.template.indicators
    ]
    data = {
        "id": kept.id,
        "revision": kept.revision,
        "station": sheet.station,
        "year": sheet.year,
        "template": sheet.template.version,
        "indicators": rows,
        "total": str(found.total),
        "grade": found.grade,
        "complete": found.is_complete,
        "decided_by": found.decided_by,
        "vetoes": list(sheet.vetoes),
        "missing": sheet.missing(),
        "doubts": list(doubts),
        "handed": [handed_data(each) for each in station_receipts.handed_on(desk, kept.revision)],
    }
    lines = [f"{row['code']} {row['name']}　{row['points'] or '—'}/{row['max']}　{row['said']}" for row in rows]
    lines.append(
        f"合计 {found.total} 分，{found.grade or '未完成'}{'：' + found.decided_by if found.decided_by else ''}"
    )
    lines += [f"注意：{each}" for each in doubts]
    return Answer(data, lines, sheet.missing())


_ASSESS: Mapping[str, Callable[[Desk, argparse.Namespace], Answer]] = {
    "new": _assess_new,
    "show": _assess_show,
    "score": _assess_score,
    "attach": _assess_attach,
    "review": _assess_review,
    "list": _assess_list,
    "send": _assess_send,
    "export": _assess_export,
    "template": _assess_template,
}
STATION_COMMANDS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {"assess": _assess, "annual": annual_command}
