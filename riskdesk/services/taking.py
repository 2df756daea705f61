"""Whatever came, in one go: packages, volumes, and forms that were typed by offices without riskdesk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import InputError
from riskdesk.services import receiving
from riskdesk.services.desk import Desk
from riskdesk.services.importing import ImportResult, import_files, plan_import
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Waiting, forget_volumes, sources
from riskdesk.services.receiving import Looked, Received

_OFFICE_FILES = {
    ".xlsx",
    ".xls",
    ".xlsm",
    ".docx",
    ".doc",
    ".et",
    ".wps",
    ".csv",
    ".ods",
    ".odt",
    ".txt",
    ".htm",
    ".html",
    ".rtf",
    ".tsv",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking files did: packages, forms without a signature, volumes that wait for others."""

    packages: tuple[Received, ...]
    forms: tuple[tuple[Path, ImportResult], ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What taking files would do."""

    packages: tuple[Looked, ...]
    forms: tuple[tuple[Path, ImportResult], ...]
    waiting: tuple[Waiting, ...]


def look_at(desk: Desk, paths: Sequence[Path], keys: Keys | None, progress: Progress = silent) -> Seen:
    """Say what taking the files would do."""
    from riskdesk.exchange.child import GuardedVerifier

    forms, packages = sorted_out(paths)
    found, waiting = sources(desk, packages)
    looked = []
    with GuardedVerifier() as verifier:
        for number, source in enumerate(found):
            progress(number, len(found), source.name)
            looked.append(receiving.look(desk, source, verifier, keys))
    return Seen(tuple(looked), tuple((path, plan_import(desk, [path])) for path in forms), tuple(waiting))


def take_all(
    desk: Desk, paths: Sequence[Path], keys: Keys | None, progress: Progress = silent, *, accept_retired: bool = False
) -> Taken:
    """Take everything in, each package and each form for itself: one that is refused does not keep the others out."""
    from riskdesk.exchange.child import GuardedVerifier

    forms, packages = sorted_out(paths)
    found, waiting = sources(desk, packages)
    received = []
    with GuardedVerifier() as verifier:
        for number, source in enumerate(found):
            progress(number, len(found), source.name)
            one = receiving.take(desk, source, verifier, keys, accept_retired=accept_retired)
            if one.run_id:
                forget_volumes(source)
            received.append(one)
    return Taken(tuple(received), tuple((path, import_files(desk, [path])) for path in forms), tuple(waiting))


def sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return which files are typed forms and which are packages or volumes; raise `InputError` if one is not there."""
    forms: list[Path] = []
    packages: list[Path] = []
    for path in paths:
        if not path.is_file():
            raise InputError(f"找不到文件 {path}。请检查路径，或确认移动存储设备已经插好。")
        (forms if path.suffix.lower() in _OFFICE_FILES else packages).append(path)
    return forms, packages
