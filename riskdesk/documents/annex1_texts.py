"""The words of Annex 1 outside its table, the same on paper, in Excel and in Word."""

from __future__ import annotations

from typing import Final

from riskdesk.domain.annex1 import Annex1Form, Annex1Row, chinese_date

NIL: Final = "本期无产品质量安全风险信息（零报告）"
CONTINUED: Final = "（续）"
STEP: Final = 50  # rows between two reports of progress
_NAME_LENGTH = 20


def unit_text(form: Annex1Form) -> str:
    """Return the left part of the line above the table."""
    return f"填报单位：{_plain(form.unit)}"


def date_text(form: Annex1Form) -> str:
    """Return the right part of the line above the table."""
    return f"填报时间：{chinese_date(form.date)}"


def person_text(form: Annex1Form) -> str:
    """Return the left part of the line below the table."""
    return f"填报人：{_plain(form.person)}"


def phone_text(form: Annex1Form) -> str:
    """Return the right part of the line below the table."""
    return f"联系电话：{_plain(form.phone)}"


def row_name(number: int, row: Annex1Row) -> str:
    """Return how a warning names a row; `number` counts from 1."""
    product = row.cells[0].replace("\n", " ")
    return f"第{number}条“{product[:_NAME_LENGTH]}{'……' if len(product) > _NAME_LENGTH else ''}”"


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_cells(row: Annex1Row) -> list[str]:
    """Return the seven texts with line feeds only."""
    return [_plain(cell) for cell in row.cells]
