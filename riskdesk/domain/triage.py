"""重要 or 重点: which criteria a record meets, what that means for reporting it, and which criteria its content suggests.

重要 (I1–I7) goes into the monthly report. 重点 (K1 or K2, either suffices) is reported at once and stands in the monthly
report as well. People tick the criteria; riskdesk suggests, with its reason, and never ticks by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from riskdesk.domain.records import HazardTarget, Record, Trend


class Level(StrEnum):
    """How a record is reported: every month, as 重要 every month, or as 重点 at once."""

    ORDINARY = "ordinary"
    IMPORTANT = "important"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A criterion that the content points to, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Triage:
    """The level with its reason, and what the content suggests beyond the criteria ticked."""

    level: Level
    reason: str
    suggestions: tuple[Suggestion, ...]


_DEATH = re.compile(r"死亡|致死|身亡|丧生|\d+死")
_NO_CASUALTY = re.compile(r"(?:未|没有|无|尚未)[^。；，]{0,6}(?:伤亡|死亡|受伤)|可能[^。；，]{0,12}(?:死亡|受伤|伤亡)")
_INJURY = re.compile(r"受伤|烧伤|烫伤|灼伤|中毒|住院|伤亡|\d+伤")
_ACCIDENT = re.compile(r"爆炸|起火|火灾|自燃|坍塌|触电")
_WIDE = re.compile(r"全国(?:范围|性)|多省|全省范围|大面积|影响范围大|产业发展安全|社会稳定|社会安定|群体性")
_SYSTEMIC = re.compile(r"行业性|区域性|系统性|行业普遍|潜规则|普遍存在")
_HEALTH = re.compile(r"人体健康|人身|致癌|重金属|甲醛|有毒|窒息|误食|危害健康")
_ATTENTION = re.compile(r"社会关注|舆情|热点|热搜|集中反映|集中投诉")
_TOLD = re.compile(r"通报")


def triage(record: Record) -> Triage:
    """Return how the record is to be reported and why."""
    suggestions = tuple(
        each for each in _suggestions(record) if each.code not in (*record.key_codes, *record.important_codes)
    )
    if record.key_codes:
        return Triage(
            Level.KEY, _reason(f"符合重点风险信息情形 {'、'.join(record.key_codes)}，应当及时报送", record), suggestions
        )
    if record.important_codes:
        return Triage(
            Level.IMPORTANT, _reason(f"符合重要风险信息情形 {'、'.join(record.important_codes)}", record), suggestions
        )
    return Triage(Level.ORDINARY, "未勾选重要、重点情形", suggestions)


def _reason(ground: str, record: Record) -> str:
    return f"{ground}：{record.triage_reason}" if record.triage_reason else ground


def _suggestions(record: Record) -> list[Suggestion]:
    text = f"{record.content}\n{record.analysis}"
    told = _NO_CASUALTY.sub("", text)
    found = []
    if (record.dead or 0) > 0 or (record.injured or 0) > 0:
        found.append(Suggestion("K1", f"填报死亡 {record.dead or 0} 人、受伤 {record.injured or 0} 人"))
    elif hit := _DEATH.search(told) or _INJURY.search(told):
        found.append(Suggestion("K1", f"内容提到“{hit[0]}”，请核实是否已造成人员伤亡"))
    for code, pattern, why in (
        ("K2", _WIDE, "请核实影响范围和损失"),
        ("I1", _HEALTH, "涉及人体健康、人身财产安全"),
        ("I2", _SYSTEMIC, "涉及行业性、区域性或系统性问题"),
        ("I3", _ACCIDENT, "可能导致重大产品质量安全事故"),
        ("I4", _ATTENTION, "消费者和社会关注"),
        ("I6", _TOLD, "有关部门通报"),
    ):
        if hit := pattern.search(text):
            found.append(Suggestion(code, f"内容提到“{hit[0]}”，{why}"))
    found += _structured_suggestions(record)
    return list({each.code: each for each in reversed(found)}.values())[::-1]


def _structured_suggestions(record: Record) -> list[Suggestion]:
    found = []
    if HazardTarget.PERSON in record.hazard_targets or HazardTarget.HEALTH in record.hazard_targets:
        found.append(Suggestion("I1", "危害对象含人身或健康"))
    if record.trend is Trend.RISING:
        found.append(Suggestion("I1", "危害程度呈上升趋势"))
    if "S4" in record.source_codes:
        found.append(Suggestion("I6", "信息来源为有关部门通报"))
    return found
