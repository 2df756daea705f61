"""Which command or option helps where something was refused, besides what everybody is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from riskdesk.errors import (
    DataDamagedError,
    DataMissingError,
    HeadingsMissingError,
    OfficeMissingError,
    OfficeUnlistedError,
    RiskdeskError,
    VersionsError,
    WaitingError,
)
from riskdesk.services.calendar import DoubtfulCalendarError

_HINTS: Mapping[type[RiskdeskError], str] = {
    DataMissingError: "命令：riskdesk restore 备份文件 --home 新文件夹",
    DataDamagedError: "命令：riskdesk restore 备份文件 --home 新文件夹，或 riskdesk salvage 数据文件 --home 新文件夹",
    OfficeMissingError: "命令：riskdesk setup --office 单位代码",
    OfficeUnlistedError: "命令：riskdesk setup --office 单位代码 --name 单位名称 --parent 上级单位代码",
    HeadingsMissingError: "列对照文件用 riskdesk import 的 --map 给出。",
    VersionsError: "用 --keep 指明版本。",
    WaitingError: "有两个版本的记录怎样选定，运行 riskdesk list 查看。",
    DoubtfulCalendarError: "确认无误后，加上 --confirm 再运行。",
}

_MOST = 5  # ids that are named


def hint_for(error: RiskdeskError) -> str:
    """Return the command or option that helps, "" if there is none."""
    return _HINTS.get(type(error), "")


def fork_hints(forks: Iterable[tuple[str, str]], own: str, package: str = "") -> list[str]:
    """Return how to decide between two versions of records, given with their offices; `own` is this office.

    `package` is the id of the one that brought them, "" if that is not known.
    """
    found = list(dict.fromkeys(forks))
    ours = [record for record, office in found if office == own]
    theirs = [record for record, office in found if office != own]
    hints = []
    if ours:
        told = f"riskdesk correct {_one(ours)} --keep 版本编号 --reason 原因（不写 --keep 会列出各版本的编号）"
        hints.append(f"{_named(ours)}有两个版本，请选定：{told}。")
    if theirs:
        told = f"riskdesk answer {package[:12] or '报送包编号（receive --json 的 package）'} --return {_one(theirs)}=原因 --out 文件夹"
        hints.append(f"{_named(theirs)}有两个版本，请退回填报单位选定：{told}。")
    return hints


def _one(records: Sequence[str]) -> str:
    return records[0] if len(records) == 1 else "记录编号"


def _named(records: Sequence[str]) -> str:
    more = f" 等 {len(records)} 条" if len(records) > _MOST else ""
    return f"记录 {'、'.join(records[:_MOST])}{more} "
