"""How the rules, numbers and states of a station's indicators are said on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from riskdesk.domain import scoring
from riskdesk.domain.assessment import COLUMN_TITLES, Column, Result, Sheet
from riskdesk.domain.scoring import Answer, Linear, LinearDown, Options, PerItem, Steps
from riskdesk.domain.station_template import Indicator
from riskdesk.domain.template_editing import shown
from riskdesk.domain.text import ascii_digits, clean_line
from riskdesk.domain.titles import EMPTY
from riskdesk.errors import InputError
from riskdesk.services.assessment_words import points_text
from riskdesk.services.review_states import JudgedState
from riskdesk.services.reviewing import GivenBack

_POINTS = re.compile(r"-?[0-9]{1,6}([.][0-9]{1,6})?", re.ASCII)
_OFFICES = {Column.CITY: "市局", Column.PROVINCE: "省局"}


def rule_words(indicator: Indicator) -> str:
    """Return how an indicator is scored, as a sentence."""
    rule = indicator.rule
    if isinstance(rule, Options):
        told = "按所选的一项计分"
    elif isinstance(rule, PerItem):
        told = f"每具备一项得 {rule.points_each} 分，最多 {rule.most} 分"
    elif isinstance(rule, Steps):
        told = "，".join(f"达到 {_amount(indicator, least)} 得 {points} 分" for least, points in rule.steps)
    elif isinstance(rule, Linear):
        told = f"达到 {_amount(indicator, rule.full)} 得满分，不足的按比例"
    elif isinstance(rule, LinearDown):
        told = f"为 0 得满分，达到 {_amount(indicator, rule.zero_at)} 不得分，中间按比例"
    else:
        told = ""
    critical = "关键指标：得 0 分则最高只能评为倒数第二级" if indicator.critical else ""
    return "；".join(each for each in (told, indicator.note, critical) if each) + "。"


def _amount(indicator: Indicator, number: Decimal) -> str:
    return shown(number, indicator.metric)


def number_of(text: str) -> Fraction | None:
    """Return a number as typed – 12, 0.95, 95%, 11/12 – and None for nothing; raise `InputError`."""
    typed = ascii_digits(clean_line(text)).replace(" ", "")
    return scoring.number_of(typed) if typed else None


def points_of(text: str) -> Decimal | None:
    """Return points as typed, None for nothing; raise `InputError`."""
    typed = ascii_digits(clean_line(text)).replace(" ", "")
    if not typed:
        return None
    if not _POINTS.fullmatch(typed):
        raise InputError(f"得分“{text[:20]}”看不懂。请填写得分，例如 4 或 4.5。")
    return Decimal(typed)


def result_text(outcome: Result | None) -> str:
    """Return what a column comes to, in short."""
    if outcome is None:
        return EMPTY
    return f"{points_text(outcome.total)} 分　{outcome.grade or '填写中'}"


def own_words(sheet: Sheet, given_back: Mapping[str, Sequence[GivenBack]]) -> dict[str, tuple[str, str]]:
    """Return how indicators stand for the station itself, and the tones of their chips."""
    return {code: _own_word(sheet, code, given_back.get(code, ())) for code in sheet.points()}


def _own_word(sheet: Sheet, code: str, given_back: Sequence[GivenBack]) -> tuple[str, str]:
    filled = sheet.of(code)
    if any(not each.is_mended for each in given_back):
        return "被退回", "red"
    if filled.answer is None:
        return EMPTY, "grey"
    if filled.computed is None:
        return "已填", "green"
    return ("系统统计", "blue") if filled.answer == filled.computed else ("已改", "amber")


_STATES = {
    JudgedState.UPDATED: ("已更新", "amber"),
    JudgedState.RETURNED: ("已退回", "red"),
    JudgedState.AGREED: ("同意", "green"),
    JudgedState.CHANGED: ("已改分", "blue"),
    JudgedState.BLANK: (EMPTY, "grey"),
    JudgedState.OPEN: ("待核验", "grey"),
}


def judged_words(states: Mapping[str, JudgedState], own: Column) -> dict[str, tuple[str, str]]:
    """Return how indicators stand for the office that judges them in a column, and the tones of their chips."""
    elsewhere = f"{_OFFICES[Column.CITY if own is Column.PROVINCE else Column.PROVINCE]}退回"
    return {
        code: (elsewhere, "red") if state is JudgedState.RETURNED_ELSEWHERE else _STATES[state]
        for code, state in states.items()
    }


def given_back_text(each: GivenBack) -> str:
    """Return what an office above wants mended."""
    mended = "（已补正，等待重新核验）" if each.is_mended else ""
    return f"{_OFFICES.get(each.column, COLUMN_TITLES[each.column])}退回：{each.reason}{mended}"


def counted_anew(before: Sheet, after: Sheet) -> str:
    """Return what counting anew has changed."""
    codes = [code for code in after.points() if before.of(code) != after.of(code)]
    return f"重新统计：{len(codes)} 项有变化：{'、'.join(codes)}。" if codes else "重新统计：没有变化。"


def same(one: Answer | None, other: Answer | None) -> bool:
    """Tell whether a person says what was computed, or nothing was computed at all."""
    return other is None or one is None or one == other
