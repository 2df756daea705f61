"""Taking filled-in forms and foreign tables in: every row gets one outcome, everything in one transaction or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError, UnreadableFileError
from riskdesk.services.desk import Desk
from riskdesk.services.import_plan import Planned, Planner
from riskdesk.store.ids import new_id
from riskdesk.store.imports import ImportedFile, ImportedRow


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave: its rows in their order, how many of each outcome, and whether it says 零报告."""

    path: Path
    form: FilledForm
    rows: tuple[Planned, ...]

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes; `read` is their sum."""
        return _counts([self])


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with `id` "" would do."""

    id: str
    files: tuple[FileResult, ...]

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes over all files; `read` is their sum."""
        return _counts(self.files)


def read_files(
    paths: Sequence[Path], mapping: TableMapping | None = None, progress: Progress = silent
) -> list[FilledForm]:
    """Read files in a guarded child process; raise one `InputError` that names every file that cannot be read."""
    from riskdesk.documents.reading.child import GuardedReader

    forms: list[FilledForm] = []
    refused: list[InputError] = []
    with GuardedReader() as reader:
        for number, path in enumerate(paths):
            progress(number, len(paths), path.name)
            try:
                forms.append(reader.read(path, mapping))
            except InputError as error:
                refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise UnreadableFileError("\n".join(str(error) for error in refused))
    return forms


def plan_import(
    desk: Desk,
    paths: Sequence[Path],
    mapping: TableMapping | None = None,
    period: str = "",
    progress: Progress = silent,
) -> ImportResult:
    """Say what an import of the files would do; writes nothing."""
    forms = read_files(paths, mapping, progress)
    return ImportResult("", _planned(Planner(desk, mapping, period), paths, forms, progress))


def import_files(
    desk: Desk,
    paths: Sequence[Path],
    mapping: TableMapping | None = None,
    period: str = "",
    progress: Progress = silent,
) -> ImportResult:
    """Take the files' rows in as draft records; all of it or, on any error or cancel, nothing."""
    forms = read_files(paths, mapping, progress)
    run_id = new_id()
    with desk.store.write(desk.office.person, "import") as writing:
        planner = Planner(desk, mapping, period)
        result = ImportResult(run_id, _planned(planner, paths, forms, progress))
        desk.revisions.add(writing, planner.steps)
        rows = [_logged(file, planned) for file in result.files for planned in file.rows]
        desk.imports.log(
            writing,
            run_id=run_id,
            at=clock.now(),
            actor=desk.office.person,
            period=planner.default_period,
            files=[_logged_file(file) for file in result.files],
            rows=rows,
        )
        writing.detail.update(run=run_id, files=[_name(path) for path in paths], **result.counts())
    return result


def _planned(
    planner: Planner, paths: Sequence[Path], forms: Sequence[FilledForm], progress: Progress
) -> tuple[FileResult, ...]:
    results = []
    for number, (path, form) in enumerate(zip(paths, forms, strict=True)):
        progress(number, len(paths), path.name)
        results.append(FileResult(path, form, tuple(planner.plan(form))))
    return tuple(results)


def _counts(files: Sequence[FileResult]) -> dict[str, int]:
    counted = Counter(str(planned.outcome) for file in files for planned in file.rows)
    return {"read": counted.total(), **{str(outcome): counted[str(outcome)] for outcome in Outcome}}


def _logged(file: FileResult, planned: Planned) -> ImportedRow:
    row = planned.row
    typed = {**row.values, **row.original}
    return ImportedRow(_name(file.path), row.sheet, row.row, str(planned.outcome), planned.object_id, typed)


def _logged_file(file: FileResult) -> ImportedFile:
    head = file.form.head
    skipped = tuple(f"{each.sheet} {each.row}: {each.reason}" for each in file.form.skipped)
    return ImportedFile(
        _name(file.path), head.unit, head.date_text, head.person, head.phone, int(file.form.nil), skipped
    )


def _name(path: Path) -> str:
    """Return the file's name as text that can be stored: names from old disks may hold bytes that are no characters."""
    return path.name.encode("utf-8", "replace").decode("utf-8")
