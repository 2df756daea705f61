"""Which command or option helps where something was refused, besides what everybody is told."""

from __future__ import annotations

from collections.abc import Mapping

from riskdesk.errors import (
    DataDamagedError,
    DataMissingError,
    HeadingsMissingError,
    OfficeMissingError,
    OfficeUnlistedError,
    RiskdeskError,
    VersionsError,
)
from riskdesk.services.calendar import DoubtfulCalendarError

_HINTS: Mapping[type[RiskdeskError], str] = {
    DataMissingError: "命令：riskdesk restore 备份文件 --home 新文件夹",
    DataDamagedError: "命令：riskdesk restore 备份文件 --home 新文件夹，或 riskdesk salvage 数据文件 --home 新文件夹",
    OfficeMissingError: "命令：riskdesk setup --office 单位代码",
    OfficeUnlistedError: "命令：riskdesk setup --office 单位代码 --name 单位名称 --parent 上级单位代码",
    HeadingsMissingError: "列对照文件用 riskdesk import 的 --map 给出。",
    VersionsError: "用 --keep 指明版本。",
    DoubtfulCalendarError: "确认无误后，加上 --confirm 再运行。",
}


def hint_for(error: RiskdeskError) -> str:
    """Return the command or option that helps, "" if there is none."""
    return _HINTS.get(type(error), "")
