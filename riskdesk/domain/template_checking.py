"""What is wrong with an indicator template that is being edited, in words, and where; the sums, and what may be deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from riskdesk.domain.station_template import template_of
from riskdesk.domain.template_editing import METRICS, NUMBER_RULES, Data, decimal, dimensions
from riskdesk.errors import InputError

_TITLES = {
    "id": "编号",
    "title": "标题",
    "code": "代码",
    "name": "名称",
    "dimension": "维度",
    "text": "情形",
    "result": "结果",
}
_SOUND_GRADES = [["合格", 0]]


class Part(StrEnum):
    """What a template consists of."""

    GENERAL = "general"
    DIMENSION = "dimension"
    INDICATOR = "indicator"
    GRADES = "grades"
    VETOES = "vetoes"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the template; `at` counts indicators as they are listed, dimensions as `dimensions` returns them."""

    part: Part
    at: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a template cannot be put in force, and where that is mended."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sum:
    """Points that were found and that are wanted, None if they cannot be read."""

    found: Decimal | None
    wanted: Decimal | None

    @property
    def is_right(self) -> bool:
        return self.found is not None and self.found == self.wanted


def dimension_of(data: Data, place: Place) -> str | None:
    """Return the dimension that a place is in, None outside all of them."""
    if place.part is Part.DIMENSION:
        return dimensions(data)[place.at]
    return str(data["indicators"][place.at]["dimension"]) if place.part is Part.INDICATOR else None


def why_not_deleted(data: Data, place: Place) -> str:
    """Return why what is at a place cannot be deleted, "" if it can."""
    if place.part is Part.INDICATOR:
        return "" if len(data["indicators"]) > 1 else "至少保留一个指标"
    if place.part is Part.DIMENSION:
        is_used = any(each["dimension"] == dimension_of(data, place) for each in data["indicators"])
        return "这个维度中还有指标，请先删除或改到别的维度" if is_used else ""
    return "请先选中一个指标或维度"


def sums(data: Data) -> list[Sum]:
    """Return what the indicators of each dimension come to, in the order of `dimensions`."""
    return [
        Sum(
            _total([each["max_points"] for each in data["indicators"] if each["dimension"] == name]),
            decimal(data["dimensions"].get(name, "")),
        )
        for name in dimensions(data)
    ]


def whole_sum(data: Data) -> Sum:
    """Return what all indicators come to."""
    return Sum(_total([each["max_points"] for each in data["indicators"]]), decimal(data["total"]))


def _total(values: list[Any]) -> Decimal | None:
    points = [decimal(each) for each in values]
    known = [each for each in points if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(points) else None


def problem(data: Data) -> Problem | None:
    """Return the first thing that is wrong with a template, None if it can be put in force."""
    for at, each in enumerate(data["indicators"]):
        if said := _said(_alone(each)):
            text = said if each["code"] and each["code"] in said else f"指标 {each['code']} {each['name']}：{said}"
            return Problem(text, Place(Part.INDICATOR, at))
    if said := _said(data):
        return Problem(said, _place_of(data, said))
    return next(_careless(data), None)


def check(data: Data) -> None:
    """Raise `InputError` telling the first thing that is wrong."""
    template_of(data)
    if (found := problem(data)) is not None:
        raise InputError(found.text)


def _said(data: Data) -> str:
    try:
        template_of(data)
    except InputError as error:
        text = str(error)
        for name, title in _TITLES.items():
            text = text.replace(f"“{name}”", f"“{title}”")
        return "有数值没有填写。" if text.endswith("看不懂：") else text
    return ""


def _alone(indicator: Data) -> Data:
    """Return a template of which nothing but the indicator can be wrong."""
    points = indicator["max_points"]
    return {
        "id": "-",
        "version": 1,
        "title": "-",
        "total": points,
        "grades": _SOUND_GRADES,
        "veto": [],
        "dimensions": {indicator["dimension"]: points},
        "indicators": [indicator],
    }


def _place_of(data: Data, said: str) -> Place:
    """Return the part that no longer makes the domain say so once it is mended."""
    for place, mended in _mended(data):
        if _said(mended) != said:
            return place
    return Place(Part.GENERAL)  # title and total


def _mended(data: Data) -> Iterator[tuple[Place, Data]]:
    """Mend one part after the other, keeping what was mended before."""
    now: dict[str, Any] = {**data, "grades": _SOUND_GRADES}
    yield Place(Part.GRADES), now
    now = {**now, "veto": []}
    yield Place(Part.VETOES), now
    for at, (name, each) in enumerate(zip(dimensions(data), sums(data), strict=True)):
        now = {**now, "dimensions": {**now["dimensions"], name: str(each.found)}}
        yield Place(Part.DIMENSION, at), now
    for at in reversed(range(len(data["indicators"]))):
        now = {**now, "indicators": [*now["indicators"]]}
        now["indicators"][at] = {**now["indicators"][at], "code": f"-{at}"}
        yield Place(Part.INDICATOR, at), now


def _careless(data: Data) -> Iterator[Problem]:
    """Yield what adds up and yet makes no sense to those who fill in a sheet."""
    for at, each in enumerate(data["indicators"]):
        if text := _careless_rule(each):
            yield Problem(f"指标 {each['code']} {each['name']}：{text}", Place(Part.INDICATOR, at))
    grades = [str(name).strip() for name, _ in data["grades"]]
    if not all(grades) or _repeated(grades):
        yield Problem("等级的名称没有填写或有重复。", Place(Part.GRADES))
    if _repeated([each["code"] for each in data["veto"]]):
        yield Problem("否决项的代码有重复。", Place(Part.VETOES))


def _careless_rule(indicator: Data) -> str:
    rule, metric = indicator["rule"], METRICS.get(indicator.get("auto_metric") or "")
    if rule["type"] == "options" and not all(str(text).strip() for text, _ in rule["options"]):
        return "有一种说法没有写。"
    if rule["type"] == "per_item" and not all(str(each).strip() for each in rule["items"]):
        return "有一项没有写。"
    if metric and not metric.options and rule["type"] not in NUMBER_RULES:
        return f"“{metric.title}”是数值，评分方式应选数值分档或按比例，或者改由人填写。"
    return ""


def _repeated(names: list[str]) -> bool:
    return any(count > 1 for count in Counter(names).values())
