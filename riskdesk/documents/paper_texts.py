"""How the papers of the hand-off write times, periods and codes."""

from __future__ import annotations

from datetime import datetime

from riskdesk.domain.annex1 import chinese_date


def moment_text(at: datetime) -> str:
    """Return the moment to the minute, and that nobody but this computer's clock says so."""
    return f"{chinese_date(at.date())} {at:%H:%M}（本机时钟）"


def period_text(period: str) -> str:
    """Return the period `YYYY-MM` as people say it: 2023年5月."""
    year, month = period.split("-")
    return f"{int(year)}年{int(month)}月"


def in_groups(text: str, length: int) -> list[str]:
    """Return the text in pieces of `length` characters, to be read out and compared."""
    return [text[at : at + length] for at in range(0, len(text), length)]
