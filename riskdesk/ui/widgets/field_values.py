"""What the value of a field looks like to people: in a history, in a comparison."""

from __future__ import annotations

import dataclasses
import difflib
import html
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from riskdesk.domain.annex1 import chinese_date
from riskdesk.domain.enterprise_count import EnterpriseCount
from riskdesk.domain.titles import EMPTY, VALUE_LABELS
from riskdesk.services.reference import Reference

_KEPT = 24  # characters around a change; what is equal beyond that is left out
_SHORT = 8  # characters; pieces that share less than that are told apart whole


def shown(name: str, value: Any, reference: Reference) -> str:
    """Return a field's value as text; codes with the words that they stand for."""
    if name == "region_codes":
        regions = reference.regions
        return "、".join(regions.full_name(code) if code in regions else code for code in value) or EMPTY
    lists = reference.vocabulary.lists
    words = {
        "source_codes": lists["risk_sources"],
        "important_codes": lists["important_criteria"],
        "key_codes": lists["key_criteria"],
    }
    if name in words:
        return "；".join(f"{code} {words[name].get(code, '')}".strip() for code in value) or EMPTY
    return _plain(value) or EMPTY


def compared(before: str, after: str, gone: str, come: str) -> tuple[str, str]:
    """Return both texts as HTML in which what is gone is struck out and what came is underlined, in colours too."""
    left, right = [], []
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal":
            same = _clipped(before[a:b], first=number == 0, last=number == len(steps) - 1)
            left.append(_safe(same))
            right.append(_safe(same))
        else:
            left.append(f'<s style="color:{gone}">{_safe(before[a:b])}</s>' if b > a else "")
            right.append(f'<u style="color:{come}">{_safe(after[c:d])}</u>' if d > c else "")
    return "".join(left), "".join(right)


def _clipped(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * _KEPT + _SHORT:
        return text
    head = "" if first else text[:_KEPT]
    tail = "" if last else text[-_KEPT:]
    return f"{head}……{tail}"


def _safe(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "；".join(_plain(each) for each in value)
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{each}" for key, each in value.items())
    if isinstance(value, EnterpriseCount):
        return value.text
    if dataclasses.is_dataclass(value):
        parts = (_plain(getattr(value, each.name)) for each in dataclasses.fields(value) if each.name != "sha256")
        return " ".join(part for part in parts if part)
    return _word(value)


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return VALUE_LABELS.get(value, str(value))
    return chinese_date(value) if isinstance(value, date) else str(value)
