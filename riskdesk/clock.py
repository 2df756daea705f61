"""The time, from one place, so that a test or a training can set it by `$RISKDESK_NOW` (ISO 8601)."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone

from riskdesk.errors import UsageError

CHINA = timezone(timedelta(hours=8), "CST")  # fixed: Windows has no tz database, and China no summer time


def now() -> datetime:
    """Return the time in China, to the second."""
    if text := os.environ.get("RISKDESK_NOW"):
        return _parse(text)
    return datetime.now(UTC).astimezone(CHINA).replace(microsecond=0)


def today() -> date:
    """Return the date in China."""
    return now().date()


def _parse(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"环境变量 RISKDESK_NOW 不是 ISO 8601 时间：{text}") from error
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
