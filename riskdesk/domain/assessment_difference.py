"""What differs between two versions of a station's sheet, indicator by indicator, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskdesk.domain.assessment import Evidence, Filled, Sheet
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import Indicator, Template, answer_text


@dataclass(frozen=True, slots=True)
class Change:
    """What one thing said before and says after; "" is nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed of one indicator, or of the vetoes, whose `code` is ""."""

    code: str
    title: str
    changes: tuple[Change, ...]


def differences(before: Sheet, after: Sheet) -> tuple[Difference, ...]:
    """Return what differs, in the order of the template, the vetoes last."""
    if (before.filled, before.vetoes) == (after.filled, after.vetoes):
        return ()
    template = after.template
    found = [
        Difference(each.code, f"{each.code} {each.name}", changes)
        for each in template.indicators
        if (changes := tuple(_changes(each, before.of(each.code), after.of(each.code))))
    ]
    if before.vetoes != after.vetoes:
        change = Change("勾选", _vetoes(template, before), _vetoes(template, after))
        found.append(Difference("", "否决项", (change,)))
    return tuple(found)


def _changes(indicator: Indicator, before: Filled, after: Filled) -> Iterator[Change]:
    if before == after:
        return
    pairs = (
        ("填报", _said(indicator, before.answer), _said(indicator, after.answer)),
        ("系统统计", _said(indicator, before.computed), _said(indicator, after.computed)),
        ("理由", before.reason, after.reason),
        ("说明", before.note, after.note),
    )
    for what, old, new in pairs:
        if old != new:
            yield Change(what, old, new)
    if gone := [each for each in before.evidence if each not in after.evidence]:
        yield Change("删除材料", _files(gone), "")
    if come := [each for each in after.evidence if each not in before.evidence]:
        yield Change("增加材料", "", _files(come))


def _said(indicator: Indicator, answer: Answer | None) -> str:
    if answer is None:
        return ""
    return f"{answer_text(indicator, answer)}（{indicator.rule.points(answer)} 分）"


def _files(evidence: list[Evidence]) -> str:
    return "、".join(f"{each.attachment.name}（{each.of or '其他材料'}）" for each in evidence)


def _vetoes(template: Template, sheet: Sheet) -> str:
    return "；".join(f"{each.code} {each.text}" for each in template.vetoes if each.code in sheet.vetoes)
