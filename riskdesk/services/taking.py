"""Whatever came, in one go: packages, volumes, and forms that were typed by offices without riskdesk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.reconcile import Outcome
from riskdesk.errors import Cancelled, InputError, PassphraseError, StoreError, UserError
from riskdesk.services import keyring, receiving
from riskdesk.services.choosing import Choice, Stopped, take_in_turn
from riskdesk.services.desk import Desk
from riskdesk.services.importing import ImportResult, import_files, plan_import
from riskdesk.services.keyring import Keys
from riskdesk.services.opening import Source, Waiting, forget_volumes, is_package, opened_in_turn, sources
from riskdesk.services.receiving import Looked, Received
from riskdesk.services.receiving_plan import CHANGING
from riskdesk.services.verdicts import Freshness

TWICE = "twice"  # the reason that a second copy of a package is not taken for
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
    """What taking files did: packages, forms without a signature, volumes that wait for others.

    `untouched` are the names of those that were left when the user stopped it.
    """

    packages: tuple[Received, ...]
    forms: tuple[tuple[Path, ImportResult], ...]
    waiting: tuple[Waiting, ...]
    untouched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What taking files would do."""

    packages: tuple[Looked, ...]
    forms: tuple[tuple[Path, ImportResult], ...]
    waiting: tuple[Waiting, ...]


def look_at(desk: Desk, paths: Sequence[Path], keys: Keys | None, progress: Progress = silent) -> Seen:
    """Say what taking the files would do; one that cannot be read does not keep the others out.

    Raises `PassphraseError` if one is encrypted and this office could open it, and what is wrong with a file that came alone.
    """
    is_single, may_ask = len(paths) == 1, keys is None and keyring.has_keys(desk)
    arrived = _arrived(desk, paths)
    looked: list[Looked] = []
    forms = []
    with opened_in_turn(desk, arrived.packages, keys) as line:
        for number, opening in enumerate(line):
            progress(number, len(line), opening.source.name)
            try:
                looked.append(_once(receiving.look(desk, opening), looked))
            except UserError as error:
                if may_ask and isinstance(error, PassphraseError):
                    raise
                looked.append(Looked.failed(opening.source, told_of_one(error, is_single=is_single)))
    for path in arrived.forms:
        try:
            forms.append((path, plan_import(desk, [path])))
        except UserError as error:
            looked.append(Looked.failed(Source(path.name, (path,)), told_of_one(error, is_single=is_single)))
    _forget_refused(looked)
    return Seen(tuple(looked), tuple(forms), arrived.waiting)


def take_all(
    desk: Desk, paths: Sequence[Path], keys: Keys | None, progress: Progress = silent, *, accept_retired: bool = False
) -> Taken:
    """Take everything in, each package and each form for itself: one that is refused does not keep the others out.

    Neither does one that cannot be opened or read; what is wrong with a file that came alone is raised. If `progress` stops it, what
    was taken until then is told.
    """
    is_single = len(paths) == 1
    arrived = _arrived(desk, paths)
    wanted = [Choice(source, accept_retired=accept_retired) for source in arrived.packages]
    received: list[Received] = []
    forms: list[tuple[Path, ImportResult]] = []
    try:
        received += take_in_turn(desk, wanted, keys, progress)
        if is_single and received and received[0].error is not None:
            raise received[0].error
        for number, path in enumerate(arrived.forms):
            progress(number, len(arrived.forms), path.name)
            try:
                forms.append((path, import_files(desk, [path])))
            except UserError as error:
                received.append(Received.failed(path.name, told_of_one(error, is_single=is_single)))
    except Stopped as stop:
        received += stop.received
    except Cancelled:
        pass  # between two forms
    untouched = arrived.names[len(received) + len(forms) :]
    return Taken(tuple(received), tuple(forms), arrived.waiting, untouched)


def _once(one: Looked, before: Sequence[Looked]) -> Looked:
    """Return what was looked at; a package that lies among the files twice is taken once, and its second copy repeats it."""
    first = next((each for each in before if one.package and each.package == one.package), None)
    if first is None or not first.verdict.allows(accept_retired=True):
        return one
    told = f"与前面的 {first.name} 是同一个包，只接收一次，不会重复计入。"
    verdict = replace(one.verdict, freshness=Freshness.REPEATED, reason=TWICE, summary=told)
    rows = (replace(row, outcome=Outcome.SAME) if row.outcome in CHANGING else row for row in one.plan.rows)
    return replace(one, verdict=verdict, plan=replace(one.plan, rows=tuple(rows)))


def told_of_one(error: UserError, *, is_single: bool = False) -> UserError:
    """Return what is wrong with one file of several; raise it if there are no others, or if the data file is in trouble."""
    if is_single or isinstance(error, StoreError):
        raise error
    return error


@dataclass(frozen=True, slots=True)
class Sorted:
    """Files by what they are; `refused` are those that cannot be read, and why."""

    forms: tuple[Path, ...]
    packages: tuple[Path, ...]
    refused: tuple[tuple[Path, UserError], ...]


def sorted_out(paths: Sequence[Path]) -> Sorted:
    """Return which files are typed forms and which are packages or volumes; one that cannot be read does not keep the others out."""
    forms: list[Path] = []
    packages: list[Path] = []
    refused: list[tuple[Path, UserError]] = []
    for path in paths:
        try:
            (forms if _is_form(path) else packages).append(path)
        except UserError as error:
            refused.append((path, error))
    return Sorted(tuple(forms), tuple(packages), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Arrived:
    """Files by what they are; one that is not there counts as a package that cannot be opened."""

    packages: tuple[Source, ...]
    forms: tuple[Path, ...]
    waiting: tuple[Waiting, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is taken, in that order."""
        return (*(each.name for each in self.packages), *(each.name for each in self.forms))


def _arrived(desk: Desk, paths: Sequence[Path]) -> _Arrived:
    files = sorted_out(paths)
    lost = (Source(path.name, (), trouble=error) for path, error in files.refused)
    found, waiting = sources(desk, files.packages)
    return _Arrived((*found, *lost), files.forms, tuple(waiting))


def _is_form(path: Path) -> bool:
    if path.is_dir():
        raise InputError(f"{path} 是文件夹。请打开它，选择其中的文件。")
    if not path.is_file():
        raise InputError(f"找不到文件 {path}。请检查路径，或确认移动存储设备已经插好。")
    return path.suffix.lower() in _OFFICE_FILES and not is_package(path)


def _forget_refused(looked: Sequence[Looked]) -> None:
    """Forget volumes that will never be taken."""
    for one in looked:
        if one.verdict.is_final:
            forget_volumes(one.source)
