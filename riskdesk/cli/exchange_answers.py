"""What the commands of the hand-off answer, in words and as JSON; `look` and `receive` stand in `receiving_answers`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from riskdesk.cli.output import Answer
from riskdesk.domain.handoff import Completeness, ReportState
from riskdesk.services.answering import Answering
from riskdesk.services.handing_over import HandedOver
from riskdesk.services.keyring import KeyState
from riskdesk.services.kits import Enrolled

_STATES = {
    ReportState.MISSING: "未报",
    ReportState.RECEIVED: "已报",
    ReportState.NIL: "零报告",
    ReportState.RETURNED: "已退回",
}


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
