"""What each command does with its arguments: ask the services, and put their answer into words and JSON."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from riskdesk import clock, launch, paths
from riskdesk.cli import answers
from riskdesk.cli.exchange_commands import EXCHANGE_COMMANDS
from riskdesk.cli.hints import fork_hints
from riskdesk.cli.opening import open_desk
from riskdesk.cli.output import Answer, TerminalProgress
from riskdesk.cli.station_commands import STATION_COMMANDS
from riskdesk.domain.encoding import decode
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError, UsageError, UserError
from riskdesk.files import fault
from riskdesk.services import calendar, demo, exporting, importing, overview, setup, upkeep
from riskdesk.services.desk import DATA_FILE, Desk, occupied
from riskdesk.services.reference import Reference

_DAMAGED = 6


def _setup(given: argparse.Namespace) -> Answer:
    home = paths.data_home(given.home)
    with (
        occupied(home),
        setup.set_up(
            home, given.office, name=given.name, parent=given.parent, person=given.person, phone=given.phone
        ) as desk,
    ):
        return answers.for_setup(desk.office, home)


def _demo(given: argparse.Namespace) -> Answer:
    homes = demo.make(given.dir.absolute(), TerminalProgress())
    return Answer(
        {"homes": {code: str(home) for code, home in homes.items()}, "passphrase": demo.PASSPHRASE},
        [*(f"{code}  {home}" for code, home in homes.items()), f"各演示单位的密钥口令：{demo.PASSPHRASE}"],
        notes=_opened(homes[demo.COUNTY]) if given.open else (),
    )


def _opened(home: Path) -> list[str]:
    """Start the window on a data folder and go on without it."""
    if not launch.has_display():
        return ["数据已建立，但这里没有图形界面，没有打开窗口。"]
    nowhere = subprocess.DEVNULL
    subprocess.Popen(  # noqa: S603 - our own program
        launch.program_call("--home", str(home)), stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    return []


def _due(given: argparse.Namespace) -> Answer:
    home = paths.data_home(given.home)
    if not (home / DATA_FILE).exists():
        reference = Reference()
        return _due_with(given, reference, reference.holidays)
    with open_desk(given) as desk:
        return _due_with(given, desk.reference, calendar.holidays_of(desk))


def _due_with(given: argparse.Namespace, reference: Reference, holidays: Any) -> Answer:
    now = calendar.reported_now(reference, holidays, clock.today()).id
    first = given.first or given.last or now
    last = given.last or max(first, now)
    return answers.for_deadlines(calendar.deadlines(reference, holidays, first, last))


def _read(given: argparse.Namespace) -> Answer:
    [form] = importing.read_files([given.file])
    return answers.for_form(form)


def _import(given: argparse.Namespace) -> Answer:
    mapping = _mapping(given.mapping)
    with open_desk(given) as desk:
        work = importing.plan_import if given.dry_run else importing.import_files
        result = work(desk, given.files, mapping, given.period, TerminalProgress())
        notes = _backed_up(desk) if result.id else []
        return answers.for_import(result, notes)


def _backed_up(desk: Desk) -> list[str]:
    """Make the daily copy; the import stands whether or not that works."""
    try:
        upkeep.back_up_daily(desk)
    except UserError as error:
        return [f"导入已完成，但今天的自动备份没有成功：{error}"]
    return []


def _list(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        if given.period:
            desk.reference.periods.period(given.period)
        found = overview.listed(desk, given.period, given.find)
        forks = [(each.row.id, each.row.org) for each in found if each.state is overview.RecordState.FORKED]
        return answers.for_records(found, fork_hints(forks, desk.office.code))


def _export(given: argparse.Namespace) -> Answer:
    formats = [exporting.Format(kind) for kind in given.formats or exporting.Format]
    with open_desk(given) as desk:
        return answers.for_export(
            exporting.export_period(desk, given.period, given.out.absolute(), formats, TerminalProgress())
        )


def _backup(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        copy = upkeep.back_up(desk, given.to and given.to.absolute())
    return Answer({"file": str(copy)}, [f"已备份并校验：{copy}"])


def _restore(given: argparse.Namespace) -> Answer:
    home = _new_home(given)
    _refuse_missing(given.file)
    with occupied(home):
        restored = upkeep.restore(given.file.absolute(), home)
    return Answer({"home": str(home), "problems": list(restored.problems)}, [f"已恢复到 {home}"], restored.problems)


def _salvage(given: argparse.Namespace) -> Answer:
    home = _new_home(given)
    _refuse_missing(given.file)
    with occupied(home):
        saved = upkeep.salvage_to(given.file.absolute(), home)
    return Answer(
        {"home": str(home), "revisions": saved.revisions, "records": saved.records},
        [
            f"已抢救 {saved.records} 条记录（共 {saved.revisions} 个版本）到 {home}",
            f"请运行 riskdesk setup --home {home} --office 单位代码，为新文件夹设置单位后使用。",
        ],
    )


def _check(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        found = upkeep.check(desk)
    return Answer(
        {"ok": not found, "problems": found}, found or ["检查通过，数据完整。"], exit_code=_DAMAGED if found else 0
    )


def _calendar(given: argparse.Namespace) -> Answer:
    if (given.action == "import") != (given.file is not None):
        raise UsageError("用法：riskdesk calendar import 文件，或 riskdesk calendar paste < 通知.txt")
    with open_desk(given) as desk:
        if given.action == "import":
            return answers.for_calendar(calendar.import_calendar(desk, given.file, confirmed=given.confirm))
        pasted = decode(sys.stdin.buffer.read())
        return answers.for_calendar(calendar.paste_notice(desk, pasted, confirmed=given.confirm))


def _new_home(given: argparse.Namespace) -> Path:
    if given.home is None:
        raise UsageError("请用 --home 指定一个新的数据文件夹。")
    home: Path = given.home.absolute()
    return home


def _refuse_missing(file: Path) -> None:
    """A name that was typed wrong must not leave an empty new folder behind."""
    if not file.is_file():
        raise InputError(f"找不到文件 {file}。请检查路径，或确认移动存储设备已经插好。")


def _mapping(path: Path | None) -> TableMapping | None:
    if path is None:
        return None
    try:
        return TableMapping.from_json(json.loads(decode(path.read_bytes())))
    except OSError as error:
        raise fault(path, error) from error
    except ValueError as error:
        raise InputError(f"对照文件 {path.name} 不是完整的 JSON，请检查括号和引号。") from error


COMMANDS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "setup": _setup,
    "demo": _demo,
    "due": _due,
    "read": _read,
    "import": _import,
    "list": _list,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "salvage": _salvage,
    "check": _check,
    "calendar": _calendar,
    **EXCHANGE_COMMANDS,
    **STATION_COMMANDS,
}
