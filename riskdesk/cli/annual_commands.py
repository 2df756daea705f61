"""The command annual: the yearly report (Annex 2)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from riskdesk.cli.opening import open_desk
from riskdesk.cli.output import Answer, TerminalProgress
from riskdesk.cli.passphrase import ask_passphrase
from riskdesk.domain.encoding import decode
from riskdesk.errors import UsageError
from riskdesk.files import told_as_fault
from riskdesk.services import annual, annual_exports, annual_received, assessments, keyring, station_receipts
from riskdesk.services.desk import Desk
from riskdesk.services.station_receipts import HandedOn


def annual_command(given: argparse.Namespace) -> Answer:
    """Do what is wanted of the yearly report."""
    with open_desk(given) as desk:
        return _ANNUAL[given.action](desk, given)


def _annual_new(desk: Desk, given: argparse.Namespace) -> Answer:
    return _report(annual.new(desk, given.product, year_of(given), given.include or ()))


def _annual_refresh(desk: Desk, given: argparse.Namespace) -> Answer:
    return _report(annual.refresh(desk, _found(desk, given)))


def _annual_show(desk: Desk, given: argparse.Namespace) -> Answer:
    if given.product:
        return _report(_read(desk, given))
    known = annual.reports(desk)
    data = [
        {
            "product": each.report.product,
            "year": each.report.year,
            "revision": each.revision,
            "handed": [handed_data(sent) for sent in station_receipts.handed_on(desk, each.revision)],
        }
        for each in known
    ]
    return Answer(data, [f"{each.report.year} 年 {each.report.product}" for each in known] or ["还没有专题分析报告。"])


def _annual_write(desk: Desk, given: argparse.Namespace) -> Answer:
    """Put the text of a file under a heading."""
    if given.file is None or not given.section:
        raise UsageError("用法：riskdesk annual write --product 产品 --year 年份 --section 2.1 --file 文本文件")
    with told_as_fault(given.file):
        text = decode(given.file.read_bytes())
    kept = _found(desk, given)
    return _report(annual.save(desk, kept, kept.report.with_text(given.section, text)))


def _annual_export(desk: Desk, given: argparse.Namespace) -> Answer:
    if given.out is None:
        raise UsageError("请用 --out 指定导出到哪个文件夹。")
    kept = _read(desk, given)
    formats = given.format or ["docx", "pdf"]
    day = _day(given.day or (kept.at[:10] if given.office else ""))
    files, notes = annual.export(kept, given.out.absolute(), formats, TerminalProgress(), day)
    if not given.office:
        annual_exports.note(desk, kept.report.year)
    return Answer({"files": [str(each) for each in files]}, [f"已导出 {each}" for each in files], notes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"看不出“{text[:20]}”是哪一天。请写成 2026-12-25。") from error


def _annual_send(desk: Desk, given: argparse.Namespace) -> Answer:
    """Hand an own report on to the offices above."""
    if given.out is None:
        raise UsageError("请用 --out 指定写到哪个文件夹。")
    kept = _found(desk, given)
    steps, receivers = assessments.own_annual(desk, kept.id)
    keys = keyring.unlock(desk, ask_passphrase(), given.person)
    made = assessments.hand_on(desk, keys, steps, receivers, given.out.absolute())
    annual_exports.note(desk, kept.report.year)
    to_do = kept.report.to_do()
    data = {
        "file": str(made.file),
        "receivers": list(receivers),
        "revision": kept.revision,
        "to_do": list(to_do),
        "warnings": list(made.warnings),
    }
    return Answer(data, [f"已写出 {made.file}"], (*made.warnings, *to_do))


def _annual_received(desk: Desk, given: argparse.Namespace) -> Answer:
    """Tell which reports came from other offices."""
    found = [each for each in annual_received.received(desk) if given.year in (None, each.kept.report.year)]
    data, lines = [], []
    for each in found:
        report = each.kept.report
        data.append(
            {
                "office": each.office,
                "unit": each.unit,
                "product": report.product,
                "year": report.year,
                "id": each.kept.id,
                "revision": each.kept.revision,
                "versions": each.versions,
                "at": each.at,
                "to_do": len(report.to_do()),
                "doubts": list(each.doubts),
            }
        )
        lines.append(f"{report.year} 年 {report.product}　{each.unit}　第 {each.versions} 版　{each.at[:10]} 收到")
        lines += [f"　注意：{doubt}" for doubt in each.doubts]
    return Answer(data, lines or ["还没有收到专题分析报告。"])


def _read(desk: Desk, given: argparse.Namespace) -> annual.Kept:
    """Return a report to be read: an own one, or with `--office` one that came from there."""
    if given.office and given.product:
        return annual_received.find(desk, given.office, given.product, year_of(given)).kept
    return _found(desk, given)


def _found(desk: Desk, given: argparse.Namespace) -> annual.Kept:
    if not given.product:
        raise UsageError("请用 --product 指定报告所分析的产品。")
    return annual.find(desk, given.product, year_of(given))


def _report(kept: annual.Kept) -> Answer:
    report = kept.report
    data: dict[str, Any] = {
        "id": kept.id,
        "revision": kept.revision,
        "product": report.product,
        "year": report.year,
        "sections": [
            {
                "code": each.code,
                "title": each.title,
                "text": each.text,
                "blocks": [
                    {
                        "kind": str(block.kind),
                        "text": block.text,
                        "basis": block.basis,
                        "unknown": block.unknown,
                        "rows": [list(row) for row in block.table.rows] if block.table else [],
                        "behind": [list(row) for row in block.table.behind] if block.table else [],
                    }
                    for block in each.blocks
                ],
            }
            for each in report.sections
        ],
        "to_do": list(report.to_do()),
    }
    lines = [f"{each.code} {each.title}　{len(each.text)} 字，统计 {len(each.blocks)} 项" for each in report.sections]
    return Answer(data, lines, report.to_do())


def handed_data(version: HandedOn) -> dict[str, Any]:
    """Return what became of a version that was handed on."""
    return {
        "revision": version.revision,
        "at": version.at,
        "replies": [
            {"office": reply.office, "state": reply.state.name.lower(), "reason": reply.reason}
            for reply in version.replies
        ],
    }


def year_of(given: argparse.Namespace) -> int:
    """Return the year that a command is about; raise `UsageError` if none is given."""
    if given.year is None:
        raise UsageError("请用 --year 指定年份，如 2025。")
    year: int = given.year
    return year


_ANNUAL: Mapping[str, Callable[[Desk, argparse.Namespace], Answer]] = {
    "new": _annual_new,
    "refresh": _annual_refresh,
    "show": _annual_show,
    "write": _annual_write,
    "export": _annual_export,
    "send": _annual_send,
    "received": _annual_received,
}
