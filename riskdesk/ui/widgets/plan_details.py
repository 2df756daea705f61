"""A package and one of its records in full: who signed, what lies inside, and what a record would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.records import Record
from riskdesk.domain.titles import EMPTY, TITLES
from riskdesk.services.import_changes import shown_changes, shown_value
from riskdesk.services.receiving import Looked
from riskdesk.services.verdicts import Standing
from riskdesk.ui.models.plan_rows import Decided, Row, decided, result

_TYPED = {"enterprise_count_text": "enterprise_count"}
_KINDS = {
    "request": "这是下级单位的证书申请。请到“设置—密钥与信任”中点“办理下级申请”。",
    "enrolment": "这是上级单位发来的证书。请到“设置—密钥与信任”中点“安装上级发来的证书”。",
    "trust": "这是信任更新：吊销名单；上级发来的还有单位名录和加密公钥。",
    "answer": "这是上级的回执：收到、退回或采用了哪些记录。",
}


class PlanDetails(QTextBrowser):
    """Read-only text that can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("包和所选记录的详细内容")
        self.setTabChangesFocus(True)
        self.setOpenLinks(False)

    def show_parts(self, looked: Looked | None, row: Row | None, about: Sequence[str] = ()) -> None:
        """Show a package, and one of its records if there is one; `about` is what is to be said of something else."""
        if looked is None:
            self.setHtml("")
            return
        self.setHtml("".join(_package(looked)) + (_record(row, about) if row else ""))


def record_table(record: Record) -> str:
    """Return a record's columns as HTML."""
    lines = "".join(
        _line(each.field, shown_value(getattr(record, _TYPED.get(each.field, each.field)))) for each in COLUMNS
    )
    return f"<table cellspacing='4'>{lines}</table>"


def _package(looked: Looked) -> Iterator[str]:
    verdict = looked.verdict
    yield f"<p><b>{escape(verdict.summary)}</b></p>"
    if verdict.kind in _KINDS:
        yield f"<p>{escape(_KINDS[verdict.kind])}</p>"
    if verdict.standing is Standing.UNKNOWN:
        yield (
            f"<p>签名单位自称：{escape(verdict.office_name)}（{escape(verdict.office)}）<br>指纹：<b>{verdict.fingerprint}</b><br>"
            "请用您自己掌握的号码给该单位打电话，逐组核对这 30 位数字；一致的，请上级给它签发证书，或在“设置—密钥与信任”中点“登记单位”。不一致的，不要接收。</p>"
        )
    told = [*verdict.warnings]
    if verdict.is_readable and verdict.created:
        told.append(f"签名人 {verdict.person or EMPTY}，制作时间 {verdict.created[:16].replace('T', ' ')}")
    told += [*_reasons(looked), *_inside(looked)]
    yield "".join(f"<p>{escape(text)}</p>" for text in told)
    if rows := decided(looked):
        lines = (f"<li>{result(row)[0]}　{escape(row.title)}　{escape(row.why)}</li>" for row in rows)
        yield f"<ul>{''.join(lines)}</ul>"


def _reasons(looked: Looked) -> list[str]:
    """Tell why the package itself is late, and why it follows another."""
    report = looked.plan.reports.get(looked.package)
    return _told(report.late, report.reason) if report else []


def _inside(looked: Looked) -> Iterator[str]:
    """Tell of the packages inside, office by office: how many, and their reasons."""
    if looked.verified is None or not looked.verified.inside:
        return
    by_office: defaultdict[str, list[str]] = defaultdict(list)  # the ids of its packages
    for way, each in looked.verified.with_inside():
        if way:
            by_office[each.signer.office.name].append(each.id)
    total = sum(map(len, by_office.values()))
    yield f"内含下级的 {total} 个报送包：{'、'.join(f'{office} {len(ids)} 个' for office, ids in by_office.items())}"
    reports = looked.plan.reports
    for office, ids in by_office.items():
        said = [
            f"{reports[each].period} 期第 {reports[each].number} 次{reason}"
            for each in ids
            if each in reports
            for reason in _told(reports[each].late, reports[each].reason)
        ]
        if said:
            yield f"{office}：{'；'.join(said)}"


def _told(late: str, reason: str) -> list[str]:
    both = (("迟报原因", late), ("更正原因", reason))
    return [f"{title}：{text}" for title, text in both if text]


def _record(row: Row, about: Sequence[str]) -> str:
    if isinstance(row, Decided):
        return ""  # it stands in the list of the package
    head = f"<hr><p><b>{escape(result(row)[0])}</b>　{escape(row.why)}</p>"
    if row.record is None:
        lines = "".join(f"<p>{escape(each)}</p>" for each in about or filter(None, (row.told,)))
        return f"{head}<p><b>{escape(row.title)}</b></p>{lines}"
    if not row.changes:
        return head + record_table(row.record)
    lines = "".join(
        _line(each.field, f"原为：{shown_value(each.before) or EMPTY}", f"现为：{shown_value(each.after) or EMPTY}")
        for each in shown_changes(row.changes)
    )
    return f"{head}<p>{escape(row.record.product)}</p><table cellspacing='4'>{lines}</table>"


def _line(field: str, *values: str) -> str:
    told = "<br>".join(escape(value).replace("\n", "<br>") or f"<i>{EMPTY}</i>" for value in values)
    return f"<tr><td style='white-space:nowrap'>{escape(TITLES.get(field, field))}　</td><td>{told}</td></tr>"
