"""The only judge of records: what blocks one from being used, and what a person should look at or accept with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.body import to_body
from riskdesk.domain.canonical import digest
from riskdesk.domain.credit_code import is_credit_code
from riskdesk.domain.enterprise_count import CountQualifier
from riskdesk.domain.problems import Problem
from riskdesk.domain.records import AcceptedProblem, Record

_LONGEST = 20_000  # characters of one column; beyond it the form cannot be read by anybody
_ID_CARD = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_ORDER = {column.field: place for place, column in enumerate(COLUMNS)}
_SECRET = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|国家秘密")


def problems(record: Record, today: date) -> list[Problem]:
    """Return all that is wrong with the record, in the order of the form; blocking ones keep it from being saved."""
    found = [
        *_missing(record),
        *_count(record),
        *_understood(record),
        *_lengths(record),
        *_dates(record, today),
        *_numbers(record),
        *_enterprises(record),
        *_contents(record),
    ]
    return sorted(found, key=lambda each: _ORDER.get(each.field, len(_ORDER)))


def open_problems(record: Record, today: date) -> list[Problem]:
    """Return the problems that nobody accepted with a reason; blocking ones cannot be accepted."""
    found = problems(record, today)
    accepted = {(each.field, each.code, each.of) for each in record.accepted if each.reason}
    if not accepted:
        return found
    said = {field: _said(record, field) for field in {each.field for each in found}}
    return [each for each in found if each.blocking or (each.field, each.code, said[each.field]) not in accepted]


def accept(record: Record, problem: Problem, reason: str) -> Record:
    """Return the record with a soft problem accepted; when the field says something else, it is asked about again."""
    added = AcceptedProblem(problem.field, problem.code, reason, _said(record, problem.field))
    return record.edited(accepted=(*record.accepted, added))


def _said(record: Record, field: str) -> str:
    columns = dict(zip((column.field for column in COLUMNS), record.columns(), strict=True))
    return digest(columns[field] if field in columns else to_body(record).get(field, ""))


def _missing(record: Record) -> Iterator[Problem]:
    for column, text in zip(COLUMNS, record.columns(), strict=True):
        if not text.strip():
            blocking = column.field in ("product", "content")
            yield Problem(column.field, "missing", f"未填写“{column.title}”，请补充", blocking)


def _count(record: Record) -> Iterator[Problem]:
    count = record.enterprise_count
    if count.text and count.number is None and count.qualifier is not CountQualifier.UNKNOWN:
        message = f"“涉及企业数量”看不出是多少：{count.text[:20]}。请写成 30、约30、不少于30 或 待查"
        yield Problem("enterprise_count_text", "not_understood", message)


def _understood(record: Record) -> Iterator[Problem]:
    if record.regions_text and not record.region_codes:
        yield Problem("regions_text", "not_understood", "“涉及区域”没有对应到行政区划，统计时将不计入任何地区，请核对")
    if record.sources_text and not record.source_codes:
        yield Problem("sources_text", "not_understood", "“信息来源”没有对应到通知列出的九类来源，请勾选")


def _lengths(record: Record) -> Iterator[Problem]:
    for column, text in zip(COLUMNS, record.columns(), strict=True):
        if len(text) > _LONGEST:
            message = f"“{column.title}”有 {len(text)} 个字，太长难以阅读，建议精简，详细材料作为附件"
            yield Problem(column.field, "too_long", message)
    if 0 < len(record.content) < 5:
        yield Problem("content", "too_short", "“风险信息内容”不足 5 个字，请写明产品、问题和依据")


def _dates(record: Record, today: date) -> Iterator[Problem]:
    for name, title, day in (
        ("discovered_on", "发现日期", record.discovered_on),
        ("occurred_on", "发生日期", record.occurred_on),
        ("source_detail", "来源发布日期", record.source_detail.published_on),
    ):
        if day is not None and day > today:
            yield Problem(name, "in_future", f"“{title}”{day.isoformat()} 在今天之后，请核对")
    if record.discovered_on and record.occurred_on and record.occurred_on > record.discovered_on:
        yield Problem("occurred_on", "after_discovery", "“发生日期”在“发现日期”之后，请核对")


def _numbers(record: Record) -> Iterator[Problem]:
    tested, failed = record.samples_tested, record.samples_failed
    if tested is not None and failed is not None and failed > tested:
        yield Problem("samples_failed", "more_than_tested", f"不合格批次 {failed} 多于抽检批次 {tested}，请核对")
    for name, title in (("dead", "死亡人数"), ("injured", "受伤人数"), ("affected", "受影响人数")):
        number = getattr(record, name)
        if number is not None and number < 0:
            yield Problem(name, "negative", f"“{title}”不能为负数")


def _enterprises(record: Record) -> Iterator[Problem]:
    for enterprise in record.enterprises:
        if enterprise.credit_code and not is_credit_code(enterprise.credit_code):
            message = f"“{enterprise.name}”的统一社会信用代码 {enterprise.credit_code} 校验不通过，请核对"
            yield Problem("enterprises", "credit_code", message)


def _contents(record: Record) -> Iterator[Problem]:
    columns = record.columns()
    whole = "\n".join(columns)
    if "密" not in whole and not _ID_CARD.search(whole):  # as nearly always
        return
    for column, text in zip(COLUMNS, columns, strict=True):
        if _ID_CARD.search(text):
            message = f"“{column.title}”疑似含有居民身份证号码，报送前请删去个人信息"
            yield Problem(column.field, "personal_data", message)
        if _SECRET.search(text):
            message = f"“{column.title}”疑似含有国家秘密标志。本程序不得录入国家秘密，请立即核实"
            yield Problem(column.field, "state_secret", message)
