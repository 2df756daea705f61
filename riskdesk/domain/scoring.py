"""How an indicator is scored: five kinds of rule, each from an answer to points between nothing and the indicator's maximum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Protocol

from riskdesk.errors import InputError

_STEP = Decimal("0.1")  # points are given to one decimal
_LONGEST = 16  # characters of a number
_TYPED = re.compile(r"-?[0-9]+(\.[0-9]+|/[0-9]+)?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(/[0-9]{1,12})?")  # of another program's making may take hours to read


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to an indicator: the option chosen, the items that hold, or a number; the rule tells which of them it wants.

    Options and items are places in the rule, from 0. A number is exact: 11 of 12 stays 11/12.
    """

    option: int | None = None
    items: frozenset[int] = frozenset()
    number: Fraction | None = None

    def to_body(self) -> dict[str, Any]:
        """Return it as JSON values."""
        if self.option is not None:
            return {"option": self.option}
        if self.number is not None:
            return {"number": str(self.number)}
        return {"items": sorted(self.items)}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Answer:
        """Return the answer of its JSON values; raise `InputError`."""
        try:
            if "option" in body:
                return cls(option=_place(body["option"]))
            if "number" in body:
                return cls(number=_fraction(body["number"]))
            return cls(items=frozenset(map(_place, body["items"])))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise InputError(f"指标的填报内容看不懂：{str(body)[:60]}") from error


def number_of(text: str) -> Fraction:
    """Return a number as people type it – 12, 0.95, 11/12, 95% –; raise `InputError`."""
    whole, percent = text.removesuffix("%"), text.endswith("%")
    try:
        if len(whole) > _LONGEST or not _TYPED.fullmatch(whole):
            raise ValueError("number expected")
        return _fraction(str(Fraction(whole) / (100 if percent else 1)))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f"数值“{text[:20]}”看不懂。请填写如 12、95% 或 11/12。") from error


def _place(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("place expected")
    return value


def _fraction(value: Any) -> Fraction:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError("number expected")
    return Fraction(value)


class Rule(Protocol):
    """How points follow from an answer."""

    def points(self, answer: Answer) -> Decimal:
        """Return the points; raise `InputError` if the answer is not one that the rule wants."""


@dataclass(frozen=True, slots=True)
class Options:
    """One of several statements holds; each has its points."""

    options: tuple[tuple[str, Decimal], ...]

    def points(self, answer: Answer) -> Decimal:
        """Return the points of the option chosen."""
        if answer.option is None or not 0 <= answer.option < len(self.options):
            raise InputError(f"请从 {len(self.options)} 个选项中选择一项。")
        return self.options[answer.option][1]


@dataclass(frozen=True, slots=True)
class PerItem:
    """So many points for every item that holds, up to the maximum."""

    items: tuple[str, ...]
    points_each: Decimal
    most: Decimal

    def points(self, answer: Answer) -> Decimal:
        """Return the points of the items that hold."""
        if answer.option is not None or answer.number is not None:
            raise InputError("请逐项勾选。")
        if not answer.items <= set(range(len(self.items))):
            raise InputError(f"只有 {len(self.items)} 项可以勾选。")
        return min(self.most, self.points_each * len(answer.items))


@dataclass(frozen=True, slots=True)
class Steps:
    """Points in steps, by the greatest threshold that a number reaches; (threshold, points), the highest first."""

    steps: tuple[tuple[Decimal, Decimal], ...]

    def points(self, answer: Answer) -> Decimal:
        """Return the points of the step that is reached, 0 below the lowest."""
        number = _number(answer)
        return next((points for threshold, points in self.steps if number >= Fraction(threshold)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Linear:
    """Points in proportion to a number, all of them from `full` on."""

    full: Decimal
    most: Decimal

    def points(self, answer: Answer) -> Decimal:
        """Return the share of the points, to one decimal."""
        return _share(min(Fraction(1), _number(answer) / Fraction(self.full)), self.most)


@dataclass(frozen=True, slots=True)
class LinearDown:
    """All points for 0, none from `zero_at` on, in proportion between."""

    zero_at: Decimal
    most: Decimal

    def points(self, answer: Answer) -> Decimal:
        """Return the share of the points, to one decimal."""
        return _share(max(Fraction(0), 1 - _number(answer) / Fraction(self.zero_at)), self.most)


def _number(answer: Answer) -> Fraction:
    if answer.number is None:
        raise InputError("请填写数值。")
    if answer.number < 0:
        raise InputError("数值不能为负数。")
    return answer.number


def _share(share: Fraction, most: Decimal) -> Decimal:
    whole = share * Fraction(most)
    return (Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(_STEP, ROUND_HALF_UP)
