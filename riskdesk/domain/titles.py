"""What every field of a record, and every value of its enumerations, is called in Chinese: on forms, in lists and questions."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.records import Credibility, EnterpriseRole, HazardTarget, LinkKind, Marking, Record, Trend

EMPTY = "未填"
TITLES = {
    "period": "期次",
    **{column.field: column.title for column in COLUMNS},
    "enterprise_count": "涉及企业数量",
    "region_codes": "行政区划",
    "source_codes": "来源类别",
    "unit": "填报单位",
    "import_key": "来源系统编号",
    "discovered_on": "发现日期",
    "occurred_on": "发生日期",
    "category": "产品类别",
    "focus_group": "监测重点",
    "brand": "商标",
    "model": "规格型号",
    "batch": "批次",
    "standard": "执行标准",
    "clause": "条款",
    "failed_items": "不合格项目",
    "enterprises": "涉及企业",
    "hazard_classes": "危害类别",
    "hazard_targets": "危害对象",
    "injured": "受伤人数",
    "dead": "死亡人数",
    "affected": "受影响人数",
    "samples_tested": "抽检批次",
    "samples_failed": "不合格批次",
    "source_detail": "来源详情",
    "important_codes": "重要情形",
    "key_codes": "重点情形",
    "triage_reason": "判定理由",
    "severity": "严重程度",
    "probability": "发生可能性",
    "trend": "变化趋势",
    "credibility": "可信程度",
    "marking": "密级标识",
    "links": "关联记录",
    "attachments": "附件",
    "accepted": "已确认的提示",
    "original": "原始填写",
    "extra": "其他内容",
}
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


def changed_titles(before: Record, after: Record) -> tuple[str, ...]:
    """Return what the fields are called in which two records differ, in the order of the record."""
    names = [field.name for field in dataclasses.fields(Record)]
    return tuple(TITLES[name] for name in names if getattr(before, name) != getattr(after, name))
