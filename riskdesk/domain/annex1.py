"""The official form of Annex 1: its title, its seven columns, and one filled-in copy of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TITLE = "山西省产品质量安全风险信息报送表"
ANNEX = "附件1"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form: the field as the command line and the reader name it, and the printed heading."""

    field: str
    title: str


COLUMNS = (
    Column("product", "涉及产品"),
    Column("enterprise_count_text", "涉及企业数量"),
    Column("regions_text", "涉及区域"),
    Column("content", "风险信息内容"),
    Column("analysis", "信息分析"),
    Column("suggestion", "初步建议"),
    Column("sources_text", "信息来源"),
)
FIELDS = tuple(column.field for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Annex1Row:
    """One printed row: seven texts in the order of `COLUMNS`, the record's id and the hash of the revision shown."""

    cells: tuple[str, str, str, str, str, str, str]
    record_id: str
    revision: str


@dataclass(frozen=True, slots=True)
class Annex1Form:
    """One copy of the form, ready to be written; `period` is `YYYY-MM`, `date` the 填报时间.

    `nil` is the explicit statement that there is nothing to report (零报告); a form with no rows that is not nil is blank.
    """

    unit: str
    period: str
    date: date
    person: str
    phone: str
    rows: tuple[Annex1Row, ...]
    nil: bool = False


def chinese_date(day: date) -> str:
    """Return the date as the form writes it: 2023年5月10日."""
    return f"{day.year}年{day.month}月{day.day}日"
