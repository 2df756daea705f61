"""What a row of an import changes, or would change, in words: 原为…，改为…."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from riskdesk.domain.enterprise_count import EnterpriseCount
from riskdesk.domain.problems import Problem
from riskdesk.domain.reconcile import FieldDifference, Outcome
from riskdesk.domain.records import Record, SourceDetail
from riskdesk.domain.titles import TITLES

_LONGEST = 40  # characters of a value within a sentence
_CODES = {"region_codes": "regions_text", "source_codes": "sources_text"}


def told_changes(outcome: Outcome, before: Record, changes: Sequence[FieldDifference]) -> Iterator[Problem]:
    """Say what is changed, and for a conflict which record it would be and which of its columns differ."""
    shown = shown_changes(changes)
    if outcome is Outcome.UPDATED:
        for each in shown:
            old, new = shown_value(each.before)[:_LONGEST], shown_value(each.after)[:_LONGEST]
            yield Problem(each.field, "changed", f"“{TITLES[each.field]}”原为“{old or '未填'}”，改为“{new or '未填'}”")
    elif outcome is Outcome.CONFLICT:
        titles = "、".join(f"“{TITLES[each.field]}”" for each in shown)
        product = before.product[:_LONGEST] or "未填产品"
        message = f"与 {before.period} 已有的记录“{product}”不一致，不同的是{titles}。请打开原记录核对后修改"
        yield Problem(shown[0].field if shown else "product", "conflict", message)


def shown_changes(changes: Sequence[FieldDifference]) -> list[FieldDifference]:
    """Return the changes without those of codes that were only read out of a text that changes as well."""
    named = {each.field for each in changes}
    return [each for each in changes if _CODES.get(each.field) not in named]


def shown_value(value: Any) -> str:
    """Return a value of a record as people read it, "" for none."""
    if isinstance(value, EnterpriseCount):
        return value.text
    if isinstance(value, SourceDetail):
        return " ".join(part for part in (value.publisher, value.reference, value.url) if part)
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
