"""The services' answers in words for people and as JSON, as the command line's contract names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from riskdesk.cli.output import Answer
from riskdesk.domain.annex1 import FIELDS
from riskdesk.domain.deadlines import Deadline
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.problems import Problem
from riskdesk.domain.reconcile import Outcome
from riskdesk.services.calendar import BroughtIn
from riskdesk.services.desk import OfficeProfile
from riskdesk.services.exporting import Exported
from riskdesk.services.import_plan import Planned
from riskdesk.services.importing import FileResult, ImportResult
from riskdesk.services.overview import Listed, RecordState

_OUTCOMES = {
    Outcome.NEW: "新增",
    Outcome.SAME: "相同",
    Outcome.UPDATED: "更新",
    Outcome.STALE: "旧内容",
    Outcome.CONFLICT: "待人工处理",
    Outcome.REJECTED: "拒收",
}
_ADVICE = {
    Outcome.UPDATED: "已按这一行修改原记录，原内容保留在历史中",
    Outcome.STALE: "这是该记录以前的内容（或记录在回收站中），没有覆盖现在的内容",
    Outcome.CONFLICT: "该记录在这份表导出之后又有修改，或已封存报送；没有改动，请人工核对后在最新的表上修改",
    Outcome.REJECTED: "没有导入，请按下面的提示补正后再导入这份表",
}
_STATES = {
    RecordState.UNCHECKED: "待核",
    RecordState.CHECKED: "已核",
    RecordState.SEALED: "已封存",
    RecordState.SENT: "已导出",
    RecordState.RECEIVED: "已收到",
    RecordState.RETURNED: "已退回",
    RecordState.ADOPTED: "已采用",
    RecordState.CHANGED: "封存后有更正",
    RecordState.FORKED: "版本冲突",
}
_WAITING = 5


def for_setup(office: OfficeProfile, home: Path) -> Answer:
    """Answer `setup`."""
    data = {
        "office": office.code,
        "home": str(home),
        "name": office.name,
        "level": office.level,
        "parent": office.parent,
        "person": office.person,
        "phone": office.phone,
    }
    lines = [f"{office.name}（{office.code}）的数据文件夹：{home}", "注意：本程序不得录入、存储国家秘密。"]
    return Answer(data, lines)


def for_deadlines(found: Sequence[Deadline]) -> Answer:
    """Answer `due`."""
    data = [
        {
            "period": each.period.id,
            "start": each.period.start.isoformat(),
            "end": each.period.end.isoformat(),
            "nominal": each.period.nominal_due.isoformat(),
            "due": each.due.isoformat(),
            "provisional": each.provisional,
            "candidates": [day.isoformat() for day in each.candidates],
            "reason": each.reason,
        }
        for each in found
    ]
    return Answer(data, [_deadline_line(each) for each in found])


def for_form(form: FilledForm) -> Answer:
    """Answer `read`."""
    head = form.head
    data = {
        "head": {
            "unit": head.unit,
            "date": head.date.isoformat() if head.date else head.date_text,
            "person": head.person,
            "phone": head.phone,
        },
        "nil": form.nil,
        "records": [
            {
                **{name: row.values.get(name, "") for name in FIELDS},
                **{name: text for name, text in row.values.items() if name not in FIELDS},
                "sheet": row.sheet,
                "row": row.row,
                "problems": _problems(row.problems),
            }
            for row in form.rows
        ],
        "skipped": [{"sheet": each.sheet, "row": each.row, "reason": each.reason} for each in form.skipped],
    }
    lines = [f"填报单位：{head.unit or '未填'}  填报时间：{head.date_text or '未填'}  填报人：{head.person or '未填'}"]
    lines += ["零报告：表中写明本期没有风险信息"] if form.nil else []
    lines += [f"{_place(row.sheet, row.row)}  {row.values.get('product', '')}" for row in form.rows]
    lines += [f"  {each.message}" for row in form.rows for each in row.problems]
    lines += [f"{_place(each.sheet, each.row)}  请留意：{each.reason}" for each in form.skipped]
    return Answer(data, lines)


def for_import(result: ImportResult, notes: Sequence[str] = ()) -> Answer:
    """Answer `import`; exit code 5 if a person has to decide about rows, 3 if rows were rejected."""
    counts = result.counts()
    data: dict[str, Any] = {
        **counts,
        "id": result.id,
        "rows": [_row(file, planned) for file in result.files for planned in file.rows],
        "files": [_file(file) for file in result.files],
    }
    lines = [f"读入 {counts['read']} 行：" + "，".join(f"{told} {counts[kind]}" for kind, told in _OUTCOMES.items())]
    lines += [] if result.id else ["（试运行，没有写入）"]
    lines += [line for file in result.files for line in _file_lines(file)]
    code = _WAITING if counts[Outcome.CONFLICT] else 3 if counts[Outcome.REJECTED] else 0
    return Answer(data, lines, notes, exit_code=code)


def _file_lines(file: FileResult) -> list[str]:
    """Return what a person should know about one file: what it is, what came into which period, what needs a look."""
    periods = "、".join(sorted({planned.period for planned in file.rows if planned.outcome is Outcome.NEW}))
    told = (
        "零报告" if file.form.nil else f"{len(file.rows)} 行" if file.rows else "空白表，没有记录，请联系填报单位核实"
    )
    lines = [f"{file.path.name}：{told}" + (f"，新增计入 {periods}" if periods else "") + _unit(file)]
    lines += [f"  {_place(each.sheet, each.row)}：请留意，{each.reason}" for each in file.form.skipped]
    for planned in file.rows:
        advice = _ADVICE.get(planned.outcome, "")
        if not advice and not planned.problems:
            continue
        product = planned.row.values.get("product", "")[:20] or "（未填产品）"
        what = _OUTCOMES[planned.outcome]
        lines.append(
            f"  {_place(planned.row.sheet, planned.row.row)} {product}：{what}" + (f"。{advice}" if advice else "")
        )
        lines += [f"    {each.message}" for each in planned.problems]
    return lines


def _unit(file: FileResult) -> str:
    return f"（填报单位：{file.form.head.unit}）" if file.form.head.unit else ""


def for_records(found: Sequence[Listed], notes: Sequence[str] = ()) -> Answer:
    """Answer `list`."""
    data = [
        {
            "id": each.row.id,
            "revision": each.row.revision,
            "period": each.row.period,
            "state": str(each.state),
            "unit": each.row.unit,
            **dict(zip(FIELDS, each.row.columns(), strict=True)),
            "important": each.row.important,
            "urgent": each.row.urgent,
        }
        for each in found
    ]
    lines = [
        f"{each.row.period}  {_STATES[each.state]}  {each.row.product}  {each.row.regions_text[:12]}"
        f"  {each.row.content[:30]}{'  〔' + each.row.unit + '〕' if each.row.unit else ''}".replace("\n", " ")
        for each in found
    ]
    return Answer(data, [*lines, f"共 {len(found)} 条"], notes)


def for_export(exported: Exported) -> Answer:
    """Answer `export`."""
    files = [str(path) for path in exported.files]
    return Answer({"files": files, "warnings": list(exported.warnings)}, files, exported.warnings)


def for_calendar(found: BroughtIn) -> Answer:
    """Answer `calendar`."""
    data = {
        "years": list(found.years),
        "days_off": {day.isoformat(): name for day, name in sorted(found.days_off.items())},
        "workdays": {day.isoformat(): name for day, name in sorted(found.workdays.items())},
        "warnings": list(found.warnings),
    }
    told = "、".join(str(year) for year in found.years)
    lines = [f"已导入 {told} 年放假安排：放假 {len(found.days_off)} 天，调休上班 {len(found.workdays)} 天。"]
    return Answer(data, lines, found.warnings)


def _deadline_line(each: Deadline) -> str:
    told = f"{each.period.id}  {each.period.start}—{each.period.end}  截止 {each.due}"
    if each.provisional:
        told += "（暂定；可能为 " + "、".join(day.isoformat() for day in each.candidates) + "）"
    return told + (f"  {each.reason}" if each.reason else "")


def _row(file: FileResult, planned: Planned) -> dict[str, Any]:
    return {
        "file": str(file.path),
        "sheet": planned.row.sheet,
        "row": planned.row.row,
        "outcome": str(planned.outcome),
        "id": planned.object_id,
        "period": planned.period,
        "product": planned.row.values.get("product", ""),
        "problems": _problems(planned.problems),
    }


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "file": str(file.path),
        "unit": file.form.head.unit,
        "nil": file.form.nil,
        **file.counts(),
        "skipped": [{"sheet": each.sheet, "row": each.row, "reason": each.reason} for each in file.form.skipped],
    }


def _problems(found: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {"field": each.field, "code": each.code, "message": each.message, "blocking": each.blocking} for each in found
    ]


def _place(sheet: str, row: int) -> str:
    if not row:
        return f"工作表“{sheet}”" if sheet else "整个文件"
    return f"工作表“{sheet}”第{row}行" if sheet else f"第{row}行"
