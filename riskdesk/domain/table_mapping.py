"""How the columns of a foreign table become fields of records, as given in a mapping file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.errors import InputError

MAPPABLE = {  # field: what people call it
    **{column.field: column.title for column in COLUMNS},
    "unit": "填报单位",
    "discovered_on": "发现日期",
    "occurred_on": "发生日期",
    "category": "产品类别",
    "brand": "品牌",
    "model": "型号规格",
    "batch": "批次",
    "standard": "执行标准",
    "source_ref": "来源编号",
    "source_url": "来源网址",
    "source_publisher": "发布单位",
    "injured": "受伤人数",
    "dead": "死亡人数",
    "affected": "受影响人数",
    "samples_tested": "抽检批次",
    "samples_failed": "不合格批次",
    "hazard_classes": "危害类型",
    "important_codes": "重要情形（I1–I7）",
    "key_codes": "重点情形（K1–K2）",
    "source_codes": "来源代码（S1–S9）",
}


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of a table as it was read: its title (列1, 列2 … where it has none), the field it is read as, "" for none."""

    title: str
    field: str
    sample: str


@dataclass(frozen=True, slots=True)
class TableMapping:
    """`columns` maps a field to the headings that are joined for it; `key` names the field that identifies a row.

    `source` is the code (S1–S9) given to every row whose own source is not mapped, "" for none.
    """

    columns: Mapping[str, tuple[str, ...]]
    key: str = ""
    source: str = ""

    def titles(self) -> set[str]:
        """Return all headings that are read."""
        return {title for titles in self.columns.values() for title in titles}

    @classmethod
    def from_json(cls, given: Any) -> TableMapping:
        """Read `{"columns": {field: heading or [headings]}, "key": field, "source": "S7"}`; raise `InputError`."""
        if not isinstance(given, dict) or not isinstance(given.get("columns"), dict) or not given["columns"]:
            raise InputError('对照文件应为 {"columns": {"product": "列标题", …}, "key": "…", "source": "S7"}，请检查。')
        if unknown := sorted(set(given) - {"columns", "key", "source"}):
            raise InputError(f"对照文件含有不认识的项目：{'、'.join(unknown)}")
        columns: dict[str, tuple[str, ...]] = {}
        for name, headings in given["columns"].items():
            if name not in MAPPABLE:
                raise InputError(f"对照文件 columns 中的字段“{name}”不存在，可用字段：{'、'.join(MAPPABLE)}")
            listed = [headings] if isinstance(headings, str) else headings
            if not isinstance(listed, list) or not listed or not all(isinstance(item, str) and item for item in listed):
                raise InputError(f"对照文件中字段“{name}”应写列标题，或列标题的列表。")
            columns[name] = tuple(listed)
        key, source = given.get("key", ""), given.get("source", "")
        if not isinstance(key, str) or not isinstance(source, str):
            raise InputError("对照文件的 key 和 source 应各写一个名称。")
        if key and key not in columns:
            raise InputError(f"对照文件的 key “{key}”没有在 columns 中对应列标题。")
        if source not in ("", *(f"S{number}" for number in range(1, 10))):
            raise InputError(f"对照文件的 source “{source}”应为 S1–S9 之一。")
        return cls(columns, key, source)
