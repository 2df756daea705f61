"""What the fields of a record are called on forms and in questions."""

from __future__ import annotations

import dataclasses

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.records import Record

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


def changed_titles(before: Record, after: Record) -> tuple[str, ...]:
    """Return what the fields are called in which two records differ, in the order of the record."""
    names = [field.name for field in dataclasses.fields(Record)]
    return tuple(TITLES[name] for name in names if getattr(before, name) != getattr(after, name))
