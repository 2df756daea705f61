"""The indicators by which monitoring stations are assessed: data that the province revises, kept with every sheet filled by it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from riskdesk.domain.scoring import Answer, Linear, LinearDown, Options, PerItem, Rule, Steps
from riskdesk.errors import InputError

FORMAT = "riskdesk-station-template/1"
_LATEST = 1_000_000  # versions
_REMEMBERED = 64  # templates: every sheet brings its own, and most bring the same
_NUMBER = re.compile(r"-?[0-9]{1,6}([.][0-9]{1,4})?")
_Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grade:
    """What a total is called, from `least` points on."""

    name: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Veto:
    """What decides alone, whatever the points: the grade is then `result`."""

    code: str
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `metric` names what the station's own data can answer, "" if only people can.

    A critical one must have its full points for the two best grades. `seed_words` are those of the notice it stands on.
    """

    code: str
    dimension: str
    name: str
    max_points: Decimal
    rule: Rule
    evidence: tuple[str, ...] = ()
    metric: str = ""
    critical: bool = False
    note: str = ""
    seed_words: str = ""
    seed_where: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A version of the indicators: their points, by dimension and all together, are what the template says."""

    id: str
    version: int
    title: str
    basis: str
    total: Decimal
    grades: tuple[Grade, ...]
    vetoes: tuple[Veto, ...]
    dimensions: Mapping[str, Decimal]
    indicators: tuple[Indicator, ...]

    def indicator(self, code: str) -> Indicator:
        """Return the indicator with the code; raise `InputError` if there is none."""
        found = next((each for each in self.indicators if each.code == code), None)
        if found is None:
            raise InputError(
                f"模板中没有指标“{code}”。可用的指标：{'、'.join(each.code for each in self.indicators)}。"
            )
        return found

    def of_dimension(self, name: str) -> tuple[Indicator, ...]:
        """Return the indicators of a dimension in their order."""
        return tuple(each for each in self.indicators if each.dimension == name)

    def grade(self, total: Decimal) -> str:
        """Return what a total is called."""
        return next(each.name for each in self.grades if total >= each.least)


def answer_text(indicator: Indicator, answer: Answer | None) -> str:
    """Return an answer in words."""
    rule = indicator.rule
    if answer is None:
        return "未填"
    if isinstance(rule, Options):
        return rule.options[answer.option or 0][0]
    if isinstance(rule, PerItem):
        return "、".join(rule.items[place] for place in sorted(answer.items)) or "均不具备"
    number = answer.number
    if number is None:
        return "未填"
    return str(number) if number.denominator == 1 else f"{number}（{float(number):.1%}）"


def template_from_text(text: str) -> dict[str, Any]:
    """Return a template file as JSON values that have a canonical form: numbers with a fraction become texts.

    Raises `InputError` if it is no template; `template_of` tells what is wrong inside.
    """
    try:
        given = json.loads(text, parse_float=str)
    except ValueError as error:
        raise InputError(f"指标模板不是完整的 JSON 文件（第 {getattr(error, 'lineno', 1)} 行附近）。") from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise InputError(f"这不是指标模板文件（format 应为 {FORMAT}）。请检查文件是否选对。")
    return given


def template_of(data: _Data) -> Template:
    """Return the template of its JSON values; raise `InputError` naming the indicator and what is wrong with it."""
    try:
        text = json.dumps(dict(data))
    except (TypeError, ValueError) as error:
        raise InputError(f"指标模板缺少内容或格式不对：{error}") from error
    return _parsed(text)


@lru_cache(_REMEMBERED)
def _parsed(text: str) -> Template:
    data = json.loads(text)
    try:
        found = Template(
            id=_text(data, "id"),
            version=_whole(data, "version"),
            title=_text(data, "title"),
            basis=str(data.get("basis", "")),
            total=_decimal(data["total"]),
            grades=tuple(Grade(str(name), _decimal(least)) for name, least in data["grades"]),
            vetoes=tuple(
                Veto(_text(each, "code"), _text(each, "text"), _text(each, "result")) for each in data["veto"]
            ),
            dimensions={str(name): _decimal(points) for name, points in data["dimensions"].items()},
            indicators=tuple(_indicator(each) for each in data["indicators"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"指标模板缺少内容或格式不对：{error}") from error
    _check(found)
    return found


def _indicator(data: _Data) -> Indicator:
    code, most = _text(data, "code"), _decimal(data["max_points"])
    rule = data["rule"]
    try:
        made = _RULES[rule["type"]](rule, most)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"指标 {code} 的评分规则不完整或类型不认识：{error}") from error
    _check_rule(code, made, most)
    return Indicator(
        code=code,
        dimension=_text(data, "dimension"),
        name=_text(data, "name"),
        max_points=most,
        rule=made,
        evidence=tuple(str(each) for each in data.get("evidence", ())),
        metric=_metric(data.get("auto_metric")),
        critical=bool(data.get("critical", False)),
        note=str(rule.get("note", "")),
        seed_words=str(data.get("seed_words", "")),
        seed_where=str(data.get("seed_where", "")),
    )


_RULES: Mapping[str, Callable[[_Data, Decimal], Rule]] = {
    "options": lambda rule, _: Options(tuple((str(text), _decimal(points)) for text, points in rule["options"])),
    "per_item": lambda rule, most: PerItem(tuple(map(str, rule["items"])), _decimal(rule["points_each"]), most),
    "steps": lambda rule, _: Steps(tuple((_decimal(least), _decimal(points)) for least, points in rule["steps"])),
    "linear": lambda rule, most: Linear(_decimal(rule["full"]), most),
    "linear_down": lambda rule, most: LinearDown(_decimal(rule["zero_at"]), most),
}


def _check_rule(code: str, rule: Rule, most: Decimal) -> None:
    """Raise `InputError` over a rule by which more than the maximum, less than nothing, or less for more is given."""
    given: tuple[Decimal, ...] = ()
    if isinstance(rule, Options):
        given = tuple(points for _, points in rule.options)
    elif isinstance(rule, Steps):
        given = tuple(points for _, points in rule.steps)
        thresholds = [least for least, _ in rule.steps]
        if thresholds != sorted(set(thresholds), reverse=True) or list(given) != sorted(given, reverse=True):
            raise InputError(f"指标 {code} 的分档应从高到低排列，数值越大得分越高。")
    elif isinstance(rule, PerItem):
        given = (rule.points_each,) if rule.items else ()
    elif isinstance(rule, Linear | LinearDown):
        given = (most,)
        if (rule.full if isinstance(rule, Linear) else rule.zero_at) <= 0:
            raise InputError(f"指标 {code} 的满分（或零分）数值应大于 0。")
    if not given or not all(0 <= points <= most for points in given):
        raise InputError(f"指标 {code} 的得分应在 0 到 {most} 之间，且至少有一档。")


def _check(template: Template) -> None:
    """Raise `InputError` if the parts do not add up."""
    codes = [each.code for each in template.indicators]
    if len(set(codes)) != len(codes):
        raise InputError("指标模板中有重复的指标代码。")
    least = [each.least for each in template.grades]
    if not least or least[-1] != 0 or least != sorted(set(least), reverse=True):
        raise InputError("等级应从高到低排列，最后一级从 0 分起。")
    for name, points in template.dimensions.items():
        found = sum((each.max_points for each in template.of_dimension(name)), Decimal(0))
        if found != points:
            raise InputError(f"“{name}”各指标合计 {found} 分，应为 {points} 分。")
    strangers = {each.dimension for each in template.indicators} - template.dimensions.keys()
    if strangers:
        raise InputError(f"指标所属的维度没有列出：{'、'.join(sorted(strangers))}。")
    if sum(template.dimensions.values(), Decimal(0)) != template.total:
        raise InputError(f"各维度合计应为 {template.total} 分。")


def _text(data: _Data, name: str) -> str:
    value = data[name]
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"指标模板的“{name}”没有填写。")
    return value


def _metric(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise InputError("指标模板的“auto_metric”应为文字。")
    return value or ""


def _whole(data: _Data, name: str) -> int:
    value = data[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LATEST:
        raise InputError(f"指标模板的“{name}”应为正整数。")
    return value


def _decimal(value: Any) -> Decimal:
    text = str(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise InputError(f"指标模板中的数值看不懂：{text[:20]}")
    return Decimal(text)
