"""Yearly reports that came from other offices: read, compared and exported here, never written, and never mixed with own ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from riskdesk.domain.offices import Roster, spelling
from riskdesk.domain.revisions import heads
from riskdesk.errors import InputError
from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of


@dataclass(frozen=True, slots=True)
class Received:
    """A report of another office as it stands here.

    `office` is the code of the office that signed it, `unit` its name; `versions` is how many came, `at` when the one that stands
    came (ISO 8601). `doubts` are what a person should know before relying on it.
    """

    kept: Kept
    office: str
    unit: str
    versions: int
    at: str
    doubts: tuple[str, ...] = ()


def received(desk: Desk) -> list[Received]:
    """Return the reports of other offices, the latest year first, then by unit and product."""
    newest = [step for step in desk.revisions.newest_of_kind(annual.KIND) if step.org != desk.office.code]
    if not newest:
        return []
    known = desk.revisions.of_objects([step.object_id for step in newest])
    arrived, roster = _arrived(desk), roster_of(desk)
    kept = {step.object_id: annual.kept_of(step) for step in newest}
    same = Counter((step.org, *_subject(kept[step.object_id])) for step in newest)
    found = []
    for step in newest:
        one, steps = kept[step.object_id], known[step.object_id]
        several = same[(step.org, *_subject(one))]
        doubts = _doubts(roster, step.org, one, len(heads(steps)), several)
        at = arrived.get(step.hash, step.at)
        found.append(Received(one, step.org, roster.name_of(step.org), len(steps), at, doubts))
    return sorted(found, key=lambda each: (-each.kept.report.year, each.unit, each.kept.report.product, each.at))


def find(desk: Desk, office: str, product: str, year: int) -> Received:
    """Return the report of an office on a product and year, the last one that came; raise `InputError` if there is none."""
    known = received(desk)
    found = [each for each in known if each.office == office and _subject(each.kept) == (product, year)]
    if not found:
        others = "、".join(f"{each.office} {each.kept.report.year} 年 {each.kept.report.product}" for each in known)
        raise InputError(
            f"没有收到 {office} 的 {year} 年“{product}”专题分析报告。" + (f"收到的有：{others}。" if others else "")
        )
    return max(found, key=lambda each: each.at)


def _subject(kept: Kept) -> tuple[str, int]:
    return kept.report.product, kept.report.year


def _arrived(desk: Desk) -> dict[str, str]:
    """Return when each version came first, by its hash."""
    found: dict[str, str] = {}
    for package in desk.packages.every("in"):  # the newest first
        if package.kind == "assessment":
            found.update(dict.fromkeys(package.facts.get("items") or (), package.at))
    return found


def _doubts(roster: Roster, office: str, kept: Kept, tips: int, several: int) -> tuple[str, ...]:
    name, unit = roster.name_of(office), kept.report.unit
    named = roster.named(unit) if spelling(unit) != spelling(name) else None
    found = []
    if named is not None and named.code != office:
        found.append(f"报告写的单位是“{unit}”，签名的却是 {name}（{office}）。请向签名单位核实。")
    if tips > 1:
        found.append(
            f"这份报告有 {tips} 个互不包含的版本（可能恢复过备份），显示的是其中一个。请让填报单位修改后重新上报。"
        )
    if several > 1:
        found.append(f"这个单位报来了 {several} 份同一年度、同一产品的报告。请向填报单位核实以哪一份为准。")
    return tuple(found)
