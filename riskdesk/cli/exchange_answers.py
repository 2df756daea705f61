"""What the commands of the hand-off answer, in words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from riskdesk.cli.hints import hint_for
from riskdesk.cli.output import Answer
from riskdesk.domain.handoff import Completeness, ReportState
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.titles import TITLES
from riskdesk.services.answering import Answering
from riskdesk.services.handing_over import HandedOver
from riskdesk.services.importing import ImportResult
from riskdesk.services.keyring import KeyState
from riskdesk.services.kits import Enrolled
from riskdesk.services.receipts import Receipt
from riskdesk.services.receiving import Plan, PlannedRevision, Received
from riskdesk.services.taking import Seen, Taken
from riskdesk.services.verdicts import Freshness, Verdict

_REFUSED, _WAITING, _BAD = 4, 5, 3
_OUTCOMES = {
    Outcome.NEW: "新增",
    Outcome.SAME: "相同",
    Outcome.UPDATED: "更新",
    Outcome.STALE: "旧内容",
    Outcome.CONFLICT: "有冲突",
    Outcome.REJECTED: "拒收",
}
_STATES = {
    ReportState.MISSING: "未报",
    ReportState.RECEIVED: "已报",
    ReportState.NIL: "零报告",
    ReportState.RETURNED: "已退回",
}
_NOTHING = {"read": 0, **{str(outcome): 0 for outcome in Outcome}}


def for_seal(done: HandedOver) -> Answer:
    """Answer `seal`."""
    package = done.package
    data = {
        "package": str(done.files[0]),
        "id": package.id,
        "number": package.number,
        "nil": package.nil,
        "records": len(package.facts["items"]),
        "to": list(package.receivers),
        "files": [str(file) for file in done.files],
        "warnings": list(done.warnings),
    }
    told = "零报告" if package.nil else f"{len(package.facts['items'])} 条"
    lines = [
        f"已封存并写出 {package.period} 第 {package.number} 次报送（{told}），已读回核验。",
        f"核对码 {package.id}",
    ]
    return Answer(data, [*lines, *map(str, done.files)], done.warnings)


def for_look(seen: Seen) -> Answer:
    """Answer `look`: exit code 4 for a package that would be refused, 5 if a person would have to decide."""
    if seen.waiting:
        told = [each.text for each in seen.waiting]
        return Answer({"verdict": None, "plan": _NOTHING, "waiting": told}, told)
    if seen.forms:
        [(path, result)] = seen.forms
        return _unsigned(path, result)
    [looked] = seen.packages
    data = {"verdict": _verdict(looked.verdict), "package": looked.package, "plan": _plan(looked.plan)}
    lines = [looked.verdict.summary, *looked.verdict.warnings, _counted(looked.plan.counts())]
    lines += [line for row in looked.plan.rows for line in _row_lines(row)]
    return Answer(data, lines, exit_code=_code(looked.plan.counts(), looked.verdict.reason))


def for_pdf(verdict: Verdict) -> Answer:
    """Answer `look` at a signed PDF."""
    return Answer({"verdict": _verdict(verdict)}, [verdict.summary], exit_code=_REFUSED if verdict.reason else 0)


def for_receive(taken: Taken, receipts: Sequence[Receipt]) -> Answer:
    """Answer `receive`; the gravest outcome of all files is the exit code."""
    files: list[dict[str, Any]] = []
    lines: list[str] = []
    codes = [0]
    written = {each.package: each for each in receipts}
    for one in taken.packages:
        receipt = written.get(one.package) if one.run_id else None
        files.append(_received(one, receipt))
        told = one.verdict.summary
        lines += [f"{one.name}：{told}", *(f"  {each}" for each in one.verdict.warnings)]
        if one.run_id:
            lines.append(f"  {_counted(one.plan.counts())}（撤销编号 {one.run_id}）")
            lines += [f"  {line}" for row in one.plan.rows for line in _row_lines(row)]
        lines += [f"  {_told_of(receipt)}"] if receipt else []
        codes.append(_BAD if receipt and receipt.error else 0)
        codes.append(_code(one.plan.counts(), "" if one.run_id else one.verdict.reason))
    for path, result in taken.forms:
        files.append(
            {"file": str(path), "outcome": "unsigned", "signed": False, "import": result.id, **result.counts()}
        )
        lines.append(f"{path.name}：未签名的报送表。{_counted(result.counts())}（撤销编号 {result.id}）")
        codes.append(_code(result.counts()))
    for each in taken.waiting:
        files.append(
            {"file": each.name, "outcome": "waiting", "here": list(each.here), "count": each.count, **_NOTHING}
        )
        lines.append(each.text)
    hints = dict.fromkeys(hint for one in taken.packages if one.error and (hint := hint_for(one.error)))
    return Answer({"files": files}, lines, tuple(hints), _gravest(codes))


def for_answer(done: Answering) -> Answer:
    """Answer `answer`."""
    data = {
        "receipt": str(done.file),
        "package": done.package,
        "received": done.received,
        "returned": done.returned,
        "adopted": done.adopted,
    }
    told = f"已写出回执：收到 {done.received} 条，退回 {done.returned} 条，采用 {done.adopted} 条。"
    return Answer(data, [told, str(done.file)])


def for_missing(found: Completeness, written: Sequence[Path]) -> Answer:
    """Answer `missing`."""
    data = {
        "period": found.period,
        "expected": len(found.offices),
        "received": found.received,
        "nil": found.count(ReportState.NIL),
        "late": found.late,
        "returned": found.count(ReportState.RETURNED),
        "missing": [each.code for each in found.missing],
        "rate": found.rate,
        "offices": [
            {
                "code": each.code,
                "name": each.name,
                "state": each.state.name.lower(),
                "late": each.late,
                "signed": each.signed,
                "at": each.at,
            }
            for each in found.offices
        ],
        "letters": [str(path) for path in written],
    }
    lines = [
        f"{each.code}  {_STATES[each.state]}{'（迟报）' if each.late else ''}{'' if each.signed else '（未签名）'}  {each.name}"
        for each in found.offices
    ]
    lines.append(
        f"{found.period}：应报 {len(found.offices)}，已报 {found.received}，未报 {len(found.missing)}，报送率 {found.rate}%"
    )
    return Answer(data, [*lines, *map(str, written)])


def for_enrol(done: Enrolled) -> Answer:
    """Answer `enrol`."""
    data = {"file": str(done.file), "fingerprint": done.fingerprint, "office": done.office}
    return Answer(data, [str(done.file), f"电话核对的 30 位数字：{done.fingerprint}"])


def for_state(state: KeyState | None) -> Answer:
    """Answer `enrol state`."""
    if state is None:
        return Answer({"keys": False}, ["本单位还没有密钥。请先运行 riskdesk enrol request。"])
    people = [{"person": each.person, "expires": each.expires} for each in state.operators]
    data = {"keys": True, "enrolled": state.enrolled, "fingerprint": state.fingerprint, "operators": people}
    told = "已由上级签发证书" if state.enrolled else "还没有上级签发的证书"
    lines = [
        f"{told}。指纹 {state.fingerprint}",
        *(f"{each['person']}  有效至 {each['expires'][:10]}" for each in people),
    ]
    return Answer(data, lines)


def _unsigned(path: Path, result: ImportResult) -> Answer:
    verdict = {
        "readable": True,
        "intact": None,
        "signature_valid": False,
        "signer": "",
        "trusted": False,
        "addressed_to_us": None,
        "fresh": None,
        "summary": "未签名的报送表，按手工报送接收",
    }
    return Answer(
        {"verdict": verdict, "plan": result.counts()}, [f"{path.name}：{verdict['summary']}", _counted(result.counts())]
    )


def _verdict(verdict: Verdict) -> dict[str, Any]:
    signer = f"{verdict.office_name}（{verdict.office}）{verdict.person}" if verdict.office else ""
    return {
        "readable": verdict.is_readable,
        "intact": verdict.is_intact,
        "signature_valid": verdict.is_signature_valid,
        "signer": signer,
        "office": verdict.office,
        "trusted": verdict.is_trusted,
        "trust": str(verdict.standing),
        "addressed_to_us": verdict.is_addressed_to_us,
        "expected_sender": verdict.is_expected_sender,
        "fresh": verdict.is_signature_valid and verdict.freshness is Freshness.NEW,
        "kind": verdict.kind,
        "period": verdict.period,
        "number": verdict.number,
        "nil": verdict.nil,
        "fingerprint": verdict.fingerprint,
        "warnings": list(verdict.warnings),
        "reason": verdict.reason,
        "summary": verdict.summary,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {**plan.counts(), "rows": [_row(row) for row in plan.rows]}


def _row(row: PlannedRevision) -> dict[str, Any]:
    return {
        "record": row.object_id,
        "office": row.office,
        "outcome": str(row.outcome),
        "product": row.record.product if row.record else row.title,
        "why": row.why,
        "told": row.told,
        "changes": [
            {"field": each.field, "before": str(each.before), "after": str(each.after)} for each in row.changes
        ],
    }


def _told_of(receipt: Receipt) -> str:
    return f"没有写出回执：{receipt.error}" if receipt.error else f"回执：{receipt.file}"


def _received(one: Received, receipt: Receipt | None) -> dict[str, Any]:
    outcome = "taken" if one.run_id else "refused"
    counts = one.plan.counts() if one.run_id else _NOTHING
    return {
        "file": one.name,
        "outcome": outcome,
        "signed": one.verdict.reason != "error",
        "package": one.package,
        "import": one.run_id,
        **counts,
        "rows": [_row(row) for row in one.plan.rows] if one.run_id else [],
        "receipt": str(receipt.file) if receipt and receipt.file else "",
        "receipt_trouble": str(receipt.error) if receipt and receipt.error else "",
        "verdict": _verdict(one.verdict),
    }


def _row_lines(row: PlannedRevision) -> list[str]:
    if row.outcome in (Outcome.NEW, Outcome.SAME) and not row.why:
        return []
    name = row.record.product[:20] if row.record else row.title or row.object_id
    lines = [f"{name}：{_OUTCOMES[row.outcome]}{'，' + row.why if row.why else ''}"]
    return lines + [
        f"  {TITLES.get(each.field, each.field)}：{_short(each.before)} → {_short(each.after)}" for each in row.changes
    ]


def _short(value: object) -> str:
    return str(value)[:40] or "（空）"


def _counted(counts: Mapping[str, int]) -> str:
    return f"读入 {counts['read']} 条：" + "，".join(f"{told} {counts[outcome]}" for outcome, told in _OUTCOMES.items())


def _code(counts: Mapping[str, int], refused: str = "") -> int:
    if refused:
        return _BAD if refused == "error" else _REFUSED
    return _WAITING if counts[Outcome.CONFLICT] else _BAD if counts[Outcome.REJECTED] else 0


def _gravest(codes: Sequence[int]) -> int:
    return next((code for code in (_REFUSED, _WAITING, _BAD) if code in codes), 0)
