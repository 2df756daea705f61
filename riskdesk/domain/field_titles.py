"""What every field of a record, and every value of its enumerations, is called in Chinese: in forms, lists and histories."""

from __future__ import annotations

from enum import StrEnum

from riskdesk.domain.records import Credibility, EnterpriseRole, HazardTarget, LinkKind, Marking, Trend
from riskdesk.domain.titles import TITLES

EMPTY = "未填"
_PARTS = {"publisher": "发布单位", "published_on": "发布日期", "url": "网址", "reference": "文号"}
VALUE_LABELS: dict[StrEnum, str] = {
    EnterpriseRole.PRODUCER: "生产者",
    EnterpriseRole.SELLER: "销售者",
    EnterpriseRole.IMPORTER: "进口商",
    EnterpriseRole.PLATFORM: "平台",
    EnterpriseRole.OTHER: "其他",
    HazardTarget.HEALTH: "健康",
    HazardTarget.PROPERTY: "财产",
    HazardTarget.ENVIRONMENT: "环境",
    HazardTarget.PERSON: "人身安全",
    Credibility.VERIFIED: "已核实",
    Credibility.UNVERIFIED: "待核实",
    Credibility.DOUBTFUL: "存疑",
    Trend.RISING: "上升",
    Trend.STEADY: "平稳",
    Trend.FALLING: "下降",
    Marking.PUBLIC: "公开",
    Marking.INTERNAL: "内部",
    Marking.WORK_SECRET: "工作秘密",
    LinkKind.SAME_SOURCE: "同源",
    LinkKind.CONTINUES: "续报",
    LinkKind.CORRECTS: "更正",
}


def field_title(name: str) -> str:
    """Return the Chinese title of a field, or of a part of one ("source_detail.url"); unknown ones keep their name."""
    part = name.rpartition(".")[2]
    return TITLES.get(part) or _PARTS.get(part, part)
