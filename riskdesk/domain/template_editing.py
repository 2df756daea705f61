"""Editing an indicator template: every operation takes its JSON values and returns others; fields it does not know stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from riskdesk.domain.text import ascii_digits, clean_line
from riskdesk.errors import InputError

Data = Mapping[str, Any]
RATE = "_rate"  # how metrics end that are shares
_NEW_INDICATOR, _NEW_DIMENSION = "新指标", "新维度"
_PARTS = ("options", "items", "points_each", "steps", "full", "zero_at")  # of the rules, by which their types differ


@dataclass(frozen=True, slots=True)
class Metric:
    """What the station's own data can answer; one with `options` chooses one of so many statements, else it is a number."""

    title: str
    options: int = 0


METRICS: Mapping[str, Metric] = {
    "designated_person_count": Metric("指定专人情况", 3),
    "distinct_sources": Metric("信息来源的类数"),
    "accepted_records": Metric("经确认的信息条数"),
    "on_time_rate": Metric("月报按时报送率"),
    "complete_rate": Metric("报送表七栏完整率"),
    "key_late_count": Metric("重点信息迟报情况", 3),
    "return_rate": Metric("退回率"),
    "annual_report_status": Metric("专题分析报告报送情况", 4),
    "confirmed_rate": Metric("重要风险信息核实率"),
    "adopted_suggestions": Metric("被采用的建议条数"),
}
RULES: Mapping[str, str] = {
    "options": "选一种说法",
    "per_item": "逐项勾选",
    "steps": "数值分档",
    "linear": "数值按比例，越大越好",
    "linear_down": "数值按比例，越小越好",
}
NUMBER_RULES = ("steps", "linear", "linear_down")
_BEGUN: Mapping[str, Data] = {
    "options": {"options": [["符合", 0], ["不符合", 0]]},
    "per_item": {"items": ["第一项"], "points_each": 0},
    "steps": {"steps": [[1, 0], [0, 0]]},
    "linear": {"full": 1},
    "linear_down": {"zero_at": 1},
}


def number(text: str) -> int | str:
    """Return a number as it is kept: a whole one, or the text of another; what cannot be read stays as typed, for the check to tell."""
    typed = ascii_digits(clean_line(text)).replace(" ", "")
    is_share = typed.endswith("%")
    try:
        found = Decimal(typed.removesuffix("%"))
    except InvalidOperation:
        return clean_line(text)
    if not found.is_finite():
        return clean_line(text)
    plain = _plain(found / 100 if is_share else found)
    return int(plain) if plain.lstrip("-").isdigit() else plain


def shown(value: Any, metric: str = "") -> str:
    """Return a number for people, in percent for a metric that is a share; one that cannot be read as it was typed."""
    found = decimal(value)
    if found is None:
        return str(value)
    return f"{_plain(found * 100)}%" if metric.endswith(RATE) else _plain(found)


def decimal(value: Any) -> Decimal | None:
    """Return a number of the template, None if it cannot be read."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _plain(found: Decimal) -> str:
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- indicators ---


def changed(data: Data, place: int, **fields: Any) -> Data:
    """Return the template with fields of one indicator replaced."""
    indicators = list(data["indicators"])
    indicators[place] = {**indicators[place], **fields}
    return {**data, "indicators": indicators}


def answered_by(data: Data, place: int, metric: str) -> Data:
    """Return the template in which an indicator is answered by a metric, by people for ""."""
    rule = {name: value for name, value in data["indicators"][place]["rule"].items() if name != "metric"}
    if metric and rule["type"] in NUMBER_RULES:
        rule["metric"] = metric
    return changed(data, place, auto_metric=metric or None, rule=rule)


def ruled(data: Data, place: int, kind: str) -> Data:
    """Return the template in which an indicator is scored by another type of rule, with something to begin with."""
    before = data["indicators"][place]
    if before["rule"]["type"] == kind:
        return data
    kept = {name: value for name, value in before["rule"].items() if name not in (*_PARTS, "type", "metric")}
    put = changed(data, place, rule={"type": kind, **_BEGUN[kind], **kept})
    return answered_by(put, place, before.get("auto_metric") or "")


def rule_changed(data: Data, place: int, **fields: Any) -> Data:
    """Return the template with fields of one indicator's rule replaced."""
    return changed(data, place, rule={**data["indicators"][place]["rule"], **fields})


def added(data: Data, dimension: str) -> tuple[Data, int]:
    """Return the template with another indicator at the end of a dimension, and where it stands."""
    indicators = list(data["indicators"])
    own = _places(data, dimension)
    place = own[-1] + 1 if own else len(indicators)
    made = {
        "code": _free_code(data, dimension),
        "dimension": dimension,
        "name": _NEW_INDICATOR,
        "max_points": 0,
        "evidence": [],
        "rule": {"type": "options", **_BEGUN["options"]},
        "auto_metric": None,
        "critical": False,
    }
    indicators.insert(place, made)
    return {**data, "indicators": indicators}, place


