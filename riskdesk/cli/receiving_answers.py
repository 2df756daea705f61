"""What `look` and `receive` answer, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from riskdesk.cli.hints import fork_hints, hint_for
from riskdesk.cli.output import Answer
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.titles import TITLES
from riskdesk.errors import INTERRUPTED
from riskdesk.services.importing import ImportResult
from riskdesk.services.receipts import Receipt
from riskdesk.services.receiving import Plan, PlannedRevision, Received
from riskdesk.services.taking import Seen, Taken
from riskdesk.services.verdicts import Freshness, Verdict

_BAD, _REFUSED, _WAITING = 3, 4, 5
_MOST = 5  # names of files that are told
_FAILED = "error"  # the reason of a verdict on a file that could not be opened or read
_OUTCOMES = {
    Outcome.NEW: "新增",
    Outcome.SAME: "相同",
    Outcome.UPDATED: "更新",
    Outcome.STALE: "旧内容",
    Outcome.CONFLICT: "有冲突",
    Outcome.REJECTED: "拒收",
}
_NOTHING = {"read": 0, **{str(outcome): 0 for outcome in Outcome}}
_DECISIONS = {"received": "收到", "returned": "退回", "adopted": "采用"}


def for_look(seen: Seen, own: str) -> Answer:
    """Answer `look` in the office `own`: exit code 4 for a package that would be refused, 5 if a person would have to decide."""
    if seen.waiting:
        told = [each.text for each in seen.waiting]
        return Answer({"verdict": None, "plan": _NOTHING, "waiting": told}, told)
    if seen.forms:
        [(path, result)] = seen.forms
        return _unsigned(path, result)
    [looked] = seen.packages
    verdict, plan = looked.verdict, looked.plan
    data = {"verdict": _verdict(verdict), "package": looked.package, "plan": _plan(plan), "answer": _answer(plan)}
    lines = [verdict.summary, *verdict.warnings, *filter(None, [_told(verdict, plan)]), *_rows_lines(plan)]
    hints = [] if verdict.reason else [f"接收后，{each}" for each in _fork_hints(plan, own, looked.package)]
    return Answer(data, lines, hints, _code(plan.counts(), verdict.reason))


def for_pdf(verdict: Verdict) -> Answer:
    """Answer `look` at a signed PDF."""
    return Answer({"verdict": _verdict(verdict)}, [verdict.summary], exit_code=_REFUSED if verdict.reason else 0)


def for_receive(taken: Taken, receipts: Sequence[Receipt], own: str) -> Answer:
    """Answer `receive` in the office `own`; the gravest outcome of all files is the exit code, unless it was interrupted."""
    written = {each.package: each for each in receipts}
    given = [(one, written.get(one.package) if one.run_id else None) for one in taken.packages]
    files = [_received(one, receipt) for one, receipt in given]
    lines = [line for one, receipt in given for line in _received_lines(one, receipt)]
    codes = [code for one, receipt in given for code in _received_codes(one, receipt)]
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
    data = {"files": files, "untouched": list(taken.untouched)}
    code = INTERRUPTED if taken.untouched else _gravest(codes)
    return Answer(data, lines, tuple(dict.fromkeys(_notes(taken, own))), code)


def _notes(taken: Taken, own: str) -> Iterator[str]:
    for one in taken.packages:
        if one.error:
            yield hint_for(one.error)
        if one.run_id:
            yield from _fork_hints(one.plan, own, one.package)
    if taken.untouched:
        done, left = len(taken.packages) + len(taken.forms), len(taken.untouched)
        more = " 等" if left > _MOST else ""
        named = "、".join(taken.untouched[:_MOST])
        yield f"已中断：处理了 {done} 个包或表格，其余 {left} 个没有接收，可以再次接收：{named}{more}。"


def _fork_hints(plan: Plan, own: str, package: str) -> list[str]:
    forks = [
        (row.object_id, row.office) for row in plan.rows if row.outcome is Outcome.CONFLICT and row.body is not None
    ]
    return fork_hints(forks, own, package)


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


def _answer(plan: Plan) -> dict[str, Any] | None:
    """Return what an answer says of our records; nothing for other packages."""
    if plan.answer is None:
        return None
    counts = plan.decisions()
    return {
        "about": plan.answer.package,
        **{decision: counts[decision] for decision in _DECISIONS},
        "records": [
            {
                "record": each.record,
                "product": plan.products.get(each.record, ""),
                "decision": str(each.decision),
                "reason": each.reason,
            }
            for each in plan.answer.records
        ],
    }


def _received(one: Received, receipt: Receipt | None) -> dict[str, Any]:
    return {
        "file": one.name,
        "outcome": "taken" if one.run_id else "failed" if one.verdict.reason == _FAILED else "refused",
        "signed": one.verdict.is_signature_valid,
        "package": one.package,
        "import": one.run_id,
        **(one.plan.counts() if one.run_id else _NOTHING),
        "rows": [_row(row) for row in one.plan.rows] if one.run_id else [],
        "answer": _answer(one.plan) if one.run_id else None,
        "receipt": str(receipt.file) if receipt and receipt.file else "",
        "receipt_trouble": str(receipt.error) if receipt and receipt.error else "",
        "verdict": _verdict(one.verdict),
    }


def _received_lines(one: Received, receipt: Receipt | None) -> Iterator[str]:
    yield f"{one.name}：{one.verdict.summary}"
    yield from (f"  {each}" for each in one.verdict.warnings)
    if one.run_id:
        yield f"  {_told(one.verdict, one.plan) or '没有记录'}（撤销编号 {one.run_id}）"
        yield from (f"  {line}" for line in _rows_lines(one.plan))
    if receipt:
        yield f"  没有写出回执：{receipt.error}" if receipt.error else f"  回执：{receipt.file}"


def _received_codes(one: Received, receipt: Receipt | None) -> Iterator[int]:
    if receipt and receipt.error:
        yield _BAD
    yield _code(one.plan.counts(), "" if one.run_id else one.verdict.reason)


def _told(verdict: Verdict, plan: Plan) -> str:
    """Return what a package holds, "" if nothing of it can be believed, or it has steps of its own."""
    counted = _counted(plan.counts()) if plan.rows or verdict.kind == "report" else ""
    return "；".join(filter(None, (_decided(plan), "信任更新" if plan.kit else "", counted)))


def _decided(plan: Plan) -> str:
    """Return how many records an answer decides upon, and which come back with what reason."""
    if plan.answer is None:
        return ""
    returned = [
        f"{plan.products.get(each.record) or f'本机没有的记录 {each.record[:8]}'}：{each.reason}"
        for each in plan.answer.records
        if str(each.decision) == "returned"
    ]
    why = {"returned": f"（{'；'.join(returned)}）" if returned else ""}
    counts = plan.decisions()
    return "回执：" + "，".join(f"{told} {counts[each]} 条{why.get(each, '')}" for each, told in _DECISIONS.items())


def _rows_lines(plan: Plan) -> Iterator[str]:
    for row in plan.rows:
        if row.outcome in (Outcome.NEW, Outcome.SAME) and not row.why:
            continue
        name = row.record.product[:20] if row.record else row.title or row.object_id
        yield f"{name}：{_OUTCOMES[row.outcome]}{'，' + row.why if row.why else ''}"
        for each in row.changes:
            yield f"  {TITLES.get(each.field, each.field)}：{_short(each.before)} → {_short(each.after)}"


def _short(value: object) -> str:
    return str(value)[:40] or "（空）"


def _counted(counts: Mapping[str, int]) -> str:
    return f"读入 {counts['read']} 条：" + "，".join(f"{told} {counts[outcome]}" for outcome, told in _OUTCOMES.items())


def _code(counts: Mapping[str, int], refused: str = "") -> int:
    if refused:
        return _BAD if refused == _FAILED else _REFUSED
    return _WAITING if counts[Outcome.CONFLICT] else _BAD if counts[Outcome.REJECTED] else 0


def _gravest(codes: Sequence[int]) -> int:
    return next((code for code in (_REFUSED, _WAITING, _BAD) if code in codes), 0)
