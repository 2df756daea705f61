"""催报函: asks an office in plain official words for a report that has not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from riskdesk.documents.paper_texts import period_text
from riskdesk.documents.typesetting.sheet import new_sheet
from riskdesk.domain.annex1 import chinese_date

_BODY: Final = 16.0  # 三号
_INDENT = "　　"


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """`office` writes to `receiver` on the day `today`; `start` and `end` belong to the period."""

    office: str
    receiver: str
    period: str
    start: date
    end: date
    due: date
    today: date
    phone: str
    person: str


def render_reminder(letter: ReminderLetter) -> bytes:
    """Return the letter as a PDF."""
    name = period_text(letter.period)
    title = f"关于催报{name}产品质量安全风险信息的函"
    with new_sheet(title, letter.office, letter.today, f"{name}催报函") as sheet:
        sheet.space(24)
        sheet.title(title)
        sheet.space(16)
        sheet.paragraph(f"{letter.receiver}：", _BODY)
        for text in _paragraphs(letter, name):
            sheet.paragraph(_INDENT + text, _BODY)
        sheet.space(64)  # for the seal
        sheet.paragraph(letter.office, _BODY, "right")
        sheet.paragraph(chinese_date(letter.today), _BODY, "right")
        return sheet.finish()


def _paragraphs(letter: ReminderLetter, name: str) -> tuple[str, ...]:
    late = (letter.today - letter.due).days
    if late > 0:
        state, wanted = f"，已逾期{late}天", "请收到本函后立即补报，并说明逾期原因"
    else:
        state, wanted = "", f"请于{chinese_date(letter.due)}（含当日）前报送"
    return (
        f"按照产品质量安全风险信息报送要求，{name}报送期（{chinese_date(letter.start)}至{chinese_date(letter.end)}）的风险信息，"
        f"应于{chinese_date(letter.due)}（含当日）前报送。截至{chinese_date(letter.today)}，我单位尚未收到你单位的报送表或报送包{state}。",
        f"{wanted}。本期没有风险信息的，也应报送零报告，不能不报。如已报送，请告知报送的时间和方式，以便核查。",
        f"联系人：{letter.person or '未填'}，联系电话：{letter.phone or '未填'}。",
    )