def belonging(data: Data, place: int, dimension: str) -> tuple[Data, int]:
    """Return the template in which an indicator stands at the end of another dimension, and where that is."""
    if data["indicators"][place]["dimension"] == dimension:
        return data, place
    indicators = list(data["indicators"])
    moving = {**indicators.pop(place), "dimension": dimension}
    own = _places({**data, "indicators": indicators}, dimension)
    to = own[-1] + 1 if own else len(indicators)
    indicators.insert(to, moving)
    return {**data, "indicators": indicators}, to


def deleted(data: Data, place: int) -> tuple[Data, int]:
    """Return the template without one indicator, and which one stands where the eye is then: of the same dimension, if any."""
    own = _places(data, data["indicators"][place]["dimension"])
    indicators = [each for number, each in enumerate(data["indicators"]) if number != place]
    at = own.index(place)
    beside = own[at + 1] - 1 if at + 1 < len(own) else own[at - 1] if at else min(place, len(indicators) - 1)
    return {**data, "indicators": indicators}, beside


def neighbour(data: Data, place: int, by: int) -> int | None:
    """Return where the next (1) or previous (-1) indicator of the same dimension stands, None if there is none."""
    own = _places(data, data["indicators"][place]["dimension"])
    at = own.index(place) + by
    return own[at] if 0 <= at < len(own) else None


def moved(data: Data, place: int, by: int) -> tuple[Data, int]:
    """Return the template with one indicator moved down (1) or up (-1) in its dimension, and where it stands then."""
    other = neighbour(data, place, by)
    if other is None:
        return data, place
    indicators = list(data["indicators"])
    indicators[place], indicators[other] = indicators[other], indicators[place]
    return {**data, "indicators": indicators}, other


def _places(data: Data, dimension: str) -> list[int]:
    return [place for place, each in enumerate(data["indicators"]) if each["dimension"] == dimension]


def _free_code(data: Data, dimension: str) -> str:
    """Return a code after those of the dimension: the letters they begin with, and the next number."""
    taken = {each["code"] for each in data["indicators"]}
    own = [data["indicators"][place]["code"] for place in _places(data, dimension)]
    letters = own[-1].rstrip("0123456789") if own else clean_line(dimension)[:1]
    following = (f"{letters}{number}" for number in range(len(own) + 1, len(taken) + len(own) + 2))
    return next(code for code in following if code not in taken)


# --- dimensions ---


def dimensions(data: Data) -> list[str]:
    """Return the dimensions in the order of their indicators, those without any last."""
    used = dict.fromkeys(each["dimension"] for each in data["indicators"])
    return [*used, *(name for name in data["dimensions"] if name not in used)]


def dimension_added(data: Data) -> tuple[Data, int]:
    """Return the template with another dimension, and where it stands among them."""
    names = [_NEW_DIMENSION, *(f"{_NEW_DIMENSION}{each}" for each in range(2, len(data["dimensions"]) + 3))]
    name = next(each for each in names if each not in data["dimensions"])
    put = {**data, "dimensions": {**data["dimensions"], name: 0}}
    return put, dimensions(put).index(name)


def dimension_renamed(data: Data, name: str, wanted: str) -> Data:
    """Return the template with a dimension called otherwise; raise `InputError` without a name, or for one that another has."""
    wanted = clean_line(wanted)
    if not wanted:
        raise InputError("请填写维度的名称。")
    if wanted != name and wanted in data["dimensions"]:
        raise InputError(f"已经有维度“{wanted}”，请换一个名称。")
    names = {(wanted if each == name else each): points for each, points in data["dimensions"].items()}
    indicators = [{**each, "dimension": wanted} if each["dimension"] == name else each for each in data["indicators"]]
    return {**data, "dimensions": names, "indicators": indicators}


def dimension_deleted(data: Data, name: str) -> Data:
    """Return the template without a dimension; raise `InputError` if it has indicators."""
    if _places(data, name):
        raise InputError(f"“{name}”中还有指标，请先删除这些指标或改到别的维度。")
    return {**data, "dimensions": {each: points for each, points in data["dimensions"].items() if each != name}}


# --- rows of two or more columns ---


def vetoes_put(data: Data, rows: Sequence[Sequence[str]]) -> Data:
    """Return the template with these vetoes (code, text, result); what else was known of one by its code stays."""
    known = {each["code"]: each for each in data["veto"]}
    made = [
        {**known.get(code, {}), "code": code, "text": text, "result": outcome}
        for code, text, outcome in (map(clean_line, each) for each in rows)
    ]
    return {**data, "veto": made}


def pairs_put(rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    """Return statements with their points, as options and grades have them."""
    return [[clean_line(text), number(points)] for text, points in rows]
